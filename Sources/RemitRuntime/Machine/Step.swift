import RemitValues

/// The usual case of each instruction of the loop; false where it is another one, with nothing changed that matters.
enum Step {
    typealias Registers = UnsafeMutablePointer<Int64>
    typealias Next = InstructionPointer

    @inline(__always)
    static func put(_ word: Int64, _ words: Registers, _ i: InstructionPointer) -> Bool {
        words[i.a] = word
        return true
    }

    @inline(__always)
    static func put(_ word: Int64?, _ words: Registers, _ i: InstructionPointer) -> Bool {
        guard let word else { return false }
        words[i.a] = word
        return true
    }

    /// Moves, and does the move that follows.
    @inline(__always)
    static func moveTwo(_ words: Registers, _ i: InstructionPointer, _ next: inout Next) -> Bool {
        words[i.a] = words[i.b]
        words[next.a] = words[next.b]
        next += 1
        return true
    }

    /// Moves, and reads the table that follows; the place is then behind it, whatever comes of it.
    @inline(__always)
    static func moveThenTable(
        _ words: Registers, _ i: InstructionPointer, _ next: inout Next, _ steps: inout Int64, _ machine: MachinePointer
    ) -> Bool {
        words[i.a] = words[i.b]
        next += 1
        return table(words, next - 1, &steps, machine)
    }

    /// Likewise with two moves.
    @inline(__always)
    static func moveTwoThenTable(
        _ words: Registers, _ i: InstructionPointer, _ next: inout Next, _ steps: inout Int64, _ machine: MachinePointer
    ) -> Bool {
        words[i.a] = words[i.b]
        words[next.a] = words[next.b]
        next += 2
        return table(words, next - 1, &steps, machine)
    }

    // MARK: Whole numbers

    @inline(__always)
    static func add(_ words: Registers, _ i: InstructionPointer) -> Bool {
        let (sum, overflow) = words[i.b].addingReportingOverflow(words[i.c])
        guard !overflow else { return false }
        words[i.a] = sum
        return true
    }

    @inline(__always)
    static func subtract(_ words: Registers, _ i: InstructionPointer) -> Bool {
        let (difference, overflow) = words[i.b].subtractingReportingOverflow(words[i.c])
        guard !overflow else { return false }
        words[i.a] = difference
        return true
    }

    @inline(__always)
    static func multiply(_ words: Registers, _ i: InstructionPointer) -> Bool {
        let (product, overflow) = words[i.b].multipliedReportingOverflow(by: words[i.c])
        guard !overflow else { return false }
        words[i.a] = product
        return true
    }

    // MARK: Decimals

    @inline(__always)
    static func multiplyWidened(_ words: Registers, _ i: InstructionPointer) -> Bool {
        put(DecimalWord.product(whole: words[i.b], places: Int64(i.d), words[i.c]), words, i)
    }

    /// Multiplies, and does the addition that follows where the sum fits a word.
    @inline(__always)
    static func multiplyThenAdd(_ words: Registers, _ i: InstructionPointer, _ next: inout Next) -> Bool {
        guard multiplyWidened(words, i) else { return false }
        if put(DecimalWord.sum(words[next.b], words[next.c]), words, next) { next += 1 }
        return true
    }

    /// The one of two decimals that is to be taken: the second where `isBetter` says so of the second and the first.
    @inline(__always)
    static func chooseDecimal(
        _ words: Registers, _ i: InstructionPointer, _ isBetter: (Int64, Int64) -> Bool
    ) -> Bool {
        let (one, other) = (words[i.b], words[i.c])
        guard let (first, second) = DecimalWord.comparable(one, other) else { return false }
        words[i.a] = isBetter(second, first) ? other : one
        return true
    }

    @inline(__always)
    static func isDecimal(
        _ words: Registers, _ i: InstructionPointer, _ stand: (Int64, Int64) -> Bool
    ) -> Bool {
        guard let (first, second) = DecimalWord.comparable(words[i.b], words[i.c]) else { return false }
        words[i.a] = stand(first, second) ? 1 : 0
        return true
    }

