import RemitLedger
import RemitStore
import RemitValues

/// What the vault keeps under a commitment.
enum VaultContent: Sendable {
    /// A value with its path and salt.
    case opening(PrivateOpening)
    /// A seed, the secret of a case, or the digest key.
    case secret(PrivateSecret)
}

/// What the vault says about a commitment.
enum VaultFinding: Sendable {
    case open(VaultContent)
    /// It was erased by the block of this height.
    case erased(UInt64)
    /// The vault knows nothing of it, as in a ledger that was imported without one.
    case unknown
}

/// Something to keep in the vault.
struct VaultItem: Sendable {
    /// The commitment on the chain.
    let identifier: Digest
    /// What it commits to; nil once it was erased in the same block.
    var content: VaultContent?
    /// Under whose key it is kept.
    let subject: Digest
    /// The case that it belongs to; empty where it belongs to none.
    let owner: String
    /// The commitment of the secret that the salt comes from; nil where it comes from none.
    let source: Digest?
}

/// Where private values are read from.
protocol VaultReading {
    func find(_ identifier: Digest) throws(NodeError) -> VaultFinding
    /// The rows that an erasure by the block of a height names: those of earlier blocks that are not erased yet.
    func rows(in scope: ErasureScope, before height: UInt64) throws(NodeError) -> [VaultRow]
    /// A row that is not erased.
    func row(_ identifier: Digest) throws(NodeError) -> VaultRow?
}

/// A vault in which there is nothing.
struct EmptyVault: VaultReading {
    func find(_ identifier: Digest) throws(NodeError) -> VaultFinding { .unknown }
    func rows(in scope: ErasureScope, before height: UInt64) throws(NodeError) -> [VaultRow] { [] }
    func row(_ identifier: Digest) throws(NodeError) -> VaultRow? { nil }
}

/// A vault under construction: what a block has added and erased so far lies over a base.
final class WorkingVault {
    private let base: any VaultReading
    /// What the block adds, in order, and where each stands.
    private(set) var added: [VaultItem] = []
    private var places: [Digest: Int] = [:]
    /// What the transaction that runs adds.
    private var pending: [VaultItem] = []
    /// What the block erases, with its height.
    private(set) var erased: [Digest: UInt64] = [:]
    /// The subjects that the erasures themselves name, by what was erased of them.
    private(set) var namedSubjects: [Digest: Digest] = [:]
    /// Whether the block erases anything, be it there or not.
    private(set) var hasErasure = false
    private var start = 0
    /// What was asked for and not there since `begin` was called.
    private(set) var missing: [(identifier: Digest, erased: UInt64?)] = []

    init(over base: any VaultReading) { self.base = base }

    /// What the block erases, in the order of the commitments.
    var erasures: [VaultCommit.Erasure] {
        erased.keys.sorted().map {
            VaultCommit.Erasure(commitment: $0.bytes, subject: namedSubjects[$0]?.bytes ?? [])
        }
    }

    /// Whether the block adds or erases anything.
    var hasChanges: Bool { hasErasure || !added.isEmpty }

    func find(_ identifier: Digest) throws(NodeError) -> VaultFinding {
        let found = try look(identifier)
        switch found {
        case .open: break
        case .erased(let height): missing.append((identifier, height))
        case .unknown: missing.append((identifier, nil))
        }
        return found
    }

    private func look(_ identifier: Digest) throws(NodeError) -> VaultFinding {
        if let height = erased[identifier] { return .erased(height) }
        if let place = places[identifier], let content = added[place].content { return .open(content) }
        if let content = pending.last(where: { $0.identifier == identifier })?.content { return .open(content) }
        return try base.find(identifier)
    }

    /// The value that a commitment opens to; nil where it is not there.
    func opening(_ identifier: Digest) throws(NodeError) -> PrivateOpening? {
        guard case .open(.opening(let opening)) = try find(identifier) else { return nil }
        return opening
    }

    /// The secret of a commitment; nil where it is not there.
    func secret(_ identifier: Digest) throws(NodeError) -> PrivateSecret? {
        guard case .open(.secret(let secret)) = try find(identifier) else { return nil }
        return secret
    }

    /// A value with everything in it opened that can be.
    func opened(_ value: Value) throws(NodeError) -> Value {
        switch value {
        case .sealed:
            guard let commitment = value.commitment else { return value }
            return try opening(commitment)?.value ?? value
        case .record(let items): return .record(try opened(items))
        case .list(let items): return .list(try opened(items))
        default: return value
        }
    }

    private func opened(_ values: [Value]) throws(NodeError) -> [Value] {
        var results: [Value] = []
        results.reserveCapacity(values.count)
        for value in values { results.append(try opened(value)) }
        return results
    }

    // MARK: Writing

    /// Adds what the transaction keeps if it is carried out.
    func add(_ item: VaultItem) { pending.append(item) }

    /// Adds what is kept whatever becomes of the transaction.
    func keep(_ item: VaultItem) {
        guard places[item.identifier] == nil else { return }
        places[item.identifier] = added.count
        added.append(item)
    }

    func finishTransaction() {
        for item in pending { keep(item) }
        pending = []
    }

    func abandonTransaction() { pending = [] }

    /// From here on what is missing is counted anew, and `takeBack` takes back.
    func begin() {
        missing = []
        start = added.count
    }

    /// Takes back what was added since `begin`.
    func takeBack() {
        for item in added[start...] { places.removeValue(forKey: item.identifier) }
        added.removeSubrange(start...)
        missing = []
    }

    /// Erases what a scope names, from this transaction on.
    func erase(_ scope: ErasureScope, height: UInt64) throws(NodeError) {
        hasErasure = true
        finishTransaction()
        var rows = try base.rows(in: scope, before: height).filter { erased[$0.identifier] == nil }
        rows += added.filter { $0.content != nil }.map(VaultRow.init).filter(scope.names)
        var chosen = Set(rows.map(\.identifier))
        var index = 0
        // The secrets, too, from which the salts of what goes could be made again.
        while index < rows.count {
            if let source = rows[index].source, chosen.insert(source).inserted, let row = try row(source) {
                rows.append(row)
            }
            index += 1
        }
        for row in rows {
            erased[row.identifier] = height
            if scope == .subject(row.subject) { namedSubjects[row.identifier] = row.subject }
            if let place = places[row.identifier] { added[place].content = nil }
        }
    }

    private func row(_ identifier: Digest) throws(NodeError) -> VaultRow? {
        if erased[identifier] != nil { return nil }
        if let place = places[identifier] { return VaultRow(added[place]) }
        return try base.row(identifier)
    }
}
