/// The binary Merkle Patricia trie of the state, in the published format of `mpt` in FiloSottile/torchwood.
///
/// empty = H(""), leaf = H(0 ‖ len k ‖ k ‖ len v ‖ v), inner = H(1 ‖ bit ‖ left ‖ right); H is SHA-256.
/// Lengths and the bit are unsigned LEB128; bits count from 0 at the most significant bit of the first byte.
/// Here keys and values have 32 bytes each, so that both lengths are the one byte 0x20.
public enum StateTrie {
    /// The root of a trie without leaves.
    public static let emptyRoot = Hashing.sha256([])

    /// A key with the digest of its value.
    public struct Leaf: Hashable, Sendable {
        /// Where the row stands.
        public let key: Digest
        /// The digest of the row's value.
        public let value: Digest

        /// A leaf.
        public init(key: Digest, value: Digest) {
            self.key = key
            self.value = value
        }

        /// The leaf of a state row with this value.
        public init(_ key: StateKey, value: [UInt8]) {
            self.init(key: key.trieKey, value: Hashing.digest(.stateValue, value))
        }

        /// The hash of the leaf.
        public var hash: Digest {
            withUnsafeTemporaryAllocation(byteCount: 3 + 2 * Digest.length, alignment: 8) { input in
                input[0] = 0
                input[1] = 0x20
                key.store(into: UnsafeMutableRawBufferPointer(rebasing: input[2...]))
                input[2 + Digest.length] = 0x20
                value.store(into: UnsafeMutableRawBufferPointer(rebasing: input[(3 + Digest.length)...]))
                return Hashing.sha256(UnsafeRawBufferPointer(input))
            }
        }
    }

    /// The root over leaves in strictly ascending order of their keys; throws `unsortedLeaves` for any other order.
    public static func root(of leaves: [Leaf]) throws(LedgerFault) -> Digest {
        for (left, right) in zip(leaves, leaves.dropFirst()) where left.key >= right.key {
            throw .unsortedLeaves
        }
        return leaves.isEmpty ? emptyRoot : subtree(leaves[...])
    }

    /// The hash of an inner node whose children first differ at `bit` (0 to 255).
    static func innerHash(bit: Int, _ left: Digest, _ right: Digest) -> Digest {
        let width = bit < 0x80 ? 2 : 3
        return withUnsafeTemporaryAllocation(byteCount: width + 2 * Digest.length, alignment: 8) { input in
            input[0] = 1
            input[1] = bit < 0x80 ? UInt8(bit) : UInt8(bit & 0x7F) | 0x80
            if width == 3 {
                input[2] = UInt8(bit >> 7)
            }
            left.store(into: UnsafeMutableRawBufferPointer(rebasing: input[width...]))
            right.store(into: UnsafeMutableRawBufferPointer(rebasing: input[(width + Digest.length)...]))
            return Hashing.sha256(UnsafeRawBufferPointer(input))
        }
    }

    /// Adds a bit (0 to 255) as unsigned LEB128.
    static func append(bit: Int, to out: inout [UInt8]) {
        if bit < 0x80 {
            out.append(UInt8(bit))
        } else {
            out.append(UInt8(bit & 0x7F) | 0x80)
            out.append(UInt8(bit >> 7))
        }
    }

    /// The hash of the trie over at least one leaf, in order.
    static func subtree(_ leaves: ArraySlice<Leaf>) -> Digest {
        guard let (bit, middle) = division(of: leaves) else {
            return leaves[leaves.startIndex].hash
        }
        return innerHash(bit: bit, subtree(leaves[..<middle]), subtree(leaves[middle...]))
    }

    /// The first bit in which the keys differ, and the first leaf that has it set; nil for a single leaf.
    static func division(of leaves: ArraySlice<Leaf>) -> (bit: Int, middle: Int)? {
        guard leaves.count > 1 else {
            return nil
        }
        let bit = leaves[leaves.startIndex].key.commonPrefix(leaves[leaves.endIndex - 1].key)
        var low = leaves.startIndex
        var high = leaves.endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if leaves[middle].key.bit(bit) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return (bit, low)
    }
}
