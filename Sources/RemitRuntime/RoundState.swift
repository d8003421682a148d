public import RemitLanguage
public import RemitValues

/// A round of signatures, open or decided, as the case keeps it.
public struct RoundState: Hashable, Sendable {
    /// Somebody whom a vote may count for.
    public struct Candidate: Hashable, Sendable {
        public let person: Party
        /// The roles of the quorum that the person held when the vote was given.
        public let roles: [TextValue]

        public init(person: Party, roles: [TextValue]) {
            self.person = person
            self.roles = roles
        }
    }

    /// A vote; it is final within its round.
    public struct Vote: Hashable, Sendable {
        /// The person who counts: the one who voted, or whom that one stands in for.
        public let signer: Party
        /// The person who voted.
        public let by: Party
        /// The roles of the quorum that the signer held when the vote was given.
        public let roles: [TextValue]
        /// Why somebody declined.
        public let reason: TextValue?
        /// All whom the vote may count for, the signer among them, the one who voted first; empty where there is no
        /// other. Later votes may move it from one to another.
        public let choices: [Candidate]

        public init(
            signer: Party, by: Party, roles: [TextValue], reason: TextValue?, choices: [Candidate] = []
        ) {
            self.signer = signer
            self.by = by
            self.roles = roles
            self.reason = reason
            self.choices = choices
        }

        /// All whom the vote may count for.
        var candidates: [Candidate] {
            choices.isEmpty ? [Candidate(person: signer, roles: roles)] : choices
        }

        /// The same vote, counted for one of its candidates.
        func counting(for candidate: Candidate) -> Vote {
            Vote(signer: candidate.person, by: by, roles: candidate.roles, reason: reason, choices: choices)
        }
    }

    public var outcome: RoundOutcome
    public let opened: Instant
    /// The round is overdue at this instant, whatever the calendar becomes.
    public let due: Instant
    /// The value of a `Quorum`, as worked out on opening.
    public let quorum: Value
    /// The quorum whose declines end the round; nil: one decline does.
    public let declineQuorum: Value?
    /// Who may not sign, sorted.
    public let excluded: [Party]
    public var signatures: [Vote]
    public var declines: [Vote]

    public init(
        outcome: RoundOutcome, opened: Instant, due: Instant, quorum: Value, declineQuorum: Value?,
        excluded: [Party], signatures: [Vote], declines: [Vote]
    ) {
        self.outcome = outcome
        self.opened = opened
        self.due = due
        self.quorum = quorum
        self.declineQuorum = declineQuorum
        self.excluded = excluded
        self.signatures = signatures
        self.declines = declines
    }

    /// How many seats the quorum has, how many are filled, and whom another signature may come from.
    ///
    /// A role is told if somebody who holds it alone would fill a seat; signers then move up where they can.
    public var seats: (all: Int, filled: Int, open: [SeatClaim]) {
        Self.seats(quorum, candidates(of: signatures, beside: declines))
    }

    /// The seats that are open, as a contract writes them: `2 of Officer and 1 of Chief`.
    ///
    /// Nil where somebody else's signature would do as well, since signers would then move up.
    public var openSeats: Quorum? {
        guard let quorum = Quorum(quorum) else { return nil }
        var seating = Seating(quorum)
        for candidates in candidates(of: signatures, beside: declines) { _ = seating.seat(candidates) }
        var groups: [Quorum.Group] = []
        var first = 0
        for group in quorum.groups {
            let open = seating.open(from: first, count: group.count)
            if open > 0 { groups.append(Quorum.Group(count: open, roles: group.roles)) }
            first += group.count
        }
        let left = Quorum(groups: groups)
        return left.roles.sorted() == seats.open.map(\.text).sorted() ? left : nil
    }

    /// The same for the declines that end the round; nil where one does.
    public var declineSeats: (all: Int, filled: Int, open: [SeatClaim])? {
        declineQuorum.map { Self.seats($0, candidates(of: declines, beside: signatures)) }
    }

    private static func seats(
        _ quorum: Value, _ votes: [[Candidate]]
    ) -> (all: Int, filled: Int, open: [SeatClaim]) {
        guard let quorum = Quorum(quorum) else { return (0, 0, []) }
        var seating = Seating(quorum)
        for candidates in votes { _ = seating.seat(candidates) }
        let open = quorum.roles.filter { role in
            var next = seating
            return next.seat([role])
        }
        return (quorum.seats.count, seating.filled, open.map { SeatClaim($0) })
    }

    /// Whom each vote of one kind may count for, beside the votes of the other kind as they are counted.
    ///
    /// Whoever votes counts for nobody else's vote, and nobody counts for a vote of either kind.
    func candidates(of votes: [Vote], beside others: [Vote]) -> [[Candidate]] {
        votes.map { vote in
            vote.candidates.filter { candidate in
                let person = candidate.person
                return person == vote.by
                    || !(votes.contains { $0.by == person }
                        || others.contains { $0.by == person || $0.signer == person })
            }
        }
    }
}

extension Quorum {
    /// Every role that a seat is for, in order of writing, once each.
    var roles: [TextValue] {
        var found: [TextValue] = []
        for role in groups.flatMap(\.roles) where !found.contains(role) { found.append(role) }
        return found
    }
}
