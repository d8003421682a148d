import RemitLanguage
import RemitValues

/// A condition that decides: of a check, or of a requirement of an action.
struct Guard {
    let subject: PolicyDifference.Subject
    /// Where it stands: the code of a check, or the action.
    let place: String
    /// The code of a refusal, if it has one.
    var code: String?
    /// What it says to people where it decides.
    let words: String
    let condition: CheckedExpression
    /// All of it.
    let span: Span
    /// The number of a check among all checks.
    let clause: Int?
    /// Everywhere that it is asked.
    var sites: [Site] = []

    /// A place at which a guard is asked.
    struct Site {
        /// The action by which it is asked; nil: by whatever enters a state.
        let action: String?
        /// Where it holds.
        let formula: Formula
        /// Where it comes to nothing, since there is no rule for a day.
        let faults: Formula
        let inputs: ConditionInputs
        /// What holds wherever it is asked.
        let context: [Formula]
        let contextInputs: ConditionInputs
        /// What holds where passing it makes a difference: no later requirement refuses in the same words.
        var after: [Formula] = []
        /// Whether a later requirement in another branch refuses in the same words.
        var isMasked = false

        /// Where it comes to something.
        func formula(_ outcome: Outcome) -> Formula {
            switch outcome {
            case .holds: formula
            case .fails: faults == .constant(false) ? .not(formula) : .all([.not(formula), .not(faults)])
            case .faults: faults
            }
        }
    }

    /// What a guard comes to.
    enum Outcome {
        case holds, fails, faults

        /// What its condition comes to; nil where it comes to nothing.
        var answer: Bool? {
            switch self {
            case .holds: true
            case .fails: false
            case .faults: nil
            }
        }
    }

    var name: String {
        let place = code.map { "\(self.place) \($0)" } ?? place
        return words.isEmpty ? place : "\(place) \"\(words)\""
    }
}

/// A table or parameter that an action asks.
struct Asking {
    enum Rule: Equatable { case table(Int), parameter(Int) }

    let rule: Rule
    let action: String?
    /// Where each input is given; nil for one that is worked out.
    let inputs: [ConditionInputs.Path?]
    let day: ConditionInputs.Path?
}

/// Finds the conditions that decide, with what is known of the names where they stand, and what stands before them.
struct GuardFinder {
    let side: PolicySide
    private(set) var found: [Guard] = []
    private(set) var askings: [Asking] = []
    /// The constants that stand in rules.
    private(set) var constants: [Value] = []

    private var resolver: Resolver
    private var action: String?
    private var names = KnownNames()
    private var leaves: [ConditionInputs.Path] = []
    private var context: [Formula] = []
    private var contextInputs: ConditionInputs
    /// The requirements of the action so far: the guard, the block that it stands in, and what it comes to.
    private var passed: [(guard: Int, block: Int, formula: Formula)] = []
    private var blocks = 0
    private var depth = 0

    private var program: CheckedProgram { side.program }

    init(_ side: PolicySide) {
        self.side = side
        resolver = Resolver(side.program)
        contextInputs = ConditionInputs(side)
        run()
    }

    private mutating func run() {
        for group in program.checks { list(group.items) }
        let constants = WrittenPlaces.constants(of: program)
        for action in program.actions {
            begin(action.name)
            for parameter in action.parameters {
                names.locals[leaves.count] = CheckedExpression(
                    .local(leaves.count), parameter.type, parameter.span)
                leaves.append(["given", TextValue(parameter.name)])
            }
            for (index, field) in program.caseFields.enumerated() where !action.enters.contains(index) {
                // An opening action finds a field as it begins; another one, what was never written as well.
                let isNew = !action.opens.isEmpty && action.states.isEmpty
                guard let value = isNew ? field.starts ?? .absent : constants[index] else { continue }
                names.fields[index] = CheckedExpression(.constant(value), field.type, field.span)
            }
            if action.opens.isEmpty { for invariant in program.invariants { assume(invariant.condition.expression) } }
            walk(action.body, "action \(action.name)")
            settleWords()
        }
        for entering in program.entering {
            begin(nil)
            // Whatever led into the state may have written anything.
            var written = WrittenPlaces()
            for action in program.actions { written.add(action.body) }
            for approval in program.approvals {
                for body in [approval.granted, approval.declined, approval.overdue] { written.add(body.block) }
            }
            for deadline in program.deadlines { written.add(deadline.body.block) }
            names.forget(written, program)
            walk(entering.body, "entering \(program.states[entering.state].name)")
            settleWords()
        }
    }

    private mutating func begin(_ action: String?) {
        self.action = action
        names = KnownNames()
        leaves = []
        context = []
        contextInputs = ConditionInputs(side)
        passed = []
    }

