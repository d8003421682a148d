import RemitLanguage
import RemitValues

extension Machine {
    /// Runs a block, charged when entered.
    func run(_ block: CheckedBlock) throws(Stop) {
        try charge(block.cost)
        for statement in block.statements { try run(statement) }
    }

    private func run(_ statement: CheckedStatement) throws(Stop) {
        let span = statement.span
        switch statement.kind {
        case .binding(let index, let value):
            let found = try evaluate(value)
            try setLocal(index, found, span)
            note(.localSet(local: index, found), at: value.span)
        case .bindingOrRefuse(let index, let value, let refusal):
            let found = try evaluate(value)
            if case .absent = found { throw try refuse(refusal, .missing, span) }
            try setLocal(index, found, span)
        case .require(let condition, let refusal):
            let (holds, read) = try testCollecting(condition)
            note(.requirement(holds: holds, reads: read), at: condition.span)
            guard holds else { throw try refuse(refusal, .requirement, span) }
        case .refuse(let refusal): throw try refuse(refusal, .refused, span)
        case .setField, .addToField, .removeFromField, .setRow, .addToRow: try write(statement)
        case .setEntry, .addToEntry: try writeEntry(statement)
        case .choose(let condition, let then, let otherwise):
            let (holds, read) = try testCollecting(condition)
            note(.branch(holds ? 0 : 1, condition: condition.span, reads: read), at: span)
            try run(holds ? then : otherwise)
        case .match(let subject, let arms): try match(subject, arms, span)
        case .each(let index, let list, let body):
            let items = try elements(evaluate(list), span)
            try charge(Cost.elements(items.count))
            for item in items {
                try setLocal(index, item, span)
                try run(body)
            }
        case .run(let checks, let arguments): try runChecks(checks, evaluate(arguments), span)
        case .become(let state): target = state
        case .reserve, .release, .pay, .transfer: try move(statement)
        case .notifyRole(let role, let text):
            guard program.roles.indices.contains(role) else { throw misfit(span) }
            try give(to: program.roles[role], text, span)
        case .notifyParty(let party, let text):
            let value = try evaluate(party)
            guard case .party(let recipient) = value else { throw misfit(span) }
            try give(to: recipient.identifier.string, text, span)
        }
    }

    private func match(
        _ subject: CheckedExpression, _ arms: [(values: [Value], body: CheckedBlock)], _ span: Span
    ) throws(Stop) {
        let value = try evaluate(subject)
        guard let index = arms.firstIndex(where: { $0.values.contains(value) }) else { throw misfit(span) }
        note(.branch(index, reads: [Trace.Read(span: subject.span, value: value)]), at: span)
        try run(arms[index].body)
    }

    private func give(to recipient: String, _ text: CheckedText, _ span: Span) throws(Stop) {
        let rendered = try render(text)
        try build(1)
        note(.noticeGiven(recipient, rendered), at: span)
        try build(Cost.told(rendered.utf8.count))
        notices.append(Effects.Notice(recipient: recipient, text: rendered))
    }

    // MARK: Refusals and texts

    func refuse(_ refusal: CheckedRefusal, _ reason: RefusalReason, _ span: Span) throws(Stop) -> Stop {
        .refused(Refusal(reason, code: refusal.code, try render(refusal.text), at: span))
    }

    func render(_ text: CheckedText) throws(Stop) -> String {
        var rendered = ""
        for part in text.parts {
            switch part {
            case .plain(let words): rendered += words
            case .caseReference: rendered += caseState.reference.string
            case .value(let expression):
                switch try evaluate(expression) {
                case .text(let words): rendered += words.string
                case .instant(let instant): rendered += instant.text(offset: program.timezone)
                // Of all that has parts, only a quorum can stand in a text.
                case let value: rendered += Quorum(value)?.description ?? value.description
                }
            }
        }
        return rendered
    }

    // MARK: Writes

