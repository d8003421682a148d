import RemitLanguage
import RemitValues

/// Looks at the tables of code that was read from bytes: what the verifier and the machine take for granted of code
/// that was lowered a moment ago must hold of them too.
struct CodeSoundness {
    private let draft: CodeDraft
    private let program: CheckedProgram

    init(_ draft: CodeDraft, _ program: CheckedProgram) {
        self.draft = draft
        self.program = program
    }

    var isSound: Bool {
        areShapesSound && areCountsSound && areRegistersSound && arePlacesSound && areTablesSound && areSitesSound
            && areInstructionsSound && areWordsSound && CodeProgress(draft).isBounded
    }

    private func isShape(_ index: Int) -> Bool { draft.shapes.indices.contains(index) }
    private func isPlace(_ place: Int32) -> Bool { draft.instructions.indices.contains(Int(place)) }

    /// Registers that exist, follow each other and are no constants.
    private func areRegisters(_ first: UInt16, _ count: Int) -> Bool {
        let end = Int(first) + count
        guard count >= 0, end <= draft.registers.count, end <= draft.isConstant.count else { return false }
        return !draft.isConstant[Int(first)..<end].contains(true)
    }

    private func recordFields(_ shape: Int) -> Int? {
        guard isShape(shape), case .record(let fields, _) = draft.shapes[shape].kind else { return nil }
        return fields.count
    }

    // MARK: Shapes

    /// Parts stand before the whole, so that no shape holds itself, and values nest no deeper than they are read.
    private var areShapesSound: Bool {
        var depths: [Int] = []
        for (index, shape) in draft.shapes.enumerated() {
            var depth = 1
            switch shape.kind {
            case .list(let element), .set(let element), .quorum(let element):
                guard (0..<index).contains(element) else { return false }
                depth += depths[element]
            case .record(let fields, let record):
                guard fields.allSatisfy((0..<index).contains) else { return false }
                depth += fields.map { depths[$0] }.max() ?? 0
                if record == -1 { break }
                guard program.records.indices.contains(record), program.records[record].fields.count == fields.count
                else { return false }
            case .map(let entry):
                guard (0..<index).contains(entry), case .record(let parts, -1) = draft.shapes[entry].kind,
                    parts.count == 2
                else { return false }
                depth += depths[entry]
            case .reference(let contract): guard program.others.indices.contains(contract) else { return false }
            case .named(let list): guard draft.names.indices.contains(list) else { return false }
            default: break
            }
            guard depth <= Limits.encodedDepth else { return false }
            depths.append(depth)
        }
        return draft.registerShapes.allSatisfy { isShape(Int($0)) }
    }

    // MARK: Counts

    /// Every part of the program has its part in the code.
    private var areCountsSound: Bool {
        let entries = draft.entries
        let actions = program.actions
        guard entries.actions.count == actions.count, entries.onlyOpening.count == actions.count,
            entries.parameters.count == actions.count, entries.actionShapes.count == actions.count,
            zip(entries.actionShapes, actions).allSatisfy({ $0.count == $1.enters.count + $1.parameters.count }),
            entries.onlyOpening.allSatisfy({ $0 == absentWord || (0..<Int64(program.states.count)).contains($0) })
        else { return false }
        let registers = program.registers
        guard entries.keyShapes.count == registers.count, entries.rowShapes.count == registers.count,
            entries.rowInvariants.count == registers.count,
            zip(entries.keyShapes, registers).allSatisfy({ $0.count == $1.keys.count }),
            zip(entries.rowInvariants, registers).allSatisfy({ $0.count == $1.invariants.count }),
            zip(entries.rowShapes, registers).allSatisfy({
                recordFields($0) == program.records[$1.row].fields.count
            })
        else { return false }
        return entries.entering.count == program.states.count && entries.invariants.count == program.invariants.count
            && entries.uniqueRefusals.count == program.uniqueKeys.count
            && entries.uniqueShapes.count == program.uniqueKeys.count
            && entries.fieldShapes.count == program.caseFields.count && draft.starts.count == program.caseFields.count
            && entries.deadlineStarts.count == program.deadlines.count
            && entries.deadlineBodies.count == program.deadlines.count
            && entries.openings.count == program.approvals.count
            && entries.outcomes.count == 3 * program.approvals.count && entries.funds == program.funds.count
            && entries.groups == program.checks.count && draft.timezone == program.timezone
            && (entries.writtenCount == 0 || entries.writtenCount == program.caseFields.count)
            && draft.names.map(\.count) == nameCounts && draft.nameWords.map(\.count) == nameCounts
    }

    private var nameCounts: [Int] {
        [program.states.count, Code.verdictNames.count, Code.outcomeNames.count]
            + program.enumerations.map(\.cases.count) + program.others.map(\.states.count)
    }

    // MARK: Registers and places

