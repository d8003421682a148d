import RemitValues

/// Where private values would come into the open; what has a mistake of its own is left out.
///
/// What is computed from a private value is private; only `reveal` ends that. Which way a rule goes on a condition is
/// seen by everybody, and meant to be: a finding or a refusal says one thing and no more.
extension Checker {
    mutating func checkPrivacy() {
        var flow = PrivacyFlow(program)
        flow.run()
        for leak in flow.leaks {
            report(
                .privateFlow, "\(leak.source) is private, and would be \(leak.sink)", at: leak.span,
                "in the open from here on", help: "leave it out, or write `reveal` before it if everybody may know")
        }
    }
}

/// Follows private values through a checked program.
struct PrivacyFlow {
    /// A value that comes into the open without `reveal`.
    struct Leak {
        /// What is private, in words.
        let source: String
        /// Where it would go, in words that follow "would be".
        let sink: String
        let span: Span
    }

    private let program: CheckedProgram
    private(set) var leaks: [Leak] = []
    /// What each function makes of public arguments: the private thing that it reads, if any.
    private var functions: [String?]
    /// The private locals of the body that is followed, with what made them so.
    private var locals: [Int: String] = [:]

    init(_ program: CheckedProgram) {
        self.program = program
        functions = Array(repeating: nil, count: program.functions.count)
    }

    mutating func run() {
        followFunctions()
        for group in program.checks {
            begin(group.parameters)
            for item in group.items { follow(item) }
        }
        for action in program.actions {
            begin(action.parameters)
            for expression in action.except { open(expression, "known from whom the head leaves out") }
            follow(action.body)
        }
        for approval in program.approvals {
            begin([])
            open(approval.needs.expression, "stored with the round")
            open(approval.within.expression, "stored with the round")
            for expression in approval.except { open(expression, "stored with the round") }
            if let quorum = approval.declinedBy { open(quorum.expression, "stored with the round") }
            for body in [approval.granted, approval.declined, approval.overdue] {
                begin([])
                follow(body.block)
            }
        }
        for deadline in program.deadlines {
            begin([])
            open(deadline.term.expression, "told by the due time")
            if let past = deadline.past, program.caseFields[past].isPrivate {
                leaks.append(
                    Leak(
                        source: "`\(program.caseFields[past].name)`", sink: "told by the due time", span: deadline.span)
                )
            }
            follow(deadline.body.block)
        }
        for entering in program.entering {
            begin([])
            follow(entering.body)
        }
        for migration in program.migrations {
            begin([])
            follow(migration.body.block)
        }
        for unique in program.uniqueKeys {
            begin([])
            if let refusal = unique.refusal { open(refusal.text, "told in a refusal") }
        }
    }

    private mutating func begin(_ parameters: [FieldDeclaration]) {
        locals = [:]
        for (slot, parameter) in parameters.enumerated() where parameter.isPrivate {
            locals[slot] = "`\(parameter.name)`"
        }
    }

    /// Works out what functions read, those that are called first: the checker has shown that none calls itself.
    private mutating func followFunctions() {
        var isChanging = true
        while isChanging {
            isChanging = false
            for (index, function) in program.functions.enumerated() where functions[index] == nil {
                locals = [:]
                for binding in function.bindings { locals[binding.local] = source(binding.value) }
                guard let found = source(function.value) else { continue }
                functions[index] = found
                isChanging = true
            }
        }
    }

    // MARK: Sinks

    private mutating func open(_ expression: CheckedExpression, _ sink: String) {
        guard let source = source(expression) else { return }
        leaks.append(Leak(source: source, sink: sink, span: expression.span))
    }

    /// Whether everybody sees what a field holds; of one whose type is a mistake nothing is known.
    private func isOpen(_ field: FieldDeclaration) -> Bool { !field.isPrivate && field.type != .unknown }

    private mutating func open(_ text: CheckedText, _ sink: String) {
        for case .value(let value) in text.parts { open(value, sink) }
    }

