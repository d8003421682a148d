import Foundation
import RemitAnalysis
import RemitLanguage
import RemitRuntime
import Testing

/// Contract texts of the project and of the tests, compiled and run.
enum Contracts {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let cases = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Cases")

    /// The contract files of a folder, sorted by name.
    static func files(in folder: URL) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "remit" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
    }

    /// The text of a file, with the libraries of its folder behind it that it uses.
    static func source(_ file: URL) throws -> SourceText {
        let source = SourceText(name: file.lastPathComponent, bytes: Array(try Data(contentsOf: file)))
        return (parse(source).contract?.uses ?? []).reduce(source) { whole, use in
            let library = file.deletingLastPathComponent().appendingPathComponent("\(use.name.text.lowercased()).remit")
            guard let data = try? Data(contentsOf: library) else { return whole }
            return whole.followed(by: SourceText(name: library.lastPathComponent, bytes: Array(data)))
        }
    }

    /// A file with everything that the checker and the analysis say of it.
    static func compile(_ file: URL) throws -> (program: CheckedProgram?, messages: [String]) {
        let source = try source(file)
        let folder = file.deletingLastPathComponent()
        let compilation = Compiler.compile(source, find: ContractSearch { others(in: folder) }.find)
        let diagnostics = compilation.diagnostics + analyse(compilation)
        let messages = diagnostics.map { diagnostic in
            let place = "\(file.lastPathComponent):\(place(diagnostic.primary.span, source))"
            return "\(place): \(diagnostic.code.number) \(diagnostic.message)"
        }
        return (compilation.program, messages)
    }

    /// The contracts that those of a folder refer to, in it or in its folder `beside`.
    private static func others(in folder: URL) -> [SourceText] {
        let found = [folder, folder.appendingPathComponent("beside")].flatMap { (try? files(in: $0)) ?? [] }
        return found.compactMap { file in
            (try? Data(contentsOf: file)).map { SourceText(name: file.lastPathComponent, bytes: Array($0)) }
        }
    }

    /// Line and column of a span, as people count.
    static func place(_ span: Span, _ source: SourceText) -> String {
        let before = source.bytes.prefix(span.start)
        let line = before.count { $0 == 0x0A } + 1
        let column = before.reversed().prefix { $0 != 0x0A }.count + 1
        return "\(line):\(column)"
    }

    /// Every failure of every scenario, in a line each.
    static func failures(of program: CheckedProgram, in file: URL) throws -> [String] {
        let source = try source(file)
        return ScenarioRunner(program: program).run().results.flatMap { result in
            result.failures.map { failure in
                var text = "\(place(failure.span, source)) \(result.title): \(failure.message)"
                if let expected = failure.expected, let actual = failure.actual {
                    text += ", expected \(expected), actual \(actual)"
                }
                return text
            }
        }
    }
}

/// The contracts that come with Remit.
@Suite struct ShippedContractsTests {
    static let files = try? Contracts.files(in: Contracts.root.appendingPathComponent("Contracts"))

    @Test func thereAreContracts() {
        #expect((Self.files?.count ?? 0) >= 2)
    }

    @Test(arguments: files ?? [])
    func theyCompileWithoutARemark(_ file: URL) throws {
        let messages = try Contracts.compile(file).messages
        #expect(messages == [])
    }

    @Test(arguments: files ?? [])
    func theirScenariosPass(_ file: URL) throws {
        let program = try #require(try Contracts.compile(file).program)
        #expect(!program.scenarios.isEmpty)
        let failures = try Contracts.failures(of: program, in: file)
        #expect(failures == [])
    }

    @Test(arguments: files ?? [])
    func theirScenariosReachEverything(_ file: URL) throws {
        let program = try #require(try Contracts.compile(file).program)
        let missed = ScenarioRunner(program: program).run().coverage.items.filter { !$0.isReached }
        let names = missed.map { "\($0.kind) \($0.name)" }
        #expect(names == [])
    }
}
