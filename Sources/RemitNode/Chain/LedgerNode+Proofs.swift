public import RemitLedger
import RemitStore
import RemitValues

extension LedgerNode {
    /// The key under which blocks and checkpoints of this chain are signed.
    public func nodeKey() throws(NodeError) -> PublicKey {
        guard case .text(let hex) = try state.value(StateLayout.nodeKey), let key = PublicKey(hex: hex.string) else {
            throw .broken([ChainProblem(height: 0, position: nil, text: "the chain names no key of its node")])
        }
        return key
    }

    /// Signs the head of the log at a size, which is a number of blocks; all of them if left out.
    public func checkpoint(size: UInt64? = nil, signedBy signer: some Signer) throws(NodeError) -> SignedCheckpoint {
        let size = size ?? head.height + 1
        guard (1...head.height + 1).contains(size) else {
            throw .invalid("there is no checkpoint of \(size) blocks", hint: "the chain has \(head.height + 1)")
        }
        try reach(size)
        guard try nodeKey() == signer.publicKey else {
            throw .invalid("the key is not that of this chain's node", hint: "use the key with which blocks are signed")
        }
        let root = try root(size)
        return try encoding { () throws(LedgerFault) in
            try SignedCheckpoint(signing: Checkpoint(genesis: genesis, size: size, root: root), by: signer)
        }
    }

    /// Takes a checkpoint that was signed before; refuses one that is not of this chain.
    public func adopt(checkpoint bytes: [UInt8]) throws(NodeError) -> SignedCheckpoint {
        let hint = "take one that remit checkpoint made of this ledger"
        guard let signed = SignedCheckpoint(bytes) else {
            throw .invalid("the checkpoint cannot be read", hint: hint)
        }
        let key = try nodeKey()
        do throws(ProofFault) {
            try signed.check(.bare(key))
        } catch {
            throw .invalid(error.description, hint: hint)
        }
        let checkpoint = signed.checkpoint
        let isOurs = checkpoint.genesis == genesis && (1...head.height + 1).contains(checkpoint.size)
        if isOurs { try reach(checkpoint.size) }
        guard isOurs, try root(checkpoint.size) == checkpoint.root else {
            throw .invalid("the checkpoint is not one of this chain", hint: hint)
        }
        return signed
    }

    /// Proves that a transaction is in its block.
    public func prove(transaction digest: Digest, under signed: SignedCheckpoint) throws(NodeError) -> ChainProof {
        let place = try place(of: digest, under: signed)
        return try checked(signed, .transaction(try blockPart(place, signed), try transactionPart(place)))
    }

    /// Proves that these were all the records of a case after a block: the last one that the checkpoint covers, unless
    /// another is given. It proves so too that there was no such case.
    public func prove(
        case reference: CaseReference, at height: UInt64? = nil, under signed: SignedCheckpoint
    ) throws(NodeError) -> ChainProof {
        try prove(allOf: StateLayout.caseSpace(reference), at: height, under: signed)
    }

    /// Proves that a row of the state had its value after a block, or that there was none.
    public func prove(
        row key: StateKey, at height: UInt64? = nil, under signed: SignedCheckpoint
    ) throws(NodeError) -> ChainProof {
        let height = try covered(height, signed)
        return try proveState(height, try rowProof(key, at: height), signed)
    }

    /// The row after a block with its proof, or the proof that there was none.
    func rowProof(_ key: StateKey, at height: UInt64) throws(NodeError) -> StateProof {
        try stateProof(at: height) {
            StateKey(space: $0.space, item: $0.item) == key
        } _: { rows, leaves in
            rows.first.map { StateProof.present(key, value: $0.value, in: leaves) }
                ?? StateProof.absent(key, in: leaves)
        }
    }

