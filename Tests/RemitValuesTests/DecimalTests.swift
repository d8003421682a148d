import RemitValues
import Testing

/// Exact arithmetic against arithmetic on paper.
@Suite struct DecimalTests {
    private func outcome(_ work: () throws -> ExactDecimal) -> String {
        do { return try work().description } catch { return "\(error)" }
    }

    /// Numbers at the edges of what can be held.
    private static let edges: [ExactDecimal] = {
        let texts = [
            "0", "1", "-1", "2", "-2", "3", "7", "10", "0.5", "-0.5", "1.5", "-1.5", "2.5", "-2.5", "0.05", "0.005",
            "0.000000000000000001", "-0.000000000000000001", "0.000000000000000005", "0.999999999999999999",
            "99999999999999999999.999999999999999999", "-99999999999999999999.999999999999999999",
            "99999999999999999999999999999999999999", "-99999999999999999999999999999999999999",
            "99999999999999999999999999999999999998", "10000000000000000000000000000000000000",
            "50000000000000000000000000000000000000", "9223372036854775807", "-9223372036854775808",
            "17014118346046923173.687303715884105727", "18446744073709551616",
            "33333333333333333333.333333333333333333",
        ]
        return texts.compactMap { try? ExactDecimal.parse($0) ?? nil }
    }()

