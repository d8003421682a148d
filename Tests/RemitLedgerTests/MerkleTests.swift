import RemitLedger
import Testing

@Suite("RFC 6962 trees")
struct MerkleTests {
    /// The eight leaves and the roots over the first n of them that Certificate Transparency's tests use.
    static let leaves = [
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    ].map(hex)

    static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ].map(digest)

    static let hashes = leaves.map(MerkleTree.leafHash)

    @Test("roots")
    func roots() {
        for size in 0...8 {
            #expect(MerkleTree.root(ofLeaves: Array(Self.leaves[..<size])) == Self.roots[size])
        }
        #expect(MerkleTree.emptyRoot == Self.roots[0])
    }

    @Test("inclusion proofs of the published tree")
    func inclusion() {
        let vectors: [(Int, Int, [String])] = [
            (
                0, 8,
                [
                    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
                ]
            ),
            (
                5, 8,
                [
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                ]
            ),
            (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
            (
                1, 5,
                [
                    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                ]
            ),
        ]
        for (index, size, proof) in vectors {
            let made = MerkleTree.inclusionProof(of: index, in: Array(Self.hashes[..<size]))
            #expect(made == proof.map(digest))
        }
        #expect(MerkleTree.inclusionProof(of: 0, in: []) == nil)
        #expect(MerkleTree.inclusionProof(of: 8, in: Self.hashes) == nil)
    }

    @Test("consistency proofs of the published tree")
    func consistency() {
        let vectors: [(Int, Int, [String])] = [
            (
                1, 8,
                [
                    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
                ]
            ),
            (
                6, 8,
                [
                    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                ]
            ),
            (
                2, 5,
                [
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                ]
            ),
        ]
        for (old, new, proof) in vectors {
            #expect(MerkleTree.consistencyProof(from: old, in: Array(Self.hashes[..<new])) == proof.map(digest))
        }
        #expect(MerkleTree.consistencyProof(from: 0, in: Self.hashes) == nil)
        #expect(MerkleTree.consistencyProof(from: 9, in: Self.hashes) == nil)
    }

    /// RFC 6962 §2.1.3 and RFC 9162 §2.1.5: the tree of seven leaves with the letters that stand there. Neither page
    /// has numbers; the hashes of the leaves d0 to d6 are made here by hand, from the definition.
    @Test("the example of the RFC: paths and proofs as it lists them")
    func exampleOfTheStandard() {
        func node(_ left: Digest, _ right: Digest) -> Digest { Hashing.sha256([1] + left.bytes + right.bytes) }
        let leaves = (0..<7).map { Array("d\($0)".utf8) }
        let made = leaves.map { Hashing.sha256([0] + $0) }
        let (a, b, c, d, e, f, j) = (made[0], made[1], made[2], made[3], made[4], made[5], made[6])
        let (g, h, i) = (node(a, b), node(c, d), node(e, f))
        let (k, l) = (node(g, h), node(i, j))
        let root = node(k, l)
        #expect(MerkleTree.root(ofLeaves: leaves) == root)
        let hashes = leaves.map(MerkleTree.leafHash)
        #expect(hashes == made)
        let paths: [(Int, [Digest])] = [
            (0, [b, h, l]), (3, [c, g, l]), (4, [f, j, k]), (6, [i, k]),
        ]
        for (index, path) in paths {
            #expect(MerkleTree.inclusionProof(of: index, in: hashes) == path)
            #expect(
                MerkleTree.verifyInclusion(leaf: made[index], index: UInt64(index), size: 7, proof: path, root: root))
        }
        // The earlier roots: hash0 over three leaves, hash1 over four, hash2 over six.
        let proofs: [(UInt64, Digest, [Digest])] = [
            (3, node(g, c), [c, d, g, l]), (4, k, [l]), (6, node(k, i), [i, j, k]),
        ]
        for (size, earlier, proof) in proofs {
            #expect(MerkleTree.root(ofLeaves: Array(leaves[..<Int(size)])) == earlier)
            #expect(MerkleTree.consistencyProof(from: Int(size), in: hashes) == proof)
            #expect(
                MerkleTree.verifyConsistency(
                    oldSize: size, oldRoot: earlier, newSize: 7, newRoot: root, proof: proof))
        }
    }

    @Test("every proof of trees up to 33 leaves holds, and none holds when altered")
    func everyProof() throws {
        let seed: UInt64 = 6962
        var random = SplitMix64(seed: seed)
        let hashes = (0..<33).map { _ in random.digest() }
        let roots = (0...33).map { MerkleTree.root(ofHashes: Array(hashes[..<$0])) }
        for size in 1...33 {
            let tree = Array(hashes[..<size])
            for index in 0..<size {
                let proof = try #require(MerkleTree.inclusionProof(of: index, in: tree))
                func holds(_ leaf: Digest, _ index: Int, _ proof: [Digest]) -> Bool {
                    MerkleTree.verifyInclusion(
                        leaf: leaf, index: UInt64(index), size: UInt64(size), proof: proof, root: roots[size])
                }
                #expect(holds(hashes[index], index, proof))
                #expect(!holds(random.digest(), index, proof), "seed \(seed)")
                #expect(!holds(hashes[index], index, proof + [random.digest()]))
                #expect(!holds(hashes[index], size, proof))
                if !proof.isEmpty {
                    #expect(!holds(hashes[index], index, Array(proof.dropLast())))
                    #expect(!holds(hashes[index], index ^ 1, proof))
                    var altered = proof
                    altered[random.below(proof.count)] = random.digest()
                    #expect(!holds(hashes[index], index, altered), "seed \(seed)")
                }
            }
            for old in 1...size {
                let proof = try #require(MerkleTree.consistencyProof(from: old, in: tree))
                func holds(_ oldRoot: Digest, _ proof: [Digest]) -> Bool {
                    MerkleTree.verifyConsistency(
                        oldSize: UInt64(old), oldRoot: oldRoot, newSize: UInt64(size), newRoot: roots[size],
                        proof: proof)
                }
                #expect(holds(roots[old], proof), "\(old) of \(size)")
                #expect(!holds(random.digest(), proof), "seed \(seed)")
                #expect(!holds(roots[old], proof + [random.digest()]))
                if !proof.isEmpty {
                    #expect(!holds(roots[old], Array(proof.dropLast())))
                }
            }
        }
    }

    @Test("sizes that make no sense prove nothing")
    func sizes() {
        let root = Self.roots[8]
        #expect(!MerkleTree.verifyConsistency(oldSize: 0, oldRoot: root, newSize: 8, newRoot: root, proof: []))
        #expect(!MerkleTree.verifyConsistency(oldSize: 9, oldRoot: root, newSize: 8, newRoot: root, proof: []))
        #expect(MerkleTree.verifyConsistency(oldSize: 8, oldRoot: root, newSize: 8, newRoot: root, proof: []))
        #expect(!MerkleTree.verifyConsistency(oldSize: 8, oldRoot: root, newSize: 8, newRoot: root, proof: [root]))
        #expect(!MerkleTree.verifyInclusion(leaf: root, index: 0, size: 0, proof: [], root: root))
        #expect(
            !MerkleTree.verifyInclusion(leaf: root, index: .max - 1, size: .max, proof: [root, root], root: root))
    }
}
