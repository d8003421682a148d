/// Something private as the store keeps it.
public struct VaultRecord: Hashable, Sendable {
    /// What stands on the chain in its place, 32 bytes.
    public var commitment: [UInt8]
    /// Under whose key the box is; once erased empty, unless the erasure named the subject.
    public var subject: [UInt8]
    /// The case that it belongs to; empty where it belongs to none.
    public var owner: String
    /// The commitment of the secret that its salt comes from, if there is one.
    public var source: [UInt8]?
    /// The block that brought it.
    public var height: UInt64
    /// The block that erased it; nil while it is there.
    public var erased: UInt64?
    /// The encrypted value; nil once erased.
    public var box: [UInt8]?

    /// A record of these parts.
    public init(
        commitment: [UInt8], subject: [UInt8], owner: String, source: [UInt8]?, height: UInt64, erased: UInt64?,
        box: [UInt8]?
    ) {
        self.commitment = commitment
        self.subject = subject
        self.owner = owner
        self.source = source
        self.height = height
        self.erased = erased
        self.box = box
    }
}

/// What a block changes in the vault; it is on disk together with the block.
public struct VaultCommit: Hashable, Sendable {
    /// The key of a subject.
    public struct Key: Hashable, Sendable {
        /// Whose key it is, 32 bytes.
        public let subject: [UInt8]
        /// The key, 32 bytes.
        public let key: [UInt8]

        /// A key of a subject.
        public init(subject: [UInt8], key: [UInt8]) {
            self.subject = subject
            self.key = key
        }
    }

    /// Something that is erased.
    public struct Erasure: Hashable, Sendable {
        /// What stands on the chain in its place, 32 bytes.
        public let commitment: [UInt8]
        /// The subject, where the erasure names it on the chain; else empty, and nothing is left of it.
        public let subject: [UInt8]

        /// An erasure of one row.
        public init(commitment: [UInt8], subject: [UInt8]) {
            self.commitment = commitment
            self.subject = subject
        }
    }

    /// New records; those that are there already stay as they are.
    public var records: [VaultRecord] = []
    /// New keys; those that are there already stay as they are.
    public var keys: [Key] = []
    /// What is erased.
    public var erased: [Erasure] = []
    /// Whether the block erases, be there something to erase or not.
    public var hasErasure = false

    /// Nothing to change.
    public init() {}
}
