import Dispatch
import RemitLedger
import Testing

@Suite("State trie")
struct StateTrieTests {
    /// Published vectors of torchwood's `mpt` whose keys and values have 32 bytes.
    static let vectors: [(leaves: [(String, String)], root: String)] = [
        ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (
            [
                (
                    "4888ffe82a7d2964fbd4fa329f1509960024fd70e393cd5a1945bb41d0964d5c",
                    "70be652ae9dffdd30243acd6487b0bebdac46aff230c8ac383e29d79dbd8915d"
                )
            ],
            "2a698354db3d6d1e4205dc2ca99f9b5925612fd3641ce5bc3400ab521052c1e9"
        ),
        (
            [
                (zeros(), "920c9d26acc22861bcd8de8737683b0b4cfaf0dfb7e80b4774421517bf8489c8"),
                (zeros("80"), "5f9895fa7d0d2ecb5d14d6dd0bda94f6b86cd8b197377445405576ac04279d3b"),
            ],
            "6b6f242a8dcfacd8bc1213d4453852a2127b398c65a7684a2e1af666f6356061"
        ),
        (
            [
                (zeros(), "f2fa85447882e5277506e12a94b2e83a6166b67d68cc6cc70d78c48b40010f5e"),
                (zeros("01"), "8b86cd5bb29ae0a28649688800e44b903f2deeefa9ae5694f80afe6cf29df14d"),
            ],
            "9abb026bca1c67d3d40a45d97d6f0467b6d4a3c38606358014ff990b44b3b0c1"
        ),
        (
            [
                (zeros(), "b188b6b58314ec338af1984d57465491745f06160303a071b8502ae32354f3af"),
                (zeros("0080"), "aa9390c5f7034b582190e14923e48fab177a1f6067cf2b8cd9d58475cbefbbff"),
            ],
            "fb38b0365217d5add42b9ed01a334c9b5e7e29798926f5eb3c9f14029de7c87a"
        ),
        (
            [
                (zeros(), "cc406618223e1e591b2cec004a8c7c1bf4eeb09aec43600381eedacac20f2bf9"),
                (zeros("40"), "6b371a019461913d1c26b038eff19680952e6e1c51c87db18a94f3a1b565f6c7"),
                (zeros("80"), "d5819ee69ad23ea2c4612acab96a6ed0085a9a4800d33497ccfdc37ce09c6f32"),
            ],
            "3b5ae657915d8cd94abdf4362daf5397d0b74cea7edfcb88b2ad3a21bd0c6efd"
        ),
        (
            [
                (zeros(), "651e31c69f55c7232848025467d5bb038b406bbdaa0a7e8ce18570e1629ac35c"),
                (zeros("40"), "ba70df9bc82f5867ca56cd5d3110830194bff04a94bf140398aea50c4d88e041"),
                (zeros("80"), "2e164bab01a16e0e27ae3e08927dea054e8d5935aab742c78c244e74d0d6165d"),
                (zeros("c0"), "d24e1a0392019144f59557f3fda9356417ed24125ade5c43f4fd5af5effb62c5"),
            ],
            "752cace32992bd2e650f86a60f7f4cb073e77bd0da0bbae17c9927ca0cac41d9"
        ),
        (
            [
                (
                    zeros("ffffffffffffffffffffffffffffffff"),
                    "a3b93625e143e33744bc532953260c66bcdb124ff930e6a55257558871df9e72"
                ),
                (
                    zeros("ffffffffffffffffffffffffffffffff80"),
                    "4f02252ceaba90d9997b0f84bface6cd661dcb1779c5beb55d1eec2510680464"
                ),
            ],
            "55664663e0148e90b47b18ec9660b0a9c5d83b03fc0235fcb8938763d7d3ed7f"
        ),
    ]

    /// The digits of a key, filled with zeros to 32 bytes.
    static func zeros(_ prefix: String = "") -> String {
        prefix + String(repeating: "0", count: 64 - prefix.utf8.count)
    }

    @Test("published vectors", arguments: vectors.indices)
    func published(index: Int) throws {
        let (pairs, root) = Self.vectors[index]
        let leaves = pairs.map { StateTrie.Leaf(key: digest($0.0), value: digest($0.1)) }
        #expect(try StateTrie.root(of: leaves).hex == root)
        var trie = IncrementalTrie()
        for leaf in leaves.reversed() {
            trie.set(leaf)
        }
        #expect(trie.root().hex == root)
    }

