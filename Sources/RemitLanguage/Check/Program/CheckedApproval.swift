public import RemitValues

/// Seats that different people fill: `2 of FinanceOfficer and 1 of (A or B)`.
public struct Quorum: Hashable, Sendable {
    /// A number of seats, each for a holder of any of some roles.
    public struct Group: Hashable, Sendable {
        public let count: Int
        /// The texts of `SeatClaim`s, in order of writing.
        public let roles: [TextValue]
        public init(count: Int, roles: [TextValue]) {
            self.count = count
            self.roles = roles
        }
    }

    public let groups: [Group]
    public init(groups: [Group]) { self.groups = groups }

    /// The roles of each seat, one entry a seat.
    public var seats: [[TextValue]] { groups.flatMap { Array(repeating: $0.roles, count: $0.count) } }

    /// The quorum as a value: a list of records of the count and the list of roles.
    public var value: Value {
        .list(
            groups.map { group in
                .record([.integer(Int64(group.count)), .list(group.roles.map { .enumeration($0) })])
            })
    }

    /// The quorum that a value stands for; nil where it stands for none, or has more seats than are allowed.
    public init?(_ value: Value) {
        guard case .list(let items) = value else { return nil }
        var groups: [Group] = []
        var seats: Int64 = 0
        for item in items {
            guard case .record(let parts) = item, parts.count == 2, case .integer(let count) = parts[0], count > 0,
                count <= Int64(Limits.quorumSeats), case .list(let names) = parts[1]
            else { return nil }
            seats += count
            var roles: [TextValue] = []
            for name in names {
                guard case .enumeration(let role) = name else { return nil }
                roles.append(role)
            }
            groups.append(Group(count: Int(count), roles: roles))
        }
        guard seats <= Int64(Limits.quorumSeats) else { return nil }
        self.groups = groups
    }
}

extension Quorum: CustomStringConvertible {
    /// The quorum as a contract writes it: `2 of Nurse and 1 of (Doctor or Head of any organisation)`.
    public var description: String {
        groups.map { group in
            let roles = group.roles.map(\.string).joined(separator: " or ")
            return "\(group.count) of " + (group.roles.count == 1 ? roles : "(\(roles))")
        }.joined(separator: " and ")
    }
}

/// A named round of signatures.
public struct ApprovalDeclaration: Sendable {
    public let name: String
    /// The states (indices) on whose entry the round opens.
    public let states: [Int]
    /// Of type Quorum; evaluated, like `except` and `within`, when the round opens.
    public let needs: Priced
    /// Parties, lists or sets of parties, or optional ones, who may not sign.
    public let except: [CheckedExpression]
    /// The quorum whose declines end the round; nil: one decline ends it.
    public let declinedBy: Priced?
    /// Of type Term.
    public let within: Priced
    /// The locals that the head needs.
    public let headLocals: Int
    public let granted: CheckedBody
    public let declined: CheckedBody
    public let overdue: CheckedBody
    /// What the policy cites for the round.
    public let source: String?
    public let span: Span
    public init(
        name: String, states: [Int], needs: Priced, except: [CheckedExpression], declinedBy: Priced?, within: Priced,
        headLocals: Int, granted: CheckedBody, declined: CheckedBody, overdue: CheckedBody, source: String?,
        span: Span
    ) {
        self.name = name
        self.states = states
        self.needs = needs
        self.except = except
        self.declinedBy = declinedBy
        self.within = within
        self.headLocals = headLocals
        self.granted = granted
        self.declined = declined
        self.overdue = overdue
        self.source = source
        self.span = span
    }

    /// What opening the round costs, beyond its blocks.
    public var openingCost: UInt64 { Cost.round + except.reduce(0) { $0 + $1.cost } }
}

/// How a round stands.
public enum RoundOutcome: String, CaseIterable, Sendable {
    /// No round has been opened yet.
    case none
    case open, granted, declined, overdue
    /// The case left the state before the round was decided.
    case closed

    /// Its name as a value.
    var word: Value { .enumeration(TextValue(rawValue)) }
}

/// A warning that an author has answered with a reason.
public struct AcceptedWarning: Sendable {
    /// The name of the warning, such as `unapprovedPayment`.
    public let warning: String
    public let reason: String
    /// The action, approval or other declaration that accepts it.
    public let owner: String
    public let span: Span
    public init(warning: String, reason: String, owner: String, span: Span) {
        self.warning = warning
        self.reason = reason
        self.owner = owner
        self.span = span
    }
}
