import RemitLanguage
import RemitRuntime
import RemitValues

/// One version of a policy with the means to decide cases by it.
struct CaseTrial {
    let program: CheckedProgram
    private let evaluator: Evaluator
    /// Settles the checks of a case that is there, and holds it to the invariants.
    private let probes: [Evaluator]
    private static let reference: TextValue = "Case/1"

    init(_ program: CheckedProgram) {
        self.program = program
        evaluator = Evaluator(program: program)
        let groups = program.checks.indices.filter { program.checks[$0].parameters.isEmpty }
        probes = [groups, []].map { Evaluator(program: Self.probe(program, running: $0)) }
    }

    /// A program whose last action runs some checks and changes nothing.
    private static func probe(_ program: CheckedProgram, running groups: [Int]) -> CheckedProgram {
        var probe = program
        let nowhere = Span(0, 0)
        let statements = groups.map { CheckedStatement(.run(checks: $0, []), nowhere) }
        probe.actions.append(
            ActionDeclaration(
                name: "", states: Array(program.states.indices), opens: [],
                authorities: [CheckedAuthority(who: .role(0, .any), span: nowhere)], except: [], enters: [],
                parameters: [], source: nil, body: CheckedBlock(statements: statements), localCount: 0, headCost: 0,
                span: nowhere))
        return probe
    }

    /// An action with what it is asked, and of whom.
    struct Prepared {
        let action: ActionDeclaration
        let request: Request
        let world: CaseWorld
    }

    /// What an action comes to on a case that is wished for; nil where there is no such case.
    func transition(_ name: String, _ pool: ValuePool, _ wish: CaseWish) -> Transition? {
        guard let prepared = prepared(name, pool, wish),
            let transition = try? evaluator.perform(prepared.request, view: prepared.world, tracing: true),
            prepared.world.isSound(evaluator, prepared.request.now)
        else { return nil }
        return transition
    }

    /// What an action is asked on a case that is wished for; nil where there is no such case.
    func prepared(_ name: String, _ pool: ValuePool, _ wish: CaseWish) -> Prepared? {
        guard let index = program.actions.firstIndex(where: { TextValue($0.name) == TextValue(name) }) else {
            return nil
        }
        let action = program.actions[index]
        let maker = CaseMaker(program: program, pool: pool, wish: wish)
        let world = CaseWorld(maker: maker)
        guard let arguments = arguments(of: action, maker)?.map(\.value), let now = now(maker) else { return nil }
        var existing: CaseState?
        let opens = !action.opens.isEmpty && (action.states.isEmpty || wish.choice(["opens"], below: 2) == 0)
        if !opens {
            guard let found = present(action, maker, world, now) else { return nil }
            existing = found
        }
        let request = Request(
            action: index, actor: CaseMaker.anna, organisation: CaseMaker.home, now: now, arguments: arguments,
            existing: existing, newReference: Self.reference)
        return Prepared(action: action, request: request, world: world)
    }

    /// What an action is given, by name.
    func arguments(_ name: String, _ pool: ValuePool, _ wish: CaseWish) -> [(name: String, value: Value)] {
        guard let action = program.actions.first(where: { TextValue($0.name) == TextValue(name) }) else { return [] }
        return arguments(of: action, CaseMaker(program: program, pool: pool, wish: wish)) ?? []
    }

