import RemitLanguage
import RemitRuntime
import Testing

/// The words for refusals that the checker knows are those of the engine.
@Suite struct RefusalWordsTests {
    @Test func wordsAreThoseOfTheEngine() {
        #expect(Set(RefusalWords.all) == Set(RefusalReason.allCases.map(\.word)))
        #expect(Set(RefusalWords.all).count == RefusalWords.all.count)
    }
}
