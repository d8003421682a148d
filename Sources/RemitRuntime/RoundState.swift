public import RemitLanguage
public import RemitValues

/// A round of signatures, open or decided, as the case keeps it.
public struct RoundState: Hashable, Sendable {
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

        public init(signer: Party, by: Party, roles: [TextValue], reason: TextValue?) {
            self.signer = signer
            self.by = by
            self.roles = roles
            self.reason = reason
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
    public var seats: (all: Int, filled: Int, open: [SeatClaim]) { Self.seats(quorum, signatures) }

    /// The seats that are open, as a contract writes them: `2 of Officer and 1 of Chief`.
    ///
    /// Nil where somebody else's signature would do as well, since signers would then move up.
    public var openSeats: Quorum? {
        guard let quorum = Quorum(quorum) else { return nil }
        var seating = Seating(quorum)
        for vote in signatures { _ = seating.seat(vote.roles) }
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
        declineQuorum.map { Self.seats($0, declines) }
    }

    private static func seats(_ quorum: Value, _ votes: [Vote]) -> (all: Int, filled: Int, open: [SeatClaim]) {
        guard let quorum = Quorum(quorum) else { return (0, 0, []) }
        var seating = Seating(quorum)
        for vote in votes { _ = seating.seat(vote.roles) }
        let open = quorum.roles.filter { role in
            var next = seating
            return next.seat([role])
        }
        return (quorum.seats.count, seating.filled, open.map { SeatClaim($0) })
    }

    /// Whether a person has voted, or somebody in their name.
    func hasVote(of person: Party) -> Bool {
        (signatures + declines).contains { $0.signer == person || $0.by == person }
    }
}

/// Seating: the most seats that people can fill, each one seat, by augmenting paths.
struct Seating {
    /// The roles that each seat is for.
    private let seats: [[TextValue]]
    /// Whom each seat holds, by the position among the people.
    private var holders: [Int?]
    private var people: [[TextValue]] = []

    init(_ quorum: Quorum) {
        seats = quorum.seats
        holders = Array(repeating: nil, count: seats.count)
    }

    /// How many seats are filled.
    var filled: Int { holders.count { $0 != nil } }

    var isFull: Bool { filled == seats.count }

    /// How many of some seats that stand beside each other nobody holds.
    func open(from first: Int, count: Int) -> Int { holders[first..<(first + count)].count { $0 == nil } }

    /// Seats a person with these roles; false where they add no seat, and then nothing changes.
    mutating func seat(_ roles: [TextValue]) -> Bool {
        people.append(roles)
        var seen = [Bool](repeating: false, count: seats.count)
        if place(people.count - 1, &seen) { return true }
        people.removeLast()
        return false
    }

    // The depth is at most the number of seats, which is limited.
    private mutating func place(_ person: Int, _ seen: inout [Bool]) -> Bool {
        for seat in seats.indices where !seen[seat] && seats[seat].contains(where: { people[person].contains($0) }) {
            seen[seat] = true
            guard let holder = holders[seat] else {
                holders[seat] = person
                return true
            }
            if place(holder, &seen) {
                holders[seat] = person
                return true
            }
        }
        return false
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
