import RemitLanguage
import RemitLedger
import RemitStore
import RemitValues

/// The erasures that the state records, and what they name.
final class Erasures {
    /// What each block erased, by its height.
    let scopes: [UInt64: [ErasureScope]]

    private let store: ChainStore
    private let state: WorkingState
    private let catalogue = ContractCatalogue()
    /// Which blocks erased something of a case, of a subject or of a transaction, by what a record names them by.
    private var byName: [[UInt8]: [(height: UInt64, scope: ErasureScope)]] = [:]
    /// What the erasures of single fields leave alone.
    private var spared: [FieldErasure: Set<Digest>] = [:]
    /// The block with whose state the ledger begins: what came before stands in no block here.
    private let base: UInt64?

    /// An erasure of single fields of a case by a block.
    private struct FieldErasure: Hashable {
        let scope: ErasureScope
        let height: UInt64
    }

    private static let page = 1000
    /// A value comes from the secret of a case, and that from the seed of a transaction.
    private static let secretDepth = 3

    /// Reads the erasures of a ledger.
    init(_ store: ChainStore) throws(NodeError) {
        self.store = store
        state = WorkingState(over: StoredState(store: store))
        var scopes: [UInt64: [ErasureScope]] = [:]
        var last: [UInt8]?
        repeat {
            let rows = try storing { () throws(StoreError) in
                try store.stateRows(space: StateLayout.erasureSpace, after: last, limit: Self.page)
            }
            for row in rows {
                guard case .record(let parts)? = try? ValueCoding.decode(bytes: row.value),
                    case .integer(let height)? = parts.last, height >= 0, let scope = ErasureScope(parts.dropLast())
                else { continue }
                scopes[UInt64(height), default: []].append(scope)
            }
            last = rows.count == Self.page ? rows.last?.item : nil
        } while last != nil
        self.scopes = scopes
        base = try storing { () throws(StoreError) in try store.base() }?.height
        for (height, found) in scopes.sorted(by: { $0.key < $1.key }) {
            for scope in found { byName[Self.name(of: scope), default: []].append((height, scope)) }
        }
    }

    private static func name(of scope: ErasureScope) -> [UInt8] {
        switch scope {
        case .ofCase(let reference, _): Array(reference.description.utf8)
        case .subject(let digest), .transaction(let digest): digest.bytes
        }
    }

    /// The first block that erased a record, as far as what is left of the record tells it: of several erasures that
    /// name it, the first one takes it. `content` is what it holds, nil once it was erased.
    func first(naming record: VaultRecord, _ content: VaultContent?) throws(NodeError) -> UInt64? {
        var heights: [UInt64] = []
        var names: Set = [Array(record.owner.utf8), record.subject, record.commitment]
        if let source = record.source { names.insert(source) }
        for name in names {
            for (height, scope) in byName[name] ?? [] where height > record.height {
                // What was an argument or a field before a snapshot cannot be told here.
                if let base, record.height <= base, !scope.isWhole(record) { continue }
                if try self.names(scope, record, at: height) {
                    heights.append(height)
                    break
                }
            }
        }
        // A secret goes with the first of the values that it made the salts of.
        var isSecret = content == nil
        if case .secret? = content { isSecret = true }
        if isSecret {
            let made = try storing { () throws(StoreError) in try store.vaultRecords(ofSource: record.commitment) }
            heights += made.compactMap(\.erased)
        }
        return heights.min()
    }

    /// Whether what an erased record says of its subject can be so: it is one that the block erased, or not there.
    func fitsSubject(_ record: VaultRecord) -> Bool {
        guard let height = record.erased, !record.subject.isEmpty else { return true }
        return subjects(at: height).contains { $0.bytes == record.subject }
    }

    /// Whether an erasure of a block names a record that is said to have been erased by it.
    func name(_ record: VaultRecord, at height: UInt64) throws(NodeError) -> Bool {
        try name(record, at: height, depth: 0)
    }

    private func name(_ record: VaultRecord, at height: UInt64, depth: Int) throws(NodeError) -> Bool {
        for scope in scopes[height] ?? [] where try names(scope, record, at: height) { return true }
        guard depth < Self.secretDepth else { return false }
        // A secret goes with the values that it made the salts of.
        let made = try storing { () throws(StoreError) in try store.vaultRecords(ofSource: record.commitment) }
        for value in made where value.erased == height {
            if try name(value, at: height, depth: depth + 1) { return true }
        }
        return false
    }