    @Test("leaves must ascend")
    func order() {
        let leaf = StateTrie.Leaf(key: .zero, value: .zero)
        #expect(throws: LedgerFault.unsortedLeaves) {
            try StateTrie.root(of: [leaf, leaf])
        }
    }

    @Test("the incremental trie has the root of the plain one", arguments: [1, 2, 3, 4] as [UInt64])
    func incremental(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var trie = IncrementalTrie()
        var model: [Digest: Digest] = [:]
        // Few distinct keys with long shared prefixes make updates, deletions and deep splits frequent.
        let base = random.bytes(32)
        let pool: [Digest] = (0..<60).map { _ in
            var bytes = base
            bytes[random.below(2) == 0 ? random.below(32) : 31] ^= UInt8(1 + random.below(255))
            return Digest(bytes: bytes) ?? .zero
        }
        for step in 0..<1500 {
            let key = random.below(4) == 0 ? random.digest() : pool[random.below(pool.count)]
            if random.below(5) < 2 {
                let victim = random.below(2) == 0 ? key : (model.keys.min() ?? key)
                #expect(trie.remove(key: victim) == (model.removeValue(forKey: victim) != nil))
            } else {
                let value = random.digest()
                trie.set(.init(key: key, value: value))
                model[key] = value
                #expect(trie.contains(.init(key: key, value: value)))
                #expect(!trie.contains(.init(key: key, value: random.digest())))
            }
            #expect(trie.count == model.count)
            if step % 7 == 0 {
                let leaves = model.map { StateTrie.Leaf(key: $0.key, value: $0.value) }.sorted { $0.key < $1.key }
                #expect(try trie.root() == StateTrie.root(of: leaves), "seed \(seed), step \(step)")
            }
        }
        for key in model.keys.sorted() {
            trie.remove(key: key)
        }
        #expect(trie.root() == StateTrie.emptyRoot)
        #expect(trie.count == 0)
    }

    @Test("keys of rows")
    func stateKeys() {
        let key = StateKey(space: "case/InsuranceClaim", item: Array("17".utf8))
        #expect(key.trieKey.hex == "4cf206bcdca116b5479a93db36ef587a58f3d09571b586c584d499d688f40fb7")
        let leaf = StateTrie.Leaf(key, value: [1])
        #expect(leaf.hash.hex == "4ad014da3ba0962dfd3d5963d39329c5f3b27007ebd933d2cac764c265f142a2")
        // Bytes order them, not the collation of strings; and equal-looking texts are two spaces.
        let sorted = [
            StateKey(space: "Z", item: []), StateKey(space: "a", item: []), StateKey(space: "a", item: [0]),
            StateKey(space: "a", item: [0, 0]), StateKey(space: "a", item: [1]), StateKey(space: "aa", item: []),
            StateKey(space: "e\u{301}", item: []), StateKey(space: "\u{E9}", item: []),
        ]
        #expect(sorted.reversed().sorted() == sorted)
        #expect(Set(sorted).count == sorted.count)
    }

    @Test("which rows the narrower roots cover")
    func families() {
        func roots(_ space: String) -> StateCommitment.Roots {
            var commitment = StateCommitment()
            commitment.apply(StateChange(key: StateKey(space: space, item: [1]), value: [2]))
            return commitment.roots()
        }
        let empty = StateTrie.emptyRoot
        for space in ["contract", "contract/source"] {
            #expect(roots(space).rules == roots(space).state, "\(space)")
            #expect(roots(space).keySet == empty, "\(space)")
        }
        for space in ["organisation", "person", "key", "grant", "node", "key/number"] {
            #expect(roots(space).keySet == roots(space).state, "\(space)")
            #expect(roots(space).rules == empty, "\(space)")
        }
        for space in ["", "contractor", "keys", "case/contract", "register/key"] {
            #expect(roots(space).rules == empty && roots(space).keySet == empty, "\(space)")
            #expect(roots(space).state != empty, "\(space)")
        }
    }

    @Test("removing a row undoes writing it, in every root")
    func commitmentRemoval() {
        var commitment = StateCommitment()
        let before = commitment.roots()
        for space in ["contract", "key", "case/A"] {
            let key = StateKey(space: space, item: [])
            commitment.apply(StateChange(key: key, value: [1]))
            #expect(commitment.holds(key, value: [1]) && commitment.holds(key))
            #expect(!commitment.holds(key, value: [2]))
        }
        #expect(commitment.count == 3)
        for space in ["contract", "key", "case/A"] {
            commitment.apply(StateChange(key: StateKey(space: space, item: []), value: nil))
        }
        #expect(commitment.roots() == before)
    }

    /// The rows in batches, the spaces of each one after another or mixed.
    private func made(_ rows: [(key: StateKey, value: [UInt8])], atOnce size: Int) -> StateCommitment? {
        var batches = [CommittedRows()]
        for (place, row) in rows.enumerated() {
            if place % size == size - 1 { batches.append(CommittedRows()) }
            row.key.item.withUnsafeBytes { item in
                row.value.withUnsafeBytes { value in
                    batches[batches.count - 1].add(CommittedSpace(row.key.space), item: item, value: value)
                }
            }
        }
        return StateCommitment(batches) { DispatchQueue.concurrentPerform(iterations: $0, execute: $1) }
    }

    @Test("a commitment made at once from rows is that made by changes, and goes on as it does")
    func atOnce() throws {
        var random = SplitMix64(seed: 77)
        for count in [0, 1, 2, 3, 17, 400, 5000] {
            var changed = StateCommitment()
            var rows: [(key: StateKey, value: [UInt8])] = []
            let spaces = ["key", "contract", "contract/current", "case/Claim", "grant/role", "row"]
            for number in 0..<count {
                let item = [UInt8(number % 256), UInt8(number / 256)]
                let key = StateKey(space: spaces[random.below(spaces.count)], item: item)
                let value = random.bytes(random.below(40))
                changed.apply(StateChange(key: key, value: value))
                rows.append((key, value))
            }
            let sorted = rows.sorted { $0.key < $1.key }
            var made = try #require(self.made(sorted, atOnce: 64))
            #expect(made.count == count && made.roots() == changed.roots())
            var mixed = try #require(self.made(rows.shuffled(using: &random), atOnce: 100))
            #expect(mixed.count == count && mixed.roots() == changed.roots())
            for number in stride(from: 0, to: count + 30, by: 3) {
                let key = StateKey(space: "key", item: [UInt8(number % 256), UInt8(number / 256)])
                let change = StateChange(key: key, value: number % 2 == 0 ? [7] : nil)
                made.apply(change)
                changed.apply(change)
                #expect(made.roots() == changed.roots())
            }
            guard let first = sorted.first else { continue }
            #expect(self.made(sorted + [first], atOnce: 64) == nil && self.made([first] + sorted, atOnce: 64) == nil)
        }
    }
}
