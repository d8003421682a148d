import RemitLedger
import RemitStore
import RemitValues

/// A place on the chain where a commitment stands, and what a row of the vault says that came with it.
struct VaultPlace {
    /// Where the salt of a value comes from.
    enum Source {
        /// The secret of this commitment; nil where there is none.
        case secret(Digest?)
        /// The secret of a case, as for what its deadlines compute.
        case secretOfCase(CaseReference)
    }

    let commitment: Digest
    /// The case that the value belongs to; empty where it belongs to none.
    let owner: String
    let source: Source
    /// Whether it stands in the arguments of a transaction.
    let isArgument: Bool
    /// Whether the vault kept it for certain: what came of a refused transaction need not be there.
    let isKept: Bool

    /// The places in a block, in order; none of parts that cannot be read.
    static func places(in block: ReadBlock) -> [VaultPlace] {
        var found: [VaultPlace] = []
        let deadlines = block.receipts.count - block.transactions.count
        for (index, read) in block.receipts.enumerated() {
            guard case .success(let receipt) = read else { continue }
            if index < deadlines {
                add(receipt, seed: nil, &found)
            } else if block.transactions.indices.contains(index - deadlines),
                case .success(let signed) = block.transactions[index - deadlines]
            {
                add(signed.transaction.body, receipt, &found)
            }
        }
        return found
    }

    /// The seed of a transaction, its arguments, and what it wrote.
    private static func add(_ body: TransactionBody, _ receipt: Receipt, _ found: inout [VaultPlace]) {
        let owner = receipt.caseReference ?? ""
        let seed = body.seedCommitment
        let isDone = if case .done = receipt.outcome { true } else { false }
        if seed != MerkleTree.emptyRoot {
            found.append(
                VaultPlace(commitment: seed, owner: owner, source: .secret(nil), isArgument: false, isKept: false))
        }
        for commitment in body.arguments.flatMap(\.commitments) {
            found.append(
                VaultPlace(
                    commitment: commitment, owner: owner, source: .secret(seed), isArgument: true, isKept: isDone))
        }
        add(receipt, seed: seed, &found)
    }

    /// What stands in the rows that a receipt wrote; without a seed, by the work of a deadline.
    private static func add(_ receipt: Receipt, seed: Digest?, _ found: inout [VaultPlace]) {
        for change in receipt.changes {
            guard let value = change.value.flatMap({ try? ValueCoding.decode(bytes: $0) }) else { continue }
            let reference = owner(of: change.key)
            let source: Source
            if change.key == StateLayout.digestKey {
                source = .secret(nil)
            } else if let seed {
                source = .secret(seed)
            } else {
                // A row of a register that a deadline wrote takes its salts from the case that the deadline is of.
                guard let firing = receipt.caseReference.flatMap({ CaseReference($0) }) else { continue }
                source = .secretOfCase(firing)
            }
            for commitment in value.commitments {
                found.append(
                    VaultPlace(
                        commitment: commitment, owner: reference?.description ?? "", source: source,
                        isArgument: false, isKept: true))
            }
        }
    }

    /// The case to which a row of the state belongs that holds commitments.
    private static func owner(of key: StateKey) -> CaseReference? {
        StateLayout.caseReference(of: StateKey(space: key.space, item: Array("state".utf8)))
    }

    /// Whether a row of the vault says what it says of a value that came here.
    func fits(_ record: VaultRecord, at height: UInt64, in store: ChainStore) throws(StoreError) -> Bool {
        guard record.owner.utf8.elementsEqual(owner.utf8) else { return false }
        switch source {
        case .secret(let commitment): return record.source == commitment?.bytes
        case .secretOfCase(let reference):
            let key = StateLayout.caseSecret(reference)
            let row = try store.lastStateRow(space: key.space, item: key.item, upTo: height)
            let value = row.flatMap { try? ValueCoding.decode(bytes: $0.value) }
            return value?.commitment.map { record.source == $0.bytes } ?? false
        }
    }
}
