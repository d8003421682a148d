import CSQLite
import Glibc

/// What can be seen of a ledger's files from outside, whether or not they can be opened.
public struct FileExamination: Sendable {
    /// What kind of file has the name.
    public enum Kind: Hashable, Sendable {
        case missing
        case notAFile
        /// There is a file that this user may not read; the system's number of the error.
        case unreadable(Int32)
        case empty
        /// No SQLite database.
        case foreign
        /// A SQLite database.
        case database
    }

    /// The path without symbolic links, as far as it leads anywhere.
    public let path: String
    /// What kind of file it is.
    public let kind: Kind
    /// The number by which the database names its application (`PRAGMA application_id`).
    public let application: UInt32
    /// The format of the ledger (`PRAGMA user_version`).
    public let format: UInt32
    /// Whether the length of the file is that of its pages.
    public let isWhole: Bool
    /// The rights of the file, as `chmod` takes them.
    public let rights: UInt32
    /// Whether this user may write the file and make others beside it.
    public let mayWrite: Bool
    /// The process that writes the ledger, 0 if its number is not known; nil if none does.
    public let writer: Int32?
    /// Whether what has the name of the lock is something else than a plain file, which can never be locked.
    public let isLockBlocked: Bool
    /// What the write-ahead log holds; nil without one.
    public let log: LogFile?
    /// Files beside it that a crash or another program left.
    public let remainders: [String]
    /// What has the name of a file that SQLite opens beside the database and is no plain file; with it the ledger is
    /// not opened.
    public let obstacles: [String]

    /// The number that marks a ledger of Remit.
    public static let ledgerApplication = UInt32(Schema.applicationID)
    /// The format that this version writes.
    public static let knownFormat = UInt32(Schema.version)

    /// Looks at the files of the ledger at `path`; opens no database, takes no lock and changes nothing.
    public init(path: String) {
        let resolved = (try? SystemCalls.resolved(path)) ?? path
        self.path = resolved
        var facts = stat()
        let isThere = stat(resolved, &facts) == 0
        rights = isThere ? facts.st_mode & 0o7777 : 0
        mayWrite = isThere && SystemCalls.mayWrite(resolved)
        writer = isThere ? WriterLock.heldBy(ledger: resolved) : nil
        isLockBlocked = SystemCalls.exists(resolved + ".lock") && !SystemCalls.isPlainFile(resolved + ".lock")
        log = Self.readLog(resolved + "-wal")
        var left = ["-journal", ".unfinished"].map { resolved + $0 }
        if !isThere { left += ["-wal", "-shm"].map { resolved + $0 } }
        obstacles = SystemCalls.neighbours(of: resolved).filter {
            SystemCalls.exists($0) && !SystemCalls.isPlainFile($0)
        }
        let notOpened = obstacles
        remainders = left.filter { SystemCalls.exists($0) && !notOpened.contains($0) }
        var head: [UInt8] = []
        if !isThere {
            kind = .missing
        } else if facts.st_mode & S_IFMT != S_IFREG {
            kind = .notAFile
        } else if facts.st_size == 0 {
            kind = .empty
        } else {
            switch SystemCalls.contents(resolved, limit: 100) {
            case .success(let bytes):
                head = bytes
                kind = bytes.count == 100 && bytes.starts(with: Array("SQLite format 3\0".utf8)) ? .database : .foreign
            case .failure(let problem): kind = .unreadable(problem.number)
            }
        }
        func number(_ place: Int, _ count: Int) -> UInt32 {
            head.count == 100 ? head[place..<place + count].reduce(0) { $0 << 8 | UInt32($1) } : 0
        }
        format = number(60, 4)
        application = number(68, 4)
        let size = number(16, 2) == 1 ? 65_536 : Int64(number(16, 2))
        // Pages that are still in the log may not be in the file yet.
        let hasLog = (log?.pages ?? 0) > 0
        isWhole = kind != .database || hasLog || Int64(facts.st_size) >= size * Int64(number(28, 4))
    }

    /// The longest log that is looked at; SQLite's are moved into the database long before.
    private static let longestLog = 1 << 30

    private static func readLog(_ path: String) -> LogFile? {
        guard SystemCalls.isPlainFile(path), case .success(let bytes) = SystemCalls.contents(path, limit: longestLog)
        else { return nil }
        return LogFile(bytes: bytes)
    }
}
