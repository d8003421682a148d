import CSQLite

/// How a ledger is made and opened.
enum StoreOpening {
    /// A database that is fit for use, and the right to write it.
    struct Opened {
        let connection: Connection
        let lock: WriterLock?
    }

    // MARK: Making

    /// Makes a ledger under another name first, so that none is ever seen half made.
    static func create(_ path: String, _ tuning: StoreTuning) throws(StoreError) -> Opened {
        let path = try SystemCalls.resolvedForNewFile(path)
        try refuseRemainders(of: path)
        let lock = try WriterLock(ledger: path)
        try refuseRemainders(of: path)
        let draft = path + ".unfinished"
        try removeDraft(draft)
        do {
            try SystemCalls.makeFile(draft)
            let connection = try Connection(
                path: draft, openFlags: SQLITE_OPEN_READWRITE, fileSystem: tuning.fileSystem, waiting: 0)
            try connection.once("PRAGMA application_id = \(Schema.applicationID)", doing: "marking the ledger")
            try configure(connection, tuning, isNew: true)
            try migrate(connection, from: 0)
            try connection.checkpoint(truncating: true)
            try connection.close()
            try SystemCalls.rename(draft, to: path)
        } catch {
            // The first error is the one to tell; what is left over goes with the next attempt.
            try? removeDraft(draft)
            throw error
        }
        return try write(path, lock: lock, tuning)
    }

    /// A write-ahead log without its database would be played into the new one.
    static func refuseRemainders(of path: String) throws(StoreError) {
        for suffix in ["", "-wal", "-shm", "-journal"] where SystemCalls.exists(path + suffix) {
            throw .alreadyExists(path: path + suffix)
        }
    }

