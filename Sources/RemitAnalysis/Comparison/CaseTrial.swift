import RemitLanguage
import RemitRuntime
import RemitValues

/// What is asked of two versions: an action, or that a case enters a state, with what happens to it there.
enum Play: Hashable {
    case action(String)
    case entry(String, Sequel)

    /// What follows the entry into a state.
    enum Sequel: Hashable {
        case nothing
        /// So many people sign, or vote against, in the round of an approval, one after the other.
        case signed(String, by: Int)
        case declined(String, by: Int)
        /// The time of an approval's round runs out.
        case overdue(String)
        /// A deadline of the state falls due: its number among them, in order of writing.
        case deadline(Int)
    }

    /// The name of the action, where it is one.
    var action: String? { if case .action(let name) = self { name } else { nil } }
}

/// What came of a play: one transition, or, where something follows an entry, several.
struct Played {
    let transitions: [Transition]
    /// What happened, in order.
    let entries: [Trace.Entry]
    /// The rows that were looked up, as they were before; nil where there is none.
    let rows: [(register: Int, keys: [Value], row: [Value]?)]
    /// What was worked out to make the case, which is no part of what is decided: its checks.
    let prior: [Trace.Entry]
    /// What the case was beside what was made for it, so that another version can be given the same.
    let fixed: [ConditionInputs.Path: Value]

    init(
        _ transitions: [Transition], rows: [(register: Int, keys: [Value], row: [Value]?)], prior: [Trace.Entry],
        fixed: [ConditionInputs.Path: Value]
    ) {
        self.transitions = transitions
        entries =
            transitions.count == 1
            ? transitions[0].trace?.entries ?? [] : transitions.flatMap { $0.trace?.entries ?? [] }
        self.rows = rows
        self.prior = prior
        self.fixed = fixed
    }

    /// What happened, and before that what was worked out to make the case.
    var everything: [Trace.Entry] { prior.isEmpty ? entries : prior + entries }

    var cost: UInt64 { transitions.reduce(0) { $0 &+ $1.cost } }
    /// What the last transition was refused for.
    var refusal: Refusal? {
        if case .refused(let refusal)? = transitions.last?.outcome { refusal } else { nil }
    }
}

/// One version of a policy with the means to decide cases by it.
final class CaseTrial {
    let program: CheckedProgram
    let gauges: Gauges
    private let evaluator: Evaluator
    /// Decides by the program as it is, without gauges.
    private let plain: Evaluator
    /// The fields that are never written, with what they begin with.
    private let constants: [Int: Value]
    private static let reference: TextValue = "Case/1"

    init(_ program: CheckedProgram) {
        self.program = program
        constants = WrittenPlaces.constants(of: program)
        let extended = Self.extended(program)
        gauges = Gauges(extended)
        plain = Evaluator(program: extended)
        evaluator = Evaluator(program: gauges.program)
    }

    /// A program with actions of the search behind its own: two that settle the checks of a case, or hold it to the
    /// invariants, and change nothing; then one that enters each state.
    private static func extended(_ program: CheckedProgram) -> CheckedProgram {
        var extended = program
        let nowhere = Span(0, 0)
        func add(_ statements: [CheckedStatement.Kind]) {
            extended.actions.append(
                ActionDeclaration(
                    name: "", states: Array(program.states.indices), opens: [],
                    authorities: [CheckedAuthority(who: .role(0, .any), span: nowhere)], except: [], enters: [],
                    parameters: [], source: nil,
                    body: CheckedBlock(statements: statements.map { CheckedStatement($0, nowhere) }), localCount: 0,
                    headCost: 0, span: nowhere))
        }
        let groups = program.checks.indices.filter { program.checks[$0].parameters.isEmpty }
        add(groups.map { .run(checks: $0, []) })
        add([])
        for state in program.states.indices { add([.become(state)]) }
        return extended
    }

    /// A play with what is asked first, and of whom.
    struct Prepared {
        let action: ActionDeclaration
        let request: Request
        let world: CaseWorld
        var prior: [Trace.Entry] = []
        let fixed: [ConditionInputs.Path: Value]
    }

    /// What a play comes to on a case that is wished for; nil where there is no such case.
    func played(
        _ play: Play, _ pool: ValuePool, _ wish: CaseWish, made: MadeValues? = nil, isGauged: Bool = true
    ) -> Played? {
        let evaluator = isGauged ? evaluator : plain
        guard let prepared = prepared(play, pool, wish, made: made) else { return nil }
        let world = prepared.world
        guard let first = try? evaluator.perform(prepared.request, view: world, tracing: true) else { return nil }
        var transitions = [first]
        if case .entry(let state, let sequel) = play, case .done(let effects) = first.outcome {
            guard
                let further = follow(
                    sequel, state, effects, world, prepared.request.now, evaluator)
            else { return nil }
            transitions += further
        }
        let rows = world.read
        guard world.isSound(evaluator, prepared.request.now) else { return nil }
        return Played(transitions, rows: rows, prior: prepared.prior, fixed: prepared.fixed)
    }

