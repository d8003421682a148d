/// Decimal digits, two at a time.
enum Digits {
    private static let pairs: StaticString = """
        0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
        5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899
        """

    /// How many digits a number has.
    @inline(__always)
    static func count(_ number: UInt64) -> Int {
        var count = 1
        var rest = number
        while rest >= 10_000 {
            rest /= 10_000
            count &+= 4
        }
        return count &+ (rest >= 10 ? 1 : 0) &+ (rest >= 100 ? 1 : 0) &+ (rest >= 1000 ? 1 : 0)
    }

    /// The whole part and the rest of a number whose last so many digits (0 to 18) stand behind the point.
    @inline(__always)
    static func split(_ number: UInt64, _ places: Int) -> (quotient: UInt64, remainder: UInt64) {
        // Nearly all currencies have two digits, by which the compiler divides without a division.
        if places == 2 { return number.quotientAndRemainder(dividingBy: 100) }
        return number.quotientAndRemainder(dividingBy: UInt64(DecimalWord.powers[places]))
    }

    /// Writes the last so many digits of a number before a place.
    @inline(__always)
    static func write(_ number: UInt64, _ count: Int, before end: UnsafeMutablePointer<UInt8>) {
        var rest = number
        var target = end
        var left = count
        while left >= 2 {
            let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
            target -= 2
            let digits = pairs.utf8Start + 2 &* Int(truncatingIfNeeded: pair)
            target[0] = digits[0]
            target[1] = digits[1]
            rest = quotient
            left &-= 2
        }
        if left == 1 { target[-1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10) }
    }
}
