import RemitLanguage
import RemitRuntime
import Testing

/// A page tells every reason for which the engine refuses in words of people.
@Suite struct RefusalWordsTests {
    @Test(arguments: RefusalReason.allCases, PageLanguage.allCases)
    func aPageHasWordsForIt(_ reason: RefusalReason, _ language: PageLanguage) throws {
        let text = """
            contract Small version 1
            role Clerk
            case { note : Text(9) }
            final state shut
            action end opens shut by Clerk enters note { }
            given ann is Clerk
            scenario "One" { ann does end(note: "x")  refused \(reason.word) }
            """
        let contract = try #require(parse(SourceText(name: "small", text)).contract)
        let page = ContractPage.text(of: contract, language: language, format: .markdown)
        // What is no word of a page stands there as a name.
        #expect(page.contains(language == .english ? "it is refused: " : "被拒绝："))
        #expect(!page.contains(language == .english ? "it is refused: *" : "被拒绝：「"))
    }
}
