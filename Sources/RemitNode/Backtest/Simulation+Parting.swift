import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

/// Where a case first goes another way than was recorded.
///
/// Both decisions are made again there with a trace, while the state is still the one on which they were made. Of a
/// case that goes the recorded way nothing is made twice.
extension Simulation {
    /// What is told of both decisions: the first sentences of each that are not in the account of the other.
    struct Parting {
        let recorded: [String]
        let changed: [String]
        /// The findings and refusals of both decisions there.
        let recordedReasons: [BacktestReport.Reason]
        let changedReasons: [BacktestReport.Reason]

        init(
            recorded: [String], changed: [String], recordedReasons: [BacktestReport.Reason] = [],
            changedReasons: [BacktestReport.Reason] = []
        ) {
            self.recordedReasons = recordedReasons
            self.changedReasons = changedReasons
            func own(_ sentences: [String], _ others: [String], _ reasons: [BacktestReport.Reason]) -> [String] {
                // The outcome comes first: the report tells it anyhow, so that it is told again only where no more is.
                let known = Set(others.dropFirst().map { TextValue($0) })
                let found = sentences.dropFirst().filter { !known.contains(TextValue($0)) }
                let told = found.isEmpty && reasons.isEmpty ? Array(sentences.prefix(1)) : found
                return Array(told.prefix(Limits.differingSentences))
            }
            self.recorded = own(recorded, changed, recordedReasons)
            self.changed = own(changed, recorded, changedReasons)
        }
    }

    /// A row of a case, with what it says.
    struct SeenRow {
        let bytes: [UInt8]
        let seen: SeenCase
        /// The fields in which the case here differs from it.
        let differences: [BacktestReport.Difference]
    }

    /// Notes it where a call upon a case comes out otherwise than recorded, before anything of it is written.
    func note(
        _ call: RecordedCall, _ transition: Transition, of request: Request, on line: inout Line,
        _ recorded: WorkingState
    ) throws(NodeError) {
        let (recordedReasons, changedReasons) = (reasons(of: call), reasons(of: transition))
        let difference = Self.difference(recordedReasons, changedReasons)
        if line.reasonDifference == nil { line.reasonDifference = difference }
        guard line.turning == nil else { return }
        let version = line.contract
        var differs = false
        var here = line.simulated.map { seen($0, under: version) }
        switch (call.receipt.outcome, transition.outcome) {
        case (.done, .done(let effects)), (.refused, .done(let effects)):
            here = seen(effects.caseState, under: version)
            if !call.receipt.postings.isEmpty || !effects.postings.isEmpty {
                var (before, after) = (PaidOut(), PaidOut())
                before.add(call.receipt.postings)
                after.add(Receipt.postings(of: effects))
                differs = before != after
            }
        case (.done, .refused): break
        case (.refused, .refused) where difference != nil: break
        default: return
        }
        var there: SeenCase?
        let isLast = call.place == line.last
        if let reference = call.receipt.caseReference.flatMap(CaseReference.init) {
            let row = try row(of: reference, recorded, behind: call.receipt.changes)
            if let row { there = try seen(row.bytes, of: reference, recorded) }
            // What compares the cases at their end need not read the same row again.
            if let there, let here, isLast || line.parting == nil {
                let fields = try pairs.differences(there, here, in: recorded)
                differs = differs || !fields.isEmpty
                if isLast, let row, row.isChange {
                    line.seen = SeenRow(bytes: row.bytes, seen: there, differences: fields)
                }
            }
        }
        part(&line, there, here, differs, hasOtherReasons: difference != nil) {
            Parting(
                recorded: told(call, recorded), changed: told(request, version, recorded),
                recordedReasons: recordedReasons, changedReasons: changedReasons)
        }
    }

    /// Notes it where a timer fires here, and the case comes to something else than it then was on the chain.
    func note(
        _ request: Request, _ effects: Effects, on line: inout Line, _ recorded: WorkingState,
        deadlines: [StateChange]
    ) throws(NodeError) {
        guard line.turning == nil, let reference = line.recordedCase,
            let row = try row(of: reference, recorded, behind: deadlines),
            let found = try seen(row.bytes, of: reference, recorded)
        else { return }
        let program = found.contract.program
        let version = line.contract
        let here = seen(effects.caseState, under: version)
        var differs = false
        if line.parting == nil { differs = try !pairs.differences(found, here, in: recorded).isEmpty }
        part(&line, found, here, differs) {
            Parting(
                recorded: ["It was \(found.state) then, by \(program.name) version \(program.version)."],
                changed: told(request, version, recorded))
        }
    }

