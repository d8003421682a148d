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
            rounds[index]?.declines.append(vote)
            return !counted || seating.isFull ? .declined : nil
        }
        rounds[index]?.signatures.append(vote)
        return seating.isFull ? .granted : nil
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
        if round.excluded.contains(actor) || round.excluded.contains(request.organisation) {
            throw .refused(Refusal(.excluded, "\(actor) is excluded from `\(approval.name)`", at: approval.span))
        }
        let principals = try delegators()
        // Whoever stands in for an excluded person does not sign at all, not even by a role of their own.
        if let excluded = principals.first(where: { round.excluded.contains($0) }) {
            throw .refused(
                Refusal(
                    .excluded,
                    "\(actor) stands in for \(excluded), who is excluded from `\(approval.name)`", at: approval.span))
        }
        var hasVoted: Party?
        for candidate in [actor] + principals {
            let roles = try heldRoles(candidate, quorum)
            if roles.isEmpty { continue }
            guard round.hasVote(of: candidate) else {
                return RoundState.Vote(signer: candidate, by: actor, roles: roles, reason: reason)
            }
            hasVoted = candidate
        }
        if let hasVoted { throw alreadySigned(hasVoted, approval) }
        let claims = quorum.roles.map { SeatClaim($0) }
        let isHome = claims.allSatisfy { $0.place == .home }
        let wanted =
            claims.map { claim in
                claim.place == .home && !isHome ? "\(claim.role) of \(view.home)" : claim.text.string
            }.joined(separator: " or ") + (isHome ? " of \(view.home)" : "")
        throw .refused(
            Refusal(.role, "\(actor) acting for \(request.organisation) is not \(wanted)", at: approval.span))
    }

    private func alreadySigned(_ person: Party, _ approval: ApprovalDeclaration) -> Stop {
        .refused(Refusal(.alreadySigned, "\(person) has voted in `\(approval.name)` already", at: approval.span))
    }

    private func heldRoles(_ person: Party, _ quorum: Quorum) throws(Stop) -> [TextValue] {
        guard try !isMachine(person) else { return [] }
        var held: [TextValue] = []
        for text in quorum.roles {
            let claim = SeatClaim(text)
            guard let role = role(claim.role) else { continue }
            switch claim.place {
            case .home: guard request.organisation == view.home else { continue }
            case .organisation(let identifier):
                guard request.organisation == Party(.organisation, identifier) else { continue }
            case .any: break
            }
            try charge(Cost.lookup)
            do {
                if try view.holds(role: role, person: person, organisation: request.organisation) { held.append(text) }
            } catch {
                throw .fault(error)
            }
        }
        return held
    }

    private func isMachine(_ person: Party) throws(Stop) -> Bool {
        do { return try view.isMachine(person) } catch { throw .fault(error) }
    }
}
