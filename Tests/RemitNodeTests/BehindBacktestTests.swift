import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues
import Testing

/// A backtest runs as many deadlines as the blocks that were made could have run.
@Suite struct BehindBacktestTests {
    /// Every missed visit is done with after an hour.
    private static let tame = Visits.first.replacing("add 1 to calls become missed", with: "become done")

    private func lines(_ visits: Visits, _ text: String) throws -> [BacktestReport.Line] {
        let source = SourceText(name: "changed", text)
        let program = try #require(Compiler.compile(source).program)
        var lines: [BacktestReport.Line] = []
        _ = try Backtest(node: visits.node, program: program, source: source).run(
            from: 1, to: .max, each: { lines.append($0) })
        return lines.sorted { $0.number < $1.number }
    }

    /// A policy that would fire without number comes to an end, and the case is told as one that is behind.
    @Test func aPolicyThatFiresWithoutNumberComesToAnEnd() throws {
        let visits = try Visits([Self.tame])
        try visits.book("2026-03-01")
        try visits.book("1026-03-02")
        visits.clock.set("2026-03-09", hour: 2)
        while try visits.node.commitDue() != nil {}
        #expect(try visits.brief(2) == "1 done 0")
        let lines = try lines(visits, Visits.first)
        try #require(lines.count == 2)
        #expect(lines[0].problem == nil)
        #expect(lines[0].after.state == "missed")
        #expect(
            lines[1].problem
                == "more of its deadlines fell due under the changed policy than the blocks so far run")
    }

    /// The same policy decides the same, however often a case was behind on the chain.
    @Test func theSamePolicyDecidesTheSame() throws {
        let visits = try Visits()
        try visits.book("2026-02-12")
        try visits.book("2026-02-20")
        visits.clock.set("2026-03-02", hour: 10)
        while try visits.node.commitDue() != nil {}
        #expect(try visits.perform([("finish", 1)]) == ["done"])
        let lines = try lines(visits, Visits.first)
        #expect(lines.map(\.problem) == [nil, nil])
        #expect(lines.map(\.after.state) == ["done", "missed"])
        #expect(lines.allSatisfy { !$0.isDifferent })
    }
}
