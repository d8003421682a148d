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
            return approval(index).map { given(vote, in: $0, cited(program.approvals[index].source)) }
        case .counted(let index, let vote):
            return approval(index).map { name in
                "The \(vote.reason == nil ? "signature" : "decline") of \(vote.by) in `\(name)` counts"
                    + "\(inName(vote.signer, vote)) as \(spoken(vote.roles)) from now on."
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
        case .deadlineSpent(let index):
            guard program.deadlines.indices.contains(index) else { return nil }
            return "The \(program.deadlines[index].name) was over at this moment already, and does not start again"
                + "\(cited(program.deadlines[index].source))."
        default: return nil
        }
    }

    private func given(_ vote: RoundState.Vote, in round: String, _ source: String) -> String {
        let others = vote.choices.filter { $0.person != vote.signer }
        let open =
            others.isEmpty
            ? ""
            : "; it may come to count "
                + others.map { "\(inName($0.person, vote).dropFirst()) as \(spoken($0.roles))" }
                .joined(separator: " or ")
        let signed = "`\(round)`\(inName(vote.signer, vote)) as \(spoken(vote.roles))\(open)\(source)"
        return vote.reason.map { "\(vote.by) declines \(signed): \($0)" } ?? "\(vote.by) signs \(signed)."
    }

    /// In whose name a vote counts, after a blank; of whoever gave it this is said only where there is a choice.
    private func inName(_ person: Party, _ vote: RoundState.Vote) -> String {
        if person != vote.by { return " in the name of \(person)" }
        return person == vote.signer && vote.choices.first?.person != person ? "" : " in their own name"
    }

    private func spoken(_ roles: [TextValue]) -> String {
        roles.map { words($0.string) }.joined(separator: " and ")
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