    /// What happens after an entry; nil where it cannot.
    private func follow(
        _ sequel: Play.Sequel, _ state: String, _ effects: Effects, _ world: CaseWorld, _ now: Instant,
        _ evaluator: Evaluator
    ) -> [Transition]? {
        world.letsEverybody = true
        world.apply(effects)
        var found = effects.caseState
        switch sequel {
        case .nothing: return []
        case .signed(let name, let count), .declined(let name, let count):
            guard let round = approval(name) else { return nil }
            var isDecline = false
            if case .declined = sequel { isDecline = true }
            var transitions: [Transition] = []
            for signer in CaseMaker.signers.prefix(count) {
                let request = Request(
                    call: isDecline ? .decline(round) : .approve(round), actor: signer, organisation: world.home,
                    now: now, arguments: isDecline ? [.text("no")] : [], existing: found,
                    newReference: Self.reference)
                guard let transition = try? evaluator.perform(request, view: world, tracing: true) else { return nil }
                transitions.append(transition)
                guard case .done(let effects) = transition.outcome else { break }
                world.apply(effects)
                found = effects.caseState
            }
            return transitions
        case .overdue(let name):
            return approval(name).flatMap { fire(.overdue($0), found, world, evaluator) }
        case .deadline(let number):
            let own = deadlines(in: state)
            return own.indices.contains(number) ? fire(.deadline(own[number]), found, world, evaluator) : nil
        }
    }

    private func fire(
        _ timer: TimerDeclaration, _ state: CaseState, _ world: CaseWorld, _ evaluator: Evaluator
    ) -> [Transition]? {
        guard let index = program.timers.firstIndex(of: timer),
            let due = state.timers(of: program).first(where: { $0.timer == index })?.due,
            let transition = try? evaluator.perform(
                Request(timer: index, of: state, at: due, organisation: world.home), view: world, tracing: true)
        else { return nil }
        return [transition]
    }

    private func approval(_ name: String) -> Int? {
        program.approvals.firstIndex { TextValue($0.name) == TextValue(name) }
    }

    /// The deadlines of a state, in order of writing.
    func deadlines(in state: String) -> [Int] {
        program.deadlines.indices.filter { index in
            program.deadlines[index].states.contains { TextValue(program.states[$0].name) == TextValue(state) }
        }
    }

    // MARK: Cases

    /// What a play asks first on a case that is wished for; nil where there is no such case.
    func prepared(_ play: Play, _ pool: ValuePool, _ wish: CaseWish, made: MadeValues? = nil) -> Prepared? {
        let maker = CaseMaker(program: program, pool: pool, wish: wish, made: made)
        let world = CaseWorld(maker: maker)
        guard let index = index(of: play), let now = now(maker),
            case .party(let actor)? = maker.value(.person, ["actor"]),
            case .party(let organisation)? = maker.value(.organisation, ["actor", "organisation"])
        else { return nil }
        let action = gauges.program.actions[index]
        var existing: CaseState?
        var prior: [Trace.Entry] = []
        var arguments: [Value] = []
        switch play {
        case .action:
            guard let given = self.arguments(of: action, maker)?.map(\.value),
                let opens = opens(action, maker)
            else { return nil }
            arguments = given
            if !opens {
                guard let found = present(action.states, isOpen: true, maker, world, now) else { return nil }
                (existing, prior) = found
            }
        case .entry:
            let state = index - program.actions.count - 2
            guard let found = present([state], isOpen: false, maker, world, now) else { return nil }
            (existing, prior) = found
        }
        world.letsEverybody = play.action == nil
        world.actor = actor
        let request = Request(
            action: index, actor: actor, organisation: organisation, now: now, arguments: arguments,
            existing: existing, newReference: Self.reference)
        return Prepared(
            action: action, request: request, world: world, prior: prior, fixed: fixed(existing, world))
    }

    /// What a case is by the rules of this version: its state, fields that are never written, another case.
    private func fixed(_ existing: CaseState?, _ world: CaseWorld) -> [ConditionInputs.Path: Value] {
        var fixed: [ConditionInputs.Path: Value] = [["opens"]: .boolean(existing == nil)]
        if let existing {
            fixed[["state"]] = .enumeration(TextValue(program.states[existing.state].name))
            for index in constants.keys {
                fixed[["case", TextValue(program.caseFields[index].name)]] = existing.fields[index]
            }
        }
        if let state = world.otherState { fixed[CaseWorld.otherPlace] = .enumeration(TextValue(state)) }
        return fixed
    }

