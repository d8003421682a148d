import RemitExchange
import RemitValues
import Testing

/// Values as JSON has them, and as people and other programs write them.
@Suite struct WritingTests {
    private static let usd = Currency(code: "USD") ?? fallback
    private static var fallback: Currency { preconditionFailure("USD is a currency") }

    /// A type, what is written, and what it is where that is JSON and where it is not; what follows `!` is told.
    static let values: [(TargetType, String, strict: String, loose: String)] = [
        (.integer, "1.0", "1", "1"), (.integer, "1e0", "1", "1"), (.integer, "\"12\"", "12", "12"),
        (.integer, "1.5", "!must be a whole number, not 1.5", "!must be a whole number, not 1.5"),
        (.integer, "\"007\"", "!must be a number, not \"007\"", "7"),
        (.decimal, "\"00.5\"", "!must be a number, not \"00.5\"", "0.5"),
        (.decimal, "\"+1\"", "!must be a number, not \"+1\"", "1"),
        (.decimal, "\" 1\"", "!must be a number, not \" 1\"", "!must be a number, not \" 1\""),
        (.decimal, "\"-1e2\"", "-100", "-100"),
        (.duration, "3600", "1 hour", "1 hour"), (.duration, "\"90\"", "90 seconds", "90 seconds"),
        (
            .duration, "\"1 hour\"", "!must be a number, not \"1 hour\"", "!must be a number, not \"1 hour\""
        ),
        (.boolean, "true", "yes", "yes"), (.boolean, "\"true\"", "!must be true or false, not \"true\"", "yes"),
        (.boolean, "\"yes\"", "!must be true or false, not \"yes\"", "yes"),
        (.text(maxScalars: 3), "\"\"", "\"\"", "!is empty"),
        (.text(maxScalars: 3), "12", "!must be a text, not 12", "\"12\""),
        (.optional(.text(maxScalars: 3)), "\"\"", "\"\"", "absent"), (.optional(.integer), "null", "absent", "absent"),
        (.optional(.integer), "\"\"", "!must be a number, not \"\"", "absent"),
        (.money(usd), "1.005", "!has more than 2 digits behind the point", "1.01 USD"),
        (.money(usd), "1.500", "1.50 USD", "1.50 USD"),
        (.date, "\"2026-03-02T09:00:00Z\"", "!must be a whole date such as 2026-03-02", "2026-03-02"),
        (.map(of: .boolean, to: .integer, max: 2), "{\"true\":1}", "[yes: 1]", "[yes: 1]"),
        (.map(of: .boolean, to: .integer, max: 2), "[[\"true\",1]]", "!must be true or false", "[yes: 1]"),
        (.map(of: .integer, to: .integer, max: 2), "[[1,1],[1,2]]", "!has the key 1 twice", "!has the key 1 twice"),
        (.optional(.withheld("Term")), "null", "absent", "absent"),
        (.optional(.withheld("Term")), "\"1 day\"", "!is of the type Term, whose", "!is of the type Term, whose"),
        (.list(of: .withheld("Quorum"), max: 2), "[]", "[]", "[]"),
        (.list(of: .withheld("Quorum"), max: 2), "[\"1 of A\"]", "!`x[0]`", "!`x[0]`"),
        (.list(of: .boolean, max: 2), "[true,\"no\"]", "!`x[1]`", "[yes, no]"),
        (
            .record([(name: "a", type: .text(maxScalars: 3))]), "{\"a\":\"\"}", "(\"\")", "!`x.a`"
        ),
    ]

    @Test(arguments: values.indices) func strictAndLoose(_ index: Int) throws {
        let (type, text, strict, loose) = Self.values[index]
        let json = try JSONValue.parse(Array(text.utf8))
        for (writing, expected) in [(Writing.strict, strict), (.loose, loose)] {
            do throws(ExchangeError) {
                let found = try ArgumentReading.value(json, for: type, name: "x", as: writing)
                #expect(found.description == expected, "\(text)")
            } catch {
                #expect(expected.utf8.first == UInt8(ascii: "!"), "\(text): \(error.message)")
                #expect(error.message.contains(expected.dropFirst()), "\(text): \(error.message)")
            }
        }
    }
}
