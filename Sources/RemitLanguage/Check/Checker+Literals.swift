import RemitValues

extension Checker {
    mutating func inferLiteral(_ expression: Expression, hint: ValueType?) -> CheckedExpression {
        let span = expression.span
        switch expression.kind {
        case .boolean(let value): return CheckedExpression(.constant(.boolean(value)), .boolean, span)
        case .number(let digits): return number(digits, hint: hint.map(present), span)
        case .percent(let digits): return percent(digits, span)
        case .money(let digits, let currency): return money(digits, currency, span)
        case .date(let text):
            guard let date = CalendarDate.parse(text) else { return reportNoDay(text, span) }
            return CheckedExpression(.constant(.date(date)), .date, span)
        case .dateTime(let date, let time): return dateTime(date, time, span)
        case .term(let count, let unit): return termLiteral(count, unit, hint: hint, span)
        case .text(let text): return self.text(text, hint: hint, span)
        case .document(let name): return document(name, span)
        default: return wrong(span)
        }
    }

    private func decimal(_ digits: String) -> ExactDecimal? {
        // A literal that cannot be held exactly reads as none; the caller says so.
        (try? ExactDecimal.parse(digits)) ?? nil
    }

    private mutating func number(_ digits: String, hint: ValueType?, _ span: Span) -> CheckedExpression {
        let hasPoint = digits.utf8.contains(UInt8(ascii: "."))
        let wantsDecimal = hint == .decimal
        if hasPoint || wantsDecimal {
            guard let value = decimal(digits) else { return reportTooPrecise(span) }
            return CheckedExpression(.constant(.decimal(value)), .decimal, span)
        }
        guard let value = Int64(digits) else {
            report(
                .literalOutOfRange, "this number is too large for an Integer", at: span,
                "the largest is 9_223_372_036_854_775_807", help: "write it with a point to make it a Decimal")
            return wrong(span)
        }
        return CheckedExpression(.constant(.integer(value)), .integer, span)
    }

    private mutating func reportTooPrecise(_ span: Span) -> CheckedExpression {
        report(
            .literalOutOfRange, "this number has too many digits", at: span,
            "at most 38 digits, 18 of them behind the point", help: "round it as far as the rule allows")
        return wrong(span)
    }

    private mutating func percent(_ digits: String, _ span: Span) -> CheckedExpression {
        guard let value = decimal(digits), let hundredth = try? ExactDecimal(coefficient: 1, scale: 2),
            let share = try? value.multiplied(by: hundredth)
        else { return reportTooPrecise(span) }
        return CheckedExpression(.constant(.decimal(share)), .decimal, span)
    }

    private mutating func money(_ digits: String, _ code: Name, _ span: Span) -> CheckedExpression {
        guard let currency = Currency(code: code.text) else {
            report(
                .unknownName, "there is no currency `\(code.text)`", at: code.span, "not a currency of ISO 4217",
                help: suggestion(code.text, among: Currency.allCodes)
                    ?? "write the three letters of ISO 4217, such as CNY, USD or EUR")
            return wrong(span)
        }
        guard let amount = decimal(digits) else { return reportTooPrecise(span) }
        // What is written counts, not its value: 1.000 CNY names a part of a fen as 1.005 CNY does.
        let written = digits.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let places = written.count > 1 ? written[1].count : 0
        if places > currency.minorDigits {
            report(
                .literalOutOfRange,
                "an amount of \(code.text) has at most \(currency.minorDigits) digits behind the point", at: span,
                "this has \(places)", help: "write the amount as it can be paid, or use a Decimal for a rate")
            return wrong(span)
        }
        guard let value = Money(exactly: amount, currency: currency) else {
            report(
                .literalOutOfRange, "this amount is too large", at: span,
                help: "amounts are counted in 64-bit numbers of the smallest coin")
            return wrong(span)
        }
        return CheckedExpression(.constant(.money(value)), .money(currency), span)
    }

    private mutating func reportNoDay(_ text: String, _ span: Span) -> CheckedExpression {
        report(
            .literalOutOfRange, "there is no day \(text)", at: span, "not in the calendar",
            help: "write year, month and day, such as 2026-02-28")
        return wrong(span)
    }

    private mutating func dateTime(_ day: String, _ time: String, _ span: Span) -> CheckedExpression {
        guard let date = CalendarDate.parse(day) else { return reportNoDay(day, span) }
        let parts = time.split(separator: ":").map { Int($0) ?? -1 }
        let second = parts.count == 3 ? parts[2] : 0
        guard parts.count == 2 || parts.count == 3,
            let instant = Instant(
                date: date, hour: parts[0], minute: parts[1], second: second, offset: program.timezone)
        else {
            report(
                .literalOutOfRange, "there is no time \(time)", at: span,
                help: "write hours and minutes, 00:00 to 23:59")
            return wrong(span)
        }
        return CheckedExpression(.constant(.instant(instant)), .dateTime, span)
    }

    mutating func durationLiteral(_ count: String, _ unit: String, _ span: Span) -> CheckedExpression {
        let seconds: Int64
        switch unit {
        case "second": seconds = 1
        case "minute": seconds = 60
        case "hour": seconds = 3600
        case "day": seconds = 86_400
        case "week": seconds = 604_800
        case "month", "year":
            report(
                .monthTerm, "a \(unit) has no fixed length", at: span, "how many days?",
                help: unit == "year"
                    ? "write days (`365 days`), or count whole years with `years(from, to)`" : "write days (`30 days`)")
            return wrong(span)
        default: return wrong(span)
        }
        guard let number = Int64(count) else {
            report(
                .literalOutOfRange, "a length of time is a whole number of units", at: span,
                help: "write it in a smaller unit, such as `90 minutes`")
            return wrong(span)
        }
        let (total, overflow) = number.multipliedReportingOverflow(by: seconds)
        guard !overflow else {
            report(.literalOutOfRange, "this length of time is too large", at: span, help: "write a smaller number")
            return wrong(span)
        }
        return CheckedExpression(.constant(.duration(Duration(seconds: total))), .duration, span)
    }

    private mutating func text(_ text: TextSyntax, hint: ValueType?, _ span: Span) -> CheckedExpression {
        guard text.plain != nil else {
            _ = plain(text, in: "a text that is a value")
            return wrong(span)
        }
        let value = TextValue(text.plain ?? "")
        return CheckedExpression(.constant(.text(value)), .text(value.scalarCount), span)
    }

    /// A file that a scenario names: a document whose digest is made from the name.
    private mutating func document(_ text: TextSyntax, _ span: Span) -> CheckedExpression {
        guard scope.place == Scope.scenario.place else {
            report(
                .notHere, "a document is named in scenarios only", at: span,
                help: "let a form enter it: `enters invoice`")
            return wrong(span)
        }
        let name = plain(text, in: "the name of a file")
        guard let document = SampleDocument.named(name) else { return wrong(span) }
        return CheckedExpression(.constant(.document(document)), .document, span)
    }
}
