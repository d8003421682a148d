import RemitValues

/// The loop of the register machine.
///
/// It holds no reference and makes no value of its own. What an instruction does in the usual case is done here, from
/// registers to registers; every other case, and all that needs more than registers, is left to `Rest`, the one call of
/// the loop, so that the place and the steps stay in registers of the processor. What needs the world outside ends the
/// loop for a moment. The verifier has seen to it that every register, place and table entry named by an instruction
/// exists.
enum Loop {
    /// Runs from the state's place until something ends it; the place is then behind the instruction that did.
    @inline(never)
    static func run(_ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        var next = machine.pointee.next
        var steps = machine.pointee.steps
        while true {
            let i = next
            next += 1
            // A case that does not go on with the next instruction is left to what stands behind the switch.
            switch i.operation {
            case .charge: if Step.charge(i.number, &steps) { continue }
            case .jump: if Step.jump(true, i, &next, &steps, machine) { continue }
            case .jumpIf: if Step.jump(words[i.a] != 0, i, &next, &steps, machine) { continue }
            case .jumpUnless: if Step.jump(words[i.a] == 0, i, &next, &steps, machine) { continue }
            case .jumpIfAbsent: if Step.jump(words[i.a] == absentWord, i, &next, &steps, machine) { continue }
            case .jumpIfPresent: if Step.jump(words[i.a] != absentWord, i, &next, &steps, machine) { continue }
            case .jumpIfEmpty, .jumpUnlessEmpty: if Step.jumpByCount(words, i, &next, &steps, machine) { continue }
            case .jumpEqual: if Step.go(words[i.a] == words[i.b], i, &next, &steps) { continue }
            case .jumpUnequal: if Step.go(words[i.a] != words[i.b], i, &next, &steps) { continue }
            case .jumpLess: if Step.go(words[i.a] < words[i.b], i, &next, &steps) { continue }
            case .jumpLessOrEqual: if Step.go(words[i.a] <= words[i.b], i, &next, &steps) { continue }
            case .jumpEqualDecimal: if Step.goDecimal(words, i, &next, &steps, { $0 == $1 }) { continue }
            case .jumpUnequalDecimal: if Step.goDecimal(words, i, &next, &steps, { $0 != $1 }) { continue }
            case .jumpLessDecimal: if Step.goDecimal(words, i, &next, &steps, { $0 < $1 }) { continue }
            case .jumpLessOrEqualDecimal: if Step.goDecimal(words, i, &next, &steps, { $0 <= $1 }) { continue }
            case .jumpSameText, .jumpDifferentText: if Step.goSame(words, i, &next, &steps, machine) { continue }
            case .jumpBeforeText, .jumpUpToText: if Step.goBefore(words, i, &next, &steps, machine) { continue }
            case .select: if Step.select(words[i.a], i, &next, machine) { continue }
            case .call: if Step.call(i, &next, &steps, machine) { continue }
            case .runChecks: if Step.runChecks(i, &next, &steps, machine) { continue }
            case .returns: if Step.goBack(&next, machine) { continue }
            case .move: if Step.put(words[i.b], words, i) { continue }
            case .moveTwo: if Step.moveTwo(words, i, &next) { continue }
            case .moveThenTable: if Step.moveThenTable(words, i, &next, &steps, machine) { continue }
            case .moveTwoThenTable: if Step.moveTwoThenTable(words, i, &next, &steps, machine) { continue }
            case .load: if Step.load(words, i, machine) { continue }
            case .unpack: if Step.unpack(words[i.a], i, words, machine) { continue }
            case .each: if Step.each(words, i, &next, &steps, machine) { continue }
            case .next: if Step.next(words, i, &next, &steps, machine) { continue }
            case .nextRecord: if Step.nextRecord(words, i, &next, &steps, machine) { continue }
            case .tableFixed: if Step.table(words, i, &steps, machine) { continue }
            case .addInteger: if Step.add(words, i) { continue }
            case .subtractInteger: if Step.subtract(words, i) { continue }
            case .multiplyInteger: if Step.multiply(words, i) { continue }
            case .leastInteger: if Step.put(min(words[i.b], words[i.c]), words, i) { continue }
            case .greatestInteger: if Step.put(max(words[i.b], words[i.c]), words, i) { continue }
            case .isEqual: if Step.put(words[i.b] == words[i.c] ? 1 : 0, words, i) { continue }
            case .isLess: if Step.put(words[i.b] < words[i.c] ? 1 : 0, words, i) { continue }
            case .not: if Step.put(words[i.a] ^ 1, words, i) { continue }
            case .addDecimal: if Step.put(DecimalWord.sum(words[i.b], words[i.c]), words, i) { continue }
            case .subtractDecimal: if Step.put(DecimalWord.difference(words[i.b], words[i.c]), words, i) { continue }
            case .multiplyDecimal: if Step.put(DecimalWord.product(words[i.b], words[i.c]), words, i) { continue }
            case .multiplyWidened: if Step.multiplyWidened(words, i) { continue }
            case .multiplyThenAdd: if Step.multiplyThenAdd(words, i, &next) { continue }
            case .leastDecimal: if Step.chooseDecimal(words, i, { $0 < $1 }) { continue }
            case .greatestDecimal: if Step.chooseDecimal(words, i, { $1 < $0 }) { continue }
            case .isEqualDecimal: if Step.isDecimal(words, i, { $0 == $1 }) { continue }
            case .widen: if Step.put(DecimalWord.inline(words[i.b], places: Int64(i.d)), words, i) { continue }
            case .round: if Step.round(words, i) { continue }
            case .finding: if Checking.find(words, i, machine) { continue }
            case .verdict: if words[i.a] != absentWord { continue }
            case .note, .noteList: if Step.note(words, i, steps, machine) { continue }
            default: break
            }
            (machine.pointee.next, machine.pointee.steps) = (next, steps)
            let exit = Rest.perform(i, machine)
            (next, steps) = (machine.pointee.next, machine.pointee.steps)
            // A jump charges without looking: whatever comes after the budget was passed did not happen.
            if exit != .proceed { return steps < 0 ? .steps : exit }
        }
    }
}
