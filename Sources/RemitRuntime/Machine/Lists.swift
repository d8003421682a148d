import RemitLanguage
import RemitValues

/// Records, lists and sets: a record is its fields in a row, a list its count and then its elements.
enum Lists {
    /// The places of a list's elements in the arena; none where the word is no list.
    @inline(__always)
    static func elements(_ word: Int64, _ machine: MachinePointer) -> Range<Int> {
        let place = Int(word)
        guard place >= 0, place < machine.pointee.words.top else { return 0..<0 }
        let count = Int(machine.pointee.words.base[place])
        guard count >= 0, place &+ 1 &+ count <= machine.pointee.words.top else { return 0..<0 }
        return place &+ 1..<place &+ 1 &+ count
    }

    static func perform(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        let a = Int(i.a), b = Int(i.b), c = Int(i.c)
        switch i.operation {
        case .makeRecord:
            words[a] = Int64(store(b, c, machine, header: false))
        case .makeList, .makeSet:
            let place = store(b, c, machine, header: true)
            words[a] = Int64(place)
            if i.operation == .makeSet { sortUnique(place, machine.pointee.elementShape(a), machine) }
        case .openList:
            let room = i.d == 1 ? c : elements(words[b], machine).count
            let place = machine.pointee.words.reserve(room + 1)
            machine.pointee.words.base[place] = 0
            words[a] = Int64(place)
        case .append:
            let place = Int(words[a])
            guard machine.pointee.words.holds(place, 1) else { return .misfit }
            let count = machine.pointee.words.base[place] &+ 1
            guard machine.pointee.words.holds(place, Int(count) + 1) else { return .misfit }
            machine.pointee.words.base[place] = count
            machine.pointee.words.base[place + Int(count)] = words[b]
        case .include, .exclude: return changed(i, machine)
        case .passing: return passing(i, machine)
        case .leastText:
            words[a] = machine.pointee.bytes.order(words[c], words[b]) < 0 ? words[c] : words[b]
        case .greatestText:
            words[a] = machine.pointee.bytes.order(words[b], words[c]) < 0 ? words[c] : words[b]
        default: return .misfit
        }
        return .proceed
    }

    private static func store(_ from: Int, _ count: Int, _ machine: MachinePointer, header: Bool) -> Int {
        let place = machine.pointee.words.reserve(count + (header ? 1 : 0))
        let base = machine.pointee.words.base + place
        if header { base[0] = Int64(count) }
        let target = header ? base + 1 : base
        for index in 0..<count { target[index] = machine.pointee.registers[from + index] }
        return place
    }

    /// Brings the elements of a new set into order and leaves out repeats.
    static func sortUnique(_ place: Int, _ shape: Int, _ machine: MachinePointer) {
        let range = elements(Int64(place), machine)
        let base = machine.pointee.words.base
        if range.count <= 16 {
            // A few are put in their places one by one.
            for index in range.dropFirst() {
                let member = base[index]
                var free = index
                while free > range.lowerBound, Comparison.order(member, base[free &- 1], shape, machine) < 0 {
                    base[free] = base[free &- 1]
                    free &-= 1
                }
                base[free] = member
            }
        } else {
            var members = range.map { base[$0] }
            members.sort { Comparison.order($0, $1, shape, machine) < 0 }
            for (index, member) in zip(range, members) { base[index] = member }
        }
        var count = 0
        for index in range
        where count == 0 || !Comparison.areSame(base[place + count], base[index], shape, machine) {
            count += 1
            base[place + count] = base[index]
        }
        base[place] = Int64(count)
    }

    static func size(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let word = machine.pointee.registers[Int(i.b)]
        guard word >= 0 else { return .misfit }
        if case .text = machine.pointee.shapes[machine.pointee.shape(Int(i.b))].kind {
            machine.pointee.registers[Int(i.a)] = Int64(machine.pointee.bytes.scalarCount(word))
        } else {
            machine.pointee.registers[Int(i.a)] = Int64(elements(word, machine).count)
        }
        return .proceed
    }

    static func isIn(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        let wanted = words[Int(i.b)]
        guard words[Int(i.c)] >= 0 else { return .misfit }
        if machine.pointee.shapes[machine.pointee.shape(Int(i.c))].kind == .map { return Maps.contains(i, machine) }
        let places = elements(words[Int(i.c)], machine)
        if !machine.pointee.charge(places.count) { return .steps }
        let shape = machine.pointee.elementShape(Int(i.c))
        let base = machine.pointee.words.base
        var place = places.lowerBound
        if machine.pointee.shapes[shape].kind == .text, !machine.pointee.shapes[shape].isOptional, wanted != absentWord
        {
            while place < places.upperBound, !machine.pointee.bytes.areSame(base[place], wanted) { place &+= 1 }
        } else {
            while place < places.upperBound, !Comparison.areSame(base[place], wanted, shape, machine) { place &+= 1 }
        }
        words[Int(i.a)] = place < places.upperBound ? 1 : 0
        return .proceed
    }

