import ArgumentParser
import RemitAnalysis
import RemitExchange
import RemitLanguage
import RemitValues

/// Checks contracts and shows every mistake.
struct CheckCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check contracts: every mistake in one run, each with what to do about it.",
        discussion: """
            Example:
              remit check Contracts/insurance-claim.remit --costs
              remit check new.remit --against old.remit

            A version is held against one before it with --against: registers, funds and keys outlive versions, \
            and a migration must fit the cases that it brings over. Give it again for each version that cases \
            migrate from.

            Ends with 0 if there are no errors (there may be warnings), with 1 if there are, or if the version \
            would break what is there.
            """)

    static let words = "check"

    @Argument(help: ArgumentHelp("The contracts.", valueName: "file"))
    var files: [String]

    @Flag(help: "Show what each action, vote, deadline and migration can cost at most, in steps.")
    var costs = false

    @Flag(help: "Show what a stranger can tell of private values from each outcome.")
    var reveals = false

    @Option(
        help: ArgumentHelp(
            "An earlier version: say what the new one would break; may be given again.", valueName: "file"))
    var against: [String] = []

    @OptionGroup var libraries: LibraryOptions
    @OptionGroup var with: WithOptions

    @OptionGroup var common: PlainOptions

    func perform(_ console: Console) throws -> Outcome {
        var reports: [JSONValue] = []
        var errors = 0
        let earlier = try Earlier(against, libraries, with)
        for path in files {
            let file = try ContractFile(
                path: path, libraries: libraries.folders, with: with.files + files.filter { $0 != path })
            errors += file.errors
            show(file, console)
            let changes = file.errors == 0 ? file.program.map { earlier.changes(to: $0) } : nil
            if let changes, !against.isEmpty {
                VersionText.show(changes, in: file.source, console)
                errors += changes.count { $0.gravity == .breaking }
                if changes.isEmpty { console.line("\(path) breaks nothing", .good) }
            }
            reports.append(report(file, against.isEmpty ? nil : changes))
        }
        return Outcome(.object([.init("files", .array(reports))]), errors > 0 ? .finding : .fine)
    }

    // MARK: For people

    private func show(_ file: ContractFile, _ console: Console) {
        // `--quiet` leaves out warnings, not what makes the command fail.
        let shown = console.isQuiet ? file.diagnostics.filter { $0.severity == .error } : file.diagnostics
        let text = DiagnosticText(file.source) { console.piece($0, Self.looks($1)) }
        console.verbatim(text.text(of: shown))
        if let first = DiagnosticList(shown).shown.first {
            console.remark("remit explain \(first.code.number) says more about the first\n", .faint)
        }
        guard let program = file.program, file.errors == 0 else { return }
        console.remark("\(file.source.name): \(program.name) version \(program.version) has no errors", .good)
        if !program.isLibrary { RulesLayout(file.source)?.show(console) }
        let worst = worstCaseCosts(program)
        if costs { showCosts(worst, console) } else { showDearest(worst, console) }
        let told = disclosures(program)
        if reveals {
            let lines = told.isEmpty ? ["nothing is told"] : DisclosureText(source: file.source).lines(told)
            for line in lines { console.line(line) }
        } else if !told.isEmpty {
            let count = Counted.text(told.count, "outcome")
            console.remark("\(count) can tell a stranger something of private values; --reveals lists them", .faint)
        }
    }

    private func showCosts(_ worst: [WorstCase], _ console: Console) {
        var table = TextTable([("transition", .left), ("", .left), ("steps at most", .right)])
        for transition in worst {
            table.add([transition.name, transition.kind.rawValue, Self.steps(transition.cost)])
        }
        for line in table.lines { console.line(line) }
    }

    /// Says in one line what the dearest transition costs, and what the machine allows.
    private func showDearest(_ worst: [WorstCase], _ console: Console) {
        guard let dearest = worst.max(by: { ($0.cost ?? .max) < ($1.cost ?? .max) }) else { return }
        console.remark(
            "at most \(Self.steps(dearest.cost)) steps, by \(dearest.name); a transition may take \(Limits.steps); "
                + "--costs lists all", .faint)
    }

    private static func steps(_ cost: UInt64?) -> String { cost.map { String($0) } ?? "beyond 64 bits" }

    /// The looks of the parts of a diagnostic on a terminal.
    private static func looks(_ style: DiagnosticStyle) -> Console.Style {
        switch style {
        case .error: .bad
        case .warning: .doubtful
        case .note, .message: .strong
        case .frame: .faint
        case .secondary, .help: .good
        }
    }

    // MARK: For programs

    private func report(_ file: ContractFile, _ changes: [VersionChange]?) -> JSONValue {
        let list = DiagnosticList(file.diagnostics)
        var members: [JSONValue.Member] = [
            .init("file", .string(file.source.name)),
            .init("errors", .integer(Int64(list.errors))), .init("warnings", .integer(Int64(list.warnings))),
            .init("hidden", .integer(Int64(list.hidden))),
            .init("diagnostics", .array(list.shown.map { DiagnosticDescription($0, in: file.source).json })),
        ]
        if let program = file.program, file.errors == 0 {
            members.append(.init("contract", .string(program.name)))
            members.append(.init("version", .integer(program.version)))
            if !program.isLibrary, let layout = RulesLayout(file.source) {
                members.append(.init("irregularLayout", layout.json))
            }
            let worst = worstCaseCosts(program)
            members.append(.init("actions", .array(worst.filter { $0.kind == .action }.map(Self.action))))
            members.append(.init("costs", .array(worst.map(Self.json))))
            members.append(.init("reveals", DisclosureText(source: file.source).json(disclosures(program))))
        }
        if let changes { members.append(.init("changes", VersionText.json(changes, in: file.source))) }
        return .object(members)
    }

    private static func action(_ worst: WorstCase) -> JSONValue {
        .object([.init("action", .string(worst.name)), .init("steps", number(worst.cost))])
    }

    private static func json(_ worst: WorstCase) -> JSONValue {
        .object([
            .init("kind", .string(worst.kind.rawValue)), .init("name", .string(worst.name)),
            .init("steps", number(worst.cost)),
        ])
    }

    private static func number(_ cost: UInt64?) -> JSONValue {
        cost.flatMap { Int64(exactly: $0) }.map { .integer($0) } ?? .null
    }
}

extension DiagnosticDescription {
    /// The diagnostic as the envelope holds it.
    var json: JSONValue {
        .object([
            .init("code", .string(code)), .init("severity", .string(severity.rawValue)), .init("file", .string(file)),
            .init("message", .string(message)), .init("place", place.json),
            .init("labels", .array(labels.map(\.json))), .init("notes", .array(notes.map { .string($0) })),
            .init("help", help.map { .string($0) } ?? .null),
        ])
    }
}

extension DiagnosticDescription.Place {
    /// The place as the envelope holds it.
    var json: JSONValue {
        .object([
            .init("line", .integer(Int64(line))), .init("column", .integer(Int64(column))),
            .init("endLine", .integer(Int64(endLine))), .init("endColumn", .integer(Int64(endColumn))),
            .init("text", .string(text)),
        ])
    }
}
