import RemitLanguage
import RemitValues

extension Lowering {
    private var nowhere: Span { Span(0, 0) }

    func lowerProgram() throws(LoweringProblem) {
        let states = program.states.map { TextValue($0.name) }
        let declared = program.enumerations.map(\.cases) + program.others.map(\.states)
        draft.names = [states, Code.verdictNames, Code.outcomeNames] + declared.map { $0.map { TextValue($0) } }
        draft.timezone = program.timezone
        draft.nameWords = draft.names.map { $0.map(textWord) }
        try settleRegisters()
        try settleParameters()
        try settleShapes()
        for index in program.actions.indices { try lowerAction(index) }
        try lowerEntering()
        try lowerInvariants()
        try lowerUnique()
        try lowerDeadlines()
        try lowerApprovals()
    }

    /// The registers of what every part of the program reads.
    private func settleRegisters() throws(LoweringProblem) {
        for field in program.caseFields {
            let shape = try shape(field.type)
            fields.append(Slot(register: try register(shape), shape: shape, map: nil))
        }
        fields = fields.map { Slot(register: $0.register, shape: $0.shape, map: fieldMap($0.shape)) }
        let verdict = try shape(.verdict)
        let state = try shape(.state)
        let verdicts = try block(program.checks.map { _ in verdict })
        draft.entries.fields = fields.first?.register ?? 0
        draft.entries.verdicts = verdicts.first ?? 0
        draft.entries.groups = program.checks.count
        draft.entries.state = try register(state)
        draft.entries.target = try register(state)
        draft.entries.actor = try register(try shape(.person))
        draft.entries.organisation = try register(try shape(.organisation))
        draft.entries.now = try register(try shape(.dateTime))
        draft.entries.today = try register(try shape(.date))
        draft.entries.reference = try register(try shape(.text(Limits.textBound)))
        draft.entries.answer = try register(try shape(.boolean))
        draft.entries.candidate = try register(try shape(.optional(.person)))
        draft.entries.principal = try register(try shape(.optional(.person)))
        draft.entries.funds = program.funds.count
        if !program.approvals.isEmpty || program.deadlines.contains(where: { $0.past != nil }) {
            draft.entries.writtenCount = fields.count
            let mark = try shape(.boolean)
            draft.entries.written = try block(fields.map { _ in mark }).first ?? 0
        }
    }

    private func settleParameters() throws(LoweringProblem) {
        for parameter in program.parameters {
            let shape = try shape(parameter.type)
            var words: [Int64] = []
            for entry in parameter.values { words.append(try word(entry.value, shape)) }
            draft.parameters.append(
                Code.ParameterCode(name: parameter.name, periods: parameter.values.map(\.period), values: words))
        }
    }

    private func settleShapes() throws(LoweringProblem) {
        draft.entries.fieldShapes = fields.map(\.shape)
        for (field, slot) in zip(program.caseFields, fields) {
            if let value = field.starts, value != .absent {
                draft.starts.append(try word(value, slot.shape))
            } else {
                draft.starts.append(absentWord)
            }
        }
        for action in program.actions {
            draft.entries.onlyOpening.append(action.opens.count == 1 ? Int64(action.opens[0]) : absentWord)
            var list: [Int] = []
            for field in action.enters { list.append(fields[field].shape) }
            for parameter in action.parameters { list.append(try shape(parameter.type)) }
            draft.entries.actionShapes.append(list)
        }
        for register in program.registers {
            var keys: [Int] = []
            for key in register.keys { keys.append(try shape(key.type)) }
            draft.entries.keyShapes.append(keys)
            draft.entries.rowShapes.append(try shape(.record(register.row)))
        }
        for unique in program.uniqueKeys {
            draft.entries.uniqueShapes.append(unique.fields.map { fields[$0].shape })
        }
    }

    // MARK: Actions

