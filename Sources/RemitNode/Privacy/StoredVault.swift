import RemitLedger
import RemitStore
import RemitValues

/// The vault of a ledger's file.
struct StoredVault: VaultReading {
    let store: ChainStore

    func find(_ identifier: Digest) throws(NodeError) -> VaultFinding {
        guard let record = try storing({ () throws(StoreError) in try store.vaultRecord(identifier.bytes) }) else {
            return .unknown
        }
        if let height = record.erased { return .erased(height) }
        return .open(try Self.content(record, in: store))
    }

    func rows(in scope: ErasureScope, before height: UInt64) throws(NodeError) -> [VaultRow] {
        let records = try storing { () throws(StoreError) in
            switch scope {
            case .ofCase(let reference, _): return try store.vaultRecords(ofOwner: reference.description)
            case .subject(let subject): return try store.vaultRecords(ofSubject: subject.bytes)
            case .transaction(let seed):
                let seedItself = try store.vaultRecord(seed.bytes).map { [$0] } ?? []
                return (seedItself + (try store.vaultRecords(ofSource: seed.bytes))).filter { $0.erased == nil }
            }
        }
        var rows: [VaultRow] = []
        // A vault that came with a copy may hold what later blocks brought.
        for record in records where record.height < height {
            let row = try row(record)
            if scope.names(row) { rows.append(row) }
        }
        return rows
    }

    func row(_ identifier: Digest) throws(NodeError) -> VaultRow? {
        guard let record = try storing({ () throws(StoreError) in try store.vaultRecord(identifier.bytes) }),
            record.erased == nil
        else { return nil }
        return try row(record)
    }

    private func row(_ record: VaultRecord) throws(NodeError) -> VaultRow {
        guard let identifier = Digest(bytes: record.commitment), let subject = Digest(bytes: record.subject) else {
            throw Self.damaged(record)
        }
        var path: PrivatePath?
        if case .opening(let opening) = try Self.content(record, in: store) { path = opening.path }
        return VaultRow(
            identifier: identifier, subject: subject, owner: record.owner,
            source: record.source.flatMap { Digest(bytes: $0) }, path: path)
    }

    /// Decrypts a record and holds it to its commitment.
    static func content(_ record: VaultRecord, in store: ChainStore) throws(NodeError) -> VaultContent {
        guard let box = record.box, let commitment = Digest(bytes: record.commitment),
            let key = try storing({ () throws(StoreError) in try store.vaultKey(ofSubject: record.subject) }),
            let bytes = VaultBox.open(box, key: key, row: VaultRows.name(record))
        else { throw damaged(record) }
        if let secret = PrivateSecret(bytes: bytes), secret.commitment == commitment { return .secret(secret) }
        guard let opening = try? PrivateOpening(decoding: bytes), opening.commitment == commitment else {
            throw damaged(record)
        }
        return .opening(opening)
    }

    static func damaged(_ record: VaultRecord) -> NodeError {
        .broken([
            ChainProblem(
                height: nil, position: nil,
                text: "the vault's row of the commitment \(Hex.encode(record.commitment)) is damaged")
        ])
    }
}

/// Encrypts what a block adds to the vault.
struct VaultRows {
    let store: ChainStore
    private var keys: [Digest: [UInt8]] = [:]
    private var chance = SystemRandomNumberGenerator()

    init(store: ChainStore) { self.store = store }

    /// The changes of a block as the store takes them.
    ///
    /// With `filling`, as where a copy executes the blocks of another ledger, only what the vault lacks is added.
    mutating func commit(
        _ vault: WorkingVault, height: UInt64, filling: Bool = false
    ) throws(NodeError) -> VaultCommit {
        var commit = VaultCommit()
        for item in vault.added {
            if filling, try storing({ () throws(StoreError) in try store.vaultRecord(item.identifier.bytes) }) != nil {
                continue
            }
            commit.records.append(try record(item, vault.namedSubjects[item.identifier], height: height, &commit))
        }
        commit.erased = vault.erasures
        // A copy that kept nothing of it has no traces either.
        commit.hasErasure = filling ? !commit.erased.isEmpty : vault.hasErasure
        return commit
    }

    private mutating func record(
        _ item: VaultItem, _ named: Digest?, height: UInt64, _ commit: inout VaultCommit
    ) throws(NodeError) -> VaultRecord {
        var record = VaultRecord(
            commitment: item.identifier.bytes, subject: item.subject.bytes, owner: item.owner,
            source: item.source?.bytes, height: height, erased: nil, box: nil)
        let bytes: [UInt8]
        switch item.content {
        case .opening(let opening)?: bytes = opening.encoded
        case .secret(let secret)?: bytes = secret.bytes
        case nil:
            record.subject = named?.bytes ?? []
            record.erased = height
            return record
        }
        let key = try key(of: item.subject, &commit)
        record.box = VaultBox.close(
            bytes, key: key, nonce: random(VaultBox.nonceLength), row: Self.name(record))
        return record
    }

    private mutating func key(of subject: Digest, _ commit: inout VaultCommit) throws(NodeError) -> [UInt8] {
        if let key = keys[subject] { return key }
        if let key = try storing({ () throws(StoreError) in try store.vaultKey(ofSubject: subject.bytes) }) {
            keys[subject] = key
            return key
        }
        let key = random(VaultBox.keyLength)
        keys[subject] = key
        commit.keys.append(VaultCommit.Key(subject: subject.bytes, key: key))
        return key
    }

    private mutating func random(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &chance) }
    }

    /// What is authenticated with a box, so that its row says nothing that is not so.
    static func name(_ record: VaultRecord) -> [UInt8] {
        CBOR.array([
            .bytes(record.commitment), .bytes(record.subject), .text(TextValue(record.owner)),
            record.source.map { .bytes($0) } ?? .null, .unsigned(record.height),
        ]).encoded
    }
}
