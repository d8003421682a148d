/// What a verifier can find wrong with a block.
public enum FaultClass: String, Sendable, CaseIterable {
    /// The signed header does not decode.
    case header
    /// The genesis digest of the header is another one.
    case genesis
    /// The header has another height than its place.
    case height
    /// The header does not name the header before.
    case previous
    /// The block is earlier than the one before.
    case time
    /// The header's signature is not valid under the node's key.
    case headerSignature = "header-signature"
    /// The number of transactions is not the header's.
    case transactionCount = "transaction-count"
    /// The root over the transactions is not the header's.
    case transactionRoot = "transaction-root"
    /// A transaction does not decode.
    case transaction
    /// The genesis digest of a transaction is another one.
    case transactionGenesis = "transaction-genesis"
    /// A transaction's signature is not valid under its sender's key.
    case transactionSignature = "transaction-signature"
    /// A transaction stands in a block above its expiry.
    case expired
    /// There are fewer receipts than transactions.
    case receiptCount = "receipt-count"
    /// The root over the receipts is not the header's.
    case receiptRoot = "receipt-root"
    /// A receipt does not decode.
    case receipt
    /// A receipt is not that of the transaction at its place.
    case receiptTransaction = "receipt-transaction"
    /// The state trie after the block has another root than the header.
    case stateRoot = "state-root"
    /// The trie of the contract rows after the block has another root than the header.
    case rulesRoot = "rules-root"
    /// The trie of the key set rows after the block has another root than the header.
    case keySetRoot = "key-set-root"
    /// An exported chain, a tail or a snapshot is not in its form, or is cut short.
    case file
    /// An exported chain names another key than the one that is expected.
    case nodeKey = "node-key"
    /// An exported chain ends with another block than it says, or a snapshot with another number of rows.
    case end
    /// Blocks are missing between what is known and the first block of a tail.
    case gap
    /// The checkpoint of a snapshot is not in the strict form, or not the one that was kept; or a chain does not begin
    /// with the blocks that a checkpoint covers which was kept.
    case checkpoint
    /// The node's key did not sign the checkpoint of a snapshot.
    case checkpointKey = "checkpoint-key"
    /// A signature in the name of the node's key on the checkpoint of a snapshot is not valid.
    case checkpointSignature = "checkpoint-signature"
    /// The header of a snapshot is not the last one of the log that its checkpoint covers.
    case log

    /// What is wrong, in a few words.
    public var summary: String {
        switch self {
        case .header: "the header cannot be read"
        case .genesis: "the header belongs to another chain"
        case .height: "the header has another height"
        case .previous: "the header does not follow the one before"
        case .time: "the block is earlier than the one before"
        case .headerSignature: "the header is not signed by the node"
        case .transactionCount: "the number of transactions is not the header's"
        case .transactionRoot: "the transactions are not those that the header commits to"
        case .transaction: "the transaction cannot be read"
        case .transactionGenesis: "the transaction belongs to another chain"
        case .transactionSignature: "the transaction is not signed by its sender"
        case .expired: "the transaction had expired"
        case .receiptCount: "there are fewer receipts than transactions"
        case .receiptRoot: "the receipts are not those that the header commits to"
        case .receipt: "the receipt cannot be read"
        case .receiptTransaction: "the receipt is not that of this transaction"
        case .stateRoot: "the state after the block is not the one that the header commits to"
        case .rulesRoot: "the rules after the block are not those that the header commits to"
        case .keySetRoot: "the keys after the block are not those that the header commits to"
        case .file: "the file is not in its form, or not whole"
        case .nodeKey: "the file names another node key"
        case .end: "the file ends otherwise than it says"
        case .gap: "blocks are missing before the first one of the file"
        case .checkpoint: "the checkpoint cannot be read, or is not the one that is expected"
        case .checkpointKey: "the checkpoint is not signed by the node"
        case .checkpointSignature: "the node's signature on the checkpoint is not valid"
        case .log: "the header is not the last one that the checkpoint covers"
        }
    }
}

/// One thing that is wrong with one block, as data.
public struct ChainFault: Hashable, Sendable, CustomStringConvertible {
    /// The place of the block in the chain, from 0.
    public let height: UInt64
    /// The position of the transaction in the block, or of the receipt for its faults; nil for the block itself.
    public let position: Int?
    /// What is wrong.
    public let faultClass: FaultClass
    /// What should stand there; nil if that cannot be told.
    public let expected: String?
    /// What stands there; for bytes that cannot be read, why.
    public let found: String?

    /// A fault of these parts.
    public init(
        height: UInt64, position: Int? = nil, _ faultClass: FaultClass, expected: String? = nil, found: String? = nil
    ) {
        self.height = height
        self.position = position
        self.faultClass = faultClass
        self.expected = expected
        self.found = found
    }

    /// One line: the place, what is wrong, and what was expected and found.
    public var description: String {
        var line = "block \(height)"
        if let position {
            let isReceipt = faultClass == .receipt || faultClass == .receiptTransaction
            line += isReceipt ? ", receipt \(position)" : ", transaction \(position)"
        }
        line += ": " + faultClass.summary
        let details = [expected.map { "expected \($0)" }, found.map { "found \($0)" }].compactMap(\.self)
        return details.isEmpty ? line : line + " (" + details.joined(separator: ", ") + ")"
    }
}
