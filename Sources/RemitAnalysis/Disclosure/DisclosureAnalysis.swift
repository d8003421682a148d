public import RemitLanguage
import RemitValues

/// What a stranger learns about private values from each outcome of each action, round and deadline.
///
/// In order of the program and, within one occasion, of what happens in it. A contract that keeps nothing private
/// tells nothing.
public func disclosures(_ program: CheckedProgram) -> [Disclosure] {
    let hasPrivateParameters = program.actions.contains { $0.parameters.contains { $0.isPrivate } }
    guard !program.privateNames.isEmpty || hasPrivateParameters else { return [] }
    var analysis = DisclosureAnalysis(program)
    analysis.run()
    return analysis.found
}

/// Goes through everything that can happen, one occasion after another.
struct DisclosureAnalysis {
    let program: CheckedProgram
    private(set) var found: [Disclosure] = []

    // The occasion at hand.
    private var occasion = Disclosure.Occasion.action("")
    var sources: PrivateSources
    /// What the branches around the place at hand depend on.
    var guards: Set<String> = []
    /// The functions looked into for this occasion.
    private var visited: Set<[Int]> = []
    /// What each place is made of that is private, where that is asked for.
    private(set) var places: [Span: Set<String>]?
    private var faults: Set<String> = []
    private var steps: Set<String> = []
    private var writtenFields: Set<Int> = []
    /// With what rows were chosen by and made of.
    private var writtenRegisters: [Int: Set<String>] = [:]
    /// Whether a round is opened or ends.
    private var touchesRounds = false
    private var targets: [Int] = []

    init(_ program: CheckedProgram) {
        self.program = program
        sources = PrivateSources(program)
    }

    mutating func run() {
        for action in program.actions {
            begin(.action(action.name), action.parameters)
            for expression in action.except { look(expression) }
            writtenFields.formUnion(action.enters)
            let given = action.parameters + action.enters.map { program.caseFields[$0] }
            note(fault: Set(given.filter { $0.isPrivate && Self.namesCase($0.type) }.map(\.name)))
            follow(action.body)
            if targets.isEmpty { targets = action.opens }
            finish(isOpening: !action.opens.isEmpty, action.span)
        }
        for approval in program.approvals {
            begin(.opening(approval.name), [])
            for part in [approval.needs, approval.within] + (approval.declinedBy.map { [$0] } ?? []) {
                look(part.expression)
            }
            for expression in approval.except { look(expression) }
            finish(isOpening: false, approval.span)
            let bodies = [
                (RoundOutcome.granted, approval.granted), (.declined, approval.declined), (.overdue, approval.overdue),
            ]
            for (outcome, body) in bodies {
                begin(.round(approval.name, outcome), [])
                follow(body.block)
                finish(isOpening: false, approval.span)
            }
        }
        for deadline in program.deadlines {
            begin(.deadline(deadline.states.map { program.states[$0].name }), [])
            look(deadline.term.expression)
            follow(deadline.body.block)
            finish(isOpening: false, deadline.span)
        }
        for migration in program.migrations {
            begin(.migration(from: migration.from), [])
            var asked: Set<String> = []
            if let condition = migration.condition?.expression {
                look(condition)
                asked = sources.of(condition)
                add(.branch([.migration]), asked, condition.span)
            }
            inside(asked) { $0.follow(migration.body.block) }
            // A case that would break one of this version's rules stays under its own.
            finish(isOpening: false, judgesAll: true, migration.span)
        }
    }

    private mutating func begin(_ next: Disclosure.Occasion, _ parameters: [FieldDeclaration]) {
        occasion = next
        sources.begin(parameters)
        guards = []
        visited = []
        faults = []
        steps = []
        writtenFields = []
        writtenRegisters = [:]
        targets = []
        switch next {
        case .opening, .round: touchesRounds = true
        case .action, .deadline, .migration: touchesRounds = false
        }
    }

    /// Whether a value names a case of another contract, which may not be there.
    private static func namesCase(_ type: ValueType) -> Bool {
        switch type {
        case .caseOf: true
        case .optional(let inner), .list(let inner, _), .set(let inner, _), .map(_, let inner, _): namesCase(inner)
        default: false
        }
    }

    /// What follows a body: entry into its states, keys, invariants; then what shows of the whole.
    private mutating func finish(isOpening: Bool, judgesAll: Bool = false, _ span: Span) {
        for entering in program.entering where targets.contains(entering.state) {
            sources.begin([])
            follow(entering.body)
        }
        for unique in program.uniqueKeys where isOpening || !writtenFields.isDisjoint(with: unique.fields) {
            let fields = unique.fields.map { program.caseFields[$0] }
            let parts = fields.reduce(into: Set<String>()) { $0.formUnion(sources.parts(of: $1.type)) }
            let text = unique.refusal.map { Self.plain($0.text) } ?? "unique"
            add(
                .sameCase(code: unique.refusal?.code, text: text),
                parts.union(fields.filter(\.isPrivate).map(\.name)), unique.span)
        }
        for invariant in program.invariants
        where isOpening || judgesAll || concerns(invariant.condition.expression) {
            sources.begin([])
            judge(invariant, [])
        }
        for (index, secrets) in writtenRegisters.sorted(by: { $0.key < $1.key }) {
            let register = program.registers[index]
            for invariant in register.invariants {
                sources.locals = [:]
                for (slot, field) in (register.keys + program.records[register.row].fields).enumerated()
                where field.isPrivate {
                    sources.locals[slot] = ["\(register.name).\(field.name)"]
                }
                judge(invariant, secrets)
            }
        }
        add(.fault, faults, span)
        add(.cost, steps, span)
    }

