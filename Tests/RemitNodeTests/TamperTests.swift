import CSQLite
import Foundation
import RemitLedger
import RemitNode
import RemitStore
import RemitValues
import Testing

/// One value changed in any committed row: verification says which block, or which state row.
@Suite struct TamperTests {
    /// The seed of what is sampled; REMIT_SOAK=1 changes every byte instead.
    static let seed: UInt64 = 20_260_601
    static let isSoak = ProcessInfo.processInfo.environment["REMIT_SOAK"] == "1"

    /// Changes a ledger in one place at a time; verification must notice each change and say where.
    @discardableResult
    static func changeEverything(
        in path: String, _ copy: String, tables: [String] = Tamper.chainTables, atLeast count: Int, limit: Int? = nil
    ) throws -> [Tamper.Change] {
        let changes = try Tamper.changes(in: path, tables, seed: Self.seed, everyByte: Self.isSoak, limit: limit)
        #expect(changes.count > count)
        for change in changes {
            try Tamper.copy(path, to: copy)
            do {
                try Tamper.apply(change, to: copy)
            } catch let failure as Tamper.SQLFailure where failure.message.contains("UNIQUE constraint failed") {
                // Two rows would have one key: the database itself does not let that happen.
                continue
            }
            let found = Self.problems(copy)
            #expect(!found.isEmpty, "nobody noticed \(change), seed \(Self.seed)")
            let named = found.contains {
                $0.contains("block ") || $0.contains("state row") || $0.contains("`case_version`")
                    || $0.contains("table base") || $0.contains("no key of its node") || $0.contains("the vault")
                    || $0.contains("table vault")
            }
            #expect(named, "\(change), seed \(Self.seed): \(found)")
        }
        // No column of the schema is left out.
        for table in try Tamper.tables(in: path) where tables.contains(table.name) {
            let touched = Set(changes.filter { $0.table == table.name }.map(\.column))
            #expect(touched == Set(table.columns.map(\.name)), "\(table.name)")
        }
        if Self.isSoak { print("every byte: \(changes.count) changes of a ledger, each one found and placed") }
        return changes
    }

    /// A small ledger with a refusal, a change of rows and two blocks of claims.
    static func small() throws -> World {
        let world = try World()
        let contract = try world.deployCommercial()
        var batch = try Adjudicator(
            node: world.node, contract: contract, action: "submit", signer: try World.signer("clearing-house"),
            blockSize: 2)
        for (identifier, price) in [("C-1", "1.5"), ("C-2", "2.5"), ("C-1", "3.5")] {
            _ = try batch.take(
                BatchCall(
                    identifier: identifier, organisation: "north", arguments: try World.claim(identifier, price: price))
            )
        }
        _ = try batch.flush()
        #expect(try Verification.run(path: world.path, replaying: true).problems.isEmpty)
        return world
    }

    /// What verification says of a file; a store that refuses to read a row says so too.
    static func problems(_ path: String) -> [String] {
        do {
            return try Verification.run(path: path, replaying: false).problems.map(\.description)
        } catch {
            return [error.message]
        }
    }

    @Test func everyColumnOfEveryRowIsGuarded() throws {
        let world = try Self.small()
        let copy = world.folder.appendingPathComponent("copy.sqlite")
        try Self.changeEverything(in: world.path, copy.path, atLeast: 500)
    }

    /// A table that is new is in none of the lists until somebody puts it there.
    @Test func everyTableOfTheSchemaIsAmongThoseThatAreChanged() throws {
        let world = try World()
        let listed =
            Tamper.chainTables + Tamper.baseTables + Tamper.engineTables + Tamper.findingTables + Tamper.vaultTables
        #expect(try Tamper.tables(in: world.path).map(\.name) == listed.sorted())
    }

