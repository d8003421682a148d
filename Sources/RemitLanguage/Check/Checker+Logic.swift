import RemitValues

extension Checker {
    mutating func inferLogic(_ expression: Expression) -> CheckedExpression {
        let span = expression.span
        switch expression.kind {
        case .not(let inner):
            let value = checkCondition(inner, "`not` turns a condition round")
            return CheckedExpression(.not(value), .boolean, span)
        case .and(let left, let right):
            let first = checkCondition(left, "`and` joins conditions")
            let second = under(facts(first, true)) { $0.checkCondition(right, "`and` joins conditions") }
            return CheckedExpression(.and(first, Priced(second)), .boolean, span)
        case .or(let left, let right):
            let first = checkCondition(left, "`or` joins conditions")
            let second = under(facts(first, false)) { $0.checkCondition(right, "`or` joins conditions") }
            return CheckedExpression(.or(first, Priced(second)), .boolean, span)
        case .implies(let left, let right):
            let first = checkCondition(left, "`implies` joins conditions")
            let second = under(facts(first, true)) { $0.checkCondition(right, "`implies` joins conditions") }
            return CheckedExpression(.implies(first, Priced(second)), .boolean, span)
        default: return wrong(span)
        }
    }

    mutating func inferChoose(
        _ condition: Expression, _ then: Expression, _ other: Expression, hint: ValueType?, _ span: Span
    ) -> CheckedExpression {
        let test = checkCondition(condition, "`if` asks a condition")
        let first = under(facts(test, true)) { $0.infer(then, hint: hint) }
        let second = under(facts(test, false)) { $0.infer(other, hint: hint ?? first.type) }
        guard let (one, two) = joined(first, second, span, "the two values of a chooser") else { return wrong(span) }
        return CheckedExpression(.choose(test, then: Priced(one), otherwise: Priced(two)), one.type, span)
    }

    /// Two alternatives brought to one type, so that either may stand in the same place.
    private mutating func joined(
        _ left: CheckedExpression, _ right: CheckedExpression, _ span: Span, _ what: String
    ) -> (CheckedExpression, CheckedExpression)? {
        if left.type == .unknown || right.type == .unknown { return nil }
        if case .money(let first) = left.type, case .unrounded(let second) = right.type, first == second {
            return (widened(left), right)
        }
        if case .unrounded(let first) = left.type, case .money(let second) = right.type, first == second {
            return (left, widened(right))
        }
        if fits(left.type, right.type) { return (CheckedExpression(left.kind, right.type, left.span), right) }
        if fits(right.type, left.type) { return (left, CheckedExpression(right.kind, left.type, right.span)) }
        if case .optional(let inner) = left.type, fits(right.type, inner) {
            return (left, CheckedExpression(.wrapped(right), left.type, right.span))
        }
        if case .optional(let inner) = right.type, fits(left.type, inner) {
            return (CheckedExpression(.wrapped(left), right.type, left.span), right)
        }
        let want = Expectation(left.type, because: "\(what) have one type", at: left.span)
        _ = conform(right, to: want)
        return nil
    }

    mutating func inferOtherwise(
        _ value: Expression, _ other: Expression, hint: ValueType?, _ span: Span
    ) -> CheckedExpression {
        let first = infer(value, hint: hint)
        if first.type == .unknown {
            _ = infer(other, hint: hint)
            return wrong(span)
        }
        guard case .optional(let inner) = first.type else {
            report(
                .alwaysPresent, "this is always there, so that `otherwise` is never used", at: first.span,
                "this is \(name(first.type))", help: "leave out `otherwise` and what follows")
            return first
        }
        let want = Expectation(inner, because: "it stands in for \(name(inner))", at: first.span)
        let second = check(other, want)
        return CheckedExpression(.otherwise(first, Priced(second)), inner, span)
    }

    // What a condition says about optionals.

    /// Checks something while more is known to be present.
    mutating func under<Result>(_ facts: Set<ValuePath>, _ body: (inout Checker) -> Result) -> Result {
        let before = flow.present
        flow.present.formUnion(facts)
        let result = body(&self)
        flow.present = before
        return result
    }

    /// The optionals that are present, and the rounds that are granted, wherever a condition comes out as said.
    func facts(_ condition: CheckedExpression, _ outcome: Bool) -> Set<ValuePath> {
        switch condition.kind {
        case .comparison(.equal, let left, let right): return outcome ? granted(left, right) : []
        case .comparison(.notEqual, let left, let right): return outcome ? [] : granted(left, right)
        case .isPresent(let value):
            guard outcome, let path = ValuePath(value) else { return [] }
            return [path]
        case .not(let inner): return facts(inner, !outcome)
        case .and(let left, let right):
            let first = facts(left, outcome)
            let second = facts(right.expression, outcome)
            return outcome ? first.union(second) : first.intersection(second)
        case .or(let left, let right):
            let first = facts(left, outcome)
            let second = facts(right.expression, outcome)
            return outcome ? first.intersection(second) : first.union(second)
        case .implies(let left, let right):
            let first = facts(left, !outcome)
            let second = facts(right.expression, outcome)
            return outcome ? first.intersection(second) : facts(left, true).union(second)
        default: return []
        }
    }

    /// What is known where a round is as a word says.
    private func granted(_ left: CheckedExpression, _ right: CheckedExpression) -> Set<ValuePath> {
        guard case .outcome(let round) = left.kind, case .constant(RoundOutcome.granted.word) = right.kind else {
            return []
        }
        return [ValuePath(granted: round)]
    }
}
