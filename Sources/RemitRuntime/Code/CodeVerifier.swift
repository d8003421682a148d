import RemitValues

/// Looks at code before it runs: the loop trusts every register, place and table entry that an instruction names.
struct CodeVerifier {
    private let code: Code

    init(_ code: Code) { self.code = code }

    /// What is wrong with the code; nil where nothing is.
    func problem() -> String? {
        guard code.registers.count == code.registerShapes.count, code.registers.count == code.isConstant.count else {
            return "the registers have no shapes"
        }
        guard code.spans.count == code.instructions.count else { return "the instructions have no places" }
        for (place, instruction) in code.instructions.enumerated() {
            if let found = problem(instruction, place) { return "\(place): \(found)" }
        }
        guard let last = code.instructions.last else { return "there is no code" }
        switch last.operation {
        case .halt, .returns, .jump, .misfit, .refuse: break
        default: return "the code runs over its end"
        }
        for pair in code.fieldMaps.flatMap(\.pairs)
        where !isRegister(pair.register) || code.isConstant[Int(pair.register)] {
            return "there is no register \(pair.register) for a field"
        }
        for target in code.jumps where !isPlace(target) { return "a jump leads out of the code" }
        for handler in code.handlers
        where !isPlace(handler.target) || handler.start > handler.end
            || (handler.walk != .max && !isWalk(handler.walk))
        {
            return "a handler leads out of the code"
        }
        return entries()
    }

    private func isPlace(_ place: Int32) -> Bool { place >= 0 && Int(place) < code.instructions.count }
    private func isRegister(_ register: UInt16) -> Bool { Int(register) < code.registers.count }
    private func isWalk(_ register: UInt16) -> Bool { Int(register) + 2 < code.registers.count }

    private func entries() -> String? {
        let entries = code.entries
        let places =
            entries.actions + entries.invariants + entries.entering.filter { $0 != -1 } + entries.deadlineStarts
            + entries.deadlineBodies + entries.openings + entries.outcomes + [entries.begin]
        for place in places where !isPlace(place) { return "a part of the program is not in the code" }
        let fields = Int(entries.fields) + entries.fieldShapes.count
        let verdicts = Int(entries.verdicts) + entries.groups
        guard fields <= code.registers.count, verdicts <= code.registers.count else {
            return "the case has no registers"
        }
        return nil
    }

    private func problem(_ instruction: Instruction, _ place: Int) -> String? {
        let operands = instruction.operation.operands
        switch operands.place {
        case .none, .number: break
        case .absolute:
            guard isPlace(Int32(truncatingIfNeeded: instruction.number)) else { return "the jump leads nowhere" }
        case .distance:
            guard isPlace(Int32(place + 1 + instruction.distance)) else { return "the jump leads nowhere" }
        }
        if instruction.operation == .nextRecord,
            code.instructions[max(0, place + instruction.distance)].operation != .unpack
        {
            return "the record is not taken before the place"
        }
        if instruction.operation == .multiplyThenAdd,
            !code.instructions.indices.contains(place + 1) || code.instructions[place + 1].operation != .addDecimal
        {
            return "no addition stands behind the product"
        }
        if let found = problem(behind: instruction.operation, place) { return found }
        if instruction.operation == .composeThenFind,
            !code.instructions.indices.contains(place + 1) || code.instructions[place + 1].operation != .finding
        {
            return "no finding stands behind the text"
        }
        if instruction.operation == .finding, instruction.d & 1 == 1, !isWalk(instruction.b) {
            return "there is no walk at register \(instruction.b)"
        }
        let parts = [(operands.a, instruction.a), (operands.b, instruction.b), (operands.c, instruction.c)]
        if instruction.operation == .tableFixed, code.tables.indices.contains(Int(instruction.c)),
            !code.tables[Int(instruction.c)].isFlat
        {
            return "the table is not found by classes alone"
        }
        for (part, number) in parts {
            if let found = problem(part, number, instruction) { return found }
        }
        return nil
    }

