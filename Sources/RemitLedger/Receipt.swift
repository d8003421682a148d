/// What came of a transaction, or of a deadline that fell due.
public struct Receipt: LedgerItem {
    /// How a transition ended.
    public enum Outcome: Sendable {
        /// It took place.
        case done
        /// It was refused: the code of the reason (may be empty) and its text.
        case refused(code: String, text: String)
        /// It is the work of a deadline that faulted, and commits nothing.
        case stalled(reason: String)
    }

    /// A movement of money between two accounts of a fund.
    public struct Posting: Sendable {
        /// The fund.
        public let fund: String
        /// The account that is debited.
        public let debit: String
        /// The account that is credited.
        public let credit: String
        /// The currency, by its ISO 4217 code.
        public let currency: String
        /// The amount in minor units.
        public let minorUnits: Int64

        /// A posting of these parts.
        public init(fund: String, debit: String, credit: String, currency: String, minorUnits: Int64) {
            self.fund = fund
            self.debit = debit
            self.credit = credit
            self.currency = currency
            self.minorUnits = minorUnits
        }
    }

    /// A message to a party.
    public struct Notice: Sendable {
        /// Whom it is for.
        public let to: String
        /// What it says.
        public let text: String

        /// A notice.
        public init(to: String, text: String) {
            self.to = to
            self.text = text
        }
    }

    /// The transaction; all zero for a deadline.
    public var transaction: Digest
    /// How it ended.
    public var outcome: Outcome
    /// The rounds that opened and that nobody can fill.
    public var unfillableRounds: [String]
    /// What changed in the state: strictly ascending by key.
    public var changes: [StateChange]
    /// Movements of money, in order.
    public var postings: [Posting]
    /// Messages, in order.
    public var notices: [Notice]
    /// The steps that it cost.
    public var cost: UInt64
    /// The digest of `Findings`.
    public var findings: Digest
    /// The case touched, if there is one.
    public var caseReference: String?

    /// A receipt of these parts; the changes are brought into order, and of those with one key the last counts.
    public init(
        transaction: Digest, outcome: Outcome, unfillableRounds: [String] = [], changes: [StateChange] = [],
        postings: [Posting] = [], notices: [Notice] = [], cost: UInt64, findings: Digest = Findings.none.digest,
        caseReference: String? = nil
    ) {
        self.transaction = transaction
        self.outcome = outcome
        self.unfillableRounds = unfillableRounds
        self.changes = StateChange.inOrder(changes)
        self.postings = postings
        self.notices = notices
        self.cost = cost
        self.findings = findings
        self.caseReference = caseReference
    }

    /// The digest by which the receipt is known.
    public var digest: Digest {
        Hashing.digest(.receipt, encoded)
    }
}

extension StateChange {
    /// Changes of different rows in ascending order of their keys.
    public static func sorted(_ changes: [StateChange]) -> [StateChange] {
        // Numbers are moved about, not the changes, each move of which would be counted.
        var places = Array(changes.indices)
        changes.withUnsafeBufferPointer { changes in
            places.sort { changes[$0].key < changes[$1].key }
        }
        return places.map { changes[$0] }
    }
}

/// A state row that a transition wrote or removed.
public struct StateChange: Sendable {
    /// The row.
    public let key: StateKey
    /// The new value; nil where the row is removed.
    public let value: [UInt8]?

    /// A change of a row.
    public init(key: StateKey, value: [UInt8]?) {
        self.key = key
        self.value = value
    }

    /// The changes in ascending order of their keys; of those with one key the last counts.
    static func inOrder(_ changes: [StateChange]) -> [StateChange] {
        if changes.isEmpty { return [] }
        var sorted: [StateChange] = []
        let numbered = changes.enumerated().sorted { left, right in
            left.element.key == right.element.key
                ? left.offset < right.offset : left.element.key < right.element.key
        }
        for (_, change) in numbered {
            if sorted.last?.key == change.key {
                sorted.removeLast()
            }
            sorted.append(change)
        }
        return sorted
    }
}
