import RemitLedger
import RemitValues
import Testing

@Suite("Deterministic CBOR")
struct CBORTests {
    /// RFC 8949 appendix A, the examples within the profile, and a few borders of our own.
    static let accepted: [(String, CBOR)] = [
        ("00", .unsigned(0)), ("01", .unsigned(1)), ("0a", .unsigned(10)), ("17", .unsigned(23)),
        ("1818", .unsigned(24)), ("1819", .unsigned(25)), ("1864", .unsigned(100)), ("1903e8", .unsigned(1000)),
        ("1a000f4240", .unsigned(1_000_000)), ("1b000000e8d4a51000", .unsigned(1_000_000_000_000)),
        ("1bffffffffffffffff", .unsigned(.max)), ("3bffffffffffffffff", .negative(.max)),
        ("c249010000000000000000", .tag(2, .bytes([1, 0, 0, 0, 0, 0, 0, 0, 0]))),
        ("c349010000000000000000", .tag(3, .bytes([1, 0, 0, 0, 0, 0, 0, 0, 0]))),
        ("20", .integer(-1)), ("29", .integer(-10)), ("3863", .integer(-100)), ("3903e7", .integer(-1000)),
        ("3b7fffffffffffffff", .integer(.min)), ("1b7fffffffffffffff", .integer(.max)),
        ("f4", .boolean(false)), ("f5", .boolean(true)), ("f6", .null),
        ("c074323031332d30332d32315432303a30343a30305a", .tag(0, .text("2013-03-21T20:04:00Z"))),
        ("c11a514b67b0", .tag(1, .unsigned(1_363_896_240))),
        ("d74401020304", .tag(23, .bytes([1, 2, 3, 4]))),
        ("d818456449455446", .tag(24, .bytes(Array("dIETF".utf8)))),
        ("d82076687474703a2f2f7777772e6578616d706c652e636f6d", .tag(32, .text("http://www.example.com"))),
        ("40", .bytes([])), ("4401020304", .bytes([1, 2, 3, 4])),
        ("60", .text("")), ("6161", .text("a")), ("6449455446", .text("IETF")), ("62225c", .text("\"\\")),
        ("62c3bc", .text("\u{FC}")), ("63e6b0b4", .text("\u{6C34}")), ("64f0908591", .text("\u{10151}")),
        ("80", .array([])), ("83010203", .array([.unsigned(1), .unsigned(2), .unsigned(3)])),
        (
            "8301820203820405",
            .array([
                .unsigned(1), .array([.unsigned(2), .unsigned(3)]), .array([.unsigned(4), .unsigned(5)]),
            ])
        ),
        (
            "98190102030405060708090a0b0c0d0e0f101112131415161718181819",
            .array((1...25).map { .unsigned($0) })
        ),
        ("a0", .map([])), ("a201020304", .map([.init(3, .unsigned(4)), .init(1, .unsigned(2))])),
        ("a3000118180220f6", .map([.init(-1, .null), .init(24, .unsigned(2)), .init(0, .unsigned(1))])),
    ]

    @Test("vectors within the profile are produced and accepted", arguments: accepted.indices)
    func vectors(index: Int) throws {
        let (text, item) = Self.accepted[index]
        #expect(Hex.encode(item.encoded) == text)
        #expect(try CBOR(decoding: hex(text)) == item)
    }

