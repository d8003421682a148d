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
    public var trieKey: Digest {
        let item = Hashing.digest(.stateItem, item).bytes
        guard let key = Digest(bytes: Self.prefix(ofSpace: space) + item[..<16]) else {
            preconditionFailure("two halves make a key")
        }
        return key
    }

    /// The number of bits of a trie key that the space decides.
    static let spaceBits = 128

    /// The 16 bytes with which the trie keys of a space begin.
    static func prefix(ofSpace space: String) -> [UInt8] {
        Array(Hashing.digest(.stateSpace, Array(space.utf8)).bytes[..<16])
    }

    /// Whether the rules root of a header covers the row.
    public var isRule: Bool { family == .rules }

    /// The part of the space before the first `/`, which decides the roots that cover the row.
    var family: TrieFamily {
        let head = space.utf8.prefix { $0 != UInt8(ascii: "/") }
        if head.elementsEqual("contract".utf8) {
            return .rules
        }
        let isKeySet = TrieFamily.keySetSpaces.contains { head.elementsEqual($0.utf8) }
        return isKeySet ? .keySet : .other
    }
}

extension StateKey: Hashable, Comparable {
    public static func == (left: StateKey, right: StateKey) -> Bool {
        left.item == right.item && left.space.utf8.elementsEqual(right.space.utf8)
    }

    /// The canonical order: bytes of the space, then bytes of the item.
    public static func < (left: StateKey, right: StateKey) -> Bool {
        if left.space.utf8.elementsEqual(right.space.utf8) {
            return left.item.lexicographicallyPrecedes(right.item)
        }
        return left.space.utf8.lexicographicallyPrecedes(right.space.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        var space = space
        space.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(item)
    }
}

/// Which of the narrower roots of a header covers a state row, besides the state root.
enum TrieFamily: Sendable {
    case rules
    case keySet
    case other

    static let keySetSpaces = ["organisation", "person", "key", "grant", "node"]
}
