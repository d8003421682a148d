extension ChainStore {
    /// The last block in brief, or nil if the ledger is empty.
    public func head() throws(StoreError) -> StoredHead? {
        try beUsable()
        return try connection.first(.head) { row throws(StoreError) in
            StoredHead(height: try row.number(0), digest: try row.blob(1), time: try row.integer(2))
        }
    }

    /// The number of the last block that is not later than a time, in seconds since 1970-01-01 00:00:00 UTC; nil if
    /// all are later.
    public func height(atTime time: Int64) throws(StoreError) -> UInt64? {
        try beUsable()
        return try connection.first(.heightAtTime, [.integer(time)]) { row throws(StoreError) in try row.number(0) }
    }

    /// The block with this number and its transactions, or nil if there is none.
    ///
    /// - Throws: `.damaged`, with the number of the block, if its rows cannot be read or do not fit together.
    public func block(at height: UInt64) throws(StoreError) -> StoredBlock? {
        try beUsable()
        guard height <= UInt64(Int64.max) else {
            return nil
        }
        do {
            let found = try connection.first(.block, [.number(height)]) { row throws(StoreError) in
                BlockRow(
                    height: try row.number(0), digest: try row.blob(1), time: try row.integer(2),
                    count: try row.number(3), header: try row.blob(4), signature: try row.blob(5))
            }
            return try found.map { row throws(StoreError) in
                try withTransactions(row)
            }
        } catch {
            throw error.naming("block \(height)")
        }
    }

    /// Hands over the blocks from one number to another, both included, until `body` stops.
    ///
    /// Only one block is in memory at a time. Without a last number it goes up to the head.
    ///
    /// - Throws: `.damaged`, with the number of the block, for one that is missing or cannot be read.
    public func forEachBlock(
        from first: UInt64 = 0, to last: UInt64? = nil, _ body: (StoredBlock) throws(StoreError) -> Walk
    ) throws(StoreError) {
        guard let head = try head() else {
            return
        }
        var height = first
        while height <= min(last ?? head.height, head.height) {
            guard let block = try block(at: height) else {
                throw .damaged(table: "block", row: "block \(height)", problem: "the row is missing")
            }
            if try body(block) == .stop {
                return
            }
            height &+= 1
        }
    }

    /// Hands over the headers of the blocks from one number up to another and without it, in order; fewer where there
    /// are fewer.
    ///
    /// - Throws: `.damaged` if one is missing between them.
    public func forEachHeader(
        from first: UInt64 = 0, upTo end: UInt64, _ body: ([UInt8]) throws(StoreError) -> Void
    ) throws(StoreError) {
        try beUsable()
        var next = first
        let limits: [Binding] = [first, end].map { .number(min($0, UInt64(Int64.max))) }
        try connection.forEachRow(.headers, limits) { row throws(StoreError) in
            guard try row.number(0) == next else {
                throw .damaged(table: "block", row: "block \(next)", problem: "the row is missing")
            }
            next += 1
            try body(try row.blob(1))
            return .next
        }
    }

    /// The transaction with this digest, or nil if there is none.
    public func transaction(digest: [UInt8]) throws(StoreError) -> PlacedTransaction? {
        try beUsable()
        return try connection.first(.transactionByDigest, [.blob(digest)]) { row throws(StoreError) in
            try placed(row)
        }
    }

    /// The digests of transactions between two, both included, in order; at most `limit`.
    public func transactionDigests(
        from first: [UInt8], to last: [UInt8], limit: Int
    ) throws(StoreError) -> [[UInt8]] {
        try beUsable()
        let bindings: [Binding] = [.blob(first), .blob(last), .number(UInt64(max(0, limit)))]
        return try connection.all(.transactionDigests, bindings) { row throws(StoreError) in try row.blob(0) }
    }

    /// The transactions about a case, in the order of the chain.
    public func transactions(ofCase reference: String) throws(StoreError) -> [PlacedTransaction] {
        try beUsable()
        return try connection.all(.transactionsOfCase, [.text(reference)]) { row throws(StoreError) in
            try placed(row)
        }
    }

    /// Where the last transaction about a case stands, up to and with the block of a height; nil if there is none.
    public func lastTransaction(
        ofCase reference: String, upTo height: UInt64
    ) throws(StoreError) -> (height: UInt64, position: Int)? {
        try beUsable()
        return try connection.first(.lastOfCase, [.text(reference), .number(height)]) { row throws(StoreError) in
            (try row.number(0), Int(clamping: try row.number(1)))
        }
    }

    /// Hands over the bodies of the transactions between two heights, both included, that were refused before they
    /// reached a case, in the order of the chain.
    public func forEachRefusedWithoutCase(
        from first: UInt64, through last: UInt64, _ body: ([UInt8]) throws(StoreError) -> Walk
    ) throws(StoreError) {
        try beUsable()
        try connection.forEachRow(.refusedWithoutCase, [.number(first), .number(last)]) { row throws(StoreError) in
            try body(try row.blob(0))
        }
    }

    /// What fell due about a case, in the order of the chain.
    public func deadlines(ofCase reference: String) throws(StoreError) -> [PlacedDeadline] {
        try beUsable()
        return try connection.all(.deadlinesOfCase, [.text(reference)]) { row throws(StoreError) in
            try placedDeadline(row)
        }
    }

    /// A row of the table of blocks.
    private struct BlockRow {
        let height: UInt64
        let digest: [UInt8]
        let time: Int64
        let count: UInt64
        let header: [UInt8]
        let signature: [UInt8]
    }

    private func withTransactions(_ row: BlockRow) throws(StoreError) -> StoredBlock {
        var transactions: [TransactionRecord] = []
        try connection.forEachRow(.blockTransactions, [.number(row.height)]) { found throws(StoreError) in
            let transaction = try placed(found)
            guard transaction.position == transactions.count else {
                let problem = "transaction \(transactions.count) is missing"
                throw .damaged(table: "tx", row: nil, problem: problem)
            }
            transactions.append(transaction.record)
            return .next
        }
        var deadlines: [DeadlineRecord] = []
        try connection.forEachRow(.blockDeadlines, [.number(row.height)]) { found throws(StoreError) in
            let deadline = try placedDeadline(found)
            guard deadline.position == deadlines.count else {
                throw .damaged(table: "deadline", row: nil, problem: "deadline \(deadlines.count) is missing")
            }
            deadlines.append(deadline.record)
            return .next
        }
        guard UInt64(transactions.count) == row.count else {
            let problem = "it names \(row.count) transactions, and \(transactions.count) are there"
            throw .damaged(table: "block", row: nil, problem: problem)
        }
        return StoredBlock(
            height: row.height, digest: row.digest, time: row.time, header: row.header, signature: row.signature,
            deadlines: deadlines, transactions: transactions)
    }

    private func placedDeadline(_ row: Row) throws(StoreError) -> PlacedDeadline {
        let (height, position) = (try row.number(0), try row.number(1))
        do {
            let record = DeadlineRecord(
                receipt: try row.blob(2), findings: try row.optionalBlob(3), caseReference: try row.optionalText(4),
                outcome: try row.text(5))
            return PlacedDeadline(height: height, position: Int(clamping: position), record: record)
        } catch {
            throw error.naming("block \(height), deadline \(position)")
        }
    }

    private func placed(_ row: Row) throws(StoreError) -> PlacedTransaction {
        let (height, position) = (try row.number(0), try row.number(1))
        do {
            let record = TransactionRecord(
                digest: try row.blob(2), body: try row.blob(3), signature: try row.blob(4),
                receipt: try row.blob(5), findings: try row.optionalBlob(6), call: try row.text(7),
                caseReference: try row.optionalText(8), outcome: try row.text(9))
            return PlacedTransaction(height: height, position: Int(clamping: position), record: record)
        } catch {
            throw error.naming("block \(height), transaction \(position)")
        }
    }
}

extension StoreError {
    /// The same error with the row in which the damage is, unless that is known already.
    func naming(_ row: String) -> StoreError {
        guard case .damaged(let table, nil, let problem) = self else {
            return self
        }
        return .damaged(table: table, row: row, problem: problem)
    }
}
