import RemitValues

extension Checker {
    mutating func inferRounded(_ operand: Expression, _ rounding: RoundingSyntax, _ span: Span) -> CheckedExpression {
        guard let mode = RoundingMode(rawValue: rounding.mode) else {
            report(
                .roundingPlaces, "there is no rounding `\(rounding.mode)`", at: rounding.span,
                help: "write `half up`, `half even`, `up` or `down`")
            return wrong(span)
        }
        var inner = operand
        while case .bracketed(let next) = inner.kind { inner = next }
        if case .arithmetic(.divide, let left, let right) = inner.kind {
            return quotient(left, right, mode, rounding, span)
        }
        if case .arithmetic(let operation, let left, let right) = inner.kind, isMonths(right) {
            let day = infer(left)
            if day.type == .date || day.type == .dateTime { return monthsLater(day, operation, right, rounding, span) }
        }
        let value = infer(operand)
        switch value.type {
        case .unknown: return wrong(span)
        case .unrounded(let currency):
            guard moneyPlaces(rounding, currency) else { return wrong(span) }
            return CheckedExpression(
                .rounded(value, mode, places: currency.minorDigits), .money(currency), span)
        case .decimal:
            guard let places = places(rounding) else { return wrong(span) }
            return CheckedExpression(.rounded(value, mode, places: places), .decimal, span)
        case .money, .integer:
            report(
                .nothingToRound, "there is nothing to round here", at: span,
                "this is \(name(value.type)), which is exact already", help: "leave out `rounded \(rounding.mode)`")
            return value
        default:
            if case .optional = value.type {
                report(
                    .bareOptional, "this may be absent, and `rounded` needs a value", at: value.span,
                    help: optionalHelp(value))
            } else {
                report(
                    .wrongOperands, "`rounded` does not take \(name(value.type))", at: span,
                    help: "only numbers and amounts are rounded")
            }
            return wrong(span)
        }
    }

    private mutating func quotient(
        _ left: Expression, _ right: Expression, _ mode: RoundingMode, _ rounding: RoundingSyntax, _ span: Span
    ) -> CheckedExpression {
        let first = infer(left)
        let second = infer(right)
        if case .constant(let divisor) = second.kind, isZero(divisor) {
            report(.wrongOperands, "this divides by zero", at: second.span, help: "write another divisor")
            return wrong(span)
        }
        switch (first.type, second.type) {
        case (.unknown, _), (_, .unknown): return wrong(span)
        case (.integer, .integer), (.integer, .decimal), (.decimal, .integer), (.decimal, .decimal):
            guard let places = places(rounding) else { return wrong(span) }
            return CheckedExpression(.quotient(widened(first), widened(second), mode, places: places), .decimal, span)
        case (.money(let currency), .integer), (.money(let currency), .decimal), (.unrounded(let currency), .integer),
            (.unrounded(let currency), .decimal):
            guard moneyPlaces(rounding, currency) else { return wrong(span) }
            return CheckedExpression(
                .quotient(widened(first), widened(second), mode, places: currency.minorDigits), .money(currency), span)
        case (.money(let one), .money(let other)), (.money(let one), .unrounded(let other)),
            (.unrounded(let one), .money(let other)), (.unrounded(let one), .unrounded(let other)):
            guard one == other else { return reportCurrencies(first, second, one, other, span) }
            guard let places = places(rounding) else { return wrong(span) }
            return CheckedExpression(.quotient(widened(first), widened(second), mode, places: places), .decimal, span)
        default: return reportOperands(.divide, first, second, span)
        }
    }

    private func isZero(_ value: Value) -> Bool {
        switch value {
        case .integer(let number): number == 0
        case .decimal(let number): number == .zero
        case .money(let money): money.minorUnits == 0
        default: false
        }
    }

    /// The places of a number's rounding; reports where they are missing or too many.
    private mutating func places(_ rounding: RoundingSyntax) -> Int? {
        guard let places = rounding.places else {
            report(
                .roundingPlaces, "a number is rounded to how many places?", at: rounding.span,
                help: "write `rounded \(rounding.mode) to 2 places`")
            return nil
        }
        guard places >= 0, places <= Int64(ExactDecimal.maximumScale) else {
            report(
                .roundingPlaces, "a number has between 0 and \(ExactDecimal.maximumScale) places", at: rounding.span,
                help: "write fewer places")
            return nil
        }
        return Int(places)
    }

    /// Whether a rounding fits an amount, which has the places of its currency.
    private mutating func moneyPlaces(_ rounding: RoundingSyntax, _ currency: Currency) -> Bool {
        guard let places = rounding.places, places != Int64(currency.minorDigits) else { return true }
        report(
            .roundingPlaces, "an amount of \(currency.code) is rounded to its smallest coin", at: rounding.span,
            help: "leave out `to \(places) places`")
        return false
    }
}
