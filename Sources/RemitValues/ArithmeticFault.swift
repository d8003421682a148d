/// The ways in which exact arithmetic can fail; each becomes a refusal with a code, never a trap.
public enum ArithmeticFault: Error, Equatable, Sendable {
    /// The result needs more than 38 digits, or more than the 64 bits of an integer or an amount of money.
    case overflow
    /// The exact result needs more than 18 fractional digits.
    case precision
    /// The divisor is zero.
    case divisionByZero
    /// The result lies outside the years 0001 to 9999.
    case dateRange
}
