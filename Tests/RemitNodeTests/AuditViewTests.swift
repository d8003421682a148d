import Foundation
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues
import Testing

/// What an auditor reads about deadlines, migrations and erasures.
@Suite struct AuditViewTests {
    private func lending() throws -> Lending {
        let lending = try Lending()
        for (name, amount) in [("one", 100), ("two", 50), ("boom", 20)] {
            _ = try lending.ask(TextValue(name), Int64(amount))
        }
        _ = try lending.perform("approve consent", by: "bo", on: 2)
        _ = try lending.deploy(Lending.second(migration: ""))
        lending.clock.set("2026-04-01", hour: 0)
        _ = try lending.node.commitDue()
        return lending
    }

    private func migrated() throws -> Lending {
        let lending = try Lending()
        for (name, amount) in [("one", 100), ("boom", 20)] { _ = try lending.ask(TextValue(name), Int64(amount)) }
        lending.clock.set("2026-03-03", hour: 9)
        _ = try lending.deploy(Lending.second(begins: ""))
        _ = try lending.node.commitDue()
        return lending
    }

    @Test func whatFellDueIsInTheViews() throws {
        let lending = try lending()
        let path = lending.world.path
        #expect(
            try SQL.rows(path, "SELECT case_reference, contract, outcome, reason, clauses FROM deadlines ORDER BY 1")
                == [
                    ["Lending/1", "Lending", "done", "NULL", "timer:1"],
                    ["Lending/3", "Lending", "done", "NULL", "timer:1"],
                ])
        #expect(
            try SQL.rows(path, "SELECT work, contract, case_reference, outcome, clauses, text FROM migrations") == [
                ["version", "Lending", "NULL", "done", "version:Lending/2", ""]
            ])
        // The history of a case has them in their places.
        let history = try SQL.rows(
            path, "SELECT call, outcome, position < 0 FROM decisions WHERE case_reference = 'Lending/1' ORDER BY height"
        )
        #expect(history == [["ask", "done", "0"], ["deadline", "done", "1"]])
        try lending.verify()
    }

    @Test func migrationsAreInTheViews() throws {
        let lending = try migrated()
        let path = lending.world.path
        let second = try lending.node.contract(named: "Lending").digest.hex
        #expect(
            try SQL.rows(path, "SELECT work, case_reference, outcome, text FROM migrations ORDER BY height, number")
                == [
                    ["migration", "Lending/1", "done", second], ["migration", "Lending/2", "stalled", ""],
                    ["migrating", "NULL", "done", ""],
                ])
        let reasons = try SQL.rows(path, "SELECT reason FROM migrations WHERE outcome = 'stalled'")
        #expect(reasons.count == 1 && reasons != [["NULL"]])
    }

    /// A ledger without the later tables gets their rows when it is opened for writing.
    @Test func theFormatBeforeIsBroughtUpToDate() throws {
        let lending = try lending()
        let old = lending.world.folder.appendingPathComponent("old.sqlite").path
        try Tamper.copy(lending.world.path, to: old)
        try Tamper.run(
            old,
            """
            DROP VIEW deadlines; DROP VIEW migrations; DROP VIEW erasures; DROP TABLE fired; DROP TABLE erased;
            PRAGMA user_version = 4;
            """)
        let node = try LedgerNode(
            path: old, access: .writing, signer: lending.world.nodeSigner, clock: lending.clock)
        #expect(node.head.digest == lending.node.head.digest)
        #expect(try Verification.run(path: old, replaying: false).problems.map(\.description) == [])
        for query in ["SELECT * FROM fired", "SELECT * FROM deadlines", "SELECT * FROM decisions ORDER BY 1, 2"] {
            let rows = try SQL.rows(old, query)
            #expect(try rows == SQL.rows(lending.world.path, query) && !rows.isEmpty)
        }
    }

    /// What somebody writes into the tables is found.
    @Test func aChangedRowIsFound() throws {
        let lending = try lending()
        let other = lending.world.folder.appendingPathComponent("other.sqlite").path
        for change in [
            "UPDATE fired SET reason = 'late' WHERE position = 0", "DELETE FROM fired WHERE work = 'version'",
            "INSERT INTO erased VALUES (1, x'00', 'case', 'Lending/1', '')",
        ] {
            try? FileManager.default.removeItem(atPath: other)
            try Tamper.copy(lending.world.path, to: other)
            try Tamper.run(other, change)
            let problems = try Verification.run(path: other, replaying: false).problems.map(\.description)
            #expect(problems.contains { $0.contains("does not say what the bytes say") }, "\(change)")
        }
    }
}