    /// RFC 8949 appendix A, the examples outside the profile, and mistakes of our own.
    static let refused: [(String, EncodingMistake, Int)] = [
        ("f90000", .unsupported, 0), ("f98000", .unsupported, 0), ("f93c00", .unsupported, 0),
        ("fb3ff199999999999a", .unsupported, 0), ("fa47c35000", .unsupported, 0), ("f97e00", .unsupported, 0),
        ("f97c00", .unsupported, 0), ("fa7f800000", .unsupported, 0), ("fb7ff8000000000000", .unsupported, 0),
        ("f93e00", .unsupported, 0), ("f97bff", .unsupported, 0), ("fa7f7fffff", .unsupported, 0),
        ("fb7e37e43c8800759c", .unsupported, 0), ("f90001", .unsupported, 0), ("f90400", .unsupported, 0),
        ("f9c400", .unsupported, 0), ("fbc010666666666666", .unsupported, 0), ("f9fc00", .unsupported, 0),
        ("fa7fc00000", .unsupported, 0), ("faff800000", .unsupported, 0), ("fb7ff0000000000000", .unsupported, 0),
        ("fbfff0000000000000", .unsupported, 0),
        ("f7", .unsupported, 0), ("f0", .unsupported, 0), ("f8ff", .unsupported, 0), ("f814", .unsupported, 0),
        ("c1fb41d452d9ec200000", .unsupported, 1),
        ("a26161016162820203", .mapKey, 1), ("826161a161626163", .mapKey, 4), ("a1f500", .mapKey, 1),
        ("a56161614161626142616361436164614461656145", .mapKey, 1),
        ("5f42010243030405ff", .indefinite, 0), ("7f657374726561646d696e67ff", .indefinite, 0),
        ("9fff", .indefinite, 0), ("83018202039f0405ff", .indefinite, 5), ("bf61610161629f0203ffff", .indefinite, 0),
        ("9f018202039f0405ffff", .indefinite, 0), ("9f01820203820405ff", .indefinite, 0),
        ("83019f0203ff820405", .indefinite, 2), ("826161bf61626163ff", .indefinite, 3),
        ("9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff", .indefinite, 0),
        ("bf6346756ef563416d7421ff", .indefinite, 0), ("ff", .indefinite, 0),
        ("1817", .notShortest, 0), ("1900ff", .notShortest, 0), ("1a0000ffff", .notShortest, 0),
        ("1b00000000ffffffff", .notShortest, 0), ("3800", .notShortest, 0), ("5800", .notShortest, 0),
        ("7801", .notShortest, 0), ("9800", .notShortest, 0), ("b800", .notShortest, 0),
        ("d80100", .notShortest, 0), ("a1180000", .notShortest, 1),
        ("", .truncated, 0), ("18", .truncated, 0), ("1b00", .truncated, 0), ("41", .truncated, 0),
        ("62c3", .truncated, 0), ("81", .truncated, 0), ("a100", .truncated, 0), ("c1", .truncated, 1),
        ("9bffffffffffffffff", .truncated, 0), ("bbffffffffffffffff00", .truncated, 0),
        ("5bffffffffffffffff00", .truncated, 0), ("7b7fffffffffffffff00", .truncated, 0),
        ("0000", .trailing, 1), ("f6f6", .trailing, 1),
        ("1c", .reserved, 0), ("1d", .reserved, 0), ("1e", .reserved, 0), ("fc", .reserved, 0),
        ("62c328", .invalidText, 0), ("61ff", .invalidText, 0), ("63eda080", .invalidText, 0),
        ("62c080", .invalidText, 0), ("64f4908080", .invalidText, 0),
        ("a203040102", .mapOrder, 3), ("a201020103", .mapOrder, 3), ("a220000000", .mapOrder, 3),
        ("a221002000", .mapOrder, 3),
        ("a11b800000000000000000", .mapKey, 1), ("a13b800000000000000000", .mapKey, 1),
    ]

