import Foundation
import Testing

@testable import RemitLanguage

/// Line ends and margins mean nothing in a contract without mistakes, except to the rows of tables and to comments.
@Suite struct LineEndTests {
    static let contracts = ["Contracts", "Tests/RemitRuntimeTests/Cases"].flatMap {
        folder in
        ((try? Checkout.names(in: folder, ending: ".remit")) ?? []).map { "\(folder)/\($0).remit" }
    }

    @Test(arguments: contracts) func everythingOnOneLine(path: String) throws {
        try judge(path, between: " ")
    }

    @Test(arguments: contracts) func everyWordAtTheMargin(path: String) throws {
        try judge(path, between: "\n")
    }

    /// Reads a contract again with other blanks between its tokens.
    private func judge(_ path: String, between: String) throws {
        let text = String(decoding: try Checkout.bytes(path), as: UTF8.self)
        let source = SourceText(name: "sample", text)
        let given = parse(source)
        try #require(given.diagnostics.isEmpty)
        let other = parse(SourceText(name: "sample", relaid(source, between)))
        #expect(other.diagnostics.isEmpty, "\(other.diagnostics.prefix(3))")
        let (kept, wanted) = (content(other), content(given))
        if kept != wanted {
            let place = zip(kept, wanted).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0
            Issue.record(
                "\(path): read as \(kept.dropFirst(place).prefix(3)), not \(wanted.dropFirst(place).prefix(3))")
        }
    }

    /// The text without comments, with the same blank between all tokens that did not touch.
    private func relaid(_ source: SourceText, _ blank: String) -> String {
        var result = ""
        var isRow = false
        var end = 0
        for token in Lexer.lex(source).tokens {
            let wasRow = isRow
            if token.startsLine { isRow = token.kind == .bar }
            if token.span.start > end {
                let breaks = token.startsLine && (isRow || wasRow)
                result += breaks ? "\n" : isRow ? " " : blank
            }
            result += source.text(token.span)
            end = token.span.end
        }
        return result
    }

    /// What was read, without the places.
    private func content(_ parsed: ParsedSource) -> [Substring] {
        String(describing: parsed.contract).replacing(#/Span\(start: \d+, end: \d+\)/#, with: "")
            .split(separator: ", ")
    }
}