    private func lowerAction(_ index: Int) throws(LoweringProblem) {
        let action = program.actions[index]
        let label = assembler.here()
        actionLabels.append(label)
        let depth = try routine { () throws(LoweringProblem) in
            let all = draft.entries.actionShapes[index]
            // The form of an action on a case waits in registers of its own until the head was judged.
            let waiting = action.opens.isEmpty ? action.enters.count : 0
            let shapes = all.dropFirst(action.enters.count)
            let registers = try block(Array(all.prefix(waiting)) + Array(shapes))
            draft.entries.parameters.append(registers.first ?? 0)
            if waiting == 0 { try noteForm(action) }
            for slot in fields { try copyFields(slot, action.span) }
            for (local, shape) in shapes.enumerated() {
                let slot = Slot(register: registers[waiting + local], shape: shape, map: fieldMap(shape))
                locals[local] = slot
                try copyFields(slot, action.span)
            }
            if !shapes.isEmpty {
                try note(.arguments(index), Array(registers.dropFirst(waiting)), action.span)
            }
            try assembler.charge(action.headCost, action.span)
            try lowerAuthority(action, index)
            for (field, register) in zip(action.enters, registers.prefix(waiting)) {
                move(fields[field].register, register, action.span)
                try markWritten(field, action.span)
                try copyFields(fields[field], action.span)
            }
            if waiting > 0 { try noteForm(action) }
            if namesCases(index) {
                emit(Instruction(.requireCases, 0, 0, try narrow(index, "actions")), action.span)
            }
            try block(action.body, action.span)
            emit(Instruction(.halt), action.span)
        }
        draft.depth = max(draft.depth, depth)
    }

    private func noteForm(_ action: ActionDeclaration) throws(LoweringProblem) {
        if action.enters.isEmpty { return }
        try note(.form(action.enters), action.enters.map { fields[$0].register }, action.span)
    }

    private func lowerAuthority(_ action: ActionDeclaration, _ index: Int) throws(LoweringProblem) {
        let number = try narrow(index, "actions")
        let admitted = assembler.label()
        let truth = try shape(.boolean)
        let candidate = draft.entries.candidate
        let next = assembler.here()
        for authority in action.authorities {
            let answer = try temporary(truth)
            switch authority.who {
            case .caseField(let field):
                emit(Instruction(.isParty, answer, fields[field].register, candidate), authority.span)
            case .role(let role, let scope):
                var organisation: Register = 0
                var kind: UInt8 = 0
                switch scope {
                case .home: break
                case .any: kind = 1
                case .organisation(let expression):
                    kind = 2
                    organisation = try value(expression)
                }
                emit(
                    Instruction(.holds, d: kind, answer, organisation, try narrow(role, "roles")), authority.span)
            }
            guard trail != nil else {
                assembler.emit(Instruction(.jumpIf, a: answer, number: 0), authority.span, to: admitted)
                continue
            }
            let other = assembler.label()
            assembler.emit(Instruction(.jumpUnless, a: answer, number: 0), authority.span, to: other)
            try note(.admitted(authority), [candidate, draft.entries.actor], authority.span)
            jump(admitted, authority.span)
            assembler.bind(other)
        }
        emit(Instruction(.candidate, candidate), action.span)
        assembler.emit(Instruction(.jumpIfPresent, a: candidate, number: 0), action.span, to: next)
        emit(Instruction(.notAdmitted, 0, 0, number), action.span)
        assembler.bind(admitted)
        if !action.except.isEmpty { move(draft.entries.principal, candidate, action.span) }
        for expression in action.except {
            let free = assembler.label()
            let party = try value(expression)
            let answer = try temporary(truth)
            emit(Instruction(.isActor, answer, party), expression.span)
            assembler.emit(Instruction(.jumpUnless, a: answer, number: 0), expression.span, to: free)
            emit(Instruction(.excluded, 0, 0, number), expression.span)
            assembler.bind(free)
        }
    }

    // MARK: States, invariants, keys

