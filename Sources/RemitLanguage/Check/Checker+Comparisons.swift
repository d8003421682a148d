import RemitValues

extension Checker {
    mutating func inferComparison(
        _ operation: ComparisonOperator, _ left: Expression, _ right: Expression, _ span: Span
    ) -> CheckedExpression {
        let (first, second) = inferPair(left, right)
        guard let (one, other) = unified(first, second, span) else { return wrong(span) }
        let asksOrder = operation != .equal && operation != .notEqual
        if asksOrder, !isOrdered(one.type) {
            report(
                .notComparable, "values of \(name(one.type)) have no order", at: span,
                "`\(operation.rawValue)` asks which comes first", help: "compare them with `is` or `is not`")
            return wrong(span)
        }
        return CheckedExpression(.comparison(operation, one, other), .boolean, span)
    }

    /// Two values brought to one type; nil, and reported, where they cannot be compared.
    mutating func unified(
        _ left: CheckedExpression, _ right: CheckedExpression, _ span: Span
    ) -> (CheckedExpression, CheckedExpression)? {
        switch (left.type, right.type) {
        case (.unknown, _), (_, .unknown): return nil
        case (.money(let first), .money(let second)), (.money(let first), .unrounded(let second)),
            (.unrounded(let first), .money(let second)), (.unrounded(let first), .unrounded(let second)):
            guard first == second else {
                _ = reportCurrencies(left, right, first, second, span)
                return nil
            }
            return left.type == right.type ? (left, right) : (widened(left), widened(right))
        case (.text, .text), (.person, .party), (.organisation, .party), (.party, .person), (.party, .organisation):
            return (left, right)
        case (.list(let first, _), .list(let second, _)), (.set(let first, _), .set(let second, _)):
            if fits(first, second) || fits(second, first) { return (left, right) }
        case (.map(let key, let value, _), .map(let otherKey, let otherValue, _)):
            if fits(key, otherKey) && fits(value, otherValue) || fits(otherKey, key) && fits(otherValue, value) {
                return (left, right)
            }
        case (.caseOf(let contract), .otherState(let other)) where contract == other:
            return stateOfOther(left).map { ($0, right) }
        case (.otherState(let other), .caseOf(let contract)) where contract == other:
            return stateOfOther(right).map { (left, $0) }
        case (.optional(.caseOf(let contract)), .otherState(let other)) where contract == other:
            return reportOptional(left)
        case (.optional(let inner), let other) where present(other) == other && fits(other, inner):
            return reportOptional(left)
        case (let other, .optional(let inner)) where present(other) == other && fits(other, inner):
            return reportOptional(right)
        default: if left.type == right.type { return (left, right) }
        }
        reportNotComparable(left, right, span)
        return nil
    }

    private mutating func reportOptional(_ value: CheckedExpression) -> (CheckedExpression, CheckedExpression)? {
        report(
            .bareOptional, "this may be absent, and a comparison needs a value", at: value.span,
            "this is \(name(value.type))", help: optionalHelp(value))
        return nil
    }

    private mutating func reportNotComparable(_ left: CheckedExpression, _ right: CheckedExpression, _ span: Span) {
        let labels = [Label(left.span, "this is \(name(left.type))"), Label(right.span, "this is \(name(right.type))")]
        let help: String
        var code = DiagnosticCode.notComparable
        switch (left.type, right.type) {
        case (.integer, .decimal), (.decimal, .integer):
            code = .mixedNumbers
            help = "multiply the Integer by `1.0` to make it a Decimal"
        case (.money(let currency), .integer), (.money(let currency), .decimal), (.integer, .money(let currency)),
            (.decimal, .money(let currency)):
            help = "write the currency behind the number, such as `0 \(currency.code)`"
        case (.date, .dateTime), (.dateTime, .date): help = "write `date of` before the DateTime"
        case (.duration, .integer), (.integer, .duration): help = "write the unit, such as `60 days`"
        case (.text, .date), (.date, .text): help = "write the date without quotation marks, such as 2026-03-02"
        case (.text, .enumeration), (.enumeration, .text): help = "write the value without quotation marks"
        case (.text, .integer), (.integer, .text), (.text, .decimal), (.decimal, .text):
            help = "digits between quotation marks are a text: write both sides with them, or both without"
        case (.text, .boolean), (.boolean, .text): help = "write `yes` or `no` without quotation marks"
        case (.text, .person), (.text, .organisation), (.text, .party), (.person, .text), (.organisation, .text),
            (.party, .text):
            help = "a party is compared with `actor` or with a field that holds one, not with a text"
        case (.person, .organisation), (.organisation, .person):
            help = "the organisation that somebody acts for is `organisation of actor`"
        default: help = "compare values of one type"
        }
        report(
            code, "\(name(left.type)) and \(name(right.type)) cannot be compared", at: span, labels: labels, help: help)
    }

