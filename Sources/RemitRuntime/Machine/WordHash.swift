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

    @inline(__always)
    private func word(_ word: Int64, _ shape: Int, _ hash: UInt64, _ machine: MachinePointer) -> UInt64 {
        let flat = machine.pointee.shapes[shape]
        if flat.isPlain || word == absentWord { return Self.mixed(hash ^ UInt64(bitPattern: word), seed) }
        switch flat.kind {
        case .text, .label, .reference, .party: return text(word, hash, machine)
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

    @inline(__always)
    private func text(_ word: Int64, _ start: UInt64, _ machine: MachinePointer) -> UInt64 {
        let bytes = machine.pointee.bytes.bytes(word & ~1)
        var hash = Self.mixed(start ^ UInt64(bytes.count) << 1 ^ UInt64(word & 1), seed)
        var index = 0
        while index &+ 8 <= bytes.count {
            hash = Self.mixed(hash ^ bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self), seed)
            index &+= 8
        }
        var rest: UInt64 = 0
        while index < bytes.count {
            rest = rest << 8 | UInt64(bytes[index])
            index &+= 1
        }
        return Self.mixed(hash ^ rest, seed)
    }

    @inline(__always)
    private static func mixed(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let product = (one ^ 0xD6E8_FEB8_6659_FD93).multipliedFullWidth(by: other)
        return product.high ^ product.low
    }
}
