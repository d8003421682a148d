import Foundation
import RemitAnalysis
import RemitLanguage
import Testing

/// Two versions with what the second would change: each file of `Versions` holds both and, below a line, the list.
///
/// `REMIT_RECORD=1` writes the lists anew and fails, so that nobody records without reading.
@Suite struct VersionTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Versions")
    static let names =
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".case") }.sorted())
        ?? []
    static let second = "~~~~ the next version ~~~~\n"
    static let list = "~~~~ what it would change ~~~~\n"

    private func program(_ text: String) throws -> CheckedProgram {
        let source = SourceText(name: "desk.remit", text)
        let compilation = Compiler.compile(source)
        return try #require(
            compilation.program, "\(DiagnosticText(source).text(of: compilation.diagnostics))")
    }

    @Test(arguments: names) func theChangesAreThoseRecorded(name: String) throws {
        let file = Self.folder.appendingPathComponent(name)
        let text = try String(contentsOf: file, encoding: .utf8)
        let halves = text.components(separatedBy: Self.list)
        let versions = halves[0].components(separatedBy: Self.second)
        try #require(versions.count == 2 && halves.count == 2)
        let new = SourceText(name: "desk.remit", versions[1])
        var found = ""
        for change in VersionComparison.changes(from: try program(versions[0]), to: try program(versions[1])) {
            let line = change.span.map { " on line \(new.position(at: $0.start).line)" } ?? ""
            found += "\(change.gravity.rawValue) \(change.code)\(line): \(change.text)\n  \(change.advice)\n"
        }
        guard found != halves[1] else { return }
        if ProcessInfo.processInfo.environment["REMIT_RECORD"] != nil {
            try (halves[0] + Self.list + found).write(to: file, atomically: true, encoding: .utf8)
        }
        Issue.record("\(name): other changes than recorded\n\(found)")
    }

    @Test func thereAreCases() { #expect(Self.names.count > 15) }
}
