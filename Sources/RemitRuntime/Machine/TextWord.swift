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

    /// Up to eight bytes from a place on as one number, the first byte lowest; what lies behind `count` counts nothing.
    @inline(__always)
    func eight(_ place: Int, _ count: Int) -> UInt64 {
        guard place &+ 8 <= capacity else { return lastBytes(place, count) }
        let all = UInt64(littleEndian: UnsafeRawPointer(base + place).loadUnaligned(as: UInt64.self))
        return count >= 8 ? all : all & (1 &<< UInt64(truncatingIfNeeded: count &* 8) &- 1)
    }

    /// The same at the end of the arena.
    @inline(never)
    private func lastBytes(_ place: Int, _ count: Int) -> UInt64 {
        (0..<Swift.min(count, 8)).reduce(0) { $0 | UInt64(base[place + $1]) << UInt64($1 * 8) }
    }

    /// Whether two texts have the same bytes.
    @inline(__always)
    func areSame(_ left: Int64, _ right: Int64) -> Bool {
        if left == right { return true }
        let count = bytes(left).count
        guard count == bytes(right).count else { return false }
        let (first, second) = (TextWord.start(left), TextWord.start(right))
        var index = 0
        while index < count {
            let rest = count &- index
            if eight(first &+ index, rest) != eight(second &+ index, rest) { return false }
            index &+= 8
        }
        return true
    }

    /// The order of two texts by their bytes.
    func order(_ left: Int64, _ right: Int64) -> Int {
        let (first, second) = (bytes(left).count, bytes(right).count)
        let count = Swift.min(first, second)
        var index = 0
        while index < count {
            let rest = count &- index
            let one = eight(TextWord.start(left) &+ index, rest)
            let other = eight(TextWord.start(right) &+ index, rest)
            if one != other { return one.byteSwapped < other.byteSwapped ? -1 : 1 }
            index &+= 8
        }
        return first == second ? 0 : first < second ? -1 : 1
    }

    /// The number of Unicode scalars: bytes that do not go on with a scalar.
    @inline(__always)
    func scalarCount(_ word: Int64) -> Int {
        let count = bytes(word).count
        var found = count
        var index = 0
        while index < count {
            let eight = eight(TextWord.start(word) &+ index, count &- index)
            // Bytes that go on begin with the bits 10.
            found &-= (eight >> 7 & ~(eight >> 6) & 0x0101_0101_0101_0101).nonzeroBitCount
            index &+= 8
        }
        return found
    }

    func string(_ word: Int64) -> String { String(decoding: bytes(word), as: UTF8.self) }
}
