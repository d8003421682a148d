import RemitLanguage
import RemitRuntime
import RemitValues

/// A program whose comparisons tell their two sides, and whose other questions what they came to: each became a call of
/// a function of its own, which a trace shows.
final class Gauges {
    /// The program, which decides as the one that it was made from.
    private(set) var program: CheckedProgram
    /// The places of the comparisons.
    private(set) var spans: [Span] = []
    let first: Int
    /// The roundings among them, which tell what they round.
    private var roundings: [Int: Rounding] = [:]
    /// The ranges among them: behind each stands a place for its upper bound, which is never called itself.
    private var ranges: Set<Int> = []
    /// The conditions of requirements and checks by their places.
    private var conditions: [Span: CheckedExpression] = [:]

    /// A rounding: its gauge, how it rounds, and whether it divides.
    struct Rounding {
        let gauge: Int
        let mode: RoundingMode
        let places: Int
    }

    init(_ original: CheckedProgram) {
        program = original
        first = original.functions.count
        for index in original.functions.indices {
            let function = original.functions[index]
            program.functions[index] = FunctionDeclaration(
                name: function.name, parameters: function.parameters, result: function.result, source: function.source,
                bindings: function.bindings.map { (local: $0.local, value: gauged($0.value)) },
                value: gauged(function.value), cost: function.cost,
                localCount: function.localCount, span: function.span)
        }
        for index in original.checks.indices {
            let group = original.checks[index]
            program.checks[index] = ChecksDeclaration(
                name: group.name, parameters: group.parameters, items: group.items.map { gauged($0) },
                localCount: group.localCount, lineField: group.lineField, span: group.span)
        }
        for index in original.actions.indices {
            let action = original.actions[index]
            program.actions[index] = ActionDeclaration(
                name: action.name, states: action.states, opens: action.opens, authorities: action.authorities,
                except: action.except, enters: action.enters, parameters: action.parameters, source: action.source,
                body: gauged(action.body), localCount: action.localCount, headCost: action.headCost, span: action.span)
        }
        for index in original.entering.indices {
            let entering = original.entering[index]
            program.entering[index] = EnteringDeclaration(
                state: entering.state, body: gauged(entering.body), localCount: entering.localCount,
                span: entering.span)
        }
        program.invariants = original.invariants.map { invariant in
            InvariantDeclaration(
                text: invariant.text, condition: Priced(gauged(invariant.condition.expression)),
                localCount: invariant.localCount, source: invariant.source, span: invariant.span)
        }
        gaugeTimedBodies(original)
    }

    private func gaugeTimedBodies(_ original: CheckedProgram) {
        func body(_ body: CheckedBody) -> CheckedBody {
            CheckedBody(block: gauged(body.block), localCount: body.localCount)
        }
        for index in original.approvals.indices {
            let round = original.approvals[index]
            program.approvals[index] = ApprovalDeclaration(
                name: round.name, states: round.states, needs: round.needs, except: round.except,
                declinedBy: round.declinedBy, within: round.within, headLocals: round.headLocals,
                granted: body(round.granted), declined: body(round.declined),
                overdue: body(round.overdue), source: round.source, span: round.span)
        }
        for index in original.deadlines.indices {
            let deadline = original.deadlines[index]
            program.deadlines[index] = DeadlineDeclaration(
                name: deadline.name, term: deadline.term, past: deadline.past, states: deadline.states,
                body: body(deadline.body), termLocals: deadline.termLocals, source: deadline.source,
                span: deadline.span)
        }
    }

    // MARK: Reading

    /// By how much the sides of a comparison were apart in a play, in millionths, where that can be said; of several
    /// times the nearest.
    func distances(_ played: Played) -> [Int: Int128] {
        var found: [Int: Int128] = [:]
        for entry in played.everything {
            guard case .functionCalled(let index, let sides, _) = entry.event, index >= first,
                let left = sides.first.flatMap(Scaled.number)
            else { continue }
            if roundings[index - first] != nil { continue }
            for (place, side) in sides.dropFirst().enumerated() {
                guard let right = Scaled.number(side) else { continue }
                let gauge = index - first + (ranges.contains(index - first) ? place : 0)
                let distance = left - right
                if let known = found[gauge], known.magnitude <= distance.magnitude { continue }
                found[gauge] = distance
            }
        }
        return found
    }

