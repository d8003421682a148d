import RemitValues

/// A text or party in one word: where its bytes begin in the arena of bytes, how many they are, and whether it is an
/// organisation.
enum TextWord {
    @inline(__always)
    static func word(start: Int, count: Int, isOrganisation: Bool = false) -> Int64 {
        Int64(start) << 32 | Int64(count) << 1 | (isOrganisation ? 1 : 0)
    }

    @inline(__always)
    static func start(_ word: Int64) -> Int { Int(word >> 32) }

    @inline(__always)
    static func count(_ word: Int64) -> Int { Int(word >> 1 & 0x7FFF_FFFF) }

    @inline(__always)
    static func isOrganisation(_ word: Int64) -> Bool { word & 1 == 1 }
}

extension ByteArena {
    /// The bytes of a text; none where the word is not one of this arena.
    @inline(__always)
    func bytes(_ word: Int64) -> UnsafeRawBufferPointer {
        let start = TextWord.start(word)
        let count = TextWord.count(word)
        guard word >= 0, start + count <= top else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(start: base + start, count: count)
    }

    /// Whether two texts have the same bytes.
    @inline(__always)
    func areSame(_ left: Int64, _ right: Int64) -> Bool {
        if left == right { return true }
        let first = bytes(left)
        let second = bytes(right)
        guard first.count == second.count else { return false }
        var index = 0
        while index &+ 8 <= first.count {
            if first.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                != second.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            {
                return false
            }
            index &+= 8
        }
        while index < first.count {
            if first[index] != second[index] { return false }
            index &+= 1
        }
        return true
    }

    /// The order of two texts by their bytes.
    func order(_ left: Int64, _ right: Int64) -> Int {
        let first = bytes(left)
        let second = bytes(right)
        for index in 0..<min(first.count, second.count) where first[index] != second[index] {
            return first[index] < second[index] ? -1 : 1
        }
        return first.count == second.count ? 0 : first.count < second.count ? -1 : 1
    }

    /// The number of Unicode scalars: bytes that do not go on with a scalar.
    @inline(__always)
    func scalarCount(_ word: Int64) -> Int {
        var count = 0
        for byte in bytes(word) where byte & 0xC0 != 0x80 { count &+= 1 }
        return count
    }

    func string(_ word: Int64) -> String { String(decoding: bytes(word), as: UTF8.self) }
}
