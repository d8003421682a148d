import RemitValues

extension Checker {
    mutating func inferArithmetic(
        _ operation: ArithmeticOperator, _ left: Expression, _ right: Expression, hint: ValueType?, _ span: Span
    ) -> CheckedExpression {
        switch operation {
        case .divide:
            _ = inferPair(left, right)
            report(
                .bareDivision, "a division must say how it is rounded", at: span,
                help: "put it in brackets with its rounding: `(a / b rounded half up to 2 places)`")
            return wrong(span)
        case .multiply:
            let hint = hint.map(present) == .decimal ? ValueType.decimal : nil
            return multiply(infer(left, hint: hint), infer(right, hint: hint), span)
        case .add, .subtract:
            if isMonths(right) {
                let day = infer(left)
                if day.type == .date || day.type == .dateTime { return reportMonthEnd(right, span) }
                return sum(operation, day, infer(right), span)
            }
            let numeric = hint.map(present) == .decimal ? ValueType.decimal : nil
            let (first, second) = inferPair(left, right, hint: numeric)
            return sum(operation, first, second, span)
        }
    }

    private mutating func sum(
        _ operation: ArithmeticOperator, _ left: CheckedExpression, _ right: CheckedExpression, _ span: Span
    ) -> CheckedExpression {
        let adds = operation == .add
        func node(
            _ operation: TypedArithmetic, _ type: ValueType, _ first: CheckedExpression, _ second: CheckedExpression
        ) -> CheckedExpression {
            CheckedExpression(.arithmetic(operation, first, second), type, span)
        }
        switch (left.type, right.type) {
        case (.unknown, _), (_, .unknown): return wrong(span)
        case (.integer, .integer): return node(adds ? .addInteger : .subtractInteger, .integer, left, right)
        case (.decimal, .decimal): return node(adds ? .addDecimal : .subtractDecimal, .decimal, left, right)
        case (.money(let first), .money(let second)) where first == second:
            return node(adds ? .addMoney : .subtractMoney, left.type, left, right)
        case (.money(let first), .unrounded(let second)), (.unrounded(let first), .money(let second)),
            (.unrounded(let first), .unrounded(let second)):
            guard first == second else { return reportCurrencies(left, right, first, second, span) }
            return node(adds ? .addDecimal : .subtractDecimal, .unrounded(first), widened(left), widened(right))
        case (.date, .duration):
            guard isWholeDays(right) else { return reportHours(right) }
            return node(adds ? .addDays : .subtractDays, .date, left, right)
        case (.date, .date) where !adds: return node(.daysBetween, .duration, left, right)
        case (.duration, .duration):
            return node(adds ? .addDuration : .subtractDuration, .duration, left, right)
        case (.dateTime, .duration): return node(adds ? .addToInstant : .subtractFromInstant, .dateTime, left, right)
        case (.dateTime, .dateTime) where !adds: return node(.instantsBetween, .duration, left, right)
        case (.money(let first), .money(let second)): return reportCurrencies(left, right, first, second, span)
        default: return reportOperands(operation, left, right, span)
        }
    }

    private mutating func multiply(
        _ left: CheckedExpression, _ right: CheckedExpression, _ span: Span
    ) -> CheckedExpression {
        func node(
            _ operation: TypedArithmetic, _ type: ValueType, _ first: CheckedExpression, _ second: CheckedExpression
        ) -> CheckedExpression {
            CheckedExpression(.arithmetic(operation, first, second), type, span)
        }
        switch (left.type, right.type) {
        case (.unknown, _), (_, .unknown): return wrong(span)
        case (.integer, .integer): return node(.multiplyInteger, .integer, left, right)
        case (.decimal, .decimal), (.integer, .decimal), (.decimal, .integer):
            return node(.multiplyDecimal, .decimal, widened(left), widened(right))
        case (.money, .integer): return node(.multiplyMoney, left.type, left, right)
        case (.integer, .money): return node(.multiplyMoney, right.type, right, left)
        case (.money(let currency), .decimal), (.unrounded(let currency), .decimal),
            (.unrounded(let currency), .integer), (.decimal, .money(let currency)),
            (.decimal, .unrounded(let currency)), (.integer, .unrounded(let currency)):
            return node(.multiplyDecimal, .unrounded(currency), widened(left), widened(right))
        case (.money, .money), (.money, .unrounded), (.unrounded, .money), (.unrounded, .unrounded):
            report(
                .moneyTimesMoney, "an amount is multiplied by an amount", at: span, "square money does not exist",
                labels: [
                    Label(left.span, "this is \(name(left.type))"), Label(right.span, "this is \(name(right.type))"),
                ],
                help: "one of the two should be a number: a quantity, or a share such as 80%")
            return wrong(span)
        default: return reportOperands(.multiply, left, right, span)
        }
    }

