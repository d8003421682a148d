import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues
import Testing

@testable import RemitNode

/// Visits that are called for again every hour once they were missed, on a chain whose clock a test moves.
final class Visits {
    static let first = """
        contract Visits version 1
          title    "Visits"
          timezone +08:00
        role Clerk
        case { day : Date  calls : Integer starts 0 }
        state booked, missed
        final state done
        action book opens booked by Clerk enters day { become booked }
        action finish in booked, missed by Clerk { become done }
        after 7 days past day in booked { become missed }
        after 1 hour in missed { add 1 to calls become missed }
        """

    let clock: TestClock
    let world: World
    var node: LedgerNode { world.node }

    init(_ sources: [String] = [first]) throws {
        guard let start = Instant(seconds: 1_772_413_200) else { throw World.Missing() }
        clock = TestClock(start)
        clock.set("2026-03-02", hour: 9)
        world = try World(clock: clock)
        try world.system(
            [.grantRole(person: "ann", role: "Clerk", organisation: "insurer")]
                + sources.map { .deployContract(source: TextValue($0), home: "insurer") })
    }

    /// A call that is signed on what its case is now.
    func sign(
        _ call: String, _ arguments: [Value] = [], on number: Int64? = nil, of contract: String = "Visits",
        _ writer: inout TransactionWriter
    ) throws -> Transaction {
        let view = try number.map { try node.caseView(CaseReference(contract: contract, number: $0)) }
        let digest = try view?.stored.contract ?? node.contract(named: contract).digest
        return try writer.sign(
            action: call, contract: digest, arguments: arguments, organisation: "insurer", on: view)
    }

    /// Performs calls in one block; those that are turned away do not use up a number of the key.
    func perform(_ calls: [(call: String, number: Int64?)], of contract: String = "Visits") throws -> [String] {
        var words: [String] = []
        for (call, number) in calls {
            var writer = try TransactionWriter(node: node, signer: world.administrator)
            let transaction = try sign(call, on: number, of: contract, &writer)
            let checked = try #require(CheckedTransaction(transaction))
            var fault: AdmissionFault?
            let block = try node.commit([checked]) { (_, found) in fault = found }
            words.append(fault?.rawValue ?? block?.words.first ?? "nothing")
        }
        return words
    }

    @discardableResult
    func book(_ day: String) throws -> [String] {
        let day = try #require(CalendarDate.parse(day))
        var writer = try TransactionWriter(node: node, signer: world.administrator)
        return try node.commit([sign("book", [.date(day)], &writer)]).words
    }

    func brief(_ number: Int64) throws -> String {
        let view = try node.caseView(CaseReference(contract: "Visits", number: number))
        guard case .integer(let calls)? = view.field("calls") else { throw World.Missing() }
        return "\(view.program.version) \(view.stateName) \(calls)"
    }

    func verify() throws {
        #expect(try Verification.run(path: world.path, replaying: true).problems.map(\.description) == [])
    }
}

extension CommittedBlock {
    /// How often what fell due in it was of each case, in order.
    var runs: [String] {
        var runs: [(name: String, count: Int)] = []
        for execution in deadlines {
            let name = execution.receipt.caseReference ?? execution.findings.clauses.first ?? ""
            if runs.last?.name == name { runs[runs.count - 1].count += 1 } else { runs.append((name, 1)) }
        }
        return runs.map { "\($0.name) \($0.count)" }
    }
}

