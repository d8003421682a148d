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
                "rejected table fee: `large` for `small` in the column `size`",
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
