import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

/// The cases of a backtest as the changed policy decides them.
///
/// Cases that were opened before go on under the version that they began under, on the state that the changed policy
/// makes, as they would if it had been deployed; a case that it has a `migrate` for is brought over. A case is held
/// only while something may still happen to it: those to which nothing can are handed over.
final class Simulation {
    /// A case that was to be opened, on the chain and here.
    struct Line {
        /// Counted from 0, as the cases were opened.
        let number: Int
        let opening: Digest
        let height: UInt64
        let organisation: String
        var recordedCase: CaseReference?
        var recordedReasons: [BacktestReport.Reason]
        /// The last call upon it; nil where that is not known before the end of the range.
        let last: RecordedCall.Place?
        /// The case here; nil where the changed policy refuses to open it.
        var simulated: CaseState?
        var reasons: [BacktestReport.Reason] = []
        /// What left the funds for it by calls on the chain, and here.
        var recordedPaid = PaidOut()
        var paid = PaidOut()
        /// How the reasons of a call first differed; nil while they have not.
        var reasonDifference: BacktestReport.Difference?
        /// Why the call could not be made again.
        var problem: String?
        /// Whether what the case became stays open for that.
        var isUntried = false
        /// Whether it was opened before the range.
        var isEarlier = false
        /// The version that decides it.
        var contract: DeployedContract
        /// Whether anything happened to it in the range.
        var isTouched = false
        /// What waits for its time.
        var timers: [Timer] = []
        /// Where it first went another way than was recorded; nil while it has not.
        var parting: Parting?
        /// Where a call first had other reasons and no other effect; nil while none has.
        var remark: Parting?
        /// Where it first came to another state; nil while it has not.
        var turning: Parting?
        /// The row of the case on the chain after the last call, read already; nil while anything may still happen.
        var seen: SeenRow?

        /// Whether nothing can happen to it any more, once the calls up to a place have been made.
        func isOver(after place: RecordedCall.Place) -> Bool {
            guard timers.isEmpty, let last else { return false }
            return last <= place
        }
    }

    let contract: DeployedContract
    let catalogue: ContractCatalogue
    /// The state before the first block of the range: what the contract itself writes begins there.
    let start: WorkingState
    /// The number of the last case, before the range and here.
    let lastBefore: Int64
    private var lastNumber: Int64
    var lineCount = 0
    /// The cases to which something may still happen.
    private(set) var held: [Int: Line] = [:]
    private var lineOfCase: [TextValue: Int] = [:]
    /// The others, which have not been handed over yet.
    private var finished: [Line] = []
    private var rows: [StateKey: [Value]] = [:]
    private var holders: [StateKey: TextValue?] = [:]
    private var funds: [TextValue: FundState] = [:]
    /// What waits for its time, in the order in which it falls due.
    private var timers: [Timer] = []
    /// Timers that faulted, which are not tried again.
    var stalled: Set<Timer> = []
    /// The cases, by their lines, that have more to do by themselves than the blocks so far could run.
    private var behind: Set<Int> = []
    private var evaluators: [Digest: Evaluator] = [:]
    /// The evaluator that was asked for last: mostly the next call is of the same version.
    private var latest: (contract: DeployedContract, evaluator: Evaluator)?
    private var narrators: [Digest: TraceNarrator] = [:]
    /// How the arguments of each action of one version stand in another.
    private var orders: [ArgumentOrder.Place: ArgumentOrder] = [:]
    /// Where each version has the money fields of the changed policy.
    private var moneyPlaces: [Digest: [Int?]] = [:]
    let pairs: FieldPairs

    /// A timer of a case here; those that fall due together fire in the order of the cases' numbers.
    struct Timer: Hashable, Comparable {
        let due: Instant
        let number: Int64
        let line: Int
        let timer: Int

        static func < (left: Timer, right: Timer) -> Bool {
            (left.due, left.number, left.line, left.timer) < (right.due, right.number, right.line, right.timer)
        }
    }

    init(contract: DeployedContract, catalogue: ContractCatalogue, start: WorkingState) throws(NodeError) {
        self.contract = contract
        self.catalogue = catalogue
        self.start = start
        pairs = FieldPairs(money: BacktestReport(program: contract.program).moneyFields)
        var last: Int64 = 0
        if case .integer(let number) = try start.value(StateLayout.caseCounter(contract.program.name)) { last = number }
        (lastBefore, lastNumber) = (last, last)
    }

