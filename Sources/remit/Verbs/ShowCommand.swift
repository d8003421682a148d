import ArgumentParser
import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues

/// Shows a case: its state, fields, findings and history.
struct ShowCommand: Verb {
    static let words = "show"
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a case, now or as it stood after a block, at a time or on a day.",
        discussion: """
            A day means its end, on the calendar of the contract.

            Private fields are shown where the ledger's vault has them, and marked; --public shows what a stranger sees.

            Example: remit show InsuranceClaim/17 --at 12 --ledger claims
                     remit show InsuranceClaim/17 --at 2026-06-01T08:00:00Z --ledger claims
            """)

    @Argument(help: ArgumentHelp("The case, such as InsuranceClaim/17.", valueName: "case"))
    var name: String

    @Option(help: ArgumentHelp("The block after which to look, a time or a day.", valueName: "moment"))
    var at: String?

    @Flag(name: .customLong("public"), help: "Show what a stranger sees: no private values.")
    var isPublic = false

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let node = try common.folder().read()
        let height = try height(in: node)
        let view = try CaseNames.find(name, in: node, at: height)
        let values = ValueText(program: view.program)
        let state = view.stored.state
        console.line("\(view.reference) is \(view.stateName)", .strong)
        console.line(
            "\(view.program.name) version \(view.program.version), opened in block \(view.stored.opened), "
                + "revision \(state.revision)", .faint)
        let width = view.program.caseFields.map { TextTable.width($0.name) }.max() ?? 0
        let shown = PrivateText(view: view, isPublic: isPublic)
        for (index, field) in view.program.caseFields.enumerated() {
            let padding = String(repeating: " ", count: width - TextTable.width(field.name))
            let value = shown.values[index]
            console.line("  \(field.name)\(padding)  \(shown.text(index, values))")
            for line in values.lines(value, field.type) ?? [] { console.line("    \(line)") }
        }
        let findings = findings(view)
        if !findings.isEmpty { console.line("findings", .strong) }
        for finding in findings { console.line("  \(ReceiptText.finding(finding))") }
        let history = try history(node, view.reference, height)
        let rounds = RoundText(
            program: view.program, state: state, unfillable: Self.unfillable(history, of: state, view.program))
        for line in rounds.lines() { console.line(line) }
        let stalled = height == nil ? try node.stalled(of: view) : []
        for text in stalled { console.line("stalled: \(text)", .bad) }
        console.line("history", .strong)
        for entry in history { console.line("  \(entry.line(offset: view.program.timezone))") }
        console.remark("why: remit why \(view.reference)", .faint)
        return Outcome(json(view, shown, values, findings, rounds, history, stalled))
    }

    /// The approvals whose present rounds could be filled by nobody when they opened.
    private static func unfillable(
        _ history: [HistoryEntry], of state: CaseState, _ program: CheckedProgram
    ) -> [String] {
        zip(program.approvals, state.rounds).compactMap { approval, round in
            guard let round, round.outcome == .open else { return nil }
            let opened = history.last { $0.time == round.opened && $0.unfillableRounds.contains(approval.name) }
            return opened == nil ? nil : approval.name
        }
    }

    private func findings(_ view: CaseView) -> [Findings.Finding] {
        view.stored.state.checks.compactMap { $0 }.flatMap(\.findings).map { finding in
            let severity: Findings.Severity =
                switch finding.severity {
                case .deny: .deny
                case .pend: .pend
                case .note: .note
                }
            return Findings.Finding(
                code: finding.code, severity: severity, text: finding.text, clause: "",
                line: finding.line.map { Int64($0) }, source: finding.source)
        }
    }

    /// The block after which to look; nil for the last.
    private func height(in node: LedgerNode) throws -> UInt64? {
        guard let at else { return nil }
        let moment = try Moment(at)
        // The contract, whose time zone a day is read in, is that of the case as it is now.
        let offset = if case .day = moment { try CaseNames.find(name, in: node).program.timezone } else { 0 }
        return try moment.height(in: node, offset: offset)
    }

    /// What was done to the case and what it did by itself, in the order of the chain.
    private func history(
        _ node: LedgerNode, _ reference: CaseReference, _ height: UInt64?
    ) throws -> [HistoryEntry] {
        let last = height ?? node.head.height
        let transactions = try node.history(of: reference).map { HistoryEntry.transaction($0) }
        let deadlines = try node.deadlineWork(of: reference).map { HistoryEntry.deadline($0) }
        return HistoryEntry.inOrder(deadlines + transactions).filter { $0.height <= last }
    }

    private func json(
        _ view: CaseView, _ shown: PrivateText, _ values: ValueText, _ findings: [Findings.Finding],
        _ rounds: RoundText, _ history: [HistoryEntry], _ stalled: [String]
    ) -> JSONValue {
        let fields = zip(view.program.caseFields, shown.values).map { field, value in
            JSONValue.Member(field.name, values.json(value, field.type))
        }
        return .object([
            .init("reference", .string(view.reference.description)), .init("state", .string(view.stateName)),
            .init("contract", .string(view.stored.contract.hex)), .init("version", .integer(view.program.version)),
            .init("opened", .integer(view.stored.opened)), .init("revision", .integer(view.stored.state.revision)),
            .init("fields", .object(fields)), .init("private", shown.json),
            .init("findings", .array(findings.map(ReceiptText.json))),
            .init("rounds", rounds.json),
            .init("history", .array(history.map(\.json))),
            .init("stalled", .array(stalled.map { .string($0) })),
        ])
    }
}
