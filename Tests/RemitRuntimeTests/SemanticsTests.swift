import Foundation
import RemitLanguage
import RemitRuntime
import Testing

/// What the language means, sentence by sentence: each file quotes what its scenarios show.
@Suite struct SemanticsTests {
    static let files = (try? Contracts.files(in: Contracts.cases))?.filter {
        $0.lastPathComponent.hasPrefix("semantics-")
    }

    @Test func thereAreFiles() {
        #expect((Self.files?.count ?? 0) >= 3)
    }

    @Test(arguments: files ?? [])
    func theyQuoteWhatTheyShow(_ file: URL) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.hasPrefix("// \""))
    }

    @Test(arguments: files ?? [])
    func theirScenariosPass(_ file: URL) throws {
        let (compiled, messages) = try Contracts.compile(file)
        let program = try #require(compiled, "\(messages)")
        #expect(messages == [])
        #expect(!program.scenarios.isEmpty)
        for failure in try Contracts.failures(of: program, in: file) { Issue.record("\(failure)") }
    }
}
