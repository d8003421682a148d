import RemitLanguage
import RemitValues

extension Machine {
    func calculate(_ expression: CheckedExpression) throws(Stop) -> Value {
        let span = expression.span
        switch expression.kind {
        case .arithmetic(let operation, let left, let right):
            let first = try evaluate(left)
            return try arithmetic(operation, first, evaluate(right), span)
        case .negated(let value): return try negate(evaluate(value), span)
        case .widened(let value): return .decimal(try widen(evaluate(value), span))
        case .rounded(let value, let mode, let places):
            guard case .decimal(let number) = try evaluate(value) else { throw misfit(span) }
            let rounded = try exact(span) { () throws(ArithmeticFault) in
                try number.rounded(places: places, mode: mode)
            }
            return try settle(rounded, expression.type, span)
        case .quotient(let left, let right, let mode, let places):
            guard case .decimal(let dividend) = try evaluate(left), case .decimal(let divisor) = try evaluate(right)
            else { throw misfit(span) }
            let quotient = try exact(span) { () throws(ArithmeticFault) in
                try dividend.divided(by: divisor, places: places, mode: mode)
            }
            return try settle(quotient, expression.type, span)
        case .builtin(let builtin, let operands):
            return try self.builtin(builtin, try evaluate(operands), span)
        default: throw misfit(span)
        }
    }

    /// A rounded number as the type wants it: money of the type's currency, or the number itself.
    private func settle(_ number: ExactDecimal, _ type: ValueType, _ span: Span) throws(Stop) -> Value {
        guard case .money(let currency) = type else { return .decimal(number) }
        return .money(
            try exact(span) { () throws(ArithmeticFault) in
                try Money(number, currency: currency, mode: .down)
            })
    }

    private func widen(_ value: Value, _ span: Span) throws(Stop) -> ExactDecimal {
        switch value {
        case .integer(let number): return ExactDecimal(number)
        case .money(let money): return money.amount
        case .decimal(let number): return number
        default: throw misfit(span)
        }
    }

    private func negate(_ value: Value, _ span: Span) throws(Stop) -> Value {
        switch value {
        case .integer(let number):
            let (result, overflow) = Int64(0).subtractingReportingOverflow(number)
            guard !overflow else { throw Self.refusal(.overflow, span) }
            return .integer(result)
        case .decimal(let number): return .decimal(number.negated)
        case .money(let money):
            let (result, overflow) = Int64(0).subtractingReportingOverflow(money.minorUnits)
            guard !overflow else { throw Self.refusal(.overflow, span) }
            return .money(Money(minorUnits: result, currency: money.currency))
        case .duration(let duration):
            let (result, overflow) = Int64(0).subtractingReportingOverflow(duration.seconds)
            guard !overflow else { throw Self.refusal(.overflow, span) }
            return .duration(Duration(seconds: result))
        default: throw misfit(span)
        }
    }

    func arithmetic(_ operation: TypedArithmetic, _ left: Value, _ right: Value, _ span: Span) throws(Stop) -> Value {
        switch (left, right) {
        case (_, .integer(let months)) where operation == .addMonths || operation == .addMonthsRoundedUp:
            return try monthsLater(left, months, roundedUp: operation == .addMonthsRoundedUp, span)
        case (.integer(let first), .integer(let second)):
            return .integer(try whole(operation, first, second, span))
        case (.decimal(let first), .decimal(let second)):
            return .decimal(
                try exact(span) { () throws(ArithmeticFault) in
                    switch operation {
                    case .addDecimal: try first.adding(second)
                    case .subtractDecimal: try first.subtracting(second)
                    default: try first.multiplied(by: second)
                    }
                })
        case (.money(let first), .money(let second)):
            let units = try whole(operation, first.minorUnits, second.minorUnits, span)
            return .money(Money(minorUnits: units, currency: first.currency))
        case (.money(let money), .integer(let factor)), (.integer(let factor), .money(let money)):
            let units = try whole(operation, money.minorUnits, factor, span)
            return .money(Money(minorUnits: units, currency: money.currency))
        default: return try time(operation, left, right, span)
        }
    }

    private func whole(
        _ operation: TypedArithmetic, _ left: Int64, _ right: Int64, _ span: Span
    ) throws(Stop) -> Int64 {
        let (result, overflow) =
            switch operation {
            case .addInteger, .addMoney, .addDuration: left.addingReportingOverflow(right)
            case .subtractInteger, .subtractMoney, .subtractDuration: left.subtractingReportingOverflow(right)
            case .multiplyInteger, .multiplyMoney: left.multipliedReportingOverflow(by: right)
            default: (Int64(0), true)
            }
        guard !overflow else { throw Self.refusal(.overflow, span) }
        return result
    }

