public import RemitLanguage
public import RemitValues

/// What a request came to.
public struct Transition: Sendable {
    public let outcome: Outcome
    /// The steps charged.
    public let cost: UInt64
    /// All findings of the checks that ran, in order.
    public let findings: [Finding]
    /// The account of the decision, where it was asked for.
    public let trace: Trace?

    /// Done, with what is to be written; or refused, with nothing to write.
    public enum Outcome: Sendable {
        case done(Effects)
        case refused(Refusal)
    }

    public init(outcome: Outcome, cost: UInt64, findings: [Finding], trace: Trace?) {
        self.outcome = outcome
        self.cost = cost
        self.findings = findings
        self.trace = trace
    }
}

/// What a transition writes, all or nothing.
public struct Effects: Sendable {
    /// The case after the transition.
    public let caseState: CaseState
    /// The rows written, with their last values, sorted by register and key.
    public let rows: [RowWrite]
    /// Unique keys that the case now holds and did not hold before.
    public let claimed: [UniqueKey]
    /// Unique keys that the case held before and does not hold now.
    public let freed: [UniqueKey]
    /// Notices in the order in which they were given.
    public let notices: [Notice]
    /// The funds that changed, with what they hold now, own ones first, each sorted by name.
    public let funds: [FundWrite]
    /// Movements of money in order.
    public let postings: [Posting]
    /// The approvals whose rounds opened and cannot be filled by anybody, in order of writing.
    public let unfillable: [String]
    /// For each field of the case the argument (index) that it still is as it came, nil for one that is none; empty
    /// where that was not followed.
    public internal(set) var arguments: [Int?] = []

    /// A row of a register.
    public struct RowWrite: Hashable, Sendable {
        public let register: Int
        public let keys: [Value]
        public let row: [Value]
    }

    /// A key of a `unique by`.
    public struct UniqueKey: Hashable, Sendable {
        public let unique: Int
        public let key: [Value]
    }

    /// A notice to those who hold a role, or to a party.
    public struct Notice: Hashable, Sendable {
        /// The role's name, or the party's.
        public let recipient: String
        public let text: String
    }
}

/// Why a request was refused.
public struct Refusal: Error, Sendable {
    public let reason: RefusalReason
    /// The contract's own code, if the rule gives one.
    public let code: String?
    /// One line for people.
    public let text: String
    /// The place in the contract that refused, if one did.
    public let span: Span?
    /// The text without the values that the engine's own words hold, where it can be told without them.
    public let openText: String?

    public init(
        _ reason: RefusalReason, code: String? = nil, _ text: String, at span: Span? = nil, openText: String? = nil
    ) {
        self.reason = reason
        self.code = code
        self.text = text
        self.span = span
        self.openText = openText
    }
}

/// The engine's words for refusals; scenarios and receipts name them.
public enum RefusalReason: String, CaseIterable, Sendable {
    /// An argument is missing, surplus, of another type or out of bounds.
    case argument
    /// The case is not in a state in which the action may be performed.
    case state
    /// The actor holds none of the roles, and is none of the parties, that may act.
    case role
    /// The actor is excluded.
    case excluded
    /// Another case has the same key.
    case unique
    /// A `require` does not hold.
    case requirement
    /// The signer has voted in this round already.
    case alreadySigned
    /// The signer could fill no seat that is still free.
    case noSeat
    /// The case has changed since the sender saw it.
    case changed
    /// A fund does not hold the amount, or less than nothing would move.
    case funds
    /// A form names a case of another contract that is not there.
    case noCase
    /// A case of another contract follows a version in which it does not show what is asked of it.
    case unreadable
    /// A `refuse` was reached.
    case refused
    /// A `let … else` found no value.
    case missing
    /// A number or amount does not fit.
    case overflow
    /// A result has more than 18 fractional digits.
    case precision
    case divisionByZero
    /// A date or time out of range, or a day that does not exist.
    case dateRange
    /// No period of a dated rule covers the day.
    case noRule
    /// No row of a table fits, or more than one of a unique one.
    case noRow
    /// A list would grow past its bound, or a text past its length.
    case bound
    /// The checks to be asked have not run.
    case notRun
    /// An invariant would be broken.
    case invariant
    /// A private value that a rule needs was erased, or is not in the vault.
    case erased
    /// The transition passed its budget of steps, depth or memory.
    case budget
    /// The program does not fit the request; the checker excludes it.
    case internalFault = "internal"

    /// The word as scenarios and receipts write it.
    public var word: String { rawValue }
}
