public import RemitLedger
import RemitStore
import RemitValues

/// State under construction: what a block has changed so far lies over a base, what a transaction changes over that.
public final class WorkingState: StateReading {
    private let base: any StateReading
    /// The private values that stand behind the commitments.
    let vault: WorkingVault
    private(set) var blockChanges: [StateKey: [UInt8]?] = [:]
    private var transactionChanges: [StateKey: [UInt8]?] = [:]
    /// Rows that nearly every transaction asks for.
    private let known: KnownRows
    /// What falls due by what the block has changed so far.
    private var due = SortedItems()
    /// In which organisations somebody stands in for others, once it was asked for.
    var delegations: DelegationPlaces?
    /// What the last transaction changed, and what stood there before, where that may have to be taken back.
    private var undo: [(key: StateKey, before: [UInt8]??)]?

    /// Nothing changed yet over `base`.
    public convenience init(over base: any StateReading) { self.init(over: base, known: KnownRows()) }

    /// The same with the rows that are known, which are as `base` has them; they are kept as the changes make them.
    init(over base: any StateReading, known: KnownRows) {
        self.base = base
        self.known = known
        vault = WorkingVault(over: (base as? any PrivateStateReading)?.secrets ?? EmptyVault())
    }

    public func bytes(_ key: StateKey) throws(NodeError) -> [UInt8]? {
        if let changed = transactionChanges[key] { return changed }
        guard known.keeps(key) else { return try bytesOfBlock(key) }
        return try known.row(key, bytesOfBlock).bytes
    }

    /// The value of a row; a row that does not decode says so, as damage.
    func value(_ key: StateKey) throws(NodeError) -> Value? {
        if transactionChanges[key] == nil, known.keeps(key) { return try known.row(key, bytesOfBlock).value() }
        return try KnownRows.value(bytes(key))
    }

    /// The bytes of a row as they are after the last transaction.
    private func bytesOfBlock(_ key: StateKey) throws(NodeError) -> [UInt8]? {
        if let changed = blockChanges[key] { return changed }
        return try base.bytes(key)
    }

    /// A row of a contract with its private values opened, as far as they are there.
    func opened(_ row: Value, of contract: DeployedContract) throws(NodeError) -> Value {
        contract.privacy == nil ? row : try vault.opened(row)
    }

    /// A contract by its digest; `make` reads it from its row, and what it gives is kept until the row changes.
    func contract(
        _ digest: Digest, _ make: () throws(NodeError) -> DeployedContract?
    ) throws(NodeError) -> DeployedContract? {
        if let contract = known.contracts[digest] { return contract }
        let contract = try make()
        known.contracts[digest] = contract
        return contract
    }

    /// Writes a row within the transaction, or removes it.
    func set(_ key: StateKey, _ value: Value?) { set(key, encoded: value.map(ValueCoding.encoded)) }

    /// The same by the bytes of the value.
    func set(_ key: StateKey, encoded value: [UInt8]?) {
        transactionChanges[key] = .some(value)
        known.forgetContracts(after: key)
    }

    /// Ends the transaction: its changes are kept, and returned in canonical order.
    func finishTransaction() -> [StateChange] {
        let changes = StateChange.sorted(transactionChanges.map { StateChange(key: $0.key, value: $0.value) })
        if undo == nil {
            take(changes)
        } else {
            undo = changes.map { ($0.key, put($0)) }
        }
        transactionChanges = [:]
        vault.finishTransaction()
        return changes
    }

    /// Takes over changes as they are.
    func take(_ changes: [StateChange]) {
        for change in changes { _ = put(change) }
    }

    /// Takes over a change; gives what the block had made of the row before.
    private func put(_ change: StateChange) -> [UInt8]?? {
        known.take(change)
        delegations?.add(change.key)
        if change.key.isDue { due.set(change.key.item, isThere: change.value != nil) }
        return blockChanges.updateValue(change.value, forKey: change.key)
    }

    /// From here on `takeBack` takes back.
    func begin() {
        undo = []
        vault.begin()
    }

