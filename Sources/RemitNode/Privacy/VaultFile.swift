import RemitLedger
import RemitStore
import RemitValues

/// The vault of a ledger as one file, which must be kept as safe as the ledger itself: it holds every private value and
/// the keys under which they are kept.
///
/// The mark `remit vault 1` and a newline, then records as in an exported chain: kind 01 a key [subject, key], kind 02
/// a row [commitment, subject, owner, source or null, height, erased or null, box or null], kind 03 the number of both.
enum VaultFile {
    static let mark = Array("remit vault 1\n".utf8)

    enum Record {
        case key(VaultCommit.Key)
        case row(VaultRecord)
        case end(UInt64)
    }

    /// The bytes of a record; nil for one of 4 GiB or more.
    static func encode(_ record: Record) -> [UInt8]? {
        switch record {
        case .key(let key): RecordFile.encode(kind: 1, .array([.bytes(key.subject), .bytes(key.key)]))
        case .row(let row):
            RecordFile.encode(
                kind: 2,
                .array([
                    .bytes(row.commitment), .bytes(row.subject), .text(TextValue(row.owner)),
                    row.source.map { .bytes($0) } ?? .null, .unsigned(row.height),
                    row.erased.map { .unsigned($0) } ?? .null, row.box.map { .bytes($0) } ?? .null,
                ]))
        case .end(let count): RecordFile.encode(kind: 3, .unsigned(count))
        }
    }

    /// Reads the item of a record; nil where it is none of the kind.
    static func decode(_ kind: UInt8, _ bytes: [UInt8]) -> Record? {
        guard let item = try? CBOR(decoding: bytes) else { return nil }
        switch (kind, item) {
        case (1, .array(let parts)):
            guard parts.count == 2, case .bytes(let subject) = parts[0], case .bytes(let key) = parts[1],
                subject.count == Digest.length, key.count == VaultBox.keyLength
            else { return nil }
            return .key(VaultCommit.Key(subject: subject, key: key))
        case (2, .array(let parts)): return row(parts).map(Record.row)
        case (3, .unsigned(let count)): return .end(count)
        default: return nil
        }
    }

    private static func row(_ parts: [CBOR]) -> VaultRecord? {
        guard parts.count == 7, case .bytes(let commitment) = parts[0], commitment.count == Digest.length,
            case .bytes(let subject) = parts[1], case .text(let owner) = parts[2],
            case .unsigned(let height) = parts[4], height <= UInt64(Int64.max)
        else { return nil }
        var row = VaultRecord(
            commitment: commitment, subject: subject, owner: owner.string, source: nil, height: height, erased: nil,
            box: nil)
        switch parts[3] {
        case .null: break
        case .bytes(let source): row.source = source
        default: return nil
        }
        switch (parts[5], parts[6]) {
        case (.null, .bytes(let box)): row.box = box
        case (.unsigned(let erased), .null) where erased <= UInt64(Int64.max): row.erased = erased
        default: return nil
        }
        return row
    }
}

/// Takes the file of a vault apart as its bytes arrive, and fills the vault of a store with it.
struct VaultFileReader {
    private var reader = RecordFileReader(name: "vault file", mark: VaultFile.mark)
    private var isEnded = false
    private var waiting = VaultCommit()
    /// The subject of the last key and the commitment of the last row: both ascend, so that none is there twice.
    private var lastKey: [UInt8] = []
    private var lastRow: [UInt8] = []
    /// How many keys and rows were read.
    private(set) var count: UInt64 = 0

    /// Takes the next bytes; throws `broken` where they are no vault.
    mutating func append(_ bytes: some Sequence<UInt8>, to store: ChainStore) throws(NodeError) {
        reader.append(bytes)
        while let (kind, item) = try next() {
            guard !isEnded, let record = VaultFile.decode(kind, item) else {
                throw Self.broken("record \(count + 1) cannot be read")
            }
            try take(record, store)
        }
    }

    private mutating func next() throws(NodeError) -> (kind: UInt8, bytes: [UInt8])? {
        do throws(LedgerFault) { return try reader.next() } catch { throw Self.broken(error.description) }
    }

    private mutating func take(_ record: VaultFile.Record, _ store: ChainStore) throws(NodeError) {
        switch record {
        case .key(let key):
            guard lastKey.lexicographicallyPrecedes(key.subject), lastRow.isEmpty else { throw outOfOrder }
            lastKey = key.subject
            waiting.keys.append(key)
        case .row(let row):
            guard lastRow.lexicographicallyPrecedes(row.commitment) else { throw outOfOrder }
            lastRow = row.commitment
            waiting.records.append(row)
        case .end(let total):
            guard total == count else { throw Self.broken("it has \(count) records and names \(total)") }
            isEnded = true
            return try flush(store)
        }
        count += 1
        if waiting.keys.count + waiting.records.count >= Self.batch { try flush(store) }
    }

    private var outOfOrder: NodeError { Self.broken("record \(count + 1) is out of its order") }

    private mutating func flush(_ store: ChainStore) throws(NodeError) {
        let filled = waiting
        waiting = VaultCommit()
        try storing { () throws(StoreError) in try store.addToVault(filled) }
    }

    /// Ends the file; throws `broken` where it is not whole.
    func finish() throws(NodeError) {
        guard isEnded, !reader.hasRest else { throw Self.broken("it is not whole") }
    }

    private static let batch = 1000

    private static func broken(_ text: String) -> NodeError {
        .broken([ChainProblem(height: nil, position: nil, text: "the file is no vault: \(text)")])
    }
}

extension LedgerNode {
    /// Writes the vault as one file, piece by piece; gives the number of keys and rows.
    ///
    /// Whoever has the file has every private value of the ledger.
    public func exportVault(_ write: ([UInt8]) throws -> Void) throws -> UInt64 {
        try write(VaultFile.mark)
        var count: UInt64 = 0
        var failure: (any Error)?
        // Keys and rows of one moment: an erasure between them would leave rows without their key.
        try withoutActuallyEscaping(write) { write in
            func put(_ record: VaultFile.Record) -> Walk {
                do {
                    guard let bytes = VaultFile.encode(record) else { throw Self.tooLarge }
                    try write(bytes)
                    count += 1
                    return .next
                } catch {
                    failure = error
                    return .stop
                }
            }
            try store.withSnapshot { () throws(StoreError) in
                for key in try store.vaultKeys() where put(.key(key)) == .stop { return }
                try store.forEachVaultRecord { record throws(StoreError) in put(.row(record)) }
            }
        }
        if let failure { throw failure }
        guard let end = VaultFile.encode(.end(count)) else { throw Self.tooLarge }
        try write(end)
        return count
    }
}
