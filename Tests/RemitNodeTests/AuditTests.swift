import CSQLite
import Foundation
import RemitLedger
import RemitRuntime
import RemitStore
import RemitValues
import Testing

@testable import RemitNode

/// What an auditor reads with plain SQL agrees with the chain.
@Suite struct AuditTests {
    private func world() throws -> World {
        let world = try World()
        let contract = try world.deployCommercial()
        var batch = try Adjudicator(
            node: world.node, contract: contract, action: "submit", signer: try World.signer("clearing-house"),
            blockSize: 2)
        for (number, price) in ["1.5", "2.5", "99999999.5"].enumerated() {
            let arguments = try World.claim("C-\(number)", price: price)
            _ = try batch.take(BatchCall(identifier: "C-\(number)", organisation: "north", arguments: arguments))
        }
        _ = try batch.flush()
        return world
    }

    @Test func theViewsSayWhatTheNodeSays() throws {
        let world = try world()
        let cases = try SQL.rows(world.path, "SELECT reference, state, revision FROM cases ORDER BY reference")
        var expected: [[String]] = []
        try world.node.forEachCase(of: "CommercialClaim") { view in
            expected.append([view.reference.description, view.stateName, "\(view.stored.state.revision)"])
            return true
        }
        #expect(cases == expected && cases.count == 3)
        var log: [[String]] = []
        var findings = 0
        try world.node.forEachTransaction { entry, transaction, receipt in
            log.append([
                "\(entry.height)", "\(entry.position)", entry.call, entry.organisation, BlockRows.word(entry.outcome),
                entry.digest.hex, entry.sender.hex,
                transaction.body.contract == .zero ? "" : transaction.body.contract.hex,
            ])
            return true
        }
        let columns = "height, position, call, organisation, outcome, digest, sender, contract"
        #expect(
            try SQL.rows(world.path, "SELECT \(columns) FROM decisions ORDER BY height, position") == log)
        for entry in log {
            guard let height = UInt64(entry[0]), let position = Int(entry[1]) else { continue }
            findings += try world.node.explain(height: height, position: position).findings.findings.count
        }
        #expect(try SQL.rows(world.path, "SELECT count(*) FROM findings") == [["\(findings)"]])
        #expect(try SQL.rows(world.path, "SELECT count(*) FROM postings") == [["0"]])
    }

    /// A ledger of format 1 gets the rows when it is opened for writing, and they are those of a new ledger.
    @Test func anEarlierFormatIsBroughtUpToDate() throws {
        let world = try world()
        let old = world.folder.appendingPathComponent("old.sqlite").path
        try Tamper.copy(world.path, to: old)
        try Tamper.run(
            old,
            """
            DROP VIEW cases; DROP VIEW decisions; DROP VIEW postings; DROP VIEW findings;
            DROP VIEW deadlines; DROP VIEW migrations; DROP VIEW erasures; DROP TABLE fired; DROP TABLE erased;
            DROP TABLE decision; DROP TABLE finding; DROP TABLE posting; DROP TABLE case_version;
            DROP TABLE vault; DROP TABLE vault_key; DROP TABLE vault_purge; DROP TABLE base;
            DROP INDEX block_by_time; DROP INDEX current_queue;
            CREATE UNIQUE INDEX current_state ON state (space, item) WHERE until IS NULL; PRAGMA user_version = 1;
            """)
        #expect(throws: NodeError.self) { try LedgerNode(path: old, access: .reading, clock: try World.clock()) }
        let node = try LedgerNode(path: old, access: .writing, signer: world.nodeSigner, clock: try World.clock())
        #expect(node.head.digest == world.node.head.digest)
        #expect(try Verification.run(path: old, replaying: false).problems.map(\.description) == [])
        for table in ["decision", "finding", "posting", "case_version", "fired", "erased"] {
            let query = "SELECT * FROM \(table)"
            #expect(try SQL.rows(old, query) == SQL.rows(world.path, query))
        }
    }

    /// The example queries of the document run, and give what stands under them.
    @Test func theExampleQueriesRun() throws {
        let (world, hospital) = (try world(), try paidHospital())
        let queries = try exampleQueries()
        #expect(queries.count >= 6)
        for query in queries {
            let rows = try SQL.rows(world.path, query) + SQL.rows(hospital.world.path, query)
            #expect(!rows.isEmpty, "\(query)")
        }
    }

    private func exampleQueries() throws -> [String] {
        let document = World.root.appendingPathComponent("Docs/ledger.md")
        let text = try String(contentsOf: document, encoding: .utf8)
        return text.components(separatedBy: "```sql\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
    }

    /// A deposit, a payment of what was reserved, a reservation, and one that a deadline gave back.
    private func paidHospital() throws -> Hospital {
        let hospital = try Hospital()
        hospital.clock.set("2026-03-02", hour: 9)
        _ = try hospital.request(80_000)
        for person in ["wang", "zhao"] {
            #expect(try hospital.perform("approve funding", by: person, on: 1).words == ["done"])
        }
        let invoice = try #require(
            Document(digest: Array(repeating: 7, count: 32), mediaType: "application/pdf", size: 10))
        let bill: [Value] = [.money(try Hospital.yuan(80_000)), .document(invoice)]
        #expect(try hospital.perform("pay", bill, by: "chen", on: 1).words == ["done"])
        _ = try hospital.request(8_000)
        hospital.clock.set("2026-03-03", hour: 9, minute: 30)
        #expect(try #require(try hospital.node.commitDue()).fired == ["done"])
        _ = try hospital.request(9_000)
        return hospital
    }

    /// Deposits, payments and what deadlines do name a fund in one way, though receipts do not.
    @Test func postingsNameEachFundInOneWay() throws {
        let hospital = try paidHospital()
        let path = hospital.world.path
        let funds = try SQL.rows(path, "SELECT DISTINCT fund FROM posting ORDER BY fund")
        #expect(funds == [["EmergencyDisbursement.EmergencyFund"], ["EmergencyFund"]])
        let rows = try SQL.rows(path, "SELECT fund, minor_units FROM postings ORDER BY height, position, number")
        let amounts = ["20000000", "8000000", "8000000", "800000", "800000", "900000"]
        #expect(rows == amounts.map { ["EmergencyDisbursement.EmergencyFund", $0] })
    }

    @Test func theExampleOfPaymentsCountsPaymentsOnly() throws {
        let query = try #require(try exampleQueries().first { $0.contains("FROM postings") })
        let hospital = try paidHospital()
        let rows = try SQL.rows(hospital.world.path, query)
        #expect(rows == [["EmergencyDisbursement.EmergencyFund", "CNY", "8000000"]])
    }

    @Test func timesLeadToHeights() throws {
        let world = try world()
        let start = try World.clock().now
        let before = try #require(Instant(seconds: start.seconds - 1))
        #expect(try world.node.height(at: start) == world.node.head.height)
        #expect(try world.node.height(at: before) == nil)
    }
}

/// Plain SQL, as another program would run it.
enum SQL {
    struct Failure: Error { let message: String }

    static func rows(_ path: String, _ query: String) throws -> [[String]] {
        var database: OpaquePointer?
        defer { sqlite3_close(database) }
        guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, nil) == SQLITE_OK else {
            throw Failure(message: "open")
        }
        var rows: [[String]] = []
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(database, query, -1, &statement, nil) == SQLITE_OK else {
            throw Failure(message: String(cString: sqlite3_errmsg(database)))
        }
        defer { sqlite3_finalize(statement) }
        while sqlite3_step(statement) == SQLITE_ROW {
            rows.append(
                (0..<sqlite3_column_count(statement)).map { column in
                    sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "NULL"
                })
        }
        return rows
    }
}
