import RemitValues

/// What a proof shows, once it has been checked.
public struct ProvenFacts: Sendable {
    /// The checkpoint under which all of it stands.
    public let checkpoint: Checkpoint
    /// The older checkpoint that it extends.
    public var older: Checkpoint?
    /// The header of the block.
    public var header: BlockHeader?
    /// The position of the transaction in the block, from 0.
    public var position: UInt64?
    /// The position among what fell due in the block, from 0, of what a contract did by itself.
    public var duePosition: UInt64?
    /// The transaction.
    public var transaction: Transaction?
    /// Its receipt.
    public var receipt: Receipt?
    /// Its findings and the clauses that decided.
    public var findings: Findings?
    /// The contract that decided, where it did so by itself; else the transaction names it.
    public var contract: Digest?
    /// The rules that decided.
    public var rules: Rules?
    /// What the state after the block was.
    public var claim: StateClaim?
    /// The decisions that made a case what it was after the block, the first one first; nil for other proofs.
    public var decisions: [Decision]?
    /// What was disclosed of the private values in it.
    public var disclosed: [PrivateOpening] = []
    /// Where there are private values in it that were not disclosed.
    public var undisclosed: [PrivatePlace] = []

    /// The facts of a checkpoint alone.
    public init(checkpoint: Checkpoint) {
        self.checkpoint = checkpoint
    }

    /// One of the decisions that changed a case.
    public struct Decision: Sendable {
        /// The header of the block.
        public let header: BlockHeader
        /// The transaction that was decided; nil for what the contract did by itself.
        public let transaction: Transaction?
        /// Its position in the block, or among what fell due there, from 0.
        public let position: UInt64
        /// What came of it.
        public let receipt: Receipt
        /// Its findings and the clauses that decided.
        public let findings: Findings
        /// What the case was from then on.
        public let row: CaseRow
    }

    /// A version of a contract.
    public struct Rules: Sendable {
        /// The name of the contract.
        public let name: String
        /// Its version.
        public let version: Int64
        /// Its whole text.
        public let source: String
    }
}

extension ProvenFacts.Rules {
    /// Reads the state row of a contract: a record of name, version, …, and as its sixth member the text.
    init?(row: [UInt8]) {
        guard case .record(let fields)? = try? ValueCoding.decode(bytes: row), fields.count >= 6,
            case .text(let name) = fields[0], case .integer(let version) = fields[1],
            case .text(let source) = fields[5]
        else {
            return nil
        }
        self.name = name.string
        self.version = version
        self.source = source.string
    }
}
