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

    /// Takes the first 32 bytes of memory that has no fewer.
    init(loading memory: UnsafeRawBufferPointer) {
        precondition(memory.count >= Digest.length, "a digest has 32 bytes")
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: memory.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
        self.init(word(0), word(1), word(2), word(3))
    }

    /// The first half of one digest, then the first half of another.
    init(halves left: Digest, _ right: Digest) {
        self.init(left.first, left.second, right.first, right.second)
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
        var hex = hex
        let digest = hex.withUTF8 { digits -> Digest? in
            guard digits.count == 2 * Digest.length else { return nil }
            var isHex = true
            func word(_ index: Int) -> UInt64 {
                var word: UInt64 = 0
                for place in 16 * index..<16 * (index + 1) {
                    guard let digit = Hex.digit(digits[place]) else {
                        isHex = false
                        return 0
                    }
                    word = word << 4 | UInt64(digit)
                }
                return word
            }
            let digest = Digest(word(0), word(1), word(2), word(3))
            return isHex ? digest : nil
        }
        guard let digest else { return nil }
        self = digest
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Digest.length) { memory, count in
            store(into: UnsafeMutableRawBufferPointer(memory))
            count = Digest.length
        }
    }

    /// Writes the 32 bytes at the beginning of memory that has room for them.
    func store(into memory: UnsafeMutableRawBufferPointer) {
        precondition(memory.count >= Digest.length, "a digest has 32 bytes")
        memory.storeBytes(of: first.bigEndian, toByteOffset: 0, as: UInt64.self)
        memory.storeBytes(of: second.bigEndian, toByteOffset: 8, as: UInt64.self)
        memory.storeBytes(of: third.bigEndian, toByteOffset: 16, as: UInt64.self)
        memory.storeBytes(of: fourth.bigEndian, toByteOffset: 24, as: UInt64.self)
    }

    /// The 32 bytes as 64 lower-case hexadecimal digits.
    public var hex: String { Hex.encode(bytes) }

    /// The same as `hex`.
    public var description: String { hex }

    /// Adds the 32 bytes at the end of `out`.
    public func append(to out: inout [UInt8]) {
        withUnsafeBytes(of: (first.bigEndian, second.bigEndian, third.bigEndian, fourth.bigEndian)) {
            out.append(contentsOf: $0)
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

    /// Up to 32 bits from a position on that is a multiple of 64, as a number.
    func bits(_ count: Int, from position: Int) -> Int {
        let word =
            switch position >> 6 {
            case 0: first
            case 1: second
            case 2: third
            default: fourth
            }
        return Int(truncatingIfNeeded: word >> UInt64(64 - count))
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
        if left.first != right.first { return left.first < right.first }
        if left.second != right.second { return left.second < right.second }
        if left.third != right.third { return left.third < right.third }
        return left.fourth < right.fourth
    }
}
