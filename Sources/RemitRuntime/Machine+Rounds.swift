import RemitLanguage
import RemitValues

/// Rounds of signatures.
extension Machine {
    func outcome(of round: Int) -> RoundOutcome {
        guard caseState.rounds.indices.contains(round) else { return .none }
        return caseState.rounds[round]?.outcome ?? .none
    }

    /// Those who count as signers in the last round, and those who signed in their names.
    func signers(of round: Int) -> [Party] {
        guard caseState.rounds.indices.contains(round), let state = caseState.rounds[round] else { return [] }
        return state.signatures.flatMap { [$0.signer, $0.by] }
    }

    // MARK: Opening and closing

    /// Closes the rounds of the state that was left, and opens those of the state that was entered.
    func changeRounds() throws(Stop) {
        for index in program.approvals.indices {
            if caseState.rounds[index]?.outcome == .open {
                caseState.rounds[index]?.outcome = .closed
                note(.roundEnded(index, .closed), at: program.approvals[index].span)
            }
            if program.approvals[index].states.contains(caseState.state) { try open(index) }
        }
    }

    /// Opens the rounds of the present state afresh: nobody's signature covers what they did not see.
    func reopenRounds() throws(Stop) {
        for index in program.approvals.indices where program.approvals[index].states.contains(caseState.state) {
            try open(index)
        }
    }

    private func open(_ index: Int) throws(Stop) {
        let approval = program.approvals[index]
        try charge(approval.openingCost)
        let round = try inFrame([], count: approval.headLocals) { () throws(Stop) in
            let quorum = try evaluate(approval.needs)
            var declines: Value?
            if let quorum = approval.declinedBy { declines = try evaluate(quorum) }
            var excluded: [Value] = []
            for expression in approval.except { try excluded.append(contentsOf: parties(evaluate(expression))) }
            let term = try evaluate(approval.within)
            let due = try dueTime(term, from: request.now, approval.within.expression.span)
            return RoundState(
                outcome: .open, opened: request.now, due: due, quorum: quorum, declineQuorum: declines,
                excluded: sorted(excluded), signatures: [], declines: [])
        }
        caseState.rounds[index] = round
        note(.roundOpened(index, due: round.due), at: approval.span)
        if try !canBeFilled(round, approval.span), !unfillable.contains(index) { unfillable.append(index) }
    }

    private func parties(_ value: Value) throws(Stop) -> [Value] {
        switch value {
        case .party: return [value]
        case .list(let items), .set(let items): return items
        default: return []
        }
    }

    private func sorted(_ values: [Value]) -> [Party] {
        guard case .set(let items) = Value.makeSet(values) else { return [] }
        return items.compactMap { if case .party(let party) = $0 { party } else { nil } }
    }

    private func quorum(_ value: Value, _ span: Span) throws(Stop) -> Quorum {
        guard let quorum = Quorum(value) else { throw misfit(span) }
        return quorum
    }

    /// Whether those who hold the roles now, and are not excluded, could fill every seat.
    private func canBeFilled(_ round: RoundState, _ span: Span) throws(Stop) -> Bool {
        let quorum = try quorum(round.quorum, span)
        var roles: [Party: [TextValue]] = [:]
        for name in quorum.roles {
            guard let role = role(name) else { throw misfit(span) }
            let holders: [Party]
            do { holders = try view.holders(role: role, organisation: view.home) } catch { throw .fault(error) }
            try charge(Cost.elements(holders.count))
            for person in holders where !round.excluded.contains(person) { roles[person, default: []].append(name) }
        }
        if round.excluded.contains(view.home) { return false }
        var seating = Seating(quorum)
        for person in roles.keys.sorted() where !seating.isFull { _ = seating.seat(roles[person] ?? []) }
        return seating.isFull
    }

    private func role(_ name: TextValue) -> Int? { program.roles.firstIndex { TextValue($0) == name } }

    /// Ends a round and does what follows.
    func end(_ index: Int, _ outcome: RoundOutcome) throws(Stop) {
        let approval = program.approvals[index]
        caseState.rounds[index]?.outcome = outcome
        note(.roundEnded(index, outcome), at: approval.span)
        switch outcome {
        case .granted: try run(approval.granted)
        case .declined: try run(approval.declined)
        default: try run(approval.overdue)
        }
    }

    // MARK: Votes

