import Foundation
import Testing

/// What may not stand in Sources: it can trap on input, or admits something unfinished.
private let bannedWords = [
    "fatalError(", "try!", "as!", "unsafelyUnwrapped", "TODO", "FIXME", "XXX", "not implemented",
]

@Test func noBannedWords() throws {
    for file in try House.swiftFiles(under: "Sources") {
        for (number, line) in file.lines.enumerated() {
            for word in bannedWords where line.contains(word) {
                Issue.record("\(file.path):\(number + 1) holds `\(word)`")
            }
        }
    }
}

@Test func everyDiagnosticHasAPage() throws {
    var codes: Set<String> = []
    let number = try Regex("DiagnosticCode\\(\\s*\"(R[0-9]{4})\"", as: (Substring, Substring).self)
    for file in try House.swiftFiles(under: "Sources") {
        for match in file.text.matches(of: number) {
            #expect(codes.insert(String(match.output.1)).inserted, "\(match.output.1) is given twice")
        }
    }
    #expect(codes.count > 20)
    for code in codes.sorted() {
        let page = House.root.appendingPathComponent("Docs/errors/\(code).md")
        #expect(FileManager.default.fileExists(atPath: page.path), "\(code) has no page under Docs/errors")
    }
    let pages = try FileManager.default.contentsOfDirectory(
        atPath: House.root.appendingPathComponent("Docs/errors").path)
    for page in pages where page.hasPrefix("R") {
        #expect(codes.contains(String(page.dropLast(3))), "Docs/errors/\(page) is the page of no code")
    }
}

@Test func everyPageIsBuiltIn() throws {
    let files = try FileManager.default.contentsOfDirectory(
        atPath: House.root.appendingPathComponent("Docs/errors").path)
    let pages = files.filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }.sorted()
    let table = try String(
        contentsOf: House.root.appendingPathComponent("Sources/remit/Support/ErrorPages.swift"), encoding: .utf8)
    let entry = try Regex(
        "\"(R[0-9]{4})\": \\{ PackageResources\\.(R[0-9]{4})_md \\}", as: (Substring, Substring, Substring).self)
    var entries: [String] = []
    for match in table.matches(of: entry) {
        #expect(match.output.1 == match.output.2)
        entries.append(String(match.output.1))
    }
    #expect(entries == pages)
}

@Test func limitsStandInOneTable() throws {
    for file in try House.swiftFiles(under: "Sources") where !file.path.hasSuffix("RemitValues/Limits.swift") {
        #expect(!file.text.contains("extension Limits"), "\(file.path) adds to the table of limits from outside")
    }
}

/// The command line wraps help texts to the width of the terminal: a line end inside a paragraph would wrap it twice.
@Test func helpTextsAreWrappedOnce() throws {
    for file in try House.swiftFiles(under: "Sources/remit") {
        var isHelp = false
        for (number, (line, next)) in zip(file.lines, file.lines.dropFirst()).enumerated() {
            if line.contains("discussion: \"\"\"") { isHelp = true }
            let (text, following) = (line.drop { $0 == " " }, next.drop { $0 == " " })
            if following.hasPrefix("\"\"\"") { isHelp = false }
            // Examples stand on lines of their own.
            let isExample = ["remit ", "Example", "make "].contains { following.hasPrefix($0) }
            guard isHelp, !isExample, !following.isEmpty, text.count > 60, !text.hasSuffix("\\") else { continue }
            Issue.record("\(file.path):\(number + 1) ends a line of a help text: write `\\` at its end")
        }
    }
}