    private func lowerEntering() throws(LoweringProblem) {
        enteringLabels = Array(repeating: nil, count: program.states.count)
        for entering in program.entering where enteringLabels[entering.state] == nil {
            enteringLabels[entering.state] = assembler.here()
            let depth = try routine { () throws(LoweringProblem) in
                try block(entering.body, entering.span)
                emit(Instruction(.halt), entering.span)
            }
            draft.depth = max(draft.depth, depth)
        }
    }

    private func lowerInvariants() throws(LoweringProblem) {
        for invariant in program.invariants {
            invariantLabels.append(assembler.here())
            try lowerInvariant(invariant)
        }
        for (index, register) in program.registers.enumerated() {
            var entries: [(Label, Register)] = []
            for invariant in register.invariants {
                let label = assembler.here()
                var base: Register = 0
                let depth = try routine { () throws(LoweringProblem) in
                    var list = draft.entries.keyShapes[index]
                    for field in program.records[register.row].fields { list.append(try shape(field.type)) }
                    let registers = try block(list)
                    base = registers.first ?? 0
                    for (local, shape) in list.enumerated() {
                        let slot = Slot(register: registers[local], shape: shape, map: fieldMap(shape))
                        locals[local] = slot
                        try copyFields(slot, invariant.span)
                    }
                    try answer(invariant)
                }
                draft.depth = max(draft.depth, depth)
                entries.append((label, base))
            }
            rowInvariantLabels.append(entries)
        }
    }

    private func lowerInvariant(_ invariant: InvariantDeclaration) throws(LoweringProblem) {
        let depth = try routine { () throws(LoweringProblem) in try answer(invariant) }
        draft.depth = max(draft.depth, depth)
    }

    private func answer(_ invariant: InvariantDeclaration) throws(LoweringProblem) {
        try assembler.charge(invariant.condition.cost, invariant.span)
        move(draft.entries.answer, try value(invariant.condition.expression), invariant.span)
        emit(Instruction(.halt), invariant.span)
    }

    private func lowerUnique() throws(LoweringProblem) {
        for unique in program.uniqueKeys {
            guard let refusal = unique.refusal else {
                uniqueLabels.append((nil, 0))
                continue
            }
            let label = assembler.here()
            var register: Register = 0
            let depth = try routine { () throws(LoweringProblem) in
                let result = try text(refusal.text, unique.span)
                register = try self.register(try shape(.text(Limits.textBound)))
                move(register, result, unique.span)
                emit(Instruction(.halt), unique.span)
            }
            draft.depth = max(draft.depth, depth)
            uniqueLabels.append((label, register))
        }
    }

    // MARK: The end

    func finish() throws(LoweringProblem) -> Code {
        for copy in copies where draft.fieldMaps[copy.map].pairs.isEmpty {
            assembler.drop(copy.place)
            if let next = copy.next { assembler.replace(next, by: .next) }
        }
        // Of records whose fields stand in a row, what lies behind the last one that is used is not copied.
        for (map, last) in usedFields { draft.fieldMaps[map].pairs.removeAll { Int($0.field) > last } }
        draft.shapes = shapes.shapes
        let place = try assembler.finish(&draft)
        settled = place
        draft.entries.actions = actionLabels.map(place)
        draft.entries.entering = enteringLabels.map { $0.map(place) ?? -1 }
        draft.entries.invariants = invariantLabels.map(place)
        draft.entries.rowInvariants = rowInvariantLabels.map { $0.map { (place($0.0), $0.1) } }
        draft.entries.uniqueRefusals = uniqueLabels.map { ($0.0.map(place) ?? -1, $0.1) }
        draft.entries.begin = place(beginLabel)
        draft.entries.deadlineStarts = deadlineLabels.map { place($0.start) }
        draft.entries.deadlineBodies = deadlineLabels.map { place($0.body) }
        draft.entries.openings = openingLabels.map(place)
        draft.entries.outcomes = outcomeLabels.map(place)
        draft.isConstant = isConstant
        draft.words = (0..<constantWords.top).map { constantWords.base[$0] }
        draft.bytes = (0..<constantBytes.top).map { constantBytes.base[$0] }
        return Code(draft)
    }
}
