import Testing

@testable import RemitAnalysis

/// What an action can be given in one version only.
struct GivenAloneTests {
    private static let folder = "Comparisons/Given"

    static let cases = ChangeFile.names(in: folder)

    @Test func thereAreCases() { #expect(!Self.cases.isEmpty) }

    /// Behind each change of a case file stands what is told of it. Each is told with what one version alone takes.
    @Test(arguments: cases) func everyChangeIsToldWithWhatIsGivenAlone(name: String) throws {
        try ChangeFile(name, in: Self.folder).judge { change, old, new in
            let found = try ComparedCases(old, new)
            let told = found.comparison.unresolved.compactMap(\.oneVersion)
            #expect(!told.isEmpty, "\(name): \(change)")
            for one in told { #expect(one.problem.contains("`\(one.input.input)"), "\(name): \(change)") }
            return found.lines
        }
    }
}
