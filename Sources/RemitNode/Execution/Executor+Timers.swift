import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

/// What contracts do by themselves when time comes.
extension Executor {
    /// Runs what has fallen due, as much of it as one block does: by due time, case, and order of writing, each at its
    /// due time. Also gives what is left.
    func fireDue(
        recorded: [RecordedBlock.Entry]? = nil
    ) throws(NodeError) -> (done: [Execution], rest: DueRest) {
        var executions: [Execution] = []
        let rest = try runDue(recorded) { (_, _, execution) throws(NodeError) in
            executions.append(execution)
            return true
        }
        return (executions, rest)
    }

    /// Runs what has fallen due up to the last of some places in that order, and those with a trace; each is handed
    /// over while the state is the one that it left.
    func fireDue(
        at places: Set<Int>, recorded: [RecordedBlock.Entry],
        _ each: (Int, DueItem, Execution) throws(NodeError) -> Void
    ) throws(NodeError) {
        guard let last = places.max() else { return }
        _ = try runDue(recorded, tracing: places) { (place, item, execution) throws(NodeError) in
            if places.contains(place) { try each(place, item, execution) }
            return place < last
        }
    }

    /// The work of a block on what has fallen due, told piece by piece until `each` says that it is enough.
    private func runDue(
        _ recorded: [RecordedBlock.Entry]?, tracing places: Set<Int> = [],
        _ each: (Int, DueItem, Execution) throws(NodeError) -> Bool
    ) throws(NodeError) -> DueRest {
        var queue = DueQueue(state, until: time)
        var progress = DueProgress()
        var place = 0
        while let item = try queue.next(passing: progress.behind) {
            switch try progress.verdict(on: item, state) {
            case .stops: return DueRest(behind: progress.behind, isStopped: true)
            case .waits: continue
            case .goesOn: break
            }
            let entry = recorded.flatMap { $0.indices.contains(place) ? $0[place] : nil }
            let execution = try execute(orTake: entry) { () throws(NodeError) in
                try work(off: item, progress, tracing: places.contains(place))
            }
            progress.spend(execution.receipt.cost)
            guard try each(place, item, execution) else { break }
            place += 1
        }
        return DueRest(behind: progress.behind, isStopped: false)
    }

    /// Does what an item of the queue says: the work of a timer, or the next step of a version that takes over.
    private func work(
        off item: DueItem, _ progress: DueProgress, tracing: Bool
    ) throws(NodeError) -> Execution {
        item.isVersion ? try succeed(item, progress, tracing: tracing) : try fire(item, tracing: tracing)
    }

    /// Runs one timer; where it faults nothing is committed but that it stalled, and it is not tried again.
    func fire(_ item: DueItem, tracing: Bool) throws(NodeError) -> Execution {
        defer { state.abandonTransaction() }
        let damaged = NodeError.broken([
            ChainProblem(height: nil, position: nil, text: "the row of case \(item.reference) is damaged")
        ])
        guard let row = try state.value(StateLayout.caseState(item.reference)),
            let digest = CaseCoding.contract(of: row), let contract = try catalogue.contract(digest, in: state),
            let existing = CaseCoding.decode(
                try state.opened(row, of: contract), reference: item.reference, program: contract.program)
        else { throw damaged }
        let request = Request(timer: item.timer, of: existing.state, at: item.due, organisation: contract.home)
        let transition = try catalogue.evaluate(contract, in: state) { evaluator, view throws(StateFault) in
            try evaluator.perform(request, view: view, tracing: tracing)
        }
        let found = FindingsCoding.findings(transition)
        // The clause says which timer it was; the receipt holds the digest.
        let findings = Findings(findings: found.findings, clauses: ["timer:\(item.timer + 1)"] + found.clauses)
        var receipt = Receipt(
            transaction: .zero, outcome: .done, cost: transition.cost, findings: findings.digest,
            caseReference: item.reference.description)
        switch transition.outcome {
        case .done(let effects):
            if try carryOut(effects, contract, existing, item) {
                receipt.tell(effects)
            } else {
                let refusal = Refusal(.erased, "a private value cannot be kept: the secret of the case was erased")
                receipt.outcome = stall(item, refusal, contract)
            }
        case .refused(let refusal): receipt.outcome = stall(item, refusal, contract)
        }
        receipt.changes = state.finishTransaction()
        return Execution(receipt: receipt, findings: findings, transition: (contract, transition))
    }

    /// Writes the effects of a deadline; false where it would have to keep something private and no longer can.
    private func carryOut(
        _ effects: Effects, _ contract: DeployedContract, _ existing: StoredCase, _ item: DueItem
    ) throws(NodeError) -> Bool {
        do throws(NodeError) {
            let work = try work(ofTimer: contract, existing, item.reference)
            try apply(effects, contract: contract, existing: existing, work)
            return true
        } catch {
            guard case .admission(.privateMissing) = error else { throw error }
            state.abandonTransaction()
            return false
        }
    }

    private func stall(_ item: DueItem, _ refusal: Refusal, _ contract: DeployedContract) -> Receipt.Outcome {
        let text = refusal.told(by: contract)
        state.set(StateLayout.stalled(item.item), .text(TextValue(text)))
        state.set(StateKey(space: StateLayout.dueSpace, item: item.item), nil)
        return .stalled(reason: "\(refusal.code ?? refusal.reason.word): \(text)")
    }

    /// Keeps the queue of what falls due in step with a case.
    func applyTimers(
        from old: [(timer: Int, due: Instant)], to new: [(timer: Int, due: Instant)], _ reference: CaseReference
    ) throws(NodeError) {
        let before = old.map { DueItem(due: $0.due, reference: reference, timer: $0.timer) }
        let after = new.map { DueItem(due: $0.due, reference: reference, timer: $0.timer) }
        for item in before where !after.contains(item) {
            state.set(StateKey(space: StateLayout.dueSpace, item: item.item), nil)
            if try state.bytes(StateLayout.stalled(item.item)) != nil { state.set(StateLayout.stalled(item.item), nil) }
        }
        for item in after where !before.contains(item) {
            state.set(
                StateKey(space: StateLayout.dueSpace, item: item.item), .caseReference(TextValue(reference.description))
            )
        }
    }
}

extension Receipt {
    /// Takes over what a transition tells besides its changes.
    mutating func tell(_ effects: Effects) {
        notices = effects.notices.map { Receipt.Notice(to: $0.recipient, text: $0.text) }
        unfillableRounds = effects.unfillable
        postings = Self.postings(of: effects)
    }

    /// The movements of money of a transition, as receipts hold them.
    static func postings(of effects: Effects) -> [Posting] {
        effects.postings.map { posting in
            let fund = posting.contract.map { "\($0).\(posting.fund)" } ?? posting.fund.string
            return Receipt.Posting(
                fund: fund, debit: posting.to.name, credit: posting.from.name, currency: posting.amount.currency.code,
                minorUnits: posting.amount.minorUnits)
        }
    }
}