    /// A list or set with one more, or without those equal to a value.
    private static func changed(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        let value = words[Int(i.c)]
        guard words[Int(i.b)] >= 0 else { return .misfit }
        if machine.pointee.shapes[machine.pointee.shape(Int(i.b))].kind == .map { return Maps.remove(i, machine) }
        let places = elements(words[Int(i.b)], machine)
        let shape = machine.pointee.elementShape(Int(i.b))
        if !machine.pointee.charge(places.count) { return .steps }
        if i.operation == .include, !machine.pointee.build(1) { return .built }
        if i.operation == .include, case .set = machine.pointee.shapes[machine.pointee.shape(Int(i.b))].kind {
            words[Int(i.a)] = inserted(value, places, words[Int(i.b)], shape, machine)
            return .proceed
        }
        let place = machine.pointee.words.reserve(places.count + 2)
        let base = machine.pointee.words.base
        var count = 0
        for index in places
        where i.operation == .include || !Comparison.areSame(base[index], value, shape, machine) {
            count += 1
            base[place + count] = base[index]
        }
        if i.operation == .include {
            count += 1
            base[place + count] = value
        }
        base[place] = Int64(count)
        words[Int(i.a)] = Int64(place)
        return .proceed
    }

    /// A set with one more, which is found its place by halving.
    private static func inserted(
        _ value: Int64, _ places: Range<Int>, _ set: Int64, _ shape: Int, _ machine: MachinePointer
    ) -> Int64 {
        var low = places.lowerBound
        var high = places.upperBound
        while low < high {
            let middle = (low &+ high) >> 1
            let order = Comparison.order(machine.pointee.words.base[middle], value, shape, machine)
            if order == 0 { return set }
            if order < 0 { low = middle &+ 1 } else { high = middle }
        }
        let place = machine.pointee.words.reserve(places.count + 2)
        let base = machine.pointee.words.base
        let before = low &- places.lowerBound
        base[place] = Int64(places.count + 1)
        (base + place + 1).update(from: base + places.lowerBound, count: before)
        base[place + 1 + before] = value
        (base + place + 2 + before).update(from: base + low, count: places.count - before)
        return Int64(place)
    }

    private static func passing(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        guard words[Int(i.b)] >= 0 else { return .misfit }
        let places = elements(words[Int(i.b)], machine)
        if !machine.pointee.charge(places.count) { return .steps }
        let denied = machine.pointee.denied(Int(i.c))
        let place = machine.pointee.words.reserve(places.count + 1)
        let base = machine.pointee.words.base
        var count = 0
        for (line, index) in places.enumerated()
        where line >= MachineState.lineLimit || denied[line >> 6] >> UInt64(line & 63) & 1 == 0 {
            count += 1
            base[place + count] = base[index]
        }
        base[place] = Int64(count)
        guard machine.pointee.build(count) else { return .built }
        words[Int(i.a)] = Int64(place)
        return .proceed
    }

    static func matches(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        let word = words[Int(i.b)]
        guard word >= 0 else { return .misfit }
        let text = machine.pointee.bytes.bytes(word).assumingMemoryBound(to: UInt8.self)
        let pattern = machine.pointee.patterns + i.c
        let steps = TextWord.count(word) / 32 * (pattern.pointee.writtenBytes + 1)
        guard machine.pointee.charge(steps) else { return .steps }
        let fits =
            pattern.pointee.isShort
            ? pattern.pointee.matches(text)
            : machine.pointee.code._withUnsafeGuaranteedRef { $0.patterns[i.c].matches(text) }
        words[i.a] = fits ? 1 : 0
        return .proceed
    }

    // MARK: Any two alike

    static func sharesFields(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        guard words[Int(i.b)] >= 0 else { return .misfit }
        let places = elements(words[Int(i.b)], machine)
        if !machine.pointee.charge(places.count) { return .steps }
        let start = machine.pointee.listStarts[i.c]
        let count = machine.pointee.listStarts[i.c &+ 1] &- start
        let fields = UnsafeBufferPointer(start: machine.pointee.listFields + start, count: count)
        let shape = machine.pointee.shapes + machine.pointee.elementShape(i.b)
        guard shape.pointee.kind == .record else { return .misfit }
        if count == 1, places.count <= 16, let found = shareShortText(places, Int(fields[0]), shape, machine) {
            words[i.a] = found ? 1 : 0
            return .proceed
        }
        let base = machine.pointee.words.base
        for place in places where !machine.pointee.words.holds(Int(base[place]), Int(shape.pointee.fieldCount)) {
            return .misfit
        }
        words[i.a] = areAlike(places, fields, shape.pointee, machine) ? 1 : 0
        return .proceed
    }

