import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

/// The cases of a backtest as the changed policy decides them.
final class Simulation {
    /// A case that was to be opened, on the chain and here.
    struct Line {
        let opening: Digest
        let height: UInt64
        let organisation: String
        var recordedCase: CaseReference?
        var recordedReasons: [BacktestReport.Reason]
        /// The name of the case here; nil where the changed policy refuses to open it.
        var simulated: TextValue?
        var reasons: [BacktestReport.Reason] = []
        /// Why the call could not be made again.
        var problem: String?
        /// Whether what the case became stays open for that.
        var isUntried = false
    }

    private let contract: DeployedContract
    private let catalogue: ContractCatalogue
    /// The state before the first block of the range: what the contract itself writes begins there.
    private let start: WorkingState
    private(set) var lines: [Line] = []
    private(set) var cases: [TextValue: CaseState] = [:]
    private var lineOfCase: [TextValue: Int] = [:]
    private var rows: [StateKey: [Value]] = [:]
    private var holders: [StateKey: TextValue?] = [:]
    private var funds: [Int: FundState] = [:]
    /// Timers that faulted, which are not tried again.
    private var stalled: Set<Timer> = []
    private let evaluator: Evaluator

    /// A timer of a case here; cases are numbered as they were opened.
    private struct Timer: Hashable, Comparable {
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
        let body = call.transaction.body
        try fireDue(until: call.time, recorded)
        if let text = body.caseReference {
            guard let line = lineOfCase[TextValue(text)] else { return }
            lines[line].recordedReasons += reasons(of: call)
            try act(call, on: line, recorded)
        } else {
            try open(call, recorded)
        }
    }

    private func open(_ call: RecordedCall, _ recorded: WorkingState) throws(NodeError) {
        var line = Line(
            opening: call.transaction.digest, height: call.height, organisation: call.transaction.body.organisation,
            recordedReasons: reasons(of: call))
        if let text = call.receipt.caseReference, let reference = CaseReference(text) {
            line.recordedCase = reference
            lineOfCase[TextValue(text)] = lines.count
        }
        lines.append(line)
        try perform(call, existing: nil, line: lines.count - 1, recorded)
    }

    private func act(_ call: RecordedCall, on line: Int, _ recorded: WorkingState) throws(NodeError) {
        // Where the changed policy opened no case there is nothing to act on.
        guard let name = lines[line].simulated, let existing = cases[name] else { return }
        try perform(call, existing: existing, line: line, recorded)
    }

    private func perform(
        _ call: RecordedCall, existing: CaseState?, line: Int, _ recorded: WorkingState
    ) throws(NodeError) {
        let program = contract.program
        let body = call.transaction.body
        guard let wanted = Executor.call(body.call, of: program) else {
            lines[line].problem = "the changed policy has no action \(body.call)"
            lines[line].isUntried = existing == nil || call.isDone
            return
        }
        var arguments = call.arguments
        if case .action(let action) = wanted {
            switch rearranged(call.arguments, of: call, for: program.actions[action]) {
            case .success(let values): arguments = values
            case .failure(let problem):
                lines[line].problem = problem.text
                lines[line].isUntried = existing == nil || call.isDone
                return
            }
        }
        let name = existing?.reference ?? TextValue("\(program.name)/\(lines.count)")
        let request = Request(
            call: wanted, actor: call.actor, organisation: Party(.organisation, TextValue(body.organisation)),
            now: call.time, arguments: arguments, existing: existing, newReference: name)
        let transition: Transition
        do {
            transition = try evaluator.perform(request, view: View(simulation: self, recorded: recorded))
        } catch {
            throw .invalid(error.message, hint: "run `remit verify` on the ledger")
        }
        lines[line].reasons += transition.findings.map {
            BacktestReport.Reason(code: $0.code, text: $0.text, line: $0.line)
        }
        switch transition.outcome {
        case .refused(let refusal):
            lines[line].reasons.append(
                BacktestReport.Reason(code: refusal.code ?? refusal.reason.word, text: refusal.text, line: nil))
        case .done(let effects):
            lines[line].simulated = name
            apply(effects)
        }
    }

    /// Runs what falls due here by the changed policy, up to the time of a call.
    private func fireDue(until time: Instant, _ recorded: WorkingState) throws(NodeError) {
        let program = contract.program
        guard !program.timers.isEmpty else { return }
        while let (timer, state) = nextTimer(until: time) {
            let request = Request(timer: timer.timer, of: state, at: timer.due, organisation: contract.home)
            let transition: Transition
            do {
                transition = try evaluator.perform(request, view: View(simulation: self, recorded: recorded))
            } catch {
                throw .invalid(error.message, hint: "run `remit verify` on the ledger")
            }
            switch transition.outcome {
            case .done(let effects): apply(effects)
            case .refused: stalled.insert(timer)
            }
        }
    }

    private func nextTimer(until time: Instant) -> (Timer, CaseState)? {
        var first: (Timer, CaseState)?
        for (index, line) in lines.enumerated() {
            guard let name = line.simulated, let state = cases[name] else { continue }
            for (timer, due) in state.timers(of: contract.program) where due <= time {
                let found = Timer(due: due, line: index, timer: timer)
                if stalled.contains(found) { continue }
                if first.map({ found < $0.0 }) ?? true { first = (found, state) }
            }
        }
        return first
    }

    private func apply(_ effects: Effects) {
        let program = contract.program
        for write in effects.funds where write.contract == nil {
            guard let index = program.funds.firstIndex(where: { TextValue($0.name) == write.fund }) else { continue }
            funds[index] = write.state
        }
        cases[effects.caseState.reference] = effects.caseState
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
