import CSQLite
import Foundation
import RemitLedger
import RemitNode
import RemitStore
import RemitValues
import Testing

/// One bit changed in any committed row: verification says which block, or which state row.
@Suite struct TamperTests {
    /// The seed of what is sampled; REMIT_SOAK=1 changes every byte instead.
    static let seed: UInt64 = 20_260_601
    static let isSoak = ProcessInfo.processInfo.environment["REMIT_SOAK"] == "1"

    /// Changes bits of a ledger one at a time; verification must notice each and say where.
    static func flipEverything(
        in path: String, _ copy: String, tables: [String] = Tamper.chainTables, atLeast count: Int
    ) throws -> [Tamper.Flip] {
        let flips = try Tamper.flips(in: path, tables, seed: Self.seed, everyByte: Self.isSoak)
        #expect(flips.count > count)
        for flip in flips {
            try Tamper.copy(path, to: copy)
            do {
                try Tamper.apply(flip, to: copy)
            } catch let failure as Tamper.SQLFailure where failure.message.contains("UNIQUE constraint failed") {
                // Two rows would have one key: the database itself does not let that happen.
                continue
            }
            let found = Self.problems(copy)
            #expect(!found.isEmpty, "nobody noticed \(flip), seed \(Self.seed)")
            let named = found.contains {
                $0.contains("block ") || $0.contains("state row") || $0.contains("`case_version`")
                    || $0.contains("table base") || $0.contains("no key of its node") || $0.contains("the vault")
                    || $0.contains("table vault")
            }
            #expect(named, "\(flip), seed \(Self.seed): \(found)")
        }
        if Self.isSoak { print("every byte: \(flips.count) changes of a ledger, each one found and placed") }
        return flips
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
        let flips = try Self.flipEverything(in: world.path, copy.path, atLeast: 500)
        // Reasons, lines and sources may be absent from all rows of a small ledger.
        let touched = Set(flips.map { "\($0.table).\($0.column)" })
        let filled = try Tamper.columns.filter { table, _ in
            try Tamper.chainTables.contains(table) && Tamper.count(table, in: world.path) > 0
        }
        #expect(touched.count >= filled.values.joined().count - 3)
    }

    /// What cases did by themselves, and the movements of money.
    @Test func deadlinesAndPostingsAreGuarded() throws {
        let hospital = try Hospital()
        hospital.clock.set("2026-03-02", hour: 9)
        _ = try hospital.request(80_000)
        hospital.clock.advance(days: 30)
        #expect(try (hospital.node.commitDue()?.deadlines.count ?? 0) > 0)
        let copy = hospital.world.folder.appendingPathComponent("copy.sqlite").path
        let flips = try Self.flipEverything(
            in: hospital.world.path, copy, tables: ["deadline", "posting"], atLeast: 50)
        #expect(Set(flips.map(\.table)) == ["deadline", "posting"])
    }

