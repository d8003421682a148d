/// The way from a place in a state trie up to the root: each bit that divides, and the hash on the other side.
///
/// Its bytes are those that `mpt` of FiloSottile/torchwood publishes: for each step the bit as unsigned LEB128, then
/// the hash, from the lowest step to the root.
public struct TriePath: Hashable, Sendable {
    /// An inner node on the way.
    public struct Step: Hashable, Sendable {
        /// The bit by which the node divides the keys below it.
        public let bit: UInt8
        /// The hash of the child that is not on the way.
        public let sibling: Digest

        /// A step.
        public init(bit: UInt8, sibling: Digest) {
            self.bit = bit
            self.sibling = sibling
        }
    }

    /// The steps, the lowest first: their bits descend strictly.
    public let steps: [Step]

    /// A path of steps whose bits descend.
    init(_ steps: [Step]) {
        self.steps = steps
    }

    /// Reads the bytes of a path; nil where they are cut short, a bit is not below 256 or not in its shortest form, or
    /// the bits do not descend.
    public init?(decoding bytes: ArraySlice<UInt8>) {
        var rest = bytes
        var steps: [Step] = []
        while let first = rest.popFirst() {
            // From 128 on the first byte holds the low seven bits and a mark, which together are the number itself.
            if first >= 0x80, rest.popFirst() != 1 {
                return nil
            }
            guard rest.count >= Digest.length, let sibling = Digest(bytes: rest.prefix(Digest.length)) else {
                return nil
            }
            rest = rest.dropFirst(Digest.length)
            if let last = steps.last, first >= last.bit {
                return nil
            }
            steps.append(Step(bit: first, sibling: sibling))
        }
        self.steps = steps
    }

    /// The bytes of the path.
    public var encoded: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(steps.count * (2 + Digest.length))
        for step in steps {
            StateTrie.append(bit: Int(step.bit), to: &out)
            step.sibling.append(to: &out)
        }
        return out
    }

    /// The root that the path leads to from the hash at its foot, for keys that begin as this one.
    public func root(from hash: Digest, towards key: Digest) -> Digest {
        var hash = hash
        for step in steps {
            hash =
                key.bit(Int(step.bit))
                ? StateTrie.innerHash(bit: Int(step.bit), step.sibling, hash)
                : StateTrie.innerHash(bit: Int(step.bit), hash, step.sibling)
        }
        return hash
    }

    /// Whether two keys have the same bits wherever the path divides, so that a look-up of one ends where the other is.
    public func leadsAlike(_ left: Digest, _ right: Digest) -> Bool {
        steps.allSatisfy { left.bit(Int($0.bit)) == right.bit(Int($0.bit)) }
    }
}

extension StateTrie {
    /// Whether a proof shows that the leaf is in the trie with this root.
    public static func proves(_ leaf: Leaf, by proof: [UInt8], root: Digest) -> Bool {
        TriePath(decoding: proof[...])?.root(from: leaf.hash, towards: leaf.key) == root
    }

    /// Whether a proof shows that no key of the trie begins with the first bits of this one; all bits if left out.
    ///
    /// It is another leaf, at which a look-up of the key ends, with its path; nothing for a trie without leaves.
    public static func provesNothing(at key: Digest, bits: Int = 256, by proof: [UInt8], root: Digest) -> Bool {
        if root == emptyRoot {
            return proof.isEmpty
        }
        guard let (leaf, rest) = Leaf.decode(proof[...]), let path = TriePath(decoding: rest) else {
            return false
        }
        return leaf.key.commonPrefix(key) < bits && path.leadsAlike(leaf.key, key)
            && path.root(from: leaf.hash, towards: leaf.key) == root
    }

    /// Whether a proof shows that these, at least one, are all the leaves whose keys begin as a key does.
    public static func proves(
        all leaves: [Leaf], at key: Digest, bits: Int, by proof: [UInt8], root: Digest
    ) -> Bool {
        guard !leaves.isEmpty, leaves.allSatisfy({ $0.key.commonPrefix(key) >= bits }),
            let path = TriePath(decoding: proof[...]), path.steps.allSatisfy({ Int($0.bit) < bits }),
            let subtree = try? Self.root(of: leaves.sorted { $0.key < $1.key })
        else {
            return false
        }
        return path.root(from: subtree, towards: key) == root
    }

    /// The leaf at which a look-up of a key ends, and the way up from it; nil in a trie without leaves.
    ///
    /// The leaves ascend strictly by their keys. With `stop`, the way begins at the first node that does not divide
    /// before that bit, which holds every key with the same first bits.
    static func lookUp(_ key: Digest, in leaves: [Leaf], stop: Int = 256) -> (leaf: Leaf, path: TriePath)? {
        guard var range = leaves.isEmpty ? nil : leaves[...] else {
            return nil
        }
        var steps: [TriePath.Step] = []
        while let (bit, middle) = division(of: range), bit < stop {
            let goesRight = key.bit(bit)
            let sibling = subtree(goesRight ? range[..<middle] : range[middle...])
            steps.append(TriePath.Step(bit: UInt8(bit), sibling: sibling))
            range = goesRight ? range[middle...] : range[..<middle]
        }
        return (range[range.startIndex], TriePath(steps.reversed()))
    }
}

extension StateTrie.Leaf {
    /// The leaf as it begins a proof that something else is not there.
    var proofBytes: [UInt8] { [0x20] + key.bytes + [0x20] + value.bytes }

    /// Reads a leaf at the beginning of a proof.
    static func decode(_ bytes: ArraySlice<UInt8>) -> (StateTrie.Leaf, rest: ArraySlice<UInt8>)? {
        let width = Digest.length + 1
        guard bytes.count >= 2 * width, bytes.first == 0x20, bytes.dropFirst(width).first == 0x20,
            let key = Digest(bytes: bytes.dropFirst().prefix(Digest.length)),
            let value = Digest(bytes: bytes.dropFirst(width + 1).prefix(Digest.length))
        else {
            return nil
        }
        return (StateTrie.Leaf(key: key, value: value), bytes.dropFirst(2 * width))
    }
}
