import RemitLanguage
import RemitValues

/// One transition run by the register machine: the same steps as the reference evaluator's, in the same order.
final class CodeRun<View: StateView> {
    let program: CheckedProgram
    let code: Code
    /// Keeps the memory alive that the pointer beside it leads to.
    private let memory: MachineMemory
    /// What the fields begin with that the action's form does not enter.
    private let starts: UnsafeMutablePointer<(register: Int, word: Int64)>
    private let startCount: Int
    /// Where the action begins, and the one state that it opens cases in.
    private let entry: Int32
    private let opening: Int64
    private let verdicts: Int
    private let verdictCount: Int
    private let target: Int
    private let candidateRegister: Int
    private let actorRegister: Int
    private let firstWritten: Int
    private let writtenCount: Int
    let stateRegister: UInt16
    /// What follows the code of an opening: by state, and how many keys are looked up.
    let entering: UnsafeMutablePointer<Int32>
    private let stateCount: Int
    private let keyCount: Int
    private let hasInvariants: Bool
    let machine: MachinePointer
    let view: View
    let request: Request
    let stepLimit: UInt64
    let coder: ValueCoder
    /// Money, rounds, due times and delegates; made when one of them is needed.
    var engine: Engine<View>?
    /// An engine that a transition of the same request has left.
    var idle: Engine<View>?
    /// The rounds that new cases have opened.
    var openings = KnownOpenings()
    /// Those barred from the round that is opened next.
    var barred: [Value] = []
    /// Those whom the actor stands in for, once they were asked for, and how many were tried.
    var delegators: [Party]?
    var tried = 0
    /// Cases of other contracts that were read: no transition of this contract changes them.
    var otherCases: [TextValue: OtherCase] = [:]
    /// Whether the state or a field changed, where there are approvals.
    var hasChanged = false
    /// Whether there are funds, deadlines or approvals, which follow the states.
    let hasClocks: Bool
    /// By state the deadlines that start there, and the approvals whose rounds open there.
    lazy var clocks: [(deadlines: [Int], approvals: [Int])] = program.states.indices.map { state in
        (
            program.deadlines.indices.filter { program.deadlines[$0].states.contains(state) },
            program.approvals.indices.filter { program.approvals[$0].states.contains(state) }
        )
    }
    /// Whether no day of the calendar is the day of the request where the contract is: the reference evaluator decides.
    private var lacksToday = false
    /// What stood in the fields before the code ran.
    private var given: [GivenField] = []
    /// Tells the trail, where the code leaves one.
    var reader: TrailReader?

    /// What ends a transition before its time.
    enum Stop: Error {
        case refused(Refusal)
        case fault(StateFault)
        /// A value that the machine has no word for: the reference evaluator decides.
        case foreign
    }

    init(
        program: CheckedProgram, memory: MachineMemory, view: View, request: Request, stepLimit: UInt64,
        reader: TrailReader? = nil
    ) {
        self.reader = reader
        self.program = program
        code = memory.code
        self.memory = memory
        machine = memory.state
        self.view = view
        self.request = request
        self.stepLimit = stepLimit
        coder = ValueCoder(code: memory.code)
        let entries = memory.code.entries
        let isKnown = entries.actions.indices.contains(request.action)
        let entered = isKnown ? program.actions[request.action].enters : []
        let open = memory.code.starts.indices.filter { !entered.contains($0) }
        starts = copied(open.map { (Int(entries.fields) + $0, memory.code.starts[$0]) })
        startCount = open.count
        entry = isKnown ? entries.actions[request.action] : -1
        opening = isKnown ? entries.onlyOpening[request.action] : absentWord
        verdicts = Int(entries.verdicts)
        verdictCount = entries.groups
        target = Int(entries.target)
        candidateRegister = Int(entries.candidate)
        actorRegister = Int(entries.actor)
        firstWritten = Int(entries.written)
        writtenCount = entries.writtenCount
        stateRegister = entries.state
        hasClocks = !program.funds.isEmpty || !program.deadlines.isEmpty || !program.approvals.isEmpty
        entering = copied(entries.entering)
        stateCount = entries.entering.count
        keyCount = entries.uniqueRefusals.count
        hasInvariants = !entries.invariants.isEmpty
    }

