import RemitLedger
import RemitStore

/// Finds the first block of which rows cannot be read, where the database only says that something in it is malformed.
struct DamageSearch {
    /// What cannot be read, and where.
    struct Place {
        let table: String
        /// The first block of which rows cannot be read.
        let height: UInt64
        /// The last one, where the table of blocks itself breaks off and goes on later.
        let last: UInt64?
        let problem: String

        /// The blocks in words.
        var row: String {
            guard let last, last > height else { return "block \(height)" }
            return "blocks \(height) to \(last)"
        }
    }

    private let store: ChainStore

    /// Looks through the ledger in a file from its first block on; nil where all rows of all blocks can be read, or
    /// the file cannot be opened.
    static func place(path: String) -> Place? {
        guard let store = try? ChainStore(walking: path) else { return nil }
        return DamageSearch(store: store).place()
    }

    private func place() -> Place? {
        let base = (try? store.base())?.height
        let first = base ?? 0
        let gap = try? store.unreadableBlocks()
        let end: UInt64
        if let gap {
            guard let last = gap.after else { return broken(from: first, gap.before) }
            end = last
        } else {
            guard let head = try? store.head() else { return nil }
            end = head.height
        }
        for height in first..<max(first, end + 1) {
            if let place = look(at: height, isBase: height == base) { return place }
        }
        if let gap { return broken(from: end + 1, gap.before) }
        return (try? store.unreadableState()).map { inState($0.after, $0.before, first, end) }
    }

    /// The first block that wrote a row between two, which are read from both ends, and where the rows break off; the
    /// block of a row beside that where the chain has none there.
    private func inState(_ after: StateRow?, _ before: StateRow?, _ first: UInt64, _ end: UInt64) -> Place {
        func isIn(_ key: StateKey, _ height: UInt64) -> Bool {
            if let after, !Self.precedes(after, key, height) { return false }
            if let before { return !Self.precedes(before, key, height) && !Self.isOf(before, key, height) }
            return true
        }
        var height = after?.since ?? before?.since ?? first
        for place in first..<max(first, end + 1) {
            guard let block = try? store.block(at: place) else { continue }
            if changes(of: block).contains(where: { $0.value != nil && isIn($0.key, place) }) {
                height = place
                break
            }
        }
        return Place(table: "state", height: height, last: nil, problem: "its rows cannot be read in their order")
    }

    /// Whether a row comes before the one that a block wrote under a key.
    private static func precedes(_ row: StateRow, _ key: StateKey, _ height: UInt64) -> Bool {
        if !row.space.utf8.elementsEqual(key.space.utf8) {
            return row.space.utf8.lexicographicallyPrecedes(key.space.utf8)
        }
        if row.item != key.item { return row.item.lexicographicallyPrecedes(key.item) }
        return row.since < height
    }

    private static func isOf(_ row: StateRow, _ key: StateKey, _ height: UInt64) -> Bool {
        row.since == height && row.item == key.item && row.space.utf8.elementsEqual(key.space.utf8)
    }

    private func changes(of block: StoredBlock) -> [StateChange] {
        let receipts = block.deadlines.map(\.receipt) + block.transactions.map(\.receipt)
        return receipts.compactMap { try? Receipt(decoding: $0) }.flatMap(\.changes)
    }

    private func broken(from height: UInt64, _ next: UInt64?) -> Place {
        Place(table: "block", height: height, last: next.map { max($0, height + 1) - 1 }, problem: Self.unreadable)
    }

    private static let unreadable = "the row cannot be read"

    /// What of a block cannot be read: its own rows, those for auditors, or the state rows that it wrote.
    private func look(at height: UInt64, isBase: Bool) -> Place? {
        do throws(StoreError) {
            guard let block = try store.block(at: height) else {
                return Place(table: "block", height: height, last: nil, problem: "the row is missing")
            }
            guard !isBase else { return nil }
            _ = try store.auditRows(at: height)
            for change in changes(of: block) {
                _ = try store.lastStateRow(space: change.key.space, item: change.key.item, upTo: height)
                guard let version = AuditColumns.caseVersion(change) else { continue }
                _ = try store.caseVersion(version.reference, at: height)
            }
            return nil
        } catch {
            guard case .damaged(let table, _, let problem) = error else { return nil }
            return Place(table: table, height: height, last: nil, problem: problem)
        }
    }
}
