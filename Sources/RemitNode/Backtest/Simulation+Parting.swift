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

        init(recorded: [String], changed: [String]) {
            func own(_ sentences: [String], _ others: [String]) -> [String] {
                // The outcome comes first: the report tells it anyhow, so that it is told again only where no more is.
                let known = Set(others.dropFirst().map { TextValue($0) })
                let found = sentences.dropFirst().filter { !known.contains(TextValue($0)) }
                return Array((found.isEmpty ? Array(sentences.prefix(1)) : found).prefix(Limits.differingSentences))
            }
            self.recorded = own(recorded, changed)
            self.changed = own(changed, recorded)
        }
    }

    /// A row of a case, with what it says.
    struct SeenRow {
        let bytes: [UInt8]
        let state: CaseState
        let contract: DeployedContract
    }

    /// A case under the version that it follows; nil where there is none.
    typealias Standing = (state: CaseState, contract: DeployedContract)?

    /// Notes it where a call upon a case comes out otherwise than recorded, before anything of it is written.
    func note(
        _ call: RecordedCall, _ transition: Transition, of request: Request, on line: inout Line,
        _ recorded: WorkingState
    ) throws(NodeError) {
        guard line.turning == nil else { return }
        let version = line.contract
        var here: Standing = line.simulated.map { ($0, line.contract) }
        switch (call.receipt.outcome, transition.outcome) {
        case (.done, .done(let effects)), (.refused, .done(let effects)): here = (effects.caseState, line.contract)
        case (.done, .refused): break
        default: return
        }
        var there: Standing = nil
        if let reference = call.receipt.caseReference.flatMap(CaseReference.init) {
            there = try stored(reference, recorded, behind: call.receipt.changes)
            // What compares the cases at their end need not read the same row again.
            if call.place == line.last, let there,
                let bytes = call.receipt.changes.last(where: { $0.key == StateLayout.caseState(reference) })?.value
            {
                line.seen = SeenRow(bytes: bytes, state: there.state, contract: there.contract)
            }
        }
        part(&line, there, here) {
            Parting(recorded: told(call, recorded), changed: told(request, version, recorded))
        }
    }

    /// Notes it where a timer fires here, and the case comes to something else than it then was on the chain.
    func note(
        _ request: Request, _ effects: Effects, on line: inout Line, _ recorded: WorkingState,
        deadlines: [StateChange]
    ) throws(NodeError) {
        guard line.turning == nil, let reference = line.recordedCase,
            let found = try stored(reference, recorded, behind: deadlines)
        else { return }
        let (program, state) = (found.contract.program, found.state.state)
        let version = line.contract
        part(&line, found, (effects.caseState, version)) {
            Parting(
                recorded: [
                    "It was \(program.states[state].name) then, by \(program.name) version \(program.version)."
                ],
                changed: told(request, version, recorded))
        }
    }

    /// Notes it where the changed policy brings a case over and changes it thereby.
    func note(
        _ request: Request, _ effects: Effects, bringing state: CaseState, on line: inout Line,
        _ recorded: WorkingState
    ) {
        let program = line.contract.program
        part(&line, (state, line.contract), (effects.caseState, contract)) {
            // Nothing but the account is lost where it cannot be made.
            let transition = try? evaluator(of: contract).migrate(
                request, view: view(contract, recorded), tracing: true)
            return Parting(
                recorded: ["It goes on by \(program.name) version \(program.version)."],
                changed: transition.map { narrator(of: contract).sentences($0) } ?? [])
        }
    }

    /// Notes the first difference of a case, and the first in its state; what is told of it is made only then.
    private func part(_ line: inout Line, _ there: Standing, _ here: Standing, _ tell: () -> Parting) {
        let isTurning = name(there) != name(here)
        guard isTurning ? line.turning == nil : line.parting == nil && amounts(there) != amounts(here) else { return }
        let parting = tell()
        if line.parting == nil { line.parting = parting }
        if isTurning { line.turning = parting }
    }

    private func name(_ standing: Standing) -> TextValue? {
        standing.map { TextValue($0.contract.program.states[$0.state.state].name) }
    }

    private func amounts(_ standing: Standing) -> [Money?] {
        standing.map { amounts(of: $0.state, under: $0.contract) } ?? []
    }

    /// A case on the chain, after some changes.
    private func stored(
        _ reference: CaseReference, _ recorded: WorkingState, behind changes: [StateChange]
    ) throws(NodeError) -> Standing {
        let key = StateLayout.caseState(reference)
        var row: Value?
        if let change = changes.last(where: { $0.key == key }) {
            guard let bytes = change.value else { return nil }
            row = try encoding { () throws(LedgerFault) in try ValueCoding.decode(bytes: bytes) }
        } else {
            row = try recorded.value(key)
        }
        guard let row, let digest = CaseCoding.contract(of: row),
            let contract = try catalogue.contract(digest, in: recorded),
            let stored = CaseCoding.decode(
                try recorded.opened(row, of: contract), reference: reference, program: contract.program)
        else { return nil }
        return (stored.state, contract)
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
            guard let reference = CaseReference(text), let found = try stored(reference, recorded, behind: []) else {
                return nil
            }
            existing = found.state
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
