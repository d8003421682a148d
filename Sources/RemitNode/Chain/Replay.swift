import RemitLedger
import RemitStore
import RemitValues

/// Executes the chain again from block 0, in memory, and compares every receipt to the byte.
final class Replay {
    private let memory: MemoryState
    /// What came of the transactions and blocks so far.
    private(set) var counts = ReplayCounts()

    /// A replay from block 0, whose private values come from the vault of a store.
    init(_ store: ChainStore) { memory = MemoryState(secrets: StoredVault(store: store)) }
    private let catalogue = ContractCatalogue()

    /// Executes the next block; gives what came out otherwise than recorded.
    func check(_ block: StoredBlock, genesis: Digest) throws(NodeError) -> [ChainProblem] {
        let header: BlockHeader
        var transactions: [Transaction] = []
        do throws(LedgerFault) {
            header = try BlockHeader(decoding: block.header)
            for stored in block.transactions { transactions.append(try BlockRows.transaction(stored)) }
        } catch {
            return [ChainProblem(height: block.height, position: nil, text: error.description)]
        }
        let outcome = try execute(header, transactions, genesis: genesis, recorded: RecordedBlock(block))
        var problems = outcome.problems + compare(block, outcome.executions)
        if problems.isEmpty, outcome.deadlines.map(\.receipt.encoded) != block.deadlines.map(\.receipt) {
            problems.append(
                ChainProblem(
                    height: block.height, position: nil,
                    text: "re-execution gives other work of deadlines than recorded"))
        }
        return problems
    }

    /// Runs the deadlines and executes the transactions of the next block; what came of them, or why it could not be.
    func execute(
        _ header: BlockHeader, _ transactions: [Transaction], genesis: Digest, recorded: RecordedBlock
    ) throws(NodeError) -> (deadlines: [Execution], executions: [Execution], problems: [ChainProblem]) {
        func fail(
            _ position: Int?, _ text: String
        ) -> (deadlines: [Execution], executions: [Execution], problems: [ChainProblem]) {
            ([], [], [ChainProblem(height: header.height, position: position, text: text)])
        }
        guard let time = Instant(seconds: header.time) else {
            return fail(nil, "the time of the block is out of range")
        }
        let state = WorkingState(over: memory)
        var deadlines: [Execution] = []
        let executions: [Execution]
        if header.height == 0 {
            guard let founding = transactions.first, transactions.count == 1,
                case .found(let facts)? = SystemCall(name: founding.body.call, arguments: founding.body.arguments)
            else {
                return fail(0, "the first transaction does not found a chain")
            }
            executions = [BlockMaker.foundingExecution(founding, founding: facts, state: state)]
        } else {
            do {
                (deadlines, executions) = try BlockMaker.execute(
                    transactions, genesis: genesis, state: state, catalogue: catalogue, height: header.height,
                    time: time, recorded: recorded)
            } catch {
                return fail(nil, "re-execution was not possible: \(error.message)")
            }
        }
        for execution in deadlines + executions { memory.apply(execution.receipt.changes) }
        counts.add(deadlines: deadlines, executions)
        return (deadlines, executions, [])
    }

    private func compare(_ block: StoredBlock, _ executions: [Execution]) -> [ChainProblem] {
        var problems: [ChainProblem] = []
        for (position, (stored, execution)) in zip(block.transactions, executions).enumerated()
        where execution.receiptBytes != stored.receipt {
            let recorded = try? Receipt(decoding: stored.receipt)
            let text = recorded.map { difference($0, execution.receipt) } ?? "the recorded receipt cannot be read"
            problems.append(ChainProblem(height: block.height, position: position, text: text))
        }
        return problems
    }

    private func difference(_ recorded: Receipt, _ again: Receipt) -> String {
        if BlockRows.word(recorded.outcome) != BlockRows.word(again.outcome) {
            return "re-execution gives the outcome `\(BlockRows.word(again.outcome))`, "
                + "recorded is `\(BlockRows.word(recorded.outcome))`"
        }
        if recorded.cost != again.cost {
            return "re-execution costs \(again.cost) steps, recorded are \(recorded.cost)"
        }
        if recorded.findings != again.findings { return "re-execution gives other findings than recorded" }
        let mine = Dictionary(again.changes.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        for change in recorded.changes {
            guard let value = mine[change.key], value == change.value else {
                return "re-execution writes another value to the state row `\(change.key.space)`"
            }
        }
        return "re-execution gives another receipt than recorded"
    }
}