    mutating func inferWithin(
        _ value: Expression, _ lower: Expression, _ upper: Expression, isNot: Bool, _ span: Span
    ) -> CheckedExpression {
        let (tested, low) = inferPair(value, lower)
        let high = infer(upper, hint: present(tested.type))
        guard let (first, least) = unified(tested, low, span), let (second, greatest) = unified(tested, high, span)
        else { return wrong(span) }
        guard isOrdered(first.type) else {
            report(
                .notComparable, "values of \(name(first.type)) have no order", at: span,
                help: "name the values: `in (a, b)`")
            return wrong(span)
        }
        // Where one end is not rounded, all three are compared as unrounded amounts.
        let isWide = [first, second, least, greatest].contains { if case .unrounded = $0.type { true } else { false } }
        let parts = isWide ? [widened(tested), widened(low), widened(high)] : [tested, least, greatest]
        return negatedIf(
            isNot, CheckedExpression(.within(parts[0], parts[1], parts[2]), .boolean, span), span)
    }

    private func negatedIf(_ isNot: Bool, _ test: CheckedExpression, _ span: Span) -> CheckedExpression {
        isNot ? CheckedExpression(.not(test), .boolean, span) : test
    }

    mutating func inferIsIn(
        _ value: Expression, _ options: [Expression], isNot: Bool, _ span: Span
    ) -> CheckedExpression {
        var tested = infer(value)
        if options.count == 1 {
            let option = infer(options[0], hint: present(tested.type))
            switch option.type {
            case .list(let element, _), .set(let element, _):
                guard let (one, _) = unified(tested, CheckedExpression(option.kind, element, option.span), span)
                else { return wrong(span) }
                return negatedIf(isNot, CheckedExpression(.isIn(one, option), .boolean, span), span)
            case .map(let key, _, _):
                guard let (one, _) = unified(tested, CheckedExpression(option.kind, key, option.span), span)
                else { return wrong(span) }
                return negatedIf(isNot, CheckedExpression(.isIn(one, option), .boolean, span), span)
            // What is wrong with it has been said.
            case .unknown: return wrong(span)
            default: break
            }
        }
        var checked: [CheckedExpression] = []
        for option in options {
            let candidate = infer(option, hint: present(tested.type))
            guard let (one, other) = unified(tested, candidate, span) else { return wrong(span) }
            tested = one
            checked.append(other)
        }
        return negatedIf(isNot, CheckedExpression(.isOneOf(tested, checked), .boolean, span), span)
    }

    /// `is present`, `is absent`, `is empty`, `is like`.
    mutating func inferState(_ operand: Expression, _ test: Expression.StateTest, _ span: Span) -> CheckedExpression {
        let value = infer(operand)
        if value.type == .unknown { return wrong(span) }
        switch test {
        case .present, .absent:
            let asksAbsent = if case .absent = test { true } else { false }
            guard case .optional = value.type else {
                report(
                    .alwaysPresent, "this is always there", at: value.span, "this is \(name(value.type))",
                    help: "leave the question out, or give it the type `optional \(name(value.type))`")
                return CheckedExpression(.constant(.boolean(!asksAbsent)), .boolean, span)
            }
            return negatedIf(asksAbsent, CheckedExpression(.isPresent(value), .boolean, span), span)
        case .empty, .notEmpty:
            switch value.type {
            case .list, .set, .map, .text: break
            default:
                report(
                    .notAList, "\(name(value.type)) is neither list nor text, and cannot be empty", at: value.span,
                    help: "ask `is absent` of what may be missing")
                return wrong(span)
            }
            let asksNot = if case .notEmpty = test { true } else { false }
            return negatedIf(asksNot, CheckedExpression(.isEmpty(value), .boolean, span), span)
        case .like(let pattern): return matches(value, pattern, span)
        }
    }

    private func optionalPatternHelp(_ value: CheckedExpression) -> String? {
        if case .optional(.text) = value.type { optionalHelp(value) } else { nil }
    }

    private mutating func matches(_ value: CheckedExpression, _ text: TextSyntax, _ span: Span) -> CheckedExpression {
        guard case .text = value.type else {
            report(
                .wrongOperands, "`is like` compares a text with a pattern, and this is \(name(value.type))",
                at: value.span, help: optionalPatternHelp(value) ?? "compare it with `is`, `<` or `>`")
            return wrong(span)
        }
        guard let pattern = TextPattern(plain(text, in: "a pattern")) else {
            report(
                .malformedPattern, "this pattern ends in a lone backslash", at: text.span,
                help: "write the character that is meant behind it")
            return wrong(span)
        }
        return CheckedExpression(.matches(value, pattern: pattern), .boolean, span)
    }
}
