import RemitValues

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
    struct Loop {
        /// What is bound in it: another value each time.
        var locals: Set<Int> = []
        /// The private thing that how often something is done depends on, if any.
        var source: String?
        /// What the outermost loop reads and writes.
        let effects: Accesses
    }

    let program: CheckedProgram
    var leaks: [Leak] = []
    /// What each function makes of public arguments: the private thing that it reads, if any.
    private var functions: [String?]
    /// The private locals of the body that is followed, with what made them so.
    var locals: [Int: String] = [:]
    var loop: Loop?
    /// For each group of checks, the private things that `run` gives to its parameters somewhere.
    var given: [[Int: String]]

    init(_ program: CheckedProgram) {
        self.program = program
        functions = Array(repeating: nil, count: program.functions.count)
        given = Array(repeating: [:], count: program.checks.count)
    }

    mutating func run() {
        followFunctions()
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
        // What is given to checks is known when everything that runs them has been followed.
        followChecks()
    }

    mutating func begin(_ parameters: [FieldDeclaration]) {
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
                begin(function.parameters)
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
    private func isOpen(_ field: FieldDeclaration) -> Bool { !program.isClosed(field) && field.type != .unknown }

    mutating func open(_ text: CheckedText, _ sink: String) {
        for case .value(let value) in text.parts { open(value, sink) }
    }

    mutating func follow(_ block: CheckedBlock) {
        for statement in block.statements { follow(statement) }
    }

    private mutating func follow(_ statement: CheckedStatement) {
        let before = leaks.count
        switch statement.kind {
        case .binding(let local, let value): bind(local, value)
        case .bindingOrRefuse(let local, let value, let refusal):
            refuse(refusal, on: value)
            bind(local, value)
        case .require(let condition, let refusal): refuse(refusal, on: condition)
        case .refuse(let refusal): refuse(refusal, on: nil)
        case .setField(let field, let value), .addToField(let field, let value), .removeFromField(let field, let value):
            let declared = program.caseFields[field]
            if isOpen(declared) { open(value, "stored in the open in `\(declared.name)`") }
            matchElements(statement.kind, declared, value)
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
            loop = Loop(
                locals: loop?.locals ?? [], source: loop?.source ?? source(list),
                effects: loop?.effects ?? Accesses(of: body, in: program))
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
            if let refusal { refuse(refusal, on: amount) }
        case .release(_, let amount): if let amount { open(amount, "seen in the fund") }
        case .pay(_, let amount, let payee):
            open(amount, "paid in the open")
            open(payee, "paid in the open")
        case .transfer(_, let amount, _): open(amount, "seen in the fund")
        case .run(let checks, let operands): run(checks, operands, statement.span)
        case .become: break
        }
        if leaks.count == before { count(statement) }
    }

    /// What is to be taken out is found by its private parts too, and the number of elements then tells it.
    private mutating func matchElements(
        _ kind: CheckedStatement.Kind, _ field: FieldDeclaration, _ value: CheckedExpression
    ) {
        guard case .removeFromField = kind, isOpen(field), let part = privatePart(value.type) else { return }
        leaks.append(
            Leak(
                source: part, sink: "told by how many elements `\(field.name)` has", span: value.span,
                help: "declare the field private, or keep apart what elements are found by"))
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
    func source(_ expression: CheckedExpression) -> String? {
        switch expression.kind {
        case .revealed, .constant, .actor, .organisationOfActor, .now, .today, .state, .verdict, .outcome, .signers,
            .available:
            return nil
        case .caseField(let index):
            let field = program.caseFields[index]
            if field.isPrivate { return "`\(field.name)`" }
            return program.isClosed(field) ? "`\(field.name)`, whose elements have something private in them," : nil
        case .local(let slot): return locals[slot]
        case .field(let base, let index): return source(base) ?? privateField(base.type, index)
        case .lookup(let register, let keys):
            return first(keys).map { "what is looked up in `\(program.registers[register].name)` by \($0)" }
        // What stands in a private field of a record is kept there; whoever reads the field finds it.
        case .record(let record, let values):
            return first(zip(program.records[record].fields, values).filter { !$0.0.isPrivate }.map(\.1))
        case .set(let elements):
            return first(elements) ?? elements.first.flatMap { elements.count > 1 ? privatePart($0.type) : nil }
        case .call(let function, let operands):
            return (functions[function] ?? first(operands)).map {
                Self.dependent(program.functions[function].name, on: $0)
            }
        case .comparison(_, let left, let right), .isIn(let left, let right):
            return first([left, right]) ?? privatePart(left.type) ?? privatePart(right.type)
        case .isOneOf(let value, let options): return first([value] + options) ?? privatePart(value.type)
        case .anyTwoShare(let list, let fields):
            return source(list) ?? fields.lazy.compactMap { privateField(Self.element(list.type), $0) }.first
        default: return first(expression.operands)
        }
    }

    private func first(_ expressions: [CheckedExpression]) -> String? {
        for expression in expressions { if let found = source(expression) { return found } }
        return nil
    }

    /// A name that stands for something private, in words.
    static func dependent(_ name: String, on source: String) -> String {
        "`\(name)`, which depends on \(source)\(source.hasSuffix(",") ? "" : ",")"
    }

    private static func element(_ type: ValueType) -> ValueType {
        switch type {
        case .list(let element, _), .set(let element, _): element
        default: type
        }
    }

    /// A private field that belongs to the values of a type: who compares them whole compares it as well.
    private func privatePart(_ type: ValueType) -> String? {
        switch type {
        case .optional(let inner), .list(let inner, _), .set(let inner, _), .map(_, let inner, _),
            .entry(_, let inner):
            privatePart(inner)
        case .record(let record):
            program.records[record].fields.indices.lazy.compactMap {
                privateField(type, $0) ?? privatePart(program.records[record].fields[$0].type)
            }.first
        default: nil
        }
    }

    private func privateField(_ type: ValueType, _ index: Int) -> String? {
        guard case .record(let record) = type, program.records[record].fields.indices.contains(index) else {
            return nil
        }
        let field = program.records[record].fields[index]
        return field.isPrivate ? "`\(field.name)` of `\(program.records[record].name)`" : nil
    }
}