    @Test("everything else is refused, with its place", arguments: refused.indices)
    func refusals(index: Int) {
        let (text, mistake, offset) = Self.refused[index]
        #expect(throws: LedgerFault.encoding(mistake, offset: offset), "\(text)") {
            try CBOR(decoding: hex(text))
        }
    }

    /// RFC 8949 appendix A, all 81 examples in its order.
    static let appendix = """
        00 01 0a 17 1818 1819 1864 1903e8 1a000f4240 1b000000e8d4a51000 1bffffffffffffffff c249010000000000000000
        3bffffffffffffffff c349010000000000000000 20 29 3863 3903e7 f90000 f98000 f93c00 fb3ff199999999999a f93e00
        f97bff fa47c35000 fa7f7fffff fb7e37e43c8800759c f90001 f90400 f9c400 fbc010666666666666 f97c00 f97e00 f9fc00
        fa7f800000 fa7fc00000 faff800000 fb7ff0000000000000 fb7ff8000000000000 fbfff0000000000000 f4 f5 f6 f7 f0 f8ff
        c074323031332d30332d32315432303a30343a30305a c11a514b67b0 c1fb41d452d9ec200000 d74401020304 d818456449455446
        d82076687474703a2f2f7777772e6578616d706c652e636f6d 40 4401020304 60 6161 6449455446 62225c 62c3bc 63e6b0b4
        64f0908591 80 83010203 8301820203820405 98190102030405060708090a0b0c0d0e0f101112131415161718181819 a0
        a201020304 a26161016162820203 826161a161626163 a56161614161626142616361436164614461656145 5f42010243030405ff
        7f657374726561646d696e67ff 9fff 9f018202039f0405ffff 9f01820203820405ff 83018202039f0405ff 83019f0203ff820405
        9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff bf61610161629f0203ffff 826161bf61626163ff
        bf6346756ef563416d7421ff
        """

    @Test("every example of the appendix is among those that are accepted or refused")
    func wholeAppendix() {
        let examples = Self.appendix.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { String($0) }
        #expect(examples.count == 81 && Set(examples).count == 81)
        let (accepted, refused) = (Set(Self.accepted.map(\.0)), Set(Self.refused.map(\.0)))
        for example in examples { #expect(accepted.contains(example) != refused.contains(example), "\(example)") }
        #expect(examples.filter(accepted.contains).count == 41)
    }

    @Test("nesting is bounded")
    func depth() throws {
        let limit = Limits.encodedDepth
        let deepest = [UInt8](repeating: 0x81, count: limit) + [0]
        #expect(try CBOR(decoding: deepest).encoded == deepest)
        #expect(throws: LedgerFault.encoding(.tooDeep, offset: limit + 1)) {
            try CBOR(decoding: [UInt8](repeating: 0x81, count: limit + 1) + [0])
        }
        #expect(throws: LedgerFault.encoding(.tooDeep, offset: limit + 1)) {
            try CBOR(decoding: [UInt8](repeating: 0xC1, count: 100_000))
        }
    }

    @Test("random items come back; whatever is accepted encodes to the same bytes", arguments: [1, 2, 3] as [UInt64])
    func randomItems(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var accepted = 0
        for round in 0..<800 {
            let item = Self.item(&random, depth: 4)
            var bytes = item.encoded
            #expect(try CBOR(decoding: bytes) == item, "seed \(seed), round \(round)")
            for _ in 0..<4 {
                bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8))
                guard let other = try? CBOR(decoding: bytes) else {
                    continue
                }
                accepted += 1
                #expect(other.encoded == bytes, "seed \(seed), round \(round)")
            }
        }
        #expect(accepted > 100, "seed \(seed)")
    }

    @Test("canonically equivalent texts are different items")
    func textIsBytes() {
        #expect(CBOR.text("\u{E9}") != CBOR.text("e\u{301}"))
    }

    private static func item(_ random: inout SplitMix64, depth: Int) -> CBOR {
        let number = random.next() >> UInt64(random.below(64))
        switch random.below(depth > 0 ? 9 : 6) {
        case 0: return .unsigned(number)
        case 1: return .negative(number)
        case 2: return .bytes(random.bytes(random.below(40)))
        case 3: return .text(String((0..<random.below(12)).map { _ in random.below(2) == 0 ? "a" : "\u{6C34}" }))
        case 4: return .boolean(random.below(2) == 0)
        case 5: return .null
        case 6: return .array((0..<random.below(30)).map { _ in item(&random, depth: depth - 2) })
        case 7:
            let keys = Set((0..<random.below(8)).map { _ in Int64(bitPattern: random.next() >> 40) - 2000 })
            return .map(keys.sorted().map { .init($0, item(&random, depth: depth - 2)) })
        default: return .tag(number, item(&random, depth: depth - 1))
        }
    }
}
