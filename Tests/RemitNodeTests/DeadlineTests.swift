import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues
import Testing

/// Deadlines that fault, and money between contracts, on a chain.
@Suite struct DeadlineTests {
    private static let taker = """
        contract Taker version 1
          title "Taker"
        role Clerk
        fund Pot in CNY kept by Clerk
        case { note : Text(10) }
        final state done
        action file opens done by Clerk enters note
          accept unapprovedPayment because "a test"
        { pay 0 CNY from Pot to actor }
        """

    private static let giver = """
        contract Giver version 1
          title "Giver"
          refers to Taker version 1
        role Clerk
        fund Purse in CNY kept by Clerk
        case { hits : Integer starts 0 }
        state waiting
        final state done
        action start opens waiting by Clerk { become waiting }
        action hit in waiting by Clerk { add 1 to hits }
        action give(amount: CNY) in waiting by Clerk
          accept unapprovedPayment because "a test"
        { transfer amount from Purse to Taker.Pot }
        action finish in waiting by Clerk { become done }
        after 1 hour in waiting { add 10 to hits }
        after 2 hours in waiting {
          add 100 to hits
          require hits > 1000 else "LATE" "Too few hits: {hits}"
        }
        after 3 hours in waiting { add 1 to hits }
        """

    private func world(_ clock: TestClock) throws -> World {
        let world = try World(clock: clock)
        try world.system(
            [
                .deployContract(source: TextValue(Self.taker), home: "insurer"),
                .deployContract(source: TextValue(Self.giver), home: "insurer"),
                .grantRole(person: "ann", role: "Clerk", organisation: "insurer"),
                .deposit(contract: "Giver", fund: "Purse", amount: try Hospital.yuan(100)),
            ])
        return world
    }

    private func perform(
        _ world: World, _ action: String, _ arguments: [Value] = [], on number: Int64? = nil
    ) throws -> CommittedBlock {
        let contract = try world.node.contract(named: "Giver")
        let view = try number.map { try world.node.caseView(CaseReference(contract: "Giver", number: $0)) }
        var writer = try TransactionWriter(node: world.node, signer: world.administrator)
        return try world.node.commit([
            writer.sign(
                action: action, contract: contract.digest, arguments: arguments, organisation: "insurer", on: view)
        ])
    }

    private func clock() throws -> TestClock {
        guard let start = Instant(seconds: 1_772_413_200) else { throw World.Missing() }
        let clock = TestClock(start)
        clock.set("2026-03-02", hour: 9)
        return clock
    }

    /// "A deadline that faults commits nothing, is recorded as *stalled* and shown, and is not retried unasked."
    @Test func aDeadlineThatFaultsIsStalled() throws {
        let clock = try clock()
        let world = try world(clock)
        _ = try perform(world, "start")
        clock.set("2026-03-02", hour: 15)
        let block = try #require(try world.node.commitDue())
        #expect(block.fired == ["done", "stalled", "done"])
        guard case .stalled(let reason) = block.deadlines[1].receipt.outcome else { throw World.Missing() }
        #expect(reason == "LATE: Too few hits: 110")
        #expect(block.deadlines[1].receipt.changes.map(\.key.space) == ["due", "stalled"])
        let view = try world.node.caseView(CaseReference(contract: "Giver", number: 1))
        #expect(view.field("hits") == .integer(11))
        #expect(try world.node.stalled(of: view) == ["the deadline in waiting: Too few hits: 110"])
        clock.set("2026-03-09", hour: 9)
        #expect(try world.node.commitDue() == nil)
        let late = try perform(world, "hit", on: 1)
        #expect(late.fired == [])
        #expect(late.words == ["done"])
        // Leaving the state clears what stalled.
        let last = try perform(world, "finish", on: 1)
        #expect(last.executions[0].receipt.changes.contains { $0.key.space == "stalled" && $0.value == nil })
        let report = try Verification.run(path: world.path, replaying: true)
        #expect(report.problems.map(\.description) == [])
    }

    /// "No contract calls another: it reads public cases, and may `transfer` into another's fund, never out of it."
    @Test func aTransferEntersTheFundOfAnotherContract() throws {
        let clock = try clock()
        let world = try world(clock)
        _ = try perform(world, "start")
        let block = try perform(world, "give", [.money(Hospital.yuan(30))], on: 1)
        #expect(block.words == ["done"])
        #expect(block.executions[0].receipt.postings.map(\.fund) == ["Purse", "Taker.Pot"])
        #expect(try world.node.fund("Purse", of: "Giver").state.balance == 7_000)
        #expect(try world.node.fund("Pot", of: "Taker").state.balance == 3_000)
        #expect(try perform(world, "give", [.money(Hospital.yuan(71))], on: 1).words == ["funds"])
        let report = try Verification.run(path: world.path, replaying: true)
        #expect(report.problems.map(\.description) == [])
    }
}
