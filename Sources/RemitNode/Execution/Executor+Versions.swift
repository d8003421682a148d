import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

/// A version that takes over at its time, and the running cases that it brings over, some in each block.
struct Succession {
    /// The contract text that takes over.
    let contract: Digest
    /// The number of the next case to be looked at; 0 until the version has taken over.
    let next: Int64
    /// The number of the last case that may need to be brought over.
    let last: Int64
    /// The numbers of cases before the next that were behind with their deadlines at their turn, ascending.
    let waiting: [Int64]

    var row: Value {
        let parts: [Value] = [.text(TextValue(contract.hex)), .integer(next), .integer(last)]
        return .record(waiting.isEmpty ? parts : parts + [.list(waiting.map { .integer($0) })])
    }

    /// Whether no case is left.
    var isEmpty: Bool { next > last && waiting.isEmpty }

    init(contract: Digest, next: Int64 = 0, last: Int64 = 0, waiting: [Int64] = []) {
        self.contract = contract
        self.next = next
        self.last = last
        self.waiting = waiting
    }

    /// Reads the row of what falls due; nil where it is none of a version.
    init?(row: Value?) {
        guard case .record(let parts)? = row, (3...4).contains(parts.count), case .text(let hex) = parts[0],
            let contract = Digest(hex: hex.string), case .integer(let next) = parts[1],
            case .integer(let last) = parts[2]
        else { return nil }
        var waiting: [Int64] = []
        if parts.count == 4 {
            guard case .list(let numbers) = parts[3] else { return nil }
            for number in numbers {
                guard case .integer(let number) = number else { return nil }
                waiting.append(number)
            }
        }
        self.init(contract: contract, next: next, last: last, waiting: waiting)
    }
}

extension DueItem {
    /// A version of a contract that takes over; it comes before the contract's cases that fall due with it.
    init(version: Int64, of contract: String, due: Instant) {
        self.init(due: due, reference: CaseReference(contract: contract, number: 0), timer: Int(version))
    }

    /// Whether it is a version that takes over, not a timer of a case.
    var isVersion: Bool { reference.number == 0 }

    /// Where a migration of a case is kept that faulted.
    static func stalledMigration(_ reference: CaseReference) -> StateKey {
        let item = DueItem(due: Instant.epoch, reference: reference, timer: Int(UInt32.max))
        return StateLayout.stalled(item.item)
    }
}

extension Instant {
    /// 1970-01-01 00:00:00 UTC.
    static let epoch = FixedClock.epoch.now
}

/// How far a block has come with what has fallen due.
struct DueProgress {
    private var budget = DueBudget<CaseReference>()
    /// For each version, the case with which the block began.
    private var first: [[UInt8]: Int64] = [:]

    /// The cases that have more to do than one block does.
    var behind: Set<CaseReference> { budget.behind }

    /// Says whether the next item of the queue is worked off in this block, and notes where the block finds a version.
    ///
    /// A version takes over in time however much else there is to do, and ends its own work for the block.
    mutating func verdict(
        on item: DueItem, _ state: WorkingState
    ) throws(NodeError) -> DueBudget<CaseReference>.Verdict {
        guard item.isVersion else { return budget.verdict(on: item.reference) }
        if first[item.item] == nil {
            let row = try state.value(StateKey(space: StateLayout.dueSpace, item: item.item))
            if let next = Succession(row: row)?.next, next > 0 { first[item.item] = next }
        }
        return .goesOn
    }

    mutating func spend(_ steps: UInt64) { budget.spend(steps) }

    /// The case with which the block began to bring cases under a version.
    func start(_ item: DueItem, _ next: Int64) -> Int64 { first[item.item] ?? next }

    /// Whether a case may be looked at in this block.
    func allows(_ number: Int64, of item: DueItem, _ next: Int64) -> Bool {
        number - start(item, next) < Int64(Limits.migratedCases) && !budget.isSpent
    }

