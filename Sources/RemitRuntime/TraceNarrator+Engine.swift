import RemitLanguage
import RemitValues

/// What the engine itself does: money, rounds and time.
extension TraceNarrator {
    func engine(_ event: Trace.Event) -> String? {
        switch event {
        case .posted(let posting):
            let fund = posting.contract.map { "\($0).\(posting.fund)" } ?? posting.fund.string
            return "\(posting.amount.grouped) of \(fund) moves from \(account(posting.from)) to "
                + "\(account(posting.to))."
        case .roundOpened(let index, let due):
            return approval(index).map {
                "The round `\($0)` opens, and is overdue at \(due.zonedText(offset: program.timezone))"
                    + "\(cited(program.approvals[index].source))."
            }
        case .roundEnded(let index, let outcome):
            return approval(index).map {
                "The round `\($0)` is \(outcome.rawValue)\(cited(program.approvals[index].source))."
            }
        case .voted(let index, let vote):
            return approval(index).map { name in
                let inName = vote.signer == vote.by ? "" : " in the name of \(vote.signer)"
                let roles = vote.roles.map { words($0.string) }.joined(separator: " and ")
                let source = cited(program.approvals[index].source)
                guard let reason = vote.reason else {
                    return "\(vote.by) signs `\(name)`\(inName) as \(roles)\(source)."
                }
                return "\(vote.by) declines `\(name)`\(inName) as \(roles)\(source): \(reason)"
            }
        case .timerFired(let index):
            guard program.timers.indices.contains(index) else { return nil }
            switch program.timers[index] {
            case .deadline(let deadline):
                return "The \(program.deadlines[deadline].name) is over\(cited(program.deadlines[deadline].source))."
            case .overdue(let round):
                return approval(round).map {
                    "The time for `\($0)` is over\(cited(program.approvals[round].source))."
                }
            }
        case .deadlineSet(let index, let due):
            guard program.deadlines.indices.contains(index) else { return nil }
            return "The \(program.deadlines[index].name) ends at \(due.zonedText(offset: program.timezone))"
                + "\(cited(program.deadlines[index].source))."
        default: return nil
        }
    }

    /// An invariant by its text, that a transition would have broken.
    func broken(_ text: String) -> String {
        let declared = program.invariants + program.registers.flatMap(\.invariants)
        let source = declared.first { TextValue($0.text) == TextValue(text) }?.source
        return "\"\(text)\" would no longer hold\(cited(source))."
    }

    /// What is to be said of rounds that opened and that nobody can fill.
    func unfillable(_ transition: Transition) -> [String] {
        guard case .done(let effects) = transition.outcome else { return [] }
        return effects.unfillable.map {
            "Nobody can fill the round `\($0)` as roles are held now: it ends overdue unless they are granted."
        }
    }

    private func approval(_ index: Int) -> String? {
        program.approvals.indices.contains(index) ? program.approvals[index].name : nil
    }

    private func account(_ account: Effects.Posting.Account) -> String {
        switch account {
        case .available: "what is available"
        case .reserved(let reference): "what \(reference) has reserved"
        case .party(let party): party.identifier.string
        case .fund(let name): "the fund \(name)"
        }
    }
}
