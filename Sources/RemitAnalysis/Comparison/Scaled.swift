import RemitLanguage
import RemitRuntime
import RemitValues

/// Numbers, amounts, days and times on one scale of millionths, so that what is between them can be worked out.
enum Scaled {
    static let one: Int128 = 1_000_000
    /// Numbers from here on have no place on the scales, so that what lies between two others always has one.
    private static let beyond: Int128 = 1 << 110

    /// A value on the scale; nil for one of another kind, or one too large.
    static func number(_ value: Value) -> Int128? {
        switch value {
        case .integer(let number): Int128(number) * one
        case .decimal(let decimal): number(decimal)
        case .money(let money): number(money.amount)
        case .date(let date): Int128(date.dayNumber) * one
        case .instant(let instant): Int128(instant.seconds) * one
        case .duration(let duration): Int128(duration.seconds) * one
        default: nil
        }
    }

    /// One on a finer scale, on which what is rounded is told apart.
    static let fineUnit: Int128 = 1_000_000_000_000

    /// A value on the finer scale.
    static func fine(_ value: Value) -> Int128? {
        switch value {
        case .integer(let number): Int128(number) * fineUnit
        case .decimal(let decimal): number(decimal, places: 12)
        case .money(let money): number(money.amount, places: 12)
        default: nil
        }
    }

    private static func number(_ decimal: ExactDecimal, places: Int = 6) -> Int128? {
        var number = decimal.coefficient
        var scale = decimal.scale
        while scale > places {
            number /= 10
            scale -= 1
        }
        while scale < places {
            let (product, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            if isTooLarge { return nil }
            number = product
            scale += 1
        }
        return number.magnitude < beyond.magnitude ? number : nil
    }

    /// The least step of a value, and one that people would take.
    static func steps(_ value: Value) -> (least: Int128, common: Int128)? {
        switch value {
        case .integer, .date: (one, one)
        case .decimal: (one / 100, one)
        case .money(let money):
            (money.currency.minorDigits == 0 ? one : money.currency.minorDigits == 2 ? one / 100 : one / 1000, one)
        case .instant, .duration: (one, 86_400 * one)
        default: nil
        }
    }

    /// A value like another one at a place on the scale; nil where there is none.
    static func value(_ number: Int128, like value: Value) -> Value? {
        guard let steps = steps(value), number.magnitude < 1 << 80 else { return nil }
        let whole = Int64(exactly: number / one)
        switch value {
        case .integer: return whole.map(Value.integer)
        case .date: return whole.flatMap { CalendarDate(dayNumber: $0) }.map(Value.date)
        case .instant: return whole.flatMap { Instant(seconds: $0) }.map(Value.instant)
        case .duration: return whole.map { .duration(Duration(seconds: $0)) }
        case .money(let money):
            return Int64(exactly: number / steps.least).map {
                .money(Money(minorUnits: $0, currency: money.currency))
            }
        case .decimal:
            var (coefficient, scale) = (number, 6)
            while scale > 0, coefficient % 10 == 0 { (coefficient, scale) = (coefficient / 10, scale - 1) }
            return (try? ExactDecimal(coefficient: coefficient, scale: scale)).map(Value.decimal)
        default: return nil
        }
    }
}
