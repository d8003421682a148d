import RemitLanguage
import RemitValues
import Testing

/// The project's contracts, damaged at random: whatever comes out, it is diagnostics.
///
/// `REMIT_ROUNDS` sets the number of rounds and `REMIT_SEED` the first seed; a failure names its seed.
@Suite struct MutationTests {
    static let contracts: [[UInt8]] =
        ((try? Checkout.names(in: "Contracts", ending: ".remit")) ?? []).compactMap {
            try? Checkout.bytes("Contracts/\($0).remit")
        } + [Array(Samples.small.utf8)]

    /// Pieces that mean something to the language.
    static let pieces = [
        "{", "}", "(", ")", "[", "]", "|", "||", "\"", "\\", "//", "\n", " ", "not ", " and ", " or ", " is ", "-", "0",
        "9", ".", ",", ":", "%", "=", "==", "2026-02-30", "99999999999999999999", "if ", " then ", " else ", "match ",
        "for ", " in ", "sum of ", "case", "rounded half up", "optional ", "list of ", "starts ", "action a ", "table ",
        "：", "（", "\u{202E}", "\u{FEFF}", "\0", "\t", "金额", "any", " to ", "from 2026-01-01", "on ", "of ", "a.b",
    ].map { Array($0.utf8) }

    private func mutated(_ random: inout SplitMix64) -> [UInt8] {
        var bytes = Self.contracts[random.below(Self.contracts.count)]
        for _ in 0...random.below(6) {
            let place = random.below(bytes.count + 1)
            let end = min(bytes.count, place + random.below(random.below(4) == 0 ? 400 : 8))
            switch random.below(7) {
            case 5, 6: swapWords(&bytes, &random)
            case 0: bytes.removeSubrange(place..<end)
            case 1: bytes.insert(contentsOf: Self.pieces[random.below(Self.pieces.count)], at: place)
            case 2: bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count + 1))
            case 3: if place < bytes.count { bytes[place] = UInt8(truncatingIfNeeded: random.next()) }
            default: bytes.replaceSubrange(place..<end, with: Self.pieces[random.below(Self.pieces.count)])
            }
        }
        return bytes
    }

    /// Puts a word of the text in the place of another, which often leaves a text that can be read.
    private func swapWords(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
        guard !bytes.isEmpty else { return }
        let first = word(at: random.below(bytes.count), bytes)
        let second = bytes[word(at: random.below(bytes.count), bytes)]
        bytes.replaceSubrange(first, with: Array(second))
    }

    private func word(at place: Int, _ bytes: [UInt8]) -> Range<Int> {
        func isLetter(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        var start = place
        while start < bytes.count, !isLetter(bytes[start]) { start += 1 }
        var end = start
        while end < bytes.count, isLetter(bytes[end]) { end += 1 }
        while start > 0, isLetter(bytes[start - 1]) { start -= 1 }
        return start..<end
    }

    /// What must hold of whatever is found.
    private func judge(_ bytes: [UInt8], _ seed: UInt64) {
        let source = SourceText(name: "mutant.remit", bytes: bytes)
        let compilation = Compiler.compile(source)
        #expect((compilation.program == nil) == compilation.hasErrors, "seed \(seed)")
        let found = findings(in: source)
        for diagnostic in found {
            for span in [diagnostic.primary.span] + diagnostic.labels.map(\.span) {
                #expect(span.start >= 0 && span.start <= span.end && span.end <= bytes.count, "seed \(seed)")
            }
            #expect(!diagnostic.message.isEmpty, "seed \(seed)")
        }
        let text = DiagnosticText(source).text(of: found)
        #expect(text.isEmpty == found.isEmpty, "seed \(seed)")
    }

    @Test func mutantsAreReported() {
        for round in 0..<Checkout.rounds(60) {
            let seed = Checkout.firstSeed &+ UInt64(round)
            var random = SplitMix64(state: seed)
            judge(mutated(&random), seed)
        }
    }

    @Test func heapsOfWordsAreReported() {
        for round in 0..<Checkout.rounds(200) {
            let seed = Checkout.firstSeed &+ UInt64(round)
            var random = SplitMix64(state: seed &* 0x9E37)
            var bytes = Array("contract C version 1\n".utf8)
            for _ in 0..<random.below(120) { bytes += Self.pieces[random.below(Self.pieces.count)] }
            judge(bytes, seed)
        }
    }

    @Test func heapsOfBytesAreReported() {
        for round in 0..<Checkout.rounds(200) {
            let seed = Checkout.firstSeed &+ UInt64(round)
            var random = SplitMix64(state: seed &* 0x79B9)
            judge((0..<random.below(600)).map { _ in UInt8(truncatingIfNeeded: random.next()) }, seed)
        }
    }
}
