import CSQLite
import Foundation
import RemitLedger

/// Changes single values through SQL, as somebody with the file could.
enum Tamper {
    /// A change of one column of one row.
    struct Change: CustomStringConvertible {
        /// What becomes of the value.
        enum Kind: Hashable {
            /// One bit of it is another.
            case bit(Int)
            /// It is gone.
            case cleared
            /// There is one where there was none, or an empty one.
            case filled
        }

        let definition: Table
        var table: String { definition.name }
        let row: Int
        let column: String
        let kind: Kind

        var description: String { "\(table) row \(row), column \(column), \(kind)" }
    }

    /// A table as the schema of a ledger has it: whatever stands there is changed.
    struct Table {
        struct Column {
            let name: String
            let type: String
            let isNullable: Bool
        }

        let name: String
        /// By what a row is named.
        let keys: String
        let columns: [Column]
    }

    struct SQLFailure: Error { let message: String }

    static func copy(_ path: String, to target: String) throws {
        for suffix in ["", "-wal", "-shm", ".lock"] { try? FileManager.default.removeItem(atPath: target + suffix) }
        try run(path, "VACUUM INTO '\(target)'")
    }

    /// The tables that a ledger without deadlines, money and private values has rows in.
    static let chainTables = ["block", "tx", "state", "decision", "case_version"]
    /// The one table that only a ledger made from a snapshot has a row in.
    static let baseTables = ["base"]
    /// What cases do by themselves, and the movements of money.
    static let engineTables = ["deadline", "fired", "posting"]
    /// What checks found.
    static let findingTables = ["finding"]
    /// What is private, and what of it was erased.
    static let vaultTables = ["vault", "vault_key", "vault_purge", "erased"]

    /// Every table of a ledger with every column, as its schema says.
    static func tables(in path: String) throws -> [Table] {
        let query = "SELECT name, sql LIKE '%WITHOUT ROWID' FROM sqlite_schema WHERE type = 'table' ORDER BY name"
        return try SQL.rows(path, query).map { row in
            let columns = try SQL.rows(path, "SELECT name, type, \"notnull\", pk FROM pragma_table_info('\(row[0])')")
            let keys = columns.filter { $0[3] != "0" }.map { $0[0] }
            return Table(
                name: row[0], keys: row[1] == "1" ? keys.joined(separator: ", ") : "rowid",
                columns: columns.map {
                    Table.Column(name: $0[0], type: $0[1], isNullable: $0[2] == "0" && $0[3] == "0")
                })
        }
    }

    static func count(_ table: String, in path: String) throws -> Int {
        Int(try SQL.rows(path, "SELECT count(*) FROM \(table)")[0][0]) ?? 0
    }

    /// For every value of every row a flip in the middle, at both ends and in places by chance, or in every byte; the
    /// value taken away where the table lets it, and one put where there is none.
    ///
    /// With a limit, at most so many changes of each kind to each column, of rows all over the table.
    static func changes(
        in path: String, _ names: [String], seed: UInt64, everyByte: Bool, limit: Int? = nil
    ) throws -> [Change] {
        var chance = SplitMix64(seed: seed)
        var changes: [Change] = []
        for table in try tables(in: path) where names.contains(table.name) {
            let parts = table.columns.map { "typeof(\($0.name)), ifnull(length(CAST(\($0.name) AS BLOB)), 0)" }
            let rows = try SQL.rows(
                path, "SELECT \(parts.joined(separator: ", ")) FROM \(table.name) ORDER BY \(table.keys)")
            for (index, column) in table.columns.enumerated() {
                var found: [[Change]] = [[], [], []]
                for (row, cells) in rows.enumerated() {
                    func add(_ kind: Change.Kind, _ group: Int) {
                        found[group].append(Change(definition: table, row: row, column: column.name, kind: kind))
                    }
                    let size = Int(cells[2 * index + 1]) ?? 0
                    if cells[2 * index] == "null" || size == 0 {
                        add(.filled, 2)
                        continue
                    }
                    let isNumber = cells[2 * index] == "integer"
                    var bits: Set<Int> = isNumber ? [0, 1, 31, 62] : [0, size * 4, size * 8 - 1]
                    if everyByte {
                        bits.formUnion(isNumber ? Array(0..<63) : (0..<size).map { $0 * 8 + chance.below(8) })
                    } else {
                        bits.insert(chance.below(isNumber ? 63 : size * 8))
                    }
                    for bit in bits.sorted() { add(.bit(bit), 0) }
                    if column.isNullable { add(.cleared, 1) }
                }
                for group in found {
                    guard let limit, !everyByte, group.count > limit else {
                        changes += group
                        continue
                    }
                    changes += (0..<limit).map { group[$0 * group.count / limit + chance.below(group.count / limit)] }
                }
            }
        }
        return changes
    }

    static func apply(_ change: Change, to path: String) throws {
        let table = change.definition
        guard let column = table.columns.first(where: { $0.name == change.column }) else {
            throw SQLFailure(message: "no such column")
        }
        let row =
            "(\(table.keys)) = (SELECT \(table.keys) FROM \(table.name) ORDER BY \(table.keys) LIMIT 1 "
            + "OFFSET \(change.row))"
        let value: String
        switch change.kind {
        case .cleared: value = "NULL"
        case .filled: value = ["INTEGER": "1", "TEXT": "'x'"][column.type] ?? "x'78'"
        case .bit(let bit):
            let cell = try SQL.rows(
                path,
                "SELECT typeof(\(column.name)), iif(typeof(\(column.name)) = 'integer', \(column.name), "
                    + "hex(CAST(\(column.name) AS BLOB))) FROM \(table.name) WHERE \(row)")[0]
            value = try flipped(bit, type: cell[0], cell[1])
        }
        try run(
            path,
            "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; UPDATE \(table.name) "
                + "SET \(column.name) = \(value) WHERE \(row)")
    }

    private static func flipped(_ bit: Int, type: String, _ text: String) throws -> String {
        if type == "integer" {
            guard let number = Int64(text) else { throw SQLFailure(message: "no number: \(text)") }
            return "\(number ^ 1 << Int64(bit))"
        }
        guard var bytes = Hex.decode(text.lowercased()), bytes.indices.contains(bit / 8) else {
            throw SQLFailure(message: "no bytes: \(text)")
        }
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        let literal = "x'\(Hex.encode(bytes))'"
        return type == "text" ? "CAST(\(literal) AS TEXT)" : literal
    }

    static func run(_ path: String, _ sql: String) throws {
        var database: OpaquePointer?
        guard sqlite3_open(path, &database) == SQLITE_OK else { throw SQLFailure(message: "open") }
        defer { sqlite3_close(database) }
        guard sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else {
            throw SQLFailure(message: String(cString: sqlite3_errmsg(database)))
        }
    }

    /// Numbers by chance from a seed.
    struct SplitMix64 {
        private var state: UInt64

        init(seed: UInt64) { state = seed }

        mutating func below(_ bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
        }
    }
}
