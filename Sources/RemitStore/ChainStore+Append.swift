import CSQLite

extension ChainStore {
    /// Writes a block, its transactions and its changes of the state; once it returns they are on disk.
    ///
    /// - Throws: `.wrongHeight`, `.duplicateState`, `.duplicateTransaction` if the block cannot be the next one, and
    ///   `.busy` if another program is writing; then nothing is written and the store is as before. Whatever else goes
    ///   wrong makes the store unusable: the block may be on disk or not, and opening the ledger again tells.
    public func append(_ block: BlockCommit) throws(StoreError) {
        let changes = try Self.sorted(block.changes)
        try writing("committing block \(block.height)") { () throws(StoreError) in
            try checkHeight(block.height)
            try insert(block)
            try insert(block.audit, height: block.height)
            try insert(block.vault, height: block.height)
            for change in changes {
                try write(change, height: block.height)
            }
        }
    }

    /// Runs `body` in one transaction; once it returns what was written is on disk.
    func writing(_ doing: String, _ body: () throws(StoreError) -> Void) throws(StoreError) {
        try beWritable()
        do {
            try connection.run(.begin, doing: doing)
            try body()
            try connection.run(.commit, doing: doing)
        } catch {
            takeBack(after: error)
            throw error
        }
        checkpointIfDue()
    }

    /// The changes in the order of the keys, which writes neighbouring pages together.
    private static func sorted(_ changes: [StateWrite]) throws(StoreError) -> [StateWrite] {
        let isInOrder = zip(changes, changes.dropFirst()).allSatisfy { $0.precedes($1) }
        if isInOrder { return changes }
        let sorted = changes.sorted { $0.precedes($1) }
        for (change, next) in zip(sorted, sorted.dropFirst()) where change.hasSameKey(as: next) {
            throw .duplicateState(space: next.space, item: next.item)
        }
        return sorted
    }

    private func checkHeight(_ height: UInt64) throws(StoreError) {
        let last = try connection.first(.head) { row throws(StoreError) in try row.number(0) }
        let expected = last.map { $0 &+ 1 } ?? 0
        guard height == expected else {
            throw .wrongHeight(expected: expected, found: height)
        }
    }

    private func insert(_ block: BlockCommit) throws(StoreError) {
        try connection.run(
            .insertBlock,
            [
                .number(block.height), .blob(block.digest), .integer(block.time),
                .integer(Int64(block.transactions.count)), .blob(block.header), .blob(block.signature),
            ])
        for (position, record) in block.deadlines.enumerated() {
            try connection.run(
                .insertDeadline,
                [
                    .number(block.height), .integer(Int64(position)), .blob(record.receipt),
                    .optionalBlob(record.findings), .optionalText(record.caseReference), .text(record.outcome),
                ])
        }
        for (position, record) in block.transactions.enumerated() {
            let values: [Binding] = [
                .number(block.height), .integer(Int64(position)), .blob(record.digest), .blob(record.body),
                .blob(record.signature), .blob(record.receipt), .optionalBlob(record.findings), .text(record.call),
                .optionalText(record.caseReference), .text(record.outcome),
            ]
            do {
                try connection.run(.insertTransaction, values)
            } catch .sqlite(let failure) where failure.code == Self.uniqueConstraint {
                // An index that others made meanwhile refuses rows that are not here yet.
                let known = try connection.first(.transactionByDigest, [.blob(record.digest)]) { _ in true }
                guard known != nil else { throw .sqlite(failure) }
                throw .duplicateTransaction(digest: record.digest)
            }
        }
    }

    /// The extended code SQLITE_CONSTRAINT_UNIQUE.
    private static var uniqueConstraint: Int32 {
        SQLITE_CONSTRAINT | 8 << 8
    }

    private func write(_ change: StateWrite, height: UInt64) throws(StoreError) {
        let key: [Binding] = [.text(change.space), .blob(change.item), .number(height)]
        try connection.run(.closeState, key)
        if let value = change.value {
            try connection.run(.insertState, key + [.blob(value)])
        }
    }

    /// Undoes what was written since BEGIN; a store that cannot undo, or that failed to write, is of no more use.
    func takeBack(after cause: StoreError) {
        do {
            if try !connection.isIdle() {
                try connection.run(.rollback)
            }
            if !cause.isRefusal {
                fail(cause)
            }
        } catch {
            fail(cause)
        }
    }

    /// Empties the log from time to time. The block is safe in the log already, so a failure strikes the next call.
    private func checkpointIfDue() {
        guard connection.pagesInLog >= tuning.pagesBetweenCheckpoints else {
            return
        }
        do {
            try connection.checkpoint(truncating: false)
        } catch {
            fail(error)
        }
    }
}
