extension ExactDecimal: CustomStringConvertible {
    /// The number as written in plain notation: `-12.5`, without grouping.
    public var description: String { text(minimumPlaces: 0) }

    /// Plain notation with at least `minimumPlaces` fractional digits.
    public func text(minimumPlaces: Int) -> String {
        var digits = String(coefficient.magnitude)
        let places = max(scale, min(max(minimumPlaces, 0), Self.maximumScale))
        digits += String(repeating: "0", count: places - scale)
        if digits.utf8.count <= places {
            digits = String(repeating: "0", count: places + 1 - digits.utf8.count) + digits
        }
        let sign = isNegative ? "-" : ""
        guard places > 0 else { return sign + digits }
        return sign + digits.dropLast(places) + "." + digits.suffix(places)
    }

    /// Reads plain or exponent notation (`-12.50`, `1e3`), as JSON and CSV write numbers.
    ///
    /// Nil where the bytes are no number; throws where the number is one that cannot be held exactly.
    public static func parse(_ bytes: some Sequence<UInt8>) throws(ArithmeticFault) -> ExactDecimal? {
        var reader = DecimalReader()
        for byte in bytes {
            guard reader.take(byte) else { return nil }
        }
        return try reader.finish()
    }

    /// Reads plain or exponent notation from a text; see the form over bytes.
    public static func parse(_ text: String) throws(ArithmeticFault) -> ExactDecimal? {
        try parse(text.utf8)
    }
}

/// Reads one number byte by byte, keeping up to 256 significant digits' worth of exactness in a 38-digit coefficient.
private struct DecimalReader {
    private var negative = false
    private var started = false
    private var digits = 0
    private var coefficient: UInt128 = 0
    private var pendingZeros = 0
    private var places = 0
    private var seenPoint = false
    private var digitsAfterPoint = 0
    private var inExponent = false
    private var exponentStarted = false
    private var exponentNegative = false
    private var exponent = 0
    private var exponentDigits = 0
    private var tooLong = false

    /// Takes the next byte; false where no number goes on like this.
    mutating func take(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            let digit = Int(byte - UInt8(ascii: "0"))
            if inExponent { takeExponent(digit) } else { takeDigit(digit) }
        case UInt8(ascii: "-"), UInt8(ascii: "+"):
            return takeSign(isMinus: byte == UInt8(ascii: "-"))
        case UInt8(ascii: "."):
            guard !seenPoint, !inExponent, digits > 0 else { return false }
            seenPoint = true
        case UInt8(ascii: "e"), UInt8(ascii: "E"):
            guard !inExponent, digits > 0, !seenPoint || digitsAfterPoint > 0 else { return false }
            inExponent = true
        default:
            return false
        }
        started = true
        if inExponent, byte != UInt8(ascii: "e"), byte != UInt8(ascii: "E") { exponentStarted = true }
        return true
    }

    private mutating func takeSign(isMinus: Bool) -> Bool {
        if inExponent {
            guard !exponentStarted else { return false }
            exponentNegative = isMinus
            exponentStarted = true
        } else {
            guard !started else { return false }
            negative = isMinus
            started = true
        }
        return true
    }

    private mutating func takeExponent(_ digit: Int) {
        exponentDigits += 1
        exponent = min(exponent * 10 + digit, 100_000)
    }

    private mutating func takeDigit(_ digit: Int) {
        digits = min(digits + 1, 1_000_000)
        if seenPoint { digitsAfterPoint = min(digitsAfterPoint + 1, 1_000_000) }
        // Zeros are held back: trailing ones cost no digit of the coefficient.
        if digit == 0 {
            pendingZeros = min(pendingZeros + (coefficient == 0 ? 0 : 1), 1_000_000)
            if seenPoint { places = min(places + 1, 1_000_000) }
            return
        }
        if seenPoint { places = min(places + 1, 1_000_000) }
        for _ in 0..<min(pendingZeros, 40) { push(0) }
        pendingZeros = 0
        push(digit)
    }

    private mutating func push(_ digit: Int) {
        let (scaled, overflow) = coefficient.multipliedReportingOverflow(by: 10)
        let (sum, carry) = scaled.addingReportingOverflow(UInt128(digit))
        if overflow || carry || sum > UInt128(ExactDecimal.maximumCoefficient) {
            tooLong = true
        } else {
            coefficient = sum
        }
    }

    mutating func finish() throws(ArithmeticFault) -> ExactDecimal? {
        guard digits > 0, !seenPoint || digitsAfterPoint > 0, !inExponent || exponentDigits > 0 else { return nil }
        if coefficient == 0, !tooLong { return .zero }
        let power = (exponentNegative ? -exponent : exponent) + pendingZeros - places
        guard !tooLong else {
            // Digits beyond the 38th: too precise if any of them lies behind the point, too large otherwise.
            if places > 0 { throw .precision }
            throw .overflow
        }
        if power >= 0 {
            guard power <= 38 else { throw .overflow }
            let wide = Wide(coefficient).multiplied(by: ExactDecimal.powerOfTen(power))
            return try ExactDecimal(negative: negative, magnitude: wide, scale: 0)
        }
        return try ExactDecimal(negative: negative, magnitude: Wide(coefficient), scale: -power)
    }
}
