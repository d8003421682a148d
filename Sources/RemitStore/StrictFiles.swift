import CSQLite
import Synchronization

/// A layer over SQLite's files that takes a read inside of a file that gives too little for an error.
///
/// SQLite reads what lies beyond the end of a file as zeros. It does so as well where the system gives less than the
/// file holds, and may write those zeros back: a passing fault would become lasting damage. Here it is a refusal.
enum StrictFiles {
    private typealias Methods = UnsafeMutablePointer<sqlite3_io_methods>
    private typealias FileSystem = UnsafeMutablePointer<sqlite3_vfs>

    /// The layers and the tables of methods made so far, by those that they stand over; they stay for ever.
    private struct Made: @unchecked Sendable {
        var layers: [UnsafeMutableRawPointer: String] = [:]
        var methods: [UnsafeRawPointer: Methods] = [:]
    }

    private static let made = Mutex(Made())

    /// The name of the layer over a SQLite VFS, nil being the system's; nil if there is no such VFS.
    static func name(over base: String?) -> String? {
        guard let base = sqlite3_vfs_find(base) else {
            return nil
        }
        nonisolated(unsafe) let below = base
        return made.withLock { made in
            if let name = made.layers[UnsafeMutableRawPointer(below)] {
                return name
            }
            guard let name = register(over: below) else {
                return nil
            }
            made.layers[UnsafeMutableRawPointer(below)] = name
            return name
        }
    }

    private static func register(over base: FileSystem) -> String? {
        let name = "remit-strict-" + String(cString: base.pointee.zName)
        let layer: FileSystem = copy(base, of: base.pointee)
        let label = Array(name.utf8CString)
        let kept = UnsafeMutablePointer<CChar>.allocate(capacity: label.count)
        kept.initialize(from: label, count: label.count)
        layer.pointee.zName = UnsafePointer(kept)
        layer.pointee.pNext = nil
        layer.pointee.xOpen = { layer, path, file, flags, outFlags in
            guard let layer, let file else {
                return SQLITE_ERROR
            }
            let base: FileSystem = StrictFiles.base(of: layer)
            let code = base.pointee.xOpen(base, path, file, flags, outFlags)
            if code == SQLITE_OK, flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL) != 0 {
                StrictFiles.watch(file)
            }
            return code
        }
        return sqlite3_vfs_register(layer, 0) == SQLITE_OK ? name : nil
    }

    /// Puts our methods in the place of a file's.
    private static func watch(_ file: UnsafeMutablePointer<sqlite3_file>) {
        guard let methods = file.pointee.pMethods else {
            return
        }
        nonisolated(unsafe) let original = methods
        nonisolated(unsafe) let file = file
        made.withLock { made in
            if let known = made.methods[UnsafeRawPointer(original)] {
                file.pointee.pMethods = UnsafePointer(known)
                return
            }
            let ours: Methods = copy(Methods(mutating: original), of: original.pointee)
            ours.pointee.xRead = { file, bytes, count, offset in
                StrictFiles.read(file, bytes, count, offset)
            }
            made.methods[UnsafeRawPointer(original)] = ours
            file.pointee.pMethods = UnsafePointer(ours)
        }
    }

    private static func read(
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ bytes: UnsafeMutableRawPointer?, _ count: Int32,
        _ offset: sqlite3_int64
    ) -> Int32 {
        guard let file, let ours = file.pointee.pMethods else {
            return SQLITE_ERROR
        }
        let original: Methods = base(of: Methods(mutating: ours))
        let code = original.pointee.xRead(file, bytes, count, offset)
        guard code == SQLITE_IOERR | 2 << 8 else {
            return code
        }
        var size: sqlite3_int64 = 0
        // Where the size cannot be told either, nothing says that the file ends there.
        let isBeyond = original.pointee.xFileSize(file, &size) == SQLITE_OK && offset > size - sqlite3_int64(count)
        return isBeyond ? code : SQLITE_IOERR | 1 << 8
    }

    // MARK: Copies that know their originals

    /// A copy that is followed in memory by the address of what it was made over.
    private static func copy<Table>(
        _ base: UnsafeMutablePointer<Table>, of table: Table
    ) -> UnsafeMutablePointer<Table> {
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: MemoryLayout<Table>.stride + MemoryLayout<UnsafeMutablePointer<Table>>.size,
            alignment: max(MemoryLayout<Table>.alignment, MemoryLayout<UnsafeMutablePointer<Table>>.alignment))
        let place = (memory + MemoryLayout<Table>.stride).bindMemory(
            to: UnsafeMutablePointer<Table>.self, capacity: 1)
        place.initialize(to: base)
        let copy = memory.bindMemory(to: Table.self, capacity: 1)
        copy.initialize(to: table)
        return copy
    }

    private static func base<Table>(of copy: UnsafeMutablePointer<Table>) -> UnsafeMutablePointer<Table> {
        UnsafeMutableRawPointer(copy).load(
            fromByteOffset: MemoryLayout<Table>.stride, as: UnsafeMutablePointer<Table>.self)
    }
}
