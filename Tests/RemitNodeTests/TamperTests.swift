import CSQLite
import Foundation
import RemitLedger
import RemitNode
import RemitStore
import RemitValues
import Testing

/// One bit changed in any committed row: verification says which block, or which state row.
@Suite struct TamperTests {
    @Test func everyColumnOfEveryRowIsGuarded() throws {
        let world = try World()
        let contract = try world.deployCommercial()
        var batch = try Adjudicator(
            node: world.node, contract: contract, action: "submit", signer: try World.signer("clearing-house"),
            blockSize: 2)
        for number in 1...3 {
            _ = try batch.take(
                BatchCall(
                    identifier: "C-\(number)", organisation: "north",
                    arguments: try World.claim("C-\(number)", price: "\(number).5")))
        }
        _ = try batch.flush()
        #expect(try Verification.run(path: world.path, replaying: false).problems.isEmpty)
        let copy = world.folder.appendingPathComponent("copy.sqlite")
        let flips = try Tamper.flips(in: world.path)
        #expect(flips.count > 100)
        for flip in flips {
            try Tamper.copy(world.path, to: copy.path)
            do {
                try Tamper.apply(flip, to: copy.path)
            } catch let failure as Tamper.SQLFailure where failure.message.contains("UNIQUE constraint failed") {
                // Two rows would have one key: the database itself does not let that happen.
                continue
            }
            let found: [String]
            do {
                found = try Verification.run(path: copy.path, replaying: false).problems.map(\.description)
            } catch {
                // A number that no longer fits its column is refused by the store, which names the row.
                found = [error.message]
            }
            #expect(!found.isEmpty, "nobody noticed \(flip)")
            let named = found.contains { $0.contains("block ") || $0.contains("state row") }
            #expect(named, "\(flip): \(found)")
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

    /// A flip in the middle and at both ends of every value of every row.
    static func flips(in path: String) throws -> [Flip] {
        var flips: [Flip] = []
        let columns = [
            "block": ["digest", "time", "transactions", "header", "signature"],
            "tx": ["digest", "body", "signature", "receipt", "findings", "call", "outcome", "case_reference"],
            "state": ["space", "item", "since", "until", "value"],
        ]
        for (table, names) in columns.sorted(by: { $0.key < $1.key }) {
            let count = try integer(path, "SELECT count(*) FROM \(table)")
            for row in 0..<count {
                for name in names {
                    let size = try integer(
                        path, "SELECT ifnull(length(CAST(\(name) AS BLOB)), 0) FROM \(table) LIMIT 1 OFFSET \(row)")
                    guard size > 0 else { continue }
                    for bit in Set([0, Int(size) * 4, Int(size) * 8 - 1]).sorted() {
                        flips.append(Flip(table: table, row: row, column: name, bit: bit))
                    }
                }
            }
        }
        return flips
    }

    static func apply(_ flip: Flip, to path: String) throws {
        var database: OpaquePointer?
        guard sqlite3_open(path, &database) == SQLITE_OK else { throw SQLFailure(message: "open") }
        defer { sqlite3_close(database) }
        let keys = ["block": "height", "tx": "rowid", "state": "space, item, since"][flip.table] ?? "rowid"
        var statement: OpaquePointer?
        let select =
            "SELECT \(keys), \(flip.column), typeof(\(flip.column)) FROM \(flip.table) LIMIT 1 OFFSET \(flip.row)"
        guard sqlite3_prepare_v2(database, select, -1, &statement, nil) == SQLITE_OK,
            sqlite3_step(statement) == SQLITE_ROW
        else { throw SQLFailure(message: String(cString: sqlite3_errmsg(database))) }
        let keyCount = flip.table == "state" ? 3 : 1
        let column = Int32(keyCount)
        var bytes: [UInt8] = []
        let type = String(cString: sqlite3_column_text(statement, column + 1))
        var number = sqlite3_column_int64(statement, column)
        if type == "integer" {
            number ^= 1 << Int64(flip.bit % 32)
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
