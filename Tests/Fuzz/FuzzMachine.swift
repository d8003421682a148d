import RemitAnalysis
import RemitLanguage
import RemitRuntime
import RemitValues

/// Performs the actions, votes and timers of a contract with values by chance and looks for what must never happen.
enum FuzzMachine {
    static func run(_ source: SourceText) {
        guard let program = Compiler.compile(source, find: FuzzOthers.find).program else { return }
        var chance = Chance(seed: source.bytes)
        var cases: [CaseState] = []
        run(program, rounds: 8, &cases, &chance)
        FuzzMigration.run(source, program, &chance)
    }

    /// Tries every action a number of times, on cases that it opens; each round with a vote or the work of a timer.
    static func run(_ program: CheckedProgram, rounds: Int, _ cases: inout [CaseState], _ chance: inout Chance) {
        // Steps are few, so that an input is tried quickly; the budget itself is part of what is tried.
        let reference = Evaluator(program: program, stepLimit: 200_000)
        let machine = Evaluator(ExecutableProgram(program), stepLimit: 200_000)
        for round in 0..<rounds {
            for index in program.actions.indices {
                let existing = program.actions[index].opens.isEmpty ? cases.randomElement(&chance) : nil
                let request = action(index, on: existing, program, round * 100 + index + 1, &chance)
                judge(request, program, reference, machine, &cases, &chance)
                guard let vote = vote(program, cases, &chance) else { continue }
                judge(vote, program, reference, machine, &cases, &chance)
            }
        }
    }

    private static let home = Party(.organisation, "home")

    private static func person(_ chance: inout Chance) -> Party {
        Party(.person, TextValue("p\(chance.below(4))"))
    }

    private static func action(
        _ index: Int, on existing: CaseState?, _ program: CheckedProgram, _ number: Int, _ chance: inout Chance
    ) -> Request {
        let action = program.actions[index]
        let types = action.enters.map { program.caseFields[$0].type } + action.parameters.map(\.type)
        let maker = ValueMaker(program: program)
        let arguments = types.map { maker.value(of: $0, &chance, depth: 0) }
        return Request(
            action: index, actor: person(&chance), organisation: home, now: chance.instant(), arguments: arguments,
            existing: existing, newReference: TextValue("\(program.name)/\(number)"))
    }

    /// A signature, a vote against, or the work of a timer, on a case that was opened; nil where there is none of them.
    private static func vote(_ program: CheckedProgram, _ cases: [CaseState], _ chance: inout Chance) -> Request? {
        guard let existing = cases.randomElement(&chance) else { return nil }
        if let running = existing.timers(of: program).randomElement(&chance), chance.below(4) == 0 {
            return Request(timer: running.timer, of: existing, at: running.due, organisation: home)
        }
        guard !program.approvals.isEmpty else { return nil }
        let approval = chance.below(program.approvals.count)
        let isDecline = chance.below(4) == 0
        // Most votes fall into the round; an old revision and a reason too few or too many are tried as well.
        let round = existing.rounds.indices.contains(approval) ? existing.rounds[approval] : nil
        return Request(
            call: isDecline ? .decline(approval) : .approve(approval), actor: person(&chance), organisation: home,
            now: chance.below(8) == 0 ? chance.instant() : round?.opened ?? chance.instant(),
            arguments: isDecline != (chance.below(8) == 0) ? [.text("No")] : [], existing: existing,
            seen: chance.below(3) == 0 ? UInt64(chance.below(4)) : nil, newReference: existing.reference)
    }

    private static func judge(
        _ request: Request, _ program: CheckedProgram, _ reference: Evaluator, _ machine: Evaluator,
        _ cases: inout [CaseState], _ chance: inout Chance
    ) {
        let view = ChanceView(program: program, seed: chance.next(), reserved: request.existing?.reserved ?? [])
        let isTraced = chance.below(2) == 0
        guard let transition = try? reference.perform(request, view: view, tracing: isTraced) else {
            fatalError("the state was readable")
        }
        switch transition.outcome {
        case .refused(let refusal):
            // What passes the checker meets no type fault.
            precondition(refusal.reason != .internalFault, "internal fault: \(refusal.text)")
        case .done(let effects):
            let conformance = ValueConformance(program: program)
            for (field, value) in zip(program.caseFields, effects.caseState.fields) {
                if case .absent = value { continue }
                if let problem = conformance.problem(value, field.type, path: field.name) {
                    fatalError("a field does not conform: \(problem)")
                }
            }
            cases.removeAll { $0.reference == effects.caseState.reference }
            cases.append(effects.caseState)
        }
        // The register machine gives the same account, told and untold.
        for tracing in isTraced ? [false, true] : [false] {
            guard let again = try? machine.perform(request, view: view, tracing: tracing) else {
                fatalError("the state was readable")
            }
            compare(again, transition)
            if tracing { compare(again.trace, transition.trace) }
        }
    }

