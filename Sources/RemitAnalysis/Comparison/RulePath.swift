import RemitLanguage
import RemitValues

/// The way to a rule in a gauged program: what has to hold, in order, for a play to come to it.
struct RulePath {
    enum Step {
        case condition(CheckedExpression, Bool)
        /// A match goes into an arm.
        case member(CheckedExpression, [Value])
    }

    private(set) var steps: [Step] = []
    /// The rule itself, where it is a condition or part of one.
    private(set) var target: CheckedExpression?

    private let gauges: Gauges
    private let spans: [Span]
    /// A table or parameter that is asked.
    private let rule: Asking.Rule?
    private var program: CheckedProgram { gauges.program }
    /// The functions that are being looked into, and the nodes that may still be looked at.
    private var called: Set<Int> = []
    private var budget = Limits.comparedNodes

    /// The way to the first condition in some places, or to the first question to a table or parameter; nil where a
    /// play does not come to any.
    init?(_ play: Play, to spans: [Span], _ rule: Asking.Rule?, _ trial: CaseTrial) {
        gauges = trial.gauges
        self.spans = spans
        self.rule = rule
        guard !spans.isEmpty || rule != nil else { return nil }
        let isFound =
            switch play {
            case .action(let name):
                findAction(name)
            case .entry(let name, let sequel):
                findEntry(name, sequel, trial)
            }
        guard isFound || findStanding() else { return nil }
    }

    // MARK: Where to look

    private mutating func findAction(_ name: String) -> Bool {
        let action = program.actions.first { TextValue($0.name) == TextValue(name) }
        return action.map { find(in: $0.body) } ?? false
    }

    private mutating func findEntry(_ name: String, _ sequel: Play.Sequel, _ trial: CaseTrial) -> Bool {
        guard let state = program.states.firstIndex(where: { TextValue($0.name) == TextValue(name) }) else {
            return false
        }
        if findEntering(state) { return true }
        func round(_ name: String) -> ApprovalDeclaration? {
            program.approvals.first { TextValue($0.name) == TextValue(name) }
        }
        let body: CheckedBody? =
            switch sequel {
            case .nothing: nil
            case .signed(let name, _): round(name)?.granted
            case .declined(let name, _): round(name)?.declined
            case .overdue(let name): round(name)?.overdue
            case .deadline(let number):
                trial.deadlines(in: name).indices.contains(number)
                    ? program.deadlines[trial.deadlines(in: name)[number]].body : nil
            }
        return body.map { find(in: $0.block) } ?? false
    }

    private mutating func findEntering(_ state: Int) -> Bool {
        for entering in program.entering where entering.state == state {
            if find(in: entering.body) { return true }
        }
        return false
    }

    /// What is asked of any case, or was asked of it before.
    private mutating func findStanding() -> Bool {
        for invariant in program.invariants where find(in: invariant.condition.expression) { return true }
        for group in program.checks where group.parameters.isEmpty && find(in: group.items) { return true }
        return false
    }

    private func isTarget(_ place: Span) -> Bool { spans.contains { $0.holds(place) } }

    /// Whether something that is looked for stands in a place: behind its parts, it is what is meant.
    private func isAround(_ place: Span) -> Bool { spans.contains { place.holds($0) } }

    // MARK: Statements

    /// Follows a block to the rule, or leaves the way as it was.
    private mutating func find(in block: CheckedBlock) -> Bool {
        let mark = steps.count
        for statement in block.statements {
            if find(in: statement) { return true }
            pass(statement)
        }
        steps.removeSubrange(mark...)
        return false
    }

    /// What a statement that is passed has come to.
    private mutating func pass(_ statement: CheckedStatement) {
        switch statement.kind {
        case .require(let condition, _): steps.append(.condition(condition, true))
        case .choose(let condition, let then, let otherwise):
            if Self.refuses(then) { steps.append(.condition(condition, false)) }
            if Self.refuses(otherwise) { steps.append(.condition(condition, true)) }
        default: break
        }
    }

    private static func refuses(_ block: CheckedBlock) -> Bool {
        if case .refuse? = block.statements.last?.kind { true } else { false }
    }

