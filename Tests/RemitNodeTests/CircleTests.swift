import RemitLanguage
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues
import Testing

/// Deadlines and rounds that lead back to themselves at the moment at which they fire, on a chain.
@Suite struct CircleTests {
    /// Contracts of one start, each in a circle of its own.
    private static let contracts: [(name: String, rules: String, states: String)] = [
        ("Reminder", "after 7 days past visit in booked { add 1 to hits become booked }", "booked"),
        ("Nothing", "after 0 minutes in booked { add 1 to hits become booked }", "booked"),
        ("Itself", "after 7 days past visit in booked { add 1 to hits set visit to visit }", "booked"),
        (
            "ToAndFro",
            """
            after 7 days past visit in booked { add 1 to hits become missed }
            after 1 day past visit in missed { add 10 to hits become booked }
            """, "booked, missed"
        ),
        (
            "Entering",
            """
            entering booked { set visit to visit }
            after 7 days past visit in booked { add 1 to hits become missed }
            after 0 minutes in missed { add 10 to hits become booked }
            """, "booked, missed"
        ),
    ]

    private static func source(_ name: String, _ rules: String, _ states: String) -> String {
        """
        contract \(name) version 1
          title "\(name)"
        role Clerk, Nurse, Doctor
        case { visit : Date hits : Integer starts 0 }
        state \(states)
        final state done
        action ask opens booked by Clerk enters visit { become booked }
        action finish in \(states) by Clerk { become done }
        \(rules)
        """
    }

    private static func clock() throws -> TestClock {
        guard let start = Instant(seconds: 1_772_413_200) else { throw World.Missing() }
        let clock = TestClock(start)
        clock.set("2026-03-02", hour: 9)
        return clock
    }

    private static func perform(
        _ world: World, _ contract: String, _ action: String, _ arguments: [Value] = [], on number: Int64? = nil
    ) throws -> CommittedBlock {
        let deployed = try world.node.contract(named: contract)
        let view = try number.map { try world.node.caseView(CaseReference(contract: contract, number: $0)) }
        var writer = try TransactionWriter(node: world.node, signer: world.administrator)
        return try world.node.commit([
            writer.sign(
                action: action, contract: deployed.digest, arguments: arguments, organisation: "insurer", on: view)
        ])
    }

    /// "A block runs what has fallen due before its transactions, by due time, case, order of writing, with `now` the
    /// due time; the node makes a block if none is coming."
    @Test func aLedgerGoesOnWhereADeadlineLeadsBackToItself() throws {
        let clock = try Self.clock()
        let world = try World(clock: clock)
        try world.system([.grantRole(person: "ann", role: "Clerk", organisation: "insurer")])
        for entry in Self.contracts {
            let text = Self.source(entry.name, entry.rules, entry.states)
            try world.system([.deployContract(source: TextValue(text), home: "insurer")])
        }
        let visit = try #require(CalendarDate.parse("2026-03-02"))
        for entry in Self.contracts {
            #expect(try Self.perform(world, entry.name, "ask", [.date(visit)]).words == ["done"])
        }
        clock.set("2026-03-20", hour: 9)
        _ = try world.node.commitDue()
        // Nothing is left to fall due, and what acts goes on.
        #expect(try world.node.commitDue() == nil)
        let hits = try Self.contracts.map { entry in
            try world.node.caseView(CaseReference(contract: entry.name, number: 1)).field("hits")
        }
        #expect(hits == [.integer(1), .integer(1), .integer(1), .integer(11), .integer(11)])
        for entry in Self.contracts {
            #expect(try Self.perform(world, entry.name, "finish", on: 1).words == ["done"])
        }
        #expect(try Verification.run(path: world.path, replaying: true).problems.map(\.description) == [])
    }

    /// What has fired is told again as it was decided, at each place of the chain of deadlines.
    @Test func whatAChainOfDeadlinesDidIsToldAgain() throws {
        let clock = try Self.clock()
        let world = try World(clock: clock)
        let entry = Self.contracts[3]
        try world.system([
            .grantRole(person: "ann", role: "Clerk", organisation: "insurer"),
            .deployContract(
                source: TextValue(Self.source(entry.name, entry.rules, entry.states)), home: "insurer"),
        ])
        let visit = try #require(CalendarDate.parse("2026-03-02"))
        _ = try Self.perform(world, entry.name, "ask", [.date(visit)])
        clock.set("2026-03-20", hour: 9)
        let block = try #require(try world.node.commitDue())
        #expect(block.fired == ["done", "done"])
        let work = try world.node.deadlineWork(of: CaseReference(contract: entry.name, number: 1))
        let told = work.map { item in
            item.transition.map {
                TraceNarrator(program: item.program, source: item.source.bytes).sentences($0)
            } ?? []
        }
        #expect(told.count == 2)
        #expect(
            told.last?.contains { $0.hasSuffix("was over at this moment already, and does not start again.") } == true)
        #expect(work.map(\.due).first == work.map(\.due).last)
    }

    /// A round that would be overdue again at the moment at which it is stalls, and whoever may sign still signs.
    @Test func aRoundThatLeadsBackToItselfStalls() throws {
        let clock = try Self.clock()
        let world = try World(clock: clock)
        let round = """
            approval consent in booked needs 1 of Nurse and 1 of Doctor within 0 minutes {
              granted { become done } declined { become done } overdue { add 1 to hits become booked }
            }
            """
        try world.system([
            .grantRole(person: "ann", role: "Clerk", organisation: "insurer"),
            .deployContract(source: TextValue(Self.source("Round", round, "booked")), home: "insurer"),
        ])
        let visit = try #require(CalendarDate.parse("2026-03-02"))
        _ = try Self.perform(world, "Round", "ask", [.date(visit)])
        clock.set("2026-03-20", hour: 9)
        let block = try #require(try world.node.commitDue())
        #expect(block.fired == ["stalled"])
        #expect(try world.node.commitDue() == nil)
        guard case .stalled(let reason) = block.deadlines[0].receipt.outcome else { throw World.Missing() }
        #expect(reason == "state: `consent` would be overdue again at the moment at which it is")
        #expect(try Self.perform(world, "Round", "finish", on: 1).words == ["done"])
        #expect(try Verification.run(path: world.path, replaying: true).problems.map(\.description) == [])
    }
}
