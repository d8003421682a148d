import CFaultyFiles
import CSQLite
import Glibc

/// The use of the faulty file layer by one test; others wait until it goes.
final class FaultyFiles {
    /// The name of the layer, as `StoreTuning.fileSystem` takes it.
    static let name = "remit-faulty"

    /// How the calls of a test fail.
    struct Plan {
        var fault: remit_files_fault
        var calls = Int32(REMIT_FILES_ANY_CALL.rawValue)
        var kinds = Int32(REMIT_FILES_ANY_FILE.rawValue)
        /// The number of the first call that fails, from 0.
        var first: Int64 = 0
        var isLasting = true

        /// Syncs of the write-ahead log report an error.
        static let logSync = Plan(
            fault: REMIT_FILES_IO_ERROR, calls: Int32(REMIT_FILES_SYNC.rawValue),
            kinds: Int32(REMIT_FILES_LOG.rawValue))
        /// The disk is full when the write-ahead log grows.
        static let logWrite = Plan(
            fault: REMIT_FILES_DISK_FULL, calls: Int32(REMIT_FILES_WRITE.rawValue),
            kinds: Int32(REMIT_FILES_LOG.rawValue))
        /// Syncs of the database, which a checkpoint makes, report an error.
        static let databaseSync = Plan(
            fault: REMIT_FILES_IO_ERROR, calls: Int32(REMIT_FILES_SYNC.rawValue),
            kinds: Int32(REMIT_FILES_DATABASE.rawValue))
    }

    init() {
        remit_files_take_turn()
        precondition(remit_files_register(0) == SQLITE_OK, "SQLite takes the layer")
    }

    deinit {
        remit_files_end_turn()
    }

    /// Lets calls on the files of a folder fail.
    func fail(in folder: String, _ plan: Plan) {
        remit_files_fail(folder, plan.fault, plan.calls, plan.kinds, plan.first, plan.isLasting ? 1 : 0)
    }

    /// Lets nothing fail any more; says how many calls there were.
    @discardableResult
    func heal() -> Int64 {
        remit_files_heal()
    }

    /// How many calls have failed.
    var failures: Int64 { remit_files_failures() }
}

/// A number that the environment gives, for longer runs than the usual.
enum Environment {
    static func number(_ name: String, otherwise usual: Int) -> Int {
        getenv(name).flatMap { Int(String(cString: $0)) } ?? usual
    }
}
