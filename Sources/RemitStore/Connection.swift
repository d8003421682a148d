import CSQLite

/// An open database and its prepared statements.
final class Connection {
    let path: String
    private var handle: OpaquePointer?
    private var statements: [Statement?] = Array(repeating: nil, count: Query.allCases.count)
    /// The pages in the write-ahead log after the last commit; SQLite's hook writes it.
    private let logPages: UnsafeMutablePointer<Int32>

    /// Opens the database; no statement has run yet, and nothing has been read.
    ///
    /// - Parameters:
    ///   - path: The file, by which errors name it.
    ///   - address: The `file:` address to open in its place.
    ///   - fileSystem: The name of a SQLite VFS; nil for the system's.
    ///   - milliseconds: How long to wait for somebody else's lock.
    init(
        path: String, address: String? = nil, openFlags: Int32, fileSystem: String?, waiting milliseconds: Int32
    ) throws(StoreError) {
        self.path = path
        logPages = .allocate(capacity: 1)
        logPages.initialize(to: 0)
        _ = Self.isPrepared
        let flags = openFlags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(address ?? path, &handle, flags, StrictFiles.name(over: fileSystem))
        guard code == SQLITE_OK, let handle else {
            let doing = "opening \(path)"
            guard let handle else {
                throw .sqlite(SQLiteFailure(code: code, message: "out of memory", doing: doing))
            }
            throw Self.error(code, database: handle, path: path, table: "(none)", doing: doing)
        }
        try check(sqlite3_busy_timeout(handle, milliseconds), "setting the time to wait")
        for (option, value) in Self.switches {
            try check(remit_sqlite_configure(handle, option, value), "configuring the database")
        }
    }

    /// What is set for the whole process, once and before anything else; SQLite refuses it later, which does no harm.
    private static let isPrepared = remit_sqlite_count_no_memory() == SQLITE_OK

    /// Nobody but the store may bring code into a database: no triggers, views, extensions or writable schema.
    private static let switches: [(Int32, Int32)] = [
        (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0), (SQLITE_DBCONFIG_ENABLE_FKEY, 1),
        (SQLITE_DBCONFIG_ENABLE_TRIGGER, 0), (SQLITE_DBCONFIG_ENABLE_VIEW, 0),
        (SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0), (SQLITE_DBCONFIG_DQS_DML, 0), (SQLITE_DBCONFIG_DQS_DDL, 0),
        // Statements keep their plans whatever is bound. Else SQLite looks at a bound space whether a partial index
        // fits it, and prepares the statement anew each time that another one is bound.
        (SQLITE_DBCONFIG_ENABLE_QPSG, 1),
    ]

    deinit {
        statements = []
        if let handle {
            // No error can be thrown from here; `close()` is for those who want to know.
            _ = sqlite3_close_v2(handle)
        }
        logPages.deallocate()
    }

    /// Closes the database and reports what goes wrong.
    func close() throws(StoreError) {
        guard let handle else {
            return
        }
        statements = Array(repeating: nil, count: Query.allCases.count)
        let code = sqlite3_close(handle)
        guard code == SQLITE_OK else {
            throw Self.error(code, database: handle, path: path, table: "(none)", doing: "closing \(path)")
        }
        self.handle = nil
    }

    /// Whether the database can only be read, whatever was asked for.
    func isReadOnly() throws(StoreError) -> Bool {
        sqlite3_db_readonly(try open(), "main") == 1
    }

    /// Whether no transaction is open.
    func isIdle() throws(StoreError) -> Bool {
        sqlite3_get_autocommit(try open()) != 0
    }

    // MARK: Statements

    /// Runs a statement that gives no rows.
    func run(_ query: Query, _ values: [Binding] = [], doing: String? = nil) throws(StoreError) {
        try forEachRow(query, values, doing: doing) { _ in .next }
    }

    /// Hands over the rows of a query; inside `body` the same query may be used again.
    func forEachRow(
        _ query: Query, _ values: [Binding] = [], doing: String? = nil,
        _ body: (Row) throws(StoreError) -> Walk
    ) throws(StoreError) {
        try statement(query).forEachRow(values, doing: doing, body)
    }

