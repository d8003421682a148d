import RemitLanguage
import RemitRuntime
import RemitValues

/// What a play comes to for those whom it concerns, in the same words for both versions.
struct Decision: Equatable {
    let lines: [String]

    /// Only of fields that both versions have.
    init(_ played: Played, _ program: CheckedProgram, other: CheckedProgram) {
        lines = played.transitions.flatMap { Self.lines($0, program, other) }
    }

    private static func lines(
        _ transition: Transition, _ program: CheckedProgram, _ other: CheckedProgram
    ) -> [String] {
        var lines = transition.findings.map { finding in
            "\(finding.severity.rawValue) \(finding.code) \(finding.line.map(String.init) ?? "") \(finding.text)"
        }
        switch transition.outcome {
        case .refused(let refusal):
            lines.append("refused \(refusal.reason.word) \(refusal.code ?? "") \(refusal.text)")
        case .done(let effects):
            lines.append("state \(program.states[effects.caseState.state].name)")
            // In the order of names: versions may declare their fields in another one.
            lines += common(program.caseFields, effects.caseState.fields, other.caseFields)
                .map { "field \($0)" }.sorted()
            lines += effects.rows.map { write in row(write, program, other) }.sorted()
            lines += effects.notices.map { "notice \($0.recipient) \($0.text)" }
            lines += effects.postings.map { "\($0.fund) \($0.amount) from \($0.from.name) to \($0.to.name)" }
            lines += effects.claimed.map { key in
                let fields = program.uniqueKeys[key.unique].fields.map { program.caseFields[$0].name }
                return "holds \(fields.joined(separator: ", ")) \(key.key)"
            }.sorted()
            lines += dueTimes(effects.caseState, program)
        }
        return lines
    }

    private static func common(
        _ fields: [FieldDeclaration], _ values: [Value], _ others: [FieldDeclaration]
    ) -> [String] {
        zip(fields, values).filter { field, _ in
            others.contains { TextValue($0.name) == TextValue(field.name) }
        }.map { "\($0.name) \($1)" }
    }

    private static func row(
        _ write: Effects.RowWrite, _ program: CheckedProgram, _ other: CheckedProgram
    ) -> String {
        let register = program.registers[write.register]
        let fields = program.records[register.row].fields
        let twin = other.registers.first { TextValue($0.name) == TextValue(register.name) }
        let known = twin.map { common(fields, write.row, other.records[$0.row].fields).sorted() } ?? []
        return "row \(register.name) \(write.keys) \(known)"
    }

    /// When deadlines and rounds that run fall due, and who is to sign: in the order of writing within one state.
    private static func dueTimes(_ state: CaseState, _ program: CheckedProgram) -> [String] {
        var lines: [String] = []
        for (index, deadline) in program.deadlines.enumerated() {
            guard state.due.indices.contains(index), let due = state.due[index] else { continue }
            let past = deadline.past.map { " past \(program.caseFields[$0].name)" } ?? ""
            lines.append("due\(past) \(due.utcText)")
        }
        for (index, approval) in program.approvals.enumerated() {
            guard state.rounds.indices.contains(index), let round = state.rounds[index] else { continue }
            let quorum = Quorum(round.quorum)?.description ?? ""
            let declines = round.declineQuorum.flatMap { Quorum($0) }?.description ?? ""
            lines.append(
                "round \(approval.name) \(round.outcome.rawValue) \(round.due.utcText) \(quorum) \(declines) "
                    + "\(round.excluded) \(round.signatures.map(\.signer)) \(round.declines.map(\.signer))")
        }
        return lines.sorted()
    }
}
