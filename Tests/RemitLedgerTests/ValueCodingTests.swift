import RemitLedger
import RemitValues
import Testing

@Suite("Encoding of values")
struct ValueCodingTests {
    static func decimal(_ coefficient: Int128, _ scale: Int) -> Value {
        .decimal((try? ExactDecimal(coefficient: coefficient, scale: scale)) ?? .zero)
    }

    static func currency(_ code: String) -> Currency {
        require(Currency(code: code))
    }

    static let nines: Int128 = ExactDecimal.maximumCoefficient

    static let canonical: [(Value, String)] = [
        (.absent, "f6"), (.boolean(true), "f5"), (.boolean(false), "f4"),
        (.integer(0), "00"), (.integer(.max), "1b7fffffffffffffff"), (.integer(.min), "3b7fffffffffffffff"),
        (decimal(0, 0), "c4820000"), (decimal(7, 1), "c4822007"), (decimal(-27_315, 2), "c48221396ab2"),
        (decimal(1, 18), "c4823101"),
        (decimal(Int128(UInt64.max), 0), "c482001bffffffffffffffff"),
        (decimal(Int128(UInt64.max) + 1, 0), "c48200c249010000000000000000"),
        (decimal(-Int128(UInt64.max) - 1, 0), "c482003bffffffffffffffff"),
        (decimal(-Int128(UInt64.max) - 2, 0), "c48200c349010000000000000000"),
        (decimal(nines, 0), "c48200c2504b3b4ca85a86c47a098a223fffffffff"),
        (decimal(-nines, 18), "c48231c3504b3b4ca85a86c47a098a223ffffffffe"),
        (.money(Money(minorUnits: 123_450, currency: currency("CNY"))), "d952088263434e591a0001e23a"),
        (.money(Money(minorUnits: -1, currency: currency("USD"))), "d95208826355534420"),
        (.date(CalendarDate(dayNumber: 0) ?? .latest), "d86400"), (.date(.earliest), "d8643a000af939"),
        (.date(.latest), "d8641a002cc0a0"),
        (.instant(Instant(seconds: 1_363_896_240) ?? Self.epoch), "c11a514b67b0"),
        (.duration(Duration(seconds: -90)), "d952093859"),
        (.term(Term(count: 2, unit: .workingDay) ?? Self.noTerm), "d9520a820206"),
        (.text("\u{91D1}\u{989D}"), "66e98791e9a29d"), (.text(""), "60"),
        (.enumeration("paid"), "d9520b6470616964"),
        (.record([.integer(1), .absent]), "d9520c8201f6"), (.list([.integer(1), .text("a")]), "82016161"),
        (Value.makeSet([.integer(3), .integer(-1), .integer(30), .integer(3)]), "d9520d8303181e20"),
        (Value.makeSet([]), "d9520d80"),
        (
            Value.makeMap([
                .init(key: .text("bb"), value: .integer(1)), .init(key: .text("c"), value: .integer(2)),
            ]),
            "d9520e82826163028262626201"
        ),
        (.party(Party(.person, "lin")), "d9520f636c696e"), (.party(Party(.organisation, "N")), "d95210614e"),
        (
            .document(
                Document(digest: [UInt8](repeating: 9, count: 32), mediaType: "a/b", size: 5) ?? Self.noDocument),
            "d95211835820" + String(repeating: "09", count: 32) + "63612f6205"
        ),
        (.caseReference("A/1"), "d9521263412f31"),
    ]

    // These stand in where an initialiser could fail and does not.
    private static let epoch = require(Instant(seconds: 0))
    private static let noTerm = require(Term(count: 0, unit: .day))
    private static let noDocument = require(
        Document(digest: [UInt8](repeating: 0, count: 32), mediaType: "", size: 0))

    private static func require<Item>(_ item: Item?) -> Item {
        guard let item else {
            preconditionFailure("a value of the tables does not exist")
        }
        return item
    }

    @Test("each kind has its bytes, both ways", arguments: canonical.indices)
    func vectors(index: Int) throws {
        let (value, text) = Self.canonical[index]
        #expect(Hex.encode(ValueCoding.encoded(value)) == text)
        #expect(try ValueCoding.decode(bytes: hex(text)) == value)
    }

