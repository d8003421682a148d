/// Where a ledger begins that was made from a snapshot: with the state after one block, and nothing before it.
public struct LedgerBase: Hashable, Sendable {
    /// The height of the block.
    public var height: UInt64
    /// The digest of block 0's header.
    public var genesis: [UInt8]
    /// The checkpoint that ends with the block, a signed note.
    public var checkpoint: [UInt8]
    /// The path of the block's header under the checkpoint: hashes of 32 bytes, one after another.
    public var path: [UInt8]

    /// A base of these parts.
    public init(height: UInt64, genesis: [UInt8], checkpoint: [UInt8], path: [UInt8]) {
        self.height = height
        self.genesis = genesis
        self.checkpoint = checkpoint
        self.path = path
    }
}

extension ChainStore {
    /// Where the ledger begins, if that is not with block 0.
    public func base() throws(StoreError) -> LedgerBase? {
        try beUsable()
        return try connection.first(.base) { row throws(StoreError) in
            LedgerBase(
                height: try row.number(0), genesis: try row.blob(1), checkpoint: try row.blob(2),
                path: try row.blob(3))
        }
    }

    /// How many blocks there are below a height.
    public func blockCount(below height: UInt64) throws(StoreError) -> UInt64 {
        try beUsable()
        let limit = min(height, UInt64(Int64.max))
        return try connection.first(.blocksBelow, [.number(limit)]) { row throws(StoreError) in
            try row.number(0)
        } ?? 0
    }

    /// Begins an empty ledger with the header of a block whose state is to follow.
    ///
    /// - Throws: `.wrongHeight` if the ledger is not empty; what `append` throws otherwise.
    public func beginBase(
        height: UInt64, digest: [UInt8], time: Int64, header: [UInt8], signature: [UInt8]
    ) throws(StoreError) {
        try writing("beginning at block \(height)") { () throws(StoreError) in
            if let last = try connection.first(.head, [], { row throws(StoreError) in try row.number(0) }) {
                throw .wrongHeight(expected: last &+ 1, found: height)
            }
            try connection.run(
                .insertBlock,
                [.number(height), .blob(digest), .integer(time), .integer(0), .blob(header), .blob(signature)])
        }
    }

    /// Writes rows of the state after the block with which the ledger begins, and what auditors see of them.
    ///
    /// - Throws: What `append` throws.
    public func addBaseRows(
        _ rows: [StateWrite], cases: [AuditRows.CaseVersion], height: UInt64
    ) throws(StoreError) {
        var audit = AuditRows()
        audit.cases = cases
        try writing("writing the state after block \(height)") { () throws(StoreError) in
            for row in rows {
                guard let value = row.value else { continue }
                try connection.run(
                    .insertState, [.text(row.space), .blob(row.item), .number(height), .blob(value)])
            }
            try insert(audit, height: height)
        }
    }

    /// Makes the ledger whole: it begins here. Once it returns all of it is on disk.
    ///
    /// - Throws: What `append` throws.
    public func finishBase(_ base: LedgerBase) throws(StoreError) {
        try writing("beginning at block \(base.height)") { () throws(StoreError) in
            try connection.run(
                .insertBase, [.number(base.height), .blob(base.genesis), .blob(base.checkpoint), .blob(base.path)])
        }
    }
}
