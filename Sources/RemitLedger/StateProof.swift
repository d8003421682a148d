import RemitValues

/// Something that a state root shows to be so.
public enum StateClaim: Sendable {
    /// The row is there, with this value.
    case present(StateKey, value: [UInt8])
    /// There is no such row.
    case absent(StateKey)
    /// These are all the rows of the space, in ascending order of their items; maybe none.
    case all(space: String, rows: [Row])
    /// These are all the rows of the space whose items a pattern matches, in ascending order of their items, maybe
    /// none; the others are told by their items, and the digests of their values.
    case matching(space: String, pattern: ItemPattern, rows: [Row], others: [OtherRow])

    /// A row of a space.
    public struct Row: Hashable, Sendable {
        /// The item.
        public let item: [UInt8]
        /// The value.
        public let value: [UInt8]

        /// A row.
        public init(item: [UInt8], value: [UInt8]) {
            self.item = item
            self.value = value
        }
    }

    /// A row of a space whose value is not shown.
    public struct OtherRow: Hashable, Sendable {
        /// The item.
        public let item: [UInt8]
        /// The digest of the value.
        public let value: Digest

        /// A row.
        public init(item: [UInt8], value: Digest) {
            self.item = item
            self.value = value
        }
    }
}

/// A claim about a state with what is needed to check it against the root alone.
public struct StateProof: Sendable {
    /// What is claimed.
    public let claim: StateClaim
    /// The bytes of the proof, as `mpt` of FiloSottile/torchwood lays them out.
    public let path: [UInt8]

    /// A claim with a proof from elsewhere.
    public init(claim: StateClaim, path: [UInt8]) {
        self.claim = claim
        self.path = path
    }

    /// Proves that a row is there with this value; nil where it is not.
    public static func present(_ key: StateKey, value: [UInt8], in leaves: [StateTrie.Leaf]) -> StateProof? {
        let leaf = StateTrie.Leaf(key, value: value)
        guard let found = StateTrie.lookUp(leaf.key, in: leaves), found.leaf == leaf else {
            return nil
        }
        return StateProof(claim: .present(key, value: value), path: found.path.encoded)
    }

    /// Proves that there is no such row; nil where there is one.
    public static func absent(_ key: StateKey, in leaves: [StateTrie.Leaf]) -> StateProof? {
        let place = key.trieKey
        guard let found = StateTrie.lookUp(place, in: leaves) else {
            return StateProof(claim: .absent(key), path: [])
        }
        return found.leaf.key == place
            ? nil : StateProof(claim: .absent(key), path: found.leaf.proofBytes + found.path.encoded)
    }

    /// Proves that these rows are all those of a space; nil where they are not.
    public static func all(
        space: String, rows: [StateClaim.Row], in leaves: [StateTrie.Leaf]
    ) -> StateProof? {
        whole(.all(space: space, rows: rows), of: space, isEmpty: rows.isEmpty, in: leaves)
    }

    /// Proves which of these rows, all those of a space, a pattern matches; nil where they are not all.
    public static func matching(
        _ pattern: ItemPattern, space: String, rows: [StateClaim.Row], in leaves: [StateTrie.Leaf]
    ) -> StateProof? {
        let others = rows.filter { !pattern.matches($0.item) }.map {
            StateClaim.OtherRow(item: $0.item, value: Hashing.digest(.stateValue, $0.value))
        }
        let claim = StateClaim.matching(
            space: space, pattern: pattern, rows: rows.filter { pattern.matches($0.item) }, others: others)
        return whole(claim, of: space, isEmpty: rows.isEmpty, in: leaves)
    }

    private static func whole(
        _ claim: StateClaim, of space: String, isEmpty: Bool, in leaves: [StateTrie.Leaf]
    ) -> StateProof? {
        let place = Self.placeOfNothing(in: space)
        let path: [UInt8]
        if isEmpty {
            path = StateTrie.lookUp(place, in: leaves).map { $0.leaf.proofBytes + $0.path.encoded } ?? []
        } else {
            path = StateTrie.lookUp(place, in: leaves, stop: StateKey.spaceBits)?.path.encoded ?? []
        }
        let proof = StateProof(claim: claim, path: path)
        let root = leaves.isEmpty ? StateTrie.emptyRoot : StateTrie.subtree(leaves[...])
        return proof.holds(under: root) ? proof : nil
    }

    /// Whether the claim is true of the state with this root.
    public func holds(under root: Digest) -> Bool {
        switch claim {
        case .present(let key, let value):
            return StateTrie.proves(StateTrie.Leaf(key, value: value), by: path, root: root)
        case .absent(let key):
            return StateTrie.provesNothing(at: key.trieKey, by: path, root: root)
        case .all(let space, let rows): return shows(rows, [], of: space, root)
        case .matching(let space, let pattern, let rows, let others):
            return rows.allSatisfy { pattern.matches($0.item) } && !others.contains { pattern.matches($0.item) }
                && shows(rows, others, of: space, root)
        }
    }

    /// Whether these are all the rows of a space.
    private func shows(
        _ rows: [StateClaim.Row], _ others: [StateClaim.OtherRow], of space: String, _ root: Digest
    ) -> Bool {
        let place = Self.placeOfNothing(in: space)
        if rows.isEmpty, others.isEmpty {
            return StateTrie.provesNothing(at: place, bits: StateKey.spaceBits, by: path, root: root)
        }
        let leaves =
            rows.map { StateTrie.Leaf(StateKey(space: space, item: $0.item), value: $0.value) }
            + others.map { StateTrie.Leaf(key: StateKey(space: space, item: $0.item).trieKey, value: $0.value) }
        return StateTrie.proves(all: leaves, at: place, bits: StateKey.spaceBits, by: path, root: root)
    }

    /// The key at which a look-up of a space as such ends: 16 bytes of its digest, then 00, then ff.
    private static func placeOfNothing(in space: String) -> Digest {
        let padding = [0] + [UInt8](repeating: 0xFF, count: Digest.length - StateKey.spaceBits / 8 - 1)
        guard let place = Digest(bytes: StateKey.prefix(ofSpace: space) + padding) else {
            preconditionFailure("a prefix and its padding make a key")
        }
        return place
    }
}
