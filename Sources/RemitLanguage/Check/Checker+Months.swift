import RemitValues

/// Months and years that are added to a day: they are not equally long, so the author names the day that counts where a
/// month has no such day.
extension Checker {
    /// Whether an expression is a number of months or years.
    func isMonths(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .bracketed(let inner): isMonths(inner)
        case .term(_, unit: "month"), .term(_, unit: "year"): true
        default: false
        }
    }

    /// Asks which day counts at the end of a month.
    mutating func reportMonthEnd(_ months: Expression, _ span: Span) -> CheckedExpression {
        report(
            .monthTerm, "not every month has the day on which this ends", at: span,
            "from 31 January to which day of February?", labels: [Label(months.span, "not of a fixed length")],
            help: "write `rounded down` behind it for the last day of the month, `rounded up` for the first of the next"
        )
        return wrong(span)
    }

    /// A day or time some months later or earlier, with the day that counts at the end of a month.
    mutating func monthsLater(
        _ day: CheckedExpression, _ operation: ArithmeticOperator, _ months: Expression, _ rounding: RoundingSyntax,
        _ span: Span
    ) -> CheckedExpression {
        guard operation == .add || operation == .subtract else {
            report(
                .wrongOperands, "`\(operation.rawValue)` does not take \(name(day.type)) and months", at: span,
                help: "add them, or take them away")
            return wrong(span)
        }
        guard rounding.places == nil, rounding.mode == "down" || rounding.mode == "up" else {
            report(
                .roundingPlaces, "the end of a month is not rounded so", at: rounding.span,
                help: "write `rounded down` for the last day of the month, `rounded up` for the first of the next")
            return wrong(span)
        }
        guard let count = monthCount(months) else { return wrong(span) }
        let signed = CheckedExpression(
            .constant(.integer(operation == .add ? count : -count)), .integer, months.span)
        return CheckedExpression(
            .arithmetic(rounding.mode == "up" ? .addMonthsRoundedUp : .addMonths, day, signed), day.type, span)
    }

    /// How many months a term of months or years has.
    private mutating func monthCount(_ months: Expression) -> Int64? {
        switch months.kind {
        case .bracketed(let inner): return monthCount(inner)
        case .term(let digits, let unit):
            guard let count = Int64(digits), count <= Limits.termUnits else {
                report(
                    .literalOutOfRange, "a term has at most \(Limits.termUnits) units, and a whole number of them",
                    at: months.span, help: "write a whole number")
                return nil
            }
            return unit == "year" ? count * 12 : count
        default: return nil
        }
    }
}
