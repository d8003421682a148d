import RemitLanguage
public import RemitLedger
import RemitStore
public import RemitValues

/// What the vault can show to others: single values, each with what proves that the chain commits to it.
extension LedgerNode {
    /// The opening of one private value of a case, as it stands now or stood after the block of a height.
    ///
    /// `inside` leads from the field to a private part of it, as section 16 of the format has it: a position, the name
    /// of a record's field. Throws `notFound` where there is no such private value, `invalid` where it was erased or is
    /// not in the vault.
    public func opening(
        of reference: CaseReference, field: String, inside: [Value] = [], at height: UInt64? = nil
    ) throws(NodeError) -> PrivateOpening {
        let view = try caseView(reference, at: height)
        guard let index = view.program.caseFields.firstIndex(where: { TextValue($0.name) == TextValue(field) }),
            let layout = PrivacyLayout(view.program)
        else {
            throw .notFound(
                "\(reference) has no private field \(field)", hint: "remit show \(reference) marks what is private")
        }
        let start = PrivatePath.caseField(TextValue(reference.description), field)
        let wanted = PrivatePath(start.parts + inside)
        var found: Digest?
        var names: [String] = []
        _ = try layout.map(view.committed[index], of: view.program.caseFields[index], at: start) {
            value, path throws(NodeError) in
            if path == wanted { found = value.commitment }
            names.append(path.parts.dropFirst(3).map(\.description).joined(separator: ", "))
            return value
        }
        guard let found else {
            let parts = names.filter { !$0.isEmpty }
            throw .notFound(
                "\(field) of \(reference) has no private part there",
                hint: parts.isEmpty
                    ? "remit show \(reference) marks what is private" : "its parts are \(parts.joined(separator: "; "))"
            )
        }
        return try opening(of: found)
    }

    /// The openings of the private arguments of a transaction, in order.
    ///
    /// Throws `notFound` where there is no such transaction, `invalid` where one was erased or is not in the vault.
    public func openings(ofTransaction digest: Digest) throws(NodeError) -> [PrivateOpening] {
        var openings: [PrivateOpening] = []
        for argument in try body(ofTransaction: digest).arguments {
            for commitment in argument.commitments { openings.append(try opening(of: commitment)) }
        }
        return openings
    }

    private func body(ofTransaction digest: Digest) throws(NodeError) -> TransactionBody {
        guard let place = try storing({ () throws(StoreError) in try store.transaction(digest: digest.bytes) }) else {
            throw .notFound("no transaction \(digest.hex)", hint: "remit log lists the transactions of the chain")
        }
        return try encoding { () throws(LedgerFault) in try BlockRows.transaction(place.record) }.body
    }

    /// The opening of a commitment.
    public func opening(of commitment: Digest) throws(NodeError) -> PrivateOpening {
        switch try StoredVault(store: store).find(commitment) {
        case .open(.opening(let opening)): return opening
        case .open(.secret):
            throw .invalid("the commitment is to a secret, which is not shown", hint: "name a private value")
        case .erased(let height):
            throw .invalid("the value was erased in block \(height)", hint: "it cannot be shown any more")
        case .unknown:
            throw .invalid("the value is not in this ledger's vault", hint: "ask a ledger that holds it")
        }
    }

    /// The subject that a value names, by which everything about it is erased; nil before anything was kept private.
    public func subject(_ value: Value) throws(NodeError) -> Digest? { try state.digestKey()?.subject(value) }

    /// The commitment to the seed of a transaction; nil where it has none.
    public func seedCommitment(ofTransaction digest: Digest) throws(NodeError) -> Digest? {
        let commitment = try body(ofTransaction: digest).seedCommitment
        return commitment == MerkleTree.emptyRoot ? nil : commitment
    }

    /// Whether a contract of the chain keeps something private.
    public func keepsPrivate() throws(NodeError) -> Bool { try state.bytes(StateLayout.digestKey) != nil }

    /// How many values and secrets the vault keeps of a scope.
    public func vaultCount(in scope: ErasureScope) throws(NodeError) -> Int {
        try StoredVault(store: store).rows(in: scope, before: head.height + 1).count
    }

    /// Whether private values can be opened: the chain keeps none, or the vault has the chain's digest key.
    public func hasVault() throws(NodeError) -> Bool {
        do throws(NodeError) {
            _ = try state.digestKey()
            return true
        } catch {
            guard case .admission(.privateMissing) = error else { throw error }
            return false
        }
    }
}
