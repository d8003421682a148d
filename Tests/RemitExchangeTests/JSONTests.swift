import RemitExchange
import RemitValues
import Testing

@Suite struct JSONTests {
    private static func parse(_ text: String) -> String {
        do { return try JSONValue.parse(Array(text.utf8)).text } catch { return error.message }
    }

    /// What is JSON, and what it is written as again.
    static let accepted: [(String, String)] = [
        ("null", "null"), (" true ", "true"), ("\t[ ]\r\n", "[]"), ("{}", "{}"), ("\"\"", "\"\""),
        ("0", "0"), ("-0", "-0"), ("1.50", "1.50"), ("1e400", "1e400"), ("-1.0E-7", "-1.0E-7"),
        (
            "123456789012345678901234567890.000000000000000000001",
            "123456789012345678901234567890.000000000000000000001"
        ),
        (#""\u0041\n\/\\\"""#, #""A\n/\\\"""#), (#""\ud83d\ude00""#, "\"😀\""), (#""\u0000""#, #""\u0000""#),
        ("\"\u{7F}\"", #""\u007f""#), ("[1,[2,[3]]]", "[1,[2,[3]]]"),
        (#"{"b":1,"a":{"b":2}}"#, #"{"b":1,"a":{"b":2}}"#),
        // Texts that are canonically equal and differ in bytes are two keys.
        ("{\"e\u{301}\":1,\"\u{E9}\":2}", "{\"e\u{301}\":1,\"\u{E9}\":2}"),
    ]

    @Test(arguments: accepted)
    func itIsReadAndWrittenAgain(_ text: String, _ again: String) {
        #expect(Self.parse(text).utf8.elementsEqual(again.utf8), "\(text) gave \(Self.parse(text))")
    }

    /// What is not JSON, with a part of what is said of it.
    static let refused: [(String, String)] = [
        ("", "a value is missing"), ("nul", "not a JSON value"), ("truefalse", "at byte 4"),
        ("[1,]", "not a JSON value"),
        ("[1 2]", "`,` or `]` is missing"), ("[1", "`,` or `]` is missing"), ("{\"a\" 1}", "`:` is missing"),
        ("{a:1}", "a key in quotes is missing"), ("{\"a\":1,}", "a key in quotes is missing"),
        ("{\"a\":1,\"a\":2}", "the key \"a\" stands twice"), ("01", "at byte 1"), ("+1", "not a JSON value"),
        (".5", "not a JSON value"), ("1.", "a digit is missing after the point"), ("1e", "missing in the exponent"),
        ("-", "not a JSON value"), ("NaN", "not a JSON value"), ("\"a", "the text has no end"),
        ("\"\u{1}\"", "a control character stands in a text"), ("\"\\x\"", "an unknown escape"),
        (#""\ud83d""#, "half of a surrogate pair"), (#""\ude00""#, "half of a surrogate pair"),
        (#""\ud83d\u0041""#, "half of a surrogate pair"), (#""\u12g4""#, "four hexadecimal digits are missing"),
        (#""\u12"#, "four hexadecimal digits are missing"), ("'a'", "not a JSON value"), ("[1]]", "at byte 3"),
        ("\u{FEFF}1", "not a JSON value"),
    ]

    @Test(arguments: refused)
    func itIsRefusedWithAReason(_ text: String, _ reason: String) {
        #expect(throws: ExchangeError.self) { try JSONValue.parse(Array(text.utf8)) }
        #expect(Self.parse(text).contains(reason), "\(text) gave \(Self.parse(text))")
    }

    @Test func invalidUTF8IsRefused() {
        for bytes: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] {
            #expect(throws: ExchangeError.self) { try JSONValue.parse([0x22] + bytes + [0x22]) }
            #expect(throws: ExchangeError.self) { try JSONValue.parse([0x22, 0x5C, 0x6E] + bytes + [0x22]) }
        }
    }

    @Test func nestingHasALimit() throws {
        func nest(_ depth: Int) -> [UInt8] {
            [UInt8](repeating: UInt8(ascii: "["), count: depth) + [UInt8](repeating: UInt8(ascii: "]"), count: depth)
        }
        #expect(throws: Never.self) { try JSONValue.parse(nest(Limits.jsonDepth)) }
        #expect(throws: ExchangeError.self) { try JSONValue.parse(nest(Limits.jsonDepth + 1)) }
        #expect(throws: ExchangeError.self) {
            try JSONValue.parse([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000))
        }
    }

    /// Values by chance: what is written is read as the same value, on one line and laid out.
    @Test func whatIsWrittenIsReadAgain() throws {
        for seed in UInt64(1)...300 {
            var chance = Chance(seed: seed)
            let value = chance.json(depth: 0)
            #expect(try JSONValue.parse(Array(value.text.utf8)) == value, "seed \(seed)")
            #expect(try JSONValue.parse(Array(value.prettyText.utf8)) == value, "seed \(seed)")
        }
    }

    /// No bytes, however broken, do more than throw.
    @Test func brokenBytesAreRefusedOrRead() throws {
        let whole = Array(#"{"a":[1.5e3,"x\u0041\ud83d\ude00",null,true],"b":{"c":-0}}"#.utf8)
        for cut in 0..<whole.count { #expect(throws: ExchangeError.self) { try JSONValue.parse(Array(whole[..<cut])) } }
        for seed in UInt64(1)...2000 {
            var chance = Chance(seed: seed)
            var bytes = whole
            for _ in 0...chance.below(3) { bytes[chance.below(bytes.count)] = UInt8(chance.below(256)) }
            guard let value = try? JSONValue.parse(bytes) else { continue }
            #expect(try JSONValue.parse(Array(value.text.utf8)) == value, "seed \(seed)")
        }
    }
}

/// Repeatable chance (xorshift), so that a failure names its seed.
struct Chance {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x2545_F491_4F6C_DD1D | 1 }

    mutating func below(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }

    mutating func text() -> String {
        let pieces = ["a", "\"", "\\", "\n", "\u{0}", "é", "e\u{301}", "中", "😀", "\u{7F}", "/", " "]
        return (0..<below(5)).map { _ in pieces[below(pieces.count)] }.joined()
    }

    mutating func json(depth: Int) -> JSONValue {
        switch below(depth > 4 ? 4 : 6) {
        case 0: return .null
        case 1: return .boolean(below(2) == 0)
        case 2: return .number(["0", "-1", "12.50", "3e8", "99999999999999999999999999"][below(5)])
        case 3: return .string(text())
        case 4: return .array((0..<below(4)).map { _ in json(depth: depth + 1) })
        default: return .object((0..<below(4)).map { .init("k\($0)" + text(), json(depth: depth + 1)) })
        }
    }
}
