import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues
import Testing

@testable import RemitNode

/// Blocks that have done all that one does of what has fallen due.
@Suite struct SpentBlockTests {
    /// Each deadline goes through a million pairs.
    private static let pairs = """
        contract Pairs version 1
          title    "Pairs"
          timezone +08:00
        role Clerk
        case { day : Date  numbers : list of Integer (1000)  pairs : Integer starts 0 }
        state open
        final state done, late
        action file opens open by Clerk enters day, numbers { become open }
        action finish in open by Clerk { become done }
        after 1 day past day in open {
          set pairs to sum of (count of other in numbers where other is number) for number in numbers
          become late
        }
        """

    private static let numbers = Value.list((0..<1000).map { .integer(Int64($0)) })

    private func file(_ visits: Visits, _ day: String, _ writer: inout TransactionWriter) throws -> Transaction {
        let date = try #require(CalendarDate.parse(day))
        return try visits.sign("file", [.date(date), Self.numbers], of: "Pairs", &writer)
    }

    private func state(_ visits: Visits, _ number: Int64) throws -> String {
        try visits.node.caseView(CaseReference(contract: "Pairs", number: number)).stateName
    }

    /// Eight cases that fall due together, in as many blocks as their cost takes.
    private func pairs() throws -> Visits {
        let visits = try Visits([Self.pairs, Visits.first])
        var writer = try TransactionWriter(node: visits.node, signer: visits.world.administrator)
        var transactions: [Transaction] = []
        for _ in 1...8 { transactions.append(try file(visits, "2026-03-03", &writer)) }
        #expect(try visits.node.commit(transactions).words == Array(repeating: "done", count: 8))
        try visits.book("2026-03-02")
        visits.clock.set("2026-03-05", hour: 9)
        return visits
    }

    @Test func whatABlockDoesNotDoIsLeftForTheNext() throws {
        let visits = try pairs()
        var first = try TransactionWriter(node: visits.node, signer: visits.world.administrator)
        let behind = try visits.sign("finish", on: 8, of: "Pairs", &first)
        // What is not due goes on, and so does what is done.
        var writer = try TransactionWriter(node: visits.node, signer: visits.world.administrator)
        let calls = [
            behind, try file(visits, "2026-03-05", &writer), try visits.sign("finish", on: 1, &writer),
            try visits.sign("finish", on: 1, of: "Pairs", &writer),
        ]
        var faults: [Int: AdmissionFault] = [:]
        let checked = try calls.map { try #require(CheckedTransaction($0)) }
        let block = try #require(try visits.node.commit(checked) { faults[$0] = $1 })
        #expect(faults == [0: .behind])
        #expect(block.words == ["done", "done", "state"])
        let cost = block.deadlines.map(\.receipt.cost)
        #expect((1..<8).contains(cost.count))
        #expect(cost.reduce(0, +) >= Limits.steps)
        #expect(cost.dropLast().reduce(0, +) < Limits.steps)
        #expect(try state(visits, 1) == "late")
        #expect(try state(visits, 8) == "open")
        var order = block.deadlines.map(\.receipt.caseReference)
        while let next = try visits.node.commitDue() { order += next.deadlines.map(\.receipt.caseReference) }
        #expect(order == (1...8).map { "Pairs/\($0)" })
        #expect(try visits.perform([("finish", 9)], of: "Pairs") == ["done"])
        try visits.verify()
    }

    /// What a transaction starts in a block falls due in the next, whether the block is full or not.
    @Test func whatABlockOpensIsNotBehind() throws {
        let visits = try pairs()
        var writer = try TransactionWriter(node: visits.node, signer: visits.world.administrator)
        let opening = try file(visits, "2026-01-01", &writer)
        var body = opening.body
        (body.sequence, body.call, body.arguments) = (body.sequence + 1, "finish", [])
        (body.caseReference, body.revision) = ("Pairs/9", 1)
        let finish = try Transaction(signing: body, by: visits.world.administrator)
        var faults: [Int: AdmissionFault] = [:]
        let checked = try [opening, finish].map { try #require(CheckedTransaction($0)) }
        let block = try visits.node.commit(checked) { faults[$0] = $1 }
        #expect(faults == [:])
        #expect(block?.words == ["done", "done"])
        #expect(try state(visits, 9) == "done")
        try visits.verify()
    }

    /// Among what a full block leaves may be a later version: nothing is opened under the one before meanwhile.
    @Test func aFullBlockOpensNothingUnderAVersionThatALaterOneFollows() throws {
        let visits = try pairs()
        let later = Self.pairs.replacing("version 1", with: "version 2 from 2026-03-06")
        // Deployed before the day on which it begins, in a block in which nothing has fallen due.
        visits.clock.set("2026-03-04", hour: 9)
        let deployed = try visits.world.system([.deployContract(source: TextValue(later), home: "insurer")])
        guard case .done = deployed[0].receipt.outcome else { throw World.Missing() }
        visits.clock.set("2026-03-06", hour: 9)
        var writer = try TransactionWriter(node: visits.node, signer: visits.world.administrator)
        let signed = try file(visits, "2026-03-06", &writer)
        let opening = try #require(CheckedTransaction(signed))
        var faults: [Int: AdmissionFault] = [:]
        _ = try visits.node.commit([opening]) { faults[$0] = $1 }
        #expect(faults == [0: .behind])
        while try visits.node.commitDue() != nil {}
        #expect(try visits.node.contract(named: "Pairs").program.version == 2)
        let block = try visits.node.commit([opening]) { faults[$0] = $1 }
        #expect(block?.words == ["version"])
        try visits.verify()
    }

    /// A case that is behind is brought over as what it has become, and the others need not wait for it.
    @Test func aVersionBringsACaseOverOnceItIsCaughtUp() throws {
        let visits = try Visits()
        for day in ["2026-03-10", "2026-03-10", "2026-03-10", "2026-02-08"] { try visits.book(day) }
        try visits.book("2026-03-10")
        #expect(try visits.brief(4) == "1 missed 99")
        let second =
            Visits.first.replacing("version 1", with: "version 2")
            .replacing("after 1 hour in missed", with: "after 1 day in missed") + "\nmigrate from 1 {}\n"
        visits.clock.set("2026-03-02", hour: 10)
        let deployed = try visits.world.system([.deployContract(source: TextValue(second), home: "insurer")])
        guard case .done = deployed[0].receipt.outcome else { throw World.Missing() }
        #expect(try visits.brief(4) == "1 missed 199")
        var runs: [[String]] = []
        for minute in 1...4 {
            visits.clock.set("2026-03-02", hour: 10, minute: minute)
            if let block = try visits.node.commitDue() { runs.append(block.runs) }
        }
        // Missed on the 16th, and called for at each of the 346 hours since; then comes the migration of the case.
        #expect(
            runs == [
                ["Visits/4 100"] + [1, 2, 3, 5].map { "Visits/\($0) 1" } + ["migration:Visits/2:1-5 1"],
                ["Visits/4 48", "migration:Visits/2:6-5 1"],
            ])
        #expect(try (3...5).map { try visits.brief($0) } == ["2 booked 0", "2 missed 346", "2 booked 0"])
        try visits.verify()
    }
}
