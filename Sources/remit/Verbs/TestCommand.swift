import ArgumentParser
import RemitExchange
import RemitLanguage
import RemitRuntime

/// Runs the scenarios of contracts.
struct TestCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the scenarios of contracts.",
        discussion: """
            Example:
              remit test Contracts/insurance-claim.remit --coverage

            Ends with 1 if a scenario fails. The coverage says which actions, ends of rounds, deadlines, branches, \
            table rows, checks, states and refusals no scenario reaches; --lcov writes it for editors and other tools. \
            Branches are the arms of `if` and `match`, in values as well, what an `implies` leads to, and invariants. \
            What an `expect` works out counts too. Rows and branches of libraries that the contract comes to are told \
            for themselves: a library has scenarios of its own.
            """)

    static let words = "test"

    @Argument(help: ArgumentHelp("The contracts.", valueName: "file"))
    var files: [String]

    @Flag(help: "Show what the scenarios reach, and each place that they do not.")
    var coverage = false

    @Option(help: ArgumentHelp("Write the coverage in the format of lcov.", valueName: "file"))
    var lcov: String?

    @OptionGroup var libraries: LibraryOptions
    @OptionGroup var with: WithOptions

    @OptionGroup var common: PlainOptions

    func perform(_ console: Console) throws -> Outcome {
        var reports: [JSONValue] = []
        var all = 0
        var failed = 0
        var record = ""
        for path in files {
            let file = try ContractFile(
                path: path, libraries: libraries.folders, with: with.files + files.filter { $0 != path })
            let program = try file.checked()
            let (results, reached) = ScenarioRunner(program: program).run()
            let narrator = TraceNarrator(program: program, source: file.source.bytes)
            if files.count > 1 { console.remark(path, .strong) }
            for result in results { show(result, file.source, narrator, console) }
            let report = CoverageReport(coverage: reached, source: file.source)
            if coverage { for line in report.lines { console.line(line) } }
            record += report.lcov
            all += results.count
            failed += results.count { !$0.passed }
            reports.append(json(results, report, file.source))
        }
        if let lcov { try Files.replace(lcov, Array(record.utf8)) }
        let summary = "\(Counted.text(all, "scenario")), \(failed == 0 ? "all passed" : "\(failed) failed")"
        console.line(all == 0 ? "there are no scenarios" : summary, failed == 0 ? .good : .bad)
        return Outcome(
            .object([
                .init("scenarios", .integer(Int64(all))), .init("failed", .integer(Int64(failed))),
                .init("files", .array(reports)),
            ]), failed == 0 ? .fine : .finding)
    }

    private func show(_ result: ScenarioResult, _ source: SourceText, _ narrator: TraceNarrator, _ console: Console) {
        guard !result.passed else { return console.remark("passed  \(result.title)") }
        console.line("failed  \(result.title)", .bad)
        for failure in result.failures {
            console.line("  line \(source.line(at: failure.span.start)): \(message(failure, source))")
            if let expected = failure.expected { console.line("    expected: \(expected)") }
            if let actual = failure.actual { console.line("    actual:   \(actual)") }
            guard let transition = failure.transition else { continue }
            for sentence in narrator.sentences(transition) { console.line("      \(sentence)", .faint) }
        }
    }

    /// What a failure says, with the part of the condition that does not hold.
    private func message(_ failure: ScenarioFailure, _ source: SourceText) -> String {
        guard let part = failure.part else { return failure.message }
        let words = source.text(part).split { $0 == " " || $0 == "\n" || $0 == "\r\n" || $0 == "\t" }
        return "\(failure.message): \(words.joined(separator: " "))"
    }

    private func json(_ results: [ScenarioResult], _ report: CoverageReport, _ source: SourceText) -> JSONValue {
        let scenarios = results.map { result -> JSONValue in
            let failures = result.failures.map { failure -> JSONValue in
                .object([
                    .init("line", .integer(Int64(source.line(at: failure.span.start)))),
                    .init("message", .string(message(failure, source))),
                    .init("expected", failure.expected.map { .string($0) } ?? .null),
                    .init("actual", failure.actual.map { .string($0) } ?? .null),
                ])
            }
            return .object([
                .init("title", .string(result.title)),
                .init("line", .integer(Int64(source.line(at: result.span.start)))),
                .init("passed", .boolean(result.passed)), .init("failures", .array(failures)),
            ])
        }
        return .object([
            .init("file", .string(source.name)), .init("scenarios", .array(scenarios)),
            .init("coverage", report.json),
        ])
    }
}
