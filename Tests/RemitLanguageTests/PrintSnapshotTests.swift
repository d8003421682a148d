import Foundation
import RemitAnalysis
import RemitLanguage
import Testing

/// Every contract under `Pages` is told in both languages and compared with the page beside it.
///
/// `REMIT_RECORD=1` writes the pages anew and fails the run, so that somebody reads them.
@Suite struct PrintSnapshotTests {
    static let pages = [
        "constructs.en.md", "constructs.zh.md", "constructs.en.html", "emergency-disbursement.en.md",
        "emergency-disbursement.zh.md", "emergency-disbursement.zh.html", "referral.en.md", "insurance-claim.en.md",
        "privacy.en.md", "privacy.zh.md",
    ]

    @Test(arguments: pages) func page(_ name: String) throws {
        let parts = name.split(separator: ".").map(String.init)
        let source = try Printed.source(Printed.folder.appendingPathComponent("\(parts[0]).remit"))
        let contract = try Printed.contract(source)
        let language: PageLanguage = parts[1] == "zh" ? .chinese : .english
        let words = try Printed.words(parts[0], language)
        #expect(words.problems(with: contract) == [])
        let page = ContractPage.text(
            of: contract, language: language, format: parts[2] == "html" ? .html : .markdown, words: words,
            disclosures: Compiler.compile(source).program.map { disclosures($0) } ?? [])
        let file = Printed.folder.appendingPathComponent(name)
        guard ProcessInfo.processInfo.environment["REMIT_RECORD"] == nil else {
            try page.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("\(name) was recorded anew: read what changed, and run the tests without REMIT_RECORD")
            return
        }
        let written = try String(contentsOf: file, encoding: .utf8)
        let (expected, actual) = (lines(written), lines(page))
        for (number, (left, right)) in zip(expected, actual).enumerated() where left != right {
            Issue.record("\(name):\(number + 1)\n  expected: \(left)\n  actual:   \(right)")
            return
        }
        #expect(expected.count == actual.count)
    }

    private func lines(_ text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
}

/// Contracts as the tests of pages read them.
enum Printed {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Pages")
    static let contracts = folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Contracts")

    /// Every contract that comes with Remit, and every one beside these tests.
    static var files: [URL] {
        get throws {
            try [folder, contracts].flatMap { folder in
                try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
                    .filter { $0.pathExtension == "remit" }.sorted { $0.path < $1.path }
            }
        }
    }

    /// The text of a contract, with the libraries of its folder behind it that its head names.
    static func source(_ file: URL) throws -> SourceText {
        let source = SourceText(name: file.lastPathComponent, bytes: Array(try Data(contentsOf: file)))
        return (parse(source).contract?.uses ?? []).reduce(source) { whole, use in
            let library = file.deletingLastPathComponent().appendingPathComponent("\(use.name.text.lowercased()).remit")
            guard let data = try? Data(contentsOf: library) else { return whole }
            return whole.followed(by: SourceText(name: library.lastPathComponent, bytes: Array(data)))
        }
    }

    static func contract(_ file: URL) throws -> ContractSyntax { try contract(try source(file)) }

    static func contract(_ source: SourceText) throws -> ContractSyntax {
        let parsed = parse(source)
        for diagnostic in parsed.diagnostics {
            let place = source.position(at: diagnostic.primary.span.start)
            Issue.record("\(source.name):\(place.line): \(diagnostic.message)")
        }
        return try #require(parsed.contract)
    }

    /// The word list beside a contract of these tests; an empty one where there is none.
    static func words(_ name: String, _ language: PageLanguage, in folder: URL = folder) throws -> WordList {
        let file = folder.appendingPathComponent("\(name).words.json")
        guard let data = try? Data(contentsOf: file) else { return WordList() }
        let all = try #require(try JSONSerialization.jsonObject(with: data) as? [String: [String: [String: String]]])
        let own = all[language.rawValue] ?? [:]
        return WordList(
            names: (own["names"] ?? [:]).map { ($0.key, $0.value) },
            texts: (own["texts"] ?? [:]).map { ($0.key, $0.value) })
    }
}
