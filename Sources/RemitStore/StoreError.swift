import CSQLite

/// Why the store could not do what it was asked.
public enum StoreError: Error, Hashable, Sendable {
    /// A new ledger would overwrite this file.
    case alreadyExists(path: String)
    /// There is no file of this name.
    case noSuchFile(path: String)
    /// The file is not a SQLite database, or it belongs to another application.
    case notALedger(path: String)
    /// A later version of Remit wrote the file.
    case newerFormat(path: String, found: Int64, known: Int64)
    /// The file has an earlier format and was opened for reading only.
    case olderFormat(path: String, found: Int64, known: Int64)
    /// Another process writes the ledger; `process` is its number where it is known.
    case locked(path: String, process: Int32?)
    /// The file may not be written by this user.
    case notWritable(path: String)
    /// The file system cannot hold a ledger safely.
    case unsuitableFileSystem(path: String, reason: String)
    /// The operating system refused a call; `number` is its errno.
    case system(doing: String, path: String, number: Int32)
    /// Another program holds a lock inside the database.
    case busy(doing: String)
    /// The database holds something that the store never writes; `row` names the block or the state row if known.
    case damaged(table: String, row: String?, problem: String)
    /// SQLite failed in another way.
    case sqlite(SQLiteFailure)
    /// The block is not the one that comes next.
    case wrongHeight(expected: UInt64, found: UInt64)
    /// One commit gives two changes of the same state row.
    case duplicateState(space: String, item: [UInt8])
    /// The ledger already has a transaction with this digest.
    case duplicateTransaction(digest: [UInt8])
    /// The store is open for reading only.
    case readOnly
    /// The store was closed.
    case closed
    /// An earlier write failed, so that nothing more is read or written through this store.
    indirect case storeFailed(cause: StoreError)

    /// Whether nothing was done because something stands in the way that may be gone later: others, or what is full.
    var isRefusedForNow: Bool {
        switch self {
        case .busy: true
        case .sqlite(let failure): [SQLITE_FULL, SQLITE_NOMEM].contains(failure.primaryCode)
        default: false
        }
    }

    /// Whether a commit was turned down for what it holds, and the store is as good as before.
    var isRefusal: Bool {
        switch self {
        case .wrongHeight, .duplicateState, .duplicateTransaction, .readOnly, .busy: true
        case .sqlite(let failure): failure.primaryCode == SQLITE_CONSTRAINT
        default: false
        }
    }
}

extension StoreError: CustomStringConvertible {
    /// The message, and on a second line what to do.
    public var description: String {
        message + "\n" + hint
    }

    /// What went wrong, in one line.
    public var message: String {
        switch self {
        case .alreadyExists(let path): "\(path) exists already"
        case .noSuchFile(let path): "there is no ledger at \(path)"
        case .notALedger(let path): "\(path) is not a Remit ledger"
        case .newerFormat(let path, let found, let known):
            "\(path) has format \(found), and this version of Remit knows formats up to \(known)"
        case .olderFormat(let path, let found, let known):
            "\(path) has format \(found) and must be brought to format \(known) before it can be read"
        case .locked(let path, let process):
            "another process" + (process.map { " (number \($0))" } ?? "") + " is writing the ledger \(path)"
        case .notWritable(let path): "the ledger \(path) may not be written"
        case .unsuitableFileSystem(let path, let reason): "the ledger \(path) cannot be kept safe there: \(reason)"
        case .system(let doing, let path, let number): "\(doing) \(path) failed: \(SystemCalls.text(of: number))"
        case .busy(let doing): "\(doing) failed: another program has locked the database"
        case .damaged(let table, let row, let problem):
            "the ledger is damaged in table \(table)" + (row.map { ", \($0)" } ?? "") + ": \(problem)"
        case .sqlite(let failure):
            "\(failure.doing) failed: \(failure.message) (SQLite code \(failure.code))"
        case .wrongHeight(let expected, let found): "block \(found) cannot follow: the next is block \(expected)"
        case .duplicateState(let space, let item):
            "the block changes the state row \(space) \(Describing.hex(item)) more than once"
        case .duplicateTransaction(let digest): "the ledger already has the transaction \(Describing.hex(digest))"
        case .readOnly: "the ledger is open for reading only"
        case .closed: "the ledger was closed"
        case .storeFailed(let cause): "the ledger is unusable since an earlier failure: \(cause.message)"
        }
    }

    /// What the user can do about it, in one line.
    public var hint: String {
        switch self {
        case .alreadyExists: "choose another name, or move that file away"
        case .noSuchFile: "check the path, or make a new ledger there"
        case .notALedger: "check the path: a ledger is the file that Remit made when the ledger was set up"
        case .newerFormat: "use the version of Remit that wrote it, or a later one"
        case .olderFormat:
            "remit backup makes a copy of it; whatever writes to it then brings it up to date, such as remit tick"
        case .locked: "wait until that process has ended, or stop it; reading is possible meanwhile"
        case .notWritable: "give this user the right to write the file and its directory, or open it for reading"
        case .unsuitableFileSystem: "keep the ledger on a local disk with a file system such as ext4 or xfs"
        case .system(_, _, let number): SystemCalls.hint(for: number)
        case .busy: "close the other program that has the database open for writing, and try again"
        case .damaged: "restore a backup or copy from another node, and keep the damaged file for inspection"
        case .sqlite(let failure): Self.hint(forPrimaryCode: failure.primaryCode)
        case .wrongHeight: "read the head of the ledger again and build the block on it"
        case .duplicateState: "this is a mistake in Remit: please report it"
        case .duplicateTransaction: "nothing is left to do: a transaction is recorded once"
        case .readOnly: "open the ledger for writing"
        case .closed: "open the ledger again"
        case .storeFailed: "mend the cause, then start again: every block that was acknowledged is kept"
        }
    }

    private static func hint(forPrimaryCode code: Int32) -> String {
        switch code {
        case SQLITE_FULL: "make room on the disk, then start again"
        case SQLITE_IOERR: "check the disk and the system log, then start again"
        case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY, SQLITE_AUTH:
            "check the rights of the file and its directory; a ledger in a read-only place must be copied first"
        case SQLITE_NOMEM: "free memory, then start again"
        default: "run a verification of the ledger; if it finds nothing, please report this"
        }
    }
}

/// Forms in which errors name data.
enum Describing {
    /// Lower-case hexadecimal digits of at most 32 bytes, and an ellipsis if there are more.
    static func hex(_ bytes: [UInt8]) -> String {
        guard !bytes.isEmpty else {
            return "(empty)"
        }
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes.prefix(32) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self) + (bytes.count > 32 ? "…" : "")
    }
}
