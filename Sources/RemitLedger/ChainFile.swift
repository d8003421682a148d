/// A chain as one portable file: a line that marks it, then records, each with its kind and its length.
public enum ChainFile {
    /// What a record holds.
    public enum Record: Sendable {
        /// The node's key and the genesis digest, as whoever wrote the file names them.
        case preamble(nodeKey: PublicKey, genesis: Digest)
        /// The next block.
        case block(BlockBytes)
        /// The number of blocks and the digest of the last header: nothing follows.
        case end(count: UInt64, head: Digest)
    }

    /// The first bytes of a file.
    public static let mark = Array("remit chain 1\n".utf8)

    /// The bytes of a record; nil for one of 4 GiB or more.
    public static func encode(_ record: Record) -> [UInt8]? {
        let (kind, item): (UInt8, CBOR) =
            switch record {
            case .preamble(let nodeKey, let genesis):
                (1, .map([.init(1, .bytes(nodeKey.bytes)), .init(2, .digest(genesis))]))
            case .block(let block):
                (
                    2,
                    .map([
                        .init(1, .bytes(block.signedHeader)), .init(2, .array(block.transactions.map { .bytes($0) })),
                        .init(3, .array(block.receipts.map { .bytes($0) })),
                    ])
                )
            case .end(let count, let head): (3, .map([.init(1, .unsigned(count)), .init(2, .digest(head))]))
            }
        let bytes = item.encoded
        guard let length = UInt32(exactly: bytes.count) else {
            return nil
        }
        let head = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> UInt32($0)) }
        return [kind] + head + bytes
    }

    /// Reads the item of a record.
    fileprivate static func decode(kind: UInt8, _ bytes: [UInt8]) throws(LedgerFault) -> Record {
        var fields = try FieldReader(CBOR(decoding: bytes), "record")
        let record: Record
        switch kind {
        case 1:
            guard let key = PublicKey(bytes: try fields.bytes(1)) else {
                throw fields.fault(1, "is not a key of 32 bytes")
            }
            record = .preamble(nodeKey: key, genesis: try fields.digest(2))
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
    private var pending: [UInt8] = []
    private var start = 0
    private var isMarked = false

    /// A reader at the beginning of a file.
    public init() {}

    /// Takes the next bytes of the file.
    public mutating func append(_ bytes: some Sequence<UInt8>) {
        pending.removeFirst(start)
        start = 0
        pending.append(contentsOf: bytes)
    }

    /// The next record; nil where more bytes are needed. Throws where the bytes are no record.
    public mutating func next() throws(LedgerFault) -> ChainFile.Record? {
        if !isMarked {
            let length = min(ChainFile.mark.count, available)
            guard pending[start..<start + length].elementsEqual(ChainFile.mark[..<length]) else {
                throw .structure("chain file", field: nil, mistake: "does not begin with \"remit chain 1\"")
            }
            guard length == ChainFile.mark.count else {
                return nil
            }
            start += length
            isMarked = true
        }
        guard available >= 5 else {
            return nil
        }
        let kind = pending[start]
        guard (1...3).contains(kind) else {
            throw .structure("chain file", field: nil, mistake: "has a record of an unknown kind")
        }
        let length = pending[start + 1..<start + 5].reduce(0) { $0 << 8 | Int($1) }
        guard available - 5 >= length else {
            return nil
        }
        let bytes = Array(pending[start + 5..<start + 5 + length])
        start += 5 + length
        return try ChainFile.decode(kind: kind, bytes)
    }

    /// Whether bytes are left that have not been read.
    public var hasRest: Bool { available > 0 || !isMarked }

    private var available: Int { pending.count - start }
}

/// Checks a chain file, record by record, up to the first fault.
public struct ChainFileVerifier: Sendable {
    private let expectedKey: PublicKey?
    private let expectedGenesis: Digest?
    private var chain: ChainVerifier?
    private var isEnded = false

    /// The node's key that the chain is checked against; nil before the first record.
    public private(set) var nodeKey: PublicKey?

    /// A verifier that trusts the key and genesis in the file, or holds it to those that are known from elsewhere.
    public init(nodeKey: PublicKey? = nil, genesis: Digest? = nil) {
        expectedKey = nodeKey
        expectedGenesis = genesis
    }

    /// The digest of block 0's header; nil before it was read.
    public var genesis: Digest? { chain?.genesis }
    /// The number of blocks checked.
    public var blockCount: UInt64 { chain?.nextHeight ?? 0 }
    /// The number of transactions checked.
    public var transactionCount: UInt64 { chain?.transactionCount ?? 0 }
    /// The digest of the last header.
    public var head: Digest? { chain?.head }

    /// Checks the next record; the faults, in order.
    public mutating func check(_ record: ChainFile.Record) -> [ChainFault] {
        switch (record, chain) {
        case (.preamble(let key, let genesis), nil):
            if let expectedKey, expectedKey != key {
                return [fault(.nodeKey, expected: "\(expectedKey)", found: "\(key)")]
            }
            if let expectedGenesis, expectedGenesis != genesis {
                return [fault(.genesis, expected: "\(expectedGenesis)", found: "\(genesis)")]
            }
            nodeKey = key
            chain = ChainVerifier(nodeKey: key, genesis: genesis)
            return []
        case (.block(let block), .some) where !isEnded:
            return chain?.check(block) ?? []
        case (.end(let count, let head), .some(let chain)) where !isEnded:
            isEnded = true
            guard count == chain.nextHeight, count > 0, head == chain.head else {
                return [fault(.end, expected: "\(count) blocks", found: "\(chain.nextHeight)")]
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

    /// Checks a whole file that is in memory; the first fault, else nil.
    public static func firstFault(in file: [UInt8], nodeKey: PublicKey? = nil, genesis: Digest? = nil) -> ChainFault? {
        var verifier = ChainFileVerifier(nodeKey: nodeKey, genesis: genesis)
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
        return verifier.finish(hasRest: reader.hasRest)
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
