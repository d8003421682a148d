import RemitLanguage
import RemitRuntime
import RemitValues

/// Cases that the scenarios of two versions speak of, as wishes: whoever wrote a policy thought of cases that come far
/// in it, with rows, days and amounts that go together.
struct CaseSeeds {
    private enum Place: Hashable { case action(TextValue), state(TextValue) }

    private var found: [Place: [CaseWish]] = [:]

    /// The cases of some versions, the first version's first.
    init(_ programs: [CheckedProgram]) {
        for program in programs where !program.scenarios.isEmpty {
            let steps = ScenarioRunner(program: program).recorded()
            // What was done came farther than what was refused.
            for step in steps where step.after != nil { add(step, program) }
            for step in steps where step.after == nil { add(step, program) }
        }
    }

    /// The cases for a play, in order.
    func wishes(for play: Play) -> [CaseWish] {
        switch play {
        case .action(let name): found[.action(TextValue(name))] ?? []
        case .entry(let state, _): found[.state(TextValue(state))] ?? []
        }
    }

    /// Two versions have most of their scenarios in common.
    private mutating func note(_ wish: CaseWish, _ place: Place) {
        let others = found[place] ?? []
        if others.count < Limits.triedSeeds, !others.contains(wish) { found[place, default: []].append(wish) }
    }

    private mutating func add(_ step: RecordedStep, _ program: CheckedProgram) {
        let writer = SeedWriter(program: program)
        if case .action(let index) = step.request.call, program.actions.indices.contains(index) {
            var wish = writer.surroundings(of: step)
            if let existing = step.request.existing { writer.write(existing, to: &wish) }
            let action = program.actions[index]
            let entered = action.enters.map { program.caseFields[$0] }
            let given = entered.map { ($0, "case" as TextValue) } + action.parameters.map { ($0, "given") }
            for ((field, root), value) in zip(given, step.request.arguments) {
                writer.write(value, field.type, [root, TextValue(field.name)], to: &wish)
            }
            if !action.opens.isEmpty, !action.states.isEmpty {
                wish.choices[["opens"]] = step.request.existing == nil ? 0 : 1
            }
            note(wish, .action(TextValue(action.name)))
        }
        // The case as it is afterwards is one that has come into its state.
        guard let after = step.after, program.states.indices.contains(after.state) else { return }
        var wish = writer.surroundings(of: step)
        writer.write(after, to: &wish)
        note(wish, .state(TextValue(program.states[after.state].name)))
    }
}

/// Writes what a scenario found as wishes.
private struct SeedWriter {
    let program: CheckedProgram

    /// When it happens, who acts, and the rows and other cases that are read.
    func surroundings(of step: RecordedStep) -> CaseWish {
        var wish = CaseWish()
        wish.values[["now"]] = .instant(step.request.now)
        wish.values[["actor"]] = .party(step.request.actor)
        wish.values[["actor", "organisation"]] = .party(step.request.organisation)
        for (register, keys, row) in step.rows where program.registers.indices.contains(register) {
            let declared = program.registers[register]
            let path: ConditionInputs.Path = ["register", TextValue(declared.name)]
            // All rows are as the first that is there; those that are not are told apart by their keys.
            let common = step.rows.first { $0.register == register && $0.row != nil }?.row
            let missing = declared.hasRowForEveryKey ? starts(declared) : nil
            wish.choices[["rows", TextValue(declared.name)]] = 0
            write(common ?? missing, declared, path, to: &wish)
            guard let common, row != common else { continue }
            wish.keyed.insert(CaseWorld.path(path, keys))
            write(row ?? missing, declared, CaseWorld.path(path, keys), to: &wish)
        }
        for (contract, field, value) in step.others where program.others.indices.contains(contract) {
            let other = program.others[contract]
            let path: ConditionInputs.Path = ["other", TextValue(other.name)]
            if let field, other.fields.indices.contains(field) {
                write(value, other.fields[field].type, path + [TextValue(other.fields[field].name)], to: &wish)
            } else if case .enumeration(let name) = value {
                wish.choices[path] = other.states.firstIndex { TextValue($0) == name }
            }
        }
        return wish
    }

    private func starts(_ register: RegisterDeclaration) -> [Value]? {
        program.records[register.row].fields.map { $0.starts ?? .absent }
    }

    private func write(
        _ row: [Value]?, _ register: RegisterDeclaration, _ path: ConditionInputs.Path, to wish: inout CaseWish
    ) {
        guard let row else {
            wish.shapes[path] = .absent
            return
        }
        if !register.hasRowForEveryKey { wish.shapes[path] = .present }
        write(.record(row), .record(register.row), path, to: &wish)
    }

    /// A case that is there.
    func write(_ state: CaseState, to wish: inout CaseWish) {
        guard program.states.indices.contains(state.state) else { return }
        wish.values[["state"]] = .enumeration(TextValue(program.states[state.state].name))
        for (field, value) in zip(program.caseFields, state.fields) {
            write(value, field.type, ["case", TextValue(field.name)], to: &wish)
        }
        for (approval, round) in zip(program.approvals, state.rounds) {
            wish.choices[["round", TextValue(approval.name)]] = round?.outcome == .granted ? 1 : 0
        }
        wish.choices[["reserved"]] = state.reserved.contains { $0 > 0 } ? 1 : 0
    }

    /// A value with all its parts.
    func write(_ value: Value, _ type: ValueType, _ path: ConditionInputs.Path, to wish: inout CaseWish) {
        switch (type, value) {
        case (.optional, .absent): wish.shapes[path] = .absent
        case (.optional(let inner), _):
            wish.shapes[path] = .present
            write(value, inner, path, to: &wish)
        // A field that was never set has no value to wish for.
        case (_, .absent): break
        case (.record(let index), .record(let parts)) where program.records.indices.contains(index):
            for (field, part) in zip(program.records[index].fields, parts) {
                write(part, field.type, path + [TextValue(field.name)], to: &wish)
            }
        case (.list(let element, _), .list(let items)):
            wish.sizes[path] = items.count
            for (number, item) in items.enumerated() {
                write(item, element, path + [number == 0 ? "each" : TextValue("each \(number)")], to: &wish)
            }
        default: wish.values[path] = value
        }
    }
}
