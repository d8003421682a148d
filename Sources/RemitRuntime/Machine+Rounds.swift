import RemitLanguage
import RemitValues

/// Rounds of signatures: what the contract says of them; the engine does the rest.
extension Machine {
    /// Closes the rounds of the state that was left, and opens those of the state that was entered.
    func changeRounds() throws(Stop) {
        for index in program.approvals.indices {
            engine.close(index)
            if program.approvals[index].states.contains(caseState.state) { try open(index) }
        }
    }

    /// Opens the rounds of the present state afresh: nobody's signature covers what they did not see.
    func reopenRounds() throws(Stop) {
        for (index, approval) in program.approvals.enumerated()
        where approval.states.contains(caseState.state) && engine.opensAfresh(index) { try open(index) }
    }

    func open(_ index: Int) throws(Stop) {
        let approval = program.approvals[index]
        try charge(approval.openingCost)
        let head = try inFrame([], count: approval.headLocals) { () throws(Stop) in
            let quorum = try evaluate(approval.needs)
            var declines: Value?
            if let quorum = approval.declinedBy { declines = try evaluate(quorum) }
            var barred: [Value] = []
            for expression in approval.except {
                try barred.append(contentsOf: Engine<View>.parties(evaluate(expression)))
            }
            return (quorum, declines, barred, try evaluate(approval.within))
        }
        try engine.open(index, needs: head.0, declinedBy: head.1, barred: head.2, within: head.3)
    }

    /// A quorum whose organisations are worked out now.
    func quorum(_ groups: [CheckedSeats]) throws(Stop) -> Value {
        var settled: [Quorum.Group] = []
        for group in groups {
            var roles: [TextValue] = []
            for (role, scope) in group.roles {
                switch scope {
                case .home: roles.append(SeatClaim(role: role, place: .home).text)
                case .any: roles.append(SeatClaim(role: role, place: .any).text)
                case .organisation(let expression):
                    guard case .party(let party) = try evaluate(expression) else { throw misfit(expression.span) }
                    roles.append(SeatClaim(role: role, place: .organisation(party.identifier)).text)
                }
            }
            settled.append(Quorum.Group(count: group.count, roles: roles))
        }
        return Quorum(groups: settled).value
    }

    /// A signature, or a vote against with its reason, and what follows.
    func vote(_ index: Int, isDecline: Bool) throws(Stop) {
        if let outcome = try engine.vote(index, isDecline: isDecline) { try end(index, outcome) }
    }

    /// Ends a round and does what follows.
    func end(_ index: Int, _ outcome: RoundOutcome) throws(Stop) {
        let approval = program.approvals[index]
        engine.end(index, outcome)
        switch outcome {
        case .granted: try run(approval.granted)
        case .declined: try run(approval.declined)
        default: try run(approval.overdue)
        }
    }
}
