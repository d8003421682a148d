/// An amount of one currency in whole minor units (cents, fen).
public struct Money: Hashable, Sendable {
    /// What the amount is in.
    public let currency: Currency
    /// The amount in minor units, signed.
    public let minorUnits: Int64

    /// An amount of `minorUnits` in `currency`.
    public init(minorUnits: Int64, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// The amount in major units, exactly.
    public var amount: ExactDecimal {
        // A 64-bit integer with at most 3 fractional digits always fits.
        (try? ExactDecimal(coefficient: Int128(minorUnits), scale: currency.minorDigits)) ?? .zero
    }

    /// The amount of `major` units, where it is a whole number of minor units; nil where it is not.
    public init?(exactly major: ExactDecimal, currency: Currency) {
        guard major.scale <= currency.minorDigits, let money = try? Money(major, currency: currency, mode: .down)
        else { return nil }
        self = money
    }

    /// The amount of `major` units, rounded once to the minor unit; throws `overflow`.
    public init(_ major: ExactDecimal, currency: Currency, mode: RoundingMode) throws(ArithmeticFault) {
        let rounded = try major.rounded(places: currency.minorDigits, mode: mode)
        let shift = ExactDecimal.powerOfTen(currency.minorDigits - rounded.scale)
        let (units, overflow) = rounded.coefficient.multipliedReportingOverflow(by: Int128(shift))
        guard !overflow, let small = Int64(exactly: units) else { throw .overflow }
        self.init(minorUnits: small, currency: currency)
    }
}

extension Money: CustomStringConvertible {
    /// The amount as a contract writes it: `1234.50 CNY`.
    public var description: String { amount.text(minimumPlaces: currency.minorDigits) + " " + currency.code }

    /// The amount as people read it: `1,234.50 CNY`.
    public var grouped: String {
        let plain = amount.text(minimumPlaces: currency.minorDigits)
        let isNegative = plain.utf8.first == UInt8(ascii: "-")
        let parts = plain.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        var whole = ""
        let digits = Array(parts[0])
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { whole.append(",") }
            whole.append(digit)
        }
        let fraction = parts.count > 1 ? "." + parts[1] : ""
        return (isNegative ? "-" : "") + whole + fraction + " " + currency.code
    }
}
