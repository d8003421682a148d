import Dispatch
public import RemitLedger
import RemitValues
import Synchronization

/// Commits transactions of many submitters: a block is what arrived while the block before it was made and synced.
///
/// Signatures are checked on the submitters' threads, so on all cores; execution is on one thread, in the order of
/// arrival, and the block before is sealed and written on another. A submitter gets its answer after the block is on
/// disk, never before.
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

    /// The node, which only the queue and its pipeline touch.
    private struct Owned: @unchecked Sendable {
        let node: LedgerNode
    }

    /// Whose transactions are to be in a block; no more come once it is handed to the writer.
    private final class Block: @unchecked Sendable {
        var waiting: [Waiting] = []
    }

    private let inbox = Mutex(Inbox())
    private let queue = DispatchQueue(label: "remit.group-commit")
    private let owned: Owned
    private let pipeline: BlockPipeline
    private let blockLimit: Int

    /// Takes over a node that is open for writing; nobody else may use it any more.
    ///
    /// Blocks hold at most `blockLimit` transactions, which bounds how long an answer takes.
    public init(node: sending LedgerNode, blockLimit: Int = 250) throws(NodeError) {
        pipeline = try BlockPipeline(node: node)
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

    /// Submits a transaction; `answer` is called once, on a thread that makes blocks, and should be brief.
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
        try queue.sync {
            try pipeline.finish()
            defer { pipeline.resume() }
            return try body(owned.node)
        }
    }

    /// Makes blocks until nothing waits.
    private func makeBlocks() {
        while true {
            let block = Block()
            block.waiting = take(blockLimit)
            guard !block.waiting.isEmpty else {
                // What arrives from now on starts anew.
                let isOver = inbox.withLock { inbox -> Bool in
                    inbox.isBusy = !inbox.waiting.isEmpty
                    return !inbox.isBusy
                }
                if isOver { return }
                continue
            }
            makeBlock(block)
        }
    }

    private func take(_ limit: Int) -> [Waiting] {
        inbox.withLock { inbox in
            let batch = Array(inbox.waiting.prefix(limit))
            inbox.waiting.removeFirst(batch.count)
            return batch
        }
    }

    private func makeBlock(_ block: Block) {
        do {
            try pipeline.commit(
                block.waiting.map(\.transaction),
                more: {
                    let more = self.take(self.blockLimit - block.waiting.count)
                    block.waiting += more
                    return more.map(\.transaction)
                }, written: { Self.answer(block.waiting, $0) })
        } catch {
            Self.answer(block.waiting, .failure(error))
        }
    }

    /// Answers everybody whose transaction was to be in a block.
    private static func answer(_ all: [Waiting], _ result: Result<BlockPipeline.Told, NodeError>) {
        let told: BlockPipeline.Told
        switch result {
        case .success(let success): told = success
        case .failure(let error):
            for waiting in all { waiting.answer(.failure(error)) }
            return
        }
        var position = 0
        for (index, waiting) in all.enumerated() {
            if let fault = told.refused[index] {
                waiting.answer(.failure(.admission(fault)))
            } else if let block = told.block {
                waiting.answer(
                    .success(
                        Decision(header: block.header, position: position, execution: block.executions[position])))
                position += 1
            }
        }
    }
}