    /// Checks in order of writing, wherever they are asked.
    private mutating func list(_ items: [CheckedItem]) {
        for item in items {
            switch item {
            case .check(let check):
                found.append(
                    Guard(
                        subject: .check, place: check.code, words: words(check.text),
                        condition: check.condition.expression, span: check.span, clause: check.index))
            case .each(_, _, let inner, _): list(inner)
            case .binding: break
            }
        }
    }

    // MARK: Conditions

    private mutating func resolved(_ expression: CheckedExpression) -> CheckedExpression {
        visit(expression, names, depth: 0)
        return resolver.resolve(expression, names)
    }

    private mutating func read(
        _ expression: CheckedExpression
    ) -> (holds: Formula, faults: Formula, inputs: ConditionInputs) {
        var inputs = ConditionInputs(side)
        inputs.leaves = leaves
        inputs.writes = names.writes
        let (holds, faults) = inputs.outcome(expression)
        return (holds, faults, inputs)
    }

    /// What a condition comes to, as something that stands before what follows.
    private mutating func asked(_ expression: CheckedExpression) -> (holds: Formula, faults: Formula) {
        let (holds, faults, inputs) = read(resolved(expression))
        contextInputs.join(inputs)
        return (holds, faults)
    }

    private mutating func assume(_ expression: CheckedExpression) { context.append(asked(expression).holds) }

    private mutating func site(_ condition: CheckedExpression) -> Guard.Site {
        let (holds, faults, inputs) = read(resolved(condition))
        return Guard.Site(
            action: action, formula: holds, faults: faults, inputs: inputs, context: context,
            contextInputs: contextInputs)
    }

    // MARK: Statements

    private mutating func walk(_ block: CheckedBlock, _ place: String) {
        blocks += 1
        let own = blocks
        for statement in block.statements { walk(statement, place, own) }
    }

    private mutating func walk(_ statement: CheckedStatement, _ place: String, _ block: Int) {
        switch statement.kind {
        case .binding(let local, let value): names.locals[local] = resolved(value)
        case .bindingOrRefuse(let local, let value, _):
            let known = resolved(value)
            names.locals[local] = known
            // Of a register, rows are asked for that are there.
            if case .lookup = known.kind { return }
            assume(CheckedExpression(.isPresent(value), .boolean, value.span))
        case .require(let condition, let refusal):
            var rule = Guard(
                subject: .requirement, place: place, code: refusal.code, words: words(refusal.text),
                condition: condition, span: statement.span, clause: nil)
            let site = site(condition)
            rule.sites = [site]
            passed.append((found.count, block, site.formula))
            found.append(rule)
            contextInputs.join(site.inputs)
            context.append(site.formula)
        case .refuse: context.append(.constant(false))
        case .setField(let field, let value):
            let known = resolved(value)
            names.fields[field] = known
            names.writes += 1
        case .choose(let condition, let then, let otherwise):
            let (holds, faults) = asked(condition)
            if faults != .constant(false) { context.append(.not(faults)) }
            branch([(holds, then), (.not(holds), otherwise)], place)
        case .match(let subject, let arms):
            branch(
                arms.map { arm in
                    let values = arm.values.map { CheckedExpression(.constant($0), subject.type, subject.span) }
                    let question = CheckedExpression(.isOneOf(subject, values), .boolean, subject.span)
                    return (asked(question).holds, arm.body)
                }, place)
        case .each(let local, let list, let body):
            let before = context
            names.forget(WrittenPlaces(body), program)
            bind(local, elementOf: list)
            walk(body, place)
            context = before
            names.forget(WrittenPlaces(body), program)
        case .run(let checks, let arguments): run(checks, arguments)
        default:
            names.forget(WrittenPlaces(CheckedBlock(statements: [statement])), program)
            for expression in statement.moved { visit(expression, names, depth: 0) }
        }
    }

    /// Walks through branches; what was asked in one of them holds behind it where that branch was taken.
    private mutating func branch(_ arms: [(condition: Formula, body: CheckedBlock)], _ place: String) {
        let (outer, before) = (names, context)
        var gained: [Formula] = []
        for (condition, body) in arms {
            names = outer
            context = before + [condition]
            walk(body, place)
            gained += context[(before.count + 1)...].map { .some([.not(condition), $0]) }
        }
        context = before + gained
        names = outer
        var written = WrittenPlaces()
        for arm in arms { written.add(arm.body) }
        names.forget(written, program)
    }

    private mutating func bind(_ local: Int, elementOf list: CheckedExpression) {
        let inputs = read(list).inputs
        let resolved = resolved(list)
        let path = inputs.path(resolved)
        guard let path, case .list(let element, _) = resolved.type else {
            names.locals[local] = nil
            return
        }
        names.locals[local] = CheckedExpression(.local(leaves.count), element, list.span)
        leaves.append(path + ["each"])
    }

