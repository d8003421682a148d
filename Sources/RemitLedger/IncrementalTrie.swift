/// A state trie held in memory: a change costs the hashes of one path, and the root is that of `StateTrie.root`.
public struct IncrementalTrie: Sendable {
    private struct InnerNode {
        var hash: Digest
        var left: Int32
        var right: Int32
        var bit: UInt8
        var isStale: Bool
    }

    /// A node: its place among the inner nodes, or the complement (~) of its place among the leaves.
    ///
    /// Half a word each, so that the nodes of a large trie take fewer cache lines.
    private typealias Place = Int32

    private var leaves: [HashedLeaf] = []
    private var inners: [InnerNode] = []
    private var freeLeaves: [Place] = []
    private var freeInners: [Place] = []
    private var top: Place?

    /// A trie without leaves.
    public init() {}

    /// A trie of leaves with their hashes, in strictly ascending order of their keys; nil for any other order.
    ///
    /// It takes the leaves over as they lie, so that a large state is not in memory twice, and makes its inner nodes in
    /// one pass from left to right.
    init?(ascending ordered: consuming [HashedLeaf]) {
        inners.reserveCapacity(HashedLeaf.room(for: ordered.count))
        // The inner nodes on the way to the last leaf, whose right sides are not complete yet.
        var spine: [Place] = []
        for place in ordered.indices.dropFirst() {
            let (last, next) = (ordered[place - 1].key, ordered[place].key)
            let bit = last.commonPrefix(next)
            guard last < next else {
                return nil
            }
            let left = close(&spine, above: bit, over: ~Place(place - 1))
            spine.append(Place(inners.count))
            inners.append(InnerNode(hash: .zero, left: left, right: left, bit: UInt8(bit), isStale: true))
        }
        if !ordered.isEmpty {
            top = close(&spine, above: -1, over: ~Place(ordered.count - 1))
        }
        leaves = ordered
    }

    /// Completes the nodes of the spine that divide after `bit`, over the last leaf; gives the topmost of them, or that
    /// leaf.
    private mutating func close(_ spine: inout [Place], above bit: Int, over leaf: Place) -> Place {
        var below = leaf
        while let node = spine.last, Int(inners[Int(node)].bit) > bit {
            inners[Int(node)].right = below
            below = node
            spine.removeLast()
        }
        return below
    }

    /// The number of leaves.
    public var count: Int { leaves.count - freeLeaves.count }

    /// Whether exactly this leaf is in the trie: its key, with this value.
    public func contains(_ leaf: StateTrie.Leaf) -> Bool {
        guard let place = nearest(to: leaf.key) else {
            return false
        }
        return leaves[place].key == leaf.key && leaves[place].hash == leaf.hash
    }

    /// Whether the key is in the trie, with whatever value.
    public func contains(key: Digest) -> Bool {
        nearest(to: key).map { leaves[$0].key == key } ?? false
    }

    /// Adds the leaf, or gives its key the new value.
    public mutating func set(_ leaf: StateTrie.Leaf) {
        set(HashedLeaf(leaf))
    }

    /// The same for a leaf whose hash is known.
    mutating func set(_ leaf: HashedLeaf) {
        guard let place = nearest(to: leaf.key) else {
            top = ~addLeaf(leaf)
            return
        }
        let bit = leaf.key.commonPrefix(leaves[place].key)
        if bit == 256 {
            if leaves[place].hash != leaf.hash {
                leaves[place] = leaf
                _ = descend(towards: leaf.key, until: bit)
            }
            return
        }
        let (parent, below) = descend(towards: leaf.key, until: bit)
        let added = ~addLeaf(leaf)
        let goesRight = leaf.key.bit(bit)
        let inner = addInner(
            InnerNode(
                hash: .zero, left: goesRight ? below : added, right: goesRight ? added : below,
                bit: UInt8(bit), isStale: true))
        attach(inner, to: parent, towards: leaf.key)
    }

