import RemitLanguage
import RemitValues

extension Lowering {
    /// Lowers a block, charged when entered.
    func block(_ block: CheckedBlock, _ span: Span) throws(LoweringProblem) {
        try assembler.charge(block.cost, span)
        try statements(of: block)
    }

    private func statements(of block: CheckedBlock) throws(LoweringProblem) {
        for statement in block.statements {
            try freeing { () throws(LoweringProblem) in try self.statement(statement) }
        }
    }

    private func statement(_ statement: CheckedStatement) throws(LoweringProblem) {
        let span = statement.span
        switch statement.kind {
        case .binding(let local, let expression): try bind(local, expression, isTold: true)
        case .bindingOrRefuse(let local, let expression, let refusal):
            try bind(local, expression, orRefuse: refusal, span)
        case .require(let condition, let refusal):
            let holds = assembler.label()
            let reads = try collectingReads { () throws(LoweringProblem) in
                try branch(condition, on: true, to: holds)
            }
            try note(outcome: .requirement(holds: false), reads, condition.span)
            try refuse(refusal, .requirement, span)
            assembler.bind(holds)
            try note(outcome: .requirement(holds: true), reads, condition.span)
        case .refuse(let refusal): try refuse(refusal, .refused, span)
        case .setField, .addToField, .removeFromField, .setRow, .addToRow: try write(statement)
        case .setEntry(let field, let key, let expression): try writeEntry(field, key, expression, adding: false, span)
        case .addToEntry(let field, let key, let expression): try writeEntry(field, key, expression, adding: true, span)
        case .choose(let condition, let then, let otherwise):
            let other = assembler.label()
            let done = assembler.label()
            let reads = try collectingReads { () throws(LoweringProblem) in
                try branch(condition, on: false, to: other)
            }
            try note(outcome: .branch(0, condition: condition.span), reads, span)
            try block(then, span)
            if trail != nil || !otherwise.statements.isEmpty { jump(done, span) }
            assembler.bind(other)
            try note(outcome: .branch(1, condition: condition.span), reads, span)
            try block(otherwise, span)
            assembler.bind(done)
        case .match(let subject, let arms): try match(subject, arms, span)
        case .each(let local, let list, let body):
            let elements = try value(list)
            let walk = try walk()
            try loop(local, walk, elements, body.cost, span) { (_) throws(LoweringProblem) in
                try statements(of: body)
            }
        case .run(let checks, let arguments): try run(checks, arguments, span)
        case .become(let state):
            move(draft.entries.target, try constant(word: Int64(state), try shape(.state)), span)
        case .notifyRole(let role, let text):
            let words = try self.text(text, span)
            try notify(try self.text(program.roles[role]), words, span)
        case .notifyParty(let party, let text):
            let recipient = try value(party)
            let words = try self.text(text, span)
            try notify(recipient, words, span)
        case .reserve, .release, .pay, .transfer: try moveMoney(statement)
        }
    }

    private func notify(_ recipient: Register, _ words: Register, _ span: Span) throws(LoweringProblem) {
        emit(Instruction(.build, number: 1), span)
        try note(.notice, [recipient, words], span)
        emit(Instruction(.notify, words, recipient), span)
    }

    private func bind(
        _ local: Int, _ expression: CheckedExpression, orRefuse refusal: CheckedRefusal, _ span: Span
    ) throws(LoweringProblem) {
        var type = expression.type
        if case .optional(let inner) = type { type = inner }
        let slot = Slot(register: try register(try shape(type)), shape: try shape(type), map: fieldMap(try shape(type)))
        _ = try value(expression, into: slot.register)
        let present = assembler.label()
        assembler.emit(Instruction(.jumpIfPresent, a: slot.register, number: 0), span, to: present)
        try refuse(refusal, .missing, span)
        assembler.bind(present)
        locals[local] = slot
        try copyFields(slot, span)
    }

    private func match(
        _ subject: CheckedExpression, _ arms: [(values: [Value], body: CheckedBlock)], _ span: Span
    ) throws(LoweringProblem) {
        let value = try value(subject)
        let count: Int
        switch shape(of: value).kind {
        case .boolean: count = 2
        case .named(let index): count = draft.names[index].count
        default: throw .unsupported("a match over this")
        }
        let misfit = assembler.label()
        let done = assembler.label()
        var targets = [Label](repeating: misfit, count: count)
        let labels = arms.map { _ in assembler.label() }
        let kind = try shape(subject.type)
        for (label, arm) in zip(labels, arms).reversed() {
            for value in arm.values { targets[Int(try word(value, kind))] = label }
        }
        emit(Instruction(.select, value, try assembler.table(targets), try narrow(count, "branches")), span)
        for (number, (label, arm)) in zip(labels, arms).enumerated() {
            assembler.bind(label)
            try note(.branch(number, condition: nil), [value], span, places: [subject.span])
            try block(arm.body, span)
            jump(done, span)
        }
        assembler.bind(misfit)
        emit(Instruction(.misfit), span)
        assembler.bind(done)
    }

    // MARK: Refusals and texts

    func refuse(_ refusal: CheckedRefusal, _ reason: RefusalReason, _ span: Span) throws(LoweringProblem) {
        let text = try text(refusal.text, span)
        draft.refusals.append(Code.RefusalSite(reason: reason, code: refusal.code, span: span))
        emit(Instruction(.refuse, text, 0, try narrow(draft.refusals.count - 1, "refusals")), span)
    }

