import RemitLedger
import RemitStore

/// The subjects of what an earlier version of Remit erased, which left none beside it, though the erasure named one.
enum ErasedSubjects {
    /// Writes them into a vault that an earlier version wrote, from what the state says was erased.
    ///
    /// Only where a block erased a single subject: what no other erasure of that block names, went with it. That is
    /// weaker than what this version writes: a row whose subject was taken out cannot be told from one that never
    /// had it.
    static func name(in store: ChainStore) throws(NodeError) {
        let erasures = try Erasures(store)
        guard erasures.scopes.keys.contains(where: { erasures.subjects(at: $0).count == 1 }) else { return }
        var nameless: [VaultRecord] = []
        try storing { () throws(StoreError) in
            try store.forEachVaultRecord { record throws(StoreError) in
                if let height = record.erased, record.subject.isEmpty, !isSeed(record),
                    erasures.subjects(at: height).count == 1
                {
                    nameless.append(record)
                }
                return .next
            }
        }
        var named: [VaultCommit.Erasure] = []
        for record in nameless {
            guard let height = record.erased, let subject = erasures.subjects(at: height).first,
                try !erasures.name(record, at: height)
            else { continue }
            named.append(VaultCommit.Erasure(commitment: record.commitment, subject: subject.bytes))
        }
        try storing { () throws(StoreError) in try store.nameErased(named) }
    }

    /// The seed of a transaction is of no subject; it goes with the values that it made the salts of.
    private static func isSeed(_ record: VaultRecord) -> Bool { record.owner.isEmpty && record.source == nil }
}
