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

    /// A case in a state called `refused` was opened, and is counted apart from those that were not.
    @Test func aStateCalledRefusedIsNoRefusal() throws {
        let report = try Self.report("state open", "state open, refused")
        #expect(report.movements.map(\.from) == ["open", "nope", "not opened"])
        let called = Self.recorded.replacing("nope", with: "refused")
        let program = try #require(Compiler.compile(SourceText(name: "bills", called)).program)
        let changed = try Backtest(
            node: Self.world().node, program: program, source: SourceText(name: "bills", called)
        ).run(from: 1, to: .max)
        #expect(
            changed.movements.map { "\($0.from) \($0.to) \($0.count)" } == [
                "open open 1", "not opened not opened 1", "nope refused 1",
            ])
    }

    /// What is paid is an amount like others: over all cases, and by decision.
    @Test func whatIsPaidIsAddedUp() throws {
        let report = try Self.report("pay 1 CNY", "pay 5 CNY")
        #expect(report.amountNames == ["due", "paid from Pool"])
        let total = try #require(report.totals.last)
        #expect(total.before.parts.map { $0.money?.grouped } == ["8.00 CNY"])
        #expect(total.after.parts.map { $0.money?.grouped } == ["40.00 CNY"])
        let moved = report.movements.map { "\($0.from) \($0.differences[1].parts.map { $0.money?.grouped ?? "" })" }
        #expect(moved == ["open [\"4.00 CNY\"]", "nope [\"28.00 CNY\"]", "not opened [\"0.00 CNY\"]"])
        let line = try #require(report.different.first)
        #expect(report.amount(line.before, 1)?.grouped == "1.00 CNY")
        #expect(report.amount(line.after, 1)?.grouped == "5.00 CNY")
    }

    /// A fund that the changed policy does not have is told beside its own.
    @Test func aFundThatIsNoMoreStandsBesideTheOthers() throws {
        let report = try Self.report("Pool", "Other")
        #expect(report.amountNames == ["due", "paid from Other", "paid from Pool in CNY"])
        #expect(report.totals[2].before.parts.map { $0.money?.grouped } == ["8.00 CNY"])
        #expect(report.totals[2].after.parts.map { $0.money?.grouped } == ["0.00 CNY"])
    }

    /// Fields that the changed policy does not have are named once.
    @Test func whatIsNotComparedIsNamed() throws {
        #expect(try Self.report("days", "length").droppedFields == ["days"])
        #expect(try Self.report("due", "fee").droppedFields == ["due"])
        #expect(try Self.report("5", "6").droppedFields.isEmpty)
    }
}

/// Of long lists that differ so much is told as shows where, and a call that only words its reasons otherwise does not
/// stand for what differs besides.
@Suite struct BacktestBrevityTests {
    private static let text = """
        contract Rows version 1
          title "Rows"
        role Clerk
        case {
          n     : Integer
          items : list of Integer (100)         starts []
          kept  : set of Integer (100)          starts []
          by    : map of Integer to Integer (9) starts []
          due   : CNY                           starts 0 CNY
        }
        state open
        final state done
        action go opens open by Clerk enters n, items, kept, by { become open }
        action try in open by Clerk { refuse "EARLY" "not yet" }
        action end in open by Clerk {
          set items to list of x + 1 - 1 for x in items
          set due to 5 CNY
          become done
        }
        """

    private static func report(_ text: String, _ changed: String) throws -> BacktestReport {
        let world = try World()
        try world.system([
            .deployContract(source: TextValue(Self.text), home: "insurer"),
            .grantRole(person: "ann", role: "Clerk", organisation: "insurer"),
        ])
        let contract = try world.node.contract(named: "Rows")
        var writer = try TransactionWriter(node: world.node, signer: world.administrator)
        let numbers = (0..<20).map { Value.integer($0) }
        let entries = (0..<9).map { Value.MapEntry(key: .integer($0), value: .integer($0)) }
        _ = try world.node.commit([
            writer.sign(
                action: "go", contract: contract.digest,
                arguments: [.integer(1), .list(numbers), .set(Array(numbers.prefix(3))), Value.makeMap(entries)],
                organisation: "insurer")
        ])
        for action in ["try", "end"] {
            let found = try world.node.caseView(CaseReference(contract: "Rows", number: 1))
            _ = try world.node.commit([
                writer.sign(
                    action: action, contract: contract.digest, arguments: [], organisation: "insurer", on: found)
            ])
        }
        let changed = Self.text.replacing(text, with: changed)
        let compilation = Compiler.compile(SourceText(name: "rows", changed))
        let program = try #require(compilation.program, "\(compilation.diagnostics.map(\.message))")
        return try Backtest(node: world.node, program: program, source: SourceText(name: "rows", changed)).run(
            from: 1, to: .max)
    }

    @Test(arguments: [
        (
            "x + 1 - 1 for x in items", "(if x < 17 then x else 0) for x in items",
            "items [17 alike, 17, 18, 19] [17 alike, 0, 0, 0]"
        ),
        (
            "x + 1 - 1 for x in items", "(if x < 4 then x else 0) for x in items where x < 15",
            "items [4 alike, 4, 5, 6, 7, 8, 9, 10, 11, 8 more] [4 alike, 0, 0, 0, 0, 0, 0, 0, 0, 3 more]"
        ),
        (
            "x + 1 - 1 for x in items", "x for x in items where x < 2",
            """
            items [2 alike, 2, 3, 4, 5, 6, 7, 8, 9, 10 more] [0, 1]
            """
        ),
        ("set due", "set by[8] to 0  set due", "by [8 alike, 8: 8] [8 alike, 8: 0]"),
        ("set due", "add 7 to kept  set due", "kept [0, 1, 2] [0, 1, 2, 7]"),
    ])
    func longListsAreBrief(_ text: String, _ changed: String, _ expected: String) throws {
        let line = try #require(try Self.report(text, changed).different.first)
        #expect(line.differences.map { "\($0.name) \($0.before) \($0.after)" } == [expected])
    }

    @Test func anotherReasonOfARefusedCallIsNotThatOfTheMoney() throws {
        let changed = """
            action try in open by Clerk { refuse "LATE" "too late" }
            action end in open by Clerk {
              set items to list of x + 1 - 1 for x in items
              set due to 6 CNY
            """
        let start = try #require(Self.text.firstRange(of: "action try"))
        let end = try #require(Self.text.firstRange(of: "5 CNY\n"))
        let report = try Self.report(
            String(Self.text[start.lowerBound..<end.upperBound]), changed + "\n")
        let line = try #require(report.different.first)
        #expect(line.differences.map(\.name) == ["reasons"])
        #expect(line.before.reasons.isEmpty && line.after.reasons.isEmpty, "\(line)")
        #expect(line.after.because == ["Due is set to 6.00 CNY, by `set due to 6 CNY`."], "\(line)")
        // Where nothing else differs, it is what is told.
        let worded = try #require(try Self.report("EARLY", "LATE").different.first)
        #expect(worded.before.reasons.map(\.code) == ["EARLY"] && worded.after.reasons.map(\.code) == ["LATE"])
    }
}
