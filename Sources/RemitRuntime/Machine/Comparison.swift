import RemitValues

/// Comparison by shape: texts, parties, records and lists, which do not compare as they stand.
enum Comparison {
    static func perform(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        let left = words[Int(i.b)]
        let right = words[Int(i.c)]
        let shape = machine.pointee.shape(Int(i.b))
        if machine.pointee.shapes[shape].kind == .text,
            machine.pointee.shapes[machine.pointee.shape(Int(i.c))].kind == .text
        {
            return compareTexts(i, left, right, machine)
        }
        switch i.operation {
        case .isSameFree, .isBeforeOrSameFree: break
        default:
            let steps = work(left, shape, machine) &+ work(right, machine.pointee.shape(Int(i.c)), machine)
            if !machine.pointee.charge(steps) { return .steps }
        }
        let holds: Bool
        switch i.operation {
        case .isSame, .isSameFree: holds = areSame(left, right, shape, machine)
        case .isDifferent: holds = !areSame(left, right, shape, machine)
        case .isBefore: holds = order(left, right, shape, machine) < 0
        default: holds = order(left, right, shape, machine) <= 0
        }
        words[Int(i.a)] = holds ? 1 : 0
        return .proceed
    }

    /// The same for two texts, which most of what does not compare as it stands is.
    private static func compareTexts(
        _ i: InstructionPointer, _ left: Int64, _ right: Int64, _ machine: MachinePointer
    ) -> Exit {
        if i.operation != .isSameFree, i.operation != .isBeforeOrSameFree {
            let work = textWork(left) &+ textWork(right)
            if work > 0, !machine.pointee.charge(work) { return .steps }
        }
        let areThere = left != absentWord && right != absentWord
        let holds: Bool
        switch i.operation {
        case .isSame, .isSameFree: holds = left == right || (areThere && machine.pointee.bytes.areSame(left, right))
        case .isDifferent: holds = left != right && !(areThere && machine.pointee.bytes.areSame(left, right))
        default:
            let order = order(ofTexts: left, right, machine)
            holds = i.operation == .isBefore ? order < 0 : order <= 0
        }
        machine.pointee.registers[Int(i.a)] = holds ? 1 : 0
        return .proceed
    }

    /// The jumps by two texts of which one is long, absent or at the end of the arena.
    static func jump(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let (left, right) = (machine.pointee.registers[i.a], machine.pointee.registers[i.b])
        let work = textWork(left) &+ textWork(right)
        if work > 0, !machine.pointee.charge(work) { return .steps }
        let order = order(ofTexts: left, right, machine)
        let holds =
            switch i.operation {
            case .jumpSameText: order == 0
            case .jumpDifferentText: order != 0
            case .jumpBeforeText: order < 0
            default: order <= 0
            }
        if holds { machine.pointee.next += i.distance } else { machine.pointee.steps &-= Int64(i.d) }
        return .proceed
    }

    private static func textWork(_ word: Int64) -> Int { word == absentWord ? 0 : TextWord.count(word) / 32 }

    /// The order of two texts that may be absent, which comes first.
    private static func order(ofTexts left: Int64, _ right: Int64, _ machine: MachinePointer) -> Int {
        if left == right { return 0 }
        if left == absentWord { return -1 }
        return right == absentWord ? 1 : machine.pointee.bytes.order(left, right)
    }

    /// What comparing a value costs beyond the step of the operator.
    static func work(_ word: Int64, _ shape: Int, _ machine: MachinePointer) -> Int {
        if word == absentWord { return 0 }
        let shape = machine.pointee.shapes[shape]
        switch shape.kind {
        case .text: return TextWord.count(word) / 32
        case .record:
            let count = Int(shape.fieldCount)
            guard machine.pointee.words.holds(Int(word), count) else { return 0 }
            var total = count
            for index in 0..<count {
                let field = machine.pointee.fieldShape(shape, index)
                total += work(machine.pointee.words.base[Int(word) + index], field, machine)
            }
            return total
        case .list, .set, .quorum:
            let list = Lists.elements(word, machine)
            var total = list.count
            if machine.pointee.shapes[Int(shape.element)].isPlain { return total }
            for place in list { total += work(machine.pointee.words.base[place], Int(shape.element), machine) }
            return total
        case .map:
            // Each entry counts once, with its key and its value.
            let list = Lists.elements(word, machine)
            return list.reduce(0) { total, place in
                total + work(machine.pointee.words.base[place], Int(shape.element), machine) - 1
            }
        default: return 0
        }
    }

