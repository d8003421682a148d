import RemitValues

/// The loop of the register machine.
///
/// It holds no reference and makes no value of its own: what needs more than registers is done by the helpers beside
/// it, and what needs the world outside ends it for a moment. The verifier has seen to it that every register, place
/// and table entry named by an instruction exists.
enum Loop {
    /// Runs from the state's place until something ends it; the place is then behind the instruction that did.
    @inline(never)
    static func run(_ machine: MachinePointer) -> Exit {
        let (code, words) = (machine.pointee.instructions, machine.pointee.registers)
        var place = code + machine.pointee.place
        var steps = machine.pointee.steps
        while true {
            let i = place.pointee
            place += 1
            let a = Int(i.a), b = Int(i.b), c = Int(i.c)
            switch i.operation {
            case .charge: if !Step.charge(&steps, i) { return leave(.steps, machine, place, steps) }
            case .jump: place = code + i.number
            case .jumpIf: if words[a] != 0 { place = code + i.number } else { steps &-= Int64(i.d) }
            case .jumpUnless: if words[a] == 0 { place = code + i.number } else { steps &-= Int64(i.d) }
            case .jumpIfAbsent: if words[a] == absentWord { place = code + i.number } else { steps &-= Int64(i.d) }
            case .jumpIfPresent: if words[a] != absentWord { place = code + i.number } else { steps &-= Int64(i.d) }
            case .jumpEqual: if words[a] == words[b] { place += i.distance } else { steps &-= Int64(i.d) }
            case .jumpUnequal: if words[a] != words[b] { place += i.distance } else { steps &-= Int64(i.d) }
            case .jumpLess: if words[a] < words[b] { place += i.distance } else { steps &-= Int64(i.d) }
            case .jumpLessOrEqual: if words[a] <= words[b] { place += i.distance } else { steps &-= Int64(i.d) }
            case .jumpEqualDecimal: Step.go(Exact.order(words[a], words[b], machine) == 0, &place, &steps, i)
            case .jumpUnequalDecimal: Step.go(Exact.order(words[a], words[b], machine) != 0, &place, &steps, i)
            case .jumpLessDecimal: Step.go(Exact.order(words[a], words[b], machine) < 0, &place, &steps, i)
            case .jumpLessOrEqualDecimal: Step.go(Exact.order(words[a], words[b], machine) <= 0, &place, &steps, i)
            case .select: if !Step.select(words[a], i, &place, machine) { return leave(.misfit, machine, place, steps) }
            case .call: if !Step.call(&place, i, machine) { return leave(.deep, machine, place, steps) }
            case .returns: Step.goBack(&place, machine)
            case .halt: return leave(.halted, machine, place, steps)
            case .move: words[a] = words[b]
            case .load: if !Step.load(words, a, b, c, machine) { return leave(.misfit, machine, place, steps) }
            case .unpack: if !Step.unpack(words[a], c, machine) { return leave(.misfit, machine, place, steps) }
            case .each: if !Step.each(words, a, b, &steps, machine) { return leave(.misfit, machine, place, steps) }
            case .next: if !Step.next(words, i, &place, &steps, machine) { return leave(.steps, machine, place, steps) }
            case .nextRecord:
                if !Step.nextRecord(words, i, &place, &steps, machine) { return leave(.misfit, machine, place, steps) }
            case .tableFixed: if !Step.table(i, &steps, machine) { return leave(.noRow, machine, place, steps) }
            case .addInteger: if Step.add(words, a, b, c) { return leave(.overflow, machine, place, steps) }
            case .subtractInteger: if Step.subtract(words, a, b, c) { return leave(.overflow, machine, place, steps) }
            case .multiplyInteger: if Step.multiply(words, a, b, c) { return leave(.overflow, machine, place, steps) }
            case .leastInteger: words[a] = min(words[b], words[c])
            case .greatestInteger: words[a] = max(words[b], words[c])
            case .isEqual: words[a] = words[b] == words[c] ? 1 : 0
            case .isLess: words[a] = words[b] < words[c] ? 1 : 0
            case .not: words[a] ^= 1
            case .addDecimal: if !Exact.add(words, a, b, c, machine) { return leave(.fault, machine, place, steps) }
            case .subtractDecimal:
                if !Exact.subtract(words, a, b, c, machine) { return leave(.fault, machine, place, steps) }
            case .multiplyDecimal:
                if !Exact.multiply(words, a, b, c, machine) { return leave(.fault, machine, place, steps) }
            case .multiplyWidened:
                if !Exact.multiplyWidened(words, i, machine) { return leave(.fault, machine, place, steps) }
            case .multiplyThenAdd:
                if !Exact.multiplyWidened(words, i, machine) { return leave(.fault, machine, place, steps) }
                if Step.addNext(words, place.pointee) { place += 1 }
            case .jumpIfEmpty, .jumpUnlessEmpty:
                if !Step.byCount(words[a], i, &place, &steps, machine) { return leave(.misfit, machine, place, steps) }
            case .widen: Exact.widen(words, a, b, i.d, machine)
            case .round: if !Exact.round(words, a, b, i.d, machine) { return leave(.fault, machine, place, steps) }
            case .finding: if !Checking.find(words, i, machine) { return leave(.built, machine, place, steps) }
            case .verdict: if words[a] == absentWord { return leave(.notRun, machine, place, steps) }
            case .note: if !Step.note(words, i, steps, machine) { return leave(.full, machine, place - 1, steps) }
            case .noteList: if !Step.notes(words, i, steps, machine) { return leave(.full, machine, place - 1, steps) }
            default:
                machine.pointee.steps = steps
                let exit = Rest.perform(i, machine)
                steps = machine.pointee.steps
                if exit != .proceed { return leave(exit, machine, place, steps) }
            }
        }
    }