    func evaluator(of contract: DeployedContract) -> Evaluator {
        if let latest, latest.contract === contract { return latest.evaluator }
        let evaluator = evaluators[contract.digest] ?? Evaluator(ExecutableProgram(contract.program))
        evaluators[contract.digest] = evaluator
        latest = (contract, evaluator)
        return evaluator
    }

    func narrator(of contract: DeployedContract) -> TraceNarrator {
        if let known = narrators[contract.digest] { return known }
        let narrator = TraceNarrator(program: contract.program, source: contract.source.bytes)
        narrators[contract.digest] = narrator
        return narrator
    }

    /// Where a version has the money fields of the changed policy.
    func moneyPlaces(of contract: DeployedContract) -> [Int?] {
        if let known = moneyPlaces[contract.digest] { return known }
        let places = BacktestReport(program: self.contract.program).places(in: contract.program)
        moneyPlaces[contract.digest] = places
        return places
    }

    /// Makes a recorded call again, on the case that it was made upon; `find` gives one from before the range.
    func take(
        _ call: RecordedCall, recorded: WorkingState, find: (CaseReference) throws(NodeError) -> Line?
    ) throws(NodeError) {
        var line: Line
        if let text = call.transaction.body.caseReference {
            if let number = lineOfCase[TextValue(text)], let found = held.removeValue(forKey: number) {
                line = found
            } else if let reference = CaseReference(text), let found = try find(reference) {
                line = found
                try resume(&line)
            } else {
                return
            }
            line.isTouched = true
            line.recordedReasons += reasons(of: call)
            line.recordedPaid.add(call.receipt.postings)
            // Where the changed policy opened no case there is nothing to act on.
            if line.simulated != nil { try perform(call, on: &line, recorded) }
        } else {
            line = opened(call)
            line.recordedPaid.add(call.receipt.postings)
            try perform(call, on: &line, recorded)
        }
        keep(line, after: call.place)
    }

    /// What others put into the contract's funds, or took from them, is there under the changed policy as well.
    func follow(_ changes: [StateChange], recorded: WorkingState) throws(NodeError) {
        for fund in contract.program.funds {
            let name = TextValue(fund.name)
            let key = StateLayout.fund(contract: TextValue(contract.program.name), fund: name)
            guard let change = changes.last(where: { $0.key == key }), let bytes = change.value else { continue }
            let value: Value
            do throws(LedgerFault) { value = try ValueCoding.decode(bytes: bytes) } catch { throw .ledger(error) }
            guard let after = FundCoding.decode(value)?.state else { continue }
            func held(_ state: WorkingState) throws(NodeError) -> FundState {
                try state.value(key).flatMap { FundCoding.decode($0) }?.state ?? .empty
            }
            let (more, before) = (after.balance, try held(recorded).balance)
            let first = try held(start)
            var here = funds[name] ?? first
            let (balance, overflow) = here.balance.addingReportingOverflow(more - before)
            // As on the ledger, a fund never holds less than cases have reserved, nor more than fits.
            here.balance = overflow ? .max : max(balance, here.reserved)
            funds[name] = here
        }
    }

    /// The cases to which nothing can happen any more, in the order in which they ended; each is handed over once.
    func takeFinished() -> [Line] {
        defer { finished.removeAll(keepingCapacity: true) }
        return finished
    }

    /// After the last call: nothing happens any more to any case.
    func end() {
        for var line in held.values.sorted(by: { $0.number < $1.number }) {
            if behind.contains(line.number) { tellBehind(&line) }
            finish(line)
        }
        held = [:]
    }

    /// Hands a case over, unless it is an earlier one to which nothing has happened.
    private func finish(_ line: Line) {
        if line.isTouched || !line.isEarlier { finished.append(line) }
    }

    private func opened(_ call: RecordedCall) -> Line {
        defer { lineCount += 1 }
        return Line(
            number: lineCount, opening: call.transaction.digest, height: call.height,
            organisation: call.transaction.body.organisation,
            recordedCase: call.receipt.caseReference.flatMap(CaseReference.init), recordedReasons: reasons(of: call),
            last: call.lastOfCase, contract: contract)
    }

    func keep(_ line: Line, after place: RecordedCall.Place) {
        let name = line.recordedCase.map { TextValue($0.description) }
        guard line.isOver(after: place) else {
            var waiting = line
            waiting.seen = nil
            held[line.number] = waiting
            if let name { lineOfCase[name] = line.number }
            return
        }
        finish(line)
        held.removeValue(forKey: line.number)
        if let name { lineOfCase.removeValue(forKey: name) }
    }

