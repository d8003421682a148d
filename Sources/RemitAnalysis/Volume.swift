/// A natural number of any size: how many atoms a box of a table holds.
struct Volume: Comparable {
    /// Least significant first, without leading zeros.
    private var digits: [UInt32]

    static let zero = Volume(digits: [])
    static let one = Volume(digits: [1])

    private init(digits: [UInt32]) { self.digits = digits }

    mutating func add(_ other: Volume) {
        var carry: UInt64 = 0
        for index in 0..<max(digits.count, other.digits.count) {
            if index == digits.count { digits.append(0) }
            let term = index < other.digits.count ? UInt64(other.digits[index]) : 0
            let sum = UInt64(digits[index]) + term + carry
            digits[index] = UInt32(truncatingIfNeeded: sum)
            carry = sum >> 32
        }
        if carry > 0 { digits.append(UInt32(carry)) }
    }

    /// Takes away a number that is not greater.
    mutating func subtract(_ other: Volume) {
        var borrow: Int64 = 0
        for index in digits.indices {
            let term = index < other.digits.count ? Int64(other.digits[index]) : 0
            var difference = Int64(digits[index]) - term - borrow
            borrow = difference < 0 ? 1 : 0
            if difference < 0 { difference += 1 << 32 }
            digits[index] = UInt32(difference)
        }
        while digits.last == 0 { digits.removeLast() }
    }

    /// The product with a count of atoms, which is below 2^31.
    func multiplied(by factor: Int) -> Volume {
        guard factor > 0 else { return .zero }
        var result: [UInt32] = []
        result.reserveCapacity(digits.count + 1)
        var carry: UInt64 = 0
        for digit in digits {
            let product = UInt64(digit) * UInt64(factor) + carry
            result.append(UInt32(truncatingIfNeeded: product))
            carry = product >> 32
        }
        if carry > 0 { result.append(UInt32(carry)) }
        return Volume(digits: result)
    }

    static func < (left: Volume, right: Volume) -> Bool {
        if left.digits.count != right.digits.count { return left.digits.count < right.digits.count }
        for index in left.digits.indices.reversed() where left.digits[index] != right.digits[index] {
            return left.digits[index] < right.digits[index]
        }
        return false
    }
}
