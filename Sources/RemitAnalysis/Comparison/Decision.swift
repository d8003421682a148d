import RemitLanguage
import RemitRuntime
import RemitValues

/// What a play comes to for those whom it concerns, in the same words for both versions.
struct Decision: Equatable {
    /// What happened, in the order in which it is told.
    let lines: [String]

    /// Only of fields that both versions have. That a case holds its own key is no decision about it.
    init(_ played: Played, _ program: CheckedProgram, other: CheckedProgram) {
        var program = program
        // One clock for both: the same instant is no difference.
        if program.timezone != other.timezone { program.timezone = 0 }
        lines = played.transitions.flatMap { Self.lines($0, program, other) }
    }

    /// What is told of this decision beside another one: how it ended, and whatever the other has not.
    ///
    /// Beside a refusal only what it came to is told: what fields hold then is no difference between the two.
    func told(beside other: Decision) -> [String] {
        let isBesideRefusal = other.lines.contains { $0.hasPrefix(Self.refused) }
        let told = lines.filter { line in
            if line.hasPrefix(Self.refused) || line.hasPrefix(Self.done) { return true }
            if other.lines.contains(line) { return false }
            return !isBesideRefusal || Self.essential.contains { line.hasPrefix($0) }
        }
        guard told.count > Limits.toldLines else { return told }
        return told.prefix(Limits.toldLines) + ["and \(told.count - Limits.toldLines) more"]
    }

    // How lines begin; fields and rows begin with their names, which hold no blank.
    private static let refused = "refused: "
    private static let done = "the case is "
    private static let finds = "finds "
    private static let moves = "pays "
    private static let notifies = "notifies "
    private static let essential = [finds, moves, notifies]

    private static func lines(
        _ transition: Transition, _ program: CheckedProgram, _ other: CheckedProgram
    ) -> [String] {
        let findings = transition.findings.map { finding in
            let line = finding.line.map { " on line \($0)" } ?? ""
            return finds + "\(finding.severity.rawValue) \(finding.code) \"\(finding.text)\"\(line)"
        }
        switch transition.outcome {
        case .refused(let refusal): return [words(refusal)] + findings
        case .done(let effects):
            var lines = [done + program.states[effects.caseState.state].name] + findings
            // In the order of names: versions may declare their fields in another one.
            lines += common(program.caseFields, effects.caseState.fields, program, other.caseFields).sorted()
            lines += effects.rows.flatMap { row($0, program, other) }.sorted()
            lines += effects.postings.map { posting in
                moves + "\(posting.amount.grouped) of \(posting.fund) from \(posting.from.name) to \(posting.to.name)"
            }
            lines += effects.notices.map { notifies + "\($0.recipient): \"\($0.text)\"" }
            lines += dueTimes(effects.caseState, program)
            return lines
        }
    }

    /// A refusal with the contract's code and text; without a code, with the engine's word for it.
    private static func words(_ refusal: Refusal) -> String {
        if let code = refusal.code { return refused + "\(code) \"\(refusal.text)\"" }
        let word = refusal.reason == .requirement ? "" : "\(refusal.reason.word) "
        return refused + "\(word)\"\(refusal.text)\""
    }

    private static func common(
        _ fields: [FieldDeclaration], _ values: [Value], _ program: CheckedProgram, _ others: [FieldDeclaration]
    ) -> [String] {
        zip(fields, values).filter { field, _ in
            others.contains { TextValue($0.name) == TextValue(field.name) }
        }.map { "\($0.name) is \(program.written($1, $0.type))" }
    }

    private static func row(
        _ write: Effects.RowWrite, _ program: CheckedProgram, _ other: CheckedProgram
    ) -> [String] {
        let register = program.registers[write.register]
        let keys = zip(register.keys, write.keys).map { program.written($1, $0.type) }.joined(separator: ", ")
        let place = "\(register.name)[\(keys)]"
        guard let twin = other.registers.first(where: { TextValue($0.name) == TextValue(register.name) }) else {
            return ["\(place) is written"]
        }
        let fields = common(
            program.records[register.row].fields, write.row, program, other.records[twin.row].fields)
        return ["\(place) is written"] + fields.map { "\(place).\($0)" }
    }

    /// When deadlines and rounds that run fall due, and who is to sign: in the order of writing within one state.
    private static func dueTimes(_ state: CaseState, _ program: CheckedProgram) -> [String] {
        func words(_ instant: Instant) -> String { instant.zonedText(offset: program.timezone) }
        func names(_ parties: [Party]) -> String { parties.map(\.description).joined(separator: ", ") }
        var lines: [String] = []
        for (index, deadline) in program.deadlines.enumerated() {
            guard state.due.indices.contains(index), let due = state.due[index] else { continue }
            let past = deadline.past.map { " past \(program.caseFields[$0].name)" } ?? ""
            lines.append("a deadline\(past) falls due at \(words(due))")
        }
        for (index, approval) in program.approvals.enumerated() {
            guard state.rounds.indices.contains(index), let round = state.rounds[index] else { continue }
            var parts = ["\(approval.name) is \(round.outcome.rawValue)", "due at \(words(round.due))"]
            if let quorum = Quorum(round.quorum) { parts.append("needs \(quorum)") }
            if let declines = round.declineQuorum.flatMap({ Quorum($0) }) { parts.append("declined by \(declines)") }
            if !round.excluded.isEmpty { parts.append("except \(names(round.excluded))") }
            if !round.signatures.isEmpty { parts.append("signed by \(names(round.signatures.map(\.signer)))") }
            if !round.declines.isEmpty { parts.append("voted against by \(names(round.declines.map(\.signer)))") }
            lines.append(parts.joined(separator: ", "))
        }
        return lines.sorted()
    }
}
