import RemitLedger
import Testing

@Suite("State proofs")
struct StateProofTests {
    /// What the published vectors of torchwood's `mpt` say for keys and values of 32 bytes.
    struct Vector: Sendable {
        let root: String
        let key: String
        /// Empty where the key is absent.
        let value: String
        let proof: String
        let holds: Bool
    }

    private static let keys = [
        "682c42c526e3f5e87eecea25694c435c16a00bf316bd1a8dc6079bcd1d8f9e46",
        "e3ee6cc705f06140f832d62316f3cb1c7a324f04d4cba9dc8d0f8125e5f5393c",
        "d1318ac2288d45fd05e788897f6672de3761c8e1565bef41c350e578283a9d6f",
    ]
    private static let values = [
        "6370040cdc5ae2cc980582fd877723e32bea9ed2844ff4ae7218711f161265b3",
        "016a4fde9eff72a846636f8e5981cabc9e7d34041a6e9080691259fc9d2bffa8",
        "c35b501388708557ba0bab3b2b62c2e14cc405b1415d565a62b3ff1bc59399e2",
    ]
    private static let absent = "c51cbe39ee7ed29027d1c54fffb0b31d0475a502b811bd866b98b66bb0afd1f4"
    private static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "5586c5702eb4abc508d685b0833e8f83050c864796d18ae25dc3d22073038fb8",
        "ce1e03bce2008026dd8f68f43b815f3f75bc14f3a2213e334c64230c6ebe8666",
        "4a79f8c72c1e6aef51da667b958a4a60d9d54eeb4e71e169c97f6f0ef2462223",
    ]
    private static let wrongRoot = "8810ad581e59f2bc3928b261707a71308f7e139eb04820366dc4d5c18d980225"
    private static let second = "16a5fadb9ec081b9111a6e731c4a5cea7315ebc862fe48f75b0e658966e59df2"

    static let published = [
        Vector(root: roots[0], key: absent, value: "", proof: "", holds: true),
        Vector(root: wrongRoot, key: absent, value: "", proof: "", holds: false),
        Vector(root: roots[1], key: keys[0], value: values[0], proof: "", holds: true),
        Vector(
            root: roots[1], key: keys[0], value: "7c1961346483781a205da2a49d4e42a13d989e506f7e611d6f878ef09b5759a3",
            proof: "", holds: false),
        Vector(root: roots[1], key: absent, value: "", proof: "20\(keys[0])20\(values[0])", holds: true),
        Vector(root: wrongRoot, key: absent, value: "", proof: "20\(keys[0])20\(values[0])", holds: false),
        Vector(root: roots[2], key: keys[0], value: values[0], proof: "00\(second)", holds: true),
        Vector(root: roots[2], key: keys[1], value: values[1], proof: "00\(roots[1])", holds: true),
        Vector(root: roots[2], key: absent, value: "", proof: "20\(keys[1])20\(values[1])00\(roots[1])", holds: true),
        Vector(
            root: roots[3], key: keys[0], value: values[0],
            proof: "00c8f7f7f5f65dd8ede617bb4e4d934c1012a1003c817a3d217e030fcc1b3ed1a0", holds: true),
        Vector(
            root: roots[3], key: keys[1], value: values[1],
            proof: "0265ccf55d89d2f4864ea1e8fbc0b1d74a29a67431d7210b0e82037ef2788f32c600\(roots[1])", holds: true),
        Vector(root: roots[3], key: keys[2], value: values[2], proof: "02\(second)00\(roots[1])", holds: true),
        Vector(
            root: roots[3], key: absent, value: "", proof: "20\(keys[2])20\(values[2])02\(second)00\(roots[1])",
            holds: true),
        Vector(
            root: roots[2], key: keys[0], value: values[0],
            proof: "0016a5fadb9ec081b9111a6e731c4a5cea7315ebc862fe48f75b0e658966e59d72", holds: false),
        Vector(root: roots[2], key: keys[0], value: values[0], proof: "00\(second)00", holds: false),
        Vector(root: roots[2], key: keys[0], value: values[0], proof: "00", holds: false),
        Vector(root: roots[2], key: keys[0], value: values[0], proof: "", holds: false),
        Vector(root: roots[2], key: absent, value: "", proof: "20\(keys[0])", holds: false),
        Vector(root: roots[2], key: absent, value: "", proof: "20\(absent)20\(values[0])", holds: false),
        Vector(
            root: roots[2], key: absent, value: "",
            proof: "2063ee6cc705f06140f832d62316f3cb1c7a324f04d4cba9dc8d0f8125e5f5393c20\(values[1])00\(roots[1])",
            holds: false),
        Vector(root: roots[0], key: absent, value: "", proof: "20\(keys[0])20\(values[0])", holds: false),
    ]

    @Test("published vectors", arguments: published.indices)
    func vectors(index: Int) {
        let vector = Self.published[index]
        let proof = hex(vector.proof)
        let root = digest(vector.root)
        let holds =
            vector.value.isEmpty
            ? StateTrie.provesNothing(at: digest(vector.key), by: proof, root: root)
            : StateTrie.proves(
                StateTrie.Leaf(key: digest(vector.key), value: digest(vector.value)), by: proof, root: root)
        #expect(holds == vector.holds)
    }

    @Test("bits must be in their shortest form and descend")
    func bits() {
        let hash = [UInt8](repeating: 7, count: 32)
        for (bytes, isPath) in [
            ([0x7F] + hash, true), ([0x80, 1] + hash, true), ([0xFF, 1] + hash, true), ([0x80, 0] + hash, false),
            ([0x80, 2] + hash, false), ([0x80] + hash, false), ([0x80], false), ([0x05] + hash + [0x05] + hash, false),
            ([0x05] + hash + [0x80, 1] + hash, false), ([0x80, 1] + hash + [0x7F] + hash, true),
            ([0x05] + hash.dropLast(), false),
        ] {
            let path = TriePath(decoding: bytes[...])
            #expect((path != nil) == isPath, "\(bytes.prefix(3))")
            #expect(path == nil || path?.encoded == bytes)
        }
    }

    /// A model of a state: spaces with items, small enough that spaces are often empty or whole subtrees.
    struct Model {
        var rows: [StateKey: [UInt8]] = [:]

        init(_ random: inout SplitMix64, rows count: Int) {
            for _ in 0..<count {
                let key = StateKey(space: "s\(random.below(12))", item: [UInt8(random.below(9))])
                rows[key] = random.bytes(random.below(4))
            }
        }

        var leaves: [StateTrie.Leaf] {
            rows.map { StateTrie.Leaf($0.key, value: $0.value) }.sorted { $0.key < $1.key }
        }

        func rows(of space: String) -> [StateClaim.Row] {
            rows.filter { $0.key.space == space }.sorted { $0.key < $1.key }
                .map { StateClaim.Row(item: $0.key.item, value: $0.value) }
        }
    }

    @Test("what is so can be proved and nothing else can", arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func bruteForce(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for size in [0, 1, 2, 3, 8, 40, 90] {
            let model = Model(&random, rows: size)
            let leaves = model.leaves
            let root = try StateTrie.root(of: leaves)
            for number in 0..<13 {
                let space = "s\(number)"
                let own = model.rows(of: space)
                let all = try #require(StateProof.all(space: space, rows: own, in: leaves))
                #expect(all.holds(under: root), "seed \(seed), size \(size), \(space)")
                try refuseOthers(all, own, space, root, leaves, &random)
                for item in 0..<10 {
                    let key = StateKey(space: space, item: [UInt8(item)])
                    if let value = model.rows[key] {
                        #expect(StateProof.absent(key, in: leaves) == nil)
                        let proof = try #require(StateProof.present(key, value: value, in: leaves))
                        #expect(proof.holds(under: root))
                        let lie = StateProof(claim: .present(key, value: value + [1]), path: proof.path)
                        #expect(!lie.holds(under: root), "seed \(seed)")
                        #expect(!StateProof(claim: .absent(key), path: proof.path).holds(under: root))
                    } else {
                        #expect(StateProof.present(key, value: [], in: leaves) == nil)
                        let proof = try #require(StateProof.absent(key, in: leaves))
                        #expect(proof.holds(under: root))
                        #expect(try StateProof(decoding: proof.encoded).holds(under: root))
                        let lie = StateProof(claim: .present(key, value: []), path: proof.path)
                        #expect(!lie.holds(under: root), "seed \(seed)")
                    }
                }
            }
        }
    }

    /// One row less, one more, one changed, another space, another root: none of it is proved.
    private func refuseOthers(
        _ proof: StateProof, _ rows: [StateClaim.Row], _ space: String, _ root: Digest, _ leaves: [StateTrie.Leaf],
        _ random: inout SplitMix64
    ) throws {
        func holds(_ space: String, _ rows: [StateClaim.Row]) -> Bool {
            StateProof(claim: .all(space: space, rows: rows), path: proof.path).holds(under: root)
        }
        #expect(try StateProof(decoding: proof.encoded).holds(under: root))
        #expect(!proof.holds(under: random.digest()))
        #expect(!holds(space, rows + [StateClaim.Row(item: [200], value: [1])]))
        guard !rows.isEmpty else {
            return
        }
        let place = random.below(rows.count)
        var fewer = rows
        fewer.remove(at: place)
        #expect(!holds(space, fewer))
        #expect(StateProof.all(space: space, rows: fewer, in: leaves) == nil)
        var changed = rows
        changed[place] = StateClaim.Row(item: rows[place].item, value: rows[place].value + [0])
        #expect(!holds(space, changed))
        #expect(!holds(space + "x", rows))
        #expect(!holds(space, []))
    }

    @Test("no bit of a proof can be changed", arguments: [11, 12] as [UInt64])
    func everyBit(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let model = Model(&random, rows: 60)
        let leaves = model.leaves
        let root = try StateTrie.root(of: leaves)
        let there = try #require(model.rows.min { $0.key < $1.key })
        let proofs = [
            StateProof.present(there.key, value: there.value, in: leaves),
            StateProof.absent(StateKey(space: "s1", item: [99]), in: leaves),
            StateProof.all(space: "s3", rows: model.rows(of: "s3"), in: leaves),
            StateProof.all(space: "nothing", rows: [], in: leaves),
        ]
        for proof in proofs {
            let proof = try #require(proof)
            #expect(proof.holds(under: root))
            for bit in 0..<proof.path.count * 8 {
                var path = proof.path
                path[bit / 8] ^= 1 << UInt8(bit % 8)
                let altered = StateProof(claim: proof.claim, path: path)
                #expect(!altered.holds(under: root), "seed \(seed), bit \(bit)")
            }
        }
    }

    @Test("claims of another form are refused")
    func forms() {
        let good = StateProof(claim: .all(space: "a", rows: [.init(item: [1], value: [])]), path: []).cbor
        #expect(throws: Never.self) { try StateProof(cbor: good) }
        let item = CBOR.bytes([1])
        let refused: [CBOR] = [
            .null, .array([]), .array([.unsigned(3), .text("a"), item, item]),
            .array([.unsigned(0), .text("a"), item, item]), .array([.unsigned(1), .text("a"), item, item, item]),
            .array([.unsigned(1), .bytes([]), item, item]), .array([.unsigned(0), .text("a"), item, .null, item]),
            .array([.unsigned(2), .text("a"), .array([item]), item]),
            .array([.unsigned(2), .text("a"), .array([.array([item, item]), .array([item, item])]), item]),
            .array([.unsigned(2), .text("a"), .array([.array([.bytes([2]), item]), .array([item, item])]), item]),
            .array([.unsigned(1), .text("a"), item, .text("")]),
        ]
        for (index, cbor) in refused.enumerated() {
            #expect(throws: LedgerFault.self, "\(index)") { try StateProof(cbor: cbor) }
        }
    }
}
