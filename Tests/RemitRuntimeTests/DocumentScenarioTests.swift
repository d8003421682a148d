import Foundation
import RemitLanguage
import RemitRuntime
import Testing

/// The scenarios that the language reference shows come out as they say.
@Suite struct DocumentScenarioTests {
    static var blocks: [String] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let bytes = (try? Data(contentsOf: root.appendingPathComponent("Docs/language.md"))) ?? Data()
        return String(decoding: bytes, as: UTF8.self).components(separatedBy: "```remit\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
    }

    @Test func thereAreScenarios() throws {
        var count = 0
        // The contracts of the page know each other.
        let others = ContractSearch { Self.blocks.map { SourceText(name: "block", $0) } }
        for block in Self.blocks {
            let program = try #require(Compiler.compile(SourceText(name: "block", block), find: others.find).program)
            for result in ScenarioRunner(program: program).run().results {
                count += 1
                let failures = result.failures.map { "\($0.message) \($0.expected ?? "") \($0.actual ?? "")" }
                #expect(result.passed, "\(result.title): \(failures)")
            }
        }
        #expect(count >= 2)
    }
}
