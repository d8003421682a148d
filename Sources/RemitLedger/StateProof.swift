import RemitValues

/// Something that a state root shows to be so.
public enum StateClaim: Sendable {
    /// The row is there, with this value.
    case present(StateKey, value: [UInt8])
    /// There is no such row.
    case absent(StateKey)
    /// These are all the rows of the space, in ascending order of their items; maybe none.
    case all(space: String, rows: [Row])

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
        let claim = StateClaim.all(space: space, rows: rows)
        let place = Self.placeOfNothing(in: space)
        let path: [UInt8]
        if rows.isEmpty {
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
        case .all(let space, let rows):
            let place = Self.placeOfNothing(in: space)
            if rows.isEmpty {
                return StateTrie.provesNothing(at: place, bits: StateKey.spaceBits, by: path, root: root)
            }
            let leaves = rows.map { StateTrie.Leaf(StateKey(space: space, item: $0.item), value: $0.value) }
            return StateTrie.proves(all: leaves, at: place, bits: StateKey.spaceBits, by: path, root: root)
        }
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

extension StateProof: LedgerItem {
    public var cbor: CBOR {
        switch claim {
        case .present(let key, let value):
            .array([.unsigned(0), .text(key.space), .bytes(key.item), .bytes(value), .bytes(path)])
        case .absent(let key):
            .array([.unsigned(1), .text(key.space), .bytes(key.item), .bytes(path)])
        case .all(let space, let rows):
            .array([
                .unsigned(2), .text(space), .array(rows.map { .array([.bytes($0.item), .bytes($0.value)]) }),
                .bytes(path),
            ])
        }
    }

    public init(cbor: CBOR) throws(LedgerFault) {
        let fault = LedgerFault.structure("state proof", field: nil, mistake: "is none of the three kinds")
        guard case .array(let parts) = cbor, parts.count >= 4, case .unsigned(let kind) = parts[0],
            case .text(let space) = parts[1], case .bytes(let path) = parts[parts.count - 1]
        else {
            throw fault
        }
        self.path = path
        switch (kind, parts[2], parts.count) {
        case (0, .bytes(let item), 5):
            guard case .bytes(let value) = parts[3] else {
                throw fault
            }
            claim = .present(StateKey(space: space.string, item: item), value: value)
        case (1, .bytes(let item), 4):
            claim = .absent(StateKey(space: space.string, item: item))
        case (2, .array(let items), 4):
            claim = .all(space: space.string, rows: try Self.rows(items, fault))
        default: throw fault
        }
    }

    private static func rows(_ items: [CBOR], _ fault: LedgerFault) throws(LedgerFault) -> [StateClaim.Row] {
        var rows: [StateClaim.Row] = []
        for item in items {
            guard case .array(let pair) = item, pair.count == 2, case .bytes(let name) = pair[0],
                case .bytes(let value) = pair[1]
            else {
                throw fault
            }
            if let last = rows.last, !last.item.lexicographicallyPrecedes(name) {
                throw .structure("state proof", field: nil, mistake: "has rows out of order or repeated")
            }
            rows.append(StateClaim.Row(item: name, value: value))
        }
        return rows
    }
}
