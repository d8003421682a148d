import CSQLite

/// A prepared statement.
final class Statement {
    let handle: OpaquePointer
    /// The table that the statement reads or writes, by which errors name it.
    let table: String
    /// What the statement is for, as in "reading table state".
    let purpose: String
    /// Whether rows of it are being read, so that it must not be started again.
    private(set) var isBusy = false

    private let database: OpaquePointer
    private let path: String

    /// Prepares `text`; the statement must be finalised before the connection closes.
    init(
        _ text: String, table: String, purpose: String, database: OpaquePointer, path: String, isKept: Bool
    ) throws(StoreError) {
        self.database = database
        self.table = table
        self.purpose = purpose
        self.path = path
        var statement: OpaquePointer?
        let flags = isKept ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
        let code = sqlite3_prepare_v3(database, text, -1, flags, &statement, nil)
        guard code == SQLITE_OK, let statement else {
            throw Connection.error(code, database: database, path: path, table: table, doing: purpose)
        }
        handle = statement
    }

    deinit {
        // What it returns is the code of the last step, which has been looked at already.
        _ = sqlite3_finalize(handle)
    }

    /// Runs the statement with `values` and hands over its rows until there are no more or `body` stops.
    func forEachRow(
        _ values: [Binding], doing: String?, _ body: (Row) throws(StoreError) -> Walk
    ) throws(StoreError) {
        precondition(!isBusy, "a statement is started again while its rows are read")
        isBusy = true
        defer {
            // The code of a reset repeats that of the last step, which has been looked at already.
            _ = sqlite3_reset(handle)
            _ = sqlite3_clear_bindings(handle)
            isBusy = false
        }
        try withBound(values, 0, doing) { () throws(StoreError) in
            while true {
                let code = sqlite3_step(handle)
                switch code {
                case SQLITE_ROW:
                    if try body(Row(statement: self)) == .stop {
                        return
                    }
                case SQLITE_DONE: return
                default: throw error(code, doing)
                }
            }
        }
    }

    /// The error for a result code of this statement.
    func error(_ code: Int32, _ doing: String? = nil) -> StoreError {
        Connection.error(code, database: database, path: path, table: table, doing: doing ?? purpose)
    }

    /// Binds the values from `index` on and calls `body` while their bytes stay where they are: nothing is copied.
    private func withBound(
        _ values: [Binding], _ index: Int, _ doing: String?, _ body: () throws(StoreError) -> Void
    ) throws(StoreError) {
        guard index < values.count else {
            return try body()
        }
        let parameter = Int32(truncatingIfNeeded: index &+ 1)
        switch values[index] {
        case .null: try check(sqlite3_bind_null(handle, parameter), doing)
        case .integer(let value): try check(sqlite3_bind_int64(handle, parameter, value), doing)
        case .text(let value):
            // Nearly every text has its bytes in one piece already.
            var outcome: Result<Void, StoreError>?
            value.utf8.withContiguousStorageIfAvailable { bytes in
                outcome = Result { () throws(StoreError) in try withBound(text: bytes, values, index, doing, body) }
            }
            if let outcome { return try outcome.get() }
            return try Array(value.utf8).withUnsafeBufferPointer { bytes throws(StoreError) in
                try withBound(text: bytes, values, index, doing, body)
            }
        case .bytesOfText(let bytes):
            return try bytes.withUnsafeBufferPointer { bytes throws(StoreError) in
                try withBound(text: bytes, values, index, doing, body)
            }
        case .blob(let value):
            return try value.withUnsafeBufferPointer { bytes throws(StoreError) in
                let count = UInt64(bytes.count)
                try check(remit_sqlite_bind_blob(handle, parameter, bytes.baseAddress, count), doing)
                try withBound(values, index &+ 1, doing, body)
            }
        }
        try withBound(values, index &+ 1, doing, body)
    }

    private func withBound(
        text: UnsafeBufferPointer<UInt8>, _ values: [Binding], _ index: Int, _ doing: String?,
        _ body: () throws(StoreError) -> Void
    ) throws(StoreError) {
        let parameter = Int32(truncatingIfNeeded: index &+ 1)
        try check(remit_sqlite_bind_text(handle, parameter, text.baseAddress, UInt64(text.count)), doing)
        try withBound(values, index &+ 1, doing, body)
    }

    private func check(_ code: Int32, _ doing: String?) throws(StoreError) {
        guard code == SQLITE_OK else {
            throw error(code, doing)
        }
    }
}