    /// The condition of a requirement or check that stands at a place.
    func condition(at place: Span) -> CheckedExpression? { conditions[place] }

    /// The narrowest rounding that a place lies in.
    func rounding(around place: Span) -> Rounding? {
        let around = roundings.values.filter { rounding in
            let span = spans[rounding.gauge]
            return span.start <= place.start && place.end <= span.end
        }
        return around.min { first, second in
            let (one, other) = (spans[first.gauge], spans[second.gauge])
            return (one.end - one.start, first.gauge) < (other.end - other.start, second.gauge)
        }
    }

    /// What a rounding rounded in a play, time after time: a number, and what it is divided by.
    func rounded(_ rounding: Rounding, _ played: Played) -> [(dividend: Int128, divisor: Int128)] {
        var found: [(dividend: Int128, divisor: Int128)] = []
        for entry in played.entries where found.count < Limits.climbedAims {
            guard case .functionCalled(first + rounding.gauge, let sides, _) = entry.event,
                let dividend = sides.first.flatMap(Scaled.fine)
            else { continue }
            guard sides.count > 1 else {
                found.append((dividend, Scaled.fineUnit))
                continue
            }
            if let divisor = Scaled.fine(sides[1]) { found.append((dividend, divisor)) }
        }
        return found
    }

    // MARK: Making

    private func gauged(_ block: CheckedBlock) -> CheckedBlock {
        CheckedBlock(statements: block.statements.map { gauged($0) })
    }

    private func gauged(_ statement: CheckedStatement) -> CheckedStatement {
        let kind: CheckedStatement.Kind
        switch statement.kind {
        case .binding(let local, let value): kind = .binding(local: local, gauged(value))
        case .require(let condition, let refusal):
            let told = gauged(condition)
            conditions[condition.span] = told
            kind = .require(told, refusal)
        case .setField(let field, let value): kind = .setField(field, gauged(value))
        case .addToField(let field, let value): kind = .addToField(field, gauged(value))
        case .setRow(let register, let keys, let field, let value):
            kind = .setRow(register: register, keys: keys, field: field, gauged(value))
        case .addToRow(let register, let keys, let field, let value):
            kind = .addToRow(register: register, keys: keys, field: field, gauged(value))
        case .reserve(let fund, let value, let refusal): kind = .reserve(fund: fund, gauged(value), refusal)
        case .pay(let fund, let value, let party): kind = .pay(fund: fund, gauged(value), to: party)
        case .transfer(let fund, let value, let target): kind = .transfer(fund: fund, gauged(value), to: target)
        case .choose(let condition, let then, let otherwise):
            kind = .choose(gauged(condition), then: gauged(then), otherwise: gauged(otherwise))
        case .match(let subject, let arms):
            let told = call([subject], subject) { $0[0].kind }
            kind = .match(told, arms.map { (values: $0.values, body: gauged($0.body)) })
        case .each(let local, let list, let body): kind = .each(local: local, in: list, gauged(body))
        default: return statement
        }
        return CheckedStatement(kind, statement.span)
    }

    private func gauged(_ item: CheckedItem) -> CheckedItem {
        switch item {
        case .check(let check):
            let told = gauged(check.condition.expression)
            conditions[told.span] = told
            return .check(
                CheckedCheck(
                    index: check.index, severity: check.severity, code: check.code, text: check.text,
                    condition: Priced(told), source: check.source, span: check.span))
        case .binding(let local, let value): return .binding(local: local, Priced(gauged(value.expression)))
        case .each(let local, let list, let items, let span):
            return .each(local: local, in: list, items.map { gauged($0) }, span: span)
        }
    }

    private func gauged(_ part: Priced) -> Priced { Priced(gauged(part.expression)) }

