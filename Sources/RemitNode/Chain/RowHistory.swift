import RemitLedger
import RemitStore

/// What the receipts of a chain say about every state row: which value held from which height until which.
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

    private static func name(_ place: Place) -> String {
        let isText = !place.key.item.isEmpty && place.key.item.allSatisfy { (0x20..<0x7F).contains($0) }
        let item = isText ? String(decoding: place.key.item, as: UTF8.self) : "x'\(Hex.encode(place.key.item))'"
        return "`\(place.key.space)` \(item) since height \(place.since)"
    }
}