    private var areRegistersSound: Bool {
        let entries = draft.entries
        let single = [
            entries.state, entries.target, entries.actor, entries.organisation, entries.now, entries.today,
            entries.reference, entries.answer, entries.candidate, entries.principal,
        ]
        guard draft.registers.count == draft.registerShapes.count, draft.registers.count == draft.isConstant.count,
            draft.registers.count <= Int(UInt16.max), single.allSatisfy({ areRegisters($0, 1) }),
            areRegisters(entries.fields, program.caseFields.count), areRegisters(entries.verdicts, entries.groups),
            areRegisters(entries.written, entries.writtenCount)
        else { return false }
        let forms = zip(entries.parameters, program.actions).allSatisfy { first, action in
            areRegisters(first, action.parameters.count + (action.opens.isEmpty ? action.enters.count : 0))
        }
        let rows = zip(entries.rowInvariants, program.registers).allSatisfy { list, register in
            let count = register.keys.count + program.records[register.row].fields.count
            return list.allSatisfy { areRegisters($0.base, count) && isPlace($0.entry) }
        }
        let keys = entries.uniqueRefusals.allSatisfy {
            $0.entry == -1 || (areRegisters($0.register, 1) && isPlace($0.entry))
        }
        let maps = draft.fieldMaps.allSatisfy { $0.pairs.allSatisfy { areRegisters($0.register, 1) } }
        return forms && rows && keys && maps && zip(draft.registers, draft.isConstant).allSatisfy { $1 || $0 == 0 }
    }

    /// Nothing that is run from outside comes to a return: there would be nowhere to go back to.
    private var arePlacesSound: Bool {
        let entries = draft.entries
        var pending =
            entries.actions + entries.entering + entries.invariants + entries.rowInvariants.flatMap { $0.map(\.entry) }
            + entries.uniqueRefusals.map(\.entry) + entries.deadlineStarts + entries.deadlineBodies + entries.openings
            + entries.outcomes + [entries.begin]
        var handled: [Int: Int32] = [:]
        for handler in draft.handlers {
            guard handler.start >= 0, handler.start < handler.end, Int(handler.end) <= draft.instructions.count else {
                return false
            }
            for place in handler.start..<handler.end {
                guard handled.updateValue(handler.target, forKey: Int(place)) == nil else { return false }
            }
        }
        var seen = [Bool](repeating: false, count: draft.instructions.count)
        while let next = pending.popLast() {
            let place = Int(next)
            guard seen.indices.contains(place), !seen[place] else { continue }
            seen[place] = true
            let instruction = draft.instructions[place]
            if instruction.operation == .returns { return false }
            if let target = handled[place] { pending.append(target) }
            switch (instruction.operation, instruction.operation.operands.place) {
            case (.call, _), (.runChecks, _): break
            case (_, .absolute): pending.append(Int32(truncatingIfNeeded: instruction.number))
            case (_, .distance): pending.append(Int32(truncatingIfNeeded: place + 1 + instruction.distance))
            default: break
            }
            switch instruction.operation {
            case .jump, .each, .halt: break
            case .select:
                let places = Int(instruction.b)..<Int(instruction.b) + Int(instruction.c)
                for index in places where draft.jumps.indices.contains(index) { pending.append(draft.jumps[index]) }
            default: pending.append(next + 1)
            }
        }
        return true
    }

    // MARK: Tables and sites

    private var areTablesSound: Bool {
        draft.tables.allSatisfy(isSound)
            && draft.parameters.allSatisfy { !$0.values.isEmpty && $0.periods.count == $0.values.count }
    }

    private func isSound(_ table: TableCode) -> Bool {
        var rows = 0
        for section in table.sections {
            guard section.firstRow == rows, (0...Limits.tableRows).contains(section.rowCount),
                section.columns.count == table.inputShapes.count,
                section.columns.allSatisfy({ isSound($0, section.rowCount) }), isSearchSound(section)
            else { return false }
            rows += section.rowCount
        }
        guard table.inputShapes.allSatisfy(isShape), !table.sections.isEmpty else { return false }
        return table.fixed.map { fixed in
            fixed.count == rows && fixed.allSatisfy { (0...Int64(Int32.max)).contains($0.cost) }
        } ?? true
    }

    private func isSound(_ column: TableColumnCode, _ rows: Int) -> Bool {
        let steps =
            switch column.classes {
            case .direct(let count): count
            case .steps(let list), .texts(let list), .parties(let list): list.count
            case .decimals(let list): list.count
            }
        return column.count >= 1 && column.count - 1 == steps && column.starts.count == rows + 1
            && column.starts.first == 0 && Int(column.starts.last ?? -1) == column.accepted.count
            && zip(column.starts, column.starts.dropFirst()).allSatisfy { $0 <= $1 }
            && column.accepted.allSatisfy { $0.lowerBound >= 0 && Int($0.upperBound) < column.count }
    }