    /// Proves that these were all the rows of a space after a block, or all whose items a pattern matches; maybe none.
    public func prove(
        allOf space: String, matching pattern: ItemPattern? = nil, at height: UInt64? = nil,
        under signed: SignedCheckpoint
    ) throws(NodeError) -> ChainProof {
        let height = try covered(height, signed)
        let proof = try stateProof(at: height) {
            $0.space.utf8.elementsEqual(space.utf8)
        } _: { rows, leaves in
            let records = rows.map { StateClaim.Row(item: $0.item, value: $0.value) }
            guard let pattern else { return StateProof.all(space: space, rows: records, in: leaves) }
            return StateProof.matching(pattern, space: space, rows: records, in: leaves)
        }
        return try proveState(height, proof, signed)
    }

    /// Proves that the log of a checkpoint begins with that of an older one.
    public func prove(
        consistencyFrom older: SignedCheckpoint, under signed: SignedCheckpoint
    ) throws(NodeError) -> ChainProof {
        let (old, new) = (older.checkpoint.size, signed.checkpoint.size)
        guard old <= new, let path = try log(new).consistencyProof(from: old, to: new) else {
            throw .invalid("the older checkpoint has more blocks than the newer", hint: "give them the other way round")
        }
        return try checked(signed, .consistency(older: older.bytes, path: path))
    }

    /// Where else to look for a transaction.
    var logHint: String {
        beginsWithSnapshot
            ? "transactions up to block \(firstHeight) are only in a ledger that has the whole chain"
            : "remit log lists the transactions of the chain"
    }

    // MARK: Parts

    /// A block and a transaction in it.
    struct TransactionPlace {
        let height: UInt64
        let position: Int
        let header: [UInt8]
        let bytes: BlockBytes
        let findings: [UInt8]
    }

    func place(of digest: Digest, under signed: SignedCheckpoint) throws(NodeError) -> TransactionPlace {
        guard let found = try storing({ () throws(StoreError) in try store.transaction(digest: digest.bytes) }),
            let block = try storing({ () throws(StoreError) in try store.block(at: found.height) })
        else {
            throw .notFound("no transaction \(digest.hex)", hint: logHint)
        }
        guard found.height < signed.checkpoint.size else {
            throw .invalid(
                "the checkpoint covers \(signed.checkpoint.size) blocks, and the transaction is in block "
                    + "\(found.height)", hint: "take a newer checkpoint")
        }
        let bytes = try encoding { () throws(LedgerFault) in try BlockRows.bytes(block) }
        return TransactionPlace(
            height: found.height, position: found.position, header: block.header, bytes: bytes,
            findings: found.record.findings ?? [])
    }

    /// The log of the first `size` headers, as far as they are here.
    func log(_ size: UInt64) throws(NodeError) -> MerkleLog {
        var log = MerkleLog()
        if let base {
            guard let begun = MerkleLog(index: base.height, path: base.hashes) else {
                throw Self.broken(base.height, "the path of the header in the log is damaged")
            }
            log = begun
        }
        try storing { () throws(StoreError) in
            try store.forEachHeader(from: firstHeight, upTo: size) { log.append(Checkpoint.leaf(ofHeader: $0)) }
        }
        guard log.size == size else { throw Self.broken(log.size, "the block is missing") }
        return log
    }

    private func root(_ size: UInt64) throws(NodeError) -> Digest {
        guard let root = try log(size).root(size) else { throw Self.broken(size, "the log has no root") }
        return root
    }

    /// Refuses a number of blocks that ends before the ledger begins.
    private func reach(_ size: UInt64) throws(NodeError) {
        guard size > firstHeight else {
            throw .invalid(
                "the ledger begins after block \(firstHeight), from whose snapshot it was made",
                hint: "ask a ledger that has the whole chain")
        }
    }

    func blockPart(_ place: TransactionPlace, _ signed: SignedCheckpoint) throws(NodeError) -> ChainProof.BlockPart {
        try blockPart(height: place.height, header: place.header, signed)
    }

