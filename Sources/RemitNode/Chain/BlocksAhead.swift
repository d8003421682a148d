import Dispatch
import RemitStore

/// Hands over the blocks of a store one after another, with what is read from their bytes; those of the next one are
/// read on another thread while a block is worked on.
struct BlocksAhead<Parts: Sendable> {
    private let store: ChainStore
    private let last: UInt64
    private let read: @Sendable (StoredBlock) -> Parts
    private let queue = DispatchQueue(label: "remit.blocks")
    private var height: UInt64
    private var begun: Result<Ahead<(StoredBlock, Parts)>?, StoreError>?

    /// The blocks from one height to another, both included.
    init(
        _ store: ChainStore, from first: UInt64, through last: UInt64,
        _ read: @escaping @Sendable (StoredBlock) -> Parts
    ) {
        self.store = store
        self.last = last
        self.read = read
        height = first
    }

    /// The next block; nil where it is not there. Throws for it what reading the store throws.
    mutating func next() throws(StoreError) -> (block: StoredBlock, parts: Parts)? {
        let current = begun ?? begin(height)
        height += 1
        begun = height <= last ? begin(height) : .success(nil)
        return try current.get()?.wait()
    }

    private func begin(_ height: UInt64) -> Result<Ahead<(StoredBlock, Parts)>?, StoreError> {
        Result { () throws(StoreError) in
            guard let block = try store.block(at: height) else { return nil }
            let read = read
            return Ahead(on: queue) { (block, read(block)) }
        }
    }
}
