/// A chain as one portable file, whole or from a block on.
public enum ChainFile {
    /// What a record holds.
    public enum Record: Sendable {
        /// The node's key and the genesis digest, as whoever wrote the file names them, and the height of the first
        /// block; in the file of a whole chain that is 0 and not written.
        case preamble(nodeKey: PublicKey, genesis: Digest, first: UInt64 = 0)
        /// The next block.
        case block(BlockBytes)
        /// The number of blocks of the chain, up to and with the last in the file, and the digest of its header:
        /// nothing follows.
        case end(count: UInt64, head: Digest)
    }

    /// The first bytes of the file of a whole chain.
    public static let mark = RecordFile.chain.mark

    /// The bytes of a record; nil for one of 4 GiB or more.
    public static func encode(_ record: Record, in file: RecordFile = .chain) -> [UInt8]? {
        switch record {
        case .preamble(let nodeKey, let genesis, let first):
            var fields: [CBOR.MapEntry] = [.init(1, .bytes(nodeKey.bytes)), .init(2, .digest(genesis))]
            if file == .tail {
                fields.append(.init(3, .unsigned(first)))
            }
            return RecordFile.encode(kind: 1, .map(fields))
        case .block(let block):
            return RecordFile.encode(
                kind: 2,
                .map([
                    .init(1, .bytes(block.signedHeader)), .init(2, .array(block.transactions.map { .bytes($0) })),
                    .init(3, .array(block.receipts.map { .bytes($0) })),
                ]))
        case .end(let count, let head):
            return RecordFile.encode(kind: 3, .map([.init(1, .unsigned(count)), .init(2, .digest(head))]))
        }
    }

    /// Reads the item of a record.
    fileprivate static func decode(
        kind: UInt8, _ bytes: [UInt8], in file: RecordFile
    ) throws(LedgerFault) -> Record {
        var fields = try FieldReader(CBOR(decoding: bytes), "record")
        let record: Record
        switch kind {
        case 1:
            guard let key = PublicKey(bytes: try fields.bytes(1)) else {
                throw fields.fault(1, "is not a key of 32 bytes")
            }
            let genesis = try fields.digest(2)
            let first: UInt64 = if file == .tail { try fields.unsigned(3) } else { 0 }
            record = .preamble(nodeKey: key, genesis: genesis, first: first)
        case 2:
            record = .block(
                BlockBytes(
                    signedHeader: try fields.bytes(1), transactions: try fields.byteStrings(2),
                    receipts: try fields.byteStrings(3)))
        case 3: record = .end(count: try fields.unsigned(1), head: try fields.digest(2))
        default: throw fields.fault(0, "is of an unknown kind")
        }
        try fields.finish()
        return record
    }
}

/// Takes a chain file apart as its bytes arrive, so that no more than one record is in memory.
public struct ChainFileReader: Sendable {
    private let file: RecordFile
    private var reader: RecordFileReader

    /// A reader at the beginning of the file of a whole chain, or of a tail.
    public init(_ file: RecordFile = .chain) {
        self.file = file
        reader = RecordFileReader(file)
    }

    /// Takes the next bytes of the file.
    public mutating func append(_ bytes: some Sequence<UInt8>) {
        reader.append(bytes)
    }

    /// The next record; nil where more bytes are needed. Throws where the bytes are no record.
    public mutating func next() throws(LedgerFault) -> ChainFile.Record? {
        guard let (kind, bytes) = try reader.next() else {
            return nil
        }
        return try ChainFile.decode(kind: kind, bytes, in: file)
    }

    /// Whether bytes are left that have not been read.
    public var hasRest: Bool { reader.hasRest }
}

/// Checks a chain file, record by record, up to the first fault.
public struct ChainFileVerifier: Sendable {
    private let expectedKey: PublicKey?
    private let expectedGenesis: Digest?
    private let checkpoint: Checkpoint?
    private var chain: ChainVerifier?
    private var isEnded = false

    /// The node's key that the chain is checked against; nil before the first record.
    public private(set) var nodeKey: PublicKey?

