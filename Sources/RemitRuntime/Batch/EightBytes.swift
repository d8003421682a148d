/// Eight bytes of a text looked at in one.
enum EightBytes {
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// The bytes from a place on, the first of them lowest.
    @inline(__always)
    static func word(_ bytes: UnsafeRawPointer) -> UInt64 { bytes.loadUnaligned(as: UInt64.self).littleEndian }

    /// The bits of the first `count` bytes of a word, of which there are some.
    @inline(__always)
    static func mask(_ count: Int) -> UInt64 {
        count >= 8 ? .max : (1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1
    }

    /// The values of eight digits, without the bytes of a mask, which may be any; nil where another one is no digit.
    @inline(__always)
    static func digits(_ word: UInt64, besides mask: UInt64) -> UInt64? {
        let values = (word ^ (ones &* 0x30)) & ~mask
        return ((values &+ ones &* 0x76) | values) & (ones &* 0x80) == 0 ? values : nil
    }

    /// The number that the digits before the first other byte make, and how many they are.
    @inline(__always)
    static func number(_ word: UInt64) -> (value: UInt64, count: Int) {
        let values = word ^ (ones &* 0x30)
        let marks = ((values &+ ones &* 0x76) | values) & (ones &* 0x80)
        let count = marks.trailingZeroBitCount >> 3
        guard count > 0 else { return (0, 0) }
        // With zeros before them they are eight digits, of which two, four and eight are joined.
        let eight = values &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count)
        let pairs = eight &* 10 &+ (eight >> 8)
        let joined =
            (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
            &+ ((pairs >> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
        return (joined >> 32, count)
    }

    /// Marks in its highest bit the first byte that JSON escapes: a quote, a backslash or a control character. Bytes
    /// behind it may be marked in error.
    @inline(__always)
    static func escapes(_ word: UInt64) -> UInt64 {
        let quotes = word ^ (ones &* 0x22)
        let backslashes = word ^ (ones &* 0x5C)
        let controls = (word &- ones &* 0x20) & ~word
        let equal = ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
        return (controls | equal) & (ones &* 0x80)
    }

    /// Likewise the first byte that is escaped or beyond ASCII.
    @inline(__always)
    static func notPlain(_ word: UInt64) -> UInt64 { escapes(word) | word & (ones &* 0x80) }
}
