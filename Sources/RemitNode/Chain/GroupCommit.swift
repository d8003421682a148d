import Dispatch
public import RemitLedger
import RemitValues
import Synchronization

/// Commits transactions of many submitters: a block is what arrived while the block before it was made and synced.
///
/// Signatures are checked on the submitters' threads, so on all cores; execution and storage are on one thread, in the
/// order of arrival. A submitter gets its answer after the block is on disk, never before.
public final class GroupCommit: Sendable {
    /// Where a transaction ended up, and what became of it.
    public struct Decision: Sendable {
        /// The header of the block.
        public let header: BlockHeader
        /// The place in the block, from 0.
        public let position: Int
        /// What became of it; refused by a rule is on the chain, too.
        public let execution: Execution
    }

    /// A decision, or why there is none.
    public typealias Answer = Result<Decision, NodeError>

    private struct Waiting: Sendable {
        let transaction: CheckedTransaction
        let answer: @Sendable (Answer) -> Void
    }

    private struct Inbox {
        var waiting: [Waiting] = []
        /// Whether somebody is making blocks, or about to.
        var isBusy = false
    }

    /// The node, which only the queue touches.
    private struct Owned: @unchecked Sendable {
        let node: LedgerNode
    }

    private let inbox = Mutex(Inbox())
    private let queue = DispatchQueue(label: "remit.group-commit")
    private let owned: Owned
    private let blockLimit: Int

    /// Takes over a node that is open for writing; nobody else may use it any more.
    ///
    /// Blocks hold at most `blockLimit` transactions, which bounds how long an answer takes.
    public init(node: sending LedgerNode, blockLimit: Int = 250) {
        owned = Owned(node: node)
        self.blockLimit = min(max(1, blockLimit), Limits.blockTransactions)
    }

    /// Submits a transaction and waits for its block.
    public func submit(_ transaction: Transaction) async -> Answer {
        guard let checked = CheckedTransaction(transaction) else { return .failure(.admission(.badSignature)) }
        return await withCheckedContinuation { continuation in
            submit(checked) { continuation.resume(returning: $0) }
        }
    }

    /// Submits a transaction; `answer` is called once, on the thread that makes the blocks, and should be brief.
    public func submit(_ transaction: CheckedTransaction, answer: @escaping @Sendable (Answer) -> Void) {
        enum Next {
            case wait
            case start
            case refuse
        }
        let next = inbox.withLock { inbox -> Next in
            guard inbox.waiting.count < Limits.waitingTransactions else { return .refuse }
            inbox.waiting.append(Waiting(transaction: transaction, answer: answer))
            defer { inbox.isBusy = true }
            return inbox.isBusy ? .wait : .start
        }
        switch next {
        case .wait: break
        case .start: queue.async { self.makeBlocks() }
        case .refuse:
            answer(
                .failure(
                    .invalid(
                        "\(Limits.waitingTransactions) transactions are waiting already", hint: "send it again later")))
        }
    }

    /// Waits until everything that was submitted before has its answer, then hands the node to `body`.
    ///
    /// What is submitted meanwhile waits.
    public func withNode<Value: Sendable>(_ body: @Sendable (LedgerNode) throws -> Value) throws -> Value {
        try queue.sync { try body(owned.node) }
    }

    /// Makes blocks until nothing waits.
    private func makeBlocks() {
        while true {
            let batch = inbox.withLock { inbox -> [Waiting] in
                let batch = Array(inbox.waiting.prefix(blockLimit))
                inbox.waiting.removeFirst(batch.count)
                inbox.isBusy = !batch.isEmpty
                return batch
            }
            guard !batch.isEmpty else { return }
            makeBlock(batch)
        }
    }

    private func makeBlock(_ batch: [Waiting]) {
        var faults: [Int: AdmissionFault] = [:]
        let block: CommittedBlock?
        do {
            block = try owned.node.commit(batch.map(\.transaction)) { faults[$0] = $1 }
        } catch {
            for waiting in batch { waiting.answer(.failure(error)) }
            return
        }
        var position = 0
        for (index, waiting) in batch.enumerated() {
            if let fault = faults[index] {
                waiting.answer(.failure(.admission(fault)))
            } else if let block {
                let execution = block.executions[position]
                waiting.answer(
                    .success(Decision(header: block.header, position: position, execution: execution)))
                position += 1
            }
        }
    }
}
