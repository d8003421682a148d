import ArgumentParser
import RemitExchange
import RemitLanguage
import RemitNode
import RemitRuntime
import RemitValues

/// Decides lines of JSON by a contract, without a ledger.
struct EvaluateCommand: Verb {
    static let words = "evaluate"
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Decide cases from NDJSON by a contract, without a ledger.",
        discussion: """
            Each line of the input is an object with the arguments of the action by name: amounts and decimals as \
            numbers or in quotes, days as 2026-03-02, times as 2026-03-02T09:00:00+08:00, lengths of time in seconds, \
            maps as {"A": 1} or [["A", 1]]; fractions of a second are left out. A Party is person:NAME or \
            organisation:NAME; a bare name is the organisation acted for or home where it is one of these, else a \
            person. \
            A line has at most \(Limits.lineBytes >> 20) MiB; of a longer one that is told, and the lines behind it \
            go on. \
            Each line of the output is the decision: state, fields that the contract works out, findings, cost; or why \
            it was refused; or where the line could not be read: lines and bytes count from 1, elements of lists from \
            0. The actor holds every role in the organisation acted for, every line opens a case of its own, and funds \
            hold nothing.

            Ends with 0 where every line could be read, also where some were refused, which is a decision; with 1 \
            where a line could not be read.

            The code of a large contract is kept in a folder, so that the next start is quicker; what is found there \
            is used only if it is whole and was made by this program from this very text.

            Example: remit evaluate claim.remit --input claims.ndjson --jobs 2 > decisions.ndjson
            """)

    @Argument(help: "The contract file.")
    var file: String

    @Option(help: ArgumentHelp("The NDJSON file, plain or gzip (- for standard input).", valueName: "file"))
    var input: String

    @Option(help: ArgumentHelp("The action; needed where several open a case.", valueName: "name"))
    var action: String?

    @Option(
        parsing: .unconditional, help: NumberOption.help("How many cores to use.", "n", usually: 1),
        transform: NumberOption.reading(1...Limits.batchCores))
    var jobs = 1

    @Option(help: ArgumentHelp("Rows of a register: its name, = and a CSV file.", valueName: "name=file"))
    var register: [String] = []

    @Option(name: .customLong("as"), help: ArgumentHelp("The person who acts.", valueName: "person"))
    var actor = "anybody"

    @Option(help: ArgumentHelp("The organisation acted for.", valueName: "organisation"))
    var organisation = "home"

    @Option(help: ArgumentHelp("The time of the decisions (else now).", valueName: "time"))
    var at: String?

    @Option(
        help: ArgumentHelp(
            "Where code is kept (else the user's cache folder; none keeps none).", valueName: "folder"))
    var codeCache: String?

    @OptionGroup var libraries: LibraryOptions
    @OptionGroup var with: WithOptions

    @OptionGroup var common: StreamOptions

    func perform(_ console: Console) throws -> Outcome {
        // Lines and an envelope on one stream would be no stream of decisions.
        guard !common.json else {
            throw CommandFailure.usage(
                "the decisions are JSON as they are, a line each", hint: "leave --json out")
        }
        let source = try ContractFile.text(file, libraries: libraries.folders)
        // The contract with its rules, which kept code leaves out: of the text as it was read, whatever the file says
        // by then.
        let files = with.files
        let rules = { try? ContractFile(source, with: files).contract() }
        let executable = try lowered(source)
        let program = executable.program
        let action = try BatchActions.opening(action, in: program)
        let home = Party(.organisation, "home")
        let context = BatchContext(
            actor: Party(.person, TextValue(actor)), organisation: Party(.organisation, TextValue(organisation)),
            home: home, now: try time())
        var rows = BatchRows()
        if !register.isEmpty, let whole = executable.hasRules ? program : rules() {
            for argument in register { try BatchActions.load(argument, whole, in: context, into: &rows) }
        }
        var evaluators: [BatchEvaluator] = []
        for _ in 0..<jobs {
            do throws(BatchProblem) {
                evaluators.append(
                    try BatchEvaluator(executable, action: action, context: context, rows: rows, rules: rules))
            } catch {
                throw CommandFailure.refused(error.text, hint: "submit the cases to a ledger: remit adjudicate")
            }
        }
        let lines = BatchLines(evaluators: evaluators)
        try lines.run(input == "-" ? .standardInput() : ByteSource(path: input)) { console.bytes($0) }
        console.flush()
        console.note("\(lines.done) decided, \(lines.refused) refused, \(lines.unreadable) could not be read")
        let json = JSONValue.object([
            .init("decided", .integer(lines.done)), .init("refused", .integer(lines.refused)),
            .init("unreadable", .integer(lines.unreadable)),
        ])
        return Outcome(json, lines.unreadable == 0 ? .fine : .finding)
    }

    /// The contract with its code, kept or made.
    private func lowered(_ source: SourceText) throws(CommandFailure) -> ExecutableProgram {
        let cache = CodeCache(named: codeCache)
        if let kept = cache?.program(of: source.bytes) { return kept }
        let executable = ExecutableProgram(try ContractFile(source, with: with.files).contract())
        // What a contract means that refers to others does not stand in its own text alone.
        if executable.program.others.isEmpty { cache?.keep(executable, of: source.bytes) }
        return executable
    }

    private func time() throws(CommandFailure) -> Instant {
        guard let at else { return try Clocks.chosen().now }
        guard let instant = Instant.parse(at) else {
            throw .usage("--at \(at) is no time", hint: "write it as 2026-03-02T09:00:00+08:00")
        }
        return instant
    }
}
