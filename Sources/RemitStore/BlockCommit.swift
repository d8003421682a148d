/// A transaction as the store keeps it.
public struct TransactionRecord: Hashable, Sendable {
    /// The digest by which it is known; no two are the same in a ledger.
    public var digest: [UInt8]
    /// The bytes that the sender signed.
    public var body: [UInt8]
    /// The sender's signature.
    public var signature: [UInt8]
    /// What came of it.
    public var receipt: [UInt8]
    /// The findings behind the receipt, if there are any.
    public var findings: [UInt8]?
    /// The action that was called.
    public var call: String
    /// The case that it is about, if any.
    public var caseReference: String?
    /// How it ended, in a word.
    public var outcome: String

    /// A transaction of these parts.
    public init(
        digest: [UInt8], body: [UInt8], signature: [UInt8], receipt: [UInt8], findings: [UInt8]?, call: String,
        caseReference: String?, outcome: String
    ) {
        self.digest = digest
        self.body = body
        self.signature = signature
        self.receipt = receipt
        self.findings = findings
        self.call = call
        self.caseReference = caseReference
        self.outcome = outcome
    }
}

/// What a contract did by itself, as the store keeps it.
public struct DeadlineRecord: Hashable, Sendable {
    /// What came of it.
    public var receipt: [UInt8]
    /// The findings behind the receipt, if there are any.
    public var findings: [UInt8]?
    /// The case that it is about.
    public var caseReference: String?
    /// How it ended, in a word.
    public var outcome: String

    /// The work of a deadline.
    public init(receipt: [UInt8], findings: [UInt8]?, caseReference: String?, outcome: String) {
        self.receipt = receipt
        self.findings = findings
        self.caseReference = caseReference
        self.outcome = outcome
    }
}

/// A change of one item of the state.
public struct StateWrite: Hashable, Sendable {
    /// The space of the item.
    public var space: String
    /// The item; may be empty.
    public var item: [UInt8]
    /// Its value from this block on; nil deletes it.
    public var value: [UInt8]?

    /// The item gets this value, or is deleted if it is nil.
    public init(space: String, item: [UInt8], value: [UInt8]?) {
        self.space = space
        self.item = item
        self.value = value
    }

    /// The order of the rows in the database: bytes of the space, then bytes of the item.
    func precedes(_ other: StateWrite) -> Bool {
        if space.utf8.elementsEqual(other.space.utf8) {
            return item.lexicographicallyPrecedes(other.item)
        }
        return space.utf8.lexicographicallyPrecedes(other.space.utf8)
    }

    func hasSameKey(as other: StateWrite) -> Bool {
        item == other.item && space.utf8.elementsEqual(other.space.utf8)
    }
}

/// Everything that one block writes; it is on disk whole or not at all.
public struct BlockCommit: Hashable, Sendable {
    /// The number of the block, one above the head's; 0 in an empty ledger.
    public var height: UInt64
    /// The digest of the header.
    public var digest: [UInt8]
    /// Seconds since 1970-01-01 00:00:00 UTC.
    public var time: Int64
    /// The header.
    public var header: [UInt8]
    /// The node's signature of the header.
    public var signature: [UInt8]
    /// What fell due before the transactions, in order.
    public var deadlines: [DeadlineRecord]
    /// The transactions in order.
    public var transactions: [TransactionRecord]
    /// The changes of the state, in any order, at most one of each item.
    public var changes: [StateWrite]
    /// The same for auditors, in columns.
    public var audit: AuditRows
    /// What changes in the vault.
    public var vault: VaultCommit

    /// A block of these parts.
    public init(
        height: UInt64, digest: [UInt8], time: Int64, header: [UInt8], signature: [UInt8],
        deadlines: [DeadlineRecord] = [], transactions: [TransactionRecord], changes: [StateWrite],
        audit: AuditRows = AuditRows(), vault: VaultCommit = VaultCommit()
    ) {
        self.height = height
        self.digest = digest
        self.time = time
        self.header = header
        self.signature = signature
        self.deadlines = deadlines
        self.transactions = transactions
        self.changes = changes
        self.audit = audit
        self.vault = vault
    }
}
