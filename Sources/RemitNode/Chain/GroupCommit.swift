import Dispatch
public import RemitLedger
import RemitValues
import Synchronization

/// Commits transactions of many submitters: a block is what arrived while the block before it was made and synced.
///
/// Signatures are checked on all cores; execution is on one thread, in the order of arrival, and the block before is
/// sealed and written on another. A submitter gets its answer after the block is on disk, never before.
///
/// A block is closed when the one before it is on disk and three of four that had arrived by then are in it: a larger
/// block costs less for each transaction, and the others are checked and executed while this one is written.
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

    /// The node, which only the queue and its pipeline touch.
    private struct Owned: @unchecked Sendable {
        let node: LedgerNode
    }

    /// Whose transactions are to be in a block; no more come once it is handed to the writer.
    private final class Block: @unchecked Sendable {
        var arrivals: [Arrivals.Arrival] = []
    }

    private let arrivals: Arrivals
    /// Where signatures are checked.
    private let checkers = DispatchQueue(label: "remit.signatures", attributes: .concurrent)
    private let queue = DispatchQueue(label: "remit.group-commit")
    private let owned: Owned
    private let pipeline: BlockPipeline
    private let blockLimit: Int

    /// Takes over a node that is open for writing; nobody else may use it any more.
    ///
    /// Blocks hold at most `blockLimit` transactions, which bounds how long an answer takes.
    public init(node: sending LedgerNode, blockLimit: Int = 250) throws(NodeError) {
        let arrivals = Arrivals()
        pipeline = try BlockPipeline(node: node, writing: { arrivals.tell(isWriting: $0) })
        self.arrivals = arrivals
        owned = Owned(node: node)
        self.blockLimit = min(max(1, blockLimit), Limits.blockTransactions)
    }

    /// Submits a transaction and waits for its block.
    public func submit(_ transaction: Transaction) async -> Answer {
        await withCheckedContinuation { continuation in
            submit(transaction) { continuation.resume(returning: $0) }
        }
    }

    /// Submits a transaction whose signature is still to be checked; `answer` is called once, on a thread that makes
    /// blocks or checks signatures, and should be brief.
    public func submit(_ transaction: Transaction, answer: @escaping @Sendable (Answer) -> Void) {
        guard let ticket = arrivals.add(answer) else { return answer(Self.tooMany) }
        checkers.async { [self] in
            let checked = CheckedTransaction(transaction)
            start(if: arrivals.settle(ticket, checked))
            if checked == nil { answer(.failure(.admission(.badSignature))) }
        }
    }

    /// Submits a transaction; `answer` is called once, on a thread that makes blocks, and should be brief.
    public func submit(_ transaction: CheckedTransaction, answer: @escaping @Sendable (Answer) -> Void) {
        guard let ticket = arrivals.add(answer) else { return answer(Self.tooMany) }
        start(if: arrivals.settle(ticket, transaction))
    }

    private static let tooMany = Answer.failure(
        .invalid("\(Limits.waitingTransactions) transactions are waiting already", hint: "send it again later"))

    private func start(if isFirst: Bool) {
        if isFirst { queue.async { self.makeBlocks() } }
    }

    /// Waits until everything that was submitted before has its answer, then hands the node to `body`.
    ///
    /// What is submitted meanwhile waits.
    public func withNode<Value: Sendable>(_ body: @Sendable (LedgerNode) throws -> Value) throws -> Value {
        // What was submitted before has been checked after this, and waits in the queue.
        checkers.sync(flags: .barrier) {}
        return try queue.sync {
            try pipeline.finish()
            defer { pipeline.resume() }
            return try body(owned.node)
        }
    }

    /// Makes blocks until nothing waits.
    private func makeBlocks() {
        while true {
            let block = Block()
            block.arrivals = arrivals.begin(limit: blockLimit)
            if block.arrivals.isEmpty { return }
            makeBlock(block)
        }
    }

    private func makeBlock(_ block: Block) {
        do {
            try pipeline.commit(
                block.arrivals.compactMap(\.checked),
                more: {
                    let more = self.arrivals.more(has: block.arrivals.count, limit: self.blockLimit)
                    block.arrivals += more
                    return more.compactMap(\.checked)
                }, written: { Self.answer(block.arrivals, $0) })
        } catch {
            Self.answer(block.arrivals, .failure(error))
        }
    }

    /// Answers everybody whose transaction was to be in a block.
    private static func answer(_ all: [Arrivals.Arrival], _ result: Result<BlockPipeline.Told, NodeError>) {
        let told: BlockPipeline.Told
        switch result {
        case .success(let success): told = success
        case .failure(let error):
            for arrival in all { arrival.answer(.failure(error)) }
            return
        }
        var position = 0
        for (index, arrival) in all.enumerated() {
            if let fault = told.refused[index] {
                arrival.answer(.failure(.admission(fault)))
            } else if let block = told.block {
                arrival.answer(
                    .success(
                        Decision(header: block.header, position: position, execution: block.executions[position])))
                position += 1
            }
        }
    }
}
