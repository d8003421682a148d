import RemitLanguage
import RemitValues

/// Rounds of signatures: opening and closing.
extension Engine {
    func outcome(of round: Int) -> RoundOutcome {
        guard rounds.indices.contains(round) else { return .none }
        return rounds[round]?.outcome ?? .none
    }

    /// Those who count as signers in the last round, and those who signed in their names: a set.
    func signers(of round: Int) -> Value {
        guard rounds.indices.contains(round), let state = rounds[round] else { return .set([]) }
        return Value.makeSet(state.signatures.flatMap { [.party($0.signer), .party($0.by)] })
    }

    /// Closes a round that is open, since its state was left.
    func close(_ index: Int) {
        guard rounds[index]?.outcome == .open else { return }
        rounds[index]?.outcome = .closed
        note(.roundEnded(index, .closed), at: program.approvals[index].span)
    }

    /// The parties that a value bars from a round: one, those of a list or set, or none.
    static func parties(_ value: Value) -> [Value] {
        switch value {
        case .party: [value]
        case .list(let items), .set(let items): items
        default: []
        }
    }

    /// Opens a round with what its head came to.
    func open(_ index: Int, needs quorum: Value, declinedBy declines: Value?, barred: [Value], within term: Value)
        throws(Stop)
    {
        let approval = program.approvals[index]
        let due = try dueTime(term, from: request.now, approval.within.expression.span)
        guard due > request.now || !hasFired(.overdue(index)) else {
            throw .refused(
                Refusal(
                    .state, "`\(approval.name)` would be overdue again at the moment at which it is", at: approval.span)
            )
        }
        let round = RoundState(
            outcome: .open, opened: request.now, due: due, quorum: quorum, declineQuorum: declines,
            excluded: Self.sorted(barred), signatures: [], declines: [])
        rounds[index] = round
        note(.roundOpened(index, due: round.due), at: approval.span)
        if try !canBeFilled(round, approval.span) { keepUnfillable(index) }
    }

    /// Opens a round as one like it was opened before.
    func open(_ index: Int, like known: KnownOpenings.Opening) {
        rounds[index] = known.round
        if known.isUnfillable { keepUnfillable(index) }
    }

    private static func sorted(_ values: [Value]) -> [Party] {
        if values.isEmpty { return [] }
        guard case .set(let items) = Value.makeSet(values) else { return [] }
        return items.compactMap { if case .party(let party) = $0 { party } else { nil } }
    }

    func quorum(_ value: Value, _ span: Span) throws(Stop) -> Quorum {
        guard let quorum = Quorum(value) else { throw misfit(span) }
        return quorum
    }

    /// Whether those who hold the roles now, and are not excluded, could fill every seat.
    private func canBeFilled(_ round: RoundState, _ span: Span) throws(Stop) -> Bool {
        let quorum = try quorum(round.quorum, span)
        let seats = quorum.seats.count
        var roles: [Party: [TextValue]] = [:]
        for text in quorum.roles {
            let claim = SeatClaim(text)
            guard let role = role(claim.role) else { throw misfit(span) }
            let organisation: Party
            switch claim.place {
            case .home: organisation = view.home
            case .organisation(let identifier): organisation = Party(.organisation, identifier)
            case .any: continue
            }
            if round.excluded.contains(organisation) { continue }
            let holders: [Party]
            do { holders = try view.holders(role: role, organisation: organisation) } catch { throw .fault(error) }
            var looked = 0
            var found = 0
            // A role with as many holders as there are seats fills its seats, whoever sits on the others.
            for person in holders where found < seats {
                looked += 1
                if round.excluded.contains(person) { continue }
                found += 1
                roles[person, default: []].append(text)
            }
            try charge(Cost.elements(looked))
        }
        var seating = Seating(quorum)
        for person in roles.keys.sorted() where !seating.isFull { _ = seating.seat(roles[person] ?? []) }
        // Who there is in any organisation is not known: such seats can be filled.
        for text in quorum.seats.flatMap({ $0 }) where SeatClaim(text).place == .any && !seating.isFull {
            _ = seating.seat([text])
        }
        return seating.isFull
    }

    func role(_ name: TextValue) -> Int? { program.roles.firstIndex { TextValue($0) == name } }

    /// Ends a round; the contract says what follows.
    func end(_ index: Int, _ outcome: RoundOutcome) {
        rounds[index]?.outcome = outcome
        ended = index
        note(.roundEnded(index, outcome), at: program.approvals[index].span)
    }

    /// Whether what was written while the state stayed opens a round of the state afresh: nobody's signature covers
    /// what they did not see.
    ///
    /// What follows a round is part of what was signed in it; so its outcome opens afresh all others, also those that
    /// have ended.
    func opensAfresh(_ index: Int) -> Bool { ended != index }
}
