extension ChainStore {
    /// The record of a commitment, or nil if the vault knows nothing of it.
    public func vaultRecord(_ commitment: [UInt8]) throws(StoreError) -> VaultRecord? {
        try vaultRecords(.vaultRecord, .blob(commitment)).first
    }

    /// The records of a case that are not erased, in the order of their commitments.
    public func vaultRecords(ofOwner owner: String) throws(StoreError) -> [VaultRecord] {
        try vaultRecords(.vaultOfOwner, .text(owner)).filter { $0.erased == nil }
    }

    /// The records of a subject, in the order of their commitments.
    public func vaultRecords(ofSubject subject: [UInt8]) throws(StoreError) -> [VaultRecord] {
        try vaultRecords(.vaultOfSubject, .blob(subject)).filter { $0.erased == nil }
    }

    /// The records whose salts come from a secret, in the order of their commitments; those that were erased as well.
    public func vaultRecords(ofSource source: [UInt8]) throws(StoreError) -> [VaultRecord] {
        try vaultRecords(.vaultOfSource, .blob(source))
    }

    /// The key of a subject, or nil if there is none.
    public func vaultKey(ofSubject subject: [UInt8]) throws(StoreError) -> [UInt8]? {
        try beUsable()
        return try connection.first(.vaultKey, [.blob(subject)]) { row throws(StoreError) in try row.blob(0) }
    }

    /// Whether the vault holds, or held, anything.
    public func hasVaultRecords() throws(StoreError) -> Bool {
        var found = false
        try forEachVaultRecord { _ in
            found = true
            return .stop
        }
        return found
    }

    /// Hands over every record in the order of the commitments, until `body` stops.
    public func forEachVaultRecord(_ body: (VaultRecord) throws(StoreError) -> Walk) throws(StoreError) {
        try beUsable()
        try connection.forEachRow(.vaultEverywhere) { row throws(StoreError) in try body(try vaultRecord(row)) }
    }

    /// Every key with its subject, in the order of the subjects.
    public func vaultKeys() throws(StoreError) -> [VaultCommit.Key] {
        try beUsable()
        return try connection.all(.vaultKeys) { row throws(StoreError) in
            VaultCommit.Key(subject: try row.blob(0), key: try row.blob(1))
        }
    }

    /// Takes over records and keys of another vault, in one commit.
    public func addToVault(_ vault: VaultCommit) throws(StoreError) {
        try writing("filling the vault") { () throws(StoreError) in try insert(vault, height: 0) }
    }

    /// Writes what a block changes in the vault, within the transaction that commits it.
    func insert(_ vault: VaultCommit, height: UInt64) throws(StoreError) {
        for key in vault.keys {
            try connection.run(.insertVaultKey, [.blob(key.subject), .blob(key.key)])
        }
        for record in vault.records {
            try connection.run(
                .insertVault,
                [
                    .blob(record.commitment), .blob(record.subject), .text(record.owner),
                    .optionalBlob(record.source), .number(record.height), record.erased.map { .number($0) } ?? .null,
                    .optionalBlob(record.box),
                ])
        }
        guard vault.hasErasure else { return }
        try erase(vault.erased, height: height)
    }

    /// Erases records and the keys that nothing is kept under any more; the traces are due from then on.
    private func erase(_ erasures: [VaultCommit.Erasure], height: UInt64) throws(StoreError) {
        var subjects: Set<[UInt8]> = []
        for erasure in erasures {
            if let record = try vaultRecord(erasure.commitment), record.erased == nil {
                subjects.insert(record.subject)
            }
            try connection.run(.eraseVault, [.blob(erasure.commitment), .number(height), .blob(erasure.subject)])
        }
        for subject in subjects { try connection.run(.eraseVaultKey, [.blob(subject)]) }
        try connection.run(.insertPurge, [.number(height)])
    }

    /// Erases what the state of a snapshot says was erased, in one commit.
    public func eraseInVault(_ erasures: [VaultCommit.Erasure], height: UInt64) throws(StoreError) {
        guard !erasures.isEmpty else { return }
        try writing("erasing in the vault") { () throws(StoreError) in try erase(erasures, height: height) }
    }

    /// Writes beside what was erased the subjects that its erasures name, where none stands there, in one commit.
    public func nameErased(_ erasures: [VaultCommit.Erasure]) throws(StoreError) {
        guard !erasures.isEmpty else { return }
        try writing("naming what was erased") { () throws(StoreError) in
            for erasure in erasures {
                try connection.run(.nameErased, [.blob(erasure.commitment), .blob(erasure.subject)])
            }
        }
    }

    /// How many records there are of the blocks above one height, up to and with another; without the first from
    /// block 0 on.
    public func vaultRecordCount(above base: UInt64?, upTo last: UInt64) throws(StoreError) -> UInt64 {
        try beUsable()
        let limits: [Binding] = [
            .integer(base.map { Int64(clamping: $0) } ?? -1), .number(min(last, UInt64(Int64.max))),
        ]
        return try connection.first(.vaultCount, limits) { row throws(StoreError) in try row.number(0) } ?? 0
    }

    // MARK: Traces

    /// The heights of the erasures whose traces the file may still hold, in order.
    public func purgesDue() throws(StoreError) -> [UInt64] {
        try beUsable()
        return try connection.all(.purges) { row throws(StoreError) in try row.number(0) }
    }

    /// Whether the file may hold traces of something that was erased.
    public func isPurgeDue() throws(StoreError) -> Bool {
        try beUsable()
        return try connection.first(.purgeDue) { row throws(StoreError) in try row.integer(0) > 0 } ?? false
    }

    /// Takes every trace of what was erased out of the file and its log, and makes the file smaller.
    ///
    /// The whole database is written anew, which needs about as much memory as it is large, and both files are then
    /// cut. Gives false, and leaves it due, where another process reads the ledger and keeps the log from being
    /// emptied, or where disk or memory are full. It can be stopped at any moment and is taken up again by whoever
    /// opens the ledger for writing. Whatever else goes wrong makes the store unusable, and leaves it due.
    public func purge() throws(StoreError) -> Bool {
        try beWritable()
        guard try isPurgeDue() else { return true }
        do {
            guard try connection.emptyLog() else { return false }
            try connection.once("VACUUM", doing: "taking out what was erased")
            guard try connection.emptyLog() else { return false }
            try connection.run(.endPurge, doing: "taking out what was erased")
            _ = try connection.emptyLog()
            return true
        } catch {
            if error.isRefusedForNow, try connection.isIdle() { return try !isPurgeDue() }
            fail(error)
            throw error
        }
    }

    private func vaultRecords(_ query: Query, _ value: Binding) throws(StoreError) -> [VaultRecord] {
        try beUsable()
        return try connection.all(query, [value]) { row throws(StoreError) in try vaultRecord(row) }
    }

    private func vaultRecord(_ row: Row) throws(StoreError) -> VaultRecord {
        let commitment = try row.blob(0)
        do {
            return VaultRecord(
                commitment: commitment, subject: try row.blob(1), owner: try row.text(2),
                source: try row.optionalBlob(3), height: try row.number(4), erased: try row.optionalNumber(5),
                box: try row.optionalBlob(6))
        } catch {
            throw error.naming(Describing.hex(commitment))
        }
    }
}
