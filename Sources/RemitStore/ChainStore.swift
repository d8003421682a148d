import CSQLite

/// The blocks and the state of one ledger, in one SQLite file.
///
/// It keeps bytes and knows nothing of their meaning. One store writes a ledger at a time; any number may read it
/// meanwhile. A store is for one thread at a time.
public final class ChainStore {
    /// What a ledger is opened for.
    public enum Mode: Hashable, Sendable {
        /// To make a new one, and write it.
        case create
        /// To write it.
        case readWrite
        /// To read it, which needs no lock and disturbs no writer.
        case readOnly
    }

    /// The file, without symbolic links.
    public let path: String
    /// Whether blocks can be appended.
    public let isWritable: Bool

    let connection: Connection
    let tuning: StoreTuning
    /// What made the store unusable, if anything did.
    private var failure: StoreError?
    private var isReading = false
    private var lock: WriterLock?

    /// Opens the ledger at `path`.
    ///
    /// - Throws: `.alreadyExists` for `create` if the file or a remainder of one is there; `.noSuchFile`,
    ///   `.notALedger`, `.newerFormat`, `.olderFormat` and `.damaged` for what is there otherwise; `.locked` if another
    ///   process writes it; `.notWritable`, `.unsuitableFileSystem`, `.system` for what surrounds it.
    public convenience init(path: String, mode: Mode, patience milliseconds: Int = 0) throws(StoreError) {
        var tuning = StoreTuning()
        tuning.writerPatienceMilliseconds = milliseconds
        try self.init(path: path, mode: mode, tuning: tuning)
    }

    convenience init(path: String, mode: Mode, tuning: StoreTuning) throws(StoreError) {
        let opened =
            switch mode {
            case .create: try StoreOpening.create(path, tuning)
            case .readWrite: try StoreOpening.write(try SystemCalls.resolved(path), lock: nil, tuning)
            case .readOnly: try StoreOpening.read(try SystemCalls.resolved(path), tuning)
            }
        self.init(opened, tuning: tuning)
    }

    init(_ opened: StoreOpening.Opened, tuning: StoreTuning = StoreTuning()) {
        connection = opened.connection
        lock = opened.lock
        isWritable = opened.lock != nil
        path = connection.path
        self.tuning = tuning
    }

    /// Opens the ledger to walk through all of it once, which needs little memory for pages: what was read is not read
    /// again soon.
    ///
    /// - Throws: What opening it for reading throws.
    public convenience init(walking path: String) throws(StoreError) {
        try self.init(path: path, mode: .readOnly, tuning: StoreTuning(cacheKibibytes: 16_384))
    }

    /// Moves what the write-ahead log holds into the database and empties the log, as far as readers let it.
    public func checkpoint() throws(StoreError) {
        try beWritable()
        do {
            try connection.checkpoint(truncating: true)
        } catch {
            fail(error)
            throw error
        }
    }

    /// Closes the ledger and gives the lock back; every later call throws `.closed`.
    ///
    /// A store that is let go unclosed loses nothing: the next opening recovers from the log.
    public func close() throws(StoreError) {
        defer { lock = nil }
        var problem: StoreError?
        if isWritable, failure == nil {
            do {
                try checkpoint()
            } catch {
                problem = error
            }
        }
        try connection.close()
        failure = failure ?? .closed
        if let problem {
            throw problem
        }
    }

    /// What SQLite finds wrong with the structure of the file, one line each; none if it is sound.
    ///
    /// It reads the whole file.
    public func integrityProblems() throws(StoreError) -> [String] {
        try beUsable()
        var problems: [String] = []
        let doing = "checking the database"
        do {
            try connection.once("PRAGMA integrity_check", doing: doing) { row throws(StoreError) in
                let text = try row.text(0)
                if text != "ok" {
                    problems.append(text)
                }
                return .next
            }
            try connection.once("PRAGMA foreign_key_check", doing: doing) { row throws(StoreError) in
                problems.append("a row of \(try row.text(0)) belongs to no row of \(try row.text(2))")
                return .next
            }
        } catch {
            // Some damage stops the check itself.
            guard case .damaged = error else {
                throw error
            }
            problems.append(error.message)
        }
        return problems
    }

    /// Runs `body` on the ledger as it is now, whatever is appended meanwhile by another process.
    public func withSnapshot<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        try beUsable()
        precondition(!isReading, "snapshots do not nest")
        try connection.run(.beginReading)
        isReading = true
        let result: Result
        do {
            result = try body()
        } catch {
            // What went wrong first is what is told.
            try? endReading()
            throw error
        }
        try endReading()
        return result
    }

    private func endReading() throws(StoreError) {
        isReading = false
        if try !connection.isIdle() {
            try connection.run(.commit, doing: "ending to read")
        }
    }

    // MARK: Usability

    /// Throws unless the store can be read.
    func beUsable() throws(StoreError) {
        switch failure {
        case nil: return
        case .closed: throw .closed
        case .some(let cause): throw .storeFailed(cause: cause)
        }
    }

    /// Throws unless the store can be written.
    func beWritable() throws(StoreError) {
        try beUsable()
        guard isWritable else {
            throw .readOnly
        }
        precondition(!isReading, "nothing is written inside a snapshot")
    }

    /// Makes the store unusable: after a failed write or sync nobody knows what the disk holds until it is read anew.
    func fail(_ cause: StoreError) {
        failure = failure ?? cause
        connection.keepLogOnClose()
    }
}

/// What is chosen for the machine, or by a test.
struct StoreTuning: Sendable {
    /// The SQLite VFS; nil for the system's.
    var fileSystem: String?
    /// The pages in the write-ahead log after which a commit moves it into the database.
    var pagesBetweenCheckpoints: Int32 = 4000
    /// The memory for pages, in KiB.
    var cacheKibibytes = 131_072
    /// How long a reader waits for another process that recovers or closes the ledger.
    var readerPatienceMilliseconds: Int32 = 5000
    /// How long a writer waits for another one to end.
    var writerPatienceMilliseconds = 0
    /// The most pages that the file may have; nil for SQLite's own limit.
    var pageLimit: Int?
}