    static func areSame(_ left: Int64, _ right: Int64, _ shape: Int, _ machine: MachinePointer) -> Bool {
        if left == right { return true }
        let shape = machine.pointee.shapes[shape]
        if shape.isPlain || left == absentWord || right == absentWord { return false }
        switch shape.kind {
        case .text, .label, .reference: return machine.pointee.bytes.areSame(left, right)
        case .document: return DocumentWord.order(left, right, machine) == 0
        case .party: return (left ^ right) & 1 == 0 && machine.pointee.bytes.areSame(left & ~1, right & ~1)
        case .decimal: return Exact.order(left, right, machine) == 0
        case .record:
            let base = machine.pointee.words.base
            let count = Int(shape.fieldCount)
            guard machine.pointee.words.holds(Int(left), count), machine.pointee.words.holds(Int(right), count)
            else { return false }
            for index in 0..<count {
                let field = machine.pointee.fieldShape(shape, index)
                if !areSame(base[Int(left) + index], base[Int(right) + index], field, machine) { return false }
            }
            return true
        case .list, .set, .map, .quorum:
            let element = Int(shape.element)
            let first = Lists.elements(left, machine)
            let second = Lists.elements(right, machine)
            guard first.count == second.count else { return false }
            let base = machine.pointee.words.base
            for (one, other) in zip(first, second) where !areSame(base[one], base[other], element, machine) {
                return false
            }
            return true
        default: return false
        }
    }

    /// Below zero where left comes first in the total order over values, above where it comes last.
    static func order(_ left: Int64, _ right: Int64, _ index: Int, _ machine: MachinePointer) -> Int {
        if left == right { return 0 }
        if left == absentWord { return -1 }
        if right == absentWord { return 1 }
        let shape = machine.pointee.shapes[index]
        switch shape.kind {
        case .text, .label, .reference: return machine.pointee.bytes.order(left, right)
        case .term: return TermWord.order(left, right)
        case .document: return DocumentWord.order(left, right, machine)
        case .party:
            let kinds = (left & 1) - (right & 1)
            return kinds != 0 ? Int(kinds) : machine.pointee.bytes.order(left & ~1, right & ~1)
        case .decimal: return Exact.order(left, right, machine)
        case .named:
            let ranks = machine.pointee.code._withUnsafeGuaranteedRef { $0.ranks(of: Int(shape.element)) }
            guard ranks.indices.contains(Int(left)), ranks.indices.contains(Int(right)) else { return 0 }
            return ranks[Int(left)] < ranks[Int(right)] ? -1 : 1
        case .record:
            let count = Int(shape.fieldCount)
            guard machine.pointee.words.holds(Int(left), count), machine.pointee.words.holds(Int(right), count) else {
                return 0
            }
            for index in 0..<count {
                let base = machine.pointee.words.base
                let field = machine.pointee.fieldShape(shape, index)
                let found = order(base[Int(left) + index], base[Int(right) + index], field, machine)
                if found != 0 { return found }
            }
            return 0
        case .list, .set, .map, .quorum:
            let element = Int(shape.element)
            let first = Lists.elements(left, machine)
            let second = Lists.elements(right, machine)
            for (one, other) in zip(first, second) {
                let base = machine.pointee.words.base
                let found = order(base[one], base[other], element, machine)
                if found != 0 { return found }
            }
            return first.count == second.count ? 0 : first.count < second.count ? -1 : 1
        default: return left < right ? -1 : 1
        }
    }
}
