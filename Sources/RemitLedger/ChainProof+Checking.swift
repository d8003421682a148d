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
    /// The transaction.
    public var transaction: Transaction?
    /// Its receipt.
    public var receipt: Receipt?
    /// Its findings and the clauses that decided.
    public var findings: Findings?
    /// The rules that decided.
    public var rules: Rules?
    /// What the state after the block was.
    public var claim: StateClaim?
    /// What was disclosed of the private values in it.
    public var disclosed: [PrivateOpening] = []
    /// Where there are private values in it that were not disclosed.
    public var undisclosed: [PrivatePlace] = []

    /// The facts of a checkpoint alone.
    public init(checkpoint: Checkpoint) {
        self.checkpoint = checkpoint
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

extension ChainProof {
    /// Checks everything, in the order of the format document; gives what is proved, or throws the first fault.
    public func check(_ key: LedgerKey, witnesses: [NoteKey] = []) throws(ProofFault) -> ProvenFacts {
        let signed = try Self.signedCheckpoint(checkpoint, key, witnesses)
        var facts = ProvenFacts(checkpoint: signed)
        switch content {
        case .transaction(let block, let transaction):
            let header = try block.check(signed)
            facts.header = header
            try transaction.check(header, &facts)
        case .state(let block, let proof):
            let header = try block.check(signed)
            facts.header = header
            guard proof.holds(under: header.stateRoot) else {
                throw ProofFault(.state)
            }
            facts.claim = proof.claim
            try facts.take(openings)
        case .receipt(let block, let transaction, let receipt):
            let header = try block.check(signed)
            facts.header = header
            try transaction.check(header, &facts)
            try receipt.check(header, transaction.position, &facts)
            try facts.take(openings)
        case .consistency(let older, let path):
            let old = try Self.signedCheckpoint(older, key, [])
            guard old.genesis == signed.genesis else {
                throw ProofFault(.origin)
            }
            let isPrefix = MerkleTree.verifyConsistency(
                oldSize: old.size, oldRoot: old.root, newSize: signed.size, newRoot: signed.root, proof: path)
            guard isPrefix else {
                throw ProofFault(.consistency)
            }
            facts.older = old
        }
        return facts
    }

    /// Reads a proof file and checks it.
    public static func check(
        file bytes: [UInt8], _ key: LedgerKey, witnesses: [NoteKey] = []
    ) throws(ProofFault) -> ProvenFacts {
        let proof: ChainProof = try read(bytes, .file)
        return try proof.check(key, witnesses: witnesses)
    }

    private static func signedCheckpoint(
        _ bytes: [UInt8], _ key: LedgerKey, _ witnesses: [NoteKey]
    ) throws(ProofFault) -> Checkpoint {
        guard let signed = SignedCheckpoint(bytes) else {
            throw ProofFault(.checkpoint)
        }
        try signed.check(key, witnesses: witnesses)
        return signed.checkpoint
    }

    /// Reads a part, its faults becoming those of a class.
    fileprivate static func read<Item: LedgerItem>(
        _ bytes: [UInt8], _ faultClass: ProofFaultClass
    ) throws(ProofFault) -> Item {
        do throws(LedgerFault) {
            return try Item(decoding: bytes)
        } catch {
            throw ProofFault(faultClass, error.description)
        }
    }
}

extension ChainProof.BlockPart {
    fileprivate func check(_ checkpoint: Checkpoint) throws(ProofFault) -> BlockHeader {
        let header: BlockHeader = try ChainProof.read(self.header, .header)
        let genesis = header.height == 0 ? header.digest : header.genesis
        guard genesis == checkpoint.genesis, header.height > 0 || header.genesis == .zero else {
            throw ProofFault(.origin)
        }
        let isThere = MerkleTree.verifyInclusion(
            leaf: Checkpoint.leaf(ofHeader: self.header), index: header.height, size: checkpoint.size, proof: path,
            root: checkpoint.root)
        guard isThere else {
            throw ProofFault(.log)
        }
        return header
    }
}

extension ChainProof.TransactionPart {
    fileprivate func check(_ header: BlockHeader, _ facts: inout ProvenFacts) throws(ProofFault) {
        let transaction: Transaction = try ChainProof.read(self.transaction, .transaction)
        guard transaction.body.genesis == header.genesis else {
            throw ProofFault(.transactionGenesis)
        }
        guard transaction.isSignatureValid else {
            throw ProofFault(.transactionSignature)
        }
        let isThere = MerkleTree.verifyInclusion(
            leaf: MerkleTree.leafHash(transaction.digest.bytes), index: position, size: header.transactionCount,
            proof: path, root: header.transactionRoot)
        guard isThere else {
            throw ProofFault(.transactionPath)
        }
        facts.transaction = transaction
        facts.position = position
    }
}

extension ChainProof.ReceiptPart {
    /// `position` is that of the transaction, which is below the header's count.
    fileprivate func check(
        _ header: BlockHeader, _ position: UInt64, _ facts: inout ProvenFacts
    ) throws(ProofFault) {
        let receipt: Receipt = try ChainProof.read(self.receipt, .receipt)
        guard let transaction = facts.transaction, receipt.transaction == transaction.digest else {
            throw ProofFault(.receiptTransaction)
        }
        // The receipts of deadlines come first.
        guard count >= header.transactionCount,
            MerkleTree.verifyInclusion(
                leaf: MerkleTree.leafHash(receipt.digest.bytes), index: count - header.transactionCount + position,
                size: count, proof: path, root: header.receiptRoot)
        else {
            throw ProofFault(.receiptPath)
        }
        let findings: Findings = try ChainProof.read(self.findings, .findings)
        guard findings.digest == receipt.findings else {
            throw ProofFault(.findings)
        }
        facts.receipt = receipt
        facts.findings = findings
        facts.rules = try checkRules(header, transaction.body.contract, receipt.outcome)
    }

    private func checkRules(
        _ header: BlockHeader, _ contract: Digest, _ outcome: Receipt.Outcome
    ) throws(ProofFault) -> ProvenFacts.Rules? {
        guard let rules else {
            // Only the ledger's own calls, and those of a contract that is not deployed, have no rules to show.
            if contract != .zero, case .refused = outcome {
                return nil
            }
            guard contract == .zero else {
                throw ProofFault(.contract, "they are left out")
            }
            return nil
        }
        let key = StateKey(space: "contract", item: contract.bytes)
        let proof = StateProof(claim: .present(key, value: rules.row), path: rules.path)
        guard contract != .zero, let shown = ProvenFacts.Rules(row: rules.row),
            Hashing.digest(.contract, Array(shown.source.utf8)) == contract, proof.holds(under: header.rulesRoot)
        else {
            throw ProofFault(.contract)
        }
        return shown
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