    /// Short lists are compared pair by pair, long ones by hashes or sorting, so that the work stays near the charge.
    private static func areAlike(
        _ places: Range<Int>, _ fields: UnsafeBufferPointer<Int32>, _ shape: FlatShape, _ machine: MachinePointer
    ) -> Bool {
        let base = machine.pointee.words.base
        let areHashed = fields.allSatisfy {
            machine.pointee.shapes[machine.pointee.fieldShape(shape, Int($0))].isHashed
        }
        if places.count <= (areHashed ? 6 : 16) {
            for one in places {
                for other in places.lowerBound..<one where agree(base[one], base[other], fields, shape, machine) {
                    return true
                }
            }
            return false
        }
        if areHashed { return areAlikeByHash(places, fields, shape, machine) }
        func order(_ one: Int64, _ other: Int64) -> Int {
            for field in fields {
                let kind = machine.pointee.fieldShape(shape, Int(field))
                let found = Comparison.order(base[Int(one) + Int(field)], base[Int(other) + Int(field)], kind, machine)
                if found != 0 { return found }
            }
            return 0
        }
        let sorted = places.map { base[$0] }.sorted { order($0, $1) < 0 }
        return zip(sorted, sorted.dropFirst()).contains { order($0, $1) == 0 }
    }

    /// By an open table of places and hashes, which stands behind what the arena holds for as long as it is used.
    private static func areAlikeByHash(
        _ places: Range<Int>, _ fields: UnsafeBufferPointer<Int32>, _ shape: FlatShape, _ machine: MachinePointer
    ) -> Bool {
        var size = 16
        while size < 2 * places.count { size *= 2 }
        let top = machine.pointee.words.top
        let table = machine.pointee.words.reserve(size)
        defer { machine.pointee.words.top = top }
        let base = machine.pointee.words.base
        (base + table).update(repeating: 0, count: size)
        let hashing = machine.pointee.rowIndex.hashing
        for place in places {
            let record = base[place]
            var hash: UInt64 = 0
            for field in fields {
                let kind = machine.pointee.fieldShape(shape, Int(field))
                hash = hashing.word(base[Int(record) &+ Int(field)], kind, hash, machine)
            }
            // The high half of an entry is of the hash, the low one a place.
            let high = Int64(bitPattern: hash) & ~0xFFFF_FFFF
            var slot = Int(truncatingIfNeeded: hash) & (size &- 1)
            while base[table &+ slot] != 0 {
                let entry = base[table &+ slot]
                if entry & ~0xFFFF_FFFF == high,
                    agree(base[Int(entry & 0xFFFF_FFFF)], record, fields, shape, machine)
                {
                    return true
                }
                slot = (slot &+ 1) & (size &- 1)
            }
            base[table &+ slot] = high | Int64(place)
        }
        return false
    }

    /// Whether two of a few records have the same text in a field; nil where the field holds no texts, a text has over
    /// seven bytes or is absent, or an element is no record.
    @inline(__always)
    private static func shareShortText(
        _ places: Range<Int>, _ field: Int, _ shape: UnsafePointer<FlatShape>, _ machine: MachinePointer
    ) -> Bool? {
        guard machine.pointee.shapes[machine.pointee.fieldShape(shape.pointee, field)].kind == .text else { return nil }
        let words = machine.pointee.words.base
        let bytes = UnsafeRawPointer(machine.pointee.bytes.base)
        let (last, end) = (machine.pointee.bytes.capacity &- 8, machine.pointee.words.top)
        let keys = machine.pointee.textKeys
        var key = keys
        for place in places {
            let record = Int(words[place])
            guard record >= 0, record &+ Int(shape.pointee.fieldCount) <= end else { return nil }
            let word = words[record &+ field]
            let (start, length) = (TextWord.start(word), TextWord.count(word))
            guard word >= 0, length <= 7, start <= last else { return nil }
            let mask: UInt64 = (1 &<< UInt64(truncatingIfNeeded: length &* 8)) &- 1
            let text = bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self).littleEndian & mask
            key.pointee = text | UInt64(truncatingIfNeeded: length) &<< 56
            var other = keys
            while other < key {
                if other.pointee == key.pointee { return true }
                other += 1
            }
            key += 1
        }
        return false
    }

    @inline(__always)
    private static func agree(
        _ one: Int64, _ other: Int64, _ fields: UnsafeBufferPointer<Int32>, _ shape: FlatShape,
        _ machine: MachinePointer
    ) -> Bool {
        let base = machine.pointee.words.base
        for field in fields {
            let (left, right) = (base[Int(one) + Int(field)], base[Int(other) + Int(field)])
            let kind = machine.pointee.fieldShape(shape, Int(field))
            switch machine.pointee.shapes[kind].kind {
            case .text where left != absentWord && right != absentWord:
                // Texts of different lengths are told apart by their words.
                if (left ^ right) & 0xFFFF_FFFF != 0 || !machine.pointee.bytes.areSame(left, right) { return false }
            default: if !Comparison.areSame(left, right, kind, machine) { return false }
            }
        }
        return true
    }
}
