import RemitLedger
import RemitStore
import RemitValues

/// Checks a ledger from block 0, or from the snapshot that it was made from: links, signatures, roots, every column and
/// every state row.
public struct Verification {
    /// The most problems that a report holds; what follows the first is mostly its consequence.
    static let problemLimit = 100

    let store: ChainStore
    /// Re-executes every transaction and compares the receipts to the byte.
    let replaying: Bool
    /// Told after each block: blocks done, blocks in all.
    let progress: (UInt64, UInt64) -> Void

    /// Verifies the ledger in a file, opened for reading.
    public static func run(
        path: String, replaying: Bool, progress: @escaping (UInt64, UInt64) -> Void = { _, _ in }
    ) throws(NodeError) -> VerificationReport {
        let store = try storing { () throws(StoreError) in try ChainStore(walking: path) }
        do {
            var report = try Verification(store: store, replaying: replaying, progress: progress).run()
            if report.isPlaceless, let place = DamageSearch.place(path: store.path) {
                report.problems.append(
                    ChainProblem(height: place.height, position: nil, text: "table \(place.table): \(place.problem)"))
            }
            return report
        } catch {
            // SQLite says only that something is malformed; a block can be named for it all the same.
            guard case .store(.damaged(let table, let row, let problem)) = error,
                row.map({ !$0.hasPrefix("block") }) ?? true,
                let place = DamageSearch.place(path: store.path)
            else { throw error }
            let found = row.map { "\(place.row) (\($0))" } ?? place.row
            throw .store(.damaged(table: table == "(none)" ? place.table : table, row: found, problem: problem))
        }
    }

    func run() throws(NodeError) -> VerificationReport {
        var report = VerificationReport()
        for text in try storing({ () throws(StoreError) in try store.integrityProblems() }) {
            report.problems.append(ChainProblem(height: nil, position: nil, text: VerificationReport.ofFile + text))
        }
        guard let last = try storing({ () throws(StoreError) in try store.head() }) else {
            report.problems.append(ChainProblem(height: 0, position: nil, text: "the ledger has no first block"))
            return report
        }
        var rows = RowCheck()
        let found = try nodeKey()
        guard let nodeKey = found else {
            report.problems.append(
                ChainProblem(height: 0, position: 0, text: "the ledger names no key of its node"))
            return report
        }
        let begun = try begin(nodeKey, &rows, &report)
        guard var verifier = begun else { return report }
        let replay = replaying ? try Replay(store) : nil
        var coverage = try VaultCoverage(store)
        let first = verifier.nextHeight
        var blocks = BlocksAhead(store, from: first, through: last.height, BlockRows.parts)
        for height in first..<max(first, last.height + 1) {
            let isThere = try store.reading { () throws(NodeError) in
                guard let (block, parts) = try readable(height, &report, { () throws(StoreError) in try blocks.next() })
                else { return false }
                try check(block, parts, height, &verifier, &rows, &report)
                if let replay, report.problems.isEmpty {
                    report.problems += try replay.check(block, parts, genesis: verifier.genesis ?? .zero)
                    report.replay = replay.counts
                }
                report.problems += try coverage?.look(at: parts, height: height) ?? []
                report.blocks += 1
                report.transactions += UInt64(block.transactions.count)
                return true
            }
            guard isThere else { break }
            progress(height + 1 - first, last.height + 1 - first)
            if report.problems.count >= Self.problemLimit { break }
        }
        report.head = verifier.head
        if report.problems.count < Self.problemLimit { try checkCounts(rows, last.height, &report) }
        guard report.problems.count < Self.problemLimit else { return report }
        try VaultCheck(store: store).run(&report)
        if report.problems.isEmpty, let coverage {
            report.problems += try coverage.strays(last: last.height, limit: Self.problemLimit)
        }
        try coverage?.lookAtState()
        report.vaultLacks = coverage?.count ?? 0
        return report
    }

