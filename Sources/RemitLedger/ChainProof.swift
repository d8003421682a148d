/// A proof file: something that is so in a chain, with all that is needed to check it but the ledger's public key.
public struct ChainProof: Sendable {
    /// What is proved.
    public enum Content: Sendable {
        /// A transaction is in a block.
        case transaction(BlockPart, TransactionPart)
        /// The state stood so after a block.
        case state(BlockPart, StateProof)
        /// A transaction is in a block, with this receipt, these findings, under these rules.
        case receipt(BlockPart, TransactionPart, ReceiptPart)
        /// The log of the checkpoint begins with that of an older one.
        case consistency(older: [UInt8], path: [Digest])
        /// A contract did this by itself in a block, with this receipt, these findings, under these rules.
        case due(BlockPart, DuePart)
        /// These are all the decisions that made the case what it was after a block.
        case decisions(BlockPart, StateProof, [DecisionPart])
    }

    /// A block's header in the log.
    public struct BlockPart: Sendable {
        /// The encoded header; its height is its place in the log.
        public let header: [UInt8]
        /// The RFC 6962 inclusion proof of the header, lowest sibling first.
        public let path: [Digest]

        /// A header with its path.
        public init(header: [UInt8], path: [Digest]) {
            self.header = header
            self.path = path
        }
    }

    /// A transaction in its block.
    public struct TransactionPart: Sendable {
        /// The encoded transaction.
        public let transaction: [UInt8]
        /// Its position among the transactions, from 0.
        public let position: UInt64
        /// The RFC 6962 inclusion proof of its digest.
        public let path: [Digest]

        /// A transaction with its path.
        public init(transaction: [UInt8], position: UInt64, path: [Digest]) {
            self.transaction = transaction
            self.position = position
            self.path = path
        }
    }

    /// What came of the transaction.
    public struct ReceiptPart: Sendable {
        /// The encoded receipt.
        public let receipt: [UInt8]
        /// The number of receipts of the block.
        public let count: UInt64
        /// The RFC 6962 inclusion proof of the receipt's digest; its position follows from the transaction's.
        public let path: [Digest]
        /// The encoded findings.
        public let findings: [UInt8]
        /// The rules that decided; nil for the ledger's own, or where none of that digest is deployed.
        public let rules: RulesPart?

        /// A receipt with its path.
        public init(receipt: [UInt8], count: UInt64, path: [Digest], findings: [UInt8], rules: RulesPart?) {
            self.receipt = receipt
            self.count = count
            self.path = path
            self.findings = findings
            self.rules = rules
        }
    }

    /// What fell due in a block, and what came of it.
    public struct DuePart: Sendable {
        /// Its position among what fell due in the block, from 0.
        public let position: UInt64
        /// What came of it.
        public let receipt: ReceiptPart
        /// The row of the case, where the receipt of a deadline does not write it.
        public let row: SteadyRow?

        /// A receipt with its place.
        public init(position: UInt64, receipt: ReceiptPart, row: SteadyRow? = nil) {
            self.position = position
            self.receipt = receipt
            self.row = row
        }
    }

    /// The row of a case after a block and after the one before: under one contract, it followed it in between too.
    public struct SteadyRow: Sendable {
        /// The row after the block.
        public let after: StateProof
        /// The header of the block before.
        public let earlier: BlockPart
        /// The row after the block before.
        public let before: StateProof

        /// A row at both ends of a block.
        public init(after: StateProof, earlier: BlockPart, before: StateProof) {
            self.after = after
            self.earlier = earlier
            self.before = before
        }
    }

    /// One of the decisions about a case, without the rules.
    public enum DecisionPart: Sendable {
        /// A transaction decided.
        case transaction(BlockPart, TransactionPart, ReceiptPart)
        /// A contract decided by itself.
        case due(BlockPart, DuePart)
    }

    /// The state row of a contract under the rules root.
    public struct RulesPart: Sendable {
        /// The value of the row.
        public let row: [UInt8]
        /// The path of the row in the trie of the rules.
        public let path: [UInt8]

        /// A row with its path.
        public init(row: [UInt8], path: [UInt8]) {
            self.row = row
            self.path = path
        }
    }

    /// The bytes of the signed checkpoint.
    public let checkpoint: [UInt8]
    /// What is proved under it.
    public let content: Content
    /// The openings of private values that stand in what is proved, ascending by the bytes of their paths; only a
    /// receipt or a state has any.
    public let openings: [PrivateOpening]
    /// Which lines a receipt has on top: 1 for those of the first version of the format, which named lines of a case
    /// one too high, or 2; for what is no receipt it is 1.
    public let layout: UInt64

    /// A proof of these parts; openings are brought into order, and of those with one path the first counts.
    public init(
        checkpoint: [UInt8], content: Content, openings: [PrivateOpening] = [], layout: UInt64 = 2
    ) {
        self.checkpoint = checkpoint
        self.content = content
        self.openings = Self.inOrder(openings)
        self.layout = content.layouts.contains(layout) ? layout : content.layouts.lowerBound
    }
}
