import RemitLedger
import RemitStore
import RemitValues

/// Checks a ledger from block 0: links, signatures, roots, every column and every state row.
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
        let store = try storing { () throws(StoreError) in try ChainStore(path: path, mode: .readOnly) }
        return try Verification(store: store, replaying: replaying, progress: progress).run()
    }

    func run() throws(NodeError) -> VerificationReport {
        var report = VerificationReport()
        for text in try storing({ () throws(StoreError) in try store.integrityProblems() }) {
            report.problems.append(ChainProblem(height: nil, position: nil, text: "the database file: \(text)"))
        }
        guard let last = try storing({ () throws(StoreError) in try store.head() }) else {
            report.problems.append(ChainProblem(height: 0, position: nil, text: "the ledger has no first block"))
            return report
        }
        var history = RowHistory()
        let found = try nodeKey()
        guard let nodeKey = found else {
            report.problems.append(
                ChainProblem(height: 0, position: 0, text: "the first transaction does not found a chain"))
            return report
        }
        var verifier = ChainVerifier(nodeKey: nodeKey)
        let replay = replaying ? Replay() : nil
        for height in 0...last.height {
            guard let block = try storing({ () throws(StoreError) in try store.block(at: height) }) else {
                report.problems.append(ChainProblem(height: height, position: nil, text: "the block is missing"))
                break
            }
            check(block, height, &verifier, &history, &report)
            if let replay, report.problems.isEmpty {
                report.problems += try replay.check(block, genesis: verifier.genesis ?? .zero)
                report.replayed += report.problems.isEmpty ? UInt64(block.transactions.count) : 0
            }
            report.blocks += 1
            report.transactions += UInt64(block.transactions.count)
            progress(height + 1, last.height + 1)
            if report.problems.count >= Self.problemLimit { break }
        }
        report.head = verifier.head
        if report.problems.count < Self.problemLimit { try checkRows(history, &report) }
        return report
    }

    /// The node's key as the founding transaction names it.
    private func nodeKey() throws(NodeError) -> PublicKey? {
        guard let block = try storing({ () throws(StoreError) in try store.block(at: 0) }),
            let stored = block.transactions.first, let transaction = try? BlockRows.transaction(stored),
            case .found(let founding)? = SystemCall(
                name: transaction.body.call, arguments: transaction.body.arguments)
        else { return nil }
        return founding.nodeKey
    }

    private func check(
        _ block: StoredBlock, _ height: UInt64, _ verifier: inout ChainVerifier, _ history: inout RowHistory,
        _ report: inout VerificationReport
    ) {
        let bytes: BlockBytes
        do {
            bytes = try BlockRows.bytes(block)
        } catch {
            report.problems.append(ChainProblem(height: height, position: nil, text: error.description))
            return
        }
        report.problems += verifier.check(bytes).map(ChainProblem.init)
        report.problems += ColumnCheck(block: block, height: height).problems()
        var changes: [StateChange] = []
        for bytes in block.deadlines.map(\.receipt) + block.transactions.map(\.receipt) {
            if let receipt = try? Receipt(decoding: bytes) { changes += receipt.changes }
        }
        history.apply(BlockRows.merged(changes), at: height)
    }

    /// Compares every state row, present and past, with what the receipts say.
    private func checkRows(_ history: RowHistory, _ report: inout VerificationReport) throws(NodeError) {
        var remaining = history
        var problems: [ChainProblem] = []
        var count: UInt64 = 0
        try storing { () throws(StoreError) in
            try store.forEachStateRow { row throws(StoreError) in
                count += 1
                guard problems.count < Self.problemLimit else { return .stop }
                if let text = remaining.take(row) {
                    problems.append(ChainProblem(height: nil, position: nil, text: text))
                }
                return .next
            }
        }
        problems += remaining.missing(limit: Self.problemLimit).map {
            ChainProblem(height: nil, position: nil, text: $0)
        }
        report.stateRows = count
        report.problems += problems
    }
}