    /// Whether an action is asked to open a case; nil where it cannot be asked as it is wished for.
    private func opens(_ action: ActionDeclaration, _ maker: CaseMaker) -> Bool? {
        guard maker.wish.isExact, case .boolean(let opens)? = maker.wish.values[["opens"]] else {
            return !action.opens.isEmpty && (action.states.isEmpty || maker.choice(["opens"], below: 2, of: 2) == 0)
        }
        return (opens ? action.opens : action.states).isEmpty ? nil : opens
    }

    private func index(of play: Play) -> Int? {
        switch play {
        case .action(let name): return program.actions.firstIndex { TextValue($0.name) == TextValue(name) }
        case .entry(let name, _):
            guard !program.roles.isEmpty else { return nil }
            return program.states.firstIndex { TextValue($0.name) == TextValue(name) }
                .map { program.actions.count + 2 + $0 }
        }
    }

    /// Whether an action opens a case that is like one that is there, and writes nothing beside it.
    func opens(_ play: Play, _ pool: ValuePool, _ wish: CaseWish, like existing: CaseState) -> Bool {
        guard let played = played(play, pool, wish, isGauged: false), played.transitions.count == 1,
            case .done(let effects) = played.transitions[0].outcome
        else { return false }
        let opened = effects.caseState
        return opened.state == existing.state && opened.fields == existing.fields
            && opened.reserved == existing.reserved && effects.rows.isEmpty && effects.postings.isEmpty
    }

    /// What an action is given, by name.
    func arguments(_ play: Play, _ pool: ValuePool, _ wish: CaseWish) -> [(field: FieldDeclaration, value: Value)] {
        guard let name = play.action,
            let action = program.actions.first(where: { TextValue($0.name) == TextValue(name) })
        else { return [] }
        return arguments(of: action, CaseMaker(program: program, pool: pool, wish: wish)) ?? []
    }

    private func arguments(
        of action: ActionDeclaration, _ maker: CaseMaker
    ) -> [(field: FieldDeclaration, value: Value)]? {
        var arguments: [(field: FieldDeclaration, value: Value)] = []
        let entered = action.enters.map { program.caseFields[$0] }
        for (field, root) in entered.map({ ($0, "case") }) + action.parameters.map({ ($0, "given") }) {
            guard let value = maker.value(field.type, [TextValue(root), TextValue(field.name)]) else { return nil }
            arguments.append((field, value))
        }
        return arguments
    }

    private func now(_ maker: CaseMaker) -> Instant? {
        switch maker.value(.dateTime, ["now"]) {
        case .instant(let instant)?: instant
        case .date(let day)?: Instant(date: day, hour: 9, minute: 0, offset: program.timezone)
        default: nil
        }
    }

    /// A case in one of some states, or where that is open in another one that is wished for, with its checks, that
    /// breaks no invariant.
    private func present(
        _ states: [Int], isOpen: Bool, _ maker: CaseMaker, _ world: CaseWorld, _ now: Instant
    ) -> (state: CaseState, prior: [Trace.Entry])? {
        guard !states.isEmpty else { return nil }
        var state = states[maker.choice(["state"], below: states.count, of: states.count)]
        let isExact = maker.wish.isExact
        if case .enumeration(let name)? = maker.wish.values[["state"]] {
            let known = isExact || isOpen ? Array(program.states.indices) : states
            let wished = known.first { TextValue(program.states[$0].name) == name }
            if isExact, wished == nil { return nil }
            state = wished ?? state
        }
        var fields: [Value] = []
        for (index, field) in program.caseFields.enumerated() {
            let path: ConditionInputs.Path = ["case", TextValue(field.name)]
            let isGiven = isExact && maker.wish.values[path] != nil
            let made = (isGiven ? nil : constants[index]) ?? maker.value(field.type, path)
            guard let made else { return nil }
            fields.append(made)
        }
        // What checks found that ask for more than the case is not known here: nothing.
        let checks = program.checks.map { group in
            group.parameters.isEmpty ? nil : CheckResult(verdict: .clear, deniedLines: [], findings: [])
        }
        let bare = CaseState(
            reference: Self.reference, state: state, revision: 1, fields: fields, checks: checks,
            reserved: world.reservations, rounds: world.rounds(now))
        guard !program.roles.isEmpty else { return (bare, []) }
        let hasChecks = checks.contains { $0 == nil }
        for probe in 0..<2 where probe > 0 || hasChecks {
            let request = Request(
                action: program.actions.count + probe, actor: CaseMaker.anna, organisation: CaseMaker.home, now: now,
                arguments: [], existing: bare, newReference: Self.reference)
            guard let transition = try? evaluator.perform(request, view: world, tracing: hasChecks && probe == 0)
            else { return nil }
            switch transition.outcome {
            case .done(let effects):
                var found = bare
                found.checks = effects.caseState.checks
                return (found, transition.trace?.entries ?? [])
            case .refused(let refusal): if refusal.reason == .invariant { return nil }
            }
        }
        return nil
    }
}
