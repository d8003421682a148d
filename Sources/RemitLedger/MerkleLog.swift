/// A log of leaf hashes whose beginning may be known by its right edge alone: the tree of RFC 6962 over all of it.
///
/// The right edge of so many leaves are the roots of the complete subtrees that they make up, from left to right, one
/// for each bit that is set in their number. With it every later root and proof can be made, and none about what is
/// before.
public struct MerkleLog: Sendable {
    /// The number of leaves before the first that is here.
    public let start: UInt64
    private let edge: [Digest]
    private var leaves: [Digest]

    /// A log of these leaves from the first on.
    public init(leaves: [Digest] = []) {
        start = 0
        edge = []
        self.leaves = leaves
    }

    /// A log that goes on after `start` leaves with this right edge; nil for an edge of another length.
    public init?(start: UInt64, edge: [Digest]) {
        guard edge.count == start.nonzeroBitCount else {
            return nil
        }
        self.start = start
        self.edge = edge
        leaves = []
    }

    /// A log that goes on with the leaf `index`, whose inclusion proof in the tree that ends with it is `path`.
    ///
    /// Such a proof is the right edge of what is before the leaf, from right to left.
    public init?(index: UInt64, path: [Digest]) {
        self.init(start: index, edge: path.reversed())
    }

    /// The number of leaves, those before `start` included.
    public var size: UInt64 { start + UInt64(leaves.count) }

    /// Adds the next leaf.
    public mutating func append(_ leaf: Digest) {
        leaves.append(leaf)
    }

    /// The root over the first `size` leaves; nil where it cannot be made.
    public func root(_ size: UInt64) -> Digest? {
        size == 0 ? MerkleTree.emptyRoot : hash(0, size)
    }

    /// The proof that the leaf at `index` is in the tree of `size`, lowest sibling first; nil where none can be made.
    public func inclusionProof(of index: UInt64, size: UInt64) -> [Digest]? {
        guard index < size, size <= self.size else {
            return nil
        }
        var proof: [Digest] = []
        var (low, high) = (UInt64(0), size)
        while high - low > 1 {
            let middle = low + Self.split(high - low)
            let goesLeft = index < middle
            guard let sibling = goesLeft ? hash(middle, high) : hash(low, middle) else {
                return nil
            }
            proof.append(sibling)
            (low, high) = goesLeft ? (low, middle) : (middle, high)
        }
        return proof.reversed()
    }

    /// The proof that the tree of `oldSize` is a prefix of that of `size`; nil where none can be made.
    public func consistencyProof(from oldSize: UInt64, to size: UInt64) -> [Digest]? {
        guard oldSize > 0, oldSize <= size, size <= self.size else {
            return nil
        }
        var proof: [Digest] = []
        var (low, high) = (UInt64(0), size)
        // Whether the old tree's subtree in the range is itself a node of the old tree that starts at the left edge.
        var isWholeOldTree = true
        while oldSize != high {
            let middle = low + Self.split(high - low)
            let goesLeft = oldSize <= middle
            guard let sibling = goesLeft ? hash(middle, high) : hash(low, middle) else {
                return nil
            }
            proof.append(sibling)
            if goesLeft {
                high = middle
            } else {
                low = middle
                isWholeOldTree = false
            }
        }
        if !isWholeOldTree {
            guard let whole = hash(low, high) else {
                return nil
            }
            proof.append(whole)
        }
        return proof.reversed()
    }

    /// The hash of the subtree over a range that is not empty; nil where it takes leaves that are not here.
    private func hash(_ low: UInt64, _ high: UInt64) -> Digest? {
        guard high <= size else {
            return nil
        }
        if high <= start {
            return edgeHash(low, high)
        }
        if high - low == 1 {
            return leaves[Int(low - start)]
        }
        let middle = low + Self.split(high - low)
        guard let left = hash(low, middle), let right = hash(middle, high) else {
            return nil
        }
        return MerkleTree.nodeHash(left, right)
    }

    /// The hash of a subtree of the right edge, or of several of them that make up the range.
    private func edgeHash(_ low: UInt64, _ high: UInt64) -> Digest? {
        var place: UInt64 = 0
        for (index, width) in Self.widths(start).enumerated() {
            if place == low, place + width == high {
                return edge[index]
            }
            if place >= high {
                return nil
            }
            place += width
        }
        guard high - low > 1 else {
            return nil
        }
        let middle = low + Self.split(high - low)
        guard let left = edgeHash(low, middle), let right = edgeHash(middle, high) else {
            return nil
        }
        return MerkleTree.nodeHash(left, right)
    }

    /// The widths of the complete subtrees that so many leaves make up, from left to right.
    private static func widths(_ count: UInt64) -> [UInt64] {
        (0..<UInt64.bitWidth).reversed().map { UInt64(1) << UInt64($0) }.filter { count & $0 != 0 }
    }

    /// The greatest power of two below `count`, which is at least 2.
    private static func split(_ count: UInt64) -> UInt64 {
        1 << UInt64(UInt64.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }
}
