import RemitLedger
import Testing

@Suite("Digests and labels")
struct DigestTests {
    @Test("hexadecimal, both ways and strictly")
    func hexadecimal() {
        #expect(Hex.encode(hex("00ff10")) == "00ff10")
        for bad in ["0", "0g", "0F", " 00", "0x00"] {
            #expect(Hex.decode(bad) == nil, "\(bad)")
        }
        #expect(Digest(hex: String(repeating: "0", count: 64)) == .zero)
        for count in [0, 1, 62, 63, 65, 66, 128] {
            #expect(Digest(hex: String(repeating: "0", count: count)) == nil, "\(count)")
        }
        let mixed = Hashing.sha256([])
        #expect(Digest(hex: mixed.hex) == mixed && Hex.decode(mixed.hex) == mixed.bytes)
        #expect(Digest(hex: mixed.hex.uppercased()) == nil)
        #expect(Digest(hex: mixed.hex.dropLast() + "g") == nil)
        #expect(Digest(bytes: [UInt8](repeating: 0, count: 33)) == nil)
        #expect(Digest(bytes: [UInt8](repeating: 0, count: 31)) == nil)
    }

    @Test("order and bytes are those of the 32 bytes")
    func order() {
        let seed: UInt64 = 7
        var random = SplitMix64(seed: seed)
        for _ in 0..<200 {
            var left = random.bytes(32)
            let right = random.below(2) == 0 ? random.bytes(32) : left
            left[random.below(32)] ^= 1
            guard let first = Digest(bytes: left), let second = Digest(bytes: right) else {
                Issue.record("seed \(seed)")
                return
            }
            #expect(first.bytes == left)
            #expect((first < second) == left.lexicographicallyPrecedes(right), "seed \(seed)")
        }
    }

    @Test("labels are distinct, and a label stands before a zero byte")
    func labels() {
        #expect(Set(HashLabel.allCases.map(\.rawValue)).count == HashLabel.allCases.count)
        #expect(HashLabel.allCases.allSatisfy { $0.rawValue.hasPrefix("remit/v1/") && !$0.rawValue.contains("\0") })
        #expect(Hashing.message(.header, [7]) == Array("remit/v1/header".utf8) + [0, 7])
        let digests = HashLabel.allCases.map { Hashing.digest($0, []) }
        #expect(Set(digests).count == digests.count)
    }
}