    private func isSearchSound(_ section: TableCode.Section) -> Bool {
        let rows = Int32(section.rowCount)
        switch section.search {
        case .dense(let found, let strides):
            guard strides.count == section.columns.count else { return false }
            var size = 1
            for (column, stride) in zip(section.columns, strides) {
                guard stride == size, column.count <= found.count, size <= found.count else { return false }
                size *= column.count
            }
            return size == found.count && found.allSatisfy { (-1..<rows).contains($0) }
        case .candidates(let column, let lists):
            return section.columns.indices.contains(column) && lists.count == section.columns[column].count
                && lists.allSatisfy { $0.allSatisfy((0..<rows).contains) }
        case .rowByRow: return true
        }
    }

    private var areSitesSound: Bool {
        let rows = draft.rows.allSatisfy { row in
            guard draft.entries.rowShapes.indices.contains(row.register) else { return false }
            return (0..<(recordFields(draft.entries.rowShapes[row.register]) ?? 0)).contains(row.field)
        }
        let transfers = draft.transfers.allSatisfy { site in
            guard program.funds.indices.contains(site.fund) else { return false }
            if case .own(let other) = site.target { return program.funds.indices.contains(other) }
            return true
        }
        let others = draft.others.allSatisfy { site in
            program.others.indices.contains(site.contract) && isShape(site.shape)
                && (site.field == -1 || program.others[site.contract].fields.indices.contains(site.field))
        }
        return rows && transfers && others && draft.conformances.allSatisfy { isShape($0.shape) }
            && draft.fieldLists.joined().allSatisfy((0...Int(UInt16.max)).contains)
            && draft.checks.allSatisfy { Int($0.group) < draft.entries.groups }
            && draft.entries.fieldShapes.allSatisfy(isShape) && draft.entries.uniqueShapes.joined().allSatisfy(isShape)
            && draft.entries.actionShapes.joined().allSatisfy(isShape)
            && draft.entries.keyShapes.joined().allSatisfy(isShape) && draft.depth >= 0
    }

    // MARK: Instructions

    /// What an instruction names that the verifier does not look at.
    private var areInstructionsSound: Bool {
        draft.instructions.allSatisfy { i in
            switch i.operation {
            case .charge, .build: return i.number >= 0
            case .holds: return Int(i.c) < program.roles.count
            case .finding: return i.d & 1 == 0 || areRegisters(i.b, 3)
            // Only code that is made for tracing leaves a trail, and that is not kept.
            case .note, .noteList: return false
            case .round, .quotient: return RoundingCode.places(i.d) <= ExactDecimal.maximumScale
            case .widen, .multiplyWidened, .multiplyThenAdd: return Int(i.d) <= ExactDecimal.maximumScale
            case .sharesFields: return areFieldsShared(i)
            default: return true
            }
        }
    }

    private func areFieldsShared(_ i: Instruction) -> Bool {
        guard draft.registerShapes.indices.contains(Int(i.b)), draft.fieldLists.indices.contains(Int(i.c)) else {
            return false
        }
        let element: Int
        switch draft.shapes[Int(draft.registerShapes[Int(i.b)])].kind {
        case .list(let shape), .set(let shape): element = shape
        default: return false
        }
        guard let count = recordFields(element) else { return false }
        return draft.fieldLists[Int(i.c)].allSatisfy((0..<count).contains)
    }

    // MARK: Words

    private var areWordsSound: Bool {
        var looks = WordSoundness(draft: draft)
        for (index, word) in draft.registers.enumerated() where draft.isConstant[index] {
            guard looks.isSound(word, Int(draft.registerShapes[index])) else { return false }
        }
        for (word, shape) in zip(draft.starts, draft.entries.fieldShapes) where word != absentWord {
            guard looks.isSound(word, shape) else { return false }
        }
        guard areRuleWordsSound(&looks) else { return false }
        for word in draft.nameWords.joined() where !looks.isText(word) { return false }
        for column in draft.tables.flatMap(\.sections).flatMap(\.columns) {
            switch column.classes {
            case .direct, .steps: break
            case .texts(let texts): guard texts.allSatisfy(looks.isText) else { return false }
            case .parties(let parties): guard parties.allSatisfy({ looks.isText($0 & ~1) }) else { return false }
            case .decimals(let points): guard points.allSatisfy({ looks.isDecimal($0.word) }) else { return false }
            }
        }
        return true
    }

    /// The words of parameters and of tables' rows: of what shape they are, the instructions say that read them.
    private func areRuleWordsSound(_ looks: inout WordSoundness) -> Bool {
        var seen: Set<[Int]> = []
        for i in draft.instructions where draft.registerShapes.indices.contains(Int(i.a)) {
            let shape = Int(draft.registerShapes[Int(i.a)])
            let index = Int(i.c)
            switch i.operation {
            case .parameter:
                guard draft.parameters.indices.contains(index), seen.insert([0, index, shape]).inserted else {
                    continue
                }
                for word in draft.parameters[index].values where !looks.isSound(word, shape) { return false }
            case .tableValue, .tableFixed:
                guard draft.tables.indices.contains(index), seen.insert([1, index, shape]).inserted else { continue }
                for row in draft.tables[index].fixed ?? [] where !looks.isSound(row.word, shape) { return false }
            default: break
            }
        }
        return true
    }
}
