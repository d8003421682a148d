import Dispatch
import RemitLedger
import RemitStore
import RemitValues
import Synchronization

/// Makes the blocks of a node in two steps: while one is sealed and written, the next one is executed already.
///
/// It is for one thread. What became of a block is told on another, after the block is on disk and never before. A
/// block is executed on the changes of the one before although that may not be on disk yet: where it does not get
/// there, neither does what follows.
public final class BlockPipeline {
    /// What is on disk of a block, and which transactions that were to be in it must not enter, by their places.
    public struct Told: Sendable {
        /// The block; nil where nothing was left of it.
        public let block: CommittedBlock?
        public let refused: [Int: AdmissionFault]
    }

    /// Is told what became of a block.
    public typealias Written = @Sendable (Result<Told, NodeError>) -> Void

    /// The node, which the writer's queue and the caller touch one after the other.
    private struct Owned: @unchecked Sendable {
        let node: LedgerNode
        let signer: any Signer
    }

    /// An executed block on its way to the writer, with the changes that it made.
    private struct Executed: @unchecked Sendable {
        let block: OpenBlock
        let changes: [StateChange]
        let refused: [Int: AdmissionFault]
    }

    private let owned: Owned
    /// Reads what is on disk while the node's own store writes.
    private let reader: ChainStore
    private let writer = DispatchQueue(label: "remit.writer")
    private let work = DispatchGroup()
    /// What is told of blocks that are on disk.
    private let telling = DispatchGroup()
    private let failure = Mutex<NodeError?>(nil)
    /// Is told before a block is handed to the writer, and once it is on disk or failed.
    private let writing: @Sendable (Bool) -> Void
    /// What the block at the writer has changed, over what is on disk.
    private var overlay = Overlay()
    private let cache = RowCache()
    private var height: UInt64
    private var time: Instant?

    /// Takes over a node that is open for writing; nobody else may use it before `finish`.
    ///
    /// `writing` is told true before a block goes to the writer, and false once the writer is free again.
    public init(node: LedgerNode, writing: @escaping @Sendable (Bool) -> Void = { _ in }) throws(NodeError) {
        guard let signer = node.signer, node.canCommit else {
            throw .invalid("the ledger is open for reading", hint: "give the node's key to make blocks")
        }
        owned = Owned(node: node, signer: signer)
        self.writing = writing
        reader = try storing { () throws(StoreError) in try ChainStore(path: node.store.path, mode: .readOnly) }
        height = node.head.height
        time = Instant(seconds: node.head.time)
    }

    /// Executes the transactions of the next block and hands it to the writer, as soon as that is free.
    ///
    /// `more` is asked for further transactions of the block until it gives none. Where none may enter and nothing has
    /// fallen due, nothing is written. Unless this throws, `written` is called once, when all is on disk that the
    /// answer rests on: a transaction may be refused because of another in the same block.
    public func commit(
        _ transactions: [CheckedTransaction], more: () -> [CheckedTransaction] = { [] }, written: @escaping Written
    ) throws(NodeError) {
        try beSound()
        let now = owned.node.clock.now
        var refused: [Int: AdmissionFault] = [:]
        let block = try reader.reading { () throws(NodeError) in
            let block = try OpenBlock(
                genesis: owned.node.genesis, state: WorkingState(over: overlay.over(reader, cache)),
                catalogue: owned.node.catalogue, height: height + 1, time: max(now, time ?? now))
            var next = transactions
            var place = 0
            repeat {
                for transaction in next {
                    do throws(NodeError) {
                        try block.add(transaction.transaction)
                    } catch {
                        guard case .admission(let fault) = error else { throw error }
                        refused[place] = fault
                    }
                    place += 1
                }
                next = more()
            } while !next.isEmpty
            return block
        }
        let executed = Executed(block: block, changes: block.changes, refused: refused)
        work.wait()
        try beSound()
        guard !block.isEmpty else { return written(.success(Told(block: nil, refused: refused))) }
        overlay = Overlay(block.changedRows)
        cache.take(executed.changes)
        height += 1
        time = block.time
        let keepsPrivate = block.vault.hasChanges
        hand(executed, written)
        // What is private is read from the vault on disk.
        if keepsPrivate { work.wait() }
    }