    deinit {
        starts.deallocate()
        entering.deallocate()
    }

    /// The whole transition; nil where the reference evaluator has to run it.
    func transition() throws(StateFault) -> Transition? {
        machine.pointee.reset(stepLimit: stepLimit)
        let outcome: Transition.Outcome
        do throws(Stop) {
            outcome = .done(try perform())
        } catch {
            switch error {
            case .refused(let refusal): outcome = .refused(refusal)
            case .fault(let fault): throw fault
            case .foreign: return nil
            }
        }
        reader?.take(machine)
        return Transition(outcome: outcome, cost: cost, findings: findings, trace: reader?.trace)
    }

    /// The steps charged so far.
    var cost: UInt64 {
        let left = machine.pointee.steps
        return left < 0 ? stepLimit : stepLimit - UInt64(left)
    }

    /// Makes ready for many cases of one actor and time: what they share is kept.
    func prepareOpenings() throws(Stop) {
        machine.pointee.reset(stepLimit: stepLimit)
        try begin()
        machine.pointee.keepArenas()
    }

    /// Makes ready for the next case, whose arguments then go straight into their registers.
    func open() {
        machine.pointee.reset(stepLimit: stepLimit)
        if machine.pointee.isTouched {
            forgetEngine()
            machine.pointee.isTouched = false
        }
        beginOpening()
    }

    private func forgetWritten() {
        for index in 0..<writtenCount { machine.pointee.registers[firstWritten + index] = 0 }
    }

    private func beginOpening() {
        forgetWritten()
        let registers = machine.pointee.registers
        registers[target] = absentWord
        registers[Int(stateRegister)] = absentWord
        registers[candidateRegister] = registers[actorRegister]
        for index in 0..<verdictCount { registers[verdicts + index] = absentWord }
        for index in 0..<startCount { registers[starts[index].register] = starts[index].word }
    }

    /// Runs an opening action on what stands in the registers; gives the state of the new case.
    func decideOpening() throws(Stop) -> Int {
        if lacksToday { throw .foreign }
        try run(entry)
        var entered = machine.pointee.registers[target]
        if entered == absentWord { entered = opening }
        guard entered >= 0, entered < Int64(stateCount) else {
            throw .refused(Self.misfit(program.actions[request.action].span))
        }
        try enter(Int(entered))
        // No key is taken where every case is the first.
        for _ in 0..<keyCount where !machine.pointee.charge(Int(Cost.lookup)) { throw .refused(budget) }
        if machine.pointee.rowIndex.written.top > 0 || hasInvariants { try checkInvariants() }
        return Int(entered)
    }

    private func perform() throws(Stop) -> Effects {
        try begin()
        if lacksToday { throw .foreign }
        switch request.call {
        case .action(let index): try act(index)
        case .approve(let round): try vote(round, isDecline: false)
        case .decline(let round): try vote(round, isDecline: true)
        case .timer(let timer): try fire(timer)
        // The reference evaluator migrates cases.
        case .migration: throw .foreign
        }
        try enterState()
        let (claimed, freed) = try checkKeys()
        try checkInvariants()
        return Effects(
            caseState: caseState, rows: writtenRows, claimed: claimed, freed: freed, notices: notices,
            funds: engine?.writtenFunds ?? [], postings: engine?.postings ?? [],
            unfillable: engine?.unfillableNames ?? [], arguments: keptArguments)
    }

    /// For each field the argument that it still is as it came.
    private var keptArguments: [Int?] {
        given.indices.map { field in
            if case .argument(let index) = given[field].origin, isAsGiven(field) { index } else { nil }
        }
    }