    private mutating func find(in statement: CheckedStatement) -> Bool {
        if isTarget(statement.span) {
            if case .require(let condition, _) = statement.kind { target = condition }
            return true
        }
        return findInside(statement) || isAround(statement.span)
    }

    private mutating func findInside(_ statement: CheckedStatement) -> Bool {
        switch statement.kind {
        case .choose(let condition, let then, let otherwise):
            if find(in: condition) { return true }
            return find(in: then, behind: .condition(condition, true))
                || find(in: otherwise, behind: .condition(condition, false))
        case .match(let subject, let arms):
            if find(in: subject) { return true }
            for arm in arms where find(in: arm.body, behind: .member(subject, arm.values)) { return true }
            return false
        case .each(_, let list, let body): return find(in: list) || find(in: body)
        case .run(let checks, let arguments):
            for argument in arguments where find(in: argument) { return true }
            return program.checks.indices.contains(checks) && find(in: program.checks[checks].items)
        case .become(let state): return findEntering(state)
        default:
            for expression in statement.parts where find(in: expression) { return true }
            return false
        }
    }

    private mutating func find(in block: CheckedBlock, behind step: Step) -> Bool {
        steps.append(step)
        if find(in: block) { return true }
        steps.removeLast()
        return false
    }

    private mutating func find(in items: [CheckedItem]) -> Bool {
        for item in items {
            switch item {
            case .check(let check):
                if isTarget(check.span) {
                    target = check.condition.expression
                    return true
                }
                if find(in: check.condition.expression) { return true }
            case .binding(_, let value): if find(in: value.expression) { return true }
            case .each(_, let list, let inner, _):
                if find(in: list.expression) || find(in: inner) { return true }
            }
        }
        return false
    }

    // MARK: Expressions

    private mutating func find(in expression: CheckedExpression) -> Bool {
        budget -= 1
        guard budget > 0 else { return false }
        if isTarget(expression.span) {
            if expression.type == .boolean { target = expression }
            return true
        }
        return findInside(expression) || isAround(expression.span)
    }

    private mutating func findInside(_ expression: CheckedExpression) -> Bool {
        switch expression.kind {
        case .table(let table, _, _) where rule == .table(table): return true
        case .parameter(let parameter, _) where rule == .parameter(parameter): return true
        case .and(let left, let right), .implies(let left, let right):
            return find(in: left) || find(in: right.expression, behind: (left, true))
        case .or(let left, let right): return find(in: left) || find(in: right.expression, behind: (left, false))
        case .choose(let condition, let then, let otherwise):
            return find(in: condition) || find(in: then.expression, behind: (condition, true))
                || find(in: otherwise.expression, behind: (condition, false))
        case .aggregate(let aggregate):
            if find(in: aggregate.source) { return true }
            guard let condition = aggregate.condition?.expression else {
                return aggregate.value.map { find(in: $0.expression) } ?? false
            }
            if find(in: condition) { return true }
            return aggregate.value.map { find(in: $0.expression, behind: (condition, true)) } ?? false
        case .call(let function, let arguments):
            for argument in arguments where find(in: argument) { return true }
            guard function < gauges.first, program.functions.indices.contains(function),
                called.insert(function).inserted
            else { return false }
            for binding in program.functions[function].bindings where find(in: binding.value) { return true }
            return find(in: program.functions[function].value)
        default:
            for operand in expression.operands where find(in: operand) { return true }
            return false
        }
    }

    private mutating func find(
        in expression: CheckedExpression, behind condition: (asked: CheckedExpression, wanted: Bool)
    ) -> Bool {
        steps.append(.condition(condition.asked, condition.wanted))
        if find(in: expression) { return true }
        steps.removeLast()
        return false
    }
}

extension CheckedStatement {
    /// The expressions that stand in a statement itself, apart from its blocks and texts.
    fileprivate var parts: [CheckedExpression] {
        switch kind {
        case .binding(_, let value), .bindingOrRefuse(_, let value, _), .require(let value, _), .setField(_, let value):
            [value]
        default: moved
        }
    }
}