    /// An expression with its comparisons as calls, and with whatever else is a question by itself.
    private func gauged(_ expression: CheckedExpression) -> CheckedExpression {
        func made(_ kind: CheckedExpression.Kind) -> CheckedExpression {
            CheckedExpression(kind, expression.type, expression.span)
        }
        switch expression.kind {
        case .not(let inner): return made(.not(gauged(inner)))
        case .and(let left, let right): return made(.and(gauged(left), gauged(right)))
        case .or(let left, let right): return made(.or(gauged(left), gauged(right)))
        case .implies(let left, let right): return made(.implies(gauged(left), gauged(right)))
        case .choose(let condition, let then, let otherwise):
            return made(.choose(gauged(condition), then: gauged(then), otherwise: gauged(otherwise)))
        case .comparison(let operation, let left, let right) where Formula.isOrdered(left.type):
            return call([gauged(left), gauged(right)], expression) { .comparison(operation, $0[0], $0[1]) }
        case .within(let value, let lower, let upper) where Formula.isOrdered(value.type):
            let sides = [value, lower, upper].map { gauged($0) }
            ranges.insert(spans.count)
            let asked = call(sides, expression) { .within($0[0], $0[1], $0[2]) }
            _ = call(sides, expression) { .within($0[0], $0[1], $0[2]) }
            return asked
        case .builtin(let builtin, let sides) where sides.count == 2 && Formula.isOrdered(sides[0].type):
            guard builtin == .largest || builtin == .smallest else { return expression }
            return call(sides.map { gauged($0) }, expression) { .builtin(builtin, $0) }
        case .aggregate(let aggregate):
            let inner = made(
                .aggregate(
                    CheckedAggregate(
                        operation: aggregate.operation, source: aggregate.source, local: aggregate.local,
                        condition: aggregate.condition.map { gauged($0) }, value: aggregate.value.map { gauged($0) },
                        addition: aggregate.addition, zero: aggregate.zero)))
            return Self.isQuestion(expression) ? call([inner], expression) { $0[0].kind } : inner
        default:
            let inner = gaugedParts(of: expression)
            return Self.isQuestion(expression) ? call([inner], expression) { $0[0].kind } : inner
        }
    }

    /// Whether an expression is a question that is not made of others.
    private static func isQuestion(_ expression: CheckedExpression) -> Bool {
        guard expression.type == .boolean else { return false }
        switch expression.kind {
        case .constant, .revealed: return false
        default: return true
        }
    }

    /// An expression that compares nothing itself, with its parts gauged.
    private func gaugedParts(of expression: CheckedExpression) -> CheckedExpression {
        func made(_ kind: CheckedExpression.Kind) -> CheckedExpression {
            CheckedExpression(kind, expression.type, expression.span)
        }
        switch expression.kind {
        case .revealed(let inner): return made(.revealed(gauged(inner)))
        case .widened(let inner): return made(.widened(gauged(inner)))
        case .wrapped(let inner): return made(.wrapped(gauged(inner)))
        case .rounded(let inner, let mode, let places):
            let side = gauged(inner)
            let gauge = spans.count
            roundings[gauge] = Rounding(gauge: gauge, mode: mode, places: places)
            return call([side], expression) { .rounded($0[0], mode, places: places) }
        case .negated(let inner): return made(.negated(gauged(inner)))
        case .arithmetic(let operation, let left, let right):
            return made(.arithmetic(operation, gauged(left), gauged(right)))
        case .quotient(let left, let right, let mode, let places):
            let sides = [gauged(left), gauged(right)]
            let gauge = spans.count
            roundings[gauge] = Rounding(gauge: gauge, mode: mode, places: places)
            return call(sides, expression) { .quotient($0[0], $0[1], mode, places: places) }
        case .otherwise(let base, let fallback): return made(.otherwise(gauged(base), gauged(fallback)))
        default: return expression
        }
    }

    /// A call of a function that comes to what an expression does, with its sides as arguments.
    private func call(
        _ sides: [CheckedExpression], _ expression: CheckedExpression,
        _ kind: ([CheckedExpression]) -> CheckedExpression.Kind
    ) -> CheckedExpression {
        let index = program.functions.count
        let span = expression.span
        let parameters = sides.map { FieldDeclaration(name: "", type: $0.type, span: span) }
        let locals = sides.enumerated().map { CheckedExpression(.local($0), $1.type, span) }
        let value = CheckedExpression(kind(locals), expression.type, span)
        program.functions.append(
            FunctionDeclaration(
                name: "", parameters: parameters, result: expression.type, source: nil, bindings: [], value: value,
                cost: value.cost, localCount: sides.count, span: span))
        spans.append(span)
        return CheckedExpression(.call(function: index, sides), expression.type, span)
    }
}
