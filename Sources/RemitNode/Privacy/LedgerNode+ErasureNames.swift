public import RemitLedger
import RemitRuntime
import RemitStore
public import RemitValues

/// What stands behind the digests by which erasures name what they take away, for those who have the vault.
extension LedgerNode {
    /// The value of which a subject's name is the keyed digest: what a case is about, or the private key of a row.
    ///
    /// Nil where neither the vault nor a case that it keeps something of tells it, as after an erasure.
    public func subjectValue(_ subject: Digest) throws(NodeError) -> Value? {
        guard try hasVault(), let key = try state.digestKey() else { return nil }
        let records = try storing { () throws(StoreError) in try store.vaultRecords(ofSubject: subject.bytes) }
        var owners: [String] = []
        for record in records {
            if case .opening(let opening) = try StoredVault.content(record, in: store),
                key.subject(opening.value) == subject
            {
                return opening.value
            }
            if owners.last != record.owner { owners.append(record.owner) }
        }
        for owner in owners {
            guard let reference = CaseReference(owner) else { continue }
            if key.subject(.caseReference(TextValue(owner))) == subject { return .caseReference(TextValue(owner)) }
            let fields = try caseView(reference).stored.state.fields
            if let found = fields.first(where: { key.subject($0) == subject }) { return found }
        }
        return nil
    }

    /// The transaction whose seed has a commitment; nil where the vault does not keep the seed.
    public func transaction(ofSeed seed: Digest) throws(NodeError) -> Digest? {
        let block = try storing { () throws(StoreError) in
            guard let record = try store.vaultRecord(seed.bytes) else { return StoredBlock?.none }
            return try store.block(at: record.height)
        }
        for stored in block?.transactions ?? [] {
            let transaction = try encoding { () throws(LedgerFault) in try BlockRows.transaction(stored) }
            if transaction.body.seedCommitment == seed { return transaction.digest }
        }
        return nil
    }
}