    /// Takes the key out; says whether it was there.
    @discardableResult
    public mutating func remove(key: Digest) -> Bool {
        guard let place = nearest(to: key), leaves[place].key == key else {
            return false
        }
        freeLeaves.append(Place(place))
        var grandparent: Place?
        var parent: Place?
        var node = top ?? ~Place(place)
        while node >= 0 {
            inners[Int(node)].isStale = true
            grandparent = parent
            parent = node
            node = child(of: node, towards: key)
        }
        guard let parent else {
            top = nil
            return true
        }
        let inner = inners[Int(parent)]
        freeInners.append(parent)
        attach(key.bit(Int(inner.bit)) ? inner.left : inner.right, to: grandparent, towards: key)
        return true
    }

    /// The root; only what changed since the last call is hashed again.
    public mutating func root() -> Digest {
        guard let top else { return StateTrie.emptyRoot }
        return leaves.withUnsafeBufferPointer { leaves in
            inners.withUnsafeMutableBufferPointer { Nodes(leaves: leaves, inners: $0).refresh(top) }
        }
    }

    /// Hashes what is stale by many bodies that can run at the same time: each has subtrees that no other one touches.
    ///
    /// `perform` runs a body for each number below a count, in any order, and comes back when all are done.
    mutating func refresh(_ perform: (Int, @Sendable (Int) -> Void) -> Void) {
        let parts = subtrees(atLeast: 64)
        guard parts.count > 1 else { return }
        leaves.withUnsafeBufferPointer { leaves in
            inners.withUnsafeMutableBufferPointer { inners in
                let nodes = Nodes(leaves: leaves, inners: inners)
                perform(parts.count) { number in _ = nodes.refresh(parts[number]) }
            }
        }
    }

    /// Inner nodes none of which is above another, with all that is stale below them; so many, or as many as there are.
    private func subtrees(atLeast count: Int) -> [Place] {
        var parts = top.map { $0 >= 0 ? [$0] : [] } ?? []
        while !parts.isEmpty, parts.count < count {
            let below = parts.flatMap { [inners[Int($0)].left, inners[Int($0)].right] }.filter { $0 >= 0 }
            // Near the leaves there is nothing left to divide.
            if below.count < parts.count { break }
            parts = below
        }
        return parts
    }

    /// The nodes where they lie.
    private struct Nodes: @unchecked Sendable {
        let leaves: UnsafeBufferPointer<HashedLeaf>
        let inners: UnsafeMutableBufferPointer<InnerNode>

        /// The hash of a node; no deeper than the 256 bits of a key.
        func refresh(_ node: Place) -> Digest {
            guard node >= 0 else {
                return leaves[Int(~node)].hash
            }
            let place = Int(node)
            if inners[place].isStale {
                let left = refresh(inners[place].left)
                let right = refresh(inners[place].right)
                inners[place].hash = StateTrie.innerHash(bit: Int(inners[place].bit), left, right)
                inners[place].isStale = false
            }
            return inners[place].hash
        }
    }

    private func child(of node: Place, towards key: Digest) -> Place {
        inners.withUnsafeBufferPointer { inners in
            let inner = inners[Int(node)]
            return key.bit(Int(inner.bit)) ? inner.right : inner.left
        }
    }

    /// The place of the leaf that a look-up of the key ends at; nil if there are none.
    private func nearest(to key: Digest) -> Int? {
        guard var node = top else {
            return nil
        }
        while node >= 0 {
            node = child(of: node, towards: key)
        }
        return Int(~node)
    }

    /// Walks down through the inner nodes that divide before `bit` and marks them as stale.
    ///
    /// Gives the last of them and the node below it. The trie is not empty.
    private mutating func descend(towards key: Digest, until bit: Int) -> (parent: Place?, below: Place) {
        guard var node = top else {
            preconditionFailure("an empty trie has no path")
        }
        var parent: Place?
        while node >= 0, Int(inners[Int(node)].bit) < bit {
            inners[Int(node)].isStale = true
            parent = node
            node = child(of: node, towards: key)
        }
        return (parent, node)
    }

