/// A SHA-256 digest: 32 bytes, ordered bytewise.
public struct Digest: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number of bytes of a digest.
    public static let length = 32

    /// The digest of 32 zero bytes, which stands for "none" where a field cannot be absent.
    public static let zero = Digest(0, 0, 0, 0)

    /// The bytes as four big-endian words, so that a digest needs no heap.
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    private init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        self.first = first
        self.second = second
        self.third = third
        self.fourth = fourth
    }

    /// Takes 32 bytes; nil for any other number of them.
    public init?(bytes: some Sequence<UInt8>) {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var count = 0
        for byte in bytes {
            switch count >> 3 {
            case 0: words.0 = words.0 << 8 | UInt64(byte)
            case 1: words.1 = words.1 << 8 | UInt64(byte)
            case 2: words.2 = words.2 << 8 | UInt64(byte)
            case 3: words.3 = words.3 << 8 | UInt64(byte)
            default: return nil
            }
            count += 1
        }
        guard count == Digest.length else {
            return nil
        }
        self.init(words.0, words.1, words.2, words.3)
    }

    /// Reads 64 lower-case hexadecimal digits; nil for anything else.
    public init?(hex: String) {
        guard let bytes = Hex.decode(hex) else {
            return nil
        }
        self.init(bytes: bytes)
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(Digest.length)
        append(to: &out)
        return out
    }

    /// The 32 bytes as 64 lower-case hexadecimal digits.
    public var hex: String { Hex.encode(bytes) }

    /// The same as `hex`.
    public var description: String { hex }

    /// Adds the 32 bytes at the end of `out`.
    public func append(to out: inout [UInt8]) {
        for word in [first, second, third, fourth] {
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                out.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
    }

    /// The bit at a position from the left (0 to 255), as used by the state trie.
    func bit(_ position: Int) -> Bool {
        let word: UInt64
        switch position >> 6 {
        case 0: word = first
        case 1: word = second
        case 2: word = third
        default: word = fourth
        }
        return word >> UInt64(63 - (position & 63)) & 1 == 1
    }

    /// The number of leading bits that two digests share (256 where they are equal).
    func commonPrefix(_ other: Digest) -> Int {
        if first != other.first {
            return (first ^ other.first).leadingZeroBitCount
        }
        if second != other.second {
            return 64 + (second ^ other.second).leadingZeroBitCount
        }
        if third != other.third {
            return 128 + (third ^ other.third).leadingZeroBitCount
        }
        return 192 + (fourth ^ other.fourth).leadingZeroBitCount
    }

    /// Orders digests as their bytes are ordered.
    public static func < (left: Digest, right: Digest) -> Bool {
        (left.first, left.second, left.third, left.fourth) < (right.first, right.second, right.third, right.fourth)
    }
}