    private mutating func follow(_ item: CheckedItem) {
        switch item {
        case .check(let check): open(check.text, "told in a finding")
        case .binding(let local, let value): locals[local] = source(value.expression)
        case .each(let local, let list, let items, _):
            locals[local] = source(list.expression)
            for item in items { follow(item) }
        }
    }

    private mutating func follow(_ block: CheckedBlock) {
        for statement in block.statements { follow(statement) }
    }

    private mutating func follow(_ statement: CheckedStatement) {
        switch statement.kind {
        case .binding(let local, let value): locals[local] = source(value)
        case .bindingOrRefuse(let local, let value, let refusal):
            open(refusal.text, "told in a refusal")
            locals[local] = source(value)
        case .require(_, let refusal), .refuse(let refusal): open(refusal.text, "told in a refusal")
        case .setField(let field, let value), .addToField(let field, let value), .removeFromField(let field, let value):
            let declared = program.caseFields[field]
            if isOpen(declared) { open(value, "stored in the open in `\(declared.name)`") }
        case .setEntry(let field, let key, let value), .addToEntry(let field, let key, let value):
            let declared = program.caseFields[field]
            guard isOpen(declared) else { break }
            for part in [key, value] { open(part, "stored in the open in `\(declared.name)`") }
        case .setRow(let register, let keys, let field, let value),
            .addToRow(let register, let keys, let field, let value):
            write(register, keys, field, value)
        case .choose(_, let then, let otherwise):
            follow(then)
            follow(otherwise)
        case .match(_, let arms): for arm in arms { follow(arm.body) }
        case .each(let local, let list, let body):
            locals[local] = source(list)
            // What a round of the loop binds is known in the next one too.
            follow(body)
        case .notifyRole(_, let text): open(text, "told in a notice")
        case .notifyParty(let party, let text):
            open(party, "told by whom the notice is for")
            open(text, "told in a notice")
        case .reserve(_, let amount, let refusal):
            open(amount, "seen in the fund")
            if let refusal { open(refusal.text, "told in a refusal") }
        case .release(_, let amount): if let amount { open(amount, "seen in the fund") }
        case .pay(_, let amount, let payee):
            open(amount, "paid in the open")
            open(payee, "paid in the open")
        case .transfer(_, let amount, _): open(amount, "seen in the fund")
        case .run, .become: break
        }
    }

    private mutating func write(_ register: Int, _ keys: [CheckedExpression], _ field: Int, _ value: CheckedExpression)
    {
        let declared = program.registers[register]
        for (key, expression) in zip(declared.keys, keys) where isOpen(key) {
            open(expression, "stored as the key `\(key.name)` of `\(declared.name)`")
        }
        let target = program.records[declared.row].fields[field]
        if isOpen(target) { open(value, "stored in the open in `\(declared.name)`") }
    }

    // MARK: Sources

    /// The private thing that a value is made of, in words; nil where everybody may know it.
    private func source(_ expression: CheckedExpression) -> String? {
        switch expression.kind {
        case .revealed, .constant, .actor, .organisationOfActor, .now, .today, .state, .verdict, .outcome, .signers,
            .available:
            return nil
        case .caseField(let index):
            let field = program.caseFields[index]
            return field.isPrivate ? "`\(field.name)`" : nil
        case .local(let slot): return locals[slot]
        case .field(let base, let index): return source(base) ?? privateField(base.type, index)
        case .lookup(let register, let keys):
            return first(keys).map { "what is looked up in `\(program.registers[register].name)` by \($0)" }
        case .call(let function, let operands):
            if let found = functions[function] ?? first(operands) {
                return "`\(program.functions[function].name)`, which depends on \(found),"
            }
            return nil
        default: return first(expression.operands)
        }
    }

    private func first(_ expressions: [CheckedExpression]) -> String? {
        for expression in expressions { if let found = source(expression) { return found } }
        return nil
    }

    private func privateField(_ type: ValueType, _ index: Int) -> String? {
        guard case .record(let record) = type, program.records[record].fields.indices.contains(index) else {
            return nil
        }
        let field = program.records[record].fields[index]
        return field.isPrivate ? "`\(field.name)` of `\(program.records[record].name)`" : nil
    }
}