/// Deadlines without number: what one block runs, and what becomes of cases that are behind.
@Suite struct BehindTests {
    /// One day is mistyped by a thousand years; the other case has its deadlines in time.
    @Test func aCaseWithDeadlinesWithoutNumberHoldsUpNoOther() throws {
        let visits = try Visits()
        try visits.book("2026-03-01")
        try visits.book("1026-03-02")
        visits.clock.set("2026-03-09", hour: 2)
        let first = try #require(try visits.node.commitDue())
        #expect(first.runs == ["Visits/2 \(Limits.caseDeadlines)", "Visits/1 3"])
        #expect(try visits.brief(2) == "1 missed \(Limits.caseDeadlines - 1)")
        #expect(try visits.brief(1) == "1 missed 2")
        // The case that is behind goes on in each block; the other when its time comes.
        let second = try #require(try visits.node.commitDue())
        #expect(second.runs == ["Visits/2 \(Limits.caseDeadlines)"])
        visits.clock.set("2026-03-09", hour: 3)
        let third = try #require(try visits.node.commitDue())
        #expect(third.runs == ["Visits/2 \(Limits.caseDeadlines)", "Visits/1 1"])
        // Each fired at its own time, as one block would have it.
        let work = try visits.node.deadlineWork(of: CaseReference(contract: "Visits", number: 2))
        #expect(work.count == 3 * Limits.caseDeadlines)
        #expect(work.first?.due.utcText == "1026-03-09T16:00:00Z")
        #expect(zip(work, work.dropFirst()).allSatisfy { $1.due.seconds - $0.due.seconds == 3600 })
        #expect(work.allSatisfy { $0.transition != nil })
        try visits.verify()
    }

    /// What a sender saw of a case that is behind is not what it is: nothing acts on it, and nobody else waits.
    @Test func aCaseThatIsBehindIsNotActedUpon() throws {
        let visits = try Visits()
        try visits.book("2026-03-01")
        try visits.book("1026-03-02")
        var writer = try TransactionWriter(node: visits.node, signer: visits.world.administrator)
        let day = try #require(CalendarDate.parse("2026-03-09"))
        let wild = try visits.sign("finish", on: 2, &writer)
        let before = try visits.node.lastSequence(of: visits.world.administrator.publicKey)
        let error = #expect(throws: NodeError.self) { try visits.node.commit([wild]) }
        guard case .admission(.behind)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.hint?.contains("remit tick") ?? false)
        #expect(try visits.node.lastSequence(of: visits.world.administrator.publicKey) == before)
        // The others of a block go on; the number that was not used up is theirs.
        var other = try TransactionWriter(node: visits.node, signer: visits.world.administrator)
        let calls = [wild, try visits.sign("finish", on: 1, &other), try visits.sign("book", [.date(day)], &other)]
        var faults: [Int: AdmissionFault] = [:]
        let checked = try calls.map { try #require(CheckedTransaction($0)) }
        let block = try visits.node.commit(checked) { faults[$0] = $1 }
        #expect(faults == [0: .behind])
        #expect(block?.words == ["done", "done"])
        #expect(block?.runs == ["Visits/2 \(Limits.caseDeadlines)"])
        #expect(try visits.brief(1) == "1 done 0")
        try visits.verify()
    }

    /// A block that names a case which is behind could not have been made so.
    @Test func aPipelineTurnsItAwayAsWell() throws {
        let visits = try Visits()
        try visits.book("1026-03-02")
        var writer = try TransactionWriter(node: visits.node, signer: visits.world.administrator)
        let signed = try visits.sign("finish", on: 1, &writer)
        let finish = try #require(CheckedTransaction(signed))
        let pipeline = try BlockPipeline(node: visits.node)
        let told = Heard()
        for _ in 0..<4 { try pipeline.commit([finish], written: { told.add($0) }) }
        try pipeline.finish()
        #expect(told.refused == Array(repeating: [0: .behind], count: 4))
        #expect(told.fired == Array(repeating: Limits.caseDeadlines, count: 4))
        #expect(try visits.brief(1) == "1 missed \(4 * Limits.caseDeadlines - 1)")
        try visits.verify()
    }

    /// Days of deadlines are caught up block by block, and then the case is as any other.
    @Test func aCaseThatIsCaughtUpGoesOn() throws {
        let visits = try Visits()
        try visits.book("2026-02-12")
        visits.clock.set("2026-03-02", hour: 10)
        // Missed at midnight of the 20th; 250 hours later it is ten o'clock of the 2nd.
        var runs: [[String]] = []
        while let block = try visits.node.commitDue() { runs.append(block.runs) }
        #expect(runs == [["Visits/1 100"], ["Visits/1 100"], ["Visits/1 51"]])
        #expect(try visits.brief(1) == "1 missed 250")
        #expect(try visits.perform([("finish", 1)]) == ["done"])
        try visits.verify()
    }

