public import RemitLedger
import RemitStore

/// What is wrong with the file of a ledger, and what can be done about it.
public struct Diagnosis: Sendable {
    /// How grave a finding is.
    public enum Gravity: String, Sendable {
        /// As it should be.
        case fine
        /// Worth knowing; nothing is lost.
        case remark
        /// Something does not work, or is lost.
        case problem
    }

    /// Something that was looked at.
    public struct Finding: Sendable {
        public let gravity: Gravity
        /// A word for programs.
        public let code: String
        /// One line.
        public let text: String
        /// What to do, where there is something.
        public let advice: String?

        /// A finding.
        public init(_ gravity: Gravity, _ code: String, _ text: String, advice: String? = nil) {
            self.gravity = gravity
            self.code = code
            self.text = text
            self.advice = advice
        }
    }

    /// What was found, in the order in which it was looked at.
    public private(set) var findings: [Finding] = []
    /// How many blocks from block 0 on are sound; nil if they could not be read.
    public private(set) var soundBlocks: UInt64?
    /// How many blocks there are, as far as they could be counted.
    public private(set) var blocks: UInt64?
    /// The key that must sign blocks, as block 0 names it.
    public private(set) var nodeKey: PublicKey?

    /// Looks at the ledger in a file: first at the files from outside, then at the database, then at the chain.
    public init(path: String, progress: @escaping (UInt64, UInt64) -> Void = { _, _ in }) {
        let files = FileExamination(path: path)
        guard add(files) else { return }
        add(files.log)
        addUse(files)
        do throws(NodeError) {
            let report = try Verification.run(path: path, replaying: false, progress: progress)
            nodeKey = try Self.nodeKey(path)
            add(report)
        } catch {
            add(error)
        }
    }

    /// Adds what somebody else found.
    public mutating func add(_ finding: Finding) { findings.append(finding) }

    /// Whether anything is wrong.
    public var isSound: Bool { !findings.contains { $0.gravity == .problem } }

    // MARK: The files

    /// What kind of file it is; says whether it is worth opening.
    private mutating func add(_ files: FileExamination) -> Bool {
        for path in files.remainders {
            add(
                Finding(
                    .remark, "remainder", "\(path) was left by an interrupted command or another program",
                    advice: files.kind == .missing
                        ? "without its ledger it is of no use: move it away before a ledger is restored here"
                        : "the next ledger that is made or restored here clears it away"))
        }
        for path in files.obstacles {
            add(
                Finding(
                    .problem, "obstacle", "\(path) is no plain file: no ledger can be opened beside it",
                    advice: "move it away; SQLite makes the file anew where it needs it"))
        }
        switch files.kind {
        case .missing:
            return stop("missing", "there is no file \(files.path)", "check the path, or \(Self.restore)")
        case .notAFile:
            return stop("notAFile", "\(files.path) is no plain file", "check the path")
        case .unreadable:
            return stop(
                "unreadable", "\(files.path) may not be read by this user",
                "run as its owner, or let the owner change its rights: chmod u+r")
        case .empty:
            return stop("empty", "\(files.path) is empty", Self.restore)
        case .foreign:
            return stop(
                "notALedger", "\(files.path) is no SQLite database",
                "check the path; if this was a ledger, its beginning is overwritten: \(Self.restore)")
        case .database: break
        }
        guard files.application == FileExamination.ledgerApplication else {
            return stop(
                "notALedger", "\(files.path) is the database of another application",
                "check the path: a ledger is the file chain.sqlite in the folder that remit init made")
        }
        guard files.format <= FileExamination.knownFormat else {
            return stop(
                "newerFormat",
                "the ledger has format \(files.format), and this version knows formats up to "
                    + "\(FileExamination.knownFormat)", "use the version of Remit that wrote it, or a later one")
        }
        guard files.format == FileExamination.knownFormat else {
            return stop(
                "olderFormat",
                "the ledger has format \(files.format), and this version writes \(FileExamination.knownFormat)",
                "make a copy with remit backup; whatever writes to it then brings it up to date, such as remit tick")
        }
        add(Finding(.fine, "file", "\(files.path) is a ledger of format \(files.format)"))
        if !files.isWhole {
            add(
                Finding(
                    .problem, "cutShort", "the file is shorter than its pages: its end is missing",
                    advice: "a copy was broken off, or the file system lost it: \(Self.restore)"))
        }
        return files.obstacles.isEmpty
    }

    private mutating func stop(_ code: String, _ text: String, _ advice: String) -> Bool {
        add(Finding(.problem, code, text, advice: advice))
        return false
    }

    private static let restore = "restore a backup: remit restore FILE"

