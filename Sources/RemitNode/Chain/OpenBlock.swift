import RemitLedger
import RemitValues

/// A block that is being executed: what has fallen due first, then its transactions, one after another.
final class OpenBlock {
    let height: UInt64
    let time: Instant
    /// What fell due before the transactions.
    let deadlines: [Execution]
    private(set) var transactions: [Transaction] = []
    private(set) var executions: [Execution] = []

    private let state: WorkingState
    private let admission: Admission
    private let executor: Executor
    /// What the block leaves of what has fallen due.
    private let rest: DueRest
    /// The cases that transactions of the block have acted upon, where that has to be known.
    private var settled: Set<String> = []

    /// Runs what has fallen due on the state before the block.
    init(
        genesis: Digest, state: WorkingState, catalogue: ContractCatalogue, height: UInt64, time: Instant,
        recorded: [RecordedBlock.Entry]? = nil
    ) throws(NodeError) {
        self.height = height
        self.time = time
        self.state = state
        admission = Admission(genesis: genesis, state: state, height: height)
        executor = Executor(state: state, catalogue: catalogue, height: height, time: time)
        (deadlines, rest) = try executor.fireDue(recorded: recorded)
    }

    /// Admits and executes the next transaction, whose signature has been checked; throws `admission` where it must not
    /// enter, and is as before then.
    ///
    /// What needs private values that are not here is taken as it was recorded, where that is given.
    func add(
        _ transaction: Transaction, orTake recorded: RecordedBlock.Entry? = nil
    ) throws(NodeError) {
        let actor = try admission.admit(transaction)
        if try executor.isBehind(transaction.body, rest, settled: settled) { throw .admission(.behind) }
        executions.append(
            try executor.execute(orTake: recorded) { () throws(NodeError) in
                try executor.execute(transaction, actor: actor, tracing: false)
            })
        transactions.append(transaction)
        if rest.isStopped, let reference = executions.last?.receipt.caseReference { settled.insert(reference) }
    }

    /// Whether nothing has happened in it.
    var isEmpty: Bool { transactions.isEmpty && deadlines.isEmpty }

    /// What it adds to the vault and erases there.
    var vault: WorkingVault { state.vault }

    /// What it changed in the state, in canonical order; of the changes of a row the last.
    var changes: [StateChange] { state.changes }

    /// The same by their rows; nil where a row was removed.
    var changedRows: [StateKey: [UInt8]?] { state.blockChanges }
}