    /// Rounds a decimal in line that has at least the places wanted.
    @inline(__always)
    static func round(_ words: Registers, _ i: InstructionPointer) -> Bool {
        let word = words[i.b]
        let (have, places) = (DecimalWord.places(word), Int64(RoundingCode.places(i.d)))
        guard have != DecimalWord.boxed, have >= places,
            let result = DecimalWord.rounded(
                word >> 5, by: DecimalWord.powers[Int(have &- places)], mode: i.d & 3)
        else { return false }
        // A result in line has as many places as an amount has minor digits.
        if RoundingCode.isMoney(i.d) {
            words[i.a] = result
            return true
        }
        return put(DecimalWord.inline(result, places: places), words, i)
    }

    // MARK: Jumps

    /// Charges the steps of a block; false where they are used up.
    @inline(__always)
    static func charge(_ count: Int, _ steps: inout Int64) -> Bool {
        steps &-= Int64(count)
        return steps >= 0
    }

    /// Goes on at a place if a condition holds, else charges `d` steps.
    @inline(__always)
    static func jump(
        _ holds: Bool, _ i: InstructionPointer, _ next: inout Next, _ steps: inout Int64, _ machine: MachinePointer
    ) -> Bool {
        if holds { next = machine.pointee.instructions + i.number } else { steps &-= Int64(i.d) }
        return true
    }

    /// Likewise if a list has no elements, or if it has some; false where the word is no list.
    @inline(__always)
    static func jumpByCount(
        _ words: Registers, _ i: InstructionPointer, _ next: inout Next, _ steps: inout Int64, _ machine: MachinePointer
    ) -> Bool {
        let list = words[i.a]
        guard list >= 0 else { return false }
        let isWanted = Lists.elements(list, machine).isEmpty == (i.operation == .jumpIfEmpty)
        return jump(isWanted, i, &next, &steps, machine)
    }

    /// Goes on at a distance if a condition holds, else charges `d` steps.
    @inline(__always)
    static func go(_ holds: Bool, _ i: InstructionPointer, _ next: inout Next, _ steps: inout Int64) -> Bool {
        if holds { next += i.distance } else { steps &-= Int64(i.d) }
        return true
    }

    /// Likewise if two decimals stand so.
    @inline(__always)
    static func goDecimal(
        _ words: Registers, _ i: InstructionPointer, _ next: inout Next, _ steps: inout Int64,
        _ stand: (Int64, Int64) -> Bool
    ) -> Bool {
        guard let (first, second) = DecimalWord.comparable(words[i.a], words[i.b]) else { return false }
        return go(stand(first, second), i, &next, &steps)
    }

    /// Likewise if two short texts are the same, or are not; false where one is long or absent.
    @inline(__always)
    static func goSame(
        _ words: Registers, _ i: InstructionPointer, _ next: inout Next, _ steps: inout Int64, _ machine: MachinePointer
    ) -> Bool {
        let wanted = i.operation == .jumpSameText
        let (left, right) = (words[i.a], words[i.b])
        guard let base = shortTexts(left, right, machine) else { return false }
        guard TextWord.count(left) == TextWord.count(right) else { return go(!wanted, i, &next, &steps) }
        let (first, second) = (base + TextWord.start(left), base + TextWord.start(right))
        var rest = TextWord.count(left)
        var place = 0
        while rest > 0 {
            let different = EightBytes.word(first + place) ^ EightBytes.word(second + place)
            if different & EightBytes.mask(rest) != 0 { return go(!wanted, i, &next, &steps) }
            rest &-= 8
            place &+= 8
        }
        return go(wanted, i, &next, &steps)
    }

    /// Likewise if two short texts stand so in the order of their bytes.
    @inline(__always)
    static func goBefore(
        _ words: Registers, _ i: InstructionPointer, _ next: inout Next, _ steps: inout Int64, _ machine: MachinePointer
    ) -> Bool {
        let (left, right) = (words[i.a], words[i.b])
        guard let base = shortTexts(left, right, machine) else { return false }
        let (first, second) = (base + TextWord.start(left), base + TextWord.start(right))
        var rest = min(TextWord.count(left), TextWord.count(right))
        var place = 0
        while rest > 0 {
            let mask = EightBytes.mask(rest)
            let (one, other) = (EightBytes.word(first + place) & mask, EightBytes.word(second + place) & mask)
            if one != other {
                return go(one.byteSwapped < other.byteSwapped, i, &next, &steps)
            }
            rest &-= 8
            place &+= 8
        }
        // Where one is the beginning of the other, the shorter one comes first.
        let last = TextWord.count(right) &+ (i.operation == .jumpUpToText ? 1 : 0)
        return go(TextWord.count(left) < last, i, &next, &steps)
    }

