import RemitLedger
import RemitStore
import RemitValues

/// Executes the blocks of a store again, one after another, and compares every receipt to the byte.
///
/// A block is executed on the rows that the store has as of the block before, which verification has compared with the
/// receipts by then: so nothing of the state is held in memory but what falls due.
final class Replay {
    private let store: ChainStore
    /// What came of the transactions and blocks so far.
    private(set) var counts = ReplayCounts()
    private let catalogue = ContractCatalogue()
    /// Rows that were read from the store, as the executed blocks left them.
    private var known = KnownRows()
    /// What falls due after the blocks that were executed.
    private var due = SortedItems()

    /// A replay that goes on after a block; without one it begins with block 0 or, in a ledger made from a snapshot,
    /// after that.
    init(_ store: ChainStore, after height: UInt64? = nil) throws(NodeError) {
        self.store = store
        let base = try storing { () throws(StoreError) in try store.base() }
        if let last = height ?? base?.height { try begin(after: last) }
    }

    /// Takes over what falls due after a block that the store has the state of.
    func begin(after height: UInt64) throws(NodeError) {
        var found: [[UInt8]] = []
        let space = StateLayout.dueSpace
        try storing { () throws(StoreError) in
            try store.forEachState(asOf: height, from: space, upTo: space + "\u{1}") { row throws(StoreError) in
                if StateKey(space: row.space, item: row.item).isDue { found.append(row.item) }
                return .next
            }
        }
        due = SortedItems(found)
        known = KnownRows()
    }

    /// Executes the next block, whose parts have been verified; gives what came out otherwise than recorded.
    func check(_ block: StoredBlock, _ parts: ReadBlock, genesis: Digest) throws(NodeError) -> [ChainProblem] {
        let header: BlockHeader
        let transactions: [Transaction]
        do throws(LedgerFault) { (header, transactions, _) = try parts.whole() } catch {
            return [ChainProblem(height: block.height, position: nil, text: error.description)]
        }
        let again: ReplayedBlock
        switch try execute(header, transactions, genesis: genesis, recorded: RecordedBlock(block)) {
        case .success(let executed): again = executed
        case .failure(let problem): return [problem]
        }
        var problems = compare(block, again.executions)
        if problems.isEmpty, again.deadlines.map(\.receipt.encoded) != block.deadlines.map(\.receipt) {
            problems.append(
                ChainProblem(
                    height: block.height, position: nil,
                    text: "re-execution gives other work of deadlines than recorded"))
        }
        return problems
    }

    /// Runs the deadlines and executes the transactions of the next block, whose signatures have been verified; what
    /// came of them, or why it could not be.
    func execute(
        _ header: BlockHeader, _ transactions: [Transaction], genesis: Digest, recorded: RecordedBlock
    ) throws(NodeError) -> Result<ReplayedBlock, ChainProblem> {
        func fail(_ position: Int?, _ text: String) -> Result<ReplayedBlock, ChainProblem> {
            .failure(ChainProblem(height: header.height, position: position, text: text))
        }
        guard let time = Instant(seconds: header.time) else {
            return fail(nil, "the time of the block is out of range")
        }
        let before = header.height == 0 ? nil : HistoricState(store: store, height: header.height - 1)
        let state = WorkingState(over: ReplayedState(store: store, before: before, due: due), known: known)
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
                let block = try BlockMaker.execute(
                    transactions, genesis: genesis, state: state, catalogue: catalogue, height: header.height,
                    time: time, recorded: recorded)
                (deadlines, executions) = (block.deadlines, block.executions)
            } catch {
                return fail(nil, "re-execution was not possible: \(error.message)")
            }
        }
        for change in (deadlines + executions).flatMap(\.receipt.changes) where change.key.isDue {
            due.set(change.key.item, isThere: change.value != nil)
        }
        counts.add(deadlines: deadlines, executions)
        return .success(ReplayedBlock(deadlines: deadlines, executions: executions, vault: state.vault))
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

/// What came of a block that was executed again.
struct ReplayedBlock {
    let deadlines: [Execution]
    let executions: [Execution]
    /// What it adds to the vault and erases there.
    let vault: WorkingVault
}

/// The rows before a block that is replayed; what falls due comes from memory, where what is past is not in the way.
private struct ReplayedState: PrivateStateReading {
    let store: ChainStore
    /// Nil before block 0.
    let before: HistoricState?
    let due: SortedItems

    var secrets: any VaultReading { StoredVault(store: store) }

    func bytes(_ key: StateKey) throws(NodeError) -> [UInt8]? { try before?.bytes(key) }

    func items(ofSpace space: String, after previous: [UInt8]?, limit: Int) throws(NodeError) -> [[UInt8]] {
        if StateKey(space: space, item: []).isDue { return due.items(after: previous, limit: limit) }
        return try before?.items(ofSpace: space, after: previous, limit: limit) ?? []
    }
}