    private func judge(_ left: ExactDecimal, _ right: ExactDecimal, _ places: Int, _ hint: String) {
        let one = School(left)
        let other = School(right)
        #expect(outcome { try left.adding(right) } == (one + other).outcome, "\(left) + \(right) \(hint)")
        #expect(outcome { try left.subtracting(right) } == (one + -other).outcome, "\(left) - \(right) \(hint)")
        #expect(outcome { try left.multiplied(by: right) } == (one * other).outcome, "\(left) * \(right) \(hint)")
        let order = School.compare(one, other)
        #expect((left < right) == (order < 0) && (left == right) == (order == 0), "\(left) ? \(right) \(hint)")
        for mode in RoundingMode.allCases {
            let quotient = outcome { try left.divided(by: right, places: places, mode: mode) }
            let wanted =
                right == .zero ? "divisionByZero" : one.divided(by: other, places: places, mode).outcome
            #expect(quotient == wanted, "\(left) / \(right) \(mode) to \(places) \(hint)")
            #expect(
                outcome { try left.rounded(places: places, mode: mode) } == one.rounded(places: places, mode).outcome,
                "\(left) \(mode) to \(places) \(hint)")
        }
    }

    @Test func edgesAgreeWithPaper() {
        #expect(Self.edges.count == 32)
        for left in Self.edges {
            for right in Self.edges {
                for places in [0, 18] { judge(left, right, places, "") }
            }
        }
    }

    @Test(arguments: [UInt64](1...40)) func randomNumbersAgreeWithPaper(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        for _ in 0..<25 {
            let left = try random.decimal()
            let right = try random.decimal()
            judge(left, right, random.below(19), "seed \(seed)")
        }
    }

    @Test(arguments: [
        ("2.5", "3", "2", "3", "2"), ("-2.5", "-3", "-2", "-3", "-2"), ("3.5", "4", "4", "4", "3"),
        ("-3.5", "-4", "-4", "-4", "-3"), ("0.5", "1", "0", "1", "0"), ("-0.5", "-1", "0", "-1", "0"),
        ("2.499999999999999999", "2", "2", "3", "2"), ("2.500000000000000001", "3", "3", "3", "2"),
        ("-2.500000000000000001", "-3", "-3", "-3", "-2"), ("7", "7", "7", "7", "7"),
        (
            "99999999999999999999.5", "100000000000000000000", "100000000000000000000", "100000000000000000000",
            "99999999999999999999"
        ),
    ]) func halvesAreSettled(text: String, halfUp: String, halfEven: String, up: String, down: String) throws {
        let number = try #require(try ExactDecimal.parse(text))
        let found = try RoundingMode.allCases.map { try number.rounded(places: 0, mode: $0).description }
        #expect(found == [halfUp, halfEven, up, down])
    }

    @Test func roundingCanPassTheLimit() throws {
        let nines = try ExactDecimal(coefficient: ExactDecimal.maximumCoefficient, scale: 18)
        #expect(try nines.rounded(places: 17, mode: .up).description == "100000000000000000000")
        let largest = try ExactDecimal(coefficient: ExactDecimal.maximumCoefficient, scale: 0)
        #expect(throws: ArithmeticFault.overflow) { try largest.adding(.one) }
        #expect(throws: ArithmeticFault.precision) { try nines.multiplied(by: nines) }
        #expect(throws: ArithmeticFault.precision) { try largest.rounded(places: 19, mode: .up) }
        #expect(throws: ArithmeticFault.precision) { try largest.divided(by: .one, places: -1, mode: .up) }
        #expect(throws: ArithmeticFault.divisionByZero) { try largest.divided(by: .zero, places: 0, mode: .up) }
    }

    @Test func equalNumbersHaveEqualParts() throws {
        let one = try ExactDecimal(coefficient: 1_500_000_000_000_000_000, scale: 18)
        let other = try ExactDecimal(coefficient: 15, scale: 1)
        #expect(one == other && one.scale == 1 && one.hashValue == other.hashValue)
        #expect(throws: ArithmeticFault.precision) { try ExactDecimal(coefficient: 1, scale: 19) }
        #expect(throws: ArithmeticFault.overflow) { try ExactDecimal(coefficient: .min, scale: 0) }
        #expect(throws: ArithmeticFault.overflow) { try ExactDecimal(coefficient: 1, scale: -1) }
        #expect(try ExactDecimal(coefficient: 10, scale: 19).description == "0.000000000000000001")
    }

    // MARK: Reading

    @Test(arguments: [
        ("0", "0"), ("-0", "0"), ("+5", "5"), ("007", "7"), ("1.50", "1.5"), ("1e3", "1000"), ("1E+3", "1000"),
        ("1.5e-3", "0.0015"), ("100e-2", "1"), ("0e999999999999", "0"), ("0.000", "0"), ("12.5e1", "125"),
        ("1e37", "10000000000000000000000000000000000000"), ("1e38", "overflow"),
        ("1e99999999999999999999", "overflow"),
        ("1e-18", "0.000000000000000001"), ("1e-19", "precision"), ("10e-19", "0.000000000000000001"),
        ("99999999999999999999999999999999999999", "99999999999999999999999999999999999999"),
        ("999999999999999999999999999999999999990", "overflow"),
        ("999999999999999999999999999999999999999", "overflow"), ("1.0000000000000000000000", "1"),
        ("123456789012345678901.123456789012345678", "precision"), ("0.0000000000000000001", "precision"),
    ]) func numbersAreRead(text: String, outcome wanted: String) {
        #expect(outcome { try ExactDecimal.parse(text) ?? ExactDecimal(-404) } == wanted)
    }

    @Test(arguments: [
        "", "-", "+", ".", "1.", ".5", "-.5", "1..2", "1.2.3", "1e", "1e+", "e5", "--1", "1-", "1 ", " 1", "1_000",
        "1,000", "0x10", "NaN", "Infinity", "1.e5", "1e5.5", "1e5e5", "٣", "１", "1\0",
    ]) func othersAreNoNumbers(text: String) throws {
        #expect(try ExactDecimal.parse(text) == nil)
    }

    @Test(arguments: [UInt64](1...20)) func whatIsWrittenIsReadBack(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        for _ in 0..<100 {
            let number = try random.decimal()
            #expect(try ExactDecimal.parse(number.description) == number, "seed \(seed)")
            #expect(try ExactDecimal.parse(number.text(minimumPlaces: 18)) == number, "seed \(seed)")
            let shifted = "\(number.coefficient)e-\(number.scale)"
            #expect(try ExactDecimal.parse(shifted) == number, "seed \(seed)")
        }
    }

    @Test func placesAreFilledUp() throws {
        let number = try #require(try ExactDecimal.parse("-0.5"))
        #expect(number.text(minimumPlaces: 2) == "-0.50")
        #expect(number.text(minimumPlaces: 0) == "-0.5")
        #expect(number.text(minimumPlaces: -3) == "-0.5")
        #expect(number.text(minimumPlaces: 99) == "-0.500000000000000000")
        #expect(ExactDecimal(7).text(minimumPlaces: 2) == "7.00")
        #expect(ExactDecimal(7).wholeValue == 7 && number.wholeValue == nil)
    }
}