    /// A verifier that trusts the key and genesis in the file, or holds it to those that are known from elsewhere, and
    /// to a checkpoint that was kept.
    ///
    /// The checkpoint may cover blocks that only later files have: `reached` says at the end whether they came.
    public init(nodeKey: PublicKey? = nil, genesis: Digest? = nil, checkpoint: Checkpoint? = nil) {
        expectedKey = nodeKey
        expectedGenesis = genesis ?? checkpoint?.genesis
        self.checkpoint = checkpoint
    }

    /// The digest of block 0's header; nil before it was read.
    public var genesis: Digest? { chain?.genesis }
    /// The number of blocks checked.
    public var blockCount: UInt64 { chain?.nextHeight ?? 0 }
    /// The number of transactions checked.
    public var transactionCount: UInt64 { chain?.transactionCount ?? 0 }
    /// The digest of the last header.
    public var head: Digest? { chain?.head }

    /// Where the verifier has come to, so that a tail can be checked after it; nil before the first record.
    public var reached: ChainVerifier? { chain }

    /// Checks the next record; the faults, in order.
    public mutating func check(_ record: ChainFile.Record) -> [ChainFault] {
        switch (record, chain) {
        case (.preamble(let key, let genesis, _), nil):
            if let expectedKey, expectedKey != key {
                return [fault(.nodeKey, expected: "\(expectedKey)", found: "\(key)")]
            }
            if let expectedGenesis, expectedGenesis != genesis {
                return [fault(.genesis, expected: "\(expectedGenesis)", found: "\(genesis)")]
            }
            nodeKey = key
            chain = ChainVerifier(nodeKey: key, genesis: genesis, checkpoint: checkpoint)
            return []
        case (.block(let block), .some) where !isEnded:
            return chain?.check(block) ?? []
        case (.end(let count, let head), .some(let chain)) where !isEnded:
            isEnded = true
            guard count == chain.nextHeight, count > 0 else {
                return [fault(.end, expected: "\(count) blocks", found: "\(chain.nextHeight)")]
            }
            guard head == chain.head else {
                return [fault(.end, expected: "head \(head)", found: chain.head.map { "\($0)" })]
            }
            return []
        default: return [fault(.file, found: "a record out of place")]
        }
    }

    /// What is wrong with the end of the file, where `hasRest` says whether bytes are left over.
    public func finish(hasRest: Bool) -> ChainFault? {
        isEnded && !hasRest ? nil : fault(.file, found: isEnded ? "bytes after the end" : "no end")
    }

    /// The fault for bytes that are no record.
    public func fault(_ fault: LedgerFault) -> ChainFault {
        self.fault(.file, found: fault.description)
    }

    private func fault(_ faultClass: FaultClass, expected: String? = nil, found: String?) -> ChainFault {
        ChainFault(height: blockCount, faultClass, expected: expected, found: found)
    }

    /// Checks a whole file that is in memory and is all there is; the first fault, else nil.
    public static func firstFault(
        in file: [UInt8], nodeKey: PublicKey? = nil, genesis: Digest? = nil, checkpoint: Checkpoint? = nil
    ) -> ChainFault? {
        var verifier = ChainFileVerifier(nodeKey: nodeKey, genesis: genesis, checkpoint: checkpoint)
        var reader = ChainFileReader()
        reader.append(file)
        do throws(LedgerFault) {
            while let record = try reader.next() {
                if let first = verifier.check(record).first {
                    return first
                }
            }
        } catch {
            return verifier.fault(error)
        }
        return verifier.finish(hasRest: reader.hasRest) ?? verifier.reached?.unmetCheckpoint
    }
}

extension FieldReader {
    fileprivate mutating func byteStrings(_ field: Int64) throws(LedgerFault) -> [[UInt8]] {
        var strings: [[UInt8]] = []
        for item in try array(field) {
            guard case .bytes(let bytes) = item else {
                throw fault(field, "has a member that is not a byte string")
            }
            strings.append(bytes)
        }
        return strings
    }
}
