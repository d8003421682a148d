import Foundation
import RemitLanguage
import Testing

@testable import RemitLanguage

/// The reference grammar and the parser say the same.
@Suite struct GrammarTests {
    @Test func everyRuleIsUsedAndDefined() throws {
        let grammar = try GrammarFile.read()
        var named: Set<String> = ["text"]
        for part in grammar.rules.values { named.formUnion(GrammarFile.names(part)) }
        let terminals = Set(SentenceMaker.terminals.keys)
        #expect(Set(grammar.order).subtracting(named).sorted() == [], "rules that nothing uses")
        #expect(named.subtracting(grammar.order).subtracting(terminals).sorted() == [], "rules that are missing")
    }

    @Test func everyWordOfTheLexerIsInTheGrammar() throws {
        let grammar = try GrammarFile.read()
        let words = grammar.rules.values.reduce(into: Set<String>()) { $0.formUnion(GrammarFile.words($1)) }
        let missing = Keyword.allCases.map(\.rawValue).filter { !words.contains($0) }
        #expect(missing == [])
    }

    @Test func theParserAcceptsEverySentence() throws {
        let grammar = try GrammarFile.read()
        for round in 0..<UInt64(Checkout.rounds(500)) {
            let seed = Checkout.firstSeed &+ round
            var maker = SentenceMaker(grammar, seed: seed)
            let declaration = grammar.order[Int(seed % UInt64(grammar.order.count))]
            var text = "contract Sample version 1\n"
            if Self.declarations.contains(declaration) {
                text += maker.sentence(declaration, depth: 12)
            } else {
                text = maker.sentence("text", depth: 14)
            }
            // How many cells a row has is a rule beyond the grammar.
            let found = parse(SourceText(name: "sample", text)).diagnostics.filter {
                $0.code.number != DiagnosticCode.wrongCellCount.number
            }
            if let first = found.first {
                Issue.record("seed \(seed): \(first.code.number) \(first.message) at \(first.primary.span) in\n\(text)")
                return
            }
        }
    }

    private static let declarations: Set<String> = [
        "roles", "enumeration", "record", "fund", "register", "parameter", "table", "case_fields", "unique", "states",
        "checks", "function", "action", "approval", "deadline", "entering", "invariant", "migration", "given",
        "scenario",
    ]
}
