import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues
import Testing

/// What a backtest compares besides the state and the plain amounts of a case.
@Suite struct BacktestDifferenceTests {
    private static let recorded = """
        contract Bills version 1
          title "Bills"
        role Clerk
        fund Pool in CNY kept by Clerk
        case {
          n    : Integer
          due  : optional CNY
          days : Integer starts 0
          list : list of CNY (3) starts []
        }
        state open
        final state paid, nope
        action go opens open, paid, nope by Clerk enters n {
          require n < 100 else "BIG" "{n} is too big"
          set due to 10 CNY * n
          set days to n
          set list to [1 CNY * n]
          pay 1 CNY * n from Pool to actor
          if n > 5 { become nope } else { become open }
        }
        action note in open by Clerk { set days to days }
        """

    /// A ledger with cases of 1 and 7, one of 200 that was refused, and a refused call upon the second.
    private static func world() throws -> World {
        let world = try World()
        let yuan = try #require(Currency(code: "CNY"))
        try world.system([
            .deployContract(source: TextValue(recorded), home: "insurer"),
            .grantRole(person: "ann", role: "Clerk", organisation: "insurer"),
            .deposit(contract: "Bills", fund: "Pool", amount: Money(minorUnits: 1000_00, currency: yuan)),
        ])
        let contract = try world.node.contract(named: "Bills")
        var writer = try TransactionWriter(node: world.node, signer: world.administrator)
        for n: Int64 in [1, 7, 200] {
            _ = try world.node.commit([
                writer.sign(
                    action: "go", contract: contract.digest, arguments: [.integer(n)], organisation: "insurer")
            ])
        }
        let second = try world.node.caseView(CaseReference(contract: "Bills", number: 2))
        _ = try world.node.commit([
            writer.sign(action: "note", contract: contract.digest, arguments: [], organisation: "insurer", on: second)
        ])
        return world
    }

    private static func report(_ text: String, _ changed: String) throws -> BacktestReport {
        let changed = recorded.replacing(text, with: changed)
        let program = try #require(Compiler.compile(SourceText(name: "bills", changed)).program)
        return try Backtest(node: world().node, program: program, source: SourceText(name: "bills", changed)).run(
            from: 1, to: .max)
    }

    @Test(arguments: [
        ("set days to n", "set days to n * 2", ["days 1 2", "days 7 14"]),
        ("[1 CNY * n]", "[9 CNY * n]", ["list [1.00 CNY] [9.00 CNY]", "list [7.00 CNY] [63.00 CNY]"]),
        ("pay 1 CNY", "pay 5 CNY", ["paid from Pool 1.00 CNY 5.00 CNY", "paid from Pool 7.00 CNY 35.00 CNY"]),
        ("\"BIG\"", "\"LARGE\"", ["reasons BIG LARGE"]),
        ("is too big", "is too much", []),
        ("case {", "case { more : Integer starts 3", []),
    ])
    func whatDiffersIsNamed(_ text: String, _ changed: String, _ expected: [String]) throws {
        let report = try Self.report(text, changed)
        let told = report.different.flatMap(\.differences).map { "\($0.name) \($0.before) \($0.after)" }
        #expect(told == expected)
        #expect(report.different.isEmpty == expected.isEmpty)
    }

    @Test func optionalMoneyIsMoney() throws {
        let report = try Self.report("10 CNY", "20 CNY")
        #expect(report.moneyFields == ["due"])
        #expect(report.different.count == 2)
        #expect(report.totals[0].before.parts.map { $0.money?.grouped } == ["80.00 CNY"])
        #expect(report.totals[0].after.parts.map { $0.money?.grouped } == ["160.00 CNY"])
    }

    /// A later refused call is no reason of the state.
    @Test func theReasonsAreThoseOfTheCallAtWhichItParted() throws {
        let line = try #require(try Self.report("n > 5", "n > 8").different.first)
        #expect(line.before.state == "nope" && line.after.state == "open")
        #expect(line.before.reasons.isEmpty && line.after.reasons.isEmpty, "\(line)")
        #expect(!line.before.because.isEmpty && !line.after.because.isEmpty, "\(line)")
    }
}
