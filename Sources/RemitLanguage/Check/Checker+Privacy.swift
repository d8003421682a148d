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
                "in the open from here on", help: leak.help)
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
        var help = "leave it out, or write `reveal` before it if everybody may know"
    }

    /// A loop that is followed, with those around it.
    private struct Loop {
        /// What is bound in it: another value each time.
        var locals: Set<Int> = []
        /// The private thing that how often something is done depends on, if any.
        var source: String?
    }

    private let program: CheckedProgram
    private(set) var leaks: [Leak] = []
    /// What each function makes of public arguments: the private thing that it reads, if any.
    private var functions: [String?]
    /// The private locals of the body that is followed, with what made them so.
    private var locals: [Int: String] = [:]
    private var loop: Loop?

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
            for authority in action.authorities { open(authority) }
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
        loop = nil
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

    private mutating func open(_ authority: CheckedAuthority) {
        switch authority.who {
        case .caseField(let index) where program.caseFields[index].isPrivate:
            letIn("`\(program.caseFields[index].name)`", authority.span)
        case .role(_, .organisation(let place)): if let source = source(place) { letIn(source, place.span) }
        default: break
        }
    }

    private mutating func letIn(_ source: String, _ span: Span) {
        leaks.append(
            Leak(
                source: source, sink: "known from whom the head lets in", span: span,
                help: "name a field that is not private; `reveal` can set it to what is"))
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
        let before = leaks.count
        switch statement.kind {
        case .binding(let local, let value): bind(local, value)
        case .bindingOrRefuse(let local, let value, let refusal):
            open(refusal.text, "told in a refusal")
            bind(local, value)
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
        case .choose(let condition, let then, let otherwise): follow([then, otherwise], when: condition)
        case .match(let value, let arms): follow(arms.map(\.body), when: value)
        case .each(let local, let list, let body):
            let outer = loop
            loop = Loop(locals: loop?.locals ?? [], source: loop?.source ?? source(list))
            bind(local, list)
            // What a round of the loop binds is known in the next one too.
            follow(body)
            loop = outer
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
        if leaks.count == before { count(statement) }
    }

    private mutating func bind(_ local: Int, _ value: CheckedExpression) {
        locals[local] = source(value)
        loop?.locals.insert(local)
    }

    /// A condition shows one answer; within a loop it shows one each time.
    private mutating func follow(_ blocks: [CheckedBlock], when condition: CheckedExpression) {
        let outer = loop
        if let outer { loop = Loop(locals: outer.locals, source: outer.source ?? source(condition)) }
        for block in blocks { follow(block) }
        loop = outer
    }

    /// What is done in the open as often as something private says tells more than one answer.
    private mutating func count(_ statement: CheckedStatement) {
        guard let source = loop?.source, let what = repeated(statement) else { return }
        leaks.append(
            Leak(
                source: source, sink: "told by how often \(what)", span: statement.span,
                help: "do it once, behind the loop, or reveal what the loop goes through or asks: `in (reveal …)`, "
                    + "`if reveal (…)`"))
    }

    /// What a statement does in the open that shows how often it is done, in words; nil where once is as good.
    private func repeated(_ statement: CheckedStatement) -> String? {
        switch statement.kind {
        case .setField(let field, let value):
            let declared = program.caseFields[field]
            return declared.isPrivate || isSame(value) ? nil : "`\(declared.name)` is written"
        case .addToField(let field, _), .removeFromField(let field, _), .addToEntry(let field, _, _):
            let declared = program.caseFields[field]
            return declared.isPrivate ? nil : "`\(declared.name)` is written"
        case .setEntry(let field, let key, let value):
            let declared = program.caseFields[field]
            return declared.isPrivate || (isSame(key) && isSame(value)) ? nil : "`\(declared.name)` is written"
        case .setRow(let register, let keys, let field, let value):
            let declared = program.registers[register]
            let isPrivate = program.records[declared.row].fields[field].isPrivate
            return isPrivate || (keys.allSatisfy(isSame) && isSame(value)) ? nil : "`\(declared.name)` is written"
        case .addToRow(let register, _, let field, _):
            let declared = program.registers[register]
            return program.records[declared.row].fields[field].isPrivate ? nil : "`\(declared.name)` is written"
        case .notifyRole, .notifyParty: return "somebody is notified"
        case .reserve(let fund, _, _), .release(let fund, _), .pay(let fund, _, _), .transfer(let fund, _, _):
            return "money of `\(program.funds[fund].name)` moves"
        default: return nil
        }
    }

    /// Whether an expression gives the same each time that a loop comes to it.
    private func isSame(_ expression: CheckedExpression) -> Bool {
        switch expression.kind {
        case .local(let slot): !(loop?.locals.contains(slot) ?? false)
        case .caseField, .lookup, .call, .available, .mapEntry, .verdict: false
        default: expression.operands.allSatisfy(isSame)
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
