import RemitValues
import Testing

@testable import RemitLanguage

/// Patterns against the plainest way to match them: every way to share out the text is tried.
@Suite struct TextPatternTests {
    private static func fits(_ text: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let rest = pattern.dropFirst()
        if first == "*" { return text.indices.contains { fits(text[$0...], rest) } || fits(text.suffix(0), rest) }
        guard let scalar = text.first else { return false }
        let isAccepted =
            switch first {
            case "9": ("0"..."9").contains(scalar)
            case "A": ("A"..."Z").contains(scalar) || ("a"..."z").contains(scalar)
            case "?": true
            default: scalar == first
            }
        return isAccepted && fits(text.dropFirst(), rest)
    }

    @Test(arguments: [1, 40] as [Int])
    func patternsFitAsTheyRead(_ length: Int) throws {
        var state: UInt64 = 17
        func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let letters: [Unicode.Scalar] = ["a", "Z", "7", "-", "[", "@", "`", "{", "\u{E9}", "\u{533B}", "\u{1F600}"]
        let signs: [Unicode.Scalar] = ["9", "A", "?", "*", "a", "-", "\u{533B}", "\u{1F600}", "*"]
        var counts = [0, 0]
        for _ in 0..<4_000 {
            var pattern: [Unicode.Scalar] = (0..<below(6)).map { _ in signs[below(signs.count)] }
            var text: [Unicode.Scalar] = (0..<below(7)).map { _ in letters[below(letters.count)] }
            // Long ones have more elements than a word has bits.
            pattern.insert(contentsOf: [Unicode.Scalar](repeating: "b", count: length * 2 - 2), at: 0)
            text.insert(contentsOf: [Unicode.Scalar](repeating: "b", count: length * 2 - 2), at: 0)
            let written = pattern.reduce(into: "") { $0.unicodeScalars.append($1) }
            let value = text.reduce(into: "") { $0.unicodeScalars.append($1) }
            let expected = Self.fits(text[...], pattern[...])
            counts[expected ? 0 : 1] += 1
            let found = try #require(TextPattern(written)).matches(TextValue(value))
            #expect(found == expected, "\(value) \(written)")
        }
        #expect(counts[0] > 200 && counts[1] > 200)
    }
}
