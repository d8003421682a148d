import Foundation
import RemitLanguage
import RemitValues
import Testing

@testable import RemitAnalysis

/// Changes of which a case that shows them has to be looked for.
struct SearchedExampleTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Comparisons/Searched")

    static let cases: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".case") }.sorted()
    }()

    @Test func thereAreCases() { #expect(Self.cases.count >= 5) }

    /// A case file: a contract; then changes, each after `= `, of which `=>` parts what stands there from what is to,
    /// and behind each change the examples of it. Every change has one for all that it tells.
    @Test(arguments: cases) func everyChangeHasAnExample(name: String) throws {
        let url = Self.folder.appending(path: name)
        let pieces = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n= ")
        let contract = pieces[0]
        var seen = [contract]
        for piece in pieces.dropFirst() {
            let head = piece.prefix { $0 != "\n" }
            let change = head.components(separatedBy: " => ")
            try #require(change.count == 2 && contract.contains(change[0]), "\(name): \(head)")
            let found = try compared(contract, contract.replacingOccurrences(of: change[0], with: change[1]))
            #expect(!found.isEmpty, "\(name): \(head)")
            for difference in found { #expect(!difference.example.isEmpty, "\(name): \(head): \(difference.name)") }
            let lines = found.map { difference in
                "\(difference.subject) \(difference.name)\n"
                    + difference.example.map { "  \($0.input) is \($0.value)" }.joined(separator: "\n")
            }
            seen.append("\(head)\n\(lines.joined(separator: "\n"))\n")
        }
        let told = seen.joined(separator: "\n= ")
        if ProcessInfo.processInfo.environment["REMIT_RECORD"] != nil {
            try told.write(to: url, atomically: true, encoding: .utf8)
        }
        #expect(told == pieces.joined(separator: "\n= "), "\(name)")
    }

    private func compared(_ first: String, _ second: String) throws -> [PolicyDifference] {
        func checked(_ text: String) throws -> (CheckedProgram, SourceText) {
            let source = SourceText(name: "small", text)
            let compilation = Compiler.compile(source)
            let wrong = compilation.diagnostics.filter { $0.severity == .error }.map(\.message)
            return (try #require(compilation.program, "\(wrong)\n\(text)"), source)
        }
        let (old, oldSource) = try checked(first)
        let (new, newSource) = try checked(second)
        let comparison = PolicyComparison.compare(old: old, oldSource: oldSource, new: new, newSource: newSource)
        return comparison.differences + comparison.unresolved
    }
}