    private mutating func add(_ log: LogFile?) {
        guard let log, log.ending != .whole || log.commits > 0 else { return }
        let held = "the write-ahead log holds \(log.commits) commits on \(log.pages) pages"
        switch log.ending {
        case .whole: add(Finding(.fine, "log", held))
        case .unfinished:
            add(
                Finding(
                    .remark, "unfinishedLog", "\(held), and after them pages of a commit that was not completed",
                    advice: "nothing acknowledged is lost: the next command that writes drops them"))
        case .damaged:
            add(
                Finding(
                    .problem, "damagedLog", "\(held); then it is damaged, and complete commits follow the damage",
                    advice: "keep a copy of the folder as it is: blocks may be missing at the end, which only a "
                        + "checkpoint or a backup can tell"))
        case .unreadable:
            add(
                Finding(
                    .problem, "damagedLog", "the write-ahead log has no valid header, and nothing in it is read",
                    advice: "keep a copy of the folder as it is: blocks may be missing at the end, which only a "
                        + "checkpoint or a backup can tell"))
        }
    }

    private mutating func addUse(_ files: FileExamination) {
        if let writer = files.writer {
            let name = writer == 0 ? "a process" : "process \(writer)"
            add(
                Finding(
                    .remark, "locked", "\(name) has the ledger open for writing",
                    advice: "others can read meanwhile; to write, wait until it has ended, or stop it"))
        }
        if files.isLockBlocked {
            add(
                Finding(
                    .problem, "lock", "\(files.path).lock is no plain file: nobody can open the ledger for writing",
                    advice: "move it away; the next command that writes makes the file anew"))
        }
        if !files.mayWrite {
            add(
                Finding(
                    .remark, "readOnly", "this user may not write the file, or make others beside it",
                    advice: "to make blocks, run as the owner of the ledger, or have its rights changed"))
        }
        if files.rights & 0o022 != 0 {
            add(
                Finding(
                    .problem, "rights", "others may write the file (its rights are \(String(files.rights, radix: 8)))",
                    advice: "chmod 600 \(files.path)"))
        } else if files.rights & 0o055 != 0 {
            add(
                Finding(
                    .remark, "rights", "others may read the file (its rights are \(String(files.rights, radix: 8)))",
                    advice: "if it holds personal data: chmod 600 \(files.path)"))
        }
    }

    // MARK: The chain

    private mutating func add(_ report: VerificationReport) {
        blocks = report.blocks
        let firstBad = report.problems.compactMap(\.height).min()
        soundBlocks = firstBad ?? report.blocks
        if report.vaultLacks > 0 {
            add(
                Finding(
                    .remark, "vaultLacks", report.vaultGap,
                    advice: "if this ledger made all of its blocks, restore a backup: it was not erased, but lost"))
        }
        if report.holdsTraces {
            add(
                Finding(
                    .remark, "traces", "the file may still hold traces of what was erased",
                    advice: "end whatever reads the ledger, then let any command write to it: they are taken out"))
        }
        guard !report.problems.isEmpty else {
            add(
                Finding(
                    .fine, "chain",
                    "the chain is sound: \(report.counts)"))
            return
        }
        for problem in report.problems.prefix(Self.shownProblems) {
            add(Finding(.problem, "chain", problem.description))
        }
        let more = report.problems.count - Self.shownProblems
        if more > 0 { add(Finding(.problem, "chain", "and \(more) more: remit verify shows them")) }
        switch firstBad {
        case nil where report.problems.allSatisfy { $0.text.hasPrefix("the vault") }:
            add(
                Finding(
                    .problem, "vault", "all \(report.blocks) blocks are sound, and the vault is not",
                    advice: "restore a backup: private values cannot be made again from the blocks"))
        case nil:
            add(
                Finding(
                    .problem, "rowsOnly", "all \(report.blocks) blocks are sound, and the rows beside them are not",
                    advice: "everything can be made again from the blocks: export the chain, and the vault where there "
                        + "is one, and import them into a new ledger, or restore a backup; keep this file for "
                        + "inspection"))
        case (report.snapshot ?? 0)?:
            add(Finding(.problem, "brokenChain", "no block can be relied on", advice: Self.keepAndRestore))
        case .some(let height):
            add(
                Finding(
                    .problem, "brokenChain",
                    "blocks \(report.snapshot ?? 0) to \(height - 1) are sound, and block \(height) is not",
                    advice: Self.keepAndRestore))
        }
    }

    private static let shownProblems = 5
    private static let keepAndRestore =
        "keep this file for inspection, and restore a backup or copy the ledger from another node"

    private mutating func add(_ error: NodeError) {
        let advice: String? =
            if case .store(.damaged) = error { Self.keepAndRestore } else { error.hint }
        add(Finding(.problem, "unreadableChain", error.message, advice: advice))
    }

    private static func nodeKey(_ path: String) throws(NodeError) -> PublicKey? {
        let store = try storing { () throws(StoreError) in try ChainStore(path: path, mode: .readOnly) }
        return try Verification(store: store, replaying: false, progress: { _, _ in }).nodeKey()
    }
}
