import RemitLanguage
import RemitValues

/// Maps: a list of entries in the order of their keys, each a record of a key and its value.
enum Maps {
    /// What a search of a map's entries came to.
    private struct Found {
        /// The places of the entries in the arena.
        let entries: Range<Int>
        /// How many entries stand before the key.
        let index: Int
        let isThere: Bool
    }

    static func perform(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        switch i.operation {
        case .makeMap: return make(i, machine)
        case .entry: return entry(i, machine)
        case .seekEntry: return seek(i, machine)
        case .entryValue: return entryValue(i, machine)
        case .putEntry: return put(i, machine)
        default: return .misfit
        }
    }

    // MARK: Entries

    /// The shapes of the keys and values of the map in a register; nil where it holds none.
    private static func shapes(_ register: Int, _ machine: MachinePointer) -> (key: Int, value: Int)? {
        let map = machine.pointee.shapes[machine.pointee.shape(register)]
        guard map.kind == .map else { return nil }
        let entry = machine.pointee.shapes[Int(map.element)]
        guard entry.kind == .record, entry.fieldCount == 2 else { return nil }
        return (machine.pointee.fieldShape(entry, 0), machine.pointee.fieldShape(entry, 1))
    }

    /// Part 0 or 1 of the entry at a place; absent where there is none.
    @inline(__always)
    private static func part(_ part: Int, _ place: Int, _ machine: MachinePointer) -> Int64 {
        let entry = Int(machine.pointee.words.base[place])
        return machine.pointee.words.holds(entry, 2) ? machine.pointee.words.base[entry &+ part] : absentWord
    }

    /// Looks for a key, and charges that; nil where the steps are used up.
    private static func search(_ map: Int64, _ key: Int64, _ shape: Int, _ machine: MachinePointer) -> Found? {
        let entries = Lists.elements(map, machine)
        let halves = Int(Cost.halvings(entries.count))
        guard machine.pointee.charge(halves &* (1 &+ Comparison.work(key, shape, machine))) else { return nil }
        var lower = entries.lowerBound
        var upper = entries.upperBound
        while lower < upper {
            let middle = lower &+ (upper &- lower) / 2
            if Comparison.order(part(0, middle, machine), key, shape, machine) < 0 {
                lower = middle &+ 1
            } else {
                upper = middle
            }
        }
        let isThere =
            lower < entries.upperBound && Comparison.areSame(part(0, lower, machine), key, shape, machine)
        return Found(entries: entries, index: lower &- entries.lowerBound, isThere: isThere)
    }

    // MARK: Reading

    /// Whether a key is in a map.
    static func contains(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        guard let shapes = shapes(Int(i.c), machine) else { return .misfit }
        guard let found = search(words[Int(i.c)], words[Int(i.b)], shapes.key, machine) else { return .steps }
        words[Int(i.a)] = found.isThere ? 1 : 0
        return .proceed
    }

    private static func entry(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        guard words[Int(i.b)] >= 0, let shapes = shapes(Int(i.b), machine) else { return .misfit }
        guard let found = search(words[Int(i.b)], words[Int(i.c)], shapes.key, machine) else { return .steps }
        guard found.isThere else {
            words[Int(i.a)] = absentWord
            return .proceed
        }
        let value = part(1, found.entries.lowerBound &+ found.index, machine)
        if i.d == 1, value == absentWord { return .foreign }
        words[Int(i.a)] = value
        return .proceed
    }

    private static func seek(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        guard words[Int(i.b)] >= 0, let shapes = shapes(Int(i.b), machine) else { return .misfit }
        guard let found = search(words[Int(i.b)], words[Int(i.c)], shapes.key, machine) else { return .steps }
        words[Int(i.a)] = Int64(found.index)
        words[Int(i.a) &+ 1] = found.isThere ? 1 : 0
        return .proceed
    }

    private static func entryValue(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        let entries = Lists.elements(words[Int(i.b)], machine)
        guard let index = Int(exactly: words[Int(i.c)]), (0..<entries.count).contains(index) else { return .misfit }
        words[Int(i.a)] = part(1, entries.lowerBound &+ index, machine)
        return .proceed
    }

