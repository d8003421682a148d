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
    public init?(rows: [CommittedRow]) {
        guard let state = Self.trie(rows[...]), let rules = Self.trie(rows.filter { $0.family == .rules }[...]),
            let keySet = Self.trie(rows.filter { $0.family == .keySet }[...])
        else {
            return nil
        }
        (self.state, self.rules, self.keySet) = (state, rules, keySet)
    }

    private static func trie(_ rows: ArraySlice<CommittedRow>) -> IncrementalTrie? {
        IncrementalTrie(ascending: rows.lazy.map(\.leaf).sorted { $0.key < $1.key })
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
        if let lastSpace, lastSpace.name.utf8.elementsEqual(key.space.utf8) {
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

/// A state row by what the tries hold of it.
public struct CommittedRow: Sendable {
    let leaf: HashedLeaf
    let family: TrieFamily

    /// The row with this value.
    public init(_ key: StateKey, value: [UInt8]) {
        leaf = HashedLeaf(StateTrie.Leaf(key, value: value))
        family = key.family
    }
}