    /// What is wrong with the instructions that a move takes with it.
    private func problem(behind operation: Operation, _ place: Int) -> String? {
        func follows(_ distance: Int) -> Operation? {
            let index = place + distance
            return code.instructions.indices.contains(index) ? code.instructions[index].operation : nil
        }
        func isMove(_ operation: Operation?) -> Bool {
            switch operation {
            case .move, .moveTwo, .moveThenTable, .moveTwoThenTable: true
            default: false
            }
        }
        switch operation {
        case .moveTwo where !isMove(follows(1)): return "no move stands behind the move"
        case .moveThenTable where follows(1) != .tableFixed: return "no table stands behind the move"
        case .moveTwoThenTable where !isMove(follows(1)) || follows(2) != .tableFixed:
            return "no move and table stand behind the move"
        default: return nil
        }
    }

    private func problem(_ part: Operands.Part, _ number: UInt16, _ instruction: Instruction) -> String? {
        switch part {
        case .unused, .count: return nil
        case .read: return isRegister(number) ? nil : "there is no register \(number)"
        case .write:
            guard isRegister(number) else { return "there is no register \(number)" }
            return code.isConstant[Int(number)] ? "register \(number) is a constant" : nil
        case .readWalk, .writeWalk:
            guard isWalk(number) else { return "there is no walk at register \(number)" }
            return (0...2).contains { code.isConstant[Int(number) + $0] } ? "register \(number) is a constant" : nil
        case .writePair:
            guard Int(number) + 1 < code.registers.count else { return "there are no registers from \(number)" }
            return (0...1).contains { code.isConstant[Int(number) + $0] } ? "register \(number) is a constant" : nil
        case .block:
            return Int(number) + blockLength(instruction) <= code.registers.count
                ? nil : "there are no registers from \(number)"
        default: return entry(part, Int(number), instruction)
        }
    }

    private func entry(_ part: Operands.Part, _ number: Int, _ instruction: Instruction) -> String? {
        let count: Int
        switch part {
        case .fieldMap: count = code.fieldMaps.count
        case .fieldList: count = code.fieldLists.count
        case .pattern: count = code.patterns.count
        case .refusal: count = code.refusals.count
        case .conformance: count = code.conformances.count
        case .row: count = code.rows.count
        case .table: count = code.tables.count
        case .parameter: count = code.parameters.count
        case .check: count = code.checks.count
        case .group: count = code.entries.groups
        case .register: count = code.entries.rowShapes.count
        case .action: count = code.entries.actions.count
        case .fund: count = code.entries.funds
        case .transfer: count = code.transfers.count
        case .deadline: count = code.entries.deadlineStarts.count
        case .approval: count = code.entries.openings.count
        case .caseField: count = code.entries.fieldShapes.count
        case .other: count = code.others.count
        case .jumpTable: return number + Int(instruction.c) <= code.jumps.count ? nil : "the branches lead nowhere"
        case .registerList:
            let isSound =
                code.fieldLists.indices.contains(number) && code.fieldLists[number].count <= Limits.registerList
                && code.fieldLists[number].allSatisfy { code.registers.indices.contains($0) }
            return isSound ? nil : "there is no such list of registers"
        default: return nil
        }
        return number < count ? nil : "entry \(number) of \(count) does not exist"
    }

    /// How many registers an instruction reads from its block.
    private func blockLength(_ instruction: Instruction) -> Int {
        let c = Int(instruction.c)
        switch instruction.operation {
        case .makeDate, .openRound: return 3
        case .makeRecord, .makeList, .makeSet: return c
        case .makeMap: return 2 * c
        case .putEntry: return 4
        case .tableRow, .tableValue, .tableFixed:
            return code.tables.indices.contains(c)
                ? code.tables[c].inputShapes.count + (code.tables[c].isDated ? 1 : 0) : 0
        case .lookup, .noRow: return code.entries.keyShapes.indices.contains(c) ? code.entries.keyShapes[c].count : 0
        case .writeRow:
            guard code.rows.indices.contains(c) else { return 0 }
            return code.entries.keyShapes[code.rows[c].register].count
        default: return 1
        }
    }
}

extension Code {
    /// The code, where the verifier finds nothing wrong with it.
    static func verified(_ code: Code) throws(LoweringProblem) -> Code {
        if let problem = CodeVerifier(code).problem() { throw .malformed(problem) }
        return code
    }
}
