import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitStore
import RemitValues

/// Cases that were opened before the range.
extension Simulation {
    /// Takes up the cases that wait for their time, and those that the changed policy brings under it, at the time of
    /// the first block.
    func takeUp(
        at time: Instant, recorded: WorkingState, find: (CaseReference) throws(NodeError) -> Line?
    ) throws(NodeError) {
        guard lastBefore > 0 else { return }
        var found: Set<CaseReference> = []
        // A version that takes over comes before what falls due with it.
        if !contract.program.migrations.isEmpty {
            for number in 1...lastBefore {
                let reference = CaseReference(contract: contract.program.name, number: number)
                guard var line = try find(reference), try bringOver(&line, at: time, recorded) else { continue }
                line.isTouched = true
                found.insert(reference)
                keep(line, after: RecordedCall.Place(height: 0, position: 0))
            }
        }
        var last: [UInt8]?
        while true {
            let items = try start.items(ofSpace: StateLayout.dueSpace, after: last, limit: Self.batch)
            for item in items.compactMap({ DueItem(item: $0) }) where !item.isVersion {
                guard TextValue(item.reference.contract) == TextValue(contract.program.name),
                    found.insert(item.reference).inserted, var line = try find(item.reference)
                else { continue }
                try resume(&line)
                keep(line, after: RecordedCall.Place(height: 0, position: 0))
            }
            last = items.last
            if items.count < Self.batch { return }
        }
    }

    private static let batch = 256

    /// Lets a case wait for its time as it did before the range.
    func resume(_ line: inout Line) throws(NodeError) {
        guard let reference = line.recordedCase else { return }
        for timer in line.waiting {
            let item = DueItem(due: timer.due, reference: reference, timer: timer.timer)
            // What faulted then is in the queue no more, and is not tried again.
            if try start.bytes(StateKey(space: StateLayout.dueSpace, item: item.item)) == nil { stalled.insert(timer) }
        }
        wait(for: line.waiting.filter { !stalled.contains($0) }, of: &line)
    }

    /// A case as it stood before the range, under its own version; nil where there is none. It waits for nothing yet.
    func earlier(
        _ reference: CaseReference, opening: (transaction: Digest, height: UInt64, organisation: String),
        last: RecordedCall.Place?
    ) throws(NodeError) -> Line? {
        guard (1...max(1, lastBefore)).contains(reference.number), lastBefore > 0,
            let row = try start.value(StateLayout.caseState(reference)), let digest = CaseCoding.contract(of: row),
            let own = try catalogue.contract(digest, in: start),
            let stored = CaseCoding.decode(
                try start.opened(row, of: own), reference: reference, program: own.program)
        else { return nil }
        defer { lineCount += 1 }
        return Line(
            number: lineCount, opening: opening.transaction, height: opening.height,
            organisation: opening.organisation, recordedCase: reference, recordedReasons: [], last: last,
            simulated: stored.state, isEarlier: true, contract: own)
    }

    /// Brings a case under the changed policy; false where its `migrate` does not speak of it.
    private func bringOver(
        _ line: inout Line, at time: Instant, _ recorded: WorkingState
    ) throws(NodeError) -> Bool {
        guard let state = line.simulated,
            let migration = CaseMigration(from: line.contract.program, to: contract.program),
            migration.concerns(state: state.state)
        else { return false }
        let carried: CarriedCase
        do {
            carried = try migration.carry(state)
        } catch {
            line.problem = "it cannot be brought under the changed policy: \(error.text)"
            try resume(&line)
            return true
        }
        let request = Request(migration: migration, of: carried, at: time, organisation: contract.home)
        let decided: Transition?
        do {
            decided = try evaluator(of: contract).migrate(request, view: view(contract, recorded))
        } catch {
            throw .invalid(error.message, hint: "run `remit verify` on the ledger")
        }
        guard let decided else { return false }
        switch decided.outcome {
        case .refused(let refusal):
            line.problem = "it cannot be brought under the changed policy: \(refusal.text)"
            try resume(&line)
        case .done(let effects):
            try note(request, effects, bringing: state, on: &line, recorded)
            line.contract = contract
            apply(effects, to: &line)
        }
        return true
    }
}

extension Simulation.Line {
    /// What of the case waits for its time.
    var waiting: [Simulation.Timer] {
        guard let simulated else { return [] }
        let reference = CaseReference(simulated.reference.string)
        return simulated.timers(of: contract.program).map {
            Simulation.Timer(due: $0.due, number: reference?.number ?? 0, line: number, timer: $0.timer)
        }
    }
}