    /// Whether a case has done all that fell due before; where not, it is not brought over yet.
    func isCaughtUp(_ reference: CaseReference) -> Bool { !budget.isSpent && !budget.behind.contains(reference) }
}

/// Versions that take over, and cases that come under them.
extension Executor {
    /// Lets a version open cases, or brings the next case under it.
    func succeed(_ item: DueItem, _ progress: DueProgress, tracing: Bool) throws(NodeError) -> Execution {
        defer { state.abandonTransaction() }
        let key = StateKey(space: StateLayout.dueSpace, item: item.item)
        guard let succession = Succession(row: try state.value(key)),
            let contract = try catalogue.contract(succession.contract, in: state)
        else {
            throw .broken([
                ChainProblem(
                    height: nil, position: nil,
                    text: "the row of a version of \(item.reference.contract) that falls due is damaged")
            ])
        }
        if succession.next == 0 { return try takeOver(contract, key) }
        var number = succession.next
        var waiting = succession.waiting
        func reference(_ number: Int64) -> CaseReference {
            CaseReference(contract: contract.program.name, number: number)
        }
        // Each case that is brought over moves the queue on, so that nothing of it is done twice.
        func bringOver(_ chosen: Int64) throws(NodeError) -> Execution? {
            let rest = Succession(contract: contract.digest, next: number, last: succession.last, waiting: waiting)
            return try migrate(reference(chosen), to: contract, at: item.due, tracing, then: (key, rest.row))
        }
        while let place = waiting.firstIndex(where: { progress.isCaughtUp(reference($0)) }) {
            if let execution = try bringOver(waiting.remove(at: place)) { return execution }
        }
        while number <= succession.last, progress.allows(number, of: item, succession.next) {
            if !progress.isCaughtUp(reference(number)) {
                guard waiting.count < Limits.waitingCases else { break }
                waiting.append(number)
                number += 1
                continue
            }
            number += 1
            if let execution = try bringOver(number - 1) { return execution }
        }
        let rest = Succession(contract: contract.digest, next: number, last: succession.last, waiting: waiting)
        return endBlock(contract, rest, item, from: progress.start(item, succession.next))
    }

    private func takeOver(_ contract: DeployedContract, _ key: StateKey) throws(NodeError) -> Execution {
        let program = contract.program
        state.set(StateLayout.currentContract(program.name), .text(TextValue(contract.digest.hex)))
        let last = try lastCase(of: program.name)
        let isDone = program.migrations.isEmpty || last == 0
        state.set(key, isDone ? nil : Succession(contract: contract.digest, next: 1, last: last).row)
        return finish(clause: "version:\(program.name)/\(program.version)")
    }

    private func lastCase(of contract: String) throws(NodeError) -> Int64 {
        if case .integer(let number) = try state.value(StateLayout.caseCounter(contract)) { return number }
        return 0
    }

    /// Ends the work of a block on the cases of a version; the rest falls due a second later.
    private func endBlock(
        _ contract: DeployedContract, _ rest: Succession, _ item: DueItem, from first: Int64
    ) -> Execution {
        let program = contract.program
        state.set(StateKey(space: StateLayout.dueSpace, item: item.item), nil)
        if !rest.isEmpty, let later = Instant(seconds: time.seconds + 1) {
            let next = DueItem(version: program.version, of: program.name, due: later)
            state.set(StateKey(space: StateLayout.dueSpace, item: next.item), rest.row)
        }
        return finish(clause: "migration:\(program.name)/\(program.version):\(first)-\(rest.next - 1)")
    }

    private func finish(clause: String) -> Execution {
        let findings = Findings(findings: [], clauses: [clause])
        var receipt = Receipt(transaction: .zero, outcome: .done, cost: 1, findings: findings.digest)
        receipt.changes = state.finishTransaction()
        return Execution(receipt: receipt, findings: findings, transition: nil)
    }

    // MARK: One case