    @inline(__always)
    private static func leave(
        _ exit: Exit, _ machine: MachinePointer, _ place: UnsafePointer<Instruction>, _ steps: Int64
    ) -> Exit {
        machine.pointee.steps = steps
        machine.pointee.place = place - machine.pointee.instructions
        // A jump charges without looking: whatever comes after the budget was passed did not happen.
        return steps < 0 ? .steps : exit
    }
}

/// The steps of the loop that take more than an expression.
enum Step {
    typealias Registers = UnsafeMutablePointer<Int64>

    @inline(__always)
    static func add(_ words: Registers, _ a: Int, _ b: Int, _ c: Int) -> Bool {
        let (sum, overflow) = words[b].addingReportingOverflow(words[c])
        words[a] = sum
        return overflow
    }

    /// Does the addition of decimals that follows; false where the sum does not fit a word.
    @inline(__always)
    static func addNext(_ words: Registers, _ next: Instruction) -> Bool {
        guard let sum = DecimalWord.sum(words[Int(next.b)], words[Int(next.c)]) else { return false }
        words[Int(next.a)] = sum
        return true
    }

    @inline(__always)
    static func subtract(_ words: Registers, _ a: Int, _ b: Int, _ c: Int) -> Bool {
        let (difference, overflow) = words[b].subtractingReportingOverflow(words[c])
        words[a] = difference
        return overflow
    }

    @inline(__always)
    static func multiply(_ words: Registers, _ a: Int, _ b: Int, _ c: Int) -> Bool {
        let (product, overflow) = words[b].multipliedReportingOverflow(by: words[c])
        words[a] = product
        return overflow
    }

    /// Loads a field; false where the word is no record, which the checker excludes.
    @inline(__always)
    static func load(_ words: Registers, _ a: Int, _ b: Int, _ c: Int, _ machine: MachinePointer) -> Bool {
        let record = Int(words[b])
        guard record >= 0, record &+ c < machine.pointee.words.top else { return false }
        words[a] = machine.pointee.words.base[record &+ c]
        return true
    }