    @Test func theVaultIsGuarded() throws {
        let ward = try Ward()
        try ward.load([("P-1", "A")])
        try ward.admit("P-1", age: 30)
        let copy = ward.world.folder.appendingPathComponent("copy.sqlite").path
        let flips = try Self.flipEverything(
            in: ward.world.path, copy, tables: ["vault", "vault_key"], atLeast: 200)
        #expect(Set(flips.map(\.table)) == ["vault", "vault_key"])
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

/// Changes single bits of single values through SQL, as somebody with the file could.
enum Tamper {
    struct Flip: CustomStringConvertible {
        let table: String
        let row: Int64
        let column: String
        let bit: Int

        var description: String { "\(table) row \(row), column \(column), bit \(bit)" }
    }

    struct SQLFailure: Error { let message: String }

    static func copy(_ path: String, to target: String) throws {
        for suffix in ["", "-wal", "-shm", ".lock"] { try? FileManager.default.removeItem(atPath: target + suffix) }
        try run(path, "VACUUM INTO '\(target)'")
    }

    /// Every column of every table.
    static let columns = [
        "block": ["height", "digest", "time", "transactions", "header", "signature"],
        "tx": [
            "height", "position", "digest", "body", "signature", "receipt", "findings", "call", "outcome",
            "case_reference",
        ],
        "state": ["space", "item", "since", "until", "value"],
        "decision": ["height", "position", "sender", "organisation", "contract", "reason", "clauses", "cost"],
        "finding": ["height", "position", "number", "severity", "code", "text", "clause", "line", "source"],
        "case_version": ["reference", "since", "contract", "state", "revision"],
        "base": ["height", "genesis", "checkpoint", "path"],
        "deadline": ["height", "position", "receipt", "findings", "case_reference", "outcome"],
        "posting": ["height", "position", "number", "fund", "debit", "credit", "currency", "minor_units"],
        "vault": ["commitment", "subject", "owner", "source", "height", "box"],
        "vault_key": ["subject", "key"],
    ]

    /// The tables that a ledger without deadlines, money and private values has rows in.
    static let chainTables = ["block", "tx", "state", "decision", "finding", "case_version", "base"]

    static func count(_ table: String, in path: String) throws -> Int64 {
        try integer(path, "SELECT count(*) FROM \(table)")
    }

    /// For every value of every row a flip in the middle, at both ends and in places by chance; or in every byte.
    static func flips(in path: String, _ tables: [String], seed: UInt64, everyByte: Bool) throws -> [Flip] {
        var flips: [Flip] = []
        var chance = seed | 1
        func below(_ bound: Int) -> Int {
            chance ^= chance << 13
            chance ^= chance >> 7
            chance ^= chance << 17
            return Int(chance % UInt64(bound))
        }
        for (table, names) in columns.sorted(by: { $0.key < $1.key }) where tables.contains(table) {
            for row in 0..<(try count(table, in: path)) {
                for name in names {
                    let cell = "FROM \(table) LIMIT 1 OFFSET \(row)"
                    let isNumber = try integer(path, "SELECT typeof(\(name)) = 'integer' \(cell)") == 1
                    let size = Int(try integer(path, "SELECT ifnull(length(CAST(\(name) AS BLOB)), 0) \(cell)"))
                    guard size > 0 else { continue }
                    var bits: Set<Int> = isNumber ? [0, 1, 31, 62] : [0, size * 4, size * 8 - 1]
                    if everyByte {
                        bits.formUnion(isNumber ? Array(0..<63) : (0..<size).map { $0 * 8 + below(8) })
                    } else {
                        bits.insert(below(isNumber ? 63 : size * 8))
                    }
                    flips += bits.sorted().map { Flip(table: table, row: row, column: name, bit: $0) }
                }
            }
        }
        return flips
    }

    static func apply(_ flip: Flip, to path: String) throws {
        var database: OpaquePointer?
        guard sqlite3_open(path, &database) == SQLITE_OK else { throw SQLFailure(message: "open") }
        defer { sqlite3_close(database) }
        let keys =
            [
                "block": "height", "tx": "rowid", "state": "space, item, since", "decision": "height, position",
                "finding": "height, position, number", "case_version": "reference, since",
                "base": "height", "posting": "height, position, number", "vault": "commitment", "vault_key": "subject",
            ][flip.table] ?? "rowid"
        var statement: OpaquePointer?
        let select =
            "SELECT \(keys), \(flip.column), typeof(\(flip.column)) FROM \(flip.table) LIMIT 1 OFFSET \(flip.row)"
        guard sqlite3_prepare_v2(database, select, -1, &statement, nil) == SQLITE_OK,
            sqlite3_step(statement) == SQLITE_ROW
        else { throw SQLFailure(message: String(cString: sqlite3_errmsg(database))) }
        let keyCount = keys.split(separator: ",").count
        let column = Int32(keyCount)
        var bytes: [UInt8] = []
        let type = String(cString: sqlite3_column_text(statement, column + 1))
        var number = sqlite3_column_int64(statement, column)
        if type == "integer" {
            number ^= 1 << Int64(flip.bit)
        } else {
            let count = Int(sqlite3_column_bytes(statement, column))
            if let start = sqlite3_column_blob(statement, column) {
                bytes = [UInt8](UnsafeRawBufferPointer(start: start, count: count))
            }
            bytes[flip.bit / 8] ^= 1 << UInt8(flip.bit % 8)
        }
        let literal = type == "integer" ? "\(number)" : "x'\(Hex.encode(bytes))'"
        let value = type == "text" ? "CAST(\(literal) AS TEXT)" : literal
        var conditions: [String] = []
        for (index, key) in keys.split(separator: ",").enumerated() {
            let position = Int32(index)
            let keyType = sqlite3_column_type(statement, position)
            let size = Int(sqlite3_column_bytes(statement, position))
            let name = key.filter { $0 != " " }
            if keyType == SQLITE_INTEGER {
                conditions.append("\(name) = \(sqlite3_column_int64(statement, position))")
            } else {
                let start = sqlite3_column_blob(statement, position)
                let raw = start.map { [UInt8](UnsafeRawBufferPointer(start: $0, count: size)) } ?? []
                let text = "x'\(Hex.encode(raw))'"
                conditions.append("\(name) = " + (keyType == SQLITE_TEXT ? "CAST(\(text) AS TEXT)" : text))
            }
        }
        sqlite3_finalize(statement)
        let sql =
            "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; UPDATE \(flip.table) "
            + "SET \(flip.column) = \(value) WHERE \(conditions.joined(separator: " AND "))"
        guard sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else {
            throw SQLFailure(message: String(cString: sqlite3_errmsg(database)))
        }
    }

    static func run(_ path: String, _ sql: String) throws {
        var database: OpaquePointer?
        guard sqlite3_open(path, &database) == SQLITE_OK else { throw SQLFailure(message: "open") }
        defer { sqlite3_close(database) }
        guard sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else {
            throw SQLFailure(message: String(cString: sqlite3_errmsg(database)))
        }
    }

    private static func integer(_ path: String, _ sql: String) throws -> Int64 {
        var database: OpaquePointer?
        guard sqlite3_open(path, &database) == SQLITE_OK else { throw SQLFailure(message: "open") }
        defer { sqlite3_close(database) }
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK,
            sqlite3_step(statement) == SQLITE_ROW
        else { throw SQLFailure(message: String(cString: sqlite3_errmsg(database))) }
        defer { sqlite3_finalize(statement) }
        return sqlite3_column_int64(statement, 0)
    }
}
