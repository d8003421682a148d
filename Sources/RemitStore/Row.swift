import CSQLite

/// The row at which a statement stands; of use only until the statement goes on.
struct Row {
    let statement: Statement

    /// The integer in column `index`.
    func integer(_ index: Int32) throws(StoreError) -> Int64 {
        try expect(SQLITE_INTEGER, index)
        return sqlite3_column_int64(statement.handle, index)
    }

    /// The height or count in column `index`.
    func number(_ index: Int32) throws(StoreError) -> UInt64 {
        guard let value = UInt64(exactly: try integer(index)) else {
            throw damaged(index, "is negative")
        }
        return value
    }

    /// The height in column `index`, or nil for NULL.
    func optionalNumber(_ index: Int32) throws(StoreError) -> UInt64? {
        isNull(index) ? nil : try number(index)
    }

    /// The integer in column `index`, or nil for NULL.
    func optionalInteger(_ index: Int32) throws(StoreError) -> Int64? {
        isNull(index) ? nil : try integer(index)
    }

    /// The bytes in column `index`.
    func blob(_ index: Int32) throws(StoreError) -> [UInt8] {
        try expect(SQLITE_BLOB, index)
        return try bytes(sqlite3_column_blob(statement.handle, index), index)
    }

    /// The bytes in column `index` where SQLite has them, until the statement goes on.
    func bytes(ofBlob index: Int32) throws(StoreError) -> UnsafeRawBufferPointer {
        try expect(SQLITE_BLOB, index)
        return try memory(sqlite3_column_blob(statement.handle, index), index)
    }

    /// The bytes of the text in column `index` where SQLite has them, until the statement goes on; not checked.
    func bytes(ofText index: Int32) throws(StoreError) -> UnsafeRawBufferPointer {
        try expect(SQLITE_TEXT, index)
        return try memory(UnsafeRawPointer(sqlite3_column_text(statement.handle, index)), index)
    }

    /// The bytes in column `index`, or nil for NULL.
    func optionalBlob(_ index: Int32) throws(StoreError) -> [UInt8]? {
        isNull(index) ? nil : try blob(index)
    }

    /// The text in column `index`, which must be valid UTF-8: a repaired one would hide damage.
    func text(_ index: Int32) throws(StoreError) -> String {
        try expect(SQLITE_TEXT, index)
        let bytes = try bytes(UnsafeRawPointer(sqlite3_column_text(statement.handle, index)), index)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw damaged(index, "is not UTF-8")
        }
        return text
    }

    /// The text in column `index`, or nil for NULL.
    func optionalText(_ index: Int32) throws(StoreError) -> String? {
        isNull(index) ? nil : try text(index)
    }

    private func isNull(_ index: Int32) -> Bool {
        sqlite3_column_type(statement.handle, index) == SQLITE_NULL
    }

    private func bytes(_ start: UnsafeRawPointer?, _ index: Int32) throws(StoreError) -> [UInt8] {
        Array(try memory(start, index))
    }

    private func memory(_ start: UnsafeRawPointer?, _ index: Int32) throws(StoreError) -> UnsafeRawBufferPointer {
        let count = Int(sqlite3_column_bytes(statement.handle, index))
        guard count > 0 else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        guard let start else {
            throw statement.error(SQLITE_NOMEM)
        }
        return UnsafeRawBufferPointer(start: start, count: count)
    }

    private func expect(_ type: Int32, _ index: Int32) throws(StoreError) {
        guard sqlite3_column_type(statement.handle, index) == type else {
            throw damaged(index, "has the wrong type")
        }
    }

    private func damaged(_ index: Int32, _ problem: String) -> StoreError {
        let name = sqlite3_column_name(statement.handle, index).map { String(cString: $0) } ?? "\(index)"
        return .damaged(table: statement.table, row: nil, problem: "column \(name) \(problem)")
    }
}
