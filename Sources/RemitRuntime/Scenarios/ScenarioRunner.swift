public import RemitLanguage
import RemitValues

/// Runs the scenarios of a contract, each in a world of its own.
public struct ScenarioRunner: Sendable {
    private let program: CheckedProgram

    /// A runner of a program's scenarios.
    public init(program: CheckedProgram) { self.program = program }

    /// Runs every scenario; also says what they reached together.
    public func run() -> (results: [ScenarioResult], coverage: Coverage) { run(witness: nil) }

    /// Runs every scenario before a witness of each transition.
    func run(witness: ScenarioRun.Witness?) -> (results: [ScenarioResult], coverage: Coverage) {
        var reached = ReachedPlaces()
        var results: [ScenarioResult] = []
        let evaluator = Evaluator(ExecutableProgram(program))
        for scenario in program.scenarios {
            var run = ScenarioRun(program: program, evaluator: evaluator, witness: witness)
            for step in scenario.steps { run.perform(step) }
            reached.merge(run.reached)
            results.append(ScenarioResult(title: scenario.title, span: scenario.span, failures: run.failures))
        }
        return (results, reached.coverage(of: program))
    }

    /// The first scenario that does not come out as it says, left at its first failure; nil where all do.
    public func firstFailure() -> ScenarioResult? {
        let evaluator = Evaluator(ExecutableProgram(program))
        for scenario in program.scenarios {
            var run = ScenarioRun(program: program, evaluator: evaluator)
            for step in scenario.steps {
                run.perform(step)
                guard !run.failures.isEmpty else { continue }
                return ScenarioResult(title: scenario.title, span: scenario.span, failures: run.failures)
            }
        }
        return nil
    }
}

/// One scenario under way.
struct ScenarioRun {
    /// Told of each transition: what was asked for, of which state, and what came of it.
    typealias Witness = (Request, ScenarioWorld, Transition) -> Void

    let program: CheckedProgram
    /// Kept from one scenario to the next.
    let evaluator: Evaluator
    let witness: Witness?
    var world: ScenarioWorld
    var now = ScenarioRun.start
    /// The reference of each labelled case.
    var labels: [Int: TextValue] = [:]
    /// The last transition of each case, and of all.
    var transitions: [TextValue: Transition] = [:]
    var last: Transition? { history.last }
    /// Every transition in order, deadlines among them.
    private(set) var history: [Transition] = []
    var failures: [ScenarioFailure] = []
    var reached = ReachedPlaces()
    /// Whether it goes no further, since what came before could not be carried out.
    var hasEnded = false

    /// A run with an evaluator that is kept from one scenario to the next, or one of its own.
    init(program: CheckedProgram, evaluator: Evaluator? = nil, witness: Witness? = nil) {
        self.program = program
        self.evaluator = evaluator ?? Evaluator(ExecutableProgram(program))
        self.witness = witness
        world = ScenarioWorld(program)
    }

    /// When scenarios begin that name no time.
    private static let start: Instant = {
        guard let start = Instant(seconds: 1_767_225_600) else { preconditionFailure("2026-01-01 is an instant") }
        return start
    }()

    mutating func perform(_ step: CheckedStep) {
        if hasEnded { return }
        switch step.kind {
        case .organisation: break
        case .person(let person, let role, let organisation):
            world.grant(role: role, to: person, in: organisation ?? world.home)
        case .row(let register, let keys, let row): give(row, of: register, keys, step.span)
        case .fund(.own(let fund), let money): world.funds[fund] = FundState(balance: money.minorUnits, reserved: 0)
        case .fund(.other(let contract, let fund), let money):
            let other = program.others[contract]
            world.otherFunds[TextValue("\(other.name).\(other.funds[fund].name)")] = (
                money.currency, FundState(balance: money.minorUnits, reserved: 0)
            )
        case .otherCase(let contract, let reference, let state, let values):
            world.give(reference, of: program.others[contract], state: state, values)
        case .delegation(let delegate, let principal, let until):
            world.delegations.append(
                ScenarioWorld.Delegation(delegate: delegate, principal: principal, until: until))
        case .at(let instant):
            if instant < now, last != nil {
                fail(step.span, "time cannot go back to \(instant.text(offset: program.timezone))")
            }
            travel(to: instant, step.span)
        case .after(let term):
            do {
                let later = try term.due(from: now, offset: program.timezone, calendar: program.calendar)
                travel(to: later, step.span)
            } catch {
                fail(step.span, "time cannot go on by \(term)")
            }
        case .perform(let perform): self.perform(perform, step.span)
        case .renunciation(let delegate, let principal):
            let today = now.date(offset: program.timezone)
            if !world.endDelegation(of: delegate, for: principal, on: today) {
                fail(step.span, "\(delegate) does not act for \(principal)")
            }
        case .expect(let expectation): expect(expectation, step.span)
        case .expectFinding(let label, let code, let line, let isNot):
            expectFinding(label, code, line, isNot, step.span)
        case .expectPosting(let fund, let posting): expectPosting(fund, posting, step.span)
        }
    }

