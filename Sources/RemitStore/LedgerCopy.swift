import CSQLite

/// A copy of a ledger under another name, made while the ledger may be in use; it becomes a ledger when it is kept.
///
/// The copy is what SQLite's online backup makes of one moment: blocks that are appended meanwhile are not in it.
public final class LedgerCopy {
    /// The file that holds the copy until it is kept.
    public let draft: String
    /// The file that it is to become.
    public let target: String
    /// The right to write the target, so that nobody else makes a ledger there meanwhile.
    private let lock: WriterLock
    private var isDone = false

    /// Copies the ledger at `path`, which may be of an earlier format; `progress` is told pages done and pages in all.
    ///
    /// - Throws: `.alreadyExists` if the target, or a remainder of one, is there; what opening a ledger for reading
    ///   throws; `.sqlite` and `.system` for a disk that fails. Then nothing is left of the copy.
    public init(of path: String, at target: String, progress: (Int, Int) -> Void) throws(StoreError) {
        let source = ChainStore(try StoreOpening.read(try SystemCalls.resolved(path), anyFormat: true, StoreTuning()))
        self.target = try SystemCalls.resolvedForNewFile(target)
        draft = self.target + ".unfinished"
        try StoreOpening.refuseRemainders(of: self.target)
        lock = try WriterLock(ledger: self.target)
        try StoreOpening.refuseRemainders(of: self.target)
        try StoreOpening.removeDraft(draft)
        // Where this fails, the object goes, and the draft with it.
        try Self.fill(draft, from: source, progress)
    }

    /// Opens the copy for writing, which brings it to the present format; it must be closed before it is kept.
    public func open() throws(StoreError) -> ChainStore {
        ChainStore(try StoreOpening.write(draft, lock: lock, StoreTuning()))
    }

    /// Gives the copy its name, durably.
    public func keep() throws(StoreError) {
        try SystemCalls.sync(draft)
        for suffix in ["-wal", "-shm"] {
            try SystemCalls.remove(draft + suffix)
        }
        try SystemCalls.rename(draft, to: target)
        isDone = true
    }

    deinit {
        if !isDone { try? StoreOpening.removeDraft(draft) }
    }

    /// Enough pages for a step to be worth its locks, few enough for the progress to move.
    private static let pagesOfStep: Int32 = 1024

    private static func fill(
        _ draft: String, from source: ChainStore, _ progress: (Int, Int) -> Void
    ) throws(StoreError) {
        try SystemCalls.makeFile(draft)
        let copy = try Connection(path: draft, openFlags: SQLITE_OPEN_READWRITE, fileSystem: nil, waiting: 0)
        // One reading of the source spans all steps, so that a busy writer does not make them start again.
        try source.withSnapshot { () throws(StoreError) in
            _ = try source.head()
            try copy.copyPages(of: source.connection, atOnce: pagesOfStep, progress)
        }
        try copy.close()
        try source.close()
    }
}
