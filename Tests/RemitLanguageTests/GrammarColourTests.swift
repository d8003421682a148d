import Foundation
import Testing

@testable import RemitLanguage

/// The grammar that editors colour by.
@Suite struct GrammarColourTests {
    private func grammar() throws -> [String: Any] {
        let data = Data(try Checkout.bytes("Grammar/remit.tmLanguage.json"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func expressions(_ value: Any) -> [String] {
        if let list = value as? [Any] { return list.flatMap(expressions) }
        guard let members = value as? [String: Any] else { return [] }
        return members.sorted { $0.key < $1.key }.flatMap { key, value -> [String] in
            if ["match", "begin", "end"].contains(key), let text = value as? String { return [text] }
            return expressions(value)
        }
    }

    @Test func everyExpressionCompiles() throws {
        let found = expressions(try grammar())
        #expect(found.count > 10)
        for text in found { _ = try NSRegularExpression(pattern: text) }
    }

    @Test func everyWordOfTheLexerIsColoured() throws {
        let found = try expressions(try grammar()).filter { $0.hasPrefix("\\b(") }
            .map { try NSRegularExpression(pattern: $0) }
        for keyword in Keyword.allCases {
            let word = keyword.rawValue
            let whole = NSRange(location: 0, length: word.utf16.count)
            #expect(found.contains { $0.firstMatch(in: word, range: whole)?.range == whole }, "\(word)")
        }
    }

    /// The words that the reference grammar has between quotes.
    private func wordsOfTheGrammar() throws -> Set<String> {
        func words(_ part: GrammarFile.Part) -> [String] {
            switch part {
            case .word(let word): word.allSatisfy { $0.isLetter } ? [word] : []
            case .rule: []
            case .sequence(let parts), .choice(let parts): parts.flatMap(words)
            case .optional(let part), .repeated(let part): words(part)
            }
        }
        return Set(try GrammarFile.read().rules.values.flatMap(words))
    }

    /// Some words are coloured only beside what makes them words of the language, since they are names elsewhere.
    @Test func everyWordOfTheGrammarIsColoured() throws {
        let words = try wordsOfTheGrammar()
        #expect(words.count > 150)
        let found = try expressions(try grammar()).map { try NSRegularExpression(pattern: $0) }
        /// Whether a word is coloured as a whole between what stands around it.
        func isColoured(_ word: String, _ before: String, _ after: String) -> Bool {
            let text = before + word + after
            let wanted = NSRange(location: before.utf16.count, length: word.utf16.count)
            let whole = NSRange(location: 0, length: text.utf16.count)
            return found.contains { expression in
                expression.matches(in: text, range: whole).contains { NSIntersectionRange($0.range, wanted) == wanted }
            }
        }
        let surroundings = [
            ("", ""), ("3 ", ""), ("3 ", " days"), ("", " case"), ("", " 2026-01-01"), ("", " 08:00"), ("", " Monday"),
        ]
        for word in words.sorted() {
            #expect(surroundings.contains { isColoured(word, $0, $1) }, "\(word)")
        }
        #expect(!isColoured("open", "state ", ""), "a name is no word of a calendar")
    }

    @Test func everyColouredWordIsOneOfTheLexer() throws {
        let members = try grammar()
        let repository = try #require(members["repository"] as? [String: Any])
        let known = Set(Keyword.allCases.map(\.rawValue)).union(try wordsOfTheGrammar())
        for (name, part) in repository where name.hasSuffix("Words") {
            for text in expressions(part) {
                let words = text.dropFirst(3).dropLast(3).split(separator: "|").map(String.init)
                #expect(words.filter { !known.contains($0) } == [], "\(name)")
            }
        }
    }
}
