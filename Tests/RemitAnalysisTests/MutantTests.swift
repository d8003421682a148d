import RemitAnalysis
import RemitLanguage
import Testing

/// Changes of a contract's rules: which there are, and whether scenarios notice them.
@Suite struct MutantTests {
    static let text = """
        contract Small version 1
          title "Small"
        role Clerk, Nurse
        enum Size { small, large }
        table fee(size: Size, count: Integer) gives price: Integer {
          | size  | count || price |
          | small | <= 3  || 1     |
          | small | > 3   || 2     |
          | large | any   || 9     |
        }
        case { size : Size count : Integer price : Integer starts 0 }
        state asked
        final state done
        action ask opens asked by Clerk enters size, count {
          require count > 0 and count < 10 else "No"
          set price to fee(size, count)
        }
        action finish in asked by Nurse except actor { become done }
        given ma is Clerk
        scenario "Three and four" {
          ma does ask(size: small, count: 3) as a
          expect a.price is 1
          ma does ask(size: small, count: 4) as b
          expect b.price is 2
        }
        """

    private func changes(of text: String) throws -> [(words: String, fate: String)] {
        let source = SourceText(name: "small", text)
        let contract = try #require(parse(source).contract)
        return mutants(of: contract, in: source).map { mutant in
            switch mutant.fate(in: source) {
            case .rejected: (mutant.words, "rejected")
            case .noticed: (mutant.words, "noticed")
            case .unnoticed: (mutant.words, "unnoticed")
            }
        }
    }

    @Test func everyRuleIsChanged() throws {
        let found = try changes(of: Self.text).map { "\($0.fate) \($0.words)" }
        #expect(
            found == [
                "rejected table fee: without `| small | <= 3 || 1 |`",
                "rejected table fee: `large` for `small` in the column `size`",
                "noticed table fee: `4` for `3` in the column `count`",
                "noticed table fee: `2` for `1` in `| small | <= 3 || 1 |`",
                "noticed table fee: `2` for `1`",
                "rejected table fee: without `| small | > 3 || 2 |`",
                "noticed table fee: `9` for `2` in `| small | > 3 || 2 |`",
                "noticed table fee: `3` for `2`",
                "rejected table fee: without `| large | any || 9 |`",
                "rejected table fee: `small` for `large` in the column `size`",
                "unnoticed table fee: `1` for `9` in `| large | any || 9 |`",
                "unnoticed table fee: `10` for `9`",
                "unnoticed case: `1` for `0`",
                "noticed action ask: `Nurse` for `Clerk` in `Clerk`",
                "unnoticed action ask: without `require count > 0 and count < 10 else \"No\"`",
                "unnoticed action ask: `count > 0` for `count > 0 and count < 10`",
                "unnoticed action ask: `count < 10` for `count > 0 and count < 10`",
                "unnoticed action ask: `count >= 0` for `count > 0`",
                "unnoticed action ask: `1` for `0`",
                "unnoticed action ask: `count <= 10` for `count < 10`",
                "unnoticed action ask: `11` for `10`",
                "noticed action ask: without `set price to fee(size, count)`",
                "unnoticed action finish: `Clerk` for `Nurse` in `Nurse`",
                "unnoticed action finish: without `actor` behind `except`",
                "unnoticed action finish: `asked` for `done` in `become done`",
            ])
    }

    /// A change is made at its place and nowhere else.
    @Test func theRestOfTheTextStays() throws {
        let source = SourceText(name: "small", Self.text)
        let contract = try #require(parse(source).contract)
        for mutant in mutants(of: contract, in: source) {
            let changed = mutant.text(of: source)
            let before = mutant.span.start
            #expect(changed[..<before].elementsEqual(source.bytes[..<before]))
            let after = source.bytes.count - (mutant.edits.last?.span.end ?? 0)
            #expect(changed.suffix(after).elementsEqual(source.bytes.suffix(after)))
            #expect(changed != source.bytes, "\(mutant.words)")
        }
    }
}