    /// A value as a decimal: an Integer, or an amount not to be rounded yet. Others stay as they are.
    func widened(_ value: CheckedExpression) -> CheckedExpression {
        switch (value.type, value.kind) {
        case (.integer, .constant(.integer(let number))):
            CheckedExpression(.constant(.decimal(ExactDecimal(number))), .decimal, value.span)
        case (.integer, _): CheckedExpression(.widened(value), .decimal, value.span)
        case (.money(let currency), _): CheckedExpression(.widened(value), .unrounded(currency), value.span)
        default: value
        }
    }

    private func isWholeDays(_ value: CheckedExpression) -> Bool {
        guard case .constant(.duration(let duration)) = value.kind else { return true }
        return duration.seconds % 86_400 == 0
    }

    private mutating func reportHours(_ value: CheckedExpression) -> CheckedExpression {
        report(
            .wrongOperands, "a day moves by whole days only", at: value.span, "not a whole number of days",
            help: "write days, or use a DateTime")
        return wrong(value.span)
    }

    mutating func reportCurrencies(
        _ left: CheckedExpression, _ right: CheckedExpression, _ first: Currency, _ second: Currency, _ span: Span
    ) -> CheckedExpression {
        report(
            .mixedCurrencies, "\(first.code) and \(second.code) are mixed", at: span,
            labels: [Label(left.span, "this is \(first.code)"), Label(right.span, "this is \(second.code)")],
            help: "convert one of them first by a rate that the contract names")
        return wrong(span)
    }

    mutating func reportOperands(
        _ operation: ArithmeticOperator, _ left: CheckedExpression, _ right: CheckedExpression, _ span: Span
    ) -> CheckedExpression {
        for operand in [left, right] {
            guard case .optional = operand.type else { continue }
            report(
                .bareOptional, "this may be absent, and `\(operation.rawValue)` needs a value", at: operand.span,
                "this is \(name(operand.type))", help: optionalHelp(operand))
            return wrong(span)
        }
        let labels = [Label(left.span, "this is \(name(left.type))"), Label(right.span, "this is \(name(right.type))")]
        switch (left.type, right.type) {
        case (.integer, .decimal), (.decimal, .integer):
            report(
                .mixedNumbers, "an Integer and a Decimal stand on the two sides of `\(operation.rawValue)`", at: span,
                labels: labels, help: "multiply the Integer by `1.0` to make it a Decimal")
        default:
            report(
                .wrongOperands,
                "`\(operation.rawValue)` does not take \(name(left.type)) and \(name(right.type))", at: span,
                labels: labels, help: operandsHelp(left.type, right.type))
        }
        return wrong(span)
    }

    private func operandsHelp(_ left: ValueType, _ right: ValueType) -> String {
        switch (left, right) {
        case (.money(let currency), .integer), (.money(let currency), .decimal), (.integer, .money(let currency)),
            (.decimal, .money(let currency)), (.unrounded(let currency), _):
            "write the currency behind the number: an amount and \(currency.code) go together"
        case (.duration, .date), (.duration, .dateTime): "write the date first"
        case (.date, .integer), (.integer, .date): "write the unit: `30 days`"
        case (.text, _), (_, .text): "texts are not put together; one that is shown to people may hold `{field}`"
        case (.date, .date): "the days between two dates are `later - earlier`"
        default: "both sides must be numbers, amounts of one currency, or a date and a length of time"
        }
    }

    mutating func inferNegated(_ operand: Expression, hint: ValueType?, _ span: Span) -> CheckedExpression {
        let value = infer(operand, hint: hint)
        switch value.kind {
        case .constant(.integer(let number)) where number != .min:
            return CheckedExpression(.constant(.integer(-number)), value.type, span)
        case .constant(.decimal(let number)):
            return CheckedExpression(.constant(.decimal(number.negated)), value.type, span)
        case .constant(.money(let money)) where money.minorUnits != .min:
            let negative = Money(minorUnits: -money.minorUnits, currency: money.currency)
            return CheckedExpression(.constant(.money(negative)), value.type, span)
        case .constant(.duration(let duration)) where duration.seconds != .min:
            return CheckedExpression(.constant(.duration(Duration(seconds: -duration.seconds))), value.type, span)
        default: break
        }
        switch value.type {
        case .integer, .decimal, .money, .unrounded, .duration:
            return CheckedExpression(.negated(value), value.type, span)
        case .unknown: return wrong(span)
        default:
            report(
                .wrongOperands, "`-` does not take \(name(value.type))", at: span,
                help: "only numbers, amounts and lengths of time can be negative")
            return wrong(span)
        }
    }
}