    /// The record has neither its path nor, for the most part, its subject any more: what it was is told by where its
    /// commitment stands on the chain.
    private func names(_ scope: ErasureScope, _ record: VaultRecord, at height: UInt64) throws(NodeError) -> Bool {
        switch scope {
        case .ofCase(let reference, let fields):
            guard record.owner.utf8.elementsEqual(reference.description.utf8) else { return false }
            if fields.isEmpty { return true }
            guard record.source != nil, let commitment = Digest(bytes: record.commitment) else { return false }
            return try !spared(by: scope, reference, fields, at: height).contains(commitment)
        case .subject(let subject):
            if record.subject == subject.bytes { return true }
            // Where one block erased several subjects, an earlier version left nothing to tell what went with which.
            return record.subject.isEmpty && subjects(at: height).count > 1
        case .transaction(let seed):
            if record.commitment == seed.bytes { return true }
            guard record.source == seed.bytes else { return false }
            return try isArgument(record, of: seed)
        }
    }

    /// The subjects that a block erased.
    func subjects(at height: UInt64) -> [Digest] {
        (scopes[height] ?? []).compactMap { scope in
            if case .subject(let subject) = scope { subject } else { nil }
        }
    }

    /// The commitments that a case has, or had, in fields which an erasure does not name; and that to its secret.
    private func spared(
        by scope: ErasureScope, _ reference: CaseReference, _ fields: [String], at height: UInt64
    ) throws(NodeError) -> Set<Digest> {
        let erasure = FieldErasure(scope: scope, height: height)
        if let known = spared[erasure] { return known }
        var found: Set<Digest> = []
        if let secret = try state.value(StateLayout.caseSecret(reference))?.commitment { found.insert(secret) }
        for bytes in try rows(of: reference, upTo: height) {
            guard let value = try? ValueCoding.decode(bytes: bytes), case .record(let parts) = value,
                parts.count > 4, case .record(let values) = parts[4], let digest = CaseCoding.contract(of: value),
                let contract = try catalogue.contract(digest, in: state)
            else { continue }
            for (field, value) in zip(contract.program.caseFields, values)
            where !fields.contains(where: { TextValue($0) == TextValue(field.name) }) {
                found.formUnion(value.commitments)
            }
        }
        spared[erasure] = found
        return found
    }

    /// What the row of a case has been up to a height: the rows of the state, and what receipts wrote that did not
    /// outlast their block.
    private func rows(of reference: CaseReference, upTo height: UInt64) throws(NodeError) -> [[UInt8]] {
        let key = StateLayout.caseState(reference)
        let name = reference.description
        return try storing { () throws(StoreError) in
            var rows: [[UInt8]] = []
            var last: UInt64? = height
            while let end = last, let row = try store.lastStateRow(space: key.space, item: key.item, upTo: end) {
                last = row.since > 0 ? row.since - 1 : nil
                rows.append(row.value)
            }
            let receipts =
                try store.transactions(ofCase: name).filter { $0.height <= height }.map(\.record.receipt)
                + (try store.deadlines(ofCase: name).filter { $0.height <= height }.map(\.record.receipt))
            for receipt in receipts.compactMap({ try? Receipt(decoding: $0) }) {
                rows += receipt.changes.filter { $0.key == key }.compactMap(\.value)
            }
            return rows
        }
    }

    /// Whether a commitment stands in the arguments of the transaction with a seed; of blocks before a snapshot nobody
    /// here can say it.
    private func isArgument(_ record: VaultRecord, of seed: Digest) throws(NodeError) -> Bool {
        if let base, record.height <= base { return true }
        guard let block = try storing({ () throws(StoreError) in try store.block(at: record.height) }) else {
            return false
        }
        return block.transactions.contains { stored in
            guard let transaction = try? BlockRows.transaction(stored), transaction.body.seedCommitment == seed else {
                return false
            }
            return transaction.body.arguments.contains { argument in
                argument.commitments.contains { $0.bytes == record.commitment }
            }
        }
    }
}

extension ErasureScope {
    /// Whether it names all that has what a record has, and not only arguments or single fields.
    fileprivate func isWhole(_ record: VaultRecord) -> Bool {
        switch self {
        case .ofCase(_, let fields): fields.isEmpty
        case .subject: true
        case .transaction(let seed): record.commitment == seed.bytes
        }
    }
}