    /// Waits until all blocks are on disk and told of; then the node can be used again.
    public func finish() throws(NodeError) {
        work.wait()
        telling.wait()
        try beSound()
        overlay = Overlay()
    }

    /// Goes on after `finish`, from wherever the node was brought meanwhile.
    func resume() {
        height = owned.node.head.height
        time = Instant(seconds: owned.node.head.time)
        cache.empty()
    }

    private func beSound() throws(NodeError) {
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    private func hand(_ executed: Executed, _ written: @escaping Written) {
        let owned = owned
        writing(true)
        work.enter()
        telling.enter()
        writer.async { [self] in
            let result: Result<Told, NodeError>
            do throws(NodeError) {
                let block = try owned.node.write(executed.block, executed.changes, signer: owned.signer)
                result = .success(Told(block: block, refused: executed.refused))
            } catch {
                failure.withLock { $0 = error }
                result = .failure(error)
            }
            work.leave()
            writing(false)
            written(result)
            telling.leave()
        }
    }
}

extension BlockPipeline: @unchecked Sendable {}

/// Changes of a block that may not be on disk yet.
struct Overlay {
    private let rows: [StateKey: [UInt8]?]
    /// What was added to the queue of what falls due.
    private var due = SortedItems()

    init(_ rows: [StateKey: [UInt8]?] = [:]) {
        self.rows = rows
        for (key, value) in rows where value != nil && key.isDue { due.set(key.item, isThere: true) }
    }

    /// The state with these changes over what a store has on disk, which may have them already.
    func over(_ store: ChainStore, _ cache: RowCache) -> any StateReading {
        Reading(overlay: self, cache: cache, base: StoredState(store: store))
    }

    /// The items of a space that were added or written anew. Only the queue of what falls due is asked for often.
    private func items(ofSpace space: String, after previous: [UInt8]?, limit: Int) -> [[UInt8]] {
        if StateKey(space: space, item: []).isDue { return due.items(after: previous, limit: limit) }
        let written = rows.lazy.filter { $0.value != nil && $0.key.space.utf8.elementsEqual(space.utf8) }
        return SortedItems(written.map(\.key.item)).items(after: previous, limit: limit)
    }

    private struct Reading: PrivateStateReading {
        let overlay: Overlay
        let cache: RowCache
        let base: StoredState

        var secrets: any VaultReading { base.secrets }

        func bytes(_ key: StateKey) throws(NodeError) -> [UInt8]? {
            if let changed = overlay.rows[key] { return changed }
            return try cache.row(key) { () throws(NodeError) in try base.bytes(key) }
        }

        func items(ofSpace space: String, after previous: [UInt8]?, limit: Int) throws(NodeError) -> [[UInt8]] {
            let stored = try base.items(ofSpace: space, after: previous, limit: limit)
            // Items that were removed are told by their rows.
            let added = overlay.items(ofSpace: space, after: previous, limit: limit)
            guard !added.isEmpty else { return stored }
            var merged = SortedItems(stored)
            for item in added { merged.set(item, isThere: true) }
            return merged.items(after: nil, limit: limit)
        }
    }
}

/// Rows that one transaction after another asks for: keys and their sequence numbers, persons, organisations, roles.
///
/// It holds what they are after the last executed block.
final class RowCache {
    private var rows: [StateKey: [UInt8]?] = [:]

    /// The most rows that are kept; then it begins anew.
    private static let limit = 20_000

    /// A row as it is known, or as `read` finds it.
    func row(_ key: StateKey, _ read: () throws(NodeError) -> [UInt8]?) throws(NodeError) -> [UInt8]? {
        guard Self.isKept(key) else { return try read() }
        if let known = rows[key] { return known }
        let found = try read()
        if rows.count >= Self.limit { rows = [:] }
        rows[key] = .some(found)
        return found
    }

    /// Takes over what a block has changed.
    func take(_ changes: [StateChange]) {
        for change in changes where Self.isKept(change.key) && rows[change.key] != nil {
            rows[change.key] = .some(change.value)
        }
    }

    /// Forgets everything.
    func empty() { rows = [:] }

    /// Rows of cases and registers are many, and are seldom asked for twice in a row.
    private static let kept: [StaticString] = [
        "key", "sequence", "person", "organisation", "grant", "contract", "counter", "node",
    ]

    private static func isKept(_ key: StateKey) -> Bool { kept.contains(where: key.isWithin) }
}
