import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues
import Testing

/// A backtest of a part of a chain comes to what the ledger comes to when the changed policy is deployed at its start.
@Suite struct EarlierCaseTests {
    private static let first = """
        contract Loans version 1
          title "Loans"
        role Clerk
        fund Pot in CNY kept by Clerk
        register Tally by name: Text(8) { count : Integer starts 0 }
        case { name : Text(8)  amount : CNY  fee : CNY starts 0 CNY }
        state running
        final state closed, lapsed
        unique by name except closed, lapsed else "TWICE" "{name} has a loan"
        action ask opens running by Clerk enters name, amount {
          require Tally[name].count < 3 else "OFTEN" "{name} asks often"
          reserve amount from Pot else "POOR" "{amount} is more than there is"
          add 1 to Tally[name].count
          become running
        }
        action close in running by Clerk {
          set fee to 1 CNY
          become closed
        }
        after 3 hours in running { become lapsed }
        """

    /// Less is lent, for a higher fee, and for longer.
    private static func second(_ migration: String = "") -> String {
        first.replacing("version 1", with: "version 2").replacing("fee to 1 CNY", with: "fee to 2 CNY")
            .replacing("after 3 hours", with: "after 5 hours").replacing(
                "reserve amount", with: "require amount < 60 CNY else \"MUCH\" \"{amount} is much\"\n  reserve amount")
            + "\n" + migration
    }

    private static let migrate = "migrate from 1 { set fee to 4 CNY }"

    /// What happens in each hour: a loan that is asked for, or one that is closed.
    private enum Step {
        case ask(String, Int64)
        case close(Int64)
    }

    private static let before: [(hour: Int, step: Step)] = [
        (9, .ask("a", 40)), (9, .ask("b", 30)), (10, .ask("c", 20)), (10, .close(1)), (11, .ask("d", 50)),
    ]
    /// From the changed policy on; the calls upon cases are those that both policies open with the same number.
    private static let after: [(hour: Int, step: Step)] = [
        (11, .ask("a", 10)), (11, .close(3)), (12, .ask("b", 5)), (12, .ask("e", 70)), (13, .close(4)),
        (13, .ask("b", 25)), (13, .ask("f", 45)), (16, .ask("d", 45)), (17, .ask("a", 1)),
    ]

