import Foundation
import RemitLanguage
import RemitRuntime
import Testing

/// The meaning of the language as small contracts whose scenarios say what must come of them.
@Suite struct CasesTests {
    static let passing = try? Contracts.files(in: Contracts.cases)
    static let failing = try? Contracts.files(in: Contracts.cases.appendingPathComponent("failing"))

    @Test func thereAreCases() {
        #expect((Self.passing?.count ?? 0) >= 8)
        #expect((Self.failing?.count ?? 0) >= 1)
    }

    @Test(arguments: passing ?? [])
    func theScenariosPass(_ file: URL) throws {
        let (program, messages) = try Contracts.compile(file)
        #expect(messages == [])
        let found = try #require(program)
        #expect(!found.scenarios.isEmpty)
        let failures = try Contracts.failures(of: found, in: file)
        #expect(failures == [])
    }

    @Test(arguments: passing ?? [])
    func theScenariosReachEverything(_ file: URL) throws {
        let program = try #require(try Contracts.compile(file).program)
        let missed = ScenarioRunner(program: program).run().coverage.items.filter { !$0.isReached }
        #expect(missed.map { "\($0.kind) \($0.name)" } == [])
    }

    @Test(arguments: failing ?? [])
    func theScenariosFailAsTheFileSays(_ file: URL) throws {
        let (program, messages) = try Contracts.compile(file)
        #expect(messages == [])
        let text = try String(contentsOf: file, encoding: .utf8)
        let wanted = text.split(separator: "\n").filter { $0.hasPrefix("// fails: ") }.map { String($0.dropFirst(10)) }
        #expect(!wanted.isEmpty)
        let failures = try Contracts.failures(of: try #require(program), in: file)
        #expect(failures == wanted)
    }
}