    private func write(_ statement: CheckedStatement) throws(Stop) {
        let span = statement.span
        switch statement.kind {
        case .setField(let field, let expression):
            // What is read as it stands has been judged by the same type already.
            let isKept = keepsBounds(expression, field)
            try set(field, evaluate(expression), isKept: isKept, span)
        case .addToField(let field, let expression):
            let value = try evaluate(expression)
            guard caseState.fields.indices.contains(field) else { throw misfit(span) }
            if try grow(field, by: value, span) { return }
            let old = try knownItself(caseState.fields[field], program.caseFields[field].name, span)
            let sum = try add(value, to: old, program.caseFields[field].type, span)
            try set(field, sum, span)
        case .removeFromField(let field, let expression):
            let value = try evaluate(expression)
            guard caseState.fields.indices.contains(field) else { throw misfit(span) }
            if case .map(let entries) = caseState.fields[field] { return try removeEntry(value, entries, field, span) }
            let items = try elements(known(caseState.fields[field], span), span)
            try charge(Cost.elements(items.count))
            let kept = items.filter { $0 != value }
            var rest = Value.list(kept)
            if case .set = caseState.fields[field] { rest = .set(kept) }
            try set(field, rest, span)
        case .setRow(let register, let keys, let field, let expression):
            let key = try evaluate(keys)
            try setRow(register, key, field, evaluate(expression), span)
        case .addToRow(let register, let keys, let field, let expression):
            let key = try evaluate(keys)
            let value = try evaluate(expression)
            guard let row = try row(register, key, span) else { throw noSuchRow(register, key, span) }
            let type = program.records[program.registers[register].row].fields
            guard row.indices.contains(field), type.indices.contains(field) else { throw misfit(span) }
            let old = try knownItself(row[field], type[field].name, span)
            try setRow(register, key, field, add(value, to: old, type[field].type, span), span)
        default: throw misfit(span)
        }
    }

    private func keepsBounds(_ expression: CheckedExpression, _ field: Int) -> Bool {
        guard case .caseField = expression.kind, program.caseFields.indices.contains(field) else { return false }
        return expression.type == program.caseFields[field].type
    }

    func set(_ field: Int, _ value: Value, isKept: Bool = false, _ span: Span) throws(Stop) {
        guard caseState.fields.indices.contains(field) else { throw misfit(span) }
        let declared = program.caseFields[field]
        if !isKept { try fit(value, declared, span) }
        caseState.fields[field] = value
        grownFields.remove(field)
        writtenFields.insert(field)
        note(.fieldSet(field, value), at: span)
    }

    /// Bounds can only be judged when the value is there: lists and texts may have grown.
    func fit(_ value: Value, _ declared: FieldDeclaration, _ span: Span) throws(Stop) {
        // What was erased before goes on as it stands.
        let conformance = ValueConformance(program: program, allowsSealed: true)
        if let problem = conformance.problem(value, declared.type, path: declared.name) {
            throw .refused(Refusal(.bound, problem, at: span))
        }
    }

    private func setRow(
        _ register: Int, _ keys: [Value], _ field: Int, _ value: Value, _ span: Span
    ) throws(Stop) {
        guard var row = try row(register, keys, span) else { throw noSuchRow(register, keys, span) }
        let declared = program.records[program.registers[register].row].fields
        guard row.indices.contains(field), declared.indices.contains(field) else { throw misfit(span) }
        try fit(value, declared[field], span)
        row[field] = value
        try build(1)
        rows[RowKey(register: register, keys: keys)] = row
        note(.rowSet(register: register, keys: keys, field: field, value), at: span)
    }

    private func noSuchRow(_ register: Int, _ keys: [Value], _ span: Span) -> Stop {
        let key = keys.map(\.description).joined(separator: ", ")
        let name = program.registers.indices.contains(register) ? program.registers[register].name : "register"
        return .refused(Refusal(.noRow, "`\(name)` has no row for \(key)", at: span))
    }

    private func add(_ value: Value, to old: Value, _ type: ValueType, _ span: Span) throws(Stop) -> Value {
        switch (old, type) {
        case (.list(let items), .list):
            try charge(Cost.elements(items.count))
            try build(1)
            return .list(items + [value])
        case (.set(let items), .set):
            try charge(Cost.elements(items.count))
            try build(1)
            return Value.makeSet(items + [value])
        case (.integer, _): return try arithmetic(.addInteger, old, value, span)
        case (.decimal, _): return try arithmetic(.addDecimal, old, value, span)
        case (.money, _): return try arithmetic(.addMoney, old, value, span)
        case (.duration, _): return try arithmetic(.addDuration, old, value, span)
        default: throw misfit(span)
        }
    }
}
