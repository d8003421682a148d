import RemitLanguage
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues
import Testing

/// Versions that take over, and what becomes of running cases.
@Suite struct MigrationTests {
    /// Five cases of the first version: one that waits, one that runs, one that is closed, a small one, and one that
    /// the migration refuses.
    private func lending() throws -> Lending {
        let lending = try Lending()
        for (name, amount) in [("one", 100), ("two", 50), ("three", 40), ("four", 5), ("boom", 20)] {
            #expect(try lending.ask(TextValue(name), Int64(amount)).words == ["done"])
        }
        for number: Int64 in [2, 3] {
            #expect(try lending.perform("approve consent", by: "bo", on: number).words == ["done"])
        }
        #expect(try lending.perform("close", on: 3).words == ["done"])
        return lending
    }

    /// "Running cases finish under the version they began with", and a version holds from its day.
    @Test func aVersionWaitsForItsDay() throws {
        let lending = try lending()
        #expect(try lending.deploy(Lending.second(migration: "")) == "done")
        let versions = try lending.node.versions(of: "Lending")
        try #require(versions.map(\.contract.program.version) == [1, 2])
        #expect(versions.map(\.isInForce) == [true, false])
        #expect(versions[1].begins?.utcText == "2026-03-31T16:00:00Z")
        #expect(try lending.ask("six", 10).words == ["done"])
        #expect(try lending.brief(6) == "1 waiting")
        // Nobody opens a case under a version that waits.
        var writer = try TransactionWriter(node: lending.node, signer: lending.world.administrator)
        let early = try lending.node.commit([
            writer.sign(
                action: "ask", contract: versions[1].contract.digest,
                arguments: [.text("seven"), .money(Hospital.yuan(1)), .enumeration("long")], organisation: "insurer",
                on: nil)
        ])
        #expect(early.words == ["version"])
        lending.clock.set("2026-04-01", hour: 0)
        // Rounds that nobody signed are overdue by then; the last thing that falls due is the version.
        let block = try #require(try lending.node.commitDue())
        #expect(block.fired.last == "done")
        #expect(block.deadlines.last?.findings.clauses == ["version:Lending/2"])
        #expect(try lending.node.contract(named: "Lending").program.version == 2)
        #expect(try lending.ask("seven", 10).words == ["done"])
        #expect(try lending.brief(7) == "2 pending 3")
        #expect(try lending.brief(2) == "1 running")
        #expect(try lending.perform("close", on: 2).words == ["done"])
        try lending.verify()
    }

