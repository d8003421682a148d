/// Checks a snapshot, record by record, up to the first fault.
public struct SnapshotVerifier: Sendable {
    private let expectedKey: PublicKey?
    private let expectedGenesis: Digest?
    private let expectedCheckpoint: Checkpoint?
    private var state = StateCommitment()
    private var last: StateKey?
    private var isEnded = false

    /// The beginning of the file, once it was found sound.
    public private(set) var preamble: Snapshot.Preamble?
    /// The header of the block, likewise.
    public private(set) var header: BlockHeader?
    /// The number of rows checked.
    public private(set) var rowCount: UInt64 = 0

    /// A verifier that holds the file to what is known from elsewhere, where something is: the node's key, the genesis
    /// digest, a checkpoint that was kept.
    public init(nodeKey: PublicKey? = nil, genesis: Digest? = nil, checkpoint: Checkpoint? = nil) {
        expectedKey = nodeKey
        expectedGenesis = genesis ?? checkpoint?.genesis
        expectedCheckpoint = checkpoint
    }

    /// Checks the next record; the first fault, else nil.
    public mutating func check(_ record: Snapshot.Record) -> ChainFault? {
        switch (record, header) {
        case (.preamble(let preamble), nil): return check(preamble)
        case (.rows(let rows), .some) where !isEnded: return check(rows)
        case (.end(let rows, let digest), .some(let header)) where !isEnded:
            isEnded = true
            guard rows == rowCount else {
                return fault(.end, expected: "\(rows) rows", found: "\(rowCount)")
            }
            guard digest == header.digest else {
                return fault(.end, expected: "header \(digest)", found: "\(header.digest)")
            }
            return checkRoots(header)
        default: return fault(.file, found: "a record out of place")
        }
    }

    private mutating func check(_ preamble: Snapshot.Preamble) -> ChainFault? {
        if let expectedKey, expectedKey != preamble.nodeKey {
            return fault(.nodeKey, expected: "\(expectedKey)", found: "\(preamble.nodeKey)")
        }
        if let expectedGenesis, expectedGenesis != preamble.genesis {
            return fault(.genesis, expected: "\(expectedGenesis)", found: "\(preamble.genesis)")
        }
        guard let signed = SignedCheckpoint(preamble.checkpoint) else {
            return fault(.checkpoint, found: "no signed note with a checkpoint")
        }
        let checkpoint = signed.checkpoint
        if checkpoint.genesis != preamble.genesis {
            return fault(.genesis, expected: "\(preamble.genesis)", found: "\(checkpoint.genesis)")
        }
        switch signed.note.standing(of: Checkpoint.key(checkpoint.genesis, preamble.nodeKey)) {
        case .valid: break
        case .missing: return fault(.checkpointKey, expected: "node key \(preamble.nodeKey)", found: nil)
        case .invalid: return fault(.checkpointSignature, expected: "node key \(preamble.nodeKey)", found: nil)
        }
        if let kept = expectedCheckpoint, kept.size != checkpoint.size || kept.root != checkpoint.root {
            return fault(
                .checkpoint, expected: "\(kept.size) blocks with the root \(kept.root)",
                found: "\(checkpoint.size) blocks with the root \(checkpoint.root)")
        }
        return check(preamble, under: checkpoint)
    }

    private mutating func check(_ preamble: Snapshot.Preamble, under checkpoint: Checkpoint) -> ChainFault? {
        let signed: SignedHeader
        do throws(LedgerFault) {
            signed = try SignedHeader(decoding: preamble.signedHeader)
        } catch {
            return fault(.header, found: error.description)
        }
        let header = signed.header
        let genesis = header.height == 0 ? header.digest : header.genesis
        guard genesis == preamble.genesis, header.height > 0 || header.genesis == .zero else {
            return fault(.genesis, expected: "\(preamble.genesis)", found: "\(genesis)")
        }
        guard checkpoint.size > 0, header.height == checkpoint.size - 1 else {
            return fault(.height, expected: "the last of \(checkpoint.size) blocks", found: "\(header.height)")
        }
        let leaf = Checkpoint.leaf(ofHeader: header.encoded)
        guard
            MerkleTree.verifyInclusion(
                leaf: leaf, index: header.height, size: checkpoint.size, proof: preamble.path, root: checkpoint.root)
        else {
            return fault(.log, expected: "\(checkpoint.root)", found: nil)
        }
        guard signed.isSignatureValid(nodeKey: preamble.nodeKey) else {
            return fault(.headerSignature, expected: "node key \(preamble.nodeKey)", found: nil)
        }
        self.preamble = preamble
        self.header = header
        return nil
    }

    private mutating func check(_ rows: [StateChange]) -> ChainFault? {
        if let last, let first = rows.first, last >= first.key {
            return fault(.file, found: "rows out of order or repeated")
        }
        for row in rows {
            state.apply(row)
        }
        last = rows.last?.key
        rowCount += UInt64(rows.count)
        return nil
    }

    private mutating func checkRoots(_ header: BlockHeader) -> ChainFault? {
        let roots = state.roots()
        if roots.state != header.stateRoot {
            return fault(.stateRoot, expected: "\(header.stateRoot)", found: "\(roots.state)")
        }
        if roots.rules != header.rulesRoot {
            return fault(.rulesRoot, expected: "\(header.rulesRoot)", found: "\(roots.rules)")
        }
        if roots.keySet != header.keySetRoot {
            return fault(.keySetRoot, expected: "\(header.keySetRoot)", found: "\(roots.keySet)")
        }
        return nil
    }

    /// What is wrong with the end of the file, where `hasRest` says whether bytes are left over.
    public func finish(hasRest: Bool) -> ChainFault? {
        isEnded && !hasRest ? nil : fault(.file, found: isEnded ? "bytes after the end" : "no end")
    }

    /// The fault for bytes that are no record.
    public func fault(_ fault: LedgerFault) -> ChainFault {
        self.fault(.file, found: fault.description)
    }

    /// A verifier for the blocks that follow; nil before the end of a sound file.
    public var chain: ChainVerifier? {
        guard isEnded, let preamble, let header else {
            return nil
        }
        return ChainVerifier(nodeKey: preamble.nodeKey, genesis: preamble.genesis, after: header, state: state)
    }

    /// A fault at the height of the block; 0 before its header is known.
    private func fault(_ faultClass: FaultClass, expected: String? = nil, found: String?) -> ChainFault {
        ChainFault(height: header?.height ?? 0, faultClass, expected: expected, found: found)
    }

    /// Checks a whole file that is in memory; the first fault, else nil, and a verifier for the blocks that follow.
    public static func firstFault(
        in file: [UInt8], nodeKey: PublicKey? = nil, genesis: Digest? = nil, checkpoint: Checkpoint? = nil
    ) -> (fault: ChainFault?, chain: ChainVerifier?) {
        var verifier = SnapshotVerifier(nodeKey: nodeKey, genesis: genesis, checkpoint: checkpoint)
        var reader = SnapshotReader()
        reader.append(file)
        do throws(LedgerFault) {
            while let record = try reader.next() {
                if let fault = verifier.check(record) {
                    return (fault, nil)
                }
            }
        } catch {
            return (verifier.fault(error), nil)
        }
        let fault = verifier.finish(hasRest: reader.hasRest)
        return (fault, fault == nil ? verifier.chain : nil)
    }
}
