/// A number modulo p = 2^255 − 19, in four words from the least significant one; it may stand for itself plus p or 2p.
///
/// It is for public keys alone: how long an operation takes depends on the number.
struct CurveField: Sendable {
    private let words: [UInt64]

    private init(_ words: [UInt64]) { self.words = words }

    /// The number that 32 bytes in little-endian order stand for; the uppermost bit is left out.
    init(littleEndian bytes: [UInt8]) {
        var words: [UInt64] = [0, 0, 0, 0]
        for (place, byte) in bytes.prefix(32).enumerated() {
            words[place / 8] |= UInt64(place == 31 ? byte & 0x7F : byte) << UInt64(place % 8 * 8)
        }
        self.words = words
    }

    static let one = CurveField([1, 0, 0, 0])

    /// d of the curve −x² + y² = 1 + d x² y² (RFC 8032 §5.1).
    static let curve = CurveField([
        0x75EB_4DCA_1359_78A3, 0x0070_0A4D_4141_D8AB, 0x8CC7_4079_7779_E898, 0x5203_6CEE_2B6F_FE73,
    ])

    /// p − 1, which is −1.
    private static let minusOne = CurveField([
        0xFFFF_FFFF_FFFF_FFEC, UInt64.max, UInt64.max, 0x7FFF_FFFF_FFFF_FFFF,
    ])

    static func + (left: CurveField, right: CurveField) -> CurveField {
        var sum = left.words
        var carry: UInt64 = 0
        for place in 0..<4 {
            let (first, isOver) = sum[place].addingReportingOverflow(right.words[place])
            let (second, isOverAgain) = first.addingReportingOverflow(carry)
            sum[place] = second
            carry = (isOver ? 1 : 0) + (isOverAgain ? 1 : 0)
        }
        return CurveField(folded(sum, carry))
    }

    static func * (left: CurveField, right: CurveField) -> CurveField {
        var product = [UInt64](repeating: 0, count: 8)
        for place in 0..<4 {
            var carry: UInt64 = 0
            for other in 0..<4 {
                let (high, low) = left.words[place].multipliedFullWidth(by: right.words[other])
                let (first, isOver) = low.addingReportingOverflow(product[place + other])
                let (second, isOverAgain) = first.addingReportingOverflow(carry)
                product[place + other] = second
                // A product and two words more always fit into two words.
                carry = high &+ (isOver ? 1 : 0) &+ (isOverAgain ? 1 : 0)
            }
            product[place + 4] = carry
        }
        // 2^256 is 38.
        var words = Array(product[..<4])
        var carry: UInt64 = 0
        for place in 0..<4 {
            let (high, low) = product[place + 4].multipliedFullWidth(by: 38)
            let (first, isOver) = low.addingReportingOverflow(words[place])
            let (second, isOverAgain) = first.addingReportingOverflow(carry)
            words[place] = second
            carry = high &+ (isOver ? 1 : 0) &+ (isOverAgain ? 1 : 0)
        }
        return CurveField(folded(words, carry))
    }

    /// Adds 38 for each 2^256 that was carried.
    private static func folded(_ words: [UInt64], _ carried: UInt64) -> [UInt64] {
        var words = words
        var carry = carried
        while carry > 0 {
            var rest = carry &* 38
            carry = 0
            for place in 0..<4 where rest > 0 {
                let (sum, isOver) = words[place].addingReportingOverflow(rest)
                words[place] = sum
                rest = isOver ? 1 : 0
            }
            carry = rest
        }
        return words
    }

    var squared: CurveField { self * self }

    static prefix func - (value: CurveField) -> CurveField { value * minusOne }

    /// Whether the number is 0, or a square of another: Euler's criterion, the power (p − 1)/2, which is 2^254 − 10.
    var isSquare: Bool {
        var power = CurveField.one
        for bit in (0..<254).reversed() {
            power = power.squared
            // Of the exponent only the bits 0 and 3 are 0: 2^254 − 10 = …11110110.
            if bit != 0, bit != 3 { power = power * self }
        }
        let bytes = power.canonical
        return bytes == [0, 0, 0, 0] || bytes == [1, 0, 0, 0]
    }

    /// The words of the number below p.
    private var canonical: [UInt64] {
        var words = words
        let prime: [UInt64] = [0xFFFF_FFFF_FFFF_FFED, UInt64.max, UInt64.max, 0x7FFF_FFFF_FFFF_FFFF]
        while !words.reversed().lexicographicallyPrecedes(prime.reversed()) {
            var borrow: UInt64 = 0
            for place in 0..<4 {
                let (first, isUnder) = words[place].subtractingReportingOverflow(prime[place])
                let (second, isUnderAgain) = first.subtractingReportingOverflow(borrow)
                words[place] = second
                borrow = (isUnder ? 1 : 0) + (isUnderAgain ? 1 : 0)
            }
        }
        return words
    }
}
