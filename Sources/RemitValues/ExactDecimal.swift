/// An exact decimal number: an integer coefficient of at most 38 digits and at most 18 fractional digits.
///
/// Always held in normal form: no trailing zero among the fractional digits. So equal numbers have equal parts.
public struct ExactDecimal: Hashable, Sendable {
    /// The digits, signed; the value is `coefficient / 10^scale`.
    public let coefficient: Int128
    /// The number of fractional digits, 0 to 18.
    public let scale: Int

    /// Zero.
    public static let zero = ExactDecimal(unchecked: 0, scale: 0)
    /// One.
    public static let one = ExactDecimal(unchecked: 1, scale: 0)
    /// The greatest number of fractional digits.
    public static let maximumScale = 18
    /// The greatest magnitude of a coefficient: 38 nines.
    public static let maximumCoefficient: Int128 = 99_999_999_999_999_999_999_999_999_999_999_999_999

    private init(unchecked coefficient: Int128, scale: Int) {
        self.coefficient = coefficient
        self.scale = scale
    }

    /// The whole number `value`.
    public init(_ value: Int64) {
        self.init(unchecked: Int128(value), scale: 0)
    }

    /// The number `coefficient / 10^scale`, brought to normal form.
    ///
    /// Throws `precision` if more than 18 fractional digits stay, `overflow` beyond 38 digits.
    public init(coefficient: Int128, scale: Int) throws(ArithmeticFault) {
        guard coefficient != Int128.min else { throw .overflow }
        try self.init(negative: coefficient < 0, magnitude: Wide(coefficient.magnitude), scale: scale)
    }

    /// Brings a magnitude of up to 256 bits to normal form and checks its size.
    init(negative: Bool, magnitude: Wide, scale: Int) throws(ArithmeticFault) {
        guard scale >= 0 else { throw .overflow }
        var digits = magnitude
        var places = scale
        if digits.isZero {
            self.init(unchecked: 0, scale: 0)
            return
        }
        while places > 0 {
            let (quotient, remainder) = digits.dividedByTen()
            if remainder != 0 { break }
            digits = quotient
            places -= 1
        }
        guard places <= Self.maximumScale else { throw .precision }
        guard digits.high == 0, digits.low <= UInt128(Self.maximumCoefficient) else { throw .overflow }
        let signed = Int128(digits.low)
        self.init(unchecked: negative ? -signed : signed, scale: places)
    }

    /// Whether the number is below zero.
    public var isNegative: Bool { coefficient < 0 }

    /// Whether the number has no fractional part.
    public var isWhole: Bool { scale == 0 }

    /// The number as a 64-bit integer, where it is whole and fits.
    public var wholeValue: Int64? { scale == 0 ? Int64(exactly: coefficient) : nil }

    /// The number with the opposite sign.
    public var negated: ExactDecimal { ExactDecimal(unchecked: -coefficient, scale: scale) }

    /// Ten to the power of `exponent`, for 0 to 38.
    static func powerOfTen(_ exponent: Int) -> UInt128 {
        var result: UInt128 = 1
        for _ in 0..<min(max(exponent, 0), 38) { result &*= 10 }
        return result
    }
}

extension ExactDecimal: Comparable {
    public static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        if left.scale == right.scale { return left.coefficient < right.coefficient }
        if left.isNegative != right.isNegative { return left.isNegative }
        let places = max(left.scale, right.scale)
        let first = Wide(left.coefficient.magnitude).multiplied(by: powerOfTen(places - left.scale))
        let second = Wide(right.coefficient.magnitude).multiplied(by: powerOfTen(places - right.scale))
        return left.isNegative ? second < first : first < second
    }
}