    /// What cases did by themselves, and the movements of money.
    @Test func deadlinesAndPostingsAreGuarded() throws {
        let hospital = try Hospital()
        hospital.clock.set("2026-03-02", hour: 9)
        _ = try hospital.request(80_000)
        hospital.clock.advance(days: 30)
        #expect(try (hospital.node.commitDue()?.deadlines.count ?? 0) > 0)
        let copy = hospital.world.folder.appendingPathComponent("copy.sqlite").path
        try Self.changeEverything(in: hospital.world.path, copy, tables: Tamper.engineTables, atLeast: 50)
    }

    @Test func theVaultIsGuarded() throws {
        let ward = try Ward()
        try ward.load([("P-1", "A"), ("P-2", "B")])
        try ward.admit("P-1", age: 30, note: "n", reasons: ["r"])
        try ward.admit("P-2", age: 95)
        ward.clock.advance(days: 31)
        #expect(try ward.node.commitDue()?.deadlines.count == 2)
        try ward.perform("assess", [.integer(2)], on: 1)
        let assessment = try #require(try ward.node.history(of: Ward.reference(1)).last).digest
        let seed = try #require(try ward.node.seedCommitment(ofTransaction: assessment))
        let subject = try #require(try ward.node.subject(.text("P-2")))
        let scopes: [ErasureScope] = [
            .ofCase(Ward.reference(1), fields: ["age"]), .transaction(seed), .subject(subject),
            .ofCase(Ward.reference(1), fields: []),
        ]
        for scope in scopes {
            #expect(try ward.erase(scope).word == "done")
            // So far apart that no bit of a height makes one erasure another.
            for _ in 0..<4 { try ward.perform("mark", on: 2) }
        }
        try ward.admit("P-1", age: 31, note: "m")
        let path = ward.world.folder.appendingPathComponent("due.sqlite").path
        try Tamper.copy(ward.world.path, to: path)
        try Tamper.run(path, "INSERT INTO vault_purge SELECT max(height) FROM erased")
        #expect(Self.problems(path) == [])
        let copy = ward.world.folder.appendingPathComponent("copy.sqlite").path
        try Self.changeEverything(
            in: path, copy, tables: Tamper.findingTables + Tamper.vaultTables, atLeast: 200, limit: 12)
    }

    /// What has been erased is not there again, whether or not the row still says that it is gone.
    @Test func whatWasErasedAndIsThereAgainIsFound() throws {
        let ward = try Ward()
        try ward.load([("P-1", "A")])
        try ward.admit("P-1", age: 30)
        let before = ward.world.folder.appendingPathComponent("before.sqlite").path
        try Tamper.copy(ward.world.path, to: before)
        try ward.erase(.ofCase(Ward.reference(1), fields: ["age"]))
        try ward.erase(.ofCase(Ward.reference(1), fields: []))
        let copy = ward.world.folder.appendingPathComponent("copy.sqlite").path
        let old = "FROM old.vault o WHERE o.commitment = vault.commitment"
        for (change, text) in [
            ("UPDATE vault SET box = (SELECT o.box \(old)) WHERE erased IS NOT NULL", "and has a box for it"),
            (
                "UPDATE vault SET erased = NULL, box = (SELECT o.box \(old)), subject = (SELECT o.subject \(old)) "
                    + "WHERE erased IS NOT NULL", "the vault holds the value of the commitment"
            ),
            ("UPDATE vault SET erased = NULL WHERE erased IS NOT NULL", "is damaged"),
            (
                "UPDATE vault SET erased = (SELECT max(erased) FROM vault) WHERE erased IS NOT NULL",
                "and block \(ward.node.head.height - 1) did"
            ),
            (
                "UPDATE vault SET commitment = x'\(String(repeating: "41", count: 32))' WHERE commitment = (SELECT "
                    + "commitment FROM vault WHERE erased = (SELECT min(erased) FROM vault) "
                    + "AND source IS NOT NULL LIMIT 1)",
                "stands nowhere in block"
            ),
        ] {
            try Tamper.copy(ward.world.path, to: copy)
            try Tamper.run(
                copy,
                "PRAGMA ignore_check_constraints = ON; ATTACH '\(before)' AS old; "
                    + "INSERT OR IGNORE INTO vault_key SELECT * FROM old.vault_key; \(change)")
            for replaying in [false, true] {
                let found = try Verification.run(path: copy, replaying: replaying).problems.map(\.description)
                #expect(found.contains { $0.contains(text) }, "\(change): \(found)")
            }
        }
    }

