import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

/// The cases of a backtest as the changed policy decides them.
///
/// A case is held only while something may still happen to it: those to which nothing can are handed over.
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
        /// Why the call could not be made again.
        var problem: String?
        /// Whether what the case became stays open for that.
        var isUntried = false
        /// What waits for its time.
        fileprivate var timers: [Timer] = []

        /// Whether nothing can happen to it any more, once the calls up to a place have been made.
        fileprivate func isOver(after place: RecordedCall.Place) -> Bool {
            guard timers.isEmpty, let last else { return false }
            return last <= place
        }
    }

    private let contract: DeployedContract
    private let catalogue: ContractCatalogue
    /// The state before the first block of the range: what the contract itself writes begins there.
    private let start: WorkingState
    private var lineCount = 0
    /// The cases to which something may still happen.
    private var held: [Int: Line] = [:]
    private var lineOfCase: [TextValue: Int] = [:]
    /// The others, which have not been handed over yet.
    private var finished: [Line] = []
    private var rows: [StateKey: [Value]] = [:]
    private var holders: [StateKey: TextValue?] = [:]
    private var funds: [Int: FundState] = [:]
    /// What waits for its time, in the order in which it falls due.
    private var timers: [Timer] = []
    /// Timers that faulted, which are not tried again.
    private var stalled: Set<Timer> = []
    private let evaluator: Evaluator

    /// A timer of a case here; cases are numbered as they were opened.
    fileprivate struct Timer: Hashable, Comparable {
        let due: Instant
        let line: Int
        let timer: Int

        static func < (left: Timer, right: Timer) -> Bool {
            (left.due, left.line, left.timer) < (right.due, right.line, right.timer)
        }
    }

    init(contract: DeployedContract, catalogue: ContractCatalogue, start: WorkingState) {
        self.contract = contract
        self.catalogue = catalogue
        self.start = start
        evaluator = Evaluator(ExecutableProgram(contract.program))
    }

    /// Makes a recorded call again; calls upon cases from before the range are left as they were.
    func take(_ call: RecordedCall, recorded: WorkingState) throws(NodeError) {
        try fireDue(before: call, recorded)
        var line: Line
        if let text = call.transaction.body.caseReference {
            guard let number = lineOfCase[TextValue(text)], let found = held.removeValue(forKey: number) else { return }
            line = found
            line.recordedReasons += reasons(of: call)
            // Where the changed policy opened no case there is nothing to act on.
            if line.simulated != nil { try perform(call, on: &line, recorded) }
        } else {
            line = opened(call)
            try perform(call, on: &line, recorded)
        }
        keep(line, after: call.place)
    }

    /// The cases to which nothing can happen any more, in the order in which they ended; each is handed over once.
    func takeFinished() -> [Line] {
        defer { finished.removeAll(keepingCapacity: true) }
        return finished
    }

    /// After the last call: nothing happens any more to any case.
    func end() {
        finished += held.values.sorted { $0.number < $1.number }
        held = [:]
    }

    private func opened(_ call: RecordedCall) -> Line {
        defer { lineCount += 1 }
        return Line(
            number: lineCount, opening: call.transaction.digest, height: call.height,
            organisation: call.transaction.body.organisation,
            recordedCase: call.receipt.caseReference.flatMap(CaseReference.init), recordedReasons: reasons(of: call),
            last: call.lastOfCase)
    }

    private func keep(_ line: Line, after place: RecordedCall.Place) {
        let name = line.recordedCase.map { TextValue($0.description) }
        guard line.isOver(after: place) else {
            held[line.number] = line
            if let name { lineOfCase[name] = line.number }
            return
        }
        finished.append(line)
        held.removeValue(forKey: line.number)
        if let name { lineOfCase.removeValue(forKey: name) }
    }

    private func perform(_ call: RecordedCall, on line: inout Line, _ recorded: WorkingState) throws(NodeError) {
        let program = contract.program
        let body = call.transaction.body
        guard let wanted = Executor.call(body.call, of: program) else {
            line.problem = "the changed policy has no action \(body.call)"
            line.isUntried = line.simulated == nil || call.isDone
            return
        }
        var arguments = call.arguments
        if case .action(let action) = wanted {
            switch rearranged(call.arguments, of: call, for: program.actions[action]) {
            case .success(let values): arguments = values
            case .failure(let problem):
                line.problem = problem.text
                line.isUntried = line.simulated == nil || call.isDone
                return
            }
        }
        let name = line.simulated?.reference ?? TextValue("\(program.name)/\(line.number + 1)")
        let request = Request(
            call: wanted, actor: call.actor, organisation: Party(.organisation, TextValue(body.organisation)),
            now: call.time, arguments: arguments, existing: line.simulated, newReference: name)
        let transition = try perform(request, recorded)
        line.reasons += transition.findings.map {
            BacktestReport.Reason(code: $0.code, text: $0.text, line: $0.line)
        }
        switch transition.outcome {
        case .refused(let refusal):
            line.reasons.append(
                BacktestReport.Reason(code: refusal.code ?? refusal.reason.word, text: refusal.text, line: nil))
        case .done(let effects): apply(effects, to: &line)
        }
    }

    private func perform(_ request: Request, _ recorded: WorkingState) throws(NodeError) -> Transition {
        do {
            return try evaluator.perform(request, view: View(simulation: self, recorded: recorded))
        } catch {
            throw .invalid(error.message, hint: "run `remit verify` on the ledger")
        }
    }

    /// Runs what falls due here by the changed policy, up to the time of a call.
    private func fireDue(before call: RecordedCall, _ recorded: WorkingState) throws(NodeError) {
        while let timer = timers.first, timer.due <= call.time, var line = held[timer.line],
            let state = line.simulated
        {
            let transition = try perform(
                Request(timer: timer.timer, of: state, at: timer.due, organisation: contract.home), recorded)
            switch transition.outcome {
            case .done(let effects): apply(effects, to: &line)
            case .refused:
                stalled.insert(timer)
                wait(for: line.timers.filter { $0 != timer }, of: &line)
            }
            keep(line, after: call.place.before)
        }
    }

    private func apply(_ effects: Effects, to line: inout Line) {
        let program = contract.program
        for write in effects.funds where write.contract == nil {
            guard let index = program.funds.firstIndex(where: { TextValue($0.name) == write.fund }) else { continue }
            funds[index] = write.state
        }
        line.simulated = effects.caseState
        for write in effects.rows {
            let register = program.registers[write.register].name
            rows[StateLayout.row(contract: program.name, register: register, keys: write.keys)] = write.row
        }
        for freed in effects.freed {
            holders[StateLayout.unique(contract: program.name, index: freed.unique, key: freed.key)] = .some(nil)
        }
        for claimed in effects.claimed {
            let key = StateLayout.unique(contract: program.name, index: claimed.unique, key: claimed.key)
            holders[key] = effects.caseState.reference
        }
        let number = line.number
        let waiting = effects.caseState.timers(of: program).map { Timer(due: $0.due, line: number, timer: $0.timer) }
        wait(for: waiting.filter { !stalled.contains($0) }, of: &line)
    }

    /// Sets what of a case waits for its time.
    private func wait(for waiting: [Timer], of line: inout Line) {
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

    private func reasons(of call: RecordedCall) -> [BacktestReport.Reason] {
        var found = call.findings.findings.map {
            BacktestReport.Reason(code: $0.code, text: $0.text, line: $0.line.map(Int.init))
        }
        if case .refused(let code, let text) = call.receipt.outcome {
            found.append(BacktestReport.Reason(code: code, text: text, line: nil))
        }
        return found
    }

    private struct Misfit: Error {
        let text: String
    }

    /// The arguments in the order of the changed action: found by name, since a new version may add some.
    private func rearranged(
        _ arguments: [Value], of call: RecordedCall, for action: ActionDeclaration
    ) -> Result<[Value], Misfit> {
        let program = contract.program
        guard let old = call.program.actions.first(where: { TextValue($0.name) == TextValue(action.name) }) else {
            return .failure(Misfit(text: "the recorded policy has no action \(action.name)"))
        }
        let names = old.enters.map { call.program.caseFields[$0].name } + old.parameters.map(\.name)
        var given: [TextValue: Value] = [:]
        for (name, value) in zip(names, arguments) { given[TextValue(name)] = value }
        var values: [Value] = []
        for field in action.enters.map({ program.caseFields[$0] }) + action.parameters {
            if let value = given[TextValue(field.name)] {
                values.append(value)
            } else if case .optional = field.type {
                values.append(.absent)
            } else {
                return .failure(Misfit(text: "the changed policy asks for \(field.name), which was not recorded"))
            }
        }
        return .success(values)
    }

    // MARK: The state as the changed policy sees it

    private struct View: StateView {
        let simulation: Simulation
        let recorded: WorkingState

        private var program: CheckedProgram { simulation.contract.program }
        var home: Party { simulation.contract.home }

        func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]? {
            guard program.registers.indices.contains(register) else { return nil }
            let declared = program.registers[register]
            guard declared.keepers.isEmpty else { return try view(recorded).row(register: register, keys: keys) }
            let key = StateLayout.row(contract: program.name, register: declared.name, keys: keys)
            if let row = simulation.rows[key] { return row }
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

        func holders(role: Int, organisation: Party) throws(StateFault) -> [Party] {
            try view(recorded).holders(role: role, organisation: organisation)
        }

        func isMachine(_ person: Party) throws(StateFault) -> Bool { try view(recorded).isMachine(person) }

        func delegators(
            of person: Party, organisation: Party, on day: CalendarDate
        ) throws(StateFault) -> [Party] {
            try view(recorded).delegators(of: person, organisation: organisation, on: day)
        }

        /// What a fund held before the first block of the range, and what the changed policy made of it.
        func fund(_ fund: Int) throws(StateFault) -> FundState {
            if let held = simulation.funds[fund] { return held }
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
            ContractStateView(contract: simulation.contract, state: state, catalogue: simulation.catalogue)
        }
    }
}