    private func act(_ index: Int) throws(Stop) {
        guard program.actions.indices.contains(index) else {
            throw .refused(Refusal(.argument, "there is no such action"))
        }
        let action = program.actions[index]
        try enter(action)
        try run(code.entries.actions[index])
        // What an opening action leaves open is settled by its head.
        if request.existing == nil, machine.pointee.registers[target] == absentWord {
            guard action.opens.count == 1 else { throw .refused(Self.misfit(action.span)) }
            machine.pointee.registers[target] = Int64(action.opens[0])
        }
    }

    // MARK: Before the code

    func set(_ register: UInt16, _ word: Int64) { machine.pointee.registers[Int(register)] = word }

    private func encoded(_ value: Value, _ shape: Int, keepingBounds: Bool = false) -> Int64? {
        coder.word(
            value, shape, keepingBounds: keepingBounds, &machine.pointee.words, &machine.pointee.bytes)
    }

    /// The case, the actor and the time in their registers.
    private func begin() throws(Stop) {
        set(code.entries.actor, coder.party(request.actor, &machine.pointee.bytes))
        set(code.entries.organisation, coder.party(request.organisation, &machine.pointee.bytes))
        set(code.entries.now, request.now.seconds)
        let today = try? request.now.day(offset: program.timezone)
        lacksToday = today == nil
        set(code.entries.today, today.map { Int64($0.dayNumber) } ?? absentWord)
        let reference = request.existing?.reference ?? request.newReference
        set(code.entries.reference, coder.text(reference, &machine.pointee.bytes))
        set(code.entries.target, absentWord)
        set(code.entries.candidate, machine.pointee.registers[Int(code.entries.actor)])
        set(code.entries.principal, absentWord)
        given = Array(repeating: GivenField(), count: program.caseFields.count)
        guard let existing = request.existing else { return beginOpening() }
        guard existing.fields.count == program.caseFields.count, existing.checks.count == program.checks.count else {
            throw .foreign
        }
        forgetWritten()
        set(code.entries.state, program.states.indices.contains(existing.state) ? Int64(existing.state) : absentWord)
        for (index, value) in existing.fields.enumerated() {
            let shape = code.shapes[code.entries.fieldShapes[index]]
            // Such a word could not be told from the least number when the case is given back.
            if case .absent = value, !shape.isOptional, shape.canBeLeast { throw .foreign }
            try begin(field: index, value)
        }
        for (index, result) in existing.checks.enumerated() { try begin(checks: index, result) }
    }

    private func begin(field index: Int, _ value: Value) throws(Stop) {
        let register = code.entries.fields + UInt16(index)
        let word: Int64
        if case .absent = value {
            // A field that was never set stands absent, whatever its type.
            word = absentWord
        } else {
            guard let found = encoded(value, code.entries.fieldShapes[index]) else { throw .foreign }
            word = found
        }
        set(register, word)
        given[index] = GivenField(word: word, origin: .before)
    }

    private func begin(checks index: Int, _ result: CheckResult?) throws(Stop) {
        set(code.entries.verdicts + UInt16(index), result?.verdict.word ?? absentWord)
        machine.pointee.clearDenied(index)
        var last = -1
        for line in result?.deniedLines ?? [] {
            guard line > last, line < MachineState.lineLimit else { throw .foreign }
            machine.pointee.deny(index, line)
            last = line
        }
    }