    /// The first row of a query, read by `read`.
    func first<Result>(
        _ query: Query, _ values: [Binding] = [], _ read: (Row) throws(StoreError) -> Result
    ) throws(StoreError) -> Result? {
        var result: Result?
        try forEachRow(query, values) { row throws(StoreError) in
            result = try read(row)
            return .stop
        }
        return result
    }

    /// All rows of a query, read by `read`.
    func all<Result>(
        _ query: Query, _ values: [Binding] = [], _ read: (Row) throws(StoreError) -> Result
    ) throws(StoreError) -> [Result] {
        var results: [Result] = []
        try forEachRow(query, values) { row throws(StoreError) in
            results.append(try read(row))
            return .next
        }
        return results
    }

    /// Runs one statement that is not worth keeping, and reads its rows.
    func once(
        _ text: String, table: String = "(none)", doing: String,
        _ body: (Row) throws(StoreError) -> Walk = { _ in .next }
    ) throws(StoreError) {
        let statement = try Statement(
            text, table: table, purpose: doing, database: try open(), path: path, isKept: false)
        try statement.forEachRow([], doing: nil, body)
    }

    private func statement(_ query: Query) throws(StoreError) -> Statement {
        if let kept = statements[query.rawValue], !kept.isBusy {
            return kept
        }
        let fresh = try Statement(
            query.text, table: query.table, purpose: query.purpose, database: try open(), path: path, isKept: true)
        if statements[query.rawValue] == nil {
            statements[query.rawValue] = fresh
        }
        return fresh
    }

    // MARK: Write-ahead log

    /// Stops SQLite from copying the log into the database by itself, where it would swallow errors; counts instead.
    func takeOverCheckpoints() throws(StoreError) {
        _ = sqlite3_wal_hook(
            try open(),
            { counter, _, _, pages in
                counter?.assumingMemoryBound(to: Int32.self).pointee = pages
                return SQLITE_OK
            }, logPages)
    }

    /// The pages in the write-ahead log after the last commit.
    var pagesInLog: Int32 {
        logPages.pointee
    }

    /// Copies the log into the database; being kept from it by a reader is no error.
    func checkpoint(truncating: Bool) throws(StoreError) {
        let mode = truncating ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE
        let code = sqlite3_wal_checkpoint_v2(try open(), "main", mode, nil, nil)
        guard code & 0xff == SQLITE_BUSY else {
            return try check(code, "moving the log into the database")
        }
    }

    /// Copies the log into the database and cuts the log to nothing; false where a reader keeps it from that.
    func emptyLog() throws(StoreError) -> Bool {
        var pages: Int32 = 0
        let code = sqlite3_wal_checkpoint_v2(try open(), "main", SQLITE_CHECKPOINT_TRUNCATE, &pages, nil)
        if code & 0xff == SQLITE_BUSY { return false }
        try check(code, "moving the log into the database")
        return pages <= 0
    }

    /// Leaves the log as it is when the database closes, for the next opening to recover.
    func keepLogOnClose() {
        if let handle {
            _ = remit_sqlite_configure(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        }
    }

    // MARK: Errors

    func open() throws(StoreError) -> OpaquePointer {
        guard let handle else {
            throw .closed
        }
        return handle
    }

    private func check(_ code: Int32, _ doing: String) throws(StoreError) {
        guard code == SQLITE_OK else {
            throw Self.error(code, database: try open(), path: path, table: "(none)", doing: doing)
        }
    }

    /// The error for a result code; the message is that of the last call on `database`.
    static func error(
        _ code: Int32, database: OpaquePointer, path: String, table: String, doing: String
    ) -> StoreError {
        let isLast = sqlite3_extended_errcode(database) == code
        let words = isLast ? sqlite3_errmsg(database) : sqlite3_errstr(code)
        let message = words.map { String(cString: $0) } ?? "no message"
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED: return .busy(doing: doing)
        case SQLITE_NOTADB: return .notALedger(path: path)
        case SQLITE_CORRUPT: return .damaged(table: table, row: nil, problem: "\(message) (SQLite code \(code))")
        default: return .sqlite(SQLiteFailure(code: code, message: message, doing: doing))
        }
    }
}