    private mutating func attach(_ node: Place, to parent: Place?, towards key: Digest) {
        guard let parent else {
            top = node
            return
        }
        if key.bit(Int(inners[Int(parent)].bit)) {
            inners[Int(parent)].right = node
        } else {
            inners[Int(parent)].left = node
        }
    }

    private mutating func addLeaf(_ leaf: HashedLeaf) -> Place {
        if let place = freeLeaves.popLast() {
            leaves[Int(place)] = leaf
            return place
        }
        leaves.append(leaf)
        return Place(leaves.count - 1)
    }

    private mutating func addInner(_ node: InnerNode) -> Place {
        if let place = freeInners.popLast() {
            inners[Int(place)] = node
            return place
        }
        inners.append(node)
        return Place(inners.count - 1)
    }
}

extension HashedLeaf {
    /// So few leaves are sorted by comparing them.
    private static let fewLeaves = 1024

    /// Room for so many nodes and some that come later: an array that is full moves with the first of these.
    fileprivate static func room(for count: Int) -> Int { count + count / 16 }

    /// The leaves in the order of their keys.
    ///
    /// Those of one space have the first half of their keys in common, and the second half is a digest: so they are
    /// dealt out by its first bits, and nearly in order then.
    static func sorted(_ leaves: consuming [HashedLeaf]) -> [HashedLeaf] {
        guard var runs = spaces(leaves), leaves.count > fewLeaves else { return leaves.sorted { $0.key < $1.key } }
        var result: [HashedLeaf] = []
        result.reserveCapacity(room(for: leaves.count))
        runs.sort { leaves[$0.lowerBound].key < leaves[$1.lowerBound].key }
        for run in runs {
            if run.count <= fewLeaves {
                result += leaves[run].sorted { $0.key < $1.key }
            } else {
                deal(leaves[run], to: &result)
            }
        }
        return result
    }

    /// Where the leaves of each space stand; nil where those of one do not all stand together.
    private static func spaces(_ leaves: borrowing [HashedLeaf]) -> [Range<Int>]? {
        var runs: [Range<Int>] = []
        var known: Set<Digest> = []
        var start = 0
        for place in leaves.indices {
            let isLast = place + 1 == leaves.count
            if !isLast, leaves[place].key.commonPrefix(leaves[place + 1].key) >= StateKey.spaceBits { continue }
            guard known.insert(Digest(halves: leaves[place].key, .zero)).inserted else { return nil }
            runs.append(start..<place + 1)
            start = place + 1
        }
        return runs
    }

    private static func deal(_ leaves: ArraySlice<HashedLeaf>, to result: inout [HashedLeaf]) {
        let bits = min(20, Int.bitWidth - leaves.count.leadingZeroBitCount - 4)
        var ends = [Int](repeating: 0, count: 1 << bits)
        for leaf in leaves { ends[leaf.key.bits(bits, from: StateKey.spaceBits)] += 1 }
        var sum = result.count
        let first = sum
        for pile in ends.indices {
            sum += ends[pile]
            ends[pile] = sum - ends[pile]
        }
        guard let any = leaves.first else { return }
        result += repeatElement(any, count: leaves.count)
        for leaf in leaves {
            let pile = leaf.key.bits(bits, from: StateKey.spaceBits)
            result[ends[pile]] = leaf
            ends[pile] += 1
        }
        var start = first
        for end in ends where end > start {
            if end - start > 1 { result[start..<end].sort { $0.key < $1.key } }
            start = end
        }
    }
}

/// A leaf of a state trie by its key and its own hash.
public struct HashedLeaf: Sendable {
    /// Where the row stands.
    public let key: Digest
    /// The hash of the leaf.
    public let hash: Digest

    /// The leaf with its hash.
    public init(_ leaf: StateTrie.Leaf) {
        key = leaf.key
        hash = leaf.hash
    }
}