    @Test func rowsThatAreTakenOutOrPutInAreFound() throws {
        let world = try Self.small()
        let copy = world.folder.appendingPathComponent("copy.sqlite").path
        var changes: [String] = []
        for (table, keys) in [("tx", "height, position"), ("state", "space, item, since")] {
            for row in 0..<(try Tamper.count(table, in: world.path)) {
                let place = "(SELECT \(keys) FROM \(table) ORDER BY \(keys) LIMIT 1 OFFSET \(row))"
                changes.append("DELETE FROM \(table) WHERE (\(keys)) = \(place)")
            }
        }
        let last = try Tamper.count("block", in: world.path) - 1
        // A chain cut short is a chain; so the last block is not taken out here.
        changes += (0..<last).map { "DELETE FROM block WHERE height = \($0)" }
        changes += [
            "INSERT INTO state (space, item, since, until, value) VALUES ('person', x'61', 0, NULL, x'00')",
            "INSERT INTO state SELECT space, item, since + 1, NULL, value FROM state",
            "INSERT INTO state (space, item, since, until, value) VALUES ('person', x'61', 0, 1, x'00')",
            "UPDATE state SET until = since + 1 WHERE until IS NULL", "UPDATE tx SET case_reference = NULL",
            "UPDATE tx SET findings = NULL", "UPDATE tx SET case_reference = 'CommercialClaim/9' WHERE height = 0",
            "UPDATE block SET transactions = transactions + 1 WHERE height = 2",
        ]
        #expect(changes.count > 20)
        for change in changes {
            try Tamper.copy(world.path, to: copy)
            do {
                try Tamper.run(copy, "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; \(change)")
            } catch let failure as Tamper.SQLFailure where failure.message.contains("UNIQUE constraint failed") {
                continue
            }
            let found = Self.problems(copy)
            #expect(
                found.contains { $0.contains("block ") || $0.contains("state row") }, "\(change): \(found)")
        }
    }

    /// A node that writes a wrong receipt and signs it is caught by executing again, and by nothing else.
    @Test func aWronglySignedReceiptIsFoundByReplay() throws {
        let world = try World()
        _ = try world.deployCommercial()
        let store = try ChainStore(path: world.path, mode: .readOnly)
        guard let block = try store.block(at: 1), let record = block.transactions.last else {
            Issue.record("block 1 is missing")
            return
        }
        var receipts = try block.transactions.map { try Receipt(decoding: $0.receipt) }
        receipts[receipts.count - 1].cost += 1
        var header = try BlockHeader(decoding: block.header)
        header.receiptRoot = MerkleTree.root(ofDigests: receipts.map(\.digest))
        let signed = try SignedHeader(signing: header, by: world.nodeSigner)
        let copy = world.folder.appendingPathComponent("copy.sqlite").path
        try Tamper.copy(world.path, to: copy)
        try Tamper.run(
            copy,
            """
            UPDATE block SET header = x'\(Hex.encode(header.encoded))', digest = x'\(header.digest.hex)',
              signature = x'\(Hex.encode(signed.signature.bytes))' WHERE height = 1;
            UPDATE decision SET cost = 2 WHERE height = 1 AND position = \(receipts.count - 1);
            UPDATE tx SET receipt = x'\(Hex.encode(receipts[receipts.count - 1].encoded))'
              WHERE digest = x'\(Hex.encode(record.digest))';
            """)
        #expect(try Verification.run(path: copy, replaying: false).problems.map(\.description) == [])
        let found = try Verification.run(path: copy, replaying: true).problems.map(\.description)
        #expect(
            found == [
                "block 1, transaction \(receipts.count - 1): re-execution costs 1 steps, recorded are 2"
            ])
    }
}
