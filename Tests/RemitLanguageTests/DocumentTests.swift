import Foundation
import RemitLanguage
import Testing

/// The contracts that the language reference shows are contracts.
@Suite struct DocumentTests {
    static var blocks: [String] {
        let text = (try? String(decoding: Checkout.bytes("Docs/language.md"), as: UTF8.self)) ?? ""
        return text.components(separatedBy: "```remit\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
    }

    @Test func thereAreBlocks() { #expect(Self.blocks.count >= 3) }

    @Test(arguments: blocks.indices) func theBlockIsClean(index: Int) {
        // The contracts of the page know each other.
        let others = Self.blocks.map { SourceText(name: "block", $0) }
        let found = findings(in: Self.blocks[index], beside: others)
        #expect(found.isEmpty, "\(found.map { "\($0.code.number) \($0.message) at \($0.primary.span)" })")
    }

    @Test(arguments: blocks.indices) func theBlockIsInTheHouseLayout(index: Int) {
        guard case .formatted(let bytes) = format(SourceText(name: "block", Self.blocks[index])) else {
            Issue.record("block \(index) has mistakes of syntax")
            return
        }
        #expect(String(decoding: bytes, as: UTF8.self) == Self.blocks[index])
    }

    /// Words that no block shows, since the checker does not know them yet.
    static let awaited: Set<String> = ["migrate", "use"]

    /// Every word of the grammar stands in a block, where it is no name and no part of a text.
    @Test func everyWordOfTheGrammarHasAnExample() throws {
        let grammar = try GrammarFile.read()
        var words: Set<String> = []
        for part in grammar.rules.values { words.formUnion(GrammarFile.words(part)) }
        words = words.filter { $0.unicodeScalars.allSatisfy { ("a"..."z").contains($0) } || $0 == "/" || $0 == "||" }
        #expect(words.count > 120)
        var shown: Set<String> = []
        for block in Self.blocks { shown.formUnion(Self.words(of: block)) }
        for word in words.sorted() where shown.contains(word) == Self.awaited.contains(word) {
            Issue.record("\(word) \(shown.contains(word) ? "is no longer awaited" : "stands in no block")")
        }
    }

    /// The words and signs of a contract, comments and texts left out.
    private static func words(of block: String) -> Set<String> {
        var words: Set<String> = []
        for line in block.components(separatedBy: "\n") {
            let pieces = line.components(separatedBy: "\"")
            // A text stands between two quotation marks; a comment ends the line.
            for (index, piece) in pieces.enumerated() where index % 2 == 0 {
                let parts = piece.components(separatedBy: "//")
                words.formUnion(parts[0].split { !$0.isLetter && !"/|".contains($0) }.map(String.init))
                if parts.count > 1 { break }
            }
        }
        return words
    }
}
