/// The Merkle tree of RFC 6962 (§2.1; RFC 9162 §2.1 has the same tree): roots, proofs and their checking.
public enum MerkleTree {
    /// The root of a tree without leaves: SHA-256 of no bytes.
    public static let emptyRoot = Hashing.sha256([])

    /// The hash of a leaf: SHA-256 over 0x00 ‖ data.
    public static func leafHash(_ data: [UInt8]) -> Digest {
        Hashing.sha256([0] + data)
    }

    /// The hash of a leaf whose data is a digest.
    private static func leafHash(_ digest: Digest) -> Digest {
        withUnsafeTemporaryAllocation(byteCount: 1 + Digest.length, alignment: 8) { input in
            input[0] = 0
            digest.store(into: UnsafeMutableRawBufferPointer(rebasing: input[1...]))
            return Hashing.sha256(UnsafeRawBufferPointer(input))
        }
    }

    /// The hash of an inner node: SHA-256 over 0x01 ‖ left ‖ right.
    public static func nodeHash(_ left: Digest, _ right: Digest) -> Digest {
        withUnsafeTemporaryAllocation(byteCount: 1 + 2 * Digest.length, alignment: 8) { input in
            input[0] = 1
            left.store(into: UnsafeMutableRawBufferPointer(rebasing: input[1...]))
            right.store(into: UnsafeMutableRawBufferPointer(rebasing: input[(1 + Digest.length)...]))
            return Hashing.sha256(UnsafeRawBufferPointer(input))
        }
    }

    /// The root over leaf data.
    public static func root(ofLeaves leaves: [[UInt8]]) -> Digest {
        root(ofHashes: leaves.map(leafHash))
    }

    /// The root over digests as leaf data: how a header commits to transactions and receipts.
    public static func root(ofDigests digests: [Digest]) -> Digest {
        root(ofHashes: digests.map(leafHash))
    }

    /// The root over leaf hashes.
    public static func root(ofHashes hashes: [Digest]) -> Digest {
        MerkleLog(leaves: hashes).root(UInt64(hashes.count)) ?? emptyRoot
    }

    /// The proof that the leaf at `index` is in the tree over `hashes`, lowest sibling first; nil if it is not there.
    public static func inclusionProof(of index: Int, in hashes: [Digest]) -> [Digest]? {
        guard hashes.indices.contains(index) else {
            return nil
        }
        return MerkleLog(leaves: hashes).inclusionProof(of: UInt64(index), size: UInt64(hashes.count))
    }

    /// The proof that the tree over the first `size` leaves is a prefix of the one over `hashes`; nil if it cannot be.
    public static func consistencyProof(from size: Int, in hashes: [Digest]) -> [Digest]? {
        guard size > 0, size <= hashes.count else {
            return nil
        }
        return MerkleLog(leaves: hashes).consistencyProof(from: UInt64(size), to: UInt64(hashes.count))
    }

    /// The root that an inclusion proof leads to; nil if its length does not fit index and size.
    public static func rootFromInclusion(
        leaf: Digest, index: UInt64, size: UInt64, proof: [Digest]
    ) -> Digest? {
        guard index < size else {
            return nil
        }
        var node = index
        var last = size - 1
        var hash = leaf
        for sibling in proof {
            guard last > 0 else {
                return nil
            }
            if node & 1 == 1 || node == last {
                hash = nodeHash(sibling, hash)
                while node & 1 == 0, node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                hash = nodeHash(hash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 ? hash : nil
    }

    /// Whether the proof shows that the leaf hash stands at `index` in the tree of `size` leaves with this root.
    public static func verifyInclusion(
        leaf: Digest, index: UInt64, size: UInt64, proof: [Digest], root: Digest
    ) -> Bool {
        rootFromInclusion(leaf: leaf, index: index, size: size, proof: proof) == root
    }

    /// Whether the proof shows that the tree of `oldSize` leaves is a prefix of that of `newSize` (RFC 9162 §2.1.4.2).
    public static func verifyConsistency(
        oldSize: UInt64, oldRoot: Digest, newSize: UInt64, newRoot: Digest, proof: [Digest]
    ) -> Bool {
        guard oldSize > 0, oldSize <= newSize else {
            return false
        }
        if oldSize == newSize {
            return proof.isEmpty && oldRoot == newRoot
        }
        var path = proof[...]
        if oldSize & (oldSize - 1) == 0 {
            path = ([oldRoot] + proof)[...]
        }
        guard let first = path.popFirst() else {
            return false
        }
        let shift = UInt64((oldSize - 1).trailingOnes)
        var node = (oldSize - 1) >> shift
        var last = (newSize - 1) >> shift
        var oldHash = first
        var newHash = first
        for sibling in path {
            guard last > 0 else {
                return false
            }
            if node & 1 == 1 || node == last {
                oldHash = nodeHash(sibling, oldHash)
                newHash = nodeHash(sibling, newHash)
                while node & 1 == 0, node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                newHash = nodeHash(newHash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && oldHash == oldRoot && newHash == newRoot
    }
}

extension UInt64 {
    /// The number of one bits below the lowest zero bit.
    fileprivate var trailingOnes: Int { (~self).trailingZeroBitCount }
}
