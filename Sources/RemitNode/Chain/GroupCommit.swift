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

    /// Collects what came of the transactions of a block, for when it is on disk.
    private final class Block: @unchecked Sendable {
        var waiting: [Waiting] = []
        var faults: [Int: AdmissionFault] = [:]
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
            let isMade = try pipeline.commit(
                block.waiting.map(\.transaction),
                more: {
                    let more = self.take(self.blockLimit - block.waiting.count)
                    block.waiting += more
                    return more.map(\.transaction)
                }, refused: { block.faults[$0] = $1 }, written: { Self.answer(block, $0) })
            if !isMade { Self.answer(block, nil) }
        } catch {
            for waiting in block.waiting { waiting.answer(.failure(error)) }
        }
    }

    /// Answers everybody whose transaction was to be in a block; nil where none may enter.
    private static func answer(_ block: Block, _ result: Result<CommittedBlock, NodeError>?) {
        var position = 0
        for (index, waiting) in block.waiting.enumerated() {
            if let fault = block.faults[index] {
                waiting.answer(.failure(.admission(fault)))
                continue
            }
            switch result {
            case .success(let made)?:
                let decision = Decision(
                    header: made.header, position: position, execution: made.executions[position])
                waiting.answer(.success(decision))
                position += 1
            case .failure(let error)?: waiting.answer(.failure(error))
            case nil: break
            }
        }
    }
}
