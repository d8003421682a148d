import RemitLedger
import RemitValues

/// What one administrator may not do alone.
extension SystemContract {
    func setQuorum(_ subject: SystemCall.QuorumSubject, _ count: Int64) throws(NodeError) -> SystemRefusal? {
        if let refusal = try agreementNeeded(.administration) { return refusal }
        if let refusal = impossible(.setQuorum(subject, count: count)) { return refusal }
        let seats = try identities.signingAdministrators(at: height &+ 1).count
        guard count <= seats else {
            return .quorum("there are \(seats) administrators: \(count) could never agree")
        }
        state.set(StateLayout.quorum(subject), .integer(count))
        return nil
    }

    func propose(_ name: TextValue, _ arguments: [Value]) throws(NodeError) -> SystemRefusal? {
        if let refusal = try voterNeeded() { return refusal }
        guard let call = SystemCall(name: name.string, arguments: arguments),
            let subject = Proposal.subject(call, founder: organisation)
        else { return .invalid("\(name) with such arguments is nothing that administrators vote on") }
        if let refusal = impossible(call) { return refusal }
        let expiry = Int64(clamping: height &+ Limits.proposalBlocks)
        let proposal = Proposal(
            identifier: transaction, name: name, arguments: arguments, votes: [actor.identifier], expiry: expiry)
        return try keepOrCarryOut(proposal, call, subject)
    }

    /// Refuses whoever counts in no quorum of administrators, not even in one of a single person.
    func voterNeeded() throws(NodeError) -> SystemRefusal? {
        if let refusal = try administratorNeeded() { return refusal }
        guard try !identities.isMachine(actor.identifier) else {
            return .unauthorised("\(actor) is a machine account, which counts in no quorum of administrators")
        }
        return nil
    }

    /// What no vote can make possible, whatever the state is.
    private func impossible(_ call: SystemCall) -> SystemRefusal? {
        switch call {
        case .setQuorum(_, let count) where !(1...Limits.quorum).contains(count):
            .invalid("a quorum has 1 to \(Limits.quorum) administrators, not \(count)")
        case .grantRole(_, let role, _): badName(role)
        case .addKey(_, let key): unusable(key)
        default: nil
        }
    }

    func endorse(_ identifier: Digest) throws(NodeError) -> SystemRefusal? {
        if let refusal = try voterNeeded() { return refusal }
        let row = try state.value(StateLayout.proposal(identifier))
        guard var proposal = Proposal(row: row, identifier: identifier), let call = proposal.call,
            let subject = Proposal.subject(call, founder: organisation)
        else { return .unknown("there is no open proposal \(identifier.hex)") }
        guard proposal.isOpen(at: height) else {
            return .invalid("the proposal stood until block \(proposal.expiry)")
        }
        guard !proposal.votes.contains(actor.identifier) else {
            return SystemRefusal(code: "alreadySigned", text: "\(actor) voted for this proposal before")
        }
        proposal.votes.append(actor.identifier)
        return try keepOrCarryOut(proposal, call, subject)
    }

    /// Takes a proposal back, by whoever made it; one that has expired, by any administrator.
    func withdraw(_ identifier: Digest) throws(NodeError) -> SystemRefusal? {
        if let refusal = try administratorNeeded() { return refusal }
        let key = StateLayout.proposal(identifier)
        guard let proposal = Proposal(row: try state.value(key), identifier: identifier) else {
            return .unknown("there is no open proposal \(identifier.hex)")
        }
        guard proposal.votes.first == actor.identifier || !proposal.isOpen(at: height) else {
            return .unauthorised("only who made the proposal may withdraw it before block \(proposal.expiry &+ 1)")
        }
        state.set(key, nil)
        return nil
    }

    /// Carries the call out once enough of those who voted are administrators still, and no machines; else keeps the
    /// votes.
    private func keepOrCarryOut(
        _ proposal: Proposal, _ call: SystemCall, _ subject: SystemCall.QuorumSubject
    ) throws(NodeError) -> SystemRefusal? {
        var votes: Int64 = 0
        for person in proposal.votes where try isAdministrator(person, of: organisation) {
            if try !identities.isMachine(person) { votes += 1 }
        }
        let needed = try identities.quorum(subject)
        guard votes >= needed else {
            state.set(StateLayout.proposal(proposal.identifier), proposal.row)
            return nil
        }
        state.set(StateLayout.proposal(proposal.identifier), nil)
        var agreed = self
        agreed.isAgreed = true
        return try agreed.perform(call)
    }
}