    /// Notes it where the changed policy brings a case over and changes it thereby.
    func note(
        _ request: Request, _ effects: Effects, bringing state: CaseState, on line: inout Line,
        _ recorded: WorkingState
    ) throws(NodeError) {
        let program = line.contract.program
        let (there, here) = (seen(state, under: line.contract), seen(effects.caseState, under: contract))
        let differs = try !pairs.differences(there, here, in: recorded).isEmpty
        part(&line, there, here, differs) {
            // Nothing but the account is lost where it cannot be made.
            let transition = try? evaluator(of: contract).migrate(
                request, view: view(contract, recorded), tracing: true)
            return Parting(
                recorded: ["It goes on by \(program.name) version \(program.version)."],
                changed: transition.map { narrator(of: contract).sentences($0) } ?? [])
        }
    }

    /// Notes the first difference of a case, the first in its state, and the first that is one of reasons alone; what
    /// is told of it is made only then.
    private func part(
        _ line: inout Line, _ there: SeenCase?, _ here: SeenCase?, _ differs: Bool, hasOtherReasons: Bool = false,
        _ tell: () -> Parting
    ) {
        let isTurning = there?.state != here?.state
        let differs = isTurning || differs || (there?.amounts ?? []) != (here?.amounts ?? [])
        let isNew = isTurning ? line.turning == nil : line.parting == nil
        if differs ? !isNew : !hasOtherReasons || line.remark != nil { return }
        let parting = tell()
        guard differs else {
            line.remark = parting
            return
        }
        if line.parting == nil { line.parting = parting }
        if isTurning { line.turning = parting }
    }

    private func seen(_ state: CaseState, under contract: DeployedContract) -> SeenCase {
        SeenCase(state, under: contract, at: moneyPlaces(of: contract))
    }

    private func seen(
        _ row: [UInt8], of reference: CaseReference, _ recorded: WorkingState
    ) throws(NodeError) -> SeenCase? {
        try SeenCase(row: row, of: reference, catalogue: catalogue, in: recorded, places: moneyPlaces(of:))
    }

    /// The row of a case on the chain after some changes, and whether it is one of them; nil where there is none.
    private func row(
        of reference: CaseReference, _ recorded: WorkingState, behind changes: [StateChange]
    ) throws(NodeError) -> (bytes: [UInt8], isChange: Bool)? {
        let key = StateLayout.caseState(reference)
        if let change = changes.last(where: { $0.key == key }) { return change.value.map { ($0, true) } }
        return try recorded.bytes(key).map { ($0, false) }
    }

    /// The account of a decision of the changed policy; none where it cannot be made.
    private func told(
        _ request: Request, _ contract: DeployedContract, _ recorded: WorkingState
    ) -> [String] {
        guard let transition = try? perform(request, contract, recorded, tracing: true) else { return [] }
        return narrator(of: contract).sentences(transition)
    }

    /// The account of a recorded decision; none where private values that it needs are not here, or where it was the
    /// ledger that decided.
    private func told(_ call: RecordedCall, _ recorded: WorkingState) -> [String] {
        guard let transition = try? traced(call, recorded) else { return [] }
        switch (transition.outcome, call.receipt.outcome) {
        case (.done, .done), (.refused, .refused): return narrator(of: call.contract).sentences(transition)
        default: return []
        }
    }

    private func traced(_ call: RecordedCall, _ recorded: WorkingState) throws(NodeError) -> Transition? {
        let (program, body) = (call.program, call.transaction.body)
        guard let wanted = Executor.call(body.call, of: program) else { return nil }
        var existing: CaseState?
        if let text = body.caseReference {
            guard let reference = CaseReference(text), let row = try recorded.bytes(StateLayout.caseState(reference)),
                let summary = CaseSummary(row), let version = try catalogue.contract(summary.contract, in: recorded),
                let stored = try StoredCase(row: row, of: reference, under: version, in: recorded)
            else { return nil }
            existing = stored.state
        }
        let name = existing?.reference ?? TextValue(call.receipt.caseReference ?? "\(program.name)/0")
        let request = Request(
            call: wanted, actor: call.actor, organisation: Party(.organisation, TextValue(body.organisation)),
            now: call.time, arguments: call.arguments, existing: existing, seen: body.revision, newReference: name)
        return try catalogue.evaluate(call.contract, in: recorded) { evaluator, view throws(StateFault) in
            try evaluator.perform(request, view: view, tracing: true)
        }
    }
}