    // MARK: Checks

    private mutating func run(_ checks: Int, _ arguments: [CheckedExpression]) {
        guard program.checks.indices.contains(checks) else { return }
        let outer = names
        let values = arguments.map { resolved($0) }
        names.locals = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($0, $1) })
        walk(program.checks[checks].items)
        names = outer
        // What the checks found before is another verdict.
        names.writes += 1
    }

    private mutating func walk(_ items: [CheckedItem]) {
        for item in items {
            switch item {
            case .check(let check):
                let site = site(check.condition.expression)
                if let place = found.firstIndex(where: { $0.clause == check.index }) {
                    found[place].sites.append(site)
                }
            case .each(let local, let list, let inner, _):
                bind(local, elementOf: list.expression)
                walk(inner)
            case .binding(let local, let value): names.locals[local] = resolved(value.expression)
            }
        }
    }

    // MARK: Requirements in the same words

    /// Passing a requirement makes no difference where a later one refuses in the same words: where none before that
    /// one refuses, it has to be passed as well.
    private mutating func settleWords() {
        for (index, (rule, block, _)) in passed.enumerated() {
            for (later, other) in passed.enumerated()
            where later > index && found[other.guard].name == found[rule].name {
                if other.block == block {
                    let between = passed[(index + 1)..<later].filter { $0.block == block }
                    let refused = between.map { Formula.not($0.formula) }
                    found[rule].sites[0].after.append(.some(refused + [other.formula]))
                } else {
                    found[rule].sites[0].isMasked = true
                }
            }
        }
    }

    // MARK: What is asked of tables and parameters

    private mutating func visit(_ expression: CheckedExpression, _ names: KnownNames, depth: Int) {
        guard depth < Limits.callDepth else { return }
        switch expression.kind {
        case .constant(let value): constants.append(value)
        case .matches(_, let pattern): constants.append(.text(pattern.sample))
        case .table(let table, let inputs, let day): note(.table(table), inputs, day, names)
        case .parameter(let parameter, let day): note(.parameter(parameter), [], day, names)
        case .call(let index, let arguments):
            guard program.functions.indices.contains(index) else { return }
            let function = program.functions[index]
            var inner = names
            let values = arguments.map { resolver.resolve($0, names) }
            inner.locals = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($0, $1) })
            for binding in function.bindings {
                visit(binding.value, inner, depth: depth + 1)
                inner.locals[binding.local] = resolver.resolve(binding.value, inner)
            }
            visit(function.value, inner, depth: depth + 1)
        default: break
        }
        for operand in expression.operands { visit(operand, names, depth: depth + 1) }
    }

    private mutating func note(
        _ rule: Asking.Rule, _ inputs: [CheckedExpression], _ day: CheckedExpression?, _ names: KnownNames
    ) {
        var reader = ConditionInputs(side)
        reader.leaves = leaves
        let paths = inputs.map { reader.path(resolver.resolve($0, names)) }
        let date = day.flatMap { reader.path(resolver.resolve($0, names)) }
        let asking = Asking(rule: rule, action: action, inputs: paths, day: date)
        if !askings.contains(where: { $0.rule == rule && $0.action == action && $0.inputs == paths }) {
            askings.append(asking)
        }
    }

    private func words(_ text: CheckedText) -> String {
        text.parts.map { part in
            switch part {
            case .plain(let plain): plain
            case .value(let value): "{\(side.text(value.span))}"
            case .caseReference: "{case}"
            }
        }.joined()
    }
}

extension TextPattern {
    /// A text that it matches, as far as it means what it shows.
    fileprivate var sample: TextValue {
        TextValue(
            written.unicodeScalars.map { sign in
                switch sign {
                case "9": "0"
                case "?": "a"
                case "*": ""
                default: String(sign)
                }
            }.joined())
    }
}

extension CheckedStatement {
    /// What a statement adds, takes out, writes to rows and entries, moves or names, apart from its blocks and texts.
    var moved: [CheckedExpression] {
        switch kind {
        case .addToField(_, let value), .removeFromField(_, let value), .reserve(_, let value, _),
            .transfer(_, let value, _):
            [value]
        case .setEntry(_, let key, let value), .addToEntry(_, let key, let value), .pay(_, let key, let value):
            [key, value]
        case .setRow(_, let keys, _, let value), .addToRow(_, let keys, _, let value): keys + [value]
        case .release(_, let value): value.map { [$0] } ?? []
        case .notifyParty(let party, _): [party]
        default: []
        }
    }
}
