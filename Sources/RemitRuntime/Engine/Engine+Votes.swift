import RemitLanguage
import RemitValues

/// Votes: who may sign, in whose name, and which seat they fill.
extension Engine {
    /// Takes a signature, or a vote against with its reason; gives how the round ends by it, where it does.
    func vote(_ index: Int, isDecline: Bool) throws(Stop) -> RoundOutcome? {
        guard program.approvals.indices.contains(index) else {
            throw .refused(Refusal(.argument, "there is no such approval"))
        }
        let approval = program.approvals[index]
        let reason = try reason(isDecline)
        guard let existing = request.existing, let round = rounds[index], round.outcome == .open else {
            throw .refused(Refusal(.state, "no round of `\(approval.name)` is open", at: approval.span))
        }
        if let seen = request.seen, seen < existing.changed {
            throw .refused(Refusal(.changed, "the case has changed since revision \(seen)", at: approval.span))
        }
        try charge(Cost.vote + Cost.elements(Limits.quorumSeats * (round.signatures.count + round.declines.count + 1)))
        let counted = isDecline && round.declineQuorum != nil
        let quorum = try quorum((counted ? round.declineQuorum : nil) ?? round.quorum, approval.span)
        let candidates = try candidates(round, quorum, approval, among: counted ? round.declines : round.signatures)
        let vote = RoundState.Vote(
            signer: candidates[0].person, by: request.actor, roles: candidates[0].roles, reason: reason,
            choices: candidates.count > 1 ? candidates : [])
        var ballot = Ballot(round, isCountingDeclines: counted)
        try charge(Cost.elements(quorum.seats.count * ballot.furtherChoices(with: vote)))
        switch ballot.take(vote, quorum) {
        case .seated: break
        case .noSeat:
            throw .refused(
                Refusal(
                    .noSeat, "\(vote.signer) could fill no seat of `\(approval.name)` that is free", at: approval.span))
        case .nobodyLeft: throw alreadySigned(vote.signer, approval)
        }
        for moved in ballot.moved { note(.counted(index, moved), at: approval.span) }
        note(.voted(index, ballot.votes[ballot.votes.count - 1]), at: approval.span)
        return keep(ballot, in: index, isDecline: isDecline, isCountingDeclines: counted)
    }

    /// Puts the votes, each counted for whom it counts now, into the round; gives how the round ends by them.
    private func keep(
        _ ballot: Ballot, in index: Int, isDecline: Bool, isCountingDeclines: Bool
    ) -> RoundOutcome? {
        if isCountingDeclines {
            rounds[index]?.declines = ballot.votes
            return ballot.isFull ? .declined : nil
        }
        if isDecline, let vote = ballot.votes.last {
            rounds[index]?.signatures = Array(ballot.votes.dropLast())
            rounds[index]?.declines.append(vote)
            return .declined
        }
        rounds[index]?.signatures = ballot.votes
        return ballot.isFull ? .granted : nil
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

    /// Whom a vote of the actor may count for: the actor, then those whom they stand in for, each with the roles held;
    /// refuses those who may not vote. There is at least one.
    private func candidates(
        _ round: RoundState, _ quorum: Quorum, _ approval: ApprovalDeclaration, among votes: [RoundState.Vote]
    ) throws(Stop) -> [RoundState.Candidate] {
        let actor = request.actor
        if try isMachine(actor) {
            throw .refused(Refusal(.role, "\(actor) is a machine account, and fills no seat", at: approval.span))
        }
        let given = round.signatures + round.declines
        if given.contains(where: { $0.by == actor || ($0.signer == actor && $0.choices.isEmpty) }) {
            throw alreadySigned(actor, approval)
        }
        if round.excluded.contains(actor) || round.excluded.contains(request.organisation) {
            throw .refused(Refusal(.excluded, "\(actor) is excluded from `\(approval.name)`", at: approval.span))
        }
        // Whoever stands in for an excluded person does not sign at all, not even by a role of their own or for another
        // organisation.
        if let excluded = try allDelegators().first(where: { round.excluded.contains($0) }) {
            throw .refused(
                Refusal(
                    .excluded,
                    "\(actor) stands in for \(excluded), who is excluded from `\(approval.name)`", at: approval.span))
        }
        var found: [RoundState.Candidate] = []
        var hasVoted: Party?
        for person in [actor] + (try delegators()) {
            // Who else the vote may count for is charged only where it may.
            let (roles, looks) = try heldRoles(person, quorum, isCharged: found.isEmpty)
            if roles.isEmpty { continue }
            if person != actor,
                given.contains(where: { $0.by == person || ($0.signer == person && $0.choices.isEmpty) })
            {
                hasVoted = person
                continue
            }
            guard let candidate = asNamed(person, roles, among: votes) else { continue }
            if !found.isEmpty { try charge(Cost.lookup * UInt64(looks)) }
            found.append(candidate)
        }
        if !found.isEmpty { return found }
        if let hasVoted { throw alreadySigned(hasVoted, approval) }
        throw .refused(
            Refusal(
                .role, "\(actor) acting for \(request.organisation) is not \(wanted(quorum))", at: approval.span))
    }

    /// A person as an earlier vote names them, who counts with the roles held then, as long as all are held still.
    private func asNamed(
        _ person: Party, _ roles: [TextValue], among votes: [RoundState.Vote]
    ) -> RoundState.Candidate? {
        guard person != request.actor,
            let named = votes.lazy.flatMap(\.choices).first(where: { $0.person == person })
        else { return RoundState.Candidate(person: person, roles: roles) }
        return named.roles.allSatisfy { roles.contains($0) } ? named : nil
    }

    private func wanted(_ quorum: Quorum) -> String {
        let claims = quorum.roles.map { SeatClaim($0) }
        let isHome = claims.allSatisfy { $0.place == .home }
        return claims.map { claim in
            claim.place == .home && !isHome ? "\(claim.role) of \(view.home)" : claim.text.string
        }.joined(separator: " or ") + (isHome ? " of \(view.home)" : "")
    }

    private func alreadySigned(_ person: Party, _ approval: ApprovalDeclaration) -> Stop {
        .refused(Refusal(.alreadySigned, "\(person) has voted in `\(approval.name)` already", at: approval.span))
    }

    /// The roles of a quorum that a person holds, and how many were looked up.
    private func heldRoles(
        _ person: Party, _ quorum: Quorum, isCharged: Bool
    ) throws(Stop) -> (held: [TextValue], looks: Int) {
        guard try !isMachine(person) else { return ([], 0) }
        var held: [TextValue] = []
        var looks = 0
        for text in quorum.roles {
            let claim = SeatClaim(text)
            guard let role = role(claim.role) else { continue }
            switch claim.place {
            case .home: guard request.organisation == view.home else { continue }
            case .organisation(let identifier):
                guard request.organisation == Party(.organisation, identifier) else { continue }
            case .any: break
            }
            looks += 1
            if isCharged { try charge(Cost.lookup) }
            do {
                if try view.holds(role: role, person: person, organisation: request.organisation) { held.append(text) }
            } catch {
                throw .fault(error)
            }
        }
        return (held, looks)
    }

    private func isMachine(_ person: Party) throws(Stop) -> Bool {
        do { return try view.isMachine(person) } catch { throw .fault(error) }
    }
}
