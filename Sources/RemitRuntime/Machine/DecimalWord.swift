import RemitValues

/// A decimal in one word: the lowest five bits are its places, the rest its coefficient of up to 59 bits.
///
/// Where the lowest five bits are 31 the rest is the place of three words in the arena: coefficient, low half first,
/// and places. A word in line need not be in normal form; its value is exact all the same, and no fault is possible
/// that a normal form would not have, because 59 bits are less than 38 digits.
enum DecimalWord {
    /// The low bits of a decimal that stands in the arena.
    static let boxed: Int64 = 31
    /// The least word in line: what is below could be taken for an absent value.
    static let least = Int64.min + 32

    /// Ten to the powers that 64 bits hold.
    static let powers: [Int64] = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ]

    @inline(__always)
    static func coefficient(_ word: Int64) -> Int64 { word >> 5 }

    @inline(__always)
    static func places(_ word: Int64) -> Int64 { word & 31 }

    /// The word of a coefficient and places (0 to 18); nil where it does not fit in line.
    @inline(__always)
    static func inline(_ coefficient: Int64, places: Int64) -> Int64? {
        let shifted = coefficient &<< 5
        guard shifted >> 5 == coefficient, shifted >= least else { return nil }
        return shifted | places
    }

    /// The word of a number; one that does not fit in line goes into the arena.
    static func word(_ number: ExactDecimal, _ machine: MachinePointer) -> Int64 {
        word(number, &machine.pointee.words)
    }

    static func word(_ number: ExactDecimal, _ arena: inout WordArena) -> Int64 {
        if let small = Int64(exactly: number.coefficient), let word = inline(small, places: Int64(number.scale)) {
            return word
        }
        let place = arena.reserve(3)
        let words = arena.base
        words[place] = Int64(truncatingIfNeeded: number.coefficient)
        words[place + 1] = Int64(truncatingIfNeeded: number.coefficient >> 64)
        words[place + 2] = Int64(number.scale)
        return Int64(place) << 5 | boxed
    }

    /// The number of a word.
    static func number(_ word: Int64, _ machine: MachinePointer) -> ExactDecimal {
        number(word, machine.pointee.words)
    }

    static func number(_ word: Int64, _ arena: WordArena) -> ExactDecimal {
        var coefficient = Int128(coefficient(word))
        var scale = Int(places(word))
        if places(word) == boxed {
            let place = Int(word >> 5)
            guard arena.holds(place, 3) else { return .zero }
            let words = arena.base
            coefficient = Int128(words[place + 1]) << 64 | Int128(UInt64(bitPattern: words[place]))
            scale = Int(words[place + 2])
        }
        // What stands in a word was brought there from a number, so it always makes one.
        return (try? ExactDecimal(coefficient: coefficient, scale: scale)) ?? .zero
    }

    /// Whether a word in line is nothing, in whatever places.
    @inline(__always)
    private static func isZero(_ word: Int64) -> Bool { UInt64(bitPattern: word) < UInt64(boxed) }

    @inline(__always)
    private static func isInLine(_ word: Int64) -> Bool { word & 31 != boxed && word >= least }

    /// A word in line with more places; the word itself where it is not in line or would not fit.
    static func word(_ word: Int64, atPlaces wanted: Int64) -> Int64 {
        let have = places(word)
        guard have < wanted, wanted <= 18 else { return word }
        let (scaled, overflow) = coefficient(word).multipliedReportingOverflow(by: powers[Int(wanted - have)])
        return overflow ? word : inline(scaled, places: wanted) ?? word
    }

    // MARK: Arithmetic in line; nil sends the caller the exact way round

    @inline(__always)
    static func sum(_ left: Int64, _ right: Int64) -> Int64? {
        guard (left ^ right) & 31 == 0, left & 31 != boxed else {
            // Beside nothing the other stays as it is.
            if isZero(left), isInLine(right) { return right }
            return isZero(right) && isInLine(left) ? left : rescaledSum(left, right)
        }
        let (sum, overflow) = left.addingReportingOverflow(right & ~31)
        return overflow || sum < least ? nil : sum
    }

    @inline(__always)
    static func difference(_ left: Int64, _ right: Int64) -> Int64? {
        guard (left ^ right) & 31 == 0, left & 31 != boxed else {
            guard right & 31 != boxed, right >= least else { return nil }
            return rescaledSum(left, ((0 &- (right >> 5)) &<< 5) | right & 31)
        }
        let (difference, overflow) = left.subtractingReportingOverflow(right & ~31)
        return overflow || difference < least ? nil : difference
    }

    /// The sum where the places differ.
    @inline(__always)
    private static func rescaledSum(_ left: Int64, _ right: Int64) -> Int64? {
        guard let (first, second, places) = aligned(left, right) else { return nil }
        let (sum, overflow) = first.addingReportingOverflow(second)
        return overflow ? nil : inline(sum, places: places)
    }

    /// Two coefficients brought to the same places.
    @inline(__always)
    private static func aligned(_ left: Int64, _ right: Int64) -> (Int64, Int64, Int64)? {
        let (one, other) = (places(left), places(right))
        guard one != boxed, other != boxed else { return nil }
        if one < other {
            let (scaled, overflow) = (left >> 5).multipliedReportingOverflow(by: powers[Int(other - one)])
            return overflow ? nil : (scaled, right >> 5, other)
        }
        let (scaled, overflow) = (right >> 5).multipliedReportingOverflow(by: powers[Int(one - other)])
        return overflow ? nil : (left >> 5, scaled, one)
    }

    @inline(__always)
    static func product(_ left: Int64, _ right: Int64) -> Int64? {
        let places = left & 31 &+ right & 31
        guard places <= 18 else { return nil }
        let (product, overflow) = (left >> 5).multipliedReportingOverflow(by: right >> 5)
        return overflow ? nil : inline(product, places: places)
    }

    /// The product of a whole number as a decimal with places, and a decimal word.
    @inline(__always)
    static func product(whole: Int64, places: Int64, _ right: Int64) -> Int64? {
        let places = places &+ right & 31
        guard places <= 18 else { return nil }
        let (product, overflow) = whole.multipliedReportingOverflow(by: right >> 5)
        return overflow ? nil : inline(product, places: places)
    }

    /// Below zero where left is less, above where it is greater; nil where both are not in line.
    @inline(__always)
    static func order(_ left: Int64, _ right: Int64) -> Int? {
        if (left ^ right) & 31 == 0, left & 31 != boxed { return left == right ? 0 : left < right ? -1 : 1 }
        guard let (first, second, _) = aligned(left, right) else { return nil }
        return first == second ? 0 : first < second ? -1 : 1
    }

    /// Two numbers that stand as the decimals do, where that takes no scaling: of the same places, or one nothing.
    @inline(__always)
    static func comparable(_ left: Int64, _ right: Int64) -> (Int64, Int64)? {
        if (left ^ right) & 31 == 0, left & 31 != boxed { return (left, right) }
        if isZero(right), isInLine(left) { return (left >> 5, 0) }
        return isZero(left) && isInLine(right) ? (0, right >> 5) : nil
    }

    // MARK: Rounding in line

    /// The coefficient divided and rounded once; `mode` is the position of the rounding mode.
    @inline(__always)
    static func rounded(_ dividend: Int64, by divisor: Int64, mode: UInt8) -> Int64? {
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        if remainder == 0 { return quotient }
        let rest = remainder.magnitude
        let other = divisor.magnitude - rest
        let grows: Bool
        switch mode {
        case 0: grows = rest >= other
        case 1: grows = rest > other || (rest == other && quotient & 1 == 1)
        case 2: grows = true
        default: grows = false
        }
        guard grows else { return quotient }
        let (sum, overflow) = quotient.addingReportingOverflow((dividend < 0) != (divisor < 0) ? -1 : 1)
        return overflow ? nil : sum
    }

    /// A decimal word rounded to places; nil where it is not in line.
    static func rounded(_ word: Int64, mode: UInt8, places: Int64) -> Int64? {
        let have = self.places(word)
        guard have != boxed else { return nil }
        guard have > places else { return word }
        guard let result = rounded(word >> 5, by: powers[Int(have - places)], mode: mode) else { return nil }
        return inline(result, places: places)
    }

    /// A quotient rounded to places; nil where 64 bits do not hold what is needed.
    static func quotient(_ left: Int64, _ right: Int64, mode: UInt8, places: Int64) -> Int64? {
        guard self.places(left) != boxed, self.places(right) != boxed, right >> 5 != 0 else { return nil }
        var dividend = left >> 5
        var divisor = right >> 5
        let shift = self.places(right) + places - self.places(left)
        guard shift.magnitude <= 18 else { return nil }
        var overflow = false
        if shift >= 0 {
            (dividend, overflow) = dividend.multipliedReportingOverflow(by: powers[Int(shift)])
        } else {
            (divisor, overflow) = divisor.multipliedReportingOverflow(by: powers[Int(-shift)])
        }
        guard !overflow, dividend != .min, divisor != .min,
            let result = rounded(dividend, by: divisor, mode: mode)
        else { return nil }
        return inline(result, places: places)
    }

    /// The minor units of a decimal that has at most `digits` places; nil where it is not in line or does not fit.
    static func minorUnits(_ word: Int64, digits: Int64) -> Int64? {
        let have = places(word)
        guard have <= digits else { return nil }
        let (units, overflow) = (word >> 5).multipliedReportingOverflow(by: powers[Int(digits - have)])
        return overflow ? nil : units
    }
}

extension RoundingMode {
    /// The position by which the machine knows the mode.
    var position: UInt8 {
        switch self {
        case .halfUp: 0
        case .halfEven: 1
        case .up: 2
        case .down: 3
        }
    }

    init(position: UInt8) {
        switch position {
        case 0: self = .halfUp
        case 1: self = .halfEven
        case 2: self = .up
        default: self = .down
        }
    }
}
