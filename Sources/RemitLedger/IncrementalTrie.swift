/// A state trie held in memory: a change costs the hashes of one path, and the root is that of `StateTrie.root`.
public struct IncrementalTrie: Sendable {
    private struct LeafNode {
        var key: Digest
        var hash: Digest
    }

    private struct InnerNode {
        var hash: Digest
        var left: Int
        var right: Int
        var bit: UInt8
        var isStale: Bool
    }

    // A node is referred to by its place among the inner nodes, or by the complement (~) of its place among the leaves.
    private var leaves: [LeafNode] = []
    private var inners: [InnerNode] = []
    private var freeLeaves: [Int] = []
    private var freeInners: [Int] = []
    private var top: Int?

    /// A trie without leaves.
    public init() {}

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
        guard let place = nearest(to: leaf.key) else {
            top = ~addLeaf(leaf)
            return
        }
        let bit = leaf.key.commonPrefix(leaves[place].key)
        if bit == 256 {
            let hash = leaf.hash
            if leaves[place].hash != hash {
                leaves[place].hash = hash
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
        freeLeaves.append(place)
        var grandparent: Int?
        var parent: Int?
        var node = top ?? ~place
        while node >= 0 {
            inners[node].isStale = true
            grandparent = parent
            parent = node
            node = child(of: node, towards: key)
        }
        guard let parent else {
            top = nil
            return true
        }
        let sibling = key.bit(Int(inners[parent].bit)) ? inners[parent].left : inners[parent].right
        freeInners.append(parent)
        attach(sibling, to: grandparent, towards: key)
        return true
    }

    /// The root; only what changed since the last call is hashed again.
    public mutating func root() -> Digest {
        top.map { refresh($0) } ?? StateTrie.emptyRoot
    }

    private func child(of node: Int, towards key: Digest) -> Int {
        key.bit(Int(inners[node].bit)) ? inners[node].right : inners[node].left
    }

    /// The leaf that a look-up of the key ends at; nil if there are none.
    private func nearest(to key: Digest) -> Int? {
        guard var node = top else {
            return nil
        }
        while node >= 0 {
            node = child(of: node, towards: key)
        }
        return ~node
    }

    /// Walks down through the inner nodes that divide before `bit` and marks them as stale.
    ///
    /// Gives the last of them and the node below it. The trie is not empty.
    private mutating func descend(towards key: Digest, until bit: Int) -> (parent: Int?, below: Int) {
        guard var node = top else {
            preconditionFailure("an empty trie has no path")
        }
        var parent: Int?
        while node >= 0, Int(inners[node].bit) < bit {
            inners[node].isStale = true
            parent = node
            node = child(of: node, towards: key)
        }
        return (parent, node)
    }

    private mutating func attach(_ node: Int, to parent: Int?, towards key: Digest) {
        guard let parent else {
            top = node
            return
        }
        if key.bit(Int(inners[parent].bit)) {
            inners[parent].right = node
        } else {
            inners[parent].left = node
        }
    }

    private mutating func addLeaf(_ leaf: StateTrie.Leaf) -> Int {
        let node = LeafNode(key: leaf.key, hash: leaf.hash)
        if let place = freeLeaves.popLast() {
            leaves[place] = node
            return place
        }
        leaves.append(node)
        return leaves.count - 1
    }

    private mutating func addInner(_ node: InnerNode) -> Int {
        if let place = freeInners.popLast() {
            inners[place] = node
            return place
        }
        inners.append(node)
        return inners.count - 1
    }

    /// The hash of a node; no deeper than the 256 bits of a key.
    private mutating func refresh(_ node: Int) -> Digest {
        guard node >= 0 else {
            return leaves[~node].hash
        }
        if inners[node].isStale {
            let left = refresh(inners[node].left)
            let right = refresh(inners[node].right)
            inners[node].hash = StateTrie.innerHash(bit: Int(inners[node].bit), left, right)
            inners[node].isStale = false
        }
        return inners[node].hash
    }
}
