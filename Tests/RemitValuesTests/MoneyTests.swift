import RemitValues
import Testing

/// Amounts in whole minor units.
@Suite struct MoneyTests {
    private func currency(_ code: String) throws -> Currency { try #require(Currency(code: code)) }

    @Test(arguments: [("CNY", 2), ("USD", 2), ("JPY", 0), ("KWD", 3), ("KRW", 0), ("BHD", 3)])
    func minorUnitsAreThoseOfTheStandard(code: String, digits: Int) throws {
        #expect(try currency(code).minorDigits == digits)
    }

    @Test(arguments: ["RMB", "cny", "CN", "CNYY", "", "XXX", "ＣＮＹ"]) func othersAreNoCurrencies(code: String) {
        #expect(Currency(code: code) == nil)
    }

    @Test func codesAreSorted() {
        #expect(Currency.allCodes == Currency.allCodes.sorted())
        #expect(Currency.allCodes.count == 154 && Set(Currency.allCodes).count == 154)
    }

    @Test(arguments: [UInt64](1...20)) func roundingAgreesWithPaper(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        let currencies = try ["CNY", "JPY", "KWD"].map { try currency($0) }
        for _ in 0..<50 {
            let number = try random.decimal()
            let kept = currencies[random.below(3)]
            for mode in RoundingMode.allCases {
                let wanted = School(number).rounded(places: kept.minorDigits, mode)
                let units = (wanted.isNegative ? "-" : "") + wanted.digits.shifted(kept.minorDigits - wanted.scale).text
                let found: String
                do { found = String(try Money(number, currency: kept, mode: mode).minorUnits) } catch {
                    #expect(error == .overflow)
                    found = "overflow"
                }
                let fits = Int64(units).map { $0 == 0 ? "0" : String($0) } ?? "overflow"
                #expect(found == fits, "\(number) \(kept.code) \(mode) seed \(seed)")
            }
        }
    }

    @Test func onlyWholeMinorUnitsAreExact() throws {
        let yuan = try currency("CNY")
        let exact = try #require(try ExactDecimal.parse("12.34"))
        let tooFine = try #require(try ExactDecimal.parse("12.345"))
        #expect(Money(exactly: exact, currency: yuan)?.minorUnits == 1234)
        #expect(Money(exactly: tooFine, currency: yuan) == nil)
        #expect(Money(exactly: exact, currency: try currency("JPY")) == nil)
        let huge = try #require(try ExactDecimal.parse("92233720368547758.08"))
        #expect(Money(exactly: huge, currency: yuan) == nil)
        #expect(Money(exactly: huge.negated, currency: yuan)?.minorUnits == .min)
    }

    @Test(arguments: [
        ("CNY", 0, "0.00 CNY", "0.00 CNY"), ("CNY", 5, "0.05 CNY", "0.05 CNY"), ("CNY", -5, "-0.05 CNY", "-0.05 CNY"),
        ("CNY", 123_456_789, "1234567.89 CNY", "1,234,567.89 CNY"), ("CNY", -100_000, "-1000.00 CNY", "-1,000.00 CNY"),
        ("JPY", 1000, "1000 JPY", "1,000 JPY"), ("KWD", -999_999, "-999.999 KWD", "-999.999 KWD"),
        ("CNY", Int64.max, "92233720368547758.07 CNY", "92,233,720,368,547,758.07 CNY"),
        ("CNY", Int64.min, "-92233720368547758.08 CNY", "-92,233,720,368,547,758.08 CNY"),
    ]) func amountsAreWritten(code: String, units: Int64, plain: String, grouped: String) throws {
        let money = Money(minorUnits: units, currency: try currency(code))
        #expect(money.description == plain)
        #expect(money.grouped == grouped)
        #expect(Money(exactly: money.amount, currency: money.currency) == money)
    }
}