    /// A ledger on which everything was called, with the changed policy deployed between both parts if there is one;
    /// and the height of the first block behind it.
    private static func world(_ changed: String?) throws -> (World, UInt64) {
        let clock = TestClock(try #require(Instant(seconds: 1_772_413_200)))
        clock.set("2026-03-02", hour: 8)
        let world = try World(clock: clock)
        let yuan = try #require(Currency(code: "CNY"))
        try world.system([
            .deployContract(source: TextValue(first), home: "insurer"),
            .grantRole(person: "ann", role: "Clerk", organisation: "insurer"),
            .deposit(contract: "Loans", fund: "Pot", amount: Money(minorUnits: 150_00, currency: yuan)),
        ])
        for (hour, step) in before {
            clock.set("2026-03-02", hour: hour)
            try perform(step, on: world)
        }
        // Both chains have a block here, so that their heights are alike.
        try world.system(
            changed.map { [.deployContract(source: TextValue($0), home: "insurer")] }
                ?? [.registerOrganisation(identifier: "north", name: "North")])
        let start = world.node.head.height
        for (hour, step) in after {
            clock.set("2026-03-02", hour: hour)
            try perform(step, on: world)
        }
        return (world, start)
    }

    private static func perform(_ step: Step, on world: World) throws {
        var writer = try TransactionWriter(node: world.node, signer: world.administrator)
        let transaction: Transaction
        switch step {
        case .ask(let name, let amount):
            let yuan = try #require(Currency(code: "CNY"))
            transaction = try writer.sign(
                action: "ask", contract: world.node.contract(named: "Loans").digest,
                arguments: [.text(TextValue(name)), .money(Money(minorUnits: amount * 100, currency: yuan))],
                organisation: "insurer")
        case .close(let number):
            let view = try world.node.caseView(CaseReference(contract: "Loans", number: number))
            transaction = try writer.sign(
                action: "close", contract: view.stored.contract, arguments: [], organisation: "insurer", on: view)
        }
        _ = try world.node.commit([transaction])
    }

    /// Each case as a ledger has it at its end, in the order in which it was opened.
    private static func states(_ world: World) throws -> [String] {
        var found: [String] = []
        for number in Int64(1)... {
            guard let view = try? world.node.caseView(CaseReference(contract: "Loans", number: number)) else { break }
            let name: String = if case .text(let name)? = view.field("name") { name.string } else { "" }
            let fee: String = if case .money(let money)? = view.field("fee") { money.grouped } else { "" }
            found.append("\(name) \(view.stateName) \(fee)")
        }
        return found
    }

    @Test(arguments: ["", migrate])
    func theChangedPolicyDecidesAsIfItHadBeenDeployedThen(_ migration: String) throws {
        let changed = Self.second(migration)
        let (recorded, start) = try Self.world(nil)
        let (deployed, _) = try Self.world(changed)
        let program = try #require(Compiler.compile(SourceText(name: "loans", changed)).program)
        var lines: [BacktestReport.Line] = []
        let report = try Backtest(
            node: recorded.node, program: program, source: SourceText(name: "loans", changed)
        ).run(
            from: start, to: .max, each: { lines.append($0) })
        let fee = try #require(report.moneyFields.firstIndex(of: "fee"))
        func told(_ decision: BacktestReport.Decision) -> String {
            "\(decision.state) \(decision.amounts.indices.contains(fee) ? decision.amounts[fee]?.grouped ?? "" : "")"
        }
        let really = try Self.states(deployed)
        // Earlier cases have the same number on both chains.
        let earlier = lines.filter(\.isEarlier)
        #expect(earlier.count == report.earlierCount)
        #expect(Set(earlier.compactMap(\.before.reference)) == ["Loans/2", "Loans/3", "Loans/4"])
        for line in earlier {
            let number = try #require(line.before.reference.flatMap { CaseReference($0)?.number })
            #expect(really[Int(number) - 1].hasSuffix(" " + told(line.after)), "\(line) \(really)")
        }
        // Of later ones the first that comes out is the first that was opened, and so on.
        let later = lines.filter { !$0.isEarlier }.sorted { $0.number < $1.number }
        let asked = Self.after.count { if case .ask = $0.step { true } else { false } }
        #expect(later.count == asked)
        let opened = later.filter { $0.after.state != "not opened" }
        #expect(
            opened.map { told($0.after) }
                == really.dropFirst(4).map { $0.split(separator: " ").dropFirst().joined(separator: " ") })
        #expect(lines.allSatisfy { $0.problem == nil })
        #expect(report.different.contains(where: \.isEarlier) != migration.isEmpty, "\(lines)")
        #expect(report.different.contains { !$0.isEarlier })
        for line in report.different {
            #expect(!line.before.reasons.isEmpty || !line.before.because.isEmpty, "\(line)")
            #expect(!line.after.reasons.isEmpty || !line.after.because.isEmpty, "\(line)")
        }
        // Time came on the chain, and not yet under the changed policy.
        let waiting = "It is still running at the end of block \(recorded.node.head.height)."
        #expect(
            report.different.contains { $0.after.because == [waiting] && !$0.before.because.isEmpty },
            "\(report.different)")
        #expect(
            migration.isEmpty
                || report.different.contains { $0.before.because == ["It goes on by Loans version 1."] },
            "\(report.different)")
    }

    @Test func theSamePolicyDecidesTheSameFromAnyBlockOn() throws {
        let (world, _) = try Self.world(nil)
        let program = try #require(Compiler.compile(SourceText(name: "loans", Self.first)).program)
        for start in 1...world.node.head.height {
            let report = try Backtest(
                node: world.node, program: program, source: SourceText(name: "loans", Self.first)
            ).run(from: start, to: .max)
            #expect(report.different.isEmpty && report.lines.isEmpty, "from \(start): \(report.lines)")
        }
    }
}