    private func perform(_ call: RecordedCall, on line: inout Line, _ recorded: WorkingState) throws(NodeError) {
        let program = line.contract.program
        let body = call.transaction.body
        if behind.contains(line.number) { return tellBehind(&line) }
        guard let wanted = Executor.call(body.call, of: program) else {
            line.problem = "\(policy(of: line)) has no action \(body.call)"
            line.isUntried = line.simulated == nil || call.isDone
            return
        }
        var arguments = call.arguments
        if case .action(let action) = wanted {
            let place = ArgumentOrder.Place(
                recorded: call.contract.digest, tried: line.contract.digest, action: action)
            let order = orders[place] ?? ArgumentOrder(of: call.program, for: program.actions[action], of: program)
            orders[place] = order
            switch order.rearranged(call.arguments) {
            case .success(let values): arguments = values
            case .failure(let misfit):
                line.problem = misfit.problem(policy(of: line))
                line.isUntried = line.simulated == nil || call.isDone
                return
            }
        }
        let name = line.simulated?.reference ?? TextValue("\(program.name)/\(lastNumber &+ 1)")
        let request = Request(
            call: wanted, actor: call.actor, organisation: Party(.organisation, TextValue(body.organisation)),
            now: call.time, arguments: arguments, existing: line.simulated, newReference: name)
        let isNew = line.simulated == nil
        let transition = try perform(request, line.contract, recorded)
        try note(call, transition, of: request, on: &line, recorded)
        line.reasons += reasons(of: transition)
        if case .done(let effects) = transition.outcome {
            if isNew { lastNumber &+= 1 }
            apply(effects, to: &line)
        }
    }

    /// As on the ledger, nothing acts on a case whose deadlines are not caught up.
    private func tellBehind(_ line: inout Line) {
        line.problem = "more of its deadlines fell due under \(policy(of: line)) than the blocks so far run"
        line.isUntried = true
    }

    private func policy(of line: Line) -> String { line.isEarlier ? "the policy of the case" : "the changed policy" }

    func perform(
        _ request: Request, _ contract: DeployedContract, _ recorded: WorkingState, tracing: Bool = false
    ) throws(NodeError) -> Transition {
        do {
            return try evaluator(of: contract).perform(request, view: view(contract, recorded), tracing: tracing)
        } catch {
            throw .invalid(error.message, hint: "run `remit verify` on the ledger")
        }
    }

    func view(_ contract: DeployedContract, _ recorded: WorkingState) -> View {
        View(simulation: self, contract: contract, recorded: recorded)
    }

    /// Runs what falls due here up to the time of a block, before the transactions of the block, as a block does.
    ///
    /// The state is the one before the block; `deadlines` is what those of the block changed.
    func begin(
        blockAt time: Instant, height: UInt64, _ recorded: WorkingState, deadlines: [StateChange]
    ) throws(NodeError) {
        var budget = DueBudget<Int>()
        behind = []
        loop: while let timer = timers.first(where: { !budget.behind.contains($0.line) }), timer.due <= time {
            switch budget.verdict(on: timer.line) {
            case .stops: break loop
            case .waits: continue
            case .goesOn: break
            }
            guard var line = held[timer.line], let state = line.simulated else { break }
            let request = Request(
                timer: timer.timer, of: state, at: timer.due, organisation: line.contract.home)
            let transition = try perform(request, line.contract, recorded)
            budget.spend(transition.cost)
            line.isTouched = true
            switch transition.outcome {
            case .done(let effects):
                try note(request, effects, on: &line, recorded, deadlines: deadlines)
                apply(effects, to: &line)
            case .refused:
                stalled.insert(timer)
                wait(for: line.timers.filter { $0 != timer }, of: &line)
            }
            keep(line, after: RecordedCall.Place(height: height, position: -1))
        }
        // What is left goes on in the next block, before its transactions.
        for timer in timers.prefix(while: { $0.due <= time }) { behind.insert(timer.line) }
    }

    func apply(_ effects: Effects, to line: inout Line) {
        let program = line.contract.program
        for write in effects.funds where write.contract == nil { funds[write.fund] = write.state }
        line.simulated = effects.caseState
        line.paid.add(Receipt.postings(of: effects))
        for write in effects.rows {
            let register = program.registers[write.register].name
            let key = StateLayout.row(contract: program.name, register: register, keys: write.keys)
            // What a later version keeps behind the fields that this one knows stays.
            rows[key] = write.row + (rows[key] ?? []).dropFirst(write.row.count)
        }
        for freed in effects.freed {
            holders[StateLayout.unique(contract: program.name, index: freed.unique, key: freed.key)] = .some(nil)
        }
        for claimed in effects.claimed {
            let key = StateLayout.unique(contract: program.name, index: claimed.unique, key: claimed.key)
            holders[key] = effects.caseState.reference
        }
        wait(for: line.waiting.filter { !stalled.contains($0) }, of: &line)
    }

