import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues
import Testing

/// A backtest decides as the changed policy would have decided on the chain.
@Suite struct BacktestTests {
    /// A ledger with claims adjudicated by a contract text; what each became.
    private func adjudicated(_ text: String, claims: [[Value]]) throws -> (World, [String], [Money?]) {
        let world = try World()
        try world.system([.deployContract(source: TextValue(text), home: "insurer")])
        var calls = try world.admit("clearing-house")
        calls.append(.registerOrganisation(identifier: "north", name: "North"))
        calls.append(.grantRole(person: "clearing-house", role: "Provider", organisation: "north"))
        try world.system(calls)
        let contract = try world.node.contract(named: "CommercialClaim")
        var writer = try TransactionWriter(node: world.node, signer: try World.signer("clearing-house"))
        var states: [String] = []
        var amounts: [Money?] = []
        for page in claims.chunked(by: 7) {
            var transactions: [Transaction] = []
            for arguments in page {
                transactions.append(
                    try writer.sign(
                        action: "submit", contract: contract.digest, arguments: arguments, organisation: "north"))
            }
            for execution in try world.node.commit(transactions).executions {
                guard let text = execution.receipt.caseReference, let reference = CaseReference(text),
                    case .done = execution.receipt.outcome
                else {
                    states.append("not opened")
                    amounts.append(nil)
                    continue
                }
                let view = try world.node.caseView(reference)
                states.append(view.stateName)
                if case .money(let money)? = view.field("payable") {
                    amounts.append(money)
                } else {
                    amounts.append(nil)
                }
            }
        }
        return (world, states, amounts)
    }

    private func claims() throws -> [[Value]] {
        var claims: [[Value]] = []
        for number in 1...40 {
            // Every ninth claim has the identifier of the one before, so that the second of them is refused.
            let identifier = number % 9 == 0 ? number - 1 : number
            claims.append(
                try World.claim(
                    "C-\(identifier)", price: "\(number * 37 % 100).\(number % 10)5",
                    type: number % 4 == 0 ? "pharmacy" : "institutional"))
        }
        return claims
    }

    /// A backtest of the whole chain, with every case of it in the order of the chain.
    private func replayed(_ world: World, _ text: String) throws -> (BacktestReport, [BacktestReport.Line]) {
        let source = SourceText(name: "changed", text)
        let program = try #require(Compiler.compile(source).program)
        var lines: [BacktestReport.Line] = []
        let report = try Backtest(node: world.node, program: program, source: source).run(
            from: 1, to: .max, each: { lines.append($0) })
        return (report, lines.sorted { $0.number < $1.number })
    }

    @Test func theSamePolicyDecidesTheSame() throws {
        let text = try World.contract("commercial-claim")
        let (world, states, _) = try adjudicated(text, claims: claims())
        let (report, lines) = try replayed(world, text)
        #expect(report.different.isEmpty)
        #expect(report.caseCount == states.count)
        // Nothing is kept of what is decided the same.
        #expect(report.lines.isEmpty)
        #expect(lines.map(\.after.state) == states)
        #expect(lines.allSatisfy { $0.problem == nil })
    }

    @Test func aChangedPolicyDecidesAsItWouldHaveOnTheChain() throws {
        let text = try World.contract("commercial-claim")
        let changed = text.replacing("80%", with: "55%", maxReplacements: 1)
            .replacing("when claimType is not institutional", with: "when claimType is pharmacy", maxReplacements: 1)
        #expect(changed != text)
        let (world, before, _) = try adjudicated(text, claims: claims())
        let (_, states, amounts) = try adjudicated(changed, claims: claims())
        let (report, lines) = try replayed(world, changed)
        #expect(lines.map(\.before.state) == before)
        #expect(lines.map(\.after.state) == states)
        #expect(report.lines.map(\.number) == lines.filter(\.isDifferent).map(\.number))
        let index = try #require(report.moneyFields.firstIndex(of: "payable"))
        for (line, amount) in zip(lines, amounts) {
            let simulated = line.after.amounts.indices.contains(index) ? line.after.amounts[index] : nil
            #expect(simulated == amount)
        }
        #expect(!report.different.isEmpty)
        // Each is told with both reasons, and those that are alike on both sides are none.
        for line in report.different {
            #expect(!line.before.reasons.isEmpty || !line.before.because.isEmpty, "\(line)")
            #expect(!line.after.reasons.isEmpty || !line.after.because.isEmpty, "\(line)")
            #expect(Set(line.before.because).isDisjoint(with: line.after.because), "\(line)")
        }
        #expect(report.different.contains { $0.before.because.contains { $0.hasPrefix("Payable ") } })
        #expect(
            report.different.contains { $0.after.because.contains { $0.hasPrefix("Payable ") } },
            "\(report.different.first.map { "\($0)" } ?? "")")
    }
}