    /// Gives a row, which is held to the invariants of its register as one that is loaded into a chain.
    private mutating func give(_ row: [Value], of register: Int, _ keys: [Value], _ span: Span) {
        do {
            let held = try evaluator.hold(keys + row, to: register, at: now, view: world, tracing: true)
            if let refusal = held.objection { return fail(span, "the row cannot be given: \(refusal.text)") }
            reached.add(itself: held.trace)
        } catch {
            return fail(span, error.message)
        }
        world.rows[ScenarioWorld.RowKey(register: register, keys: keys)] = row
    }

    mutating func fail(
        _ span: Span, _ message: String, part: Span? = nil, expected: String? = nil, actual: String? = nil,
        transition: Transition? = nil
    ) {
        failures.append(
            ScenarioFailure(
                span: span, message: message, part: part, expected: expected, actual: actual,
                transition: transition ?? last))
    }

    private mutating func perform(_ perform: CheckedPerform, _ span: Span) {
        var existing: CaseState?
        if let label = perform.on {
            guard let reference = labels[label], let found = world.cases[reference] else {
                fail(span, "the case acted on was never opened")
                return
            }
            existing = found
        }
        let reference = TextValue("\(program.name)/\(world.caseCount + 1)")
        let organisation = perform.organisation ?? world.memberships[perform.actor]?.first ?? world.home
        let request = Request(
            call: call(perform.call), actor: perform.actor, organisation: organisation, now: now,
            arguments: perform.arguments, existing: existing, newReference: reference)
        let transition: Transition
        do {
            transition = try evaluator.perform(request, view: world, tracing: true)
        } catch {
            fail(span, error.message)
            return
        }
        witness?(request, world, transition)
        keep(transition)
        switch transition.outcome {
        case .done(let effects):
            if case .action(let action) = perform.call { reached.add(action: action) }
            world.apply(effects, of: program)
            if existing == nil { world.caseCount += 1 }
            transitions[effects.caseState.reference] = transition
            if let label = perform.label { labels[label] = effects.caseState.reference }
            if let refusal = perform.refusal {
                fail(span, "it was done", expected: "refused \(Self.text(refusal))", actual: "done")
            }
        case .refused(let refusal):
            if let existing { transitions[existing.reference] = transition }
            guard let expected = perform.refusal else {
                fail(span, "it was refused", expected: "done", actual: Self.text(refusal))
                return
            }
            if !fits(expected, refusal) {
                fail(
                    span, "it was refused for another reason", expected: "refused \(Self.text(expected))",
                    actual: Self.text(refusal))
            }
        }
    }

    mutating func keep(_ transition: Transition) {
        history.append(transition)
        reached.add(transition)
    }

    private func call(_ call: CheckedCall) -> Call {
        switch call {
        case .action(let index): .action(index)
        case .approve(let round): .approve(round)
        case .decline(let round): .decline(round)
        }
    }

    private func fits(_ expected: ExpectedRefusal, _ refusal: Refusal) -> Bool {
        switch expected {
        case .word(let word): word == refusal.reason.word
        case .text(let text):
            [refusal.code, refusal.text, brokenInvariant(refusal)].contains {
                $0.map { TextValue($0) } == TextValue(text)
            }
        case .codeAndText(let code, let text):
            TextValue(code) == TextValue(refusal.code ?? "") && TextValue(text) == TextValue(refusal.text)
        }
    }

    /// The name of the invariant that a transition would have broken; nil where it was refused for another reason.
    private func brokenInvariant(_ refusal: Refusal) -> String? {
        guard refusal.reason == .invariant, let place = refusal.span else { return nil }
        let all = program.invariants + program.registers.flatMap(\.invariants)
        return all.first { $0.span == place }?.text
    }

    private static func text(_ expected: ExpectedRefusal) -> String {
        switch expected {
        case .word(let word): word
        case .text(let text): "\"\(text)\""
        case .codeAndText(let code, let text): "\"\(code)\" \"\(text)\""
        }
    }

    private static func text(_ refusal: Refusal) -> String {
        let code = refusal.code.map { "\"\($0)\" " } ?? ""
        return "refused \(refusal.reason.word): \(code)\"\(refusal.text)\""
    }
}