    private func time(
        _ operation: TypedArithmetic, _ left: Value, _ right: Value, _ span: Span
    ) throws(Stop) -> Value {
        switch (left, right) {
        case (.date(let date), .duration(let duration)):
            let days = duration.seconds / 86_400
            let signed = operation == .subtractDays ? -days : days
            return .date(try exact(span) { () throws(ArithmeticFault) in try date.adding(days: signed) })
        case (.date(let later), .date(let earlier)):
            // Two days lie less than 2^22 days apart: no product here can overflow.
            let days = Int64(later.dayNumber) - Int64(earlier.dayNumber)
            return .duration(Duration(seconds: days * 86_400))
        case (.duration(let first), .duration(let second)):
            return .duration(Duration(seconds: try whole(operation, first.seconds, second.seconds, span)))
        case (.instant(let instant), .duration(let duration)):
            let seconds = try whole(
                operation == .addToInstant ? .addInteger : .subtractInteger, instant.seconds, duration.seconds, span)
            guard let moved = Instant(seconds: seconds) else { throw Self.refusal(.dateRange, span) }
            return .instant(moved)
        case (.instant(let later), .instant(let earlier)):
            return .duration(Duration(seconds: try whole(.subtractInteger, later.seconds, earlier.seconds, span)))
        default: throw misfit(span)
        }
    }

    private func monthsLater(_ value: Value, _ months: Int64, roundedUp: Bool, _ span: Span) throws(Stop) -> Value {
        try exact(span) { () throws(ArithmeticFault) in
            switch value {
            case .date(let date): return .date(try date.adding(months: months, roundedUp: roundedUp))
            case .instant(let instant):
                return .instant(try instant.adding(months: months, roundedUp: roundedUp, offset: program.timezone))
            default: throw .dateRange
            }
        }
    }

    private func builtin(_ builtin: Builtin, _ values: [Value], _ span: Span) throws(Stop) -> Value {
        switch (builtin, values.count) {
        case (.largest, 2): return values[0] < values[1] ? values[1] : values[0]
        case (.smallest, 2): return values[1] < values[0] ? values[1] : values[0]
        case (.date, 3): return .date(try makeDate(values, span))
        case (.split, 2): return try split(values[0], values[1], span)
        case (.size, 1): return .integer(Int64(try size(values[0], span)))
        case (.years, 2):
            guard case .date(let from) = values[0], case .date(let to) = values[1] else { throw misfit(span) }
            return .integer(Int64(to.wholeYears(since: from)))
        case (.days, 1):
            guard case .duration(let duration) = values[0] else { throw misfit(span) }
            return .integer(duration.seconds / 86_400)
        case (.dateOf, 1):
            guard case .instant(let instant) = values[0] else { throw misfit(span) }
            return .date(try exact(span) { () throws(ArithmeticFault) in try instant.day(offset: program.timezone) })
        case (.magnitude, 1): return values[0] < zero(like: values[0]) ? try negate(values[0], span) : values[0]
        case (.year, 1), (.month, 1), (.day, 1), (.startOfYear, 1): return try part(builtin, of: values[0], span)
        default: throw misfit(span)
        }
    }

    private func part(_ builtin: Builtin, of value: Value, _ span: Span) throws(Stop) -> Value {
        guard case .date(let date) = value else { throw misfit(span) }
        let (year, month, day) = date.components
        switch builtin {
        case .year: return .integer(Int64(year))
        case .month: return .integer(Int64(month))
        case .day: return .integer(Int64(day))
        default:
            guard let first = CalendarDate(year: year, month: 1, day: 1) else { throw misfit(span) }
            return .date(first)
        }
    }

    private func zero(like value: Value) -> Value {
        switch value {
        case .decimal: .decimal(.zero)
        case .money(let money): .money(Money(minorUnits: 0, currency: money.currency))
        case .duration: .duration(Duration(seconds: 0))
        default: .integer(0)
        }
    }

    private func makeDate(_ values: [Value], _ span: Span) throws(Stop) -> CalendarDate {
        guard case .integer(let year) = values[0], case .integer(let month) = values[1],
            case .integer(let day) = values[2]
        else { throw misfit(span) }
        guard let year = Int(exactly: year), let month = Int(exactly: month), let day = Int(exactly: day),
            let date = CalendarDate(year: year, month: month, day: day)
        else { throw Self.refusal(.dateRange, span) }
        return date
    }
}