/// A backtest of cases to which much happens: several calls upon each, refusals, and what time brings.
@Suite struct BacktestOfLongCasesTests {
    private static let recorded = """
        contract Visit version 1
          title "Visit"
        role Clerk
        case { hits : Integer starts 0 }
        state waiting
        final state done
        final state lapsed
        action start opens waiting by Clerk { become waiting }
        action hit in waiting by Clerk { add 1 to hits }
        action finish in waiting by Clerk {
          require hits > 1 else "FEW" "Too few hits: {hits}"
          become done
        }
        after 2 hours in waiting { become lapsed }
        """

    /// Hours, actions and the cases that they are upon.
    private static let calls: [(hour: Int, action: String, number: Int64?)] = [
        (9, "start", nil), (9, "start", nil), (9, "start", nil), (10, "hit", 1), (10, "hit", 2), (10, "finish", 2),
        (10, "hit", 3), (10, "hit", 3), (10, "finish", 3), (12, "start", nil), (12, "hit", 1), (12, "finish", 1),
        (12, "hit", 4), (13, "wave", 3), (15, "start", nil),
    ]

    /// A ledger on which everything was called under a contract text.
    private func world(_ text: String) throws -> World {
        let clock = TestClock(try #require(Instant(seconds: 1_772_413_200)))
        clock.set("2026-03-02", hour: 8)
        let world = try World(clock: clock)
        try world.system([
            .deployContract(source: TextValue(text), home: "insurer"),
            .grantRole(person: "ann", role: "Clerk", organisation: "insurer"),
        ])
        let contract = try world.node.contract(named: "Visit")
        for call in Self.calls {
            clock.set("2026-03-02", hour: call.hour)
            let view = try call.number.map { try world.node.caseView(CaseReference(contract: "Visit", number: $0)) }
            var writer = try TransactionWriter(node: world.node, signer: world.administrator)
            _ = try world.node.commit([
                writer.sign(
                    action: call.action, contract: contract.digest, arguments: [], organisation: "insurer", on: view)
            ])
        }
        return world
    }

    private func states(_ world: World) throws -> [String] {
        try (1...5).map { try world.node.caseView(CaseReference(contract: "Visit", number: $0)).stateName }
    }

    @Test func timeAndFurtherCallsAreFollowed() throws {
        let changed = Self.recorded.replacing("after 2 hours", with: "after 4 hours").replacing(
            "hits > 1", with: "hits > 0")
        let (before, after) = (try world(Self.recorded), try world(changed))
        #expect(try states(before) == ["lapsed", "lapsed", "done", "lapsed", "waiting"])
        for (text, other) in [(Self.recorded, before), (changed, after)] {
            let program = try #require(Compiler.compile(SourceText(name: "visit", text)).program)
            var lines: [BacktestReport.Line] = []
            let report = try Backtest(
                node: before.node, program: program, source: SourceText(name: "visit", text)
            ).run(
                from: 1, to: .max, each: { lines.append($0) })
            lines.sort { $0.number < $1.number }
            #expect(lines.map(\.before.state) == (try states(before)))
            #expect(lines.map(\.after.state) == (try states(other)))
            // A call that never reached its case is told as well.
            #expect(lines.map { $0.problem != nil } == [false, false, true, false, false])
            #expect(lines[2].before.reasons.map(\.code) == ["unknown"])
            #expect(report.lines.map(\.number) == lines.filter { $0.isDifferent || $0.problem != nil }.map(\.number))
            #expect(report.movements.map(\.count).reduce(0, +) == 5)
        }
    }
}

extension Array {
    fileprivate func chunked(by size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