    /// Well-formed items that are the canonical form of no value.
    static let refused = [
        ("1b8000000000000000", "integer above 64 bits"), ("3b8000000000000000", "integer below 64 bits"),
        ("40", "bytes"), ("a0", "map"), ("d9521300", "unknown tag"), ("c000", "tag 0"),
        ("c482200a", "decimal with a trailing zero"), ("c4822000", "zero with fractional digits"),
        ("c4820100", "positive exponent"), ("c4823201", "19 fractional digits"), ("c48100", "no coefficient"),
        ("c48200c24101", "needless bignum"), ("c48200c249000000000000000001", "bignum with a leading zero"),
        ("c48200c248ffffffffffffffff", "bignum of 64 bits"),
        ("c48200c2504b3b4ca85a86c47a098a224000000000", "39 digits"),
        ("c48200c250ffffffffffffffffffffffffffffffff", "128 bits unsigned"),
        ("c48200c3507fffffffffffffffffffffffffffffff", "the least of 128 bits"),
        ("c48200c251ffffffffffffffffffffffffffffffffff", "17 bytes"), ("c48200f6", "coefficient null"),
        ("d95208826355535800", "unknown currency"), ("d9520882636d6e7900", "lower case"),
        ("d952088263434e59f6", "money without amount"), ("d952088163434e59", "money of one part"),
        ("d952088263434e591b8000000000000000", "money beyond 64 bits"),
        ("d8643a000af93a", "before year 1"), ("d8641a002cc0a1", "after year 9999"), ("d86460", "date as text"),
        ("c11b7fffffffffffffff", "instant after year 9999"), ("c160", "instant as text"),
        ("d952096130", "duration as text"), ("d9520a820208", "unknown unit"), ("d9520a822000", "negative term"),
        ("d9520b01", "enumeration as integer"), ("d9520c01", "record without fields"),
        ("d9520d820201", "set out of order"), ("d9520d820101", "set with a repeat"),
        ("d9520d8220181e", "set in order of value, not of bytes"), ("d9520da0", "set as map"),
        ("d9520e82820201820101", "map out of order"), ("d9520e82820101820102", "map with a repeat"),
        ("d9520e818101", "map entry of one part"), ("d9520f4161", "person as bytes"),
        ("d952118340616100", "document without digest"), ("d9521200", "case reference as integer"),
        ("8201d9521300", "unknown tag inside a list"),
    ]

    @Test("what is not canonical is refused", arguments: refused.indices)
    func refusals(index: Int) throws {
        let (text, reason) = Self.refused[index]
        let item = try CBOR(decoding: hex(text))
        do throws(LedgerFault) {
            let value = try ValueCoding.decode(item)
            Issue.record("accepted \(reason) as \(value)")
        } catch {
            guard case .value = error else {
                Issue.record("\(reason): \(error)")
                return
            }
        }
    }

    @Test("random values come back, and accepted bytes are the only ones", arguments: [11, 12, 13] as [UInt64])
    func randomValues(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for round in 0..<400 {
            let value = Self.value(&random, depth: 3)
            var bytes = ValueCoding.encoded(value)
            #expect(try ValueCoding.decode(bytes: bytes) == value, "seed \(seed), round \(round)")
            for _ in 0..<6 {
                bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8))
                guard let other = try? ValueCoding.decode(bytes: bytes) else {
                    continue
                }
                #expect(ValueCoding.encoded(other) == bytes, "seed \(seed), round \(round)")
            }
        }
    }

    private static func value(_ random: inout SplitMix64, depth: Int) -> Value {
        let number = Int64(bitPattern: random.next()) >> Int64(random.below(64))
        let small = Int64(random.below(3_000_000))
        switch random.below(depth > 0 ? 17 : 13) {
        case 0: return .absent
        case 1: return .boolean(random.below(2) == 0)
        case 2: return .integer(number)
        case 3: return decimal(Int128(number) * Int128(1 + random.below(1 << 40)), random.below(19))
        case 4: return .money(Money(minorUnits: number, currency: currency(random.below(2) == 0 ? "JPY" : "KWD")))
        case 5: return .date(CalendarDate(dayNumber: small - 700_000) ?? .earliest)
        case 6: return .instant(Instant(seconds: small * 1000) ?? epoch)
        case 7: return .duration(Duration(seconds: number))
        case 8: return .term(Term(count: small, unit: Term.Unit.allCases[random.below(8)]) ?? noTerm)
        case 9: return .text(TextValue(String(repeating: "\u{836F}", count: random.below(9))))
        case 10: return .enumeration("reimbursed")
        case 11: return .party(Party(random.below(2) == 0 ? .person : .organisation, TextValue("p\(small)")))
        case 12: return .caseReference(TextValue("Claim/\(small)"))
        default: break
        }
        let members = (0..<random.below(6)).map { _ in value(&random, depth: depth - 1) }
        switch random.below(4) {
        case 0: return .record(members)
        case 1: return .list(members)
        case 2: return Value.makeSet(members)
        default: return Value.makeMap(members.map { .init(key: $0, value: value(&random, depth: 0)) })
        }
    }

    @Test("what is written at once is what the tree of items gives")
    func atOnce() throws {
        for value in try SampleChain.values() {
            for whole in [value, .record([value, .list([value])]), .set([value])] {
                #expect(ValueCoding.encoded(whole) == ValueCoding.encode(whole).encoded)
            }
        }
    }
}
