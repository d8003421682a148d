/// How a result that lies between two representable values is settled; there is no default.
public enum RoundingMode: String, CaseIterable, Hashable, Sendable {
    /// To the nearest; a tie goes away from zero.
    case halfUp = "half up"
    /// To the nearest; a tie goes to the even neighbour.
    case halfEven = "half even"
    /// Away from zero.
    case up
    /// Towards zero.
    case down

    /// Says whether the magnitude is to grow by one unit.
    ///
    /// `remainder` and `divisor` are magnitudes with `remainder < divisor`; `quotientIsOdd` is the parity of the
    /// truncated magnitude.
    func roundsMagnitudeUp(remainder: UInt128, divisor: UInt128, quotientIsOdd: Bool) -> Bool {
        if remainder == 0 { return false }
        switch self {
        case .up: return true
        case .down: return false
        case .halfUp: return remainder >= divisor - remainder
        case .halfEven:
            let rest = divisor - remainder
            return remainder > rest || (remainder == rest && quotientIsOdd)
        }
    }
}
