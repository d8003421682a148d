import RemitValues

/// The state of a chain after one block as a portable file, with what it takes to go on from there.
public enum Snapshot {
    /// What a record holds.
    public enum Record: Sendable {
        /// Whose state it is.
        case preamble(Preamble)
        /// The next rows, at least one; ascending by the bytes of the space, then of the item.
        case rows([StateChange])
        /// The number of rows and the digest of the block's header: nothing follows.
        case end(rows: UInt64, header: Digest)
    }

    /// The beginning of a snapshot: all but the rows.
    public struct Preamble: Sendable {
        /// The node's key, as whoever wrote the file names it.
        public let nodeKey: PublicKey
        /// The genesis digest, likewise.
        public let genesis: Digest
        /// A signed note: the checkpoint that ends with the block.
        public let checkpoint: [UInt8]
        /// The block's header with its signature, encoded.
        public let signedHeader: [UInt8]
        /// The path of the header in the log that the checkpoint covers, lowest first: the right edge of what is
        /// before it.
        public let path: [Digest]

        /// A beginning of these parts.
        public init(
            nodeKey: PublicKey, genesis: Digest, checkpoint: [UInt8], signedHeader: [UInt8], path: [Digest]
        ) {
            self.nodeKey = nodeKey
            self.genesis = genesis
            self.checkpoint = checkpoint
            self.signedHeader = signedHeader
            self.path = path
        }
    }

    /// The bytes of a record; nil for one of 4 GiB or more.
    public static func encode(_ record: Record) -> [UInt8]? {
        switch record {
        case .preamble(let preamble):
            RecordFile.encode(
                kind: 1,
                .map([
                    .init(1, .bytes(preamble.nodeKey.bytes)), .init(2, .digest(preamble.genesis)),
                    .init(3, .bytes(preamble.checkpoint)), .init(4, .bytes(preamble.signedHeader)),
                    .init(5, .array(preamble.path.map { .digest($0) })),
                ]))
        case .rows(let rows):
            RecordFile.encode(
                kind: 2,
                .map([
                    .init(
                        1,
                        .array(
                            rows.map {
                                .array([.text($0.key.space), .bytes($0.key.item), .bytes($0.value ?? [])])
                            }))
                ]))
        case .end(let rows, let header):
            RecordFile.encode(kind: 3, .map([.init(1, .unsigned(rows)), .init(2, .digest(header))]))
        }
    }

    fileprivate static func decode(kind: UInt8, _ bytes: [UInt8]) throws(LedgerFault) -> Record {
        var fields = try FieldReader(CBOR(decoding: bytes), "record")
        let record: Record
        switch kind {
        case 1:
            guard let key = PublicKey(bytes: try fields.bytes(1)) else {
                throw fields.fault(1, "is not a key of 32 bytes")
            }
            record = .preamble(
                Preamble(
                    nodeKey: key, genesis: try fields.digest(2), checkpoint: try fields.bytes(3),
                    signedHeader: try fields.bytes(4), path: try fields.digests(5)))
        case 2: record = .rows(try rows(&fields))
        case 3: record = .end(rows: try fields.unsigned(1), header: try fields.digest(2))
        default: throw fields.fault(0, "is of an unknown kind")
        }
        try fields.finish()
        return record
    }

    private static func rows(_ fields: inout FieldReader) throws(LedgerFault) -> [StateChange] {
        var rows: [StateChange] = []
        for item in try fields.array(1) {
            guard case .array(let parts) = item, parts.count == 3, case .text(let space) = parts[0],
                case .bytes(let name) = parts[1], case .bytes(let value) = parts[2]
            else {
                throw fields.fault(1, "has a member that is not a row")
            }
            let key = StateKey(space: space.string, item: name)
            if let last = rows.last, last.key >= key {
                throw fields.fault(1, "has rows out of order or repeated")
            }
            rows.append(StateChange(key: key, value: value))
        }
        guard !rows.isEmpty else {
            throw fields.fault(1, "has no rows")
        }
        return rows
    }
}

/// Takes a snapshot apart as its bytes arrive, so that no more than one record is in memory.
public struct SnapshotReader: Sendable {
    private var reader = RecordFileReader(.snapshot)

    /// A reader at the beginning of a file.
    public init() {}

    /// Takes the next bytes of the file.
    public mutating func append(_ bytes: some Sequence<UInt8>) {
        reader.append(bytes)
    }

    /// The next record; nil where more bytes are needed. Throws where the bytes are no record.
    public mutating func next() throws(LedgerFault) -> Snapshot.Record? {
        guard let (kind, bytes) = try reader.next() else {
            return nil
        }
        return try Snapshot.decode(kind: kind, bytes)
    }

    /// Whether bytes are left that have not been read.
    public var hasRest: Bool { reader.hasRest }
}
