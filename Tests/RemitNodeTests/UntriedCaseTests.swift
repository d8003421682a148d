import RemitLanguage
import RemitNode
import RemitValues
import Testing

/// Backtests of policies that cannot be tried on every recorded case, or keep their money in another currency.
@Suite struct UntriedCaseTests {
    private static let recorded = """
        contract Fees version 1
          title "Fees"
        role Clerk
        case { pages : Integer  due : CNY starts 0 CNY }
        state waiting
        final state settled
        action file opens waiting by Clerk enters pages {
          require pages > 0 else "NONE" "There are no pages"
          set due to 2 CNY * pages
          become waiting
        }
        action settle in waiting by Clerk { become settled }
        """

    /// Cases of 1, 2 and 3 pages, and one that was refused; the second one is settled.
    private static func world() throws -> World {
        let world = try World()
        try world.system([
            .deployContract(source: TextValue(recorded), home: "insurer"),
            .grantRole(person: "ann", role: "Clerk", organisation: "insurer"),
        ])
        let contract = try world.node.contract(named: "Fees")
        var writer = try TransactionWriter(node: world.node, signer: world.administrator)
        for pages: Int64 in [1, 2, 3, 0] {
            _ = try world.node.commit([
                writer.sign(
                    action: "file", contract: contract.digest, arguments: [.integer(pages)], organisation: "insurer")
            ])
        }
        let second = try world.node.caseView(CaseReference(contract: "Fees", number: 2))
        _ = try world.node.commit([
            writer.sign(
                action: "settle", contract: contract.digest, arguments: [], organisation: "insurer", on: second)
        ])
        return world
    }

    private static func report(_ text: String) throws -> BacktestReport {
        let program = try #require(Compiler.compile(SourceText(name: "fees", text)).program)
        return try Backtest(node: world().node, program: program, source: SourceText(name: "fees", text)).run(
            from: 1, to: .max)
    }

    private static func told(_ sum: BacktestSum) -> [String] {
        sum.parts.map { $0.money?.grouped ?? "\($0.currency.code) out of range" }
    }

    @Test func whatAsksForMoreIsNotTried() throws {
        let report = try Self.report(
            Self.recorded.replacing("case {", with: "case { spare : Integer").replacing(
                "enters pages", with: "enters spare, pages"))
        #expect(report.untried.count == 4)
        #expect(report.different.isEmpty && report.movements.isEmpty)
        #expect(report.untriedReasons.map(\.count) == [4])
        #expect(report.untriedReasons[0].text == "the changed policy asks for spare, which was not recorded")
        #expect(Self.told(report.totals[0].before) == ["0.00 CNY"] && Self.told(report.totals[0].after) == ["0.00 CNY"])
    }

    @Test func onlyTheCasesThatUseAnActionAreLeftOut() throws {
        let report = try Self.report(
            Self.recorded.replacing("action settle", with: "action close").replacing("2 CNY", with: "3 CNY"))
        #expect(report.untried.map(\.before.reference) == ["Fees/2"])
        #expect(report.untriedReasons.map(\.text) == ["the changed policy has no action settle"])
        #expect(report.different.map(\.before.reference) == ["Fees/1", "Fees/3"])
        #expect(report.movements.map(\.count) == [2, 1])
        #expect(Self.told(report.movements[0].differences[0]) == ["4.00 CNY"])
        #expect(Self.told(report.totals[0].before) == ["8.00 CNY"])
        #expect(Self.told(report.totals[0].after) == ["12.00 CNY"])
    }

    @Test func totalsAreKeptByCurrency() throws {
        let report = try Self.report(Self.recorded.replacing("CNY", with: "JPY"))
        #expect(report.untried.isEmpty && report.different.count == 3)
        #expect(Self.told(report.totals[0].before) == ["12.00 CNY"])
        #expect(Self.told(report.totals[0].after) == ["12 JPY"])
        #expect(
            Self.told(report.totals[0].after.difference(from: report.totals[0].before)) == ["-12.00 CNY", "12 JPY"])
        let differences = report.movements.map { Self.told($0.differences[0]) }
        #expect(differences == [["-8.00 CNY", "8 JPY"], ["-4.00 CNY", "4 JPY"], ["0 JPY"]])
    }
}
