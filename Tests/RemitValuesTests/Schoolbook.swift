import RemitValues

/// Natural numbers as digits, the way they are worked out on paper: slow, and with nothing in common with the product.
struct Natural: Equatable {
    /// Decimal digits, the most significant first, without leading zeros; empty for zero.
    let digits: [Int]

    init(_ digits: [Int]) { self.digits = Array(digits.drop { $0 == 0 }) }

    init(_ text: String) { self.init(text.utf8.map { Int($0) - 48 }) }

    var isZero: Bool { digits.isEmpty }

    var text: String { isZero ? "0" : digits.map(String.init).joined() }

    static func compare(_ left: Natural, _ right: Natural) -> Int {
        if left.digits.count != right.digits.count { return left.digits.count < right.digits.count ? -1 : 1 }
        for (one, other) in zip(left.digits, right.digits) where one != other { return one < other ? -1 : 1 }
        return 0
    }

    /// Column by column from the right, with a carry.
    static func + (left: Natural, right: Natural) -> Natural {
        var result: [Int] = []
        var carry = 0
        let first = Array(left.digits.reversed())
        let second = Array(right.digits.reversed())
        for column in 0..<max(first.count, second.count) {
            let sum = (column < first.count ? first[column] : 0) + (column < second.count ? second[column] : 0) + carry
            result.append(sum % 10)
            carry = sum / 10
        }
        result.append(carry)
        return Natural(result.reversed())
    }

    /// Column by column with a borrow; the left number is not the smaller one.
    static func - (left: Natural, right: Natural) -> Natural {
        var result: [Int] = []
        var borrow = 0
        let first = Array(left.digits.reversed())
        let second = Array(right.digits.reversed())
        for column in first.indices {
            var difference = first[column] - borrow - (column < second.count ? second[column] : 0)
            borrow = difference < 0 ? 1 : 0
            if difference < 0 { difference += 10 }
            result.append(difference)
        }
        return Natural(result.reversed())
    }

    static func * (left: Natural, right: Natural) -> Natural {
        var columns = [Int](repeating: 0, count: left.digits.count + right.digits.count + 1)
        for (row, one) in left.digits.reversed().enumerated() {
            for (column, other) in right.digits.reversed().enumerated() { columns[row + column] += one * other }
        }
        for column in columns.indices.dropLast() {
            columns[column + 1] += columns[column] / 10
            columns[column] %= 10
        }
        return Natural(columns.reversed())
    }

    func shifted(_ places: Int) -> Natural { Natural(digits + [Int](repeating: 0, count: places)) }

    /// Long division: brings down one digit after another and takes the divisor away as often as it goes.
    func divided(by divisor: Natural) -> (quotient: Natural, rest: Natural) {
        var quotient: [Int] = []
        var rest = Natural([])
        for digit in digits {
            rest = Natural(rest.digits + [digit])
            var times = 0
            while Natural.compare(rest, divisor) >= 0 {
                rest = rest - divisor
                times += 1
            }
            quotient.append(times)
        }
        return (Natural(quotient), rest)
    }
}

/// Signed decimals over natural numbers, with the rules of the language's numbers.
struct School {
    let isNegative: Bool
    let digits: Natural
    let scale: Int

    init(_ isNegative: Bool, _ digits: Natural, _ scale: Int) {
        self.isNegative = isNegative
        self.digits = digits
        self.scale = scale
    }

    init(_ number: ExactDecimal) {
        self.init(number.isNegative, Natural(String(number.coefficient.magnitude)), number.scale)
    }

    /// What must come out: the number in plain notation, or the name of the fault.
    var outcome: String {
        if digits.isZero { return "0" }
        var kept = digits.digits
        var places = scale
        while places > 0, kept.last == 0 {
            kept.removeLast()
            places -= 1
        }
        if places > 18 { return "precision" }
        if kept.count > 38 { return "overflow" }
        while kept.count <= places { kept.insert(0, at: 0) }
        let whole = kept.dropLast(places).map(String.init).joined()
        let fraction = kept.suffix(places).map(String.init).joined()
        return (isNegative ? "-" : "") + whole + (places > 0 ? "." + fraction : "")
    }

    private func at(_ places: Int) -> Natural { digits.shifted(places - scale) }

    static func compare(_ left: School, _ right: School) -> Int {
        let places = max(left.scale, right.scale)
        let size = Natural.compare(left.at(places), right.at(places))
        if left.isNegative != right.isNegative { return left.isNegative ? -1 : 1 }
        return left.isNegative ? -size : size
    }

    static func + (left: School, right: School) -> School {
        let places = max(left.scale, right.scale)
        let first = left.at(places)
        let second = right.at(places)
        if left.isNegative == right.isNegative { return School(left.isNegative, first + second, places) }
        return Natural.compare(first, second) < 0
            ? School(right.isNegative, second - first, places) : School(left.isNegative, first - second, places)
    }

    static prefix func - (number: School) -> School { School(!number.isNegative, number.digits, number.scale) }

    static func * (left: School, right: School) -> School {
        School(left.isNegative != right.isNegative, left.digits * right.digits, left.scale + right.scale)
    }

    func divided(by divisor: School, places: Int, _ mode: RoundingMode) -> School {
        School.round(
            digits.shifted(divisor.scale + places), by: divisor.digits.shifted(scale),
            isNegative != divisor.isNegative, places, mode)
    }

    func rounded(places: Int, _ mode: RoundingMode) -> School {
        guard scale > places else { return self }
        return School.round(digits, by: Natural([1]).shifted(scale - places), isNegative, places, mode)
    }

    private static func round(
        _ dividend: Natural, by divisor: Natural, _ isNegative: Bool, _ places: Int, _ mode: RoundingMode
    ) -> School {
        var (quotient, rest) = dividend.divided(by: divisor)
        let half = Natural.compare(rest + rest, divisor)
        let isOdd = (quotient.digits.last ?? 0) % 2 == 1
        let grows =
            switch mode {
            case .up: !rest.isZero
            case .down: false
            case .halfUp: half >= 0
            case .halfEven: half > 0 || (half == 0 && isOdd)
            }
        if grows { quotient = quotient + Natural([1]) }
        return School(isNegative, quotient, places)
    }
}

/// A small generator of repeatable numbers.
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    /// A number of 1 to 38 digits, 0 to 18 of them behind the point; often one at a boundary.
    mutating func decimal() throws -> ExactDecimal {
        let isNegative = below(2) == 0
        let count = 1 + below(38)
        var digits = (0..<count).map { _ in below(10) }
        switch below(6) {
        case 0: digits = [Int](repeating: 9, count: count)
        case 1: digits = [1] + [Int](repeating: 0, count: count - 1)
        case 2: digits[count - 1] = 5
        default: break
        }
        var coefficient: Int128 = 0
        for digit in digits { coefficient = coefficient * 10 + Int128(digit) }
        return try ExactDecimal(coefficient: isNegative ? -coefficient : coefficient, scale: below(19))
    }
}
