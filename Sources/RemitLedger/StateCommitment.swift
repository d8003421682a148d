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

    /// The commitment to no rows.
    public init() {}

    /// The number of rows.
    public var count: Int { state.count }

    /// Writes a row, or removes it where the value is nil.
    public mutating func apply(_ change: StateChange) {
        if let value = change.value {
            let leaf = StateTrie.Leaf(change.key, value: value)
            state.set(leaf)
            switch change.key.family {
            case .rules: rules.set(leaf)
            case .keySet: keySet.set(leaf)
            case .other: break
            }
        } else {
            let key = change.key.trieKey
            state.remove(key: key)
            switch change.key.family {
            case .rules: rules.remove(key: key)
            case .keySet: keySet.remove(key: key)
            case .other: break
            }
        }
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