    private func arguments(of action: ActionDeclaration, _ maker: CaseMaker) -> [(name: String, value: Value)]? {
        var arguments: [(name: String, value: Value)] = []
        let entered = action.enters.map { program.caseFields[$0] }
        for (field, root) in entered.map({ ($0, "case") }) + action.parameters.map({ ($0, "given") }) {
            guard let value = maker.value(field.type, [TextValue(root), TextValue(field.name)]) else { return nil }
            arguments.append((field.name, value))
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

    /// A case on which an action may be performed, with its checks, that breaks no invariant.
    private func present(
        _ action: ActionDeclaration, _ maker: CaseMaker, _ world: CaseWorld, _ now: Instant
    ) -> CaseState? {
        guard !action.states.isEmpty else { return nil }
        var state = action.states[maker.wish.choice(["state"], below: action.states.count)]
        if case .enumeration(let name)? = maker.wish.values[["state"]],
            let wished = program.states.firstIndex(where: { TextValue($0.name) == name })
        {
            state = wished
        }
        let constants = WrittenPlaces.constants(of: program)
        var fields: [Value] = []
        for (index, field) in program.caseFields.enumerated() {
            let made = constants[index] ?? maker.value(field.type, ["case", TextValue(field.name)])
            guard let made else { return nil }
            fields.append(made)
        }
        let bare = CaseState(
            reference: Self.reference, state: state, revision: 1, fields: fields,
            checks: Array(repeating: nil, count: program.checks.count))
        guard !program.roles.isEmpty else { return bare }
        for probe in probes {
            let request = Request(
                action: program.actions.count, actor: CaseMaker.anna, organisation: CaseMaker.home, now: now,
                arguments: [], existing: bare, newReference: Self.reference)
            guard let transition = try? probe.perform(request, view: world) else { return nil }
            switch transition.outcome {
            case .done(let effects):
                var found = bare
                found.checks = effects.caseState.checks
                return found
            case .refused(let refusal): if refusal.reason == .invariant { return nil }
            }
        }
        return nil
    }
}

/// A state of the chain in which everybody may act and every fund is filled; rows are as they are wished for.
final class CaseWorld: StateView {
    let maker: CaseMaker
    /// The rows that were read.
    private var rows: [Int: [(keys: [Value], row: [Value])]] = [:]

    init(maker: CaseMaker) { self.maker = maker }

    var home: Party { CaseMaker.home }

    func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]? {
        let program = maker.program
        guard program.registers.indices.contains(register) else { return nil }
        let declared = program.registers[register]
        guard case .record(let row)? = maker.value(.record(declared.row), ["register", TextValue(declared.name)])
        else { return nil }
        rows[register, default: []].append((keys, row))
        return row
    }

    /// Whether the rows that were read break no invariant of their registers.
    func isSound(_ evaluator: Evaluator, _ now: Instant) -> Bool {
        for register in rows.keys.sorted() {
            for (keys, row) in rows[register] ?? [] {
                do {
                    if try evaluator.objection(to: keys + row, of: register, at: now, view: self) != nil {
                        return false
                    }
                } catch {
                    return false
                }
            }
        }
        return true
    }

    func caseHolding(unique: Int, key: [Value]) throws(StateFault) -> TextValue? { nil }

    func holds(role: Int, person: Party, organisation: Party) throws(StateFault) -> Bool { true }

    func isMember(_ person: Party, of organisation: Party) throws(StateFault) -> Bool { true }

    func holders(role: Int, organisation: Party) throws(StateFault) -> [Party] {
        [CaseMaker.anna, Party(.person, "ben"), Party(.person, "carl"), Party(.person, "dora")]
    }

    func fund(_ fund: Int) throws(StateFault) -> FundState { FundState(balance: 1_000_000_000_000, reserved: 0) }

    func fund(
        _ fund: TextValue, of contract: TextValue
    ) throws(StateFault) -> (currency: Currency, state: FundState)? {
        let other = maker.program.others.first { TextValue($0.name) == contract }
        guard let declared = other?.funds.first(where: { TextValue($0.name) == fund }) else { return nil }
        return (declared.currency, .empty)
    }

    func otherCase(_ reference: TextValue, contract: Int) throws(StateFault) -> OtherCase? {
        guard maker.program.others.indices.contains(contract) else { return nil }
        let other = maker.program.others[contract]
        let path: ConditionInputs.Path = ["other", TextValue(other.name)]
        let fields = other.fields.map { field in
            field.access == .open ? maker.value(field.type, path + [TextValue(field.name)]) : nil
        }
        guard !other.states.isEmpty else { return nil }
        let state = other.states[maker.wish.choice(path, below: other.states.count)]
        return OtherCase(version: other.version, state: TextValue(state), fields: fields)
    }
}

/// What a transition comes to for those whom it concerns, in the same words for both versions.
struct Decision: Equatable {
    let lines: [String]

    /// Only of fields that both versions have.
    init(_ transition: Transition, _ program: CheckedProgram, other: CheckedProgram) {
        var lines = transition.findings.map { finding in
            "\(finding.severity.rawValue) \(finding.code) \(finding.line.map(String.init) ?? "") \(finding.text)"
        }
        switch transition.outcome {
        case .refused(let refusal):
            lines.append("refused \(refusal.reason.word) \(refusal.code ?? "") \(refusal.text)")
        case .done(let effects):
            lines.append("state \(program.states[effects.caseState.state].name)")
            // In the order of names: versions may declare their fields in another one.
            lines += zip(program.caseFields, effects.caseState.fields).filter { field, _ in
                other.caseFields.contains { TextValue($0.name) == TextValue(field.name) }
            }.map { "field \($0.name) \($1)" }.sorted()
            lines += effects.rows.map { write in
                "row \(program.registers[write.register].name) \(write.keys) \(write.row)"
            }.sorted()
            lines += effects.notices.map { "notice \($0.recipient) \($0.text)" }
            lines += effects.postings.map { "\($0.fund) \($0.amount) from \($0.from.name) to \($0.to.name)" }
        }
        self.lines = lines
    }
}
