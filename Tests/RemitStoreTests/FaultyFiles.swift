import CSQLite
import Synchronization

/// A SQLite VFS that is the system's until it is told to fail.
enum FaultyFiles {
    /// What goes wrong.
    enum Fault: Int {
        case none
        /// A sync of the write-ahead log reports an error.
        case logSync
        /// The disk is full when the write-ahead log grows.
        case logWrite
        /// A sync of the database, which a checkpoint makes, reports an error.
        case databaseSync
    }

    static let name = "remit-faulty"

    private static let armed = Atomic(Fault.none.rawValue)

    static func arm(_ fault: Fault) {
        armed.store(fault.rawValue, ordering: .sequentiallyConsistent)
    }

    fileprivate static func isArmed(_ fault: Fault) -> Bool {
        armed.load(ordering: .sequentiallyConsistent) == fault.rawValue
    }

    /// The system's methods for logs and for databases, which differ, and the tables that stand in for them.
    nonisolated(unsafe) fileprivate static var systemLog: UnsafePointer<sqlite3_io_methods>?
    nonisolated(unsafe) fileprivate static var systemDatabase: UnsafePointer<sqlite3_io_methods>?
    nonisolated(unsafe) private static let log = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    nonisolated(unsafe) private static let database = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)

    /// Registers the VFS, once for the process.
    static let isRegistered: Bool = {
        guard let system = sqlite3_vfs_find(nil) else {
            return false
        }
        let copy = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        copy.initialize(to: system.pointee)
        let label = Array(name.utf8CString)
        let keptLabel = UnsafeMutablePointer<CChar>.allocate(capacity: label.count)
        keptLabel.initialize(from: label, count: label.count)
        copy.pointee.zName = UnsafePointer(keptLabel)
        copy.pointee.xOpen = { _, path, file, flags, outFlags in
            guard let system = sqlite3_vfs_find("unix"), let file else {
                return SQLITE_ERROR
            }
            let code = system.pointee.xOpen(system, path, file, flags, outFlags)
            if code == SQLITE_OK {
                FaultyFiles.replaceMethods(of: file, flags)
            }
            return code
        }
        return sqlite3_vfs_register(copy, 0) == SQLITE_OK
    }()

    fileprivate static func replaceMethods(of file: UnsafeMutablePointer<sqlite3_file>, _ flags: Int32) {
        guard let methods = file.pointee.pMethods else {
            return
        }
        if flags & SQLITE_OPEN_WAL != 0 {
            if systemLog == nil {
                prepareLog(methods)
            }
            file.pointee.pMethods = UnsafePointer(log)
        } else if flags & SQLITE_OPEN_MAIN_DB != 0 {
            if systemDatabase == nil {
                prepareDatabase(methods)
            }
            file.pointee.pMethods = UnsafePointer(database)
        }
    }

    private static func prepareLog(_ methods: UnsafePointer<sqlite3_io_methods>) {
        systemLog = methods
        log.initialize(to: methods.pointee)
        log.pointee.xSync = { file, flags in
            FaultyFiles.isArmed(.logSync)
                ? SQLITE_IOERR | 4 << 8 : FaultyFiles.systemLog?.pointee.xSync(file, flags) ?? SQLITE_ERROR
        }
        log.pointee.xWrite = { file, bytes, count, offset in
            FaultyFiles.isArmed(.logWrite)
                ? SQLITE_FULL : FaultyFiles.systemLog?.pointee.xWrite(file, bytes, count, offset) ?? SQLITE_ERROR
        }
    }

    private static func prepareDatabase(_ methods: UnsafePointer<sqlite3_io_methods>) {
        systemDatabase = methods
        database.initialize(to: methods.pointee)
        database.pointee.xSync = { file, flags in
            FaultyFiles.isArmed(.databaseSync)
                ? SQLITE_IOERR | 4 << 8 : FaultyFiles.systemDatabase?.pointee.xSync(file, flags) ?? SQLITE_ERROR
        }
    }
}
