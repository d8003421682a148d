import RemitAnalysis
import RemitLanguage
import RemitRuntime
import RemitValues

/// Performs the actions of a contract with values by chance and looks for what must never happen.
enum FuzzMachine {
    static func run(_ source: SourceText) {
        guard let program = Compiler.compile(source).program else { return }
        var chance = Chance(seed: source.bytes)
        // Steps are few, so that an input is tried quickly; the budget itself is part of what is tried.
        let evaluator = Evaluator(program: program, stepLimit: 200_000)
        let machine = Evaluator(ExecutableProgram(program), stepLimit: 200_000)
        var cases: [CaseState] = []
        for round in 0..<8 {
            for index in program.actions.indices {
                let action = program.actions[index]
                let types = action.enters.map { program.caseFields[$0].type } + action.parameters.map(\.type)
                let maker = ValueMaker(program: program)
                let arguments = types.map { maker.value(of: $0, &chance, depth: 0) }
                let existing = action.opens.isEmpty ? cases.randomElement(&chance) : nil
                let request = Request(
                    action: index, actor: Party(.person, "p1"), organisation: Party(.organisation, "home"),
                    now: chance.instant(), arguments: arguments, existing: existing,
                    newReference: TextValue("\(program.name)/\(round * 100 + index + 1)"))
                let view = ChanceView(program: program, seed: chance.next())
                guard let transition = try? evaluator.perform(request, view: view, tracing: round % 2 == 0) else {
                    fatalError("the state was readable")
                }
                judge(transition, program, request, view, machine)
                if case .done(let effects) = transition.outcome { cases.append(effects.caseState) }
            }
        }
    }

    private static func judge(
        _ transition: Transition, _ program: CheckedProgram, _ request: Request, _ view: ChanceView,
        _ evaluator: Evaluator
    ) {
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
        }
        // The register machine gives the same account.
        guard let again = try? evaluator.perform(request, view: view, tracing: false) else {
            fatalError("the state was readable")
        }
        precondition(again.cost == transition.cost, "the cost differs: \(again.cost), \(transition.cost)")
        precondition(again.findings == transition.findings, "the findings differ")
        switch (again.outcome, transition.outcome) {
        case (.refused(let one), .refused(let other)):
            precondition(one.reason == other.reason && one.text == other.text, "the refusals differ")
        case (.done(let one), .done(let other)):
            precondition(one.caseState == other.caseState && one.rows == other.rows, "the effects differ")
        default: preconditionFailure("the outcomes differ")
        }
    }
}

/// A state in which every look-up answers by chance, but always the same.
struct ChanceView: StateView {
    let program: CheckedProgram
    let seed: UInt64

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
        var chance = Chance(seed: Array("\(seed) \(role) \(organisation)".utf8))
        return chance.below(8) != 0
    }
}

extension Array {
    fileprivate func randomElement(_ chance: inout Chance) -> Element? {
        isEmpty ? nil : self[chance.below(count)]
    }
}
