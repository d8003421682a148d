import RemitNode
import Testing

/// Reasons found on many lines are told once, with the lines.
@Suite struct BriefReasonsTests {
    private static func reasons(_ code: String, _ text: String, _ lines: [Int?]) -> [BacktestReport.Reason] {
        lines.map { BacktestReport.Reason(code: code, text: text, line: $0) }
    }

    @Test(
        arguments: [
            ([nil], nil), ([7], "line 7"), ([3, 1], "lines 1 and 3"), ([1, 2], "lines 1 and 2"),
            ([6, 7, 8, 2], "lines 2 and 6 to 8"), ([1, 3, 5, 6, 7], "lines 1, 3 and 5 to 7"),
            ([2, 4, 6, 8, 10, 12, 14, 16, 18, 19, 21], "lines 2, 4, 6, 8, 10, 12, 14, 16 and 3 more"),
            ([4, 4, 5], "lines 4 and 5"),
        ] as [([Int?], String?)])
    func linesAreToldInRuns(_ lines: [Int?], _ expected: String?) throws {
        let group = try #require(BriefReasons(Self.reasons("T", "Tag", lines)).groups.first)
        #expect(group.place == expected, "\(lines)")
    }

    @Test func anotherTextIsAnotherGroup() {
        let found = BriefReasons(
            Self.reasons("A", "one", [1]) + Self.reasons("B", "one", [nil]) + Self.reasons("A", "one", [2])
                + Self.reasons("A", "two", [3]))
        #expect(
            found.groups.map { [$0.code, $0.text, $0.place ?? "none"].joined(separator: " ") } == [
                "A one lines 1 and 2", "B one none", "A two line 3",
            ])
        #expect(found.omitted == 0)
    }

    @Test func ofManyGroupsSomeAreCounted() {
        let found = BriefReasons((1...20).flatMap { Self.reasons("A", "text \($0)", [$0]) })
        #expect(found.groups.count == 8 && found.omitted == 12)
    }
}
