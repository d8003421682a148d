import RemitStore

/// Copies of whole ledgers that are verified before they get their names.
public enum LedgerBackup {
    /// What is being done.
    public enum Stage: Sendable {
        case copying
        case verifying
    }

    /// Copies the ledger in a file to another file, which must not be there, and verifies the copy.
    ///
    /// The ledger may be in use meanwhile, and may have an earlier format: the copy is brought up to date, and has no
    /// traces of what was erased. `progress` is told the stage, how much is done and how much there is.
    /// Throws `broken` where the copy does not verify; then, and after every other error, no copy is left.
    public static func copy(
        _ path: String, to target: String, progress: (Stage, UInt64, UInt64) -> Void
    ) throws(NodeError) -> VerificationReport {
        try withoutActuallyEscaping(progress) { progress throws(NodeError) in
            let copy = try storing { () throws(StoreError) in
                try LedgerCopy(of: path, at: target) { done, all in
                    progress(.copying, UInt64(max(0, done)), UInt64(max(0, all)))
                }
            }
            try bringUpToDate(copy)
            let report = try Verification.run(path: copy.draft, replaying: false) { done, all in
                progress(.verifying, done, all)
            }
            guard report.problems.isEmpty else { throw .broken(report.problems) }
            do throws(StoreError) { try copy.keep() } catch { throw .store(error) }
            return report
        }
    }

    private static func bringUpToDate(_ copy: LedgerCopy) throws(NodeError) {
        let store = try storing { () throws(StoreError) in try copy.open() }
        try LedgerNode.addAuditRows(to: store)
        try storing { () throws(StoreError) in
            _ = try store.purge()
            try store.close()
        }
    }
}