    static func removeDraft(_ draft: String) throws(StoreError) {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            try SystemCalls.remove(draft + suffix)
        }
    }

    // MARK: Opening

    /// Opens the ledger for writing; takes the lock unless it is held already.
    static func write(_ path: String, lock: WriterLock?, _ tuning: StoreTuning) throws(StoreError) -> Opened {
        guard SystemCalls.isPlainFile(path) else {
            throw .notALedger(path: path)
        }
        try SystemCalls.checkNeighbours(of: path)
        guard SystemCalls.mayWrite(path) else {
            throw .notWritable(path: path)
        }
        let connection = try Connection(
            path: path, openFlags: SQLITE_OPEN_READWRITE, fileSystem: tuning.fileSystem,
            waiting: tuning.writerPatienceMilliseconds > 0 ? tuning.readerPatienceMilliseconds : 0)
        // A file of somebody else is left as it is: no lock beside it, no setting in it.
        _ = try identify(connection)
        guard try !connection.isReadOnly() else {
            throw .notWritable(path: path)
        }
        let lock =
            if let lock { lock } else {
                try WriterLock(ledger: path, patience: tuning.writerPatienceMilliseconds)
            }
        try configure(connection, tuning, isNew: false)
        try migrate(connection, from: try identify(connection))
        try checkSchema(connection)
        return Opened(connection: connection, lock: lock)
    }

    /// Opens the ledger for reading; `anyFormat` takes one of an earlier format as well, as it is, to be copied.
    static func read(
        _ path: String, anyFormat: Bool = false, _ tuning: StoreTuning
    ) throws(StoreError) -> Opened {
        guard SystemCalls.isPlainFile(path) else {
            throw .notALedger(path: path)
        }
        try SystemCalls.checkNeighbours(of: path)
        var connection = try Connection(
            path: path, openFlags: SQLITE_OPEN_READONLY, fileSystem: tuning.fileSystem,
            waiting: tuning.readerPatienceMilliseconds)
        let found: Int64
        do {
            found = try identify(connection)
        } catch {
            // In a place where nothing may be written, SQLite cannot share the file with a writer; there is none.
            guard needsSharing(error), SystemCalls.length(of: path + "-wal") == 0 else {
                throw error
            }
            connection = try Connection(
                path: path, address: unchangingAddress(path), openFlags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
                fileSystem: tuning.fileSystem, waiting: 0)
            found = try identify(connection)
        }
        guard found == Schema.version || anyFormat else {
            throw .olderFormat(path: path, found: found, known: Schema.version)
        }
        try connection.once("PRAGMA query_only = ON", doing: "configuring the database")
        try configureReading(connection, tuning)
        if !anyFormat { try checkSchema(connection) }
        return Opened(connection: connection, lock: nil)
    }

    private static func needsSharing(_ error: StoreError) -> Bool {
        guard case .sqlite(let failure) = error else {
            return false
        }
        return failure.primaryCode == SQLITE_CANTOPEN || failure.primaryCode == SQLITE_READONLY
    }

    /// The address of a file that nobody changes; without that promise SQLite wants to share memory beside it.
    private static func unchangingAddress(_ path: String) -> String {
        var address: [UInt8] = []
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "%"): address += "%25".utf8
            case UInt8(ascii: "?"): address += "%3f".utf8
            case UInt8(ascii: "#"): address += "%23".utf8
            default: address.append(byte)
            }
        }
        return "file:" + String(decoding: address, as: UTF8.self) + "?immutable=1"
    }

    // MARK: Checks

    /// The format of the ledger, which this version can read or bring up to date.
    private static func identify(_ connection: Connection) throws(StoreError) -> Int64 {
        let application = try setting("application_id", connection)
        let version = try setting("user_version", connection)
        guard application == Schema.applicationID, version >= 1 else {
            throw .notALedger(path: connection.path)
        }
        guard version <= Schema.version else {
            throw .newerFormat(path: connection.path, found: version, known: Schema.version)
        }
        return version
    }

    private static func setting(_ name: String, _ connection: Connection) throws(StoreError) -> Int64 {
        var value: Int64 = 0
        try connection.once("PRAGMA \(name)", doing: "reading \(connection.path)") { row throws(StoreError) in
            value = try row.integer(0)
            return .stop
        }
        return value
    }

    /// Throws unless the database has our tables, indices and views as we made them, and no other views or triggers.
    ///
    /// Of what others added, and of the indices that SQLite makes by itself, the columns must fit together.
    private static func checkSchema(_ connection: Connection) throws(StoreError) {
        let table = "sqlite_schema"
        var missing = Dictionary(uniqueKeysWithValues: Schema.present.map { ($0.name, $0) })
        let query = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name"
        try connection.once(query, table: table, doing: "reading the schema") { row throws(StoreError) in
            let (type, name, owner) = (try row.text(0), try row.text(1), try row.text(2))
            func expect(_ holds: Bool, _ problem: String) throws(StoreError) {
                if !holds { throw .damaged(table: table, row: name, problem: problem) }
            }
            let text = try row.optionalText(3)
            if let object = missing.removeValue(forKey: name) {
                try expect(
                    text.map { $0.utf8.elementsEqual(object.text.utf8) } ?? false,
                    "its definition is not the one Remit made")
                try expect(type == object.type, "it is said to be of the type \(type)")
                try expect(owner == object.table, "it is said to belong to \(owner)")
            } else if let text {
                try expect(type == "table" || type == "index", "Remit makes no \(type)")
                let told = SchemaObject(name: name, text: text).type
                try expect(told == type || (told != "table" && told != "index"), "it is said to be of the type \(type)")
                try expect(type == "index" || owner == name, "it is said to belong to \(owner)")
            } else {
                // What has no text SQLite made by itself, for a key that is no row number.
                try expect(type == "index", "it is said to be of the type \(type)")
                let beginning = "sqlite_autoindex_\(owner)_"
                let number = name.utf8.dropFirst(beginning.utf8.count)
                try expect(
                    name.utf8.starts(with: beginning.utf8) && !number.isEmpty
                        && number.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) },
                    "it is said to belong to \(owner)")
            }
            return .next
        }
        if let object = missing.values.min(by: { $0.name < $1.name }) {
            throw .damaged(table: table, row: object.name, problem: "its definition is not the one Remit made")
        }
        try checkOthers(connection)
    }

    /// Throws where an object of others makes SQLite refuse rows of ours: an index that is unique or computes
    /// something, or a table that refers to one of ours.
    private static func checkOthers(_ connection: Connection) throws(StoreError) {
        let table = "sqlite_schema"
        let own = Schema.present.filter { $0.type == "table" }.map { "'\($0.name)'" }.joined(separator: ", ")
        let query = """
            SELECT i.name, 'the index on ' || t.name FROM sqlite_schema AS t, pragma_index_list(t.name) AS i
            WHERE t.type = 'table' AND t.name IN (\(own)) AND i.origin = 'c' AND (i."unique" OR i.partial OR EXISTS (
                SELECT 1 FROM pragma_index_xinfo(i.name) AS c
                WHERE c.cid = -2 OR c.coll NOT IN ('BINARY', 'NOCASE', 'RTRIM')))
            UNION ALL SELECT t.name, 'the table that refers to ' || f."table"
            FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS f
            WHERE t.type = 'table' AND t.name NOT IN (\(own)) AND t.sql NOT LIKE 'CREATE VIRTUAL %'
                AND lower(f."table") IN (\(own))
            ORDER BY 1
            """
        let ours = Set(Schema.present.map(\.name))
        try connection.once(query, table: table, doing: "reading the schema") { row throws(StoreError) in
            let (name, object) = (try row.text(0), try row.text(1))
            guard ours.contains(name) else {
                let problem = "Remit did not make \(object), which can refuse rows of the ledger: drop it"
                throw .damaged(table: table, row: name, problem: problem)
            }
            return .next
        }
    }

    // MARK: Settings

    private static func configure(
        _ connection: Connection, _ tuning: StoreTuning, isNew: Bool
    ) throws(StoreError) {
        var journal = ""
        let doing = "switching on the write-ahead log"
        try connection.once("PRAGMA journal_mode = WAL", doing: doing) { row throws(StoreError) in
            journal = try row.text(0)
            return .next
        }
        guard journal == "wal" else {
            let reason = "SQLite cannot keep a write-ahead log on it"
            throw .unsuitableFileSystem(path: connection.path, reason: reason)
        }
        try connection.takeOverCheckpoints()
        // Freed pages are overwritten: what is deleted is gone from the file.
        for setting in ["synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"] {
            try connection.once("PRAGMA \(setting)", doing: "configuring the database")
        }
        if let limit = tuning.pageLimit, !isNew {
            try connection.once("PRAGMA max_page_count = \(limit)", doing: "configuring the database")
        }
        try configureReading(connection, tuning)
        guard try setting("synchronous", connection) == 2, try setting("foreign_keys", connection) == 1 else {
            let reason = "this SQLite library ignores the settings that make a ledger durable"
            throw .unsuitableFileSystem(path: connection.path, reason: reason)
        }
    }

    private static func configureReading(_ connection: Connection, _ tuning: StoreTuning) throws(StoreError) {
        // Temporary tables stay in memory: claims must not spill into files elsewhere.
        let settings = [
            "trusted_schema = OFF", "cell_size_check = ON", "temp_store = MEMORY",
            "cache_size = -\(tuning.cacheKibibytes)",
        ]
        for setting in settings {
            try connection.once("PRAGMA \(setting)", doing: "configuring the database")
        }
    }

    /// Brings the database to the present format, in one commit.
    private static func migrate(_ connection: Connection, from version: Int64) throws(StoreError) {
        guard version < Schema.version else {
            return
        }
        let doing = "bringing the ledger to format \(Schema.version)"
        try connection.run(.begin, doing: doing)
        do {
            for object in Schema.migrations.dropFirst(Int(version)).joined() {
                try connection.once(object.text, table: object.name, doing: doing)
            }
            try connection.once("PRAGMA user_version = \(Schema.version)", doing: doing)
            try connection.run(.commit, doing: doing)
        } catch {
            if try !connection.isIdle() {
                try connection.run(.rollback)
            }
            throw error
        }
    }
}