    private static func compare(_ again: Transition, _ transition: Transition) {
        precondition(again.cost == transition.cost, "the cost differs: \(again.cost), \(transition.cost)")
        precondition(again.findings == transition.findings, "the findings differ")
        switch (again.outcome, transition.outcome) {
        case (.refused(let one), .refused(let other)):
            precondition(one.reason == other.reason && one.text == other.text, "the refusals differ")
        case (.done(let one), .done(let other)):
            precondition(one.caseState == other.caseState && one.rows == other.rows, "the effects differ")
            precondition(one.claimed == other.claimed && one.freed == other.freed, "the keys differ")
            precondition(one.notices == other.notices && one.unfillable == other.unfillable, "the notices differ")
            precondition(one.funds == other.funds && one.postings == other.postings, "the money differs")
        default: preconditionFailure("the outcomes differ")
        }
    }

    private static func compare(_ again: Trace?, _ trace: Trace?) {
        guard let again, let trace else { preconditionFailure("a trace was asked for") }
        precondition(again.entries.count == trace.entries.count && again.omitted == trace.omitted, "the traces differ")
        for (one, other) in zip(again.entries, trace.entries) {
            precondition(words(one) == words(other), "the traces differ: \(words(one)), \(words(other))")
        }
    }

    /// An item with everything in it; of a check its place stands for what it is.
    private static func words(_ entry: Trace.Entry) -> String {
        let place = "\(entry.span.start)-\(entry.span.end)"
        if case .check(let clause, let group, let item, let line, let holds, let reads) = entry.event {
            return "\(place) check \(clause) \(group) \(item.check.span) \(line ?? 0) \(holds) \(reads)"
        }
        return "\(place) \(entry.event)"
    }
}

/// A state in which every look-up answers by chance, but always the same.
struct ChanceView: StateView {
    let program: CheckedProgram
    let seed: UInt64
    /// What the case that is acted on has reserved.
    let reserved: [Int64]

    var home: Party { Party(.organisation, "home") }

    func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]? {
        var chance = Chance(seed: Array("\(seed) \(register) \(keys)".utf8))
        if chance.below(4) == 0 { return nil }
        let maker = ValueMaker(program: program)
        return program.records[program.registers[register].row].fields.map {
            maker.value(of: $0.type, &chance, depth: 0)
        }
    }

    func caseHolding(unique: Int, key: [Value]) throws(StateFault) -> TextValue? {
        var chance = Chance(seed: Array("\(seed) \(unique) \(key)".utf8))
        return chance.below(8) == 0 ? "Other/1" : nil
    }

    func holds(role: Int, person: Party, organisation: Party) throws(StateFault) -> Bool {
        var chance = Chance(seed: Array("\(seed) \(role) \(person) \(organisation)".utf8))
        return chance.below(8) != 0
    }

    func isMember(_ person: Party, of organisation: Party) throws(StateFault) -> Bool {
        var chance = Chance(seed: Array("\(seed) \(person) \(organisation)".utf8))
        return chance.below(8) != 0
    }

    func holders(role: Int, organisation: Party) throws(StateFault) -> [Party] {
        var found: [Party] = []
        for number in 0..<4 {
            let person = Party(.person, TextValue("p\(number)"))
            if try holds(role: role, person: person, organisation: organisation) { found.append(person) }
        }
        return found
    }

    func isMachine(_ person: Party) throws(StateFault) -> Bool { person.identifier == "p3" && seed % 8 == 0 }

    func delegators(of person: Party, organisation: Party, on day: CalendarDate) throws(StateFault) -> [Party] {
        person.identifier == "p1" && seed % 4 == 0 ? [Party(.person, "p0"), Party(.person, "p2")] : []
    }

    func delegators(of person: Party, on day: CalendarDate) throws(StateFault) -> [Party] {
        try delegators(of: person, organisation: Party(.organisation, "home"), on: day)
    }

    func fund(_ fund: Int) throws(StateFault) -> FundState {
        // What the case has reserved is a part of what the fund holds.
        let held = reserved.indices.contains(fund) ? reserved[fund] : 0
        let free: Int64 = seed % 3 == 0 ? 0 : seed % 3 == 1 ? .max - 3 - held : 100_000
        return FundState(balance: held + min(free, .max - held), reserved: held)
    }
}

extension Array {
    fileprivate func randomElement(_ chance: inout Chance) -> Element? {
        isEmpty ? nil : self[chance.below(count)]
    }
}