    /// A signature, or a vote against with its reason.
    func vote(_ index: Int, isDecline: Bool) throws(Stop) {
        guard program.approvals.indices.contains(index) else {
            throw .refused(Refusal(.argument, "there is no such approval"))
        }
        let approval = program.approvals[index]
        let reason = try reason(isDecline)
        guard let existing = request.existing, let round = caseState.rounds[index], round.outcome == .open else {
            throw .refused(Refusal(.state, "no round of `\(approval.name)` is open", at: approval.span))
        }
        if let seen = request.seen, seen < existing.changed {
            throw .refused(Refusal(.changed, "the case has changed since revision \(seen)", at: approval.span))
        }
        try charge(Cost.vote + Cost.elements(Limits.quorumSeats * (round.signatures.count + round.declines.count + 1)))
        let counted = isDecline && round.declineQuorum != nil
        let quorum = try quorum((counted ? round.declineQuorum : nil) ?? round.quorum, approval.span)
        var seating = Seating(quorum)
        for earlier in counted ? round.declines : round.signatures { _ = seating.seat(earlier.roles) }
        let vote = try judge(round, quorum, approval, reason)
        guard seating.seat(vote.roles) else {
            throw .refused(
                Refusal(
                    .noSeat, "\(vote.signer) could fill no seat of `\(approval.name)` that is free", at: approval.span))
        }
        note(.voted(index, vote), at: approval.span)
        if isDecline {
            caseState.rounds[index]?.declines.append(vote)
            if !counted || seating.isFull { try end(index, .declined) }
        } else {
            caseState.rounds[index]?.signatures.append(vote)
            if seating.isFull { try end(index, .granted) }
        }
    }

    private func reason(_ isDecline: Bool) throws(Stop) -> TextValue? {
        guard isDecline else {
            if request.arguments.isEmpty { return nil }
            throw .refused(Refusal(.argument, "a signature has no arguments"))
        }
        guard request.arguments.count == 1, case .text(let reason) = request.arguments[0], !reason.string.isEmpty,
            reason.scalarCount <= Limits.reasonLength
        else {
            throw .refused(
                Refusal(.argument, "a decline gives its reason, a text of up to \(Limits.reasonLength) characters"))
        }
        return reason
    }

    /// Who signs, in whose name and with which roles; refuses those who may not.
    private func judge(
        _ round: RoundState, _ quorum: Quorum, _ approval: ApprovalDeclaration, _ reason: TextValue?
    ) throws(Stop) -> RoundState.Vote {
        let actor = request.actor
        if try isMachine(actor) {
            throw .refused(Refusal(.role, "\(actor) is a machine account, and fills no seat", at: approval.span))
        }
        if round.hasVote(of: actor) { throw alreadySigned(actor, approval) }
        var isExcluded = round.excluded.contains(actor) || round.excluded.contains(request.organisation)
        var hasVoted: Party?
        if !isExcluded {
            for candidate in [actor] + (try delegators()) {
                let roles = try heldRoles(candidate, quorum)
                if roles.isEmpty { continue }
                if round.excluded.contains(candidate) {
                    isExcluded = true
                } else if round.hasVote(of: candidate) {
                    hasVoted = candidate
                } else {
                    principal = candidate == actor ? nil : candidate
                    return RoundState.Vote(signer: candidate, by: actor, roles: roles, reason: reason)
                }
            }
        }
        if isExcluded {
            throw .refused(Refusal(.excluded, "\(actor) is excluded from `\(approval.name)`", at: approval.span))
        }
        if let hasVoted { throw alreadySigned(hasVoted, approval) }
        let wanted = quorum.roles.map(\.string).joined(separator: " or ")
        throw .refused(
            Refusal(
                .role, "\(actor) acting for \(request.organisation) is not \(wanted) of \(view.home)", at: approval.span
            ))
    }

    private func alreadySigned(_ person: Party, _ approval: ApprovalDeclaration) -> Stop {
        .refused(Refusal(.alreadySigned, "\(person) has voted in `\(approval.name)` already", at: approval.span))
    }

    private func heldRoles(_ person: Party, _ quorum: Quorum) throws(Stop) -> [TextValue] {
        guard request.organisation == view.home, try !isMachine(person) else { return [] }
        var held: [TextValue] = []
        for name in quorum.roles {
            guard let role = role(name) else { continue }
            try charge(Cost.lookup)
            do {
                if try view.holds(role: role, person: person, organisation: view.home) { held.append(name) }
            } catch {
                throw .fault(error)
            }
        }
        return held
    }

    private func isMachine(_ person: Party) throws(Stop) -> Bool {
        do { return try view.isMachine(person) } catch { throw .fault(error) }
    }

    /// Those whom the actor stands in for today, in the organisation acted for.
    func delegators() throws(Stop) -> [Party] {
        let today = request.now.date(offset: program.timezone)
        do {
            return try view.delegators(of: request.actor, organisation: request.organisation, on: today)
        } catch {
            throw .fault(error)
        }
    }
}