    /// "A migrated case is one recorded transition; it keeps fields, reservations and closed rounds; an open round
    /// opens afresh."
    @Test func runningCasesComeOver() throws {
        let lending = try lending()
        lending.clock.set("2026-03-03", hour: 9)
        #expect(try lending.deploy(Lending.second(begins: "")) == "done")
        #expect(try lending.brief(1) == "1 waiting")
        let held = try lending.node.fund("Pot", of: "Lending").state
        let due = try lending.view(2).stored.state.due
        let block = try #require(try lending.node.commitDue())
        #expect(block.fired == ["done", "done", "stalled", "done"])
        #expect(
            block.deadlines.map(\.findings.clauses) == [
                ["migration:1"], ["migration:1"], ["migration:1", "refusal:requirement"], ["migration:Lending/2:1-5"],
            ])
        #expect(block.deadlines[0].receipt.caseReference == "Lending/1")
        #expect(try lending.brief(1, "score") == "2 pending 10")
        #expect(try lending.brief(2, "score") == "2 running 10")
        #expect(try lending.brief(3) == "1 closed")
        // The condition does not hold of the small one.
        #expect(try lending.brief(4) == "1 waiting")
        #expect(try lending.view(1).field("name") == .text("one"))
        #expect(try lending.view(1).field("kind") == .enumeration("short"))
        #expect(try lending.node.fund("Pot", of: "Lending").state == held)
        #expect(try lending.view(1).stored.state.reserved == [10_000])
        // The open round opens afresh, by the rule of the new version; the one that has ended stays granted.
        let round = try #require(try lending.view(1).stored.state.rounds[0])
        #expect(round.outcome == .open && round.due.utcText == "2026-03-04T01:00:00Z")
        #expect(try lending.view(2).stored.state.rounds[0]?.outcome == .granted)
        // The deadline of the state keeps its due time; the one that is new counts from the migration.
        let after = try lending.view(2).stored.state.due
        #expect(after[0] == due[0])
        #expect(after[1]?.utcText == "2026-03-13T01:00:00Z")
        try lending.verify()
    }

    @Test func migratedCasesGoOnByTheNewRules() throws {
        let lending = try lending()
        lending.clock.set("2026-03-03", hour: 9)
        _ = try lending.deploy(Lending.second(begins: ""))
        _ = try lending.node.commitDue()
        // "Registers outlive versions": the new version reads rows of the old one, and the other way round.
        #expect(try lending.ask("four", 10).words == ["unique"])
        #expect(try lending.ask("one", 10).words == ["unique"])
        #expect(try lending.ask("eight", 10).words == ["done"])
        #expect(try lending.perform("approve consent", by: "bo", on: 1).words == ["done"])
        #expect(try lending.perform("approve consent", by: "bo", on: 4).words == ["done"])
        #expect(try lending.perform("count", on: 4).words == ["done"])
        #expect(try lending.perform("close", on: 4).words == ["done"])
        #expect(try lending.ask("four", 10).words == ["done"])
        #expect(try lending.perform("close", on: 1).words == ["done"])
        #expect(try lending.ask("one", 10).words == ["done"])
        lending.clock.set("2026-04-02", hour: 9)
        let block = try #require(try lending.node.commitDue())
        // The deadline of 30 days kept its time, and the one that came with the version fired before it.
        #expect(block.fired.contains("done"))
        #expect(try lending.brief(2) == "2 expired 4")
        #expect(try lending.node.fund("Pot", of: "Lending").state.reserved == 0)
        try lending.verify()
    }

    /// "A migration that faults leaves the case under its old version", and is shown.
    @Test func aMigrationThatFaultsIsStalled() throws {
        let lending = try lending()
        _ = try lending.deploy(Lending.second(begins: ""))
        let block = try #require(try lending.node.commitDue())
        guard case .stalled(let reason) = block.deadlines[2].receipt.outcome else { throw World.Missing() }
        #expect(reason == "NO: boom may not go on")
        #expect(block.deadlines[2].receipt.changes.map(\.key.space) == ["due", "stalled"])
        #expect(try lending.brief(5) == "1 waiting")
        let reference = CaseReference(contract: "Lending", number: 5)
        #expect(try lending.node.stalledMigration(of: reference) == "NO: boom may not go on")
        #expect(try lending.node.stalledMigration(of: CaseReference(contract: "Lending", number: 1)) == nil)
        #expect(try lending.node.deadlineWork(of: reference).map(\.name) == ["migration from version 1"])
        #expect(try lending.perform("approve consent", by: "bo", on: 5).words == ["done"])
        #expect(try lending.brief(5) == "1 running")
        // The next version brings it over, and what stalled is cleared.
        let third = Lending.second(begins: "").replacing("version 2", with: "version 3")
            .replacing("  require not (name is \"boom\") else \"NO\" \"{name} may not go on\"\n", with: "")
            .replacing("  state waiting to pending\n", with: "  state waiting to pending\n  set lines to 8\n")
        #expect(try lending.deploy(third) == "done")
        lending.clock.set("2026-03-02", hour: 10)
        _ = try lending.node.commitDue()
        #expect(try lending.brief(5) == "3 running 8")
        #expect(try lending.node.stalledMigration(of: reference) == nil)
        // Those of version 2 stay there: the third version does not speak of them.
        #expect(try lending.brief(2) == "2 running 3")
        try lending.verify()
    }

    @Test func becomeInAMigrationIsANewEntry() throws {
        let lending = try lending()
        let migration = """
            migrate from 1 in running {
              set score to 0
              become running
            }
            """
        lending.clock.set("2026-03-05", hour: 9)
        _ = try lending.node.commitDue()
        #expect(try lending.deploy(Lending.second(begins: "", migration: migration)) == "done")
        let block = try #require(try lending.node.commitDue())
        #expect(block.fired == ["done", "done"])
        #expect(
            try lending.view(2).stored.state.due.map { $0?.utcText } == [
                "2026-05-04T01:00:00Z", "2026-03-15T01:00:00Z",
            ])
        try lending.verify()
    }

    /// An open round is closed where the new version has no such round in the state that the case is in.
    @Test func aRoundThatTheNewStateDoesNotHaveIsClosed() throws {
        let lending = try lending()
        let migration = "migrate from 1 in waiting { state waiting to running set score to 0 }"
        #expect(try lending.deploy(Lending.second(begins: "", migration: migration)) == "done")
        let block = try #require(try lending.node.commitDue())
        #expect(block.fired == ["done", "done", "done", "done"])
        #expect(try lending.brief(1) == "2 running 3")
        #expect(try lending.view(1).stored.state.rounds[0]?.outcome == .closed)
        #expect(try lending.perform("approve consent", by: "bo", on: 1).words == ["state"])
        // Its overdue time is none: the deadline of ten days is the next that acts.
        lending.clock.set("2026-03-12", hour: 9)
        let later = try #require(try lending.node.commitDue())
        #expect(later.fired == ["done", "done", "done"])
        #expect(try lending.brief(1) == "2 running 4")
        try lending.verify()
    }

    /// The work of one block is bounded, and nothing is left out.
    @Test func manyCasesComeOverInSeveralBlocks() throws {
        let lending = try Lending()
        let contract = try lending.node.contract(named: "Lending")
        var writer = try TransactionWriter(node: lending.node, signer: lending.world.administrator)
        let count = Limits.migratedCases + 100
        var transactions: [Transaction] = []
        for number in 1...count {
            transactions.append(
                try writer.sign(
                    action: "ask", contract: contract.digest,
                    arguments: [.text(TextValue("n\(number)")), .money(Hospital.yuan(0)), .enumeration("short")],
                    organisation: "insurer", on: nil))
        }
        _ = try lending.node.commit(transactions)
        let migration = "migrate from 1 { state waiting to pending set score to 0 }"
        _ = try lending.deploy(Lending.second(begins: "", migration: migration))
        let first = try #require(try lending.node.commitDue())
        #expect(first.fired.count == Limits.migratedCases + 1)
        #expect(try lending.node.versions(of: "Lending")[1].migrating == Int64(Limits.migratedCases + 1)...Int64(count))
        #expect(try lending.node.commitDue() == nil)
        lending.clock.set("2026-03-02", hour: 10)
        let second = try #require(try lending.node.commitDue())
        #expect(second.fired.count == 101)
        #expect(try lending.brief(Int64(count)) == "2 pending 3")
        #expect(try lending.node.nextDue()?.utcText == "2026-03-03T01:00:00Z")
        try lending.verify()
    }
}