    /// Sets what of a case waits for its time.
    func wait(for waiting: [Timer], of line: inout Line) {
        for timer in line.timers {
            let place = place(of: timer)
            if timers.indices.contains(place), timers[place] == timer { timers.remove(at: place) }
        }
        for timer in waiting { timers.insert(timer, at: place(of: timer)) }
        line.timers = waiting
    }

    /// Where a timer stands among those that wait, or would stand.
    private func place(of timer: Timer) -> Int {
        var (low, high) = (0, timers.count)
        while low < high {
            let middle = low + (high - low) / 2
            if timers[middle] < timer { low = middle + 1 } else { high = middle }
        }
        return low
    }

    // MARK: What was recorded

    func reasons(of call: RecordedCall) -> [BacktestReport.Reason] {
        var found = call.findings.findings.map {
            BacktestReport.Reason(code: $0.code, text: $0.text, line: $0.line.map(Int.init))
        }
        if case .refused(let code, let text) = call.receipt.outcome {
            found.append(BacktestReport.Reason(code: code, text: text, line: nil))
        }
        return found
    }

    // MARK: The state as the changed policy sees it

    struct View: StateView {
        fileprivate let simulation: Simulation
        fileprivate let contract: DeployedContract
        fileprivate let recorded: WorkingState

        private var program: CheckedProgram { contract.program }
        var home: Party { contract.home }

        func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]? {
            guard program.registers.indices.contains(register) else { return nil }
            let declared = program.registers[register]
            guard declared.keepers.isEmpty else { return try view(recorded).row(register: register, keys: keys) }
            let key = StateLayout.row(contract: program.name, register: declared.name, keys: keys)
            if let row = simulation.rows[key] { return program.records[declared.row].fitted(row) }
            return try view(simulation.start).row(register: register, keys: keys)
        }

        func caseHolding(unique: Int, key: [Value]) throws(StateFault) -> TextValue? {
            let place = StateLayout.unique(contract: program.name, index: unique, key: key)
            if let holder = simulation.holders[place] { return holder }
            return try view(simulation.start).caseHolding(unique: unique, key: key)
        }

        func holds(role: Int, person: Party, organisation: Party) throws(StateFault) -> Bool {
            try view(recorded).holds(role: role, person: person, organisation: organisation)
        }

        func isMember(_ person: Party, of organisation: Party) throws(StateFault) -> Bool {
            try view(recorded).isMember(person, of: organisation)
        }

        func holders(role: Int, organisation: Party) throws(StateFault) -> [Party] {
            try view(recorded).holders(role: role, organisation: organisation)
        }

        func isMachine(_ person: Party) throws(StateFault) -> Bool { try view(recorded).isMachine(person) }

        func delegators(
            of person: Party, organisation: Party, on day: CalendarDate
        ) throws(StateFault) -> [Party] {
            try view(recorded).delegators(of: person, organisation: organisation, on: day)
        }

        func delegators(of person: Party, on day: CalendarDate) throws(StateFault) -> [Party] {
            try view(recorded).delegators(of: person, on: day)
        }

        /// What a fund held before the first block of the range, and what the changed policy made of it.
        func fund(_ fund: Int) throws(StateFault) -> FundState {
            if program.funds.indices.contains(fund),
                let held = simulation.funds[TextValue(program.funds[fund].name)]
            {
                return held
            }
            return try view(simulation.start).fund(fund)
        }

        func fund(
            _ fund: TextValue, of owner: TextValue
        ) throws(StateFault) -> (currency: Currency, state: FundState)? {
            try view(recorded).fund(fund, of: owner)
        }

        func otherCase(_ reference: TextValue, contract: Int) throws(StateFault) -> OtherCase? {
            try view(recorded).otherCase(reference, contract: contract)
        }

        func addedPeriods() throws(StateFault) -> [WorkCalendar.Period] { try view(recorded).addedPeriods() }

        private func view(_ state: WorkingState) -> ContractStateView {
            ContractStateView(contract: contract, state: state, catalogue: simulation.catalogue)
        }
    }
}
