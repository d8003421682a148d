import RemitValues

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
        case .due(let block, let due):
            let header = try block.check(signed)
            facts.header = header
            try due.check(header, &facts)
            try facts.take(openings)
        case .decisions(let block, let proof, let decisions):
            let header = try block.check(signed)
            facts.header = header
            guard proof.holds(under: header.stateRoot) else {
                throw ProofFault(.state)
            }
            facts.claim = proof.claim
            try facts.take(decisions, upTo: header.height, signed)
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
    static func read<Item: LedgerItem>(
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
    func check(_ checkpoint: Checkpoint) throws(ProofFault) -> BlockHeader {
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
    func check(_ header: BlockHeader, _ facts: inout ProvenFacts) throws(ProofFault) {
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
