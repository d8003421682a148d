import RemitLedger
import Testing

/// A small seeded generator, so that a failing property can be repeated from the seed it prints.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number below `bound`.
    mutating func below(_ bound: Int) -> Int {
        Int.random(in: 0..<bound, using: &self)
    }

    /// So many random bytes.
    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    /// Thirty-two random bytes as a digest.
    mutating func digest() -> Digest {
        Digest(bytes: bytes(32)) ?? .zero
    }
}

/// The bytes that hexadecimal digits in a test stand for.
func hex(_ text: String) -> [UInt8] {
    guard let bytes = Hex.decode(text) else {
        Issue.record("not hexadecimal: \(text)")
        return []
    }
    return bytes
}

/// The digest that hexadecimal digits in a test stand for.
func digest(_ text: String) -> Digest {
    guard let digest = Digest(hex: text) else {
        Issue.record("not a digest: \(text)")
        return .zero
    }
    return digest
}