    /// A text with its values in it: the values first, so that the text is made in one go.
    func text(_ text: CheckedText, _ span: Span) throws(LoweringProblem) -> Register {
        var parts: [Register] = []
        for part in text.parts {
            switch part {
            case .plain(let words): parts.append(try self.text(words))
            case .caseReference: parts.append(draft.entries.reference)
            case .value(let expression): parts.append(try value(expression))
            }
        }
        if parts.count == 1, case .plain? = text.parts.first { return parts[0] }
        guard parts.count <= Limits.registerList else { throw .tooLarge("values in a text") }
        let result = try temporary(try shape(.text(Limits.textBound)))
        draft.fieldLists.append(parts.map { Int($0) })
        emit(Instruction(.compose, result, 0, try narrow(draft.fieldLists.count - 1, "field lists")), span)
        return result
    }

    /// Whether every value in a text stands in a register or can be loaded, so that none can fail.
    static func stands(_ text: CheckedText) -> Bool {
        text.parts.allSatisfy { part in
            if case .value(let expression) = part { stands(expression) } else { true }
        }
    }

    private static func stands(_ expression: CheckedExpression) -> Bool {
        switch expression.kind {
        case .constant, .local, .caseField, .actor, .organisationOfActor, .now, .today, .state: true
        case .field(let base, _): stands(base)
        default: false
        }
    }

    // MARK: Writes

    private func write(_ statement: CheckedStatement) throws(LoweringProblem) {
        let span = statement.span
        switch statement.kind {
        case .setField(let field, let expression):
            if Self.readsBeforeItWrites(expression) {
                _ = try value(expression, into: fields[field].register)
            } else {
                move(fields[field].register, try value(expression), span)
            }
            try settle(field, span)
        case .addToField(let field, let expression):
            let added = try value(expression)
            if growing.contains(field) { return try grow(field, by: added, span) }
            let register = fields[field].register
            try add(added, to: register, program.caseFields[field].type, register, span)
            try settle(field, span)
        case .removeFromField(let field, let expression):
            let removed = try value(expression)
            let register = fields[field].register
            emit(Instruction(.exclude, register, register, removed), span)
            try settle(field, span)
        case .setRow(let register, let keys, let field, let expression):
            let first = try values(keys).first ?? 0
            let written = try value(expression)
            _ = try existingRow(register, first, span)
            try writeRow(register, first, field, written, span)
        case .addToRow(let register, let keys, let field, let expression):
            let first = try values(keys).first ?? 0
            let added = try value(expression)
            let row = try existingRow(register, first, span)
            let type = program.records[program.registers[register].row].fields[field].type
            let old = try temporary(try shape(type))
            emit(Instruction(.load, old, row, try narrow(field, "fields")), span)
            let sum = try temporary(try shape(type))
            try add(added, to: old, type, sum, span)
            try writeRow(register, first, field, sum, span)
        default: throw .unsupported("a statement of this version")
        }
    }

    /// Whether the last instruction alone writes the result, so that it may stand in what the expression reads.
    private static func readsBeforeItWrites(_ expression: CheckedExpression) -> Bool {
        switch expression.kind {
        case .arithmetic, .negated, .widened, .rounded, .quotient, .builtin, .lookup, .parameter, .record, .list:
            true
        default: false
        }
    }

    /// Settles what was written to a field; where a value was added to a list or set, a trace tells that value.
    func settle(_ field: Int, added: Register? = nil, _ span: Span) throws(LoweringProblem) {
        let declared = program.caseFields[field]
        try keepBounds(fields[field].register, declared, span)
        try markWritten(field, span)
        try note(added == nil ? .fieldSet(field) : .fieldGrown(field), [added ?? fields[field].register], span)
        try copyFields(fields[field], span)
    }

    /// Lists and texts may have grown: their bounds can only be judged when the value is there.
    private func keepBounds(_ register: Register, _ declared: FieldDeclaration, _ span: Span) throws(LoweringProblem) {
        let shape = try shape(declared.type)
        guard hasBounds(shape) else { return }
        draft.conformances.append(Code.Conformance(shape: shape, type: declared.type, name: declared.name))
        emit(
            Instruction(.conform, register, 0, try narrow(draft.conformances.count - 1, "bounds")), span)
    }

    private func hasBounds(_ shape: Int) -> Bool {
        switch shapes.shapes[shape].kind {
        case .text, .list, .set, .map: true
        case .record(let fields, _): fields.contains { hasBounds($0) }
        default: false
        }
    }

    private func existingRow(_ register: Int, _ keys: Register, _ span: Span) throws(LoweringProblem) -> Register {
        let number = try narrow(register, "registers")
        let row = try temporary(try shape(.optional(.record(program.registers[register].row))))
        emit(Instruction(.lookup, row, keys, number), span)
        let present = assembler.label()
        assembler.emit(Instruction(.jumpIfPresent, a: row, number: 0), span, to: present)
        emit(Instruction(.noRow, 0, keys, number), span)
        assembler.bind(present)
        return row
    }

    private func writeRow(
        _ register: Int, _ keys: Register, _ field: Int, _ value: Register, _ span: Span
    ) throws(LoweringProblem) {
        let declared = program.records[program.registers[register].row].fields[field]
        try keepBounds(value, declared, span)
        emit(Instruction(.build, number: 1), span)
        draft.rows.append(Code.RowSite(register: register, field: field))
        emit(Instruction(.writeRow, value, keys, try narrow(draft.rows.count - 1, "writes")), span)
        let list = program.registers[register].keys.indices.map { keys + Register($0) }
        try note(.rowSet(register: register, field: field), list + [value], span)
    }

    func add(
        _ value: Register, to old: Register, _ type: ValueType, _ result: Register, _ span: Span
    ) throws(LoweringProblem) {
        switch type {
        case .list, .set: emit(Instruction(.include, result, old, value), span)
        case .integer, .money, .duration: emit(Instruction(.addInteger, result, old, value), span)
        case .decimal: emit(Instruction(.addDecimal, result, old, value), span)
        default: throw .unsupported("adding to this")
        }
    }
}
