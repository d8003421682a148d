import CSQLite
import Glibc
import Testing

@testable import RemitStore

@Suite("Making and opening a ledger")
struct OpeningTests {
    let scratch = Scratch()
    var path: String { scratch.file("ledger.remit") }

    @Test("the file is marked, private, and has the settings of a ledger")
    func settings() throws {
        let store = try Sample.ledger(path, blocks: 1)
        try store.close()
        #expect(scratch.names == ["ledger.remit", "ledger.remit.lock"])
        let pragmas = "PRAGMA application_id; PRAGMA user_version; PRAGMA journal_mode"
        #expect(Shell.run(path, pragmas).values == ["1382378868", "\(Schema.version)", "wal"])
        let strictTables = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict ORDER BY name"
        #expect(
            Shell.run(path, strictTables).values == [
                "base", "block", "case_version", "deadline", "decision", "erased", "finding", "fired", "posting",
                "state",
                "tx", "vault", "vault_key", "vault_purge",
            ])
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test("a file that is there is never overwritten", arguments: ["", "-wal", "-shm", "-journal"])
    func existing(suffix: String) throws {
        let taken = path + suffix
        Files.write([1, 2, 3], to: taken)
        #expect(throws: StoreError.alreadyExists(path: taken)) { try ChainStore(path: path, mode: .create) }
        #expect(Files.read(taken) == [1, 2, 3])
        #expect(scratch.names == ["ledger.remit" + suffix])
    }

    @Test("what an interrupted attempt left is cleared away")
    func unfinished() throws {
        Files.write(Array("half made".utf8), to: path + ".unfinished")
        Files.write(Array("half made".utf8), to: path + ".unfinished-wal")
        try ChainStore(path: path, mode: .create).close()
        #expect(scratch.names == ["ledger.remit", "ledger.remit.lock"])
    }