    /// Where the bytes begin, if two words are texts of less than 32 bytes, whose comparison costs nothing more, with
    /// so many bytes behind where they begin.
    @inline(__always)
    private static func shortTexts(_ left: Int64, _ right: Int64, _ machine: MachinePointer) -> UnsafePointer<UInt8>? {
        let last = max(TextWord.start(left), TextWord.start(right))
        guard (left | right) & (absentWord | 0xFFFF_FFC0) == 0, last &+ 32 <= machine.pointee.bytes.capacity else {
            return nil
        }
        return UnsafePointer(machine.pointee.bytes.base)
    }

    /// Goes on at one of `c` places from `b` in the table of jumps; false where there is none for the word.
    @inline(__always)
    static func select(
        _ word: Int64, _ i: InstructionPointer, _ next: inout Next, _ machine: MachinePointer
    ) -> Bool {
        guard word >= 0, word < Int64(i.c) else { return false }
        next = machine.pointee.instructions + Int(machine.pointee.jumps[i.b &+ Int(word)])
        return true
    }

    /// Goes on at a place, to come back later, and charges `d` steps; false where calls are nested too deep or the
    /// steps are used up.
    @inline(__always)
    static func call(
        _ i: InstructionPointer, _ next: inout Next, _ steps: inout Int64, _ machine: MachinePointer
    ) -> Bool {
        let depth = machine.pointee.depth
        guard depth < MachineState.callLimit else { return false }
        machine.pointee.calls[depth] = Int32(truncatingIfNeeded: next - machine.pointee.instructions)
        machine.pointee.depth = depth &+ 1
        next = machine.pointee.instructions + i.number
        return charge(Int(i.d), &steps)
    }

    /// Likewise, and begins a run of checks.
    @inline(__always)
    static func runChecks(
        _ i: InstructionPointer, _ next: inout Next, _ steps: inout Int64, _ machine: MachinePointer
    ) -> Bool {
        machine.pointee.runStart = machine.pointee.findings.top
        machine.pointee.faults.top = 0
        machine.pointee.lines = 0
        if machine.pointee.deniedEnds[i.a] > 0 { machine.pointee.clearDenied(i.a) }
        return call(i, &next, &steps, machine)
    }

    @inline(__always)
    static func goBack(_ next: inout Next, _ machine: MachinePointer) -> Bool {
        let depth = machine.pointee.depth &- 1
        machine.pointee.depth = depth
        next = machine.pointee.instructions + Int(machine.pointee.calls[max(0, depth)])
        return true
    }

    // MARK: Records, lists, tables

    /// Loads a field; false where the word is no record, which the checker excludes.
    @inline(__always)
    static func load(_ words: Registers, _ i: InstructionPointer, _ machine: MachinePointer) -> Bool {
        let place = Int(words[i.b])
        guard place >= 0, place &+ i.c < machine.pointee.words.top else { return false }
        words[i.a] = machine.pointee.words.base[place &+ i.c]
        return true
    }

    /// Fills registers from the fields of a record, as the map of an instruction says.
    @inline(__always)
    static func unpack(
        _ word: Int64, _ i: InstructionPointer, _ words: Registers, _ machine: MachinePointer
    ) -> Bool {
        if word == absentWord { return true }
        let record = machine.pointee.words.base + Int(word)
        let map = machine.pointee.maps + i.c
        let count = map.pointee.needed
        guard word >= 0, count <= machine.pointee.words.top &- Int(word) else { return false }
        guard map.pointee.firstOfBlock >= 0 else {
            for index in map.pointee.pairs {
                let pair = machine.pointee.mapPairs[index]
                words[Int(pair & 0xFFFF)] = record[Int(pair >> 16)]
            }
            return true
        }
        let target = words + map.pointee.firstOfBlock
        var index = 0
        while index &+ 4 <= count {
            let four = UnsafeRawPointer(record + index).loadUnaligned(as: SIMD4<Int64>.self)
            UnsafeMutableRawPointer(target + index).storeBytes(of: four, as: SIMD4<Int64>.self)
            index &+= 4
        }
        while index < count {
            target[index] = record[index]
            index &+= 1
        }
        return true
    }