    /// Takes back what changed since `begin`, which is at most one transaction.
    func takeBack() {
        abandonTransaction()
        for (key, before) in undo ?? [] {
            blockChanges[key] = before
            known.forget(key)
            if key.isDue {
                let isThere = if let value = before, value != nil { true } else { false }
                due.set(key.item, isThere: isThere)
            }
        }
        undo = []
        vault.takeBack()
    }

    /// What the block has changed so far, in canonical order: for each row what it holds now.
    var changes: [StateChange] {
        StateChange.sorted(blockChanges.map { StateChange(key: $0.key, value: $0.value) })
    }

    /// The first item that falls due by what the block has changed so far, and is not left out.
    func firstAddedDue(except isLeftOut: ([UInt8]) -> Bool) -> [UInt8]? { due.first(except: isLeftOut) }

    /// The items of a space before the block; what it has changed is not among them.
    public func items(ofSpace space: String, after previous: [UInt8]?, limit: Int) throws(NodeError) -> [[UInt8]] {
        try base.items(ofSpace: space, after: previous, limit: limit)
    }

    /// All items of a space as they are now, in the order of their bytes.
    func allItems(ofSpace space: String) throws(NodeError) -> [[UInt8]] {
        var found: Set<[UInt8]> = []
        var last: [UInt8]?
        while true {
            let page = try base.items(ofSpace: space, after: last, limit: Self.page)
            found.formUnion(page)
            guard page.count == Self.page else { break }
            last = page.last
        }
        for key in blockChanges.keys where key.space.utf8.elementsEqual(space.utf8) { found.insert(key.item) }
        for key in transactionChanges.keys where key.space.utf8.elementsEqual(space.utf8) { found.insert(key.item) }
        var items: [[UInt8]] = []
        for item in found where try bytes(StateKey(space: space, item: item)) != nil { items.append(item) }
        return items.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// The items of a space that begin with some bytes as they are now, in the order of their bytes.
    func items(ofSpace space: String, startingWith prefix: [UInt8]) throws(NodeError) -> [[UInt8]] {
        var found: Set<[UInt8]> = []
        var last = prefix
        while true {
            let page = try base.items(ofSpace: space, after: last, limit: Self.page)
            let within = page.prefix { $0.starts(with: prefix) }
            found.formUnion(within)
            guard within.count == Self.page, let end = within.last else { break }
            last = end
        }
        for key in Array(blockChanges.keys) + Array(transactionChanges.keys)
        where key.space.utf8.elementsEqual(space.utf8) && key.item.starts(with: prefix) { found.insert(key.item) }
        var items: [[UInt8]] = []
        for item in found where try bytes(StateKey(space: space, item: item)) != nil { items.append(item) }
        return items.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Hands over the rows of a space as they are now, in the order of their items' bytes, until `body` says that it is
    /// enough; it holds a page of them at a time.
    func forEachRow(
        ofSpace space: String, _ body: (_ item: [UInt8], _ row: [UInt8]) throws(NodeError) -> Walk
    ) throws(NodeError) {
        let changed = Array(blockChanges.keys) + Array(transactionChanges.keys)
        var added = SortedItems(changed.lazy.filter { $0.space.utf8.elementsEqual(space.utf8) }.map(\.item))
            .items(after: nil, limit: .max)[...]
        var last: [UInt8]?
        while true {
            let page = try base.items(ofSpace: space, after: last, limit: Self.rows)
            last = page.last
            var items = page
            // Behind the last page all of them are left.
            let here = added.prefix { item in
                page.count < Self.rows || last.map { !$0.lexicographicallyPrecedes(item) } ?? true
            }
            if !here.isEmpty {
                items = Set(page).union(here).sorted { $0.lexicographicallyPrecedes($1) }
                added = added.dropFirst(here.count)
            }
            for item in items {
                guard let row = try bytes(StateKey(space: space, item: item)) else { continue }
                if try body(item, row) == .stop { return }
            }
            if page.count < Self.rows { return }
        }
    }

    private static let page = 256
    private static let rows = 4096

    /// Forgets what the transaction has changed.
    func abandonTransaction() {
        for key in transactionChanges.keys { known.forgetContracts(after: key) }
        transactionChanges = [:]
        vault.abandonTransaction()
    }
}
