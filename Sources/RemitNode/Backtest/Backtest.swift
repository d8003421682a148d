public import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitStore
import RemitValues

/// Replays the recorded cases of a contract under a changed policy.
///
/// The cases that were opened in a range of blocks are opened again, and acted on again by the same people with the
/// same arguments at the same times. What others keep (registers with keepers, roles) is read as it stood then; what
/// the contract itself writes (cases, unique keys, registers without keepers) follows the changed policy from the first
/// block of the range on. Nothing is written.
public struct Backtest {
    /// The changed policy.
    public let program: CheckedProgram
    private let node: LedgerNode
    private let current: DeployedContract

    /// Prepares a backtest; refuses a policy whose contract was never deployed on the chain.
    public init(node: LedgerNode, program: CheckedProgram) throws(NodeError) {
        self.node = node
        self.program = program
        current = try node.contract(named: program.name)
    }

    /// Replays the blocks of a range, both ends included; told after each block how far it has come.
    public func run(
        from first: UInt64, to last: UInt64, progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws(NodeError) -> BacktestReport {
        let end = min(last, node.head.height)
        guard first <= end else {
            throw .invalid(
                "there are no blocks from \(first) to \(last)", hint: "the chain has blocks 0 to \(node.head.height)")
        }
        let changed = DeployedContract(
            digest: .zero, home: current.home, since: first, source: current.source, program: program,
            privacy: PrivacyLayout(program))
        let simulation = Simulation(
            contract: changed, catalogue: node.catalogue,
            start: WorkingState(over: HistoricState(store: node.store, height: max(first, 1) - 1)))
        for height in max(first, 1)...max(end, 1) where height <= end {
            try replay(height, simulation)
            progress(height - first + 1, end - first + 1)
        }
        return try report(simulation, at: end)
    }

    private func replay(_ height: UInt64, _ simulation: Simulation) throws(NodeError) {
        guard let block = try storing({ () throws(StoreError) in try node.store.block(at: height) }),
            let time = Instant(seconds: block.time)
        else {
            throw .broken([ChainProblem(height: height, position: nil, text: "the block is missing")])
        }
        let recorded = RecordedState(base: HistoricState(store: node.store, height: height - 1))
        let state = WorkingState(over: recorded)
        for stored in block.transactions {
            let (transaction, receipt, findings) = try encoding { () throws(LedgerFault) in
                (
                    try BlockRows.transaction(stored), try Receipt(decoding: stored.receipt),
                    try BlockRows.findings(stored.findings)
                )
            }
            let body = transaction.body
            if body.contract != .zero, let deployed = try node.catalogue.contract(body.contract, in: state),
                TextValue(deployed.program.name) == TextValue(program.name),
                let actor = try Identities(state: state).owner(of: body.sender, at: height)
            {
                let call = RecordedCall(
                    transaction: transaction, arguments: try body.arguments.map(state.vault.opened), receipt: receipt,
                    findings: findings, program: deployed.program,
                    actor: actor, time: time, height: height)
                try simulation.take(call, recorded: state)
            }
            recorded.apply(receipt.changes)
        }
    }

    /// Compares what was recorded with what came out, case by case.
    private func report(_ simulation: Simulation, at height: UInt64) throws(NodeError) -> BacktestReport {
        var report = BacktestReport(program: program)
        let state = WorkingState(over: HistoricState(store: node.store, height: height))
        for line in simulation.lines {
            var before = BacktestReport.Decision(reasons: line.recordedReasons)
            if let reference = line.recordedCase {
                before.reference = reference.description
                if let row = try state.value(StateLayout.caseState(reference)),
                    let digest = CaseCoding.contract(of: row),
                    let contract = try node.catalogue.contract(digest, in: state),
                    let stored = CaseCoding.decode(
                        try state.opened(row, of: contract), reference: reference, program: contract.program)
                {
                    before.state = contract.program.states[stored.state.state].name
                    before.amounts = report.amounts(of: stored.state, contract.program)
                }
            }
            var after = BacktestReport.Decision(reasons: line.reasons)
            if let simulated = line.simulated.flatMap({ simulation.cases[$0] }) {
                after.state = program.states[simulated.state].name
                after.amounts = report.amounts(of: simulated, program)
            }
            report.add(
                BacktestReport.Line(
                    transaction: line.opening, height: line.height, organisation: line.organisation, before: before,
                    after: after, problem: line.problem, isUntried: line.isUntried))
        }
        return report
    }
}

/// A transaction of the contract as it stands on the chain.
struct RecordedCall {
    let transaction: Transaction
    /// Its arguments, private ones opened as far as they are there.
    let arguments: [Value]
    let receipt: Receipt
    let findings: Findings
    /// The version that it was decided by.
    let program: CheckedProgram
    let actor: Party
    let time: Instant
    let height: UInt64

    /// Whether it changed anything when it was made.
    var isDone: Bool { if case .done = receipt.outcome { true } else { false } }
}

/// The state as recorded, in the middle of a block.
final class RecordedState: PrivateStateReading {
    private let base: HistoricState
    var secrets: any VaultReading { base.secrets }
    private var changes: [StateKey: [UInt8]?] = [:]

    init(base: HistoricState) { self.base = base }

    func bytes(_ key: StateKey) throws(NodeError) -> [UInt8]? {
        if let changed = changes[key] { return changed }
        return try base.bytes(key)
    }

    func items(ofSpace space: String, after previous: [UInt8]?, limit: Int) throws(NodeError) -> [[UInt8]] {
        try base.items(ofSpace: space, after: previous, limit: limit)
    }

    func apply(_ recorded: [StateChange]) {
        for change in recorded { changes[change.key] = .some(change.value) }
    }
}
