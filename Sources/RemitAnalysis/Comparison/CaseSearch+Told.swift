import RemitLanguage
import RemitRuntime
import RemitValues

// Cases as they are told: whoever plays what an example names has to see the two versions decide differently.
extension CaseSearch {
    typealias Assignment = PolicyDifference.Assignment

    /// How many cases are tried that agree in what is told and in nothing else.
    private static let variants = 8

    /// An example: some values that were told already, and all that the case takes where these alone do not make it.
    func told(_ found: Found, _ known: [Assignment], isEnough: Bool, namesAction: Bool) -> [Assignment] {
        var told: [Assignment] = []
        func add(_ assignment: Assignment) {
            guard let place = told.firstIndex(where: { TextValue($0.input) == TextValue(assignment.input) }) else {
                return told.append(assignment)
            }
            // The value itself says more than that there is one.
            if ["present", "not empty"].contains(told[place].value) { told[place] = assignment }
        }
        if namesAction, actions.count > 1 { told.append(Assignment(input: "the action", value: found.action)) }
        for assignment in known { add(assignment) }
        if !(isEnough && holdsAlone(found)) { for assignment in everything(of: found, told) { add(assignment) } }
        return told.isEmpty ? [Assignment(input: "the action", value: found.action)] : told
    }

    /// Whether cases to be opened that agree in what is wished for are decided differently whatever else they are.
    private func holdsAlone(_ found: Found) -> Bool {
        guard found.wish.attempt == 0, !asksWhatIsThere(found) else { return false }
        var wish = found.wish
        for attempt in 1...Self.variants {
            wish.attempt = attempt
            if decidesAlike(found.action, wish) { return false }
        }
        return true
    }

    /// Whether a case is there, or rows or other cases were read.
    private func asksWhatIsThere(_ found: Found) -> Bool {
        guard let trial = new.prepared(found.action, pool, found.wish), trial.request.existing == nil,
            trial.action.states.isEmpty
        else { return true }
        return [found.before, found.after].contains { transition in
            (transition.trace?.entries ?? []).contains { entry in
                switch entry.event {
                case .rowRead, .otherRead: true
                default: false
                }
            }
        }
    }

    /// Everything that a case takes: its state, what it holds, what the action is given, and what was read beside it.
    private func everything(of found: Found, _ known: [Assignment]) -> [Assignment] {
        guard let trial = new.prepared(found.action, pool, found.wish) else { return [] }
        var told: [Assignment] = []
        func add(_ name: String, _ value: String) { told.append(Assignment(input: name, value: value)) }
        let program = new.program
        if let existing = trial.request.existing {
            if trial.action.states.count > 1 || !trial.action.opens.isEmpty {
                add("case", program.states[existing.state].name)
            }
            let reads = self.reads(found.action)
            for (index, field) in program.caseFields.enumerated()
            where reads.fields.contains(TextValue(field.name)) && !trial.action.enters.contains(index) {
                add(field.name, program.written(existing.fields[index]))
            }
            for (index, group) in program.checks.enumerated() where reads.verdicts.contains(TextValue(group.name)) {
                if existing.checks.indices.contains(index), let run = existing.checks[index] {
                    add(group.name, run.verdict.rawValue)
                }
            }
        } else if !trial.action.states.isEmpty {
            add("case", "none yet")
        }
        for (name, value) in new.arguments(found.action, pool, found.wish) { add(name, program.written(value)) }
        let reads = self.reads(found.action)
        let today = trial.request.now.date(offset: program.timezone).description
        let isDayTold = known.contains { $0.input == "the day" && $0.value == today }
        if reads.asksNow { add("now", program.written(.instant(trial.request.now))) }
        if reads.asksToday, !reads.asksNow, !isDayTold { add("today", today) }
        if reads.asksActor { add("actor", program.written(.party(CaseMaker.anna))) }
        return told + rows(of: found)
    }

    /// What either version of an action may ask, by names.
    private func reads(
        _ name: String
    ) -> (fields: Set<TextValue>, verdicts: Set<TextValue>, asksToday: Bool, asksNow: Bool, asksActor: Bool) {
        var all: (Set<TextValue>, Set<TextValue>, Bool, Bool, Bool) = ([], [], false, false, false)
        for program in [old.program, new.program] {
            guard let action = program.actions.first(where: { TextValue($0.name) == TextValue(name) }) else { continue }
            let reads = ActionReads(action, program)
            all.0.formUnion(reads.fields.map { TextValue(program.caseFields[$0].name) })
            all.1.formUnion(reads.verdicts.map { TextValue(program.checks[$0].name) })
            all.2 = all.2 || reads.asksToday
            all.3 = all.3 || reads.asksNow
            all.4 = all.4 || reads.asksActor
        }
        return all
    }

    /// The rows and the other cases that were read.
    private func rows(of found: Found) -> [Assignment] {
        let program = new.program
        let maker = CaseMaker(program: program, pool: pool, wish: found.wish)
        var told: [Assignment] = []
        for entry in found.after.trace?.entries ?? [] {
            switch entry.event {
            case .rowRead(let register, let keys, true) where program.registers.indices.contains(register):
                let declared = program.registers[register]
                guard
                    case .record(let row)? = maker.value(
                        .record(declared.row), ["register", TextValue(declared.name)])
                else { continue }
                let place = "\(declared.name)[\(keys.map(program.written).joined(separator: ", "))]"
                for (field, value) in zip(program.records[declared.row].fields, row) {
                    told.append(.init(input: "\(place).\(field.name)", value: program.written(value)))
                }
            case .otherRead(let reference, let contract, let field, let value)
            where program.others.indices.contains(contract):
                let fields = program.others[contract].fields
                let name = field.map { fields.indices.contains($0) ? fields[$0].name : "" } ?? "state"
                told.append(.init(input: "\(reference).\(name)", value: program.written(value)))
            default: break
            }
        }
        return told
    }
}