    func blockPart(
        height: UInt64, header: [UInt8], _ signed: SignedCheckpoint
    ) throws(NodeError) -> ChainProof.BlockPart {
        try blockPart(height: height, header: header, try log(signed.checkpoint.size))
    }

    func blockPart(height: UInt64, header: [UInt8], _ log: MerkleLog) throws(NodeError) -> ChainProof.BlockPart {
        guard let path = log.inclusionProof(of: height, size: log.size) else {
            throw Self.broken(height, "the block is missing")
        }
        return ChainProof.BlockPart(header: header, path: path)
    }

    func transactionPart(_ place: TransactionPlace) throws(NodeError) -> ChainProof.TransactionPart {
        let digests = try encoding { () throws(LedgerFault) in
            var digests: [Digest] = []
            for bytes in place.bytes.transactions { digests.append(try Transaction(decoding: bytes).digest) }
            return digests
        }
        let leaves = digests.map { MerkleTree.leafHash($0.bytes) }
        guard let path = MerkleTree.inclusionProof(of: place.position, in: leaves) else {
            throw Self.broken(place.height, "a transaction is missing")
        }
        return ChainProof.TransactionPart(
            transaction: place.bytes.transactions[place.position], position: UInt64(place.position), path: path)
    }

    /// Proves something about the state after a block.
    private func proveState(
        _ height: UInt64, _ proof: StateProof, _ signed: SignedCheckpoint
    ) throws(NodeError) -> ChainProof {
        guard let block = try storing({ () throws(StoreError) in try store.block(at: height) }) else {
            throw Self.broken(height, "the block is missing")
        }
        return try checked(signed, .state(try blockPart(height: height, header: block.header, signed), proof))
    }

    /// A height that a checkpoint covers and whose state is here; the last one if left out.
    func covered(_ height: UInt64?, _ signed: SignedCheckpoint) throws(NodeError) -> UInt64 {
        let last = signed.checkpoint.size - 1
        let height = height ?? last
        guard height <= last else {
            throw .invalid("the checkpoint covers no block \(height)", hint: "the last block that it covers is \(last)")
        }
        try reach(height + 1)
        return height
    }

    /// A claim about the state after a block, proved from all its leaves and from the rows that it is about.
    func stateProof(
        at height: UInt64, about isMeant: (StateRow) -> Bool, _ prove: ([StateRow], [StateTrie.Leaf]) -> StateProof?
    ) throws(NodeError) -> StateProof {
        var rows: [StateRow] = []
        var leaves: [StateTrie.Leaf] = []
        try storing { () throws(StoreError) in
            try store.forEachState(asOf: height) { row throws(StoreError) in
                leaves.append(StateTrie.Leaf(StateKey(space: row.space, item: row.item), value: row.value))
                if isMeant(row) { rows.append(row) }
                return .next
            }
        }
        guard let proof = prove(rows, leaves.sorted { $0.key < $1.key }) else {
            throw Self.broken(height, "the state cannot be proved")
        }
        return proof
    }

    /// The proof, once it was checked as its reader will: what a damaged ledger would prove is not handed out.
    func checked(_ signed: SignedCheckpoint, _ content: ChainProof.Content) throws(NodeError) -> ChainProof {
        let proof = ChainProof(checkpoint: signed.bytes, content: content)
        let key = try nodeKey()
        do throws(ProofFault) {
            _ = try proof.check(.bare(key))
        } catch {
            throw .broken([ChainProblem(height: nil, position: nil, text: "the proof does not hold: \(error)")])
        }
        return proof
    }

    static func broken(_ height: UInt64, _ text: String) -> NodeError {
        .broken([ChainProblem(height: height, position: nil, text: text)])
    }
}

extension LedgerBase {
    /// The hashes of the header's path; of another number where the bytes are damaged.
    var hashes: [Digest] {
        stride(from: 0, to: path.count, by: Digest.length).compactMap {
            Digest(bytes: path[$0..<min($0 + Digest.length, path.count)])
        }
    }
}