    private mutating func judge(_ invariant: InvariantDeclaration, _ secrets: Set<String>) {
        look(invariant.condition.expression)
        add(.invariant(invariant.text), sources.of(invariant.condition.expression).union(secrets), invariant.span)
    }

    /// Whether what has happened may change a condition on the case.
    private func concerns(_ expression: CheckedExpression) -> Bool {
        switch expression.kind {
        case .caseField(let index): writtenFields.contains(index)
        case .state: !targets.isEmpty
        // What is written opens the rounds of the state afresh.
        case .outcome, .signers:
            touchesRounds || !targets.isEmpty || !writtenFields.isEmpty || !writtenRegisters.isEmpty
        case .call(let function, let operands):
            operands.contains { concerns($0) } || concerns(program.functions[function].value)
                || program.functions[function].bindings.contains { concerns($0.value) }
        default: expression.operands.contains { concerns($0) }
        }
    }

    // MARK: What shows

    mutating func add(_ outcome: Disclosure.Outcome, _ secrets: Set<String>, _ span: Span) {
        guard !secrets.isEmpty else { return }
        let disclosure = Disclosure(
            occasion: occasion, outcome: outcome,
            sources: secrets.sorted { TextValue($0) < TextValue($1) }, span: span)
        let isTold = found.contains { other in
            other.occasion == occasion && other.outcome == outcome && other.sources == disclosure.sources
        }
        if !isTold { found.append(disclosure) }
    }

    mutating func note(field: Int) { writtenFields.insert(field) }

    mutating func note(register: Int, of secrets: Set<String>) {
        writtenRegisters[register, default: []].formUnion(secrets)
    }

    mutating func note(target: Int) { if !targets.contains(target) { targets.append(target) } }

    mutating func note(steps more: Set<String>) { steps.formUnion(more) }

    /// What may be refused by itself tells, besides, that it was come to.
    mutating func note(fault more: Set<String>) { faults.formUnion(more.union(guards)) }

    /// Goes through everything, and keeps of each place the private things that its value is made of.
    mutating func gather() {
        places = [:]
        run()
    }

    /// Looks for what is revealed within an expression, where it may fail, and on what its cost depends.
    mutating func look(_ expression: CheckedExpression) {
        if places != nil {
            let made = sources.of(expression)
            if !made.isEmpty { places?[expression.span, default: []].formUnion(made) }
        }
        if case .revealed(let inner) = expression.kind { add(.reveal, sources.of(inner), expression.span) }
        if expression.mayFault { note(fault: sources.of(expression.operands)) }
        if case .table(let index, let operands, _) = expression.kind {
            let rows = program.tables[index].sections.flatMap(\.rows)
            if rows.contains(where: { $0.outputs.contains { $0.expression.mayFaultWithin } }) {
                note(fault: sources.of(operands))
            }
        }
        steps.formUnion(sources.of(expression.steering))
        if case .aggregate(let aggregate) = expression.kind {
            look(aggregate.source)
            sources.locals[aggregate.local] = sources.of(aggregate.source)
            for part in [aggregate.condition, aggregate.value] { if let part { look(part.expression) } }
            return
        }
        if let (first, rest) = expression.choice {
            look(first)
            inside(sources.of(first)) { analysis in for operand in rest { analysis.look(operand) } }
            return
        }
        for operand in expression.operands { look(operand) }
        guard case .call(let index, let operands) = expression.kind else { return }
        // What a function makes of private arguments is gathered apart from what it makes of others.
        let privacy = places == nil ? [] : operands.map { sources.of($0).isEmpty ? 0 : 1 }
        guard visited.insert([index] + privacy).inserted else { return }
        lookInto(program.functions[index], operands)
    }

    /// A function is looked into once for each occasion, with what its arguments are made of there.
    private mutating func lookInto(_ function: FunctionDeclaration, _ operands: [CheckedExpression]) {
        let outer = sources.locals
        let arguments = operands.map { sources.of($0) }
        sources.locals = [:]
        for (slot, argument) in arguments.enumerated() { sources.locals[slot] = argument }
        for binding in function.bindings {
            look(binding.value)
            sources.locals[binding.local] = sources.of(binding.value)
        }
        look(function.value)
        sources.locals = outer
    }

    /// A text with its values left open.
    static func plain(_ text: CheckedText) -> String {
        text.parts.map { part in
            switch part {
            case .plain(let plain): plain
            case .value: "…"
            case .caseReference: "{case}"
            }
        }.joined()
    }
}
