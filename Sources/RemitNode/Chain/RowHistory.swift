import RemitLedger
import RemitStore

/// What the receipts of a chain say about every state row: which value held from which height until which.
///
/// It holds all of that in memory, and so serves only to name the rows that do not belong, once it is known that some
/// do not.
struct RowHistory {
    private struct Version: Equatable {
        let digest: Digest
        var until: UInt64?
    }

    private struct Place: Hashable, Comparable {
        let key: StateKey
        let since: UInt64

        static func < (left: Place, right: Place) -> Bool {
            left.key == right.key ? left.since < right.since : left.key < right.key
        }
    }

    private var versions: [Place: Version] = [:]
    private var current: [StateKey: UInt64] = [:]

    /// Applies the changes of a block, one for each row.
    mutating func apply(_ changes: [StateChange], at height: UInt64) {
        for change in changes {
            if let since = current.removeValue(forKey: change.key) {
                versions[Place(key: change.key, since: since)]?.until = height
            }
            if let value = change.value {
                let digest = Hashing.digest(.stateValue, value)
                versions[Place(key: change.key, since: height)] = Version(digest: digest, until: nil)
                current[change.key] = height
            }
        }
    }

    /// Takes over the rows of a snapshot, which were compared with its header.
    private mutating func begin(_ store: ChainStore, after height: UInt64) throws(NodeError) {
        var rows: [StateChange] = []
        try storing { () throws(StoreError) in
            try store.forEachState(asOf: height) { row throws(StoreError) in
                rows.append(StateChange(key: StateKey(space: row.space, item: row.item), value: row.value))
                return .next
            }
        }
        apply(rows, at: height)
    }

    /// Compares a stored row and ticks it off; says what differs, else nil.
    mutating func take(_ row: StateRow) -> String? {
        let key = StateKey(space: row.space, item: row.item)
        let place = Place(key: key, since: row.since)
        guard let version = versions.removeValue(forKey: place) else {
            return "state row \(Self.name(place)) is in the database and not on the chain"
        }
        if version.until != row.until {
            return "state row \(Self.name(place)) ends at another height than on the chain"
        }
        if version.digest != Hashing.digest(.stateValue, row.value) {
            return "state row \(Self.name(place)) has another value than block \(row.since) gave it"
        }
        return nil
    }

    /// The rows that the chain has and the database has not, in order.
    func missing(limit: Int) -> [String] {
        versions.keys.sorted().prefix(limit).map {
            "state row \(Self.name($0)), written by block \($0.since), is missing from the database"
        }
    }

    /// Reads the whole chain and compares every state row, present and past, with what the receipts say.
    static func problems(_ store: ChainStore, last: UInt64, limit: Int) throws(NodeError) -> [ChainProblem] {
        var history = RowHistory()
        let base = try storing { () throws(StoreError) in try store.base() }
        if let base { try history.begin(store, after: base.height) }
        let first = base.map { $0.height + 1 } ?? 0
        for height in first..<max(first, last + 1) {
            guard let block = try storing({ () throws(StoreError) in try store.block(at: height) }) else { break }
            let bytes = block.deadlines.map(\.receipt) + block.transactions.map(\.receipt)
            let receipts = bytes.compactMap { try? Receipt(decoding: $0) }
            history.apply(BlockRows.merged(receipts.flatMap(\.changes)), at: height)
        }
        var texts: [String] = []
        try storing { () throws(StoreError) in
            try store.forEachStateRow { row throws(StoreError) in
                guard texts.count < limit else { return .stop }
                if let text = history.take(row) { texts.append(text) }
                return .next
            }
        }
        if texts.count < limit { texts += history.missing(limit: limit - texts.count) }
        return texts.map { ChainProblem(height: nil, position: nil, text: $0) }
    }

    private static func name(_ place: Place) -> String { name(place.key, since: place.since) }

    /// How a row is named to people.
    static func name(_ key: StateKey, since height: UInt64) -> String {
        let isText = !key.item.isEmpty && key.item.allSatisfy { (0x20..<0x7F).contains($0) }
        let item = isText ? String(decoding: key.item, as: UTF8.self) : "x'\(Hex.encode(key.item))'"
        return "`\(key.space)` \(item) since height \(height)"
    }
}