    @Test("one store writes, others read meanwhile")
    func locking() throws {
        let writer = try Sample.ledger(path, blocks: 2)
        #expect(throws: StoreError.locked(path: path, process: getpid())) {
            try ChainStore(path: path, mode: .readWrite)
        }
        let reader = try ChainStore(path: path, mode: .readOnly)
        #expect(try reader.head()?.height == 1)
        try writer.append(Sample.block(2))
        #expect(try reader.head()?.height == 2)
        #expect(throws: StoreError.readOnly) { try reader.append(Sample.block(3)) }
        try writer.close()
        let next = try ChainStore(path: path, mode: .readWrite)
        try next.append(Sample.block(3))
        #expect(try reader.head()?.height == 3)
    }

    @Test("a link to a ledger has the ledger's lock")
    func lockThroughLink() throws {
        let writer = try Sample.ledger(path, blocks: 1)
        let link = scratch.file("link")
        #expect(symlink(path, link) == 0)
        #expect(throws: StoreError.locked(path: path, process: getpid())) {
            try ChainStore(path: link, mode: .readWrite)
        }
        withExtendedLifetime(writer) {}
    }

    @Test("the lock goes with a store that is let go unclosed")
    func lockOfLostStore() throws {
        _ = try Sample.ledger(path, blocks: 2)
        #expect(try ChainStore(path: path, mode: .readWrite).head()?.height == 1)
    }

    @Test("another program that writes is waited for by nobody, and harms nothing")
    func foreignWriter() throws {
        let store = try Sample.ledger(path, blocks: 1)
        var other: OpaquePointer?
        #expect(sqlite3_open(path, &other) == SQLITE_OK)
        #expect(sqlite3_exec(other, "BEGIN IMMEDIATE", nil, nil, nil) == SQLITE_OK)
        #expect(throws: StoreError.busy(doing: "committing block 1")) { try store.append(Sample.block(1)) }
        #expect(sqlite3_exec(other, "ROLLBACK", nil, nil, nil) == SQLITE_OK)
        sqlite3_close(other)
        try store.append(Sample.block(1))
    }

    @Test("a file that is no ledger is refused and left alone", arguments: [ChainStore.Mode.readWrite, .readOnly])
    func notALedger(mode: ChainStore.Mode) throws {
        let text = scratch.file("text")
        let other = scratch.file("other")
        let marked = scratch.file("marked")
        let empty = scratch.file("empty")
        Files.write(Array(String(repeating: "no database at all\n", count: 400).utf8), to: text)
        Files.write([], to: empty)
        Shell.run(other, "CREATE TABLE block (height)")
        Shell.run(marked, "PRAGMA application_id = 7; PRAGMA user_version = 1; CREATE TABLE block (height)")
        for file in [text, other, marked, empty] {
            let before = Files.read(file)
            #expect(throws: StoreError.notALedger(path: file)) { try ChainStore(path: file, mode: mode) }
            #expect(Files.read(file) == before)
        }
        #expect(throws: StoreError.notALedger(path: scratch.path)) { try ChainStore(path: scratch.path, mode: mode) }
        #expect(throws: StoreError.noSuchFile(path: path)) { try ChainStore(path: path, mode: mode) }
        #expect(throws: StoreError.noSuchFile(path: "(an empty path)")) { try ChainStore(path: "", mode: mode) }
        #expect(scratch.names == ["empty", "marked", "other", "text"])
    }

    @Test("a pipe where SQLite or the lock would have a file is refused, and nobody is waited for")
    func pipes() throws {
        try Sample.ledger(path, blocks: 1).close()
        for suffix in ["-journal", "-wal", "-shm"] {
            #expect(mkfifo(path + suffix, 0o600) == 0)
            for mode in [ChainStore.Mode.readWrite, .readOnly] {
                #expect(throws: StoreError.system(doing: "opening", path: path + suffix, number: EINVAL)) {
                    try ChainStore(path: path, mode: mode)
                }
            }
            unlink(path + suffix)
        }
        unlink(path + ".lock")
        #expect(mkfifo(path + ".lock", 0o600) == 0)
        #expect(throws: StoreError.system(doing: "locking", path: path + ".lock", number: EINVAL)) {
            try ChainStore(path: path, mode: .readWrite)
        }
        #expect(WriterLock.heldBy(ledger: path) == nil)
        #expect(try ChainStore(path: path, mode: .readOnly).head()?.height == 0)
    }

    @Test("a later format is refused", arguments: [ChainStore.Mode.readWrite, .readOnly])
    func newerFormat(mode: ChainStore.Mode) throws {
        try Sample.ledger(path, blocks: 1).close()
        let next = Schema.version + 1
        Shell.run(path, "PRAGMA user_version = \(next)")
        #expect(throws: StoreError.newerFormat(path: path, found: next, known: Schema.version)) {
            try ChainStore(path: path, mode: mode)
        }
    }

    @Test(
        "a changed schema is refused",
        arguments: [
            ("CREATE TRIGGER t AFTER INSERT ON block BEGIN DELETE FROM tx; END", "t"),
            ("CREATE VIEW v AS SELECT 1", "v"), ("DROP INDEX current_queue", "current_queue"),
            ("ALTER TABLE tx ADD COLUMN more ANY", "tx"),
            ("CREATE UNIQUE INDEX mine ON tx (position) WHERE height > 11", "mine"),
            ("CREATE UNIQUE INDEX mine ON block (digest)", "mine"), ("CREATE INDEX mine ON tx (abs(height))", "mine"),
            ("CREATE INDEX mine ON tx (call) WHERE abs(height) > 1", "mine"),
            ("CREATE TABLE mine (height REFERENCES Block (height))", "mine"),
        ])
    func foreignSchema(change: String, name: String) throws {
        try Sample.ledger(path, blocks: 1).close()
        #expect(Shell.run(path, change).code == SQLITE_OK)
        for mode in [ChainStore.Mode.readWrite, .readOnly] {
            do {
                _ = try ChainStore(path: path, mode: mode)
                Issue.record("the schema was taken")
            } catch {
                guard case .damaged(table: "sqlite_schema", row: name, _) = error else {
                    throw error
                }
            }
        }
    }

    @Test(
        "what the schema says of an object besides its text is compared, also where SQLite does not look",
        arguments: [
            ("type = 'indeX'", "sqlite_autoindex_tx_1"), ("tbl_name = 'block'", "sqlite_autoindex_tx_2"),
            ("tbl_name = 'tw'", "sqlite_autoindex_deadline_1"), ("tbl_name = 'tx'", "block"),
            ("type = 'index'", "state"), ("tbl_name = 'block'", "tx_of_case"), ("type = 'table'", "cases"),
            ("tbl_name = 'case'", "cases"), ("tbl_name = 'block'", "mine"), ("type = 'index'", "sqlite_stat1"),
        ])
    func mangledSchema(change: String, name: String) throws {
        try Sample.ledger(path, blocks: 1).close()
        Shell.run(path, "CREATE TABLE mine (a); ANALYZE")
        let query = "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET \(change) WHERE name = '\(name)'"
        #expect(Shell.run(path, query).code == SQLITE_OK)
        for mode in [ChainStore.Mode.readWrite, .readOnly] {
            let error = #expect(throws: StoreError.self) { try ChainStore(path: path, mode: mode) }
            guard case .damaged? = error else {
                Issue.record("\(change) of \(name): \(String(describing: error))")
                continue
            }
            // For what has a text, SQLite finds it before us.
            #expect(error?.message.contains(name) ?? false)
        }
    }

    @Test("statistics and indices of an administrator do no harm")
    func ownIndex() throws {
        try Sample.ledger(path, blocks: 1).close()
        let own = """
            CREATE INDEX mine ON tx (outcome COLLATE NOCASE DESC);
            CREATE TABLE other (a UNIQUE, b REFERENCES other (a));
            CREATE UNIQUE INDEX of_other ON other (abs(a)); ANALYZE
            """
        #expect(Shell.run(path, own).code == SQLITE_OK)
        try ChainStore(path: path, mode: .readWrite).append(Sample.block(1))
    }

    @Test("tables are strict, and rows must make sense")
    func strict() throws {
        try Sample.ledger(path, blocks: 2).close()
        let datatype = SQLITE_CONSTRAINT | 12 << 8
        let check = SQLITE_CONSTRAINT | 1 << 8
        let primary = SQLITE_CONSTRAINT | 6 << 8
        #expect(Shell.run(path, "UPDATE block SET header = 'text'").code == datatype)
        #expect(Shell.run(path, "INSERT INTO state VALUES (1.5, 'x', 0, NULL, x'')").code == datatype)
        #expect(Shell.run(path, "INSERT INTO state VALUES ('a', x'', 4, 4, x'')").code == check)
        #expect(Shell.run(path, "INSERT INTO state SELECT * FROM state").code == primary)
    }

    @Test("a directory that is not there is named")
    func noDirectory() throws {
        let missing = scratch.file("none") + "/ledger"
        let error = try #require(throws: StoreError.self) { try ChainStore(path: missing, mode: .create) }
        #expect(error == .system(doing: "making", path: missing, number: ENOENT))
        #expect(
            error.description
                == """
                making \(missing) failed: No such file or directory
                make the directory first, or check the path
                """)
        Files.write([], to: scratch.file("plain"))
        let below = scratch.file("plain") + "/ledger"
        #expect(throws: StoreError.system(doing: "making", path: below, number: ENOTDIR)) {
            try ChainStore(path: below, mode: .create)
        }
        let directory = scratch.path + "/"
        #expect(throws: StoreError.system(doing: "making", path: directory, number: EINVAL)) {
            try ChainStore(path: directory, mode: .create)
        }
    }

    @Test("in a directory without the right to write, a ledger is read and not written", .enabled(if: geteuid() != 0))
    func unwritableDirectory() throws {
        try Sample.ledger(path, blocks: 2).close()
        #expect(chmod(scratch.path, 0o500) == 0)
        defer { chmod(scratch.path, 0o700) }
        let new = scratch.file("new")
        #expect(throws: StoreError.system(doing: "locking", path: new + ".lock", number: EACCES)) {
            try ChainStore(path: new, mode: .create)
        }
        let reader = try ChainStore(path: path, mode: .readOnly)
        #expect(try reader.head()?.height == 1)
        try reader.close()
        #expect(throws: StoreError.notWritable(path: path)) { try ChainStore(path: path, mode: .readWrite) }
        #expect(chmod(path, 0o400) == 0)
        #expect(throws: StoreError.notWritable(path: path)) { try ChainStore(path: path, mode: .readWrite) }
        #expect(try ChainStore(path: path, mode: .readOnly).readEverything().blocks.count == 2)
    }

    @Test("a path may hold any character", arguments: ["a b", "50%?x#y", "医院", "file:x", ":memory:"])
    func oddNames(name: String) throws {
        let path = scratch.file(name)
        try Sample.ledger(path, blocks: 1).close()
        #expect(scratch.names == [name, name + ".lock"])
        #expect(try ChainStore(path: path, mode: .readOnly).head()?.height == 0)
    }

    @Test("after closing every call says so")
    func closed() throws {
        let store = try Sample.ledger(path, blocks: 1)
        try store.close()
        try store.close()
        #expect(throws: StoreError.closed) { try store.head() }
        #expect(throws: StoreError.closed) { try store.append(Sample.block(1)) }
        #expect(throws: StoreError.closed) { try store.checkpoint() }
        #expect(throws: StoreError.closed) { try store.integrityProblems() }
    }

    @Test("an error is one line, and a hint is another")
    func wording() {
        let failure = SQLiteFailure(code: SQLITE_FULL, message: "database or disk is full", doing: "committing block 7")
        let errors: [StoreError] = [
            .alreadyExists(path: "p"), .noSuchFile(path: "p"), .notALedger(path: "p"),
            .newerFormat(path: "p", found: 2, known: 1), .olderFormat(path: "p", found: 1, known: 2),
            .locked(path: "p", process: 7), .locked(path: "p", process: nil), .notWritable(path: "p"),
            .unsuitableFileSystem(path: "p", reason: "r"), .system(doing: "making", path: "p", number: ENOSPC),
            .busy(doing: "writing"), .damaged(table: "tx", row: "block 1", problem: "x"), .sqlite(failure),
            .wrongHeight(expected: 1, found: 2), .duplicateState(space: "s", item: []),
            .duplicateTransaction(digest: [1, 255]), .readOnly, .closed, .storeFailed(cause: .sqlite(failure)),
        ]
        for error in errors {
            #expect(error.description.utf8.filter { $0 == UInt8(ascii: "\n") }.count == 1, "\(error)")
            #expect(!error.message.isEmpty && !error.hint.isEmpty)
        }
        let text = "committing block 7 failed: database or disk is full (SQLite code 13)"
        #expect(StoreError.sqlite(failure).message == text)
    }
}
