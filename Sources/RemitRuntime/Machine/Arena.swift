/// Words that live for one transition: records, lists, decimals too wide for a word.
struct WordArena {
    private(set) var base: UnsafeMutablePointer<Int64>
    private(set) var capacity: Int
    /// How many words are in use.
    var top = 0

    init(capacity: Int) {
        base = .allocate(capacity: capacity)
        base.initialize(repeating: 0, count: capacity)
        self.capacity = capacity
    }

    func free() { base.deallocate() }

    /// The place of `count` new words.
    @inline(__always)
    mutating func reserve(_ count: Int) -> Int {
        let place = top
        if place &+ count > capacity { grow(count) }
        top = place &+ count
        return place
    }

    /// Whether a place of so many words lies in the arena.
    @inline(__always)
    func holds(_ place: Int, _ count: Int) -> Bool { place >= 0 && place &+ count <= top }

    @inline(never)
    private mutating func grow(_ count: Int) {
        let wanted = Swift.max(capacity * 2, top + count)
        let larger = UnsafeMutablePointer<Int64>.allocate(capacity: wanted)
        larger.initialize(from: base, count: top)
        (larger + top).initialize(repeating: 0, count: wanted - top)
        base.deallocate()
        base = larger
        capacity = wanted
    }
}

/// Bytes that live for one transition: the texts.
struct ByteArena {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int
    var top = 0

    init(capacity: Int) {
        base = .allocate(capacity: capacity)
        base.initialize(repeating: 0, count: capacity)
        self.capacity = capacity
    }

    func free() { base.deallocate() }

    @inline(__always)
    mutating func reserve(_ count: Int) -> Int {
        let place = top
        if place &+ count > capacity { grow(count) }
        top = place &+ count
        return place
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        // Making room may move the bytes: the place comes first.
        let place = reserve(1)
        base[place] = byte
    }

    /// Puts bytes at the end.
    @inline(__always)
    mutating func append(_ source: UnsafeRawBufferPointer) {
        guard let start = source.baseAddress else { return }
        let place = reserve(source.count)
        UnsafeMutableRawPointer(base + place).copyMemory(from: start, byteCount: source.count)
    }

    /// Puts at the end what stands in this arena already, which may move while room is made.
    @inline(__always)
    mutating func repeatText(_ word: Int64) {
        let (start, count) = (TextWord.start(word), TextWord.count(word))
        guard word >= 0, start &+ count <= top else { return }
        // With room to spare eight bytes are copied at a time, past the end of the text.
        let place = reserve(count &+ 8)
        top = place &+ count
        let target = UnsafeMutableRawPointer(base + place)
        let source = UnsafeRawPointer(base + start)
        var index = 0
        while index < count {
            target.storeBytes(
                of: source.loadUnaligned(fromByteOffset: index, as: UInt64.self), toByteOffset: index, as: UInt64.self)
            index &+= 8
        }
    }

    /// Puts bytes at the end of which eight at a time can be read, past their end as well.
    @inline(__always)
    mutating func append(readable source: UnsafeRawPointer, _ count: Int) {
        let place = reserve(count &+ 8)
        top = place &+ count
        let target = UnsafeMutableRawPointer(base + place)
        var index = 0
        while index < count {
            target.storeBytes(
                of: source.loadUnaligned(fromByteOffset: index, as: UInt64.self), toByteOffset: index, as: UInt64.self)
            index &+= 8
        }
    }

    mutating func append(_ string: String) {
        var copy = string
        copy.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    @inline(never)
    private mutating func grow(_ count: Int) {
        let wanted = Swift.max(capacity * 2, top + count)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
        larger.initialize(from: base, count: top)
        (larger + top).initialize(repeating: 0, count: wanted - top)
        base.deallocate()
        base = larger
        capacity = wanted
    }
}
