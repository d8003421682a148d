import RemitLedger
import RemitNode
import Testing

/// Names of cases, and the rows that are about them.
@Suite struct CaseNameTests {
    @Test func aNameHasOneForm() {
        for name in ["A/1", "Claim/9223372036854775807", "é/10"] {
            #expect(CaseReference(name)?.description == name)
        }
        for text in [
            "", "/", "A", "A/", "/1", "A/0", "A/01", "A/-1", "A/+1", "A/1/2", "A//1", "A/1 ", "A/1a", "A/ 1",
            "A/9223372036854775808", "A/\u{0661}", "A/\u{301}1",
        ] {
            #expect(CaseReference(text) == nil, "\(text)")
        }
    }

    @Test func aRowOfACaseTellsItsName() throws {
        for number: Int64 in [1, 17, 9_999_999_999, 10_000_000_000, .max] {
            let reference = CaseReference(contract: "Claim", number: number)
            #expect(StateLayout.caseReference(of: StateLayout.caseState(reference)) == reference)
            #expect(StateLayout.caseReference(of: StateLayout.caseSecret(reference)) == nil)
        }
        let state = Array("state".utf8)
        for space in ["case", "case/", "case/A", "case/A/", "case/A/b", "case/A/1/2", "cases/A/1", "/A/1"] {
            #expect(StateLayout.caseReference(of: StateKey(space: space, item: state)) == nil, "\(space)")
        }
    }
}
