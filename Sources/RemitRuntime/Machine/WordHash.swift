import RemitValues

/// Hashes of words by their shapes: words that are the same value have one hash, wherever their bytes stand.
///
/// They hold for one process alone, so that nobody can choose keys that fall together.
struct WordHash {
    private let seed: UInt64

    /// Hashes of this process.
    init() {
        var hasher = Hasher()
        hasher.combine(0)
        seed = UInt64(bitPattern: Int64(hasher.finalize())) | 1
    }

    /// The hash of a register's keys.
    @inline(__always)
    func hash(_ register: Int, _ keys: UnsafePointer<Int64>, _ machine: MachinePointer) -> UInt64 {
        var hash = Self.mixed(UInt64(truncatingIfNeeded: register) ^ seed, 0x9E37_79B9_7F4A_7C15)
        let start = machine.pointee.keyStarts[register]
        let count = machine.pointee.keyStarts[register &+ 1] &- start
        for index in 0..<count {
            hash = word(keys[index], Int(machine.pointee.keyShapes[start &+ index]), hash, machine)
        }
        return hash
    }

    /// The hash of a word of a shape, behind another hash.
    @inline(__always)
    func word(_ word: Int64, _ shape: Int, _ hash: UInt64, _ machine: MachinePointer) -> UInt64 {
        let flat = machine.pointee.shapes[shape]
        if flat.isPlain || word == absentWord { return Self.mixed(hash ^ UInt64(bitPattern: word), seed) }
        switch flat.kind {
        case .text, .label, .reference, .party: return text(word, hash, machine.pointee.bytes)
        case .decimal:
            let number = DecimalWord.number(word, machine)
            let low = UInt64(truncatingIfNeeded: number.coefficient)
            let high = UInt64(truncatingIfNeeded: number.coefficient >> 64)
            return Self.mixed(Self.mixed(hash ^ low, seed) ^ high, seed ^ UInt64(number.scale))
        case .term: return Self.mixed(hash ^ UInt64(bitPattern: word), seed)
        // Nothing else is a key; such words would all have one hash, and be told apart by comparing.
        default: return Self.mixed(hash, seed)
        }
    }

    /// The hash of a text or party in an arena, behind another hash.
    @inline(__always)
    func text(_ word: Int64, _ start: UInt64, _ arena: ByteArena) -> UInt64 {
        let count = arena.bytes(word & ~1).count
        var hash = Self.mixed(start ^ UInt64(count) << 1 ^ UInt64(word & 1), seed)
        var index = 0
        while index < count {
            hash = Self.mixed(hash ^ arena.eight(TextWord.start(word) &+ index, count &- index), seed)
            index &+= 8
        }
        return hash
    }

    @inline(__always)
    private static func mixed(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let product = (one ^ 0xD6E8_FEB8_6659_FD93).multipliedFullWidth(by: other)
        return product.high ^ product.low
    }
}
