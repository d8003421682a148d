/// Eight bytes of a text looked at in one.
enum EightBytes {
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// The bytes from a place on, the first of them lowest.
    @inline(__always)
    static func word(_ bytes: UnsafeRawPointer) -> UInt64 { bytes.loadUnaligned(as: UInt64.self).littleEndian }

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
