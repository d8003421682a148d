/// The last block, in brief.
public struct StoredHead: Hashable, Sendable {
    /// The number of the block.
    public let height: UInt64
    /// The digest of its header.
    public let digest: [UInt8]
    /// Seconds since 1970-01-01 00:00:00 UTC.
    public let time: Int64
}

/// A block as it was read.
public struct StoredBlock: Hashable, Sendable {
    /// The number of the block.
    public let height: UInt64
    /// The digest that the row names; whether it is that of `header` is the reader's to check.
    public let digest: [UInt8]
    /// The time that the row names, in seconds since 1970-01-01 00:00:00 UTC.
    public let time: Int64
    /// The header.
    public let header: [UInt8]
    /// The node's signature.
    public let signature: [UInt8]
    /// What fell due before the transactions, in order.
    public let deadlines: [DeadlineRecord]
    /// The transactions in order: as many as the row names.
    public let transactions: [TransactionRecord]
}

/// A transaction and its place.
public struct PlacedTransaction: Hashable, Sendable {
    /// The block it is in.
    public let height: UInt64
    /// Its place in the block, from 0.
    public let position: Int
    /// The transaction.
    public let record: TransactionRecord
}

/// The work of a deadline and its place.
public struct PlacedDeadline: Hashable, Sendable {
    /// The block it is in.
    public let height: UInt64
    /// Its place among the deadlines of the block, from 0.
    public let position: Int
    /// What came of it.
    public let record: DeadlineRecord
}

/// A value that an item of the state has or had.
public struct StateRow: Hashable, Sendable {
    /// The space of the item.
    public let space: String
    /// The item.
    public let item: [UInt8]
    /// The block that wrote the value.
    public let since: UInt64
    /// The block that replaced or deleted it; nil while it holds.
    public let until: UInt64?
    /// The value.
    public let value: [UInt8]
}
