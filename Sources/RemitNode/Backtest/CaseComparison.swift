import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitStore
import RemitValues

/// Compares what was recorded with what came out, case by case.
struct CaseComparison {
    private(set) var report: BacktestReport
    private let program: CheckedProgram
    private let node: LedgerNode
    /// The state after the last block of the range.
    private let state: WorkingState
    private let first: UInt64
    private let end: UInt64
    private let places: [Int?]
    private let pairs: FieldPairs
    private var recordedPlaces: [Digest: [Int?]] = [:]

    init(program: CheckedProgram, node: LedgerNode, first: UInt64, end: UInt64) {
        self.program = program
        self.node = node
        self.first = first
        self.end = end
        state = WorkingState(over: HistoricState(store: node.store, height: end))
        report = BacktestReport(program: program)
        report.blocks = (first, end)
        places = report.places(in: program)
        pairs = FieldPairs(money: report.moneyFields)
    }

    mutating func finish() { report.finish() }

    /// Adds a case to which nothing can happen any more.
    mutating func add(_ line: Simulation.Line) throws(NodeError) -> BacktestReport.Line {
        var before = BacktestReport.Decision(reasons: line.recordedReasons)
        var differences: [BacktestReport.Difference] = []
        var paid = line.recordedPaid
        if let reference = line.recordedCase {
            before.reference = reference.description
            if let found = try recorded(reference, seen: line.seen) {
                before.state = found.state.string
                before.amounts = found.amounts
                if let simulated = line.simulated {
                    report.drop(pairs.dropped(from: found.contract, by: line.contract))
                    let known = line.seen.flatMap { $0.bytes == found.row?.bytes ? $0.differences : nil }
                    if let known {
                        differences = known
                    } else {
                        let here = SeenCase(simulated, under: line.contract, at: [])
                        differences = try pairs.differences(found, here, in: state)
                    }
                }
                try add(paidByItself: reference, of: found.contract.program, to: &paid)
            }
        }
        var after = BacktestReport.Decision(reasons: line.reasons)
        if let simulated = line.simulated {
            let decided = line.contract.program
            after.state = decided.states[simulated.state].name
            after.amounts = BacktestReport.amounts(
                of: simulated, at: line.isEarlier ? report.places(in: decided) : places)
        }
        (before.paid, after.paid) = (report.paid(paid), report.paid(line.paid))
        differences += paid.differences(from: line.paid)
        let changesNothing = differences.isEmpty && before.amounts == after.amounts
        if let reasons = line.reasonDifference { differences.append(reasons) }
        var compared = BacktestReport.Line(
            number: line.number, transaction: line.opening, height: line.height, organisation: line.organisation,
            before: before, after: after, problem: line.problem, isUntried: line.isUntried,
            isEarlier: line.isEarlier, differences: differences)
        if compared.isDifferent {
            // Where the state differs, that is what wants a reason.
            let isTurned = TextValue(before.state) != TextValue(after.state)
            // Other reasons are told where nothing else differs.
            var parting = isTurned ? line.turning : changesNothing ? line.remark ?? line.parting : line.parting
            if parting == nil { parting = try self.parting(byItself: compared) }
            if let parting { compared.tell(parting) }
        }
        report.add(compared)
        return compared
    }

    /// A case as it stands on the chain at the end; what was seen of it holds if its row is still the same.
    private mutating func recorded(
        _ reference: CaseReference, seen: Simulation.SeenRow?
    ) throws(NodeError) -> SeenCase? {
        guard let bytes = try state.bytes(StateLayout.caseState(reference)) else { return nil }
        if let seen, seen.bytes == bytes { return seen.seen }
        return try SeenCase(row: bytes, of: reference, catalogue: node.catalogue, in: state) { contract in
            let places = recordedPlaces[contract.digest] ?? report.places(in: contract.program)
            recordedPlaces[contract.digest] = places
            return places
        }
    }

    /// Adds what deadlines and migrations of a case paid out within the range.
    private func add(
        paidByItself reference: CaseReference, of program: CheckedProgram, to paid: inout PaidOut
    ) throws(NodeError) {
        guard !program.timers.isEmpty || !program.migrations.isEmpty else { return }
        let placed = try storing { () throws(StoreError) in try node.store.deadlines(ofCase: reference.description) }
        for deadline in placed where (first...max(first, end)).contains(deadline.height) {
            let receipt = try encoding { () throws(LedgerFault) in try Receipt(decoding: deadline.record.receipt) }
            paid.add(receipt.postings)
        }
    }

    /// How a case went another way to which nothing happened here: on the chain its time came.
    private func parting(byItself line: BacktestReport.Line) throws(NodeError) -> Simulation.Parting {
        let changed = ["It is still \(line.after.state) at the end of block \(end)."]
        guard let text = line.before.reference, let reference = CaseReference(text) else {
            return Simulation.Parting(recorded: [], changed: changed)
        }
        let placed = try storing { () throws(StoreError) in try node.store.deadlines(ofCase: text) }
        guard let last = placed.last(where: { (first...max(first, end)).contains($0.height) }) else {
            return Simulation.Parting(recorded: [], changed: changed)
        }
        let findings = try encoding { () throws(LedgerFault) in try BlockRows.findings(last.record.findings) }
        return Simulation.Parting(
            recorded: try told(findings, of: reference, at: last.height)
                ?? ["It became \(line.before.state) by itself in block \(last.height)."],
            changed: changed)
    }

    /// The sentences of a timer that fired in a block; nil where it was none.
    private func told(
        _ findings: Findings, of reference: CaseReference, at height: UInt64
    ) throws(NodeError) -> [String]? {
        let state = WorkingState(over: HistoricState(store: node.store, height: max(height, 1) - 1))
        guard let clause = findings.clauses.first, clause.hasPrefix("timer:"),
            let timer = Int(clause.dropFirst(6)).map({ $0 - 1 }),
            let contract = try node.catalogue.contract(ofCase: reference, in: state),
            let row = try state.value(StateLayout.caseState(reference)),
            let stored = CaseCoding.decode(
                try state.opened(row, of: contract), reference: reference, program: contract.program),
            let due = stored.state.timers(of: contract.program).first(where: { $0.timer == timer })?.due
        else { return nil }
        let request = Request(timer: timer, of: stored.state, at: due, organisation: contract.home)
        let transition = try node.catalogue.evaluate(contract, in: state) { evaluator, view throws(StateFault) in
            try evaluator.perform(request, view: view, tracing: true)
        }
        return TraceNarrator(program: contract.program, source: contract.source.bytes).sentences(transition)
    }
}