    /// Nothing is remembered from block to block but what is on disk: whoever opens the ledger anew goes on as well.
    @Test func aLedgerThatIsOpenedAnewGoesOnTheSame() throws {
        let visits = try Visits()
        let again = try Visits()
        for each in [visits, again] {
            try each.book("2026-02-12")
            try each.book("2026-02-20")
            each.clock.set("2026-03-02", hour: 10)
        }
        var heads: [BlockHeader] = []
        while let block = try visits.node.commitDue() { heads.append(block.header) }
        #expect(heads.count == 2)
        var found: [BlockHeader] = []
        try again.node.close()
        for _ in heads {
            let node = try LedgerNode(
                path: again.world.path, access: .writing, signer: again.world.nodeSigner, clock: again.clock)
            found.append(try #require(try node.commitDue()).header)
            try node.close()
        }
        #expect(found == heads)
        #expect(try Verification.run(path: again.world.path, replaying: true).problems.map(\.description) == [])
    }

    /// "A block runs what has fallen due before its transactions, by due time, case, order of writing, with `now` the
    /// due time; the node makes a block if none is coming." At one moment each deadline of a case fires once, wherever
    /// the moment is cut.
    @Test func aMomentThatIsCutGoesOnWhereItStopped() throws {
        let count = 2 * Limits.caseDeadlines + 30
        // Each would start all others again, which count from the same field.
        let deadline = "after 1 hour past since in open { add 1 to hits set since to since }\n"
        let source = """
            contract Bells version 1
              title "Bells"
            role Clerk
            case { since : DateTime  hits : Integer starts 0 }
            state open
            final state done
            action begin opens open by Clerk { set since to now }
            action finish in open by Clerk { become done }

            """
        let visits = try Visits([source + String(repeating: deadline, count: count)])
        var writer = try TransactionWriter(node: visits.node, signer: visits.world.administrator)
        #expect(try visits.node.commit([visits.sign("begin", of: "Bells", &writer)]).words == ["done"])
        visits.clock.set("2026-03-02", hour: 12)
        let reference = CaseReference(contract: "Bells", number: 1)
        func hits() throws -> Value? { try visits.node.caseView(reference).field("hits") }
        let first = try #require(try visits.node.commitDue())
        #expect(first.runs == ["Bells/1 \(Limits.caseDeadlines)"])
        #expect(try hits() == .integer(Int64(Limits.caseDeadlines)))
        // In the middle of the moment nobody acts.
        #expect(try visits.perform([("finish", 1)], of: "Bells") == ["behind"])
        #expect(try hits() == .integer(Int64(2 * Limits.caseDeadlines)))
        #expect(try visits.node.commitDue()?.runs == ["Bells/1 30"])
        #expect(try hits() == .integer(Int64(count)))
        #expect(try visits.node.commitDue() == nil)
        let work = try visits.node.deadlineWork(of: reference)
        #expect(work.map(\.timer) == Array(0..<count))
        #expect(Set(work.map(\.due.utcText)) == ["2026-03-02T02:00:00Z"])
        #expect(try visits.perform([("finish", 1)], of: "Bells") == ["done"])
        try visits.verify()
    }
}

/// What a pipeline told of its blocks, in order.
private final class Heard: @unchecked Sendable {
    private(set) var refused: [[Int: AdmissionFault]] = []
    private(set) var fired: [Int] = []

    /// The pipeline tells of one block after the other.
    func add(_ result: Result<BlockPipeline.Told, NodeError>) {
        guard case .success(let told) = result else { return }
        refused.append(told.refused)
        fired.append(told.block?.deadlines.count ?? 0)
    }
}
