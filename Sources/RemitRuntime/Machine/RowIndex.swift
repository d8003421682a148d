/// Rows of registers by their keys, in the machine's own words: what is looked up makes no value.
///
/// It is an open table of places in the arena. At a place stand the register, the place of the row or absence, the
/// hash of the keys, a mark, and the keys. Rows that are kept stay from one transition to the next; what a transition
/// adds and changes is taken back after it.
struct RowIndex {
    /// How many words stand before the keys.
    static let head = 4

    let hashing = WordHash()
    /// For each slot the high bits of a hash and, below, a place and one; 0 where it is free.
    private var slots: UnsafeMutablePointer<UInt64>
    private var mask: Int
    /// The places of all rows in the order in which they came.
    private var places = WordArena(capacity: 16)
    private var keptCount = 0
    /// The places of the rows that this transition wrote, in the order of the first writing.
    private(set) var written = WordArena(capacity: 16)
    /// Two words for each row that is kept and was written: its place, and that of the row before.
    private var changed = WordArena(capacity: 16)
    /// Whether all rows that there are stand here, so that what is not found is not there.
    private(set) var isWhole = false

    private static let placeBits: UInt64 = 40
    private static let placeMask: UInt64 = (1 << placeBits) - 1

    init() {
        mask = 15
        slots = copied(Array(repeating: 0, count: 16))
    }

    func free() {
        slots.deallocate()
        places.free()
        written.free()
        changed.free()
    }

    /// Whether a transition has left anything here.
    @inline(__always)
    private var isTouched: Bool { places.top != keptCount || changed.top > 0 || written.top > 0 }

    // MARK: Finding

    /// The place of a register's row by its keys; -1 where it does not stand here.
    @inline(__always)
    func find(_ register: Int, _ keys: UnsafePointer<Int64>, _ hash: UInt64, _ machine: MachinePointer) -> Int {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            if (slots[slot] ^ hash) >> Self.placeBits == 0 {
                let place = Int(slots[slot] & Self.placeMask) &- 1
                if isSame(place, register, keys, machine) { return place }
            }
            slot = (slot &+ 1) & mask
        }
        return -1
    }

    @inline(__always)
    private func isSame(
        _ place: Int, _ register: Int, _ keys: UnsafePointer<Int64>, _ machine: MachinePointer
    ) -> Bool {
        let words = machine.pointee.words.base + place
        guard words[0] == Int64(register) else { return false }
        let start = machine.pointee.keyStarts[register]
        let count = machine.pointee.keyStarts[register &+ 1] &- start
        for index in 0..<count {
            let (one, other) = (words[Self.head &+ index], keys[index])
            if one == other { continue }
            let shape = Int(machine.pointee.keyShapes[start &+ index])
            if !Comparison.areSame(one, other, shape, machine) { return false }
        }
        return true
    }

    // MARK: Adding

    /// Adds a row that does not stand here yet; gives its place.
    mutating func add(
        _ register: Int, _ keys: UnsafePointer<Int64>, _ count: Int, row: Int64, _ hash: UInt64,
        _ words: inout WordArena
    ) -> Int {
        let place = words.reserve(Self.head + count)
        let base = words.base + place
        base[0] = Int64(register)
        base[1] = row
        base[2] = Int64(bitPattern: hash)
        base[3] = 0
        for index in 0..<count { base[Self.head + index] = keys[index] }
        if 2 * (places.top + 1) > mask { grow(words) }
        let number = places.reserve(1)
        places.base[number] = Int64(place)
        enter(place, hash)
        return place
    }

    private mutating func enter(_ place: Int, _ hash: UInt64) {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = hash & ~Self.placeMask | UInt64(place + 1)
    }

    private mutating func grow(_ words: WordArena) {
        slots.deallocate()
        mask = 2 * mask + 1
        slots = .allocate(capacity: mask + 1)
        slots.initialize(repeating: 0, count: mask + 1)
        for number in 0..<places.top {
            let place = Int(places.base[number])
            enter(place, UInt64(bitPattern: words.base[place + 2]))
        }
    }

    // MARK: Writing

    /// Puts a new row at a place.
    mutating func write(_ place: Int, row: Int64, _ words: WordArena) {
        let base = words.base + place
        if base[3] == 0 {
            base[3] = 1
            // Making room may move the words: the place comes first.
            let end = written.reserve(1)
            written.base[end] = Int64(place)
            // What is not kept is taken out as a whole.
            if keptCount > 0, place < Int(places.base[keptCount - 1]) + 1 {
                let number = changed.reserve(2)
                changed.base[number] = Int64(place)
                changed.base[number + 1] = base[1]
            }
        }
        base[1] = row
    }

    // MARK: From one transition to the next

    /// Keeps what stands here now for all transitions to come; with `isWhole` there are no other rows.
    mutating func keep(isWhole: Bool) {
        keptCount = places.top
        written.top = 0
        changed.top = 0
        self.isWhole = isWhole
    }

    /// Takes back what a transition added and changed.
    @inline(__always)
    mutating func forget(_ words: WordArena) {
        if isTouched { takeBack(words) }
    }

    private mutating func takeBack(_ words: WordArena) {
        for number in stride(from: 0, to: changed.top, by: 2) {
            let place = Int(changed.base[number])
            words.base[place + 1] = changed.base[number + 1]
            words.base[place + 3] = 0
        }
        // Last come, first gone: so every row before is still found on its way.
        while places.top > keptCount {
            places.top -= 1
            let place = Int(places.base[places.top])
            var slot = Int(truncatingIfNeeded: UInt64(bitPattern: words.base[place + 2])) & mask
            while slots[slot] & Self.placeMask != UInt64(place + 1) { slot = (slot + 1) & mask }
            slots[slot] = 0
        }
        written.top = 0
        changed.top = 0
    }
}