    /// Fills registers from the fields of a record.
    @inline(__always)
    static func unpack(_ word: Int64, _ map: Int, _ machine: MachinePointer) -> Bool {
        if word == absentWord { return true }
        let words = machine.pointee.registers
        let record = machine.pointee.words.base + Int(truncatingIfNeeded: word)
        let count = machine.pointee.mapNeeds[map]
        guard word >= 0, count <= machine.pointee.words.top &- Int(word) else { return false }
        let block = machine.pointee.mapBlocks[map]
        var index = 0
        if block >= 0 {
            let target = words + block
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
        let pairs = machine.pointee.mapPairs
        index = machine.pointee.mapStarts[map]
        let end = machine.pointee.mapStarts[map &+ 1]
        while index < end {
            let pair = pairs[index]
            words[Int(pair & 0xFFFF)] = record[Int(pair >> 16)]
            index &+= 1
        }
        return true
    }

    /// Goes on at one of `c` places from `b` in the table of jumps; false where there is none for the word.
    @inline(__always)
    static func select(
        _ word: Int64, _ i: Instruction, _ place: inout UnsafePointer<Instruction>, _ machine: MachinePointer
    ) -> Bool {
        guard word >= 0, word < Int64(i.c) else { return false }
        place = machine.pointee.instructions + Int(machine.pointee.jumps[Int(i.b) &+ Int(word)])
        return true
    }

    /// Begins a walk through a list and charges its elements; false where the word is no list or the steps are used up.
    @inline(__always)
    static func each(
        _ words: Registers, _ a: Int, _ b: Int, _ steps: inout Int64, _ machine: MachinePointer
    ) -> Bool {
        let list = words[b]
        guard list >= 0 else { return false }
        let places = Lists.elements(list, machine)
        steps &-= Int64(places.count)
        words[a] = Int64(places.lowerBound)
        words[a &+ 1] = Int64(places.upperBound)
        words[a &+ 2] = Int64(places.lowerBound)
        return steps >= 0
    }

    /// Takes the next element of a walk, charges `d` steps and goes on; false where the steps are used up.
    @inline(__always)
    static func next(
        _ words: Registers, _ i: Instruction, _ place: inout UnsafePointer<Instruction>, _ steps: inout Int64,
        _ machine: MachinePointer
    ) -> Bool {
        let walk = words + Int(i.a)
        let position = walk[0]
        if position < walk[1] {
            words[Int(i.b)] = machine.pointee.words.base[Int(position)]
            walk[0] = position &+ 1
            steps &-= Int64(i.d)
            place += i.distance
        }
        return steps >= 0
    }

    /// Likewise, and takes the record's fields as the instruction before the place gone to says; false also where the
    /// element is no record.
    @inline(__always)
    static func nextRecord(
        _ words: Registers, _ i: Instruction, _ place: inout UnsafePointer<Instruction>, _ steps: inout Int64,
        _ machine: MachinePointer
    ) -> Bool {
        let walk = words + Int(i.a)
        let position = walk[0]
        guard position < walk[1] else { return steps >= 0 }
        let word = machine.pointee.words.base[Int(position)]
        words[Int(i.b)] = word
        walk[0] = position &+ 1
        steps &-= Int64(i.d)
        place += i.distance
        return unpack(word, Int(place[-1].c), machine) && steps >= 0
    }

    /// Charges the steps of a block; false where they are used up.
    @inline(__always)
    static func charge(_ steps: inout Int64, _ i: Instruction) -> Bool {
        steps &-= Int64(i.number)
        return steps >= 0
    }

    /// Goes on at a distance if a condition holds, else charges `d` steps.
    @inline(__always)
    static func go(
        _ holds: Bool, _ place: inout UnsafePointer<Instruction>, _ steps: inout Int64, _ i: Instruction
    ) {
        if holds { place += i.distance } else { steps &-= Int64(i.d) }
    }

    /// Goes on at a place if a list is empty, or if it is not, else charges `d` steps; false where the word is no list.
    @inline(__always)
    static func byCount(
        _ list: Int64, _ i: Instruction, _ place: inout UnsafePointer<Instruction>, _ steps: inout Int64,
        _ machine: MachinePointer
    ) -> Bool {
        guard list >= 0 else { return false }
        if Lists.elements(list, machine).isEmpty == (i.operation == .jumpIfEmpty) {
            place = machine.pointee.instructions + i.number
        } else {
            steps &-= Int64(i.d)
        }
        return true
    }

    /// Reads a table; false where no row fits or the steps are used up.
    @inline(__always)
    static func table(_ i: Instruction, _ steps: inout Int64, _ machine: MachinePointer) -> Bool {
        machine.pointee.flatTables[Int(i.c)].read(i, &steps, machine)
    }

    /// Records a site and up to two registers; false where the trail is full or the steps are used up.
    @inline(__always)
    static func note(_ words: Registers, _ i: Instruction, _ steps: Int64, _ machine: MachinePointer) -> Bool {
        steps >= 0 && machine.pointee.trail.add(Int64(i.a), words[Int(i.b)], words[Int(i.c)], count: Int(i.d))
    }

    /// Records a site and the registers of a list; false where the trail is full or the steps are used up.
    @inline(__always)
    static func notes(_ words: Registers, _ i: Instruction, _ steps: Int64, _ machine: MachinePointer) -> Bool {
        guard steps >= 0 else { return false }
        let start = machine.pointee.listStarts[Int(i.c)]
        let count = machine.pointee.listStarts[Int(i.c) &+ 1] &- start
        return machine.pointee.trail.add(Int64(i.a), machine.pointee.listFields + start, count: count, from: words)
    }

    @inline(__always)
    static func call(
        _ place: inout UnsafePointer<Instruction>, _ i: Instruction, _ machine: MachinePointer
    ) -> Bool {
        let depth = machine.pointee.depth
        guard depth < MachineState.callLimit else { return false }
        machine.pointee.calls[depth] = Int32(truncatingIfNeeded: place - machine.pointee.instructions)
        machine.pointee.depth = depth &+ 1
        place = machine.pointee.instructions + i.number
        return true
    }

    @inline(__always)
    static func goBack(_ place: inout UnsafePointer<Instruction>, _ machine: MachinePointer) {
        let depth = machine.pointee.depth &- 1
        machine.pointee.depth = depth
        place = machine.pointee.instructions + Int(machine.pointee.calls[max(0, depth)])
    }
}
