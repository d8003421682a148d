/// The name of a state row: the space it belongs to, and the item within it.
public struct StateKey: Sendable {
    /// Groups rows, such as `contract` or `case/InsuranceClaim`.
    public let space: String
    /// Tells the rows of a space apart; may be empty.
    public let item: [UInt8]

    /// The row `item` of `space`.
    public init(space: String, item: [UInt8]) {
        self.space = space
        self.item = item
    }

    /// Where the row stands in the state trie: 16 bytes of the space's digest, then 16 of the item's.
    public var trieKey: Digest { trieKey(space: Hashing.digest(.stateSpace, space)) }

    /// The same, where the digest of the space is known.
    func trieKey(space digest: Digest) -> Digest {
        Digest(halves: digest, Hashing.digest(.stateItem, item))
    }

    /// The number of bits of a trie key that the space decides.
    static let spaceBits = 128

    /// The 16 bytes with which the trie keys of a space begin.
    static func prefix(ofSpace space: String) -> [UInt8] {
        Array(Hashing.digest(.stateSpace, space).bytes[..<16])
    }

    /// Whether the rules root of a header covers the row.
    public var isRule: Bool { family == .rules }

    /// The part of the space before the first `/`, which decides the roots that cover the row.
    var family: TrieFamily {
        if isWithin("contract") {
            return .rules
        }
        return TrieFamily.keySetSpaces.contains(where: isWithin) ? .keySet : .other
    }

    /// Whether the part of the space before the first `/` is `head`, which has none.
    public func isWithin(_ head: StaticString) -> Bool {
        let count = head.utf8CodeUnitCount
        let start = UnsafeBufferPointer(start: head.utf8Start, count: count)
        let fast = space.utf8.withContiguousStorageIfAvailable { space in
            space.count >= count && (space.count == count || space[count] == UInt8(ascii: "/"))
                && Self.order(UnsafeBufferPointer(rebasing: space[..<count]), start) == 0
        }
        return fast ?? space.utf8.prefix { $0 != UInt8(ascii: "/") }.elementsEqual(start)
    }

    /// Whether the space is this text, byte by byte.
    func isIn(_ space: String) -> Bool { Self.order(self.space, space) == 0 }
}

extension StateKey: Hashable, Comparable {
    public static func == (left: StateKey, right: StateKey) -> Bool {
        left.item == right.item && order(left.space, right.space) == 0
    }

    /// The canonical order: bytes of the space, then bytes of the item.
    public static func < (left: StateKey, right: StateKey) -> Bool {
        let spaces = order(left.space, right.space)
        guard spaces == 0 else {
            return spaces < 0
        }
        return left.item.withUnsafeBufferPointer { left in
            right.item.withUnsafeBufferPointer { right in order(left, right) < 0 }
        }
    }

    /// Below, equal to or above zero as the bytes of one text come before, are, or come after those of another.
    private static func order(_ left: String, _ right: String) -> Int {
        let fast = left.utf8.withContiguousStorageIfAvailable { left in
            right.utf8.withContiguousStorageIfAvailable { right in order(left, right) }
        }
        if let known = fast, let known {
            return known
        }
        if left.utf8.elementsEqual(right.utf8) {
            return 0
        }
        return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
    }

    private static func order(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
        let left = UnsafeRawBufferPointer(left)
        let right = UnsafeRawBufferPointer(right)
        let count = min(left.count, right.count)
        var place = 0
        // Eight bytes at a time, as one number in which the first of them counts most.
        while place &+ 8 <= count {
            let one = UInt64(bigEndian: left.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            let other = UInt64(bigEndian: right.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            if one != other {
                return one < other ? -1 : 1
            }
            place &+= 8
        }
        while place < count {
            if left[place] != right[place] {
                return left[place] < right[place] ? -1 : 1
            }
            place &+= 1
        }
        return left.count - right.count
    }

    public func hash(into hasher: inout Hasher) {
        var space = space
        space.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        item.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

/// Which of the narrower roots of a header covers a state row, besides the state root.
enum TrieFamily: Sendable {
    case rules
    case keySet
    case other

    static let keySetSpaces: [StaticString] = ["organisation", "person", "key", "grant", "node"]
}
