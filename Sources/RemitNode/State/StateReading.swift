public import RemitLedger
import RemitStore
import RemitValues

/// Something that state rows can be read from: the store now, the store at a height, or memory.
public protocol StateReading {
    /// The bytes of a row; nil where there is none.
    func bytes(_ key: StateKey) throws(NodeError) -> [UInt8]?
    /// The items of a space in the order of their bytes, at most `limit`, after one of them; none of them is empty.
    func items(ofSpace space: String, after previous: [UInt8]?, limit: Int) throws(NodeError) -> [[UInt8]]
}

/// State that has a vault beside it.
protocol PrivateStateReading: StateReading {
    var secrets: any VaultReading { get }
}

/// The state before block 0.
struct EmptyState: StateReading {
    func bytes(_ key: StateKey) throws(NodeError) -> [UInt8]? { nil }

    func items(ofSpace space: String, after previous: [UInt8]?, limit: Int) throws(NodeError) -> [[UInt8]] { [] }
}

/// The rows that hold after the last block of a store.
struct StoredState: PrivateStateReading {
    let store: ChainStore

    var secrets: any VaultReading { StoredVault(store: store) }

    func bytes(_ key: StateKey) throws(NodeError) -> [UInt8]? {
        try storing { () throws(StoreError) in try store.state(space: key.space, item: key.item) }
    }

    func items(ofSpace space: String, after previous: [UInt8]?, limit: Int) throws(NodeError) -> [[UInt8]] {
        try storing { () throws(StoreError) in
            try store.stateRows(space: space, after: previous ?? [], limit: limit).map(\.item)
        }
    }
}

/// The rows that held after the block of a height.
struct HistoricState: PrivateStateReading {
    let store: ChainStore
    let height: UInt64

    var secrets: any VaultReading { StoredVault(store: store) }

    func bytes(_ key: StateKey) throws(NodeError) -> [UInt8]? {
        try storing { () throws(StoreError) in
            try store.state(space: key.space, item: key.item, asOf: height)
        }
    }

    func items(ofSpace space: String, after previous: [UInt8]?, limit: Int) throws(NodeError) -> [[UInt8]] {
        try storing { () throws(StoreError) in
            try store.stateRows(space: space, after: previous, limit: limit, asOf: height).map(\.item)
        }
    }
}
