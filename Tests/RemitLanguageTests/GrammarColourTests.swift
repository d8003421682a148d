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

    @Test func everyColouredWordIsOneOfTheLexer() throws {
        let members = try grammar()
        let repository = try #require(members["repository"] as? [String: Any])
        let known = Set(Keyword.allCases.map(\.rawValue))
        for (name, part) in repository where name.hasSuffix("Words") {
            for text in expressions(part) {
                let words = text.dropFirst(3).dropLast(3).split(separator: "|").map(String.init)
                #expect(words.filter { !known.contains($0) } == [], "\(name)")
            }
        }
    }
}
