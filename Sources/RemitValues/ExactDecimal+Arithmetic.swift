extension ExactDecimal {
    /// The exact sum; throws `overflow`.
    public func adding(_ other: ExactDecimal) throws(ArithmeticFault) -> ExactDecimal {
        if scale == other.scale, scale == 0 {
            let (sum, overflow) = coefficient.addingReportingOverflow(other.coefficient)
            if !overflow, sum.magnitude <= UInt128(Self.maximumCoefficient) {
                return try ExactDecimal(coefficient: sum, scale: 0)
            }
        }
        let places = max(scale, other.scale)
        let left = Wide(coefficient.magnitude).multiplied(by: Self.powerOfTen(places - scale))
        let right = Wide(other.coefficient.magnitude).multiplied(by: Self.powerOfTen(places - other.scale))
        if isNegative == other.isNegative {
            return try ExactDecimal(negative: isNegative, magnitude: left.adding(right), scale: places)
        }
        return left < right
            ? try ExactDecimal(negative: other.isNegative, magnitude: right.subtracting(left), scale: places)
            : try ExactDecimal(negative: isNegative, magnitude: left.subtracting(right), scale: places)
    }

    /// The exact difference; throws `overflow`.
    public func subtracting(_ other: ExactDecimal) throws(ArithmeticFault) -> ExactDecimal {
        try adding(other.negated)
    }

    /// The exact product; throws `precision` beyond 18 fractional digits and `overflow` beyond 38 digits.
    public func multiplied(by other: ExactDecimal) throws(ArithmeticFault) -> ExactDecimal {
        let product = Wide(coefficient.magnitude).multiplied(by: other.coefficient.magnitude)
        return try ExactDecimal(
            negative: isNegative != other.isNegative, magnitude: product, scale: scale + other.scale)
    }

    /// The quotient, rounded once to `places` fractional digits (0 to 18).
    public func divided(
        by divisor: ExactDecimal, places: Int, mode: RoundingMode
    ) throws(ArithmeticFault) -> ExactDecimal {
        guard divisor.coefficient != 0 else { throw .divisionByZero }
        guard (0...Self.maximumScale).contains(places) else { throw .precision }
        // quotient × 10^places = coefficient × 10^(divisor.scale + places - scale) / divisor.coefficient
        let shift = divisor.scale + places - scale
        var dividend = Wide(coefficient.magnitude)
        var denominator = divisor.coefficient.magnitude
        if shift >= 0 {
            dividend = dividend.multiplied(by: Self.powerOfTen(shift))
        } else {
            // Both factors are below 10^38 and 10^18: the product can pass 128 bits, so scale the quotient instead.
            let product = Wide(denominator).multiplied(by: Self.powerOfTen(-shift))
            guard product.high == 0 else {
                return try Self.tinyQuotient(isNegative != divisor.isNegative, coefficient != 0, places, mode)
            }
            denominator = product.low
        }
        return try Self.rounding(dividend, by: denominator, isNegative != divisor.isNegative, places, mode)
    }

    /// The number rounded once to `places` fractional digits (0 to 18).
    public func rounded(places: Int, mode: RoundingMode) throws(ArithmeticFault) -> ExactDecimal {
        guard (0...Self.maximumScale).contains(places) else { throw .precision }
        guard scale > places else { return self }
        return try Self.rounding(
            Wide(coefficient.magnitude), by: Self.powerOfTen(scale - places), isNegative, places, mode)
    }

    private static func rounding(
        _ dividend: Wide, by divisor: UInt128, _ negative: Bool, _ places: Int, _ mode: RoundingMode
    ) throws(ArithmeticFault) -> ExactDecimal {
        var (quotient, remainder) = dividend.divided(by: divisor)
        let odd = quotient.low & 1 == 1
        if mode.roundsMagnitudeUp(remainder: remainder, divisor: divisor, quotientIsOdd: odd) {
            quotient = quotient.adding(Wide(1))
        }
        return try ExactDecimal(negative: negative, magnitude: quotient, scale: places)
    }

    /// A quotient whose divisor exceeds any dividend by so much that it lies strictly under half a unit.
    private static func tinyQuotient(
        _ negative: Bool, _ isNotZero: Bool, _ places: Int, _ mode: RoundingMode
    ) throws(ArithmeticFault) -> ExactDecimal {
        let grows = isNotZero && mode == .up
        return try ExactDecimal(negative: negative, magnitude: Wide(grows ? 1 : 0), scale: places)
    }
}
