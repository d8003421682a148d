/// The three roots of a header that follow from the state rows: of all rows, of the rules and of the key set.
public struct StateCommitment: Sendable {
    /// The roots after a block.
    public struct Roots: Hashable, Sendable {
        /// Over all rows.
        public let state: Digest
        /// Over the rows whose space is `contract`, or begins with `contract/`.
        public let rules: Digest
        /// Over the rows whose space is `organisation`, `person`, `key`, `grant` or `node`, or begins so before a `/`.
        public let keySet: Digest

        /// These roots.
        public init(state: Digest, rules: Digest, keySet: Digest) {
            self.state = state
            self.rules = rules
            self.keySet = keySet
        }
    }

    private var state = IncrementalTrie()
    private var rules = IncrementalTrie()
    private var keySet = IncrementalTrie()
    /// The space of the last change and its digest: changes come in the order of their spaces.
    private var lastSpace: (name: String, digest: Digest)?

    /// The commitment to no rows.
    public init() {}

    /// The commitment to these rows, which have each key once; nil where one is repeated.
    ///
    /// `perform` runs a body for each number below a count, in any order and on as many cores as it has.
    public init?(
        _ batches: consuming [CommittedRows],
        perform: (Int, @Sendable (Int) -> Void) -> Void = { count, body in (0..<count).forEach(body) }
    ) {
        var (all, rules, keySet): ([HashedLeaf], [HashedLeaf], [HashedLeaf]) = ([], [], [])
        all.reserveCapacity(batches.reduce(0) { $0 + $1.all.count })
        for place in batches.indices {
            all += batches[place].all
            rules += batches[place].rules
            keySet += batches[place].keySet
            // Each batch goes as soon as it is taken over, so that a large state is not in memory twice.
            batches[place] = CommittedRows()
        }
        // Each array is handed on and goes before the next one is made.
        guard var state = IncrementalTrie(ascending: HashedLeaf.sorted(consume all)),
            let rules = IncrementalTrie(ascending: HashedLeaf.sorted(rules)),
            let keySet = IncrementalTrie(ascending: HashedLeaf.sorted(keySet))
        else {
            return nil
        }
        state.refresh(perform)
        (self.state, self.rules, self.keySet) = (state, rules, keySet)
    }

    /// The number of rows.
    public var count: Int { state.count }

    /// Writes a row, or removes it where the value is nil.
    public mutating func apply(_ change: StateChange) {
        let family = change.key.family
        let key = trieKey(change.key)
        guard let value = change.value else {
            state.remove(key: key)
            switch family {
            case .rules: rules.remove(key: key)
            case .keySet: keySet.remove(key: key)
            case .other: break
            }
            return
        }
        let leaf = HashedLeaf(StateTrie.Leaf(key: key, value: Hashing.digest(.stateValue, value)))
        state.set(leaf)
        switch family {
        case .rules: rules.set(leaf)
        case .keySet: keySet.set(leaf)
        case .other: break
        }
    }

    private mutating func trieKey(_ key: StateKey) -> Digest {
        if let lastSpace, key.isIn(lastSpace.name) {
            return key.trieKey(space: lastSpace.digest)
        }
        let digest = Hashing.digest(.stateSpace, key.space)
        lastSpace = (key.space, digest)
        return key.trieKey(space: digest)
    }

    /// Whether a row has exactly this value.
    public func holds(_ key: StateKey, value: [UInt8]) -> Bool {
        state.contains(StateTrie.Leaf(key, value: value))
    }

    /// Whether there is such a row.
    public func holds(_ key: StateKey) -> Bool {
        state.contains(key: key.trieKey)
    }

    /// The roots as they are now.
    public mutating func roots() -> Roots {
        Roots(state: state.root(), rules: rules.root(), keySet: keySet.root())
    }
}

/// State rows by what the tries hold of them: one batch, hashed on one core.
public struct CommittedRows: Sendable {
    private(set) var all: [HashedLeaf] = []
    private(set) var rules: [HashedLeaf] = []
    private(set) var keySet: [HashedLeaf] = []

    /// No rows yet.
    public init() {}

    /// Adds the row of a space with this item and value.
    public mutating func add(_ space: CommittedSpace, item: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        let key = Digest(halves: space.digest, Hashing.digest(.stateItem, item))
        let leaf = HashedLeaf(StateTrie.Leaf(key: key, value: Hashing.digest(.stateValue, value)))
        all.append(leaf)
        switch space.family {
        case .rules: rules.append(leaf)
        case .keySet: keySet.append(leaf)
        case .other: break
        }
    }
}

/// A space by what the tries hold of its rows, worked out once for all of them.
public struct CommittedSpace: Sendable {
    let digest: Digest
    let family: TrieFamily

    /// The space of a name.
    public init(_ name: String) {
        digest = Hashing.digest(.stateSpace, name)
        family = StateKey(space: name, item: []).family
    }
}