    /// Brings one case over; nil where it has ended, or the version does not speak of it.
    private func migrate(
        _ reference: CaseReference, to contract: DeployedContract, at due: Instant, _ tracing: Bool,
        then rest: (key: StateKey, row: Value)
    ) throws(NodeError) -> Execution? {
        guard let row = try state.value(StateLayout.caseState(reference)), let digest = CaseCoding.contract(of: row),
            digest != contract.digest, let earlier = try catalogue.contract(digest, in: state),
            let migration = CaseMigration(from: earlier.program, to: contract.program)
        else { return nil }
        let opened = try state.opened(row, of: earlier)
        guard let existing = CaseCoding.decode(opened, reference: reference, program: earlier.program) else {
            throw .broken([
                ChainProblem(height: nil, position: nil, text: "the row of case \(reference) is damaged")
            ])
        }
        guard migration.concerns(state: existing.state.state) else { return nil }
        let clause = "migration:\(earlier.program.version)"
        let carried: CarriedCase
        do {
            carried = try migration.carry(existing.state)
        } catch {
            return stalled(reference, "state: \(error.text)", Findings(findings: [], clauses: [clause]), rest)
        }
        let request = Request(migration: migration, of: carried, at: due, organisation: contract.home)
        let decided = try catalogue.evaluate(contract, in: state) { evaluator, view throws(StateFault) in
            try evaluator.migrate(request, view: view, tracing: tracing)
        }
        guard let transition = decided else { return nil }
        let found = FindingsCoding.findings(transition)
        let findings = Findings(findings: found.findings, clauses: [clause] + found.clauses)
        var receipt = Receipt(
            transaction: .zero, outcome: .done, cost: transition.cost, findings: findings.digest,
            caseReference: reference.description)
        switch transition.outcome {
        case .done(let effects):
            guard try carryOver(effects, contract, existing, earlier, reference) else {
                let hasSecret = try state.bytes(StateLayout.caseSecret(reference)) != nil
                let reason =
                    hasSecret
                    ? "erased: a private value cannot be kept: the secret of the case was erased"
                    : "private: a private value cannot be kept: the case has no secret to keep it by"
                return stalled(reference, reason, findings, rest, cost: transition.cost)
            }
            receipt.tell(effects)
            state.set(rest.key, rest.row)
            receipt.changes = state.finishTransaction()
            return Execution(receipt: receipt, findings: findings, transition: (contract, transition))
        case .refused(let refusal):
            let reason = "\(refusal.code ?? refusal.reason.word): \(refusal.told(by: contract))"
            return stalled(
                reference, reason, findings, rest, cost: transition.cost, (contract, transition))
        }
    }

    /// Writes a case under its new version; false where it would have to keep something private and no longer can.
    private func carryOver(
        _ effects: Effects, _ contract: DeployedContract, _ existing: StoredCase, _ earlier: DeployedContract,
        _ reference: CaseReference
    ) throws(NodeError) -> Bool {
        do throws(NodeError) {
            let work = try work(ofTimer: contract, existing, reference)
            try apply(effects, contract: contract, existing: existing, work, under: earlier.program)
        } catch {
            guard case .admission(.privateMissing) = error else { throw error }
            state.abandonTransaction()
            return false
        }
        let stalled = DueItem.stalledMigration(reference)
        if try state.bytes(stalled) != nil { state.set(stalled, nil) }
        return true
    }

    /// A migration that faulted: the case stays under its version, and what went wrong is kept.
    private func stalled(
        _ reference: CaseReference, _ reason: String, _ findings: Findings, _ rest: (key: StateKey, row: Value),
        cost: UInt64 = 1, _ transition: (contract: DeployedContract, account: Transition)? = nil
    ) -> Execution {
        var receipt = Receipt(
            transaction: .zero, outcome: .stalled(reason: reason), cost: cost, findings: findings.digest,
            caseReference: reference.description)
        state.set(DueItem.stalledMigration(reference), .text(TextValue(reason)))
        state.set(rest.key, rest.row)
        receipt.changes = state.finishTransaction()
        return Execution(receipt: receipt, findings: findings, transition: transition)
    }
}
