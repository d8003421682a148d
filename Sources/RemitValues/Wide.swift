/// An unsigned 256-bit intermediate, so that a product or a rescaled sum is exact before it is judged to fit.
struct Wide: Equatable, Comparable, Sendable {
    var high: UInt128
    var low: UInt128

    init(_ low: UInt128) {
        high = 0
        self.low = low
    }

    init(high: UInt128, low: UInt128) {
        self.high = high
        self.low = low
    }

    var isZero: Bool { high == 0 && low == 0 }

    static func < (left: Wide, right: Wide) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }

    /// The product with a factor; the caller keeps it below 2^256 (operands are below 10^38 each).
    func multiplied(by factor: UInt128) -> Wide {
        let product = low.multipliedFullWidth(by: factor)
        return Wide(high: product.high &+ high &* factor, low: product.low)
    }

    /// The sum; the caller keeps it below 2^256.
    func adding(_ other: Wide) -> Wide {
        let (sum, carry) = low.addingReportingOverflow(other.low)
        return Wide(high: high &+ other.high &+ (carry ? 1 : 0), low: sum)
    }

    /// The difference, where `other` is not greater.
    func subtracting(_ other: Wide) -> Wide {
        let (difference, borrow) = low.subtractingReportingOverflow(other.low)
        return Wide(high: high &- other.high &- (borrow ? 1 : 0), low: difference)
    }

    /// Quotient and remainder by a divisor that is not zero.
    func divided(by divisor: UInt128) -> (quotient: Wide, remainder: UInt128) {
        if high == 0 {
            let (quotient, remainder) = low.quotientAndRemainder(dividingBy: divisor)
            return (Wide(quotient), remainder)
        }
        let (top, rest) = high.quotientAndRemainder(dividingBy: divisor)
        let (bottom, remainder) = divisor.dividingFullWidth((rest, low))
        return (Wide(high: top, low: bottom), remainder)
    }

    func dividedByTen() -> (quotient: Wide, remainder: UInt128) { divided(by: 10) }
}
