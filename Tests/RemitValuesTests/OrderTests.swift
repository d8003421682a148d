import RemitValues
import Testing

/// Text by its bytes, and the one order over all values.
@Suite struct OrderTests {
    // MARK: Text

    @Test func textsAreComparedByTheirBytes() {
        // Swift's own String takes these two for equal.
        let composed = TextValue("caf\u{E9}")
        let decomposed = TextValue("cafe\u{301}")
        #expect(composed != decomposed && composed.string == decomposed.string)
        #expect(decomposed < composed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(composed.scalarCount == 4 && decomposed.scalarCount == 5)
    }

    @Test(arguments: [
        ("", "a"), ("A", "a"), ("Z", "a"), ("a", "aa"), ("z", "é"), ("é", "中"), ("\u{FFFD}", "\u{10000}"),
        ("a\0", "aa"),
        ("9", "A"),
    ]) func theOrderIsThatOfTheBytes(first: String, second: String) {
        #expect(TextValue(first) < TextValue(second))
        #expect(!(TextValue(second) < TextValue(first)))
    }

    @Test(arguments: [
        [0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x61, 0xFF], [0xE4, 0xB8],
    ])
    func otherBytesAreNoText(bytes: [UInt8]) {
        #expect(TextValue(utf8: bytes) == nil)
    }

    @Test func bytesComeBack() {
        let bytes = Array("e\u{301}中\u{0}".utf8)
        #expect(TextValue(utf8: bytes)?.utf8 == bytes)
    }

    // MARK: Values

    /// Values of every kind, near one another.
    private func samples() throws -> [Value] {
        let yuan = try #require(Currency(code: "CNY"))
        let yen = try #require(Currency(code: "JPY"))
        let day = try #require(CalendarDate.parse("2026-03-02"))
        let half = try #require(try ExactDecimal.parse("0.5"))
        let zeros = [UInt8](repeating: 0, count: 32)
        let ones = [UInt8](repeating: 1, count: 32)
        let documents = [(zeros, "a", Int64(1)), (zeros, "b", 1), (zeros, "a", 2), (ones, "a", 1)]
        return [
            .absent, .boolean(false), .boolean(true), .integer(.min), .integer(0), .integer(1), .integer(.max),
            .decimal(.zero), .decimal(half), .decimal(half.negated), .decimal(.one),
            .money(Money(minorUnits: 1, currency: yuan)), .money(Money(minorUnits: -1, currency: yuan)),
            .money(Money(minorUnits: 0, currency: yen)), .date(.earliest), .date(day), .date(.latest),
            .instant(try #require(Instant(seconds: 0))), .instant(try #require(Instant(seconds: 1))),
            .duration(Duration(seconds: 1)), .duration(Duration(seconds: -1)),
            .term(try #require(Term(count: 1, unit: .day))), .term(try #require(Term(count: 2, unit: .day))),
            .term(try #require(Term(count: 1, unit: .month))), .text(""), .text("a"), .text("b"), .enumeration("a"),
            .enumeration("b"), .record([]), .record([.integer(1)]), .record([.integer(1), .absent]), .list([]),
            .list([.integer(1)]), .list([.integer(1), .integer(0)]), .list([.integer(2)]), .set([]),
            .set([.integer(1)]), Value.makeMap([.init(key: .text("a"), value: .integer(1))]),
            Value.makeMap([.init(key: .text("a"), value: .integer(2))]), .map([]), .party(Party(.person, "b")),
            .party(Party(.organisation, "a")), .caseReference("C/1"), .caseReference("C/2"),
        ] + documents.compactMap { Document(digest: $0.0, mediaType: TextValue($0.1), size: $0.2).map(Value.document) }
    }

    @Test func theOrderIsTotal() throws {
        let values = try samples()
        for left in values {
            #expect(!(left < left))
            for right in values {
                let relations = [left < right, right < left, left == right].filter { $0 }
                #expect(relations.count == 1, "\(left) and \(right)")
                if left == right { #expect(left.hashValue == right.hashValue) }
                guard left < right else { continue }
                for third in values where right < third {
                    #expect(left < third, "\(left), \(right), \(third)")
                }
            }
        }
    }

    @Test(arguments: [UInt64](1...10)) func sortingForgetsTheOrderGiven(seed: UInt64) throws {
        let sorted = try samples().sorted()
        var random = SplitMix64(state: seed)
        var shuffled = sorted
        for index in shuffled.indices.dropFirst() { shuffled.swapAt(index, random.below(index + 1)) }
        #expect(shuffled.sorted() == sorted, "seed \(seed)")
        #expect(Value.makeSet(shuffled + shuffled) == .set(sorted), "seed \(seed)")
    }

    @Test func ofEntriesWithOneKeyTheLastCounts() {
        let map = Value.makeMap([
            .init(key: .text("b"), value: .integer(1)), .init(key: .text("a"), value: .integer(2)),
            .init(key: .text("b"), value: .integer(3)),
        ])
        #expect(
            map == .map([.init(key: .text("a"), value: .integer(2)), .init(key: .text("b"), value: .integer(3))]))
    }

    @Test func aDocumentHasADigest() {
        #expect(Document(digest: [1, 2, 3], mediaType: "text/plain", size: 1) == nil)
        #expect(Document(digest: [UInt8](repeating: 0, count: 32), mediaType: "text/plain", size: -1) == nil)
    }
}