    // MARK: Making

    /// A new map of the pairs in registers; of those with one key the last counts.
    private static func make(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        guard let shapes = shapes(Int(i.a), machine) else { return .misfit }
        let pairs = (0..<Int(i.c)).map { (key: machine.pointee.registers[Int(i.b) + 2 * $0], index: $0) }
        let sorted = pairs.sorted { one, other in
            let order = Comparison.order(one.key, other.key, shapes.key, machine)
            return order == 0 ? one.index < other.index : order < 0
        }
        let values = sorted.map { machine.pointee.registers[Int(i.b) + 2 * $0.index + 1] }
        machine.pointee.registers[Int(i.a)] = build(sorted.map(\.key), values, shapes.key, machine)
        return .proceed
    }

    /// A map of keys that are in order, and their values; of keys that are the same the last counts.
    static func build(_ keys: [Int64], _ values: [Int64], _ shape: Int, _ machine: MachinePointer) -> Int64 {
        let list = machine.pointee.words.reserve(keys.count + 1)
        let entries = machine.pointee.words.reserve(2 * keys.count)
        let base = machine.pointee.words.base
        var count = 0
        for (index, key) in keys.enumerated() {
            let isNew = index == 0 || !Comparison.areSame(keys[index - 1], key, shape, machine)
            if isNew { count += 1 }
            let entry = entries + 2 * (count - 1)
            base[entry] = key
            base[entry + 1] = values[index]
            base[list + count] = Int64(entry)
        }
        base[list] = Int64(count)
        return Int64(list)
    }

    /// A map of pairs of a key and a value that are in order, no key twice.
    static func build(_ pairs: UnsafePointer<Int64>, _ count: Int, _ machine: MachinePointer) -> Int64 {
        let list = machine.pointee.words.reserve(3 * count + 1)
        let base = machine.pointee.words.base + list
        base[0] = Int64(count)
        for index in 0..<count {
            let entry = 1 + count + 2 * index
            base[1 + index] = Int64(list + entry)
            base[entry] = pairs[2 * index]
            base[entry + 1] = pairs[2 * index + 1]
        }
        return Int64(list)
    }

    // MARK: Changing

    private static func put(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        let found = words + Int(i.c)
        guard words[Int(i.b)] >= 0 else { return .misfit }
        let entries = Lists.elements(words[Int(i.b)], machine)
        let isThere = found[1] != 0
        guard let index = Int(exactly: found[0]), index >= 0, index &+ (isThere ? 1 : 0) <= entries.count else {
            return .misfit
        }
        guard machine.pointee.charge(entries.count) else { return .steps }
        guard machine.pointee.build(1) else { return .built }
        let entry = machine.pointee.words.reserve(2)
        let list = machine.pointee.words.reserve(entries.count + 2)
        let base = machine.pointee.words.base
        base[entry] = found[2]
        base[entry + 1] = found[3]
        var count = 0
        for place in entries {
            if place == entries.lowerBound + index {
                count += 1
                base[list + count] = Int64(entry)
                if isThere { continue }
            }
            count += 1
            base[list + count] = base[place]
        }
        if index == entries.count {
            count += 1
            base[list + count] = Int64(entry)
        }
        base[list] = Int64(count)
        words[Int(i.a)] = Int64(list)
        return .proceed
    }

    /// A map without a key, if it is there.
    static func remove(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        guard i.operation == .exclude, let shapes = shapes(Int(i.b), machine) else { return .misfit }
        guard let found = search(words[Int(i.b)], words[Int(i.c)], shapes.key, machine) else { return .steps }
        guard machine.pointee.charge(found.entries.count) else { return .steps }
        let list = machine.pointee.words.reserve(found.entries.count + 1)
        let base = machine.pointee.words.base
        var count = 0
        for (index, place) in found.entries.enumerated() where !found.isThere || index != found.index {
            count += 1
            base[list + count] = base[place]
        }
        base[list] = Int64(count)
        words[Int(i.a)] = Int64(list)
        return .proceed
    }
}