    /// The arguments judged and put into their registers, and the state of the case judged.
    private func enter(_ action: ActionDeclaration) throws(Stop) {
        let count = request.arguments.count
        guard count == action.enters.count + action.parameters.count else {
            let declared = action.enters.map { program.caseFields[$0] } + action.parameters
            throw .refused(
                Refusal(
                    .argument,
                    "`\(action.name)` takes \(declared.count) arguments "
                        + "(\(declared.map(\.name).joined(separator: ", "))), not \(count)"))
        }
        let shapes = code.entries.actionShapes[request.action]
        var words: [Int64] = []
        words.reserveCapacity(count)
        for (index, argument) in request.arguments.enumerated() {
            let word = encoded(argument, shapes[index], keepingBounds: true)
            if let word, !code.isJudged[shapes[index]] {
                words.append(word)
                continue
            }
            let conformance = ValueConformance(program: program)
            let entered = action.enters.count
            let field =
                index < entered ? program.caseFields[action.enters[index]] : action.parameters[index - entered]
            if let problem = conformance.problem(argument, field.type, path: field.name) {
                throw .refused(Refusal(.argument, problem, at: field.span))
            }
            guard let word else { throw .foreign }
            words.append(word)
        }
        if action.opens.isEmpty {
            for (field, argument) in zip(action.enters, request.arguments) where argument == .absent {
                let declared = program.caseFields[field]
                throw .refused(Refusal(.argument, "`\(declared.name)` must be given", at: declared.span))
            }
        }
        try checkState(action)
        // The form of an action on a case waits in registers of its own until the head was judged.
        let entered = action.opens.isEmpty ? 0 : action.enters.count
        for (index, word) in words.enumerated() {
            if index < entered {
                set(code.entries.fields + UInt16(action.enters[index]), word)
                markWritten(action.enters[index])
                given[action.enters[index]] = GivenField(word: word, origin: .argument(index))
            } else {
                set(code.entries.parameters[request.action] + UInt16(index - entered), word)
            }
        }
    }

    private func checkState(_ action: ActionDeclaration) throws(Stop) {
        guard let existing = request.existing else {
            guard action.opens.isEmpty else { return }
            throw .refused(Refusal(.state, "`\(action.name)` is performed on a case: name the case", at: action.span))
        }
        guard program.states.indices.contains(existing.state) else { throw .refused(Self.misfit(action.span)) }
        guard !action.states.contains(existing.state) else { return }
        let name = program.states[existing.state].name
        let wanted = action.states.map { program.states[$0].name }.joined(separator: " or ")
        throw .refused(
            Refusal(
                .state,
                wanted.isEmpty
                    ? "`\(action.name)` opens a case and is not performed on one"
                    : "`\(action.name)` is performed on a case that is \(wanted), and this one is \(name)",
                at: action.span))
    }

    static func misfit(_ span: Span) -> Refusal {
        Refusal(.internalFault, "the program does not fit its types here", at: span)
    }

    // MARK: After the code

    /// The state that the case is in now.
    var state: Int {
        let word = machine.pointee.registers[Int(code.entries.state)]
        return word == absentWord ? request.existing?.state ?? -1 : Int(word)
    }

    func fieldValue(_ index: Int) -> Value {
        if isAsGiven(index) {
            // What nothing was written to is given back as it came.
            switch given[index].origin {
            case .argument(let argument): return request.arguments[argument]
            case .before: if let existing = request.existing { return existing.fields[index] }
            case .code: break
            }
        }
        let word = machine.pointee.registers[Int(code.entries.fields) + index]
        return word == absentWord && !code.shapes[code.entries.fieldShapes[index]].canBeLeast
            ? .absent : coder.value(word, code.entries.fieldShapes[index], machine)
    }

    /// Whether the word of a field is the one that it was given: a word stands for one value as long as a transition
    /// lasts.
    private func isAsGiven(_ field: Int) -> Bool {
        given.indices.contains(field) && given[field].origin != .code
            && given[field].word == machine.pointee.registers[Int(code.entries.fields) + field]
    }