    /// A verifier for the first block; of a ledger made from a snapshot, that is checked before. Nil where it is bad.
    private func begin(
        _ nodeKey: PublicKey, _ rows: inout RowCheck, _ report: inout VerificationReport
    ) throws(NodeError) -> ChainVerifier? {
        guard let base = try storing({ () throws(StoreError) in try store.base() }) else {
            return ChainVerifier(nodeKey: nodeKey)
        }
        report.snapshot = base.height
        let found = try readable(base.height, &report) { () throws(StoreError) in try store.block(at: base.height) }
        guard let block = found else { return nil }
        return try BaseCheck(store: store, base: base).verifier(block, nodeKey, &rows, &report)
    }

    /// The block of a height; where there is none that can be read, the report says so.
    private func readable<Block>(
        _ height: UInt64, _ report: inout VerificationReport, _ read: () throws(StoreError) -> Block?
    ) throws(NodeError) -> Block? {
        do throws(StoreError) {
            if let block = try read() { return block }
            report.problems.append(ChainProblem(height: height, position: nil, text: "the block is missing"))
        } catch {
            guard case .damaged(let table, let row, let problem) = error else { throw .store(error) }
            let place = row.map { ", \($0)" } ?? ""
            report.problems.append(
                ChainProblem(height: height, position: nil, text: "table \(table)\(place): \(problem)"))
        }
        return nil
    }

    /// The node's key as the founding transaction names it, or the state of the snapshot that the ledger begins with.
    func nodeKey() throws(NodeError) -> PublicKey? {
        if let base = try storing({ () throws(StoreError) in try store.base() }) {
            let state = WorkingState(over: HistoricState(store: store, height: base.height))
            // A row that does not decode names no key either.
            guard case .text(let hex)? = try? state.value(StateLayout.nodeKey) else { return nil }
            return PublicKey(hex: hex.string)
        }
        guard let block = try storing({ () throws(StoreError) in try store.block(at: 0) }),
            let stored = block.transactions.first, let transaction = try? BlockRows.transaction(stored),
            case .found(let founding)? = SystemCall(
                name: transaction.body.call, arguments: transaction.body.arguments)
        else { return nil }
        return founding.nodeKey
    }

    private func check(
        _ block: StoredBlock, _ parts: ReadBlock, _ height: UInt64, _ verifier: inout ChainVerifier,
        _ rows: inout RowCheck, _ report: inout VerificationReport
    ) throws(NodeError) {
        if let fault = parts.fault {
            report.problems.append(ChainProblem(height: height, position: nil, text: fault.description))
            return
        }
        report.problems += verifier.check(parts).map { ChainProblem($0) }
        report.problems += ColumnCheck(block: block, parts: parts, height: height).problems()
        var changes: [StateChange] = []
        for case .success(let receipt) in parts.receipts { changes += receipt.changes }
        report.problems += try rows.problems(store, BlockRows.merged(changes), height: height)
        // Bytes that cannot be read have been reported above.
        if let (_, transactions, receipts) = try? parts.whole(),
            let expected = try? AuditColumns.rows(block, transactions, receipts)
        {
            rows.versions += UInt64(expected.cases.count)
            report.problems += try AuditColumns.problems(store, expected, height: height)
        }
    }

    /// Compares how many rows there are with what the chain says, and names those that do not belong.
    private func checkCounts(
        _ rows: RowCheck, _ last: UInt64, _ report: inout VerificationReport
    ) throws(NodeError) {
        let counts: (all: UInt64, closed: UInt64)
        do throws(StoreError) {
            counts = try store.stateRowCounts()
            report.stateRows = counts.all
            if try store.caseVersionCount() != rows.versions {
                report.problems.append(
                    ChainProblem(
                        height: nil, position: nil,
                        text: "the table `case_version` has more rows than the blocks wrote"))
            }
        } catch {
            throw .store(error)
        }
        guard counts != (rows.written, rows.closed) else { return }
        report.problems += try RowHistory.problems(store, last: last, limit: Self.problemLimit)
    }
}
