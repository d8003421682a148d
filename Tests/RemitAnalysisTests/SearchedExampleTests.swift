import Testing

@testable import RemitAnalysis

/// Changes of which a case that shows them has to be looked for.
struct SearchedExampleTests {
    private static let folder = "Comparisons/Searched"

    static let cases = ChangeFile.names(in: folder)

    @Test func thereAreCases() { #expect(Self.cases.count >= 5) }

    /// Behind each change of a case file stand the examples of it. Every change has one for all that it tells.
    @Test(arguments: cases) func everyChangeHasAnExample(name: String) throws {
        try ChangeFile(name, in: Self.folder).judge { change, old, new in
            let comparison = try ComparedCases(old, new).comparison
            let found = comparison.differences + comparison.unresolved
            #expect(!found.isEmpty, "\(name): \(change)")
            return found.map { difference in
                #expect(!difference.example.isEmpty, "\(name): \(change): \(difference.name)")
                return "\(difference.subject) \(difference.name)\n"
                    + difference.example.map { "  \($0.input) is \($0.value)" }.joined(separator: "\n")
            }
        }
    }
}
