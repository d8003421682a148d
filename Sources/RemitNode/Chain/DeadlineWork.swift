public import RemitLanguage
public import RemitLedger
public import RemitRuntime
import RemitStore
public import RemitValues

/// What a contract did by itself when time came, made again by re-execution and compared with the recorded receipt.
public struct DeadlineWork: Sendable {
    /// The block and the place among the deadlines of the block.
    public let height: UInt64
    public let position: Int
    /// When it fell due; the block may be later.
    public let due: Instant
    public let receipt: Receipt
    public let findings: Findings
    /// The contract text that the case follows, as deployed.
    public let source: SourceText
    public let program: CheckedProgram
    /// The runtime's account with its trace; nil where private values that it needs are not here.
    public let transition: Transition?
    let basis: Execution.Basis
    /// Index into the program's timers; none of them for a migration.
    public let timer: Int
    /// Whether the case was brought under this version, or should have been.
    public let isMigration: Bool
    /// The version that the case came from; nil where it did not, or where what would tell it is not here.
    public let migratedFrom: Int64?

    /// Why there is no account, where private values that it needs are not here; else nil.
    public var gap: String? { basis.gap }

    /// What fell due, in the words of the contract: `deadline in approved`, or `funding overdue`.
    public var name: String {
        if isMigration { return "migration from \(migratedFrom.map { "version \($0)" } ?? "an earlier version")" }
        guard program.timers.indices.contains(timer) else { return "deadline" }
        return switch program.timers[timer] {
        case .deadline(let index): program.deadlines[index].name
        case .overdue(let index): "\(program.approvals[index].name) overdue"
        }
    }
}

extension LedgerNode {
    /// What a case did by itself, oldest first.
    public func deadlineWork(of reference: CaseReference) throws(NodeError) -> [DeadlineWork] {
        var rest = try storing { () throws(StoreError) in try store.deadlines(ofCase: reference.description) }[...]
        var work: [DeadlineWork] = []
        while let height = rest.first?.height {
            let places = rest.prefix { $0.height == height }
            work += try deadlineWork(Array(places), in: height)
            rest = rest.dropFirst(places.count)
        }
        return work
    }

    /// What a case did by itself in one block.
    private func deadlineWork(_ places: [PlacedDeadline], in height: UInt64) throws(NodeError) -> [DeadlineWork] {
        func problem(_ text: String) -> NodeError {
            .broken([ChainProblem(height: height, position: nil, text: text)])
        }
        guard height > 0, let block = try storing({ () throws(StoreError) in try store.block(at: height) }),
            let time = Instant(seconds: block.time)
        else { throw problem("the block of a deadline is missing") }
        let state = WorkingState(over: HistoricState(store: store, height: height - 1))
        let executor = Executor(state: state, catalogue: catalogue, height: height, time: time)
        let entries = block.deadlines.map(RecordedBlock.Entry.init)
        var found: [DeadlineWork] = []
        try executor.fireDue(at: Set(places.map(\.position)), recorded: entries) {
            (position, item, execution) throws(NodeError) in
            guard let place = places.first(where: { $0.position == position }) else { return }
            let (receipt, findings) = try encoding { () throws(LedgerFault) in
                (try Receipt(decoding: place.record.receipt), try BlockRows.findings(place.record.findings))
            }
            guard execution.receipt == receipt, let contract = try contract(of: item, in: state) else { return }
            found.append(
                DeadlineWork(
                    height: height, position: position, due: item.due, receipt: receipt, findings: findings,
                    source: contract.source, program: contract.program, transition: execution.transition?.transition,
                    basis: execution.basis, timer: item.isVersion ? -1 : item.timer, isMigration: item.isVersion,
                    migratedFrom: item.isVersion ? Self.versionBefore(findings) : nil))
        }
        guard found.count == places.count else {
            throw problem("re-execution gives other work of deadlines than recorded")
        }
        return found
    }

    /// The version of the clause that a migration leaves behind.
    private static func versionBefore(_ findings: Findings?) -> Int64? {
        findings?.clauses.first.flatMap { $0.hasPrefix("migration:") ? Int64($0.dropFirst(10)) : nil }
    }

    /// The contract by which an item of the queue is worked off.
    private func contract(of item: DueItem, in state: WorkingState) throws(NodeError) -> DeployedContract? {
        item.isVersion
            ? try catalogue.version(Int64(item.timer), of: item.reference.contract, in: state)
            : try catalogue.contract(ofCase: item.reference, in: state)
    }
}

extension ContractCatalogue {
    /// The contract that a case follows.
    func contract(
        ofCase reference: CaseReference, in state: WorkingState
    ) throws(NodeError) -> DeployedContract? {
        guard let row = try state.value(StateLayout.caseState(reference)), let digest = CaseCoding.contract(of: row)
        else { return nil }
        return try contract(digest, in: state)
    }
}