    /// Begins a walk through a list, charges its elements and goes to where the first is taken; with `d` 1 the elements
    /// are lines of the checks that run. False where the word is no list or the steps are used up.
    @inline(__always)
    static func each(
        _ words: Registers, _ i: InstructionPointer, _ next: inout Next, _ steps: inout Int64, _ machine: MachinePointer
    ) -> Bool {
        let list = words[i.b]
        guard list >= 0 else { return false }
        let places = Lists.elements(list, machine)
        let walk = words + i.a
        walk[0] = Int64(places.lowerBound)
        walk[1] = Int64(places.upperBound)
        walk[2] = Int64(places.lowerBound)
        if i.d != 0 { machine.pointee.lines = max(machine.pointee.lines, places.count) }
        next += i.distance
        return charge(places.count, &steps)
    }

    /// Takes the next element of a walk, charges `d` steps and goes on; false where the steps are used up.
    @inline(__always)
    static func next(
        _ words: Registers, _ i: InstructionPointer, _ next: inout Next, _ steps: inout Int64, _ machine: MachinePointer
    ) -> Bool {
        let walk = words + i.a
        let position = walk[0]
        if position < walk[1] {
            words[i.b] = machine.pointee.words.base[Int(position)]
            walk[0] = position &+ 1
            steps &-= Int64(i.d)
            next += i.distance
        }
        return steps >= 0
    }

    /// Likewise, and takes the record's fields as the instruction before the place gone to says; false also where the
    /// element is no record.
    @inline(__always)
    static func nextRecord(
        _ words: Registers, _ i: InstructionPointer, _ next: inout Next, _ steps: inout Int64, _ machine: MachinePointer
    ) -> Bool {
        let walk = words + i.a
        let position = walk[0]
        guard position < walk[1] else { return steps >= 0 }
        let word = machine.pointee.words.base[Int(position)]
        words[i.b] = word
        walk[0] = position &+ 1
        steps &-= Int64(i.d)
        next += i.distance
        return unpack(word, next - 1, words, machine) && steps >= 0
    }

    /// Charges `d` steps and reads a table; false where no row fits or the steps are used up.
    @inline(__always)
    static func table(
        _ words: Registers, _ i: InstructionPointer, _ steps: inout Int64, _ machine: MachinePointer
    ) -> Bool {
        steps &-= Int64(i.d)
        let table = machine.pointee.flatTables + i.c
        let row = table.pointee.row(words + i.b)
        guard row >= 0 else {
            steps &-= Int64(table.pointee.rowCount)
            return false
        }
        words[i.a] = table.pointee.results[row].word
        steps &-= table.pointee.results[row].cost
        return steps >= 0
    }

    // MARK: The trail

    /// Records a site and up to two registers, or those of a list; false where the trail is full or the steps are used
    /// up.
    @inline(__always)
    static func note(
        _ words: Registers, _ i: InstructionPointer, _ steps: Int64, _ machine: MachinePointer
    ) -> Bool {
        if i.operation == .noteList { return notes(words, i, steps, machine) }
        return steps >= 0 && machine.pointee.trail.add(Int64(i.a), words[i.b], words[i.c], count: Int(i.d))
    }

    /// Records a site and the registers of a list; false where the trail is full or the steps are used up.
    @inline(__always)
    private static func notes(
        _ words: Registers, _ i: InstructionPointer, _ steps: Int64, _ machine: MachinePointer
    ) -> Bool {
        guard steps >= 0 else { return false }
        let start = machine.pointee.listStarts[i.c]
        let count = machine.pointee.listStarts[i.c &+ 1] &- start
        return machine.pointee.trail.add(Int64(i.a), machine.pointee.listFields + start, count: count, from: words)
    }
}