    private func checkKeys() throws(Stop) -> (claimed: [Effects.UniqueKey], freed: [Effects.UniqueKey]) {
        var claimed: [Effects.UniqueKey] = []
        var freed: [Effects.UniqueKey] = []
        for (index, unique) in program.uniqueKeys.enumerated() {
            guard machine.pointee.charge(Int(Cost.lookup)) else { throw .refused(budget) }
            let before = request.existing.flatMap { existing in
                unique.except.contains(existing.state) ? nil : unique.fields.map { existing.fields[$0] }
            }
            let after = unique.except.contains(state) ? nil : unique.fields.map(fieldValue)
            if before == after { continue }
            if let before { freed.append(Effects.UniqueKey(unique: index, key: before)) }
            guard let after else { continue }
            let holder: TextValue?
            do { holder = try view.caseHolding(unique: index, key: after) } catch { throw .fault(error) }
            if let holder, holder != reference { throw .refused(try taken(index, by: holder)) }
            claimed.append(Effects.UniqueKey(unique: index, key: after))
        }
        return (claimed, freed)
    }

    private var reference: TextValue { request.existing?.reference ?? request.newReference }

    private func taken(_ index: Int, by holder: TextValue) throws(Stop) -> Refusal {
        let unique = program.uniqueKeys[index]
        guard let refusal = unique.refusal else {
            let names = unique.fields.map { program.caseFields[$0].name }.joined(separator: ", ")
            return Refusal(.unique, "\(holder) has the same \(names)", at: unique.span)
        }
        let (entry, register) = code.entries.uniqueRefusals[index]
        try run(entry)
        let text = machine.pointee.bytes.string(machine.pointee.registers[Int(register)])
        return Refusal(.unique, code: refusal.code, text, at: unique.span)
    }

    private func checkInvariants() throws(Stop) {
        for place in Rows.written(machine) {
            let number = Int(machine.pointee.words.base[place])
            let register = program.registers[number]
            let keys = register.keys.count
            for (index, invariant) in register.invariants.enumerated() {
                let (entry, base) = code.entries.rowInvariants[number][index]
                for offset in 0..<keys {
                    set(base + UInt16(offset), machine.pointee.words.base[place + RowIndex.head + offset])
                }
                let row = Int(machine.pointee.words.base[place + 1])
                for field in program.records[register.row].fields.indices {
                    set(base + UInt16(keys + field), machine.pointee.words.base[row + field])
                }
                try hold(invariant, entry) { holds in
                    record(TrailSite.Fixed.rowInvariant, Int64(number), Int64(index), holds)
                }
            }
        }
        for (index, invariant) in program.invariants.enumerated() {
            try hold(invariant, code.entries.invariants[index]) { holds in
                record(TrailSite.Fixed.invariant, Int64(index), holds)
            }
        }
    }

    private func hold(
        _ invariant: InvariantDeclaration, _ entry: Int32, _ tell: (Int64) -> Void
    ) throws(Stop) {
        try run(entry)
        let holds = machine.pointee.registers[Int(code.entries.answer)]
        tell(holds)
        guard holds == 0 else { return }
        throw .refused(Refusal(.invariant, "this would break \"\(invariant.text)\"", at: invariant.span))
    }

    // MARK: What is given back

    private var caseState: CaseState {
        let revision = (request.existing?.revision ?? 0) &+ 1
        var checks = request.existing?.checks ?? Array(repeating: nil, count: program.checks.count)
        let runs = machine.pointee.runs
        for place in stride(from: 0, to: runs.top, by: 3) {
            let group = Int(runs.base[place])
            let verdict = machine.pointee.registers[Int(code.entries.verdicts) + group]
            checks[group] = CheckResult(
                verdict: Verdict.allCases[Int(verdict)], deniedLines: machine.pointee.deniedLines(group),
                findings: findings(Int(runs.base[place + 1])..<Int(runs.base[place + 2])))
        }
        var result = CaseState(
            reference: reference, state: state, revision: revision,
            fields: program.caseFields.indices.map(fieldValue), checks: checks,
            changed: hasChanged ? revision : request.existing?.changed ?? 0,
            reserved: request.existing?.reserved ?? [], due: request.existing?.due ?? [],
            rounds: request.existing?.rounds ?? [])
        if hasClocks { working.settle(&result) }
        return result
    }

}
