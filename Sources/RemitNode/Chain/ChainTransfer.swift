public import RemitLedger
import RemitStore

/// A chain as files that others read: the whole of it, its blocks from one on, or the state after one of them.
extension LedgerNode {
    /// Writes the whole chain as one portable file, or its blocks from a height on, piece by piece; gives the number
    /// of blocks in the file.
    public func export(from first: UInt64? = nil, _ write: ([UInt8]) throws -> Void) throws -> UInt64 {
        let lowest = beginsWithSnapshot ? firstHeight + 1 : 0
        guard let start = first ?? (beginsWithSnapshot ? nil : 0), start >= lowest else {
            throw NodeError.invalid(
                "the ledger begins after block \(firstHeight), from whose snapshot it was made",
                hint: "export the blocks after it: remit export FILE --from \(lowest)")
        }
        guard start <= head.height else {
            throw NodeError.invalid("there is no block \(start)", hint: "the last block is \(head.height)")
        }
        let file: RecordFile = first == nil ? .chain : .tail
        try write(file.mark)
        func put(_ record: ChainFile.Record) throws {
            guard let bytes = ChainFile.encode(record, in: file) else { throw Self.tooLarge }
            try write(bytes)
        }
        try put(.preamble(nodeKey: try nodeKey(), genesis: genesis, first: start))
        var last: Digest?
        for height in start...head.height {
            guard let block = try store.block(at: height) else {
                throw NodeError.broken([ChainProblem(height: height, position: nil, text: "the block is missing")])
            }
            let bytes = try BlockRows.bytes(block)
            last = try BlockHeader(decoding: block.header).digest
            try put(.block(bytes))
        }
        try put(.end(count: head.height + 1, head: last ?? .zero))
        return head.height + 1 - start
    }

    /// Writes the state after the last block that a checkpoint covers as one portable file, piece by piece; gives the
    /// number of rows.
    ///
    /// The file is checked while it is written, as its reader will: a damaged ledger gives none that is whole.
    public func snapshot(under signed: SignedCheckpoint, _ write: ([UInt8]) throws -> Void) throws -> UInt64 {
        let size = signed.checkpoint.size
        guard size > firstHeight, size - 1 <= head.height else {
            throw NodeError.invalid(
                "the ledger has no state after block \(size == 0 ? 0 : size - 1)",
                hint: "it has that of the blocks \(firstHeight) to \(head.height)")
        }
        let height = size - 1
        guard let block = try store.block(at: height), let signature = Signature(bytes: block.signature),
            let path = try log(size).inclusionProof(of: height, size: size)
        else {
            throw NodeError.broken([ChainProblem(height: height, position: nil, text: "the block is missing")])
        }
        let header = try BlockHeader(decoding: block.header)
        return try withoutActuallyEscaping(write) { write in
            let preamble = Snapshot.Preamble(
                nodeKey: try nodeKey(), genesis: genesis, checkpoint: signed.bytes,
                signedHeader: SignedHeader(header: header, signature: signature).encoded, path: path)
            return try writeRows(try SnapshotWriter(preamble, write), after: header)
        }
    }

    private func writeRows(_ work: SnapshotWriter, after header: BlockHeader) throws -> UInt64 {
        var failure: (any Error)?
        try store.forEachState(asOf: header.height) { row throws(StoreError) in
            let key = StateKey(space: row.space, item: row.item)
            do {
                try work.add(StateChange(key: key, value: row.value))
                return .next
            } catch {
                failure = error
                return .stop
            }
        }
        if let failure { throw failure }
        return try work.finish(header)
    }

    static let tooLarge = NodeError.invalid("a record is larger than 4 GiB", hint: "copy the ledger's file instead")
}

/// Gathers the rows of a snapshot into records, and checks what it writes.
private final class SnapshotWriter {
    private let write: ([UInt8]) throws -> Void
    private var verifier = SnapshotVerifier()
    private var rows: [StateChange] = []
    private var bytes = 0

    /// The bytes of rows after which a record ends.
    private static let recordBytes = 256 << 10

    init(_ preamble: Snapshot.Preamble, _ write: @escaping ([UInt8]) throws -> Void) throws {
        self.write = write
        try write(RecordFile.snapshot.mark)
        try put(.preamble(preamble))
    }

    private func put(_ record: Snapshot.Record) throws {
        if let fault = verifier.check(record) { throw NodeError.broken([ChainProblem(fault)]) }
        guard let encoded = Snapshot.encode(record) else { throw LedgerNode.tooLarge }
        try write(encoded)
    }

    func add(_ row: StateChange) throws {
        rows.append(row)
        bytes += row.key.space.utf8.count + row.key.item.count + (row.value?.count ?? 0)
        if bytes >= Self.recordBytes { try flush() }
    }

    private func flush() throws {
        guard !rows.isEmpty else { return }
        try put(.rows(rows))
        rows = []
        bytes = 0
    }

    func finish(_ header: BlockHeader) throws -> UInt64 {
        try flush()
        try put(.end(rows: verifier.rowCount, header: header.digest))
        return verifier.rowCount
    }
}
