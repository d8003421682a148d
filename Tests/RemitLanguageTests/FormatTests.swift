import Foundation
import Testing

@testable import RemitLanguage

/// Laying out keeps every token and comment, and settles after one run.
@Suite struct FormatTests {
    static let contracts = ((try? Checkout.names(in: "Contracts", ending: ".remit")) ?? []).map {
        "Contracts/\($0).remit"
    }

    private func laidOut(_ text: String) throws -> String {
        guard case .formatted(let bytes) = format(SourceText(name: "sample", text)) else {
            throw GrammarFile.Mistake(description: "refused")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func content(_ text: String) -> [String] {
        let source = SourceText(name: "sample", text)
        let lexed = Lexer.lex(source)
        let pieces =
            lexed.tokens.map { ($0.span.start, source.text($0.span)) }
            + lexed.comments.map { ($0.span.start, source.text($0.span)) }
        return pieces.sorted { $0.0 < $1.0 }.map(\.1)
    }

    @Test(arguments: contracts) func contractsAreInTheHouseLayout(path: String) throws {
        let text = String(decoding: try Checkout.bytes(path), as: UTF8.self)
        let result = try laidOut(text)
        if Checkout.isRecording {
            try result.write(to: Checkout.root.appendingPathComponent(path), atomically: true, encoding: .utf8)
            Issue.record("\(path) was laid out: read what changed")
        }
        #expect(result == text)
    }

    @Test func mistakesAreLeftAlone() {
        guard case .refused(let found) = format(SourceText(name: "sample", "contract A version 1\naction {")) else {
            Issue.record("a text with mistakes was laid out")
            return
        }
        #expect(!found.isEmpty)
    }

    @Test func layout() throws {
        let text = String(decoding: try Checkout.bytes("Tests/RemitLanguageTests/Cases/format.before"), as: UTF8.self)
        let path = "Tests/RemitLanguageTests/Cases/format.after"
        let result = try laidOut(text)
        if Checkout.isRecording {
            try result.write(to: Checkout.root.appendingPathComponent(path), atomically: true, encoding: .utf8)
            Issue.record("the layout was recorded anew: read what changed")
        }
        #expect(result == String(decoding: try Checkout.bytes(path), as: UTF8.self))
        #expect(try laidOut(result) == result)
    }

    @Test(arguments: contracts) func blanksAndCommentsAnywhere(path: String) throws {
        let text = String(decoding: try Checkout.bytes(path), as: UTF8.self)
        for round in 0..<UInt64(Checkout.rounds(5)) {
            let seed = Checkout.firstSeed &+ round
            var random = SplitMix64(state: seed)
            try judge(scattered(text, &random), "seed \(seed)")
        }
    }

    @Test func sentencesOfTheGrammar() throws {
        let grammar = try GrammarFile.read()
        for round in 0..<UInt64(Checkout.rounds(100)) {
            let seed = Checkout.firstSeed &+ round
            var maker = SentenceMaker(grammar, seed: seed)
            let text = maker.sentence("contract", depth: 12)
            guard parse(SourceText(name: "sample", text)).diagnostics.isEmpty else { continue }
            try judge(scattered(text, &maker.random), "seed \(seed)")
        }
    }

    private func judge(_ text: String, _ seed: String) throws {
        let once = try laidOut(text)
        let twice = try laidOut(once)
        let (kept, given) = (content(once), content(text))
        if kept != given {
            let place = zip(kept, given).enumerated().first { $0.element.0 != $0.element.1 }
            Issue.record("\(seed): content changed at \(String(describing: place))")
        }
        if once != twice {
            let lines = zip(once.split(separator: "\n"), twice.split(separator: "\n")).first { $0 != $1 }
            Issue.record("\(seed): not settled: \(String(describing: lines))")
        }
        #expect(once.hasSuffix("\n") && !once.hasSuffix("\n\n"))
    }

    /// The text with other blanks, line ends and comments between its tokens, where they mean nothing.
    private func scattered(_ text: String, _ random: inout SplitMix64) -> String {
        let source = SourceText(name: "sample", text)
        let lexed = Parser.contract(of: source).parser.lexed
        var result = ""
        var isRow = false
        var end = 0
        for token in lexed.tokens {
            if token.startsLine { isRow = token.kind == .bar }
            let between = source.text(Span(end, token.span.start))
            let isQuiet = isRow && !token.startsLine
            let touches = between.isEmpty
            switch random.below(12) {
            case 0 where !isQuiet && !touches && token.kind != .word: result += between + "\n   "
            case 1 where !isQuiet && token.startsLine: result += between + " // said here\n  "
            case 2 where token.startsLine: result += between + "\n\n\n  "
            case 3: result += between + "   "
            case 4 where !isQuiet && token.startsLine: result += between + "\n // alone\n "
            default: result += between
            }
            result += source.text(token.span)
            end = token.span.end
        }
        return result + "\n"
    }
}
