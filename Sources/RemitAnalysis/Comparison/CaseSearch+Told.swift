import RemitLanguage
import RemitRuntime
import RemitValues

// Cases as they are told: whoever plays what an example names has to see the two versions decide differently.
extension CaseSearch {
    typealias Assignment = PolicyDifference.Assignment

    /// An example: some values that were told already, what a table was asked, all that the case takes, and what both
    /// versions decide.
    func told(
        _ found: Found, _ known: [Assignment], askedOf table: String = "", _ asked: [Assignment] = []
    ) -> PolicyDifference.Example {
        var told: [Assignment] = []
        let everything = everything(of: found)
        func add(_ assignment: Assignment) {
            guard let place = told.firstIndex(where: { TextValue($0.input) == TextValue(assignment.input) }) else {
                return told.append(assignment)
            }
            // The value as it was made says more than what was wished for.
            told[place] = assignment
        }
        switch found.play {
        case .action(let name): told.append(Assignment(input: "the action", value: name, part: .call))
        case .entry(let state, let sequel):
            told.append(Assignment(input: "the state entered", value: state, part: .call))
            if let words = Self.words(sequel) { told.append(Assignment(input: "then", value: words, part: .call)) }
        }
        for assignment in known { add(assignment) }
        for input in asked {
            // What the table calls as the case does is told once, if it is the same.
            let isOwn = everything.contains {
                TextValue($0.input) == TextValue(input.input) && $0.value == input.value
            }
            add(isOwn ? input : Assignment(input: "\(table)(\(input.input))", value: input.value, part: .rule))
        }
        for assignment in everything { add(assignment) }
        return .init(assignments: told, decided: decided(found))
    }

    /// Who asks, and what both versions decide.
    private func decided(_ found: Found) -> PolicyDifference.Decided {
        let before = Decision(found.before, old.program, other: new.program)
        let after = Decision(found.after, new.program, other: old.program)
        let request = found.play.action == nil ? nil : new.prepared(found.play, pool, found.wish)?.request
        let actor = request.map { request in
            let (person, organisation) = (Value.party(request.actor), Value.party(request.organisation))
            return "\(new.program.written(person)) for \(new.program.written(organisation))"
        }
        return .init(
            actor: actor, before: before.told(beside: after), after: after.told(beside: before),
            isRefusedByBoth: found.isRefusedByBoth, opened: opened(found))
    }

    /// The action that opens a case as it is found in both versions, with what it is given beside the case's fields.
    private func opened(_ found: Found) -> String? {
        guard found.play.action != nil, let existing = new.prepared(found.play, pool, found.wish)?.request.existing,
            let former = old.prepared(found.play, pool, found.wish)?.request.existing
        else { return nil }
        for name in actions where new.program.actions.contains(where: { $0.name == name && !$0.opens.isEmpty }) {
            let play = Play.action(name)
            for attempt in 0..<Self.triedOpenings {
                var wish = CaseWish(attempt: attempt)
                wish.choices = found.wish.choices
                wish.choices[["opens"]] = 0
                wish.keyed = found.wish.keyed
                // What the action of the example is given is another thing than what this one is.
                for (path, value) in found.wish.values where !Self.isOfCall(path) { wish.values[path] = value }
                for (path, shape) in found.wish.shapes where !Self.isOfCall(path) { wish.shapes[path] = shape }
                for (path, size) in found.wish.sizes where !Self.isOfCall(path) { wish.sizes[path] = size }
                for (field, value) in zip(new.program.caseFields, existing.fields) {
                    wish.values[["case", TextValue(field.name)]] = value
                }
                guard hasSteps, old.opens(play, pool, wish, like: former), new.opens(play, pool, wish, like: existing)
                else { continue }
                let entered = new.program.actions.first { $0.name == name }?.enters.count ?? 0
                let given = new.arguments(play, pool, wish).dropFirst(entered)
                    .map { "\($0.field.name) is \(new.program.written($0.value, $0.field.type))" }
                return given.isEmpty ? name : "\(name) given \(given.joined(separator: ", "))"
            }
        }
        return nil
    }

    private static func isOfCall(_ path: ConditionInputs.Path) -> Bool {
        path.first == "given" || path.first == "state" || path.first == "opens" || path.first == "role"
    }

    /// How many values are tried for what an opening action is given.
    private static let triedOpenings = 6

    /// What follows an entry, in words.
    private static func words(_ sequel: Play.Sequel) -> String? {
        func names(_ count: Int) -> String {
            CaseMaker.signers.prefix(count).map(\.description).joined(separator: ", ")
        }
        switch sequel {
        case .nothing: return nil
        case .signed(let name, let count): return "\(name) signed by \(names(count))"
        case .declined(let name, let count): return "\(name) declined by \(names(count))"
        case .overdue(let name): return "\(name) overdue"
        case .deadline(let number): return "deadline \(number + 1) of the state falls due"
        }
    }

    /// Everything that a case takes: its state, what it holds, what the action is given, and what was read beside it.
    private func everything(of found: Found) -> [Assignment] {
        var told: [Assignment] = []
        func add(_ name: String, _ value: String, _ part: Assignment.Part) {
            if !told.contains(where: { TextValue($0.input) == TextValue(name) }) {
                told.append(Assignment(input: name, value: value, part: part))
            }
        }
        let reads = self.reads(found.play)
        // Fields that one version alone has are told as well.
        for trial in [new, old] {
            guard let asked = trial.prepared(found.play, pool, found.wish) else { continue }
            let program = trial.program
            if let existing = asked.request.existing {
                if found.play.action != nil { add("case", program.states[existing.state].name, .held) }
                for (index, field) in program.caseFields.enumerated()
                where reads.fields.contains(TextValue(field.name)) && !asked.action.enters.contains(index) {
                    add(field.name, program.written(existing.fields[index], field.type), .held)
                }
                for (index, group) in program.checks.enumerated() where reads.verdicts.contains(TextValue(group.name)) {
                    if existing.checks.indices.contains(index), let run = existing.checks[index] {
                        add(group.name, run.verdict.rawValue, .held)
                    }
                }
                for (index, approval) in program.approvals.enumerated() {
                    if let signer = asked.world.signer(index) {
                        add(approval.name, "granted, signed by \(signer)", .held)
                    }
                }
                if asked.world.hasReserved {
                    for fund in program.funds {
                        let money = Money(minorUnits: CaseWorld.reservation, currency: fund.currency)
                        add("reserved in \(fund.name)", money.grouped, .held)
                    }
                }
            } else if !asked.action.states.isEmpty {
                add("case", "none yet", .held)
            }
            for (field, value) in trial.arguments(found.play, pool, found.wish) {
                add(field.name, program.written(value, field.type), .given)
            }
            for (name, value) in surroundings(asked, program, reads) { add(name, value, .circumstance) }
        }
        for assignment in rows(of: found) { add(assignment.input, assignment.value, .circumstance) }
        return told
    }

    /// When it happens, who acts, and what the chain holds, where that is not as it always is.
    private func surroundings(
        _ asked: CaseTrial.Prepared, _ program: CheckedProgram, _ reads: Reads
    ) -> [(String, String)] {
        var told: [(String, String)] = []
        let (request, world) = (asked.request, asked.world)
        let now = request.now
        let isMorning = now.secondOfDay(offset: program.timezone) == 9 * 3600
        if reads.asksNow || !isMorning {
            told.append(("now", program.written(.instant(now))))
        } else if reads.asksToday || !program.timers.isEmpty {
            told.append(("today", now.date(offset: program.timezone).description))
        }
        if reads.asksActor || request.actor != CaseMaker.anna || world.onlyRole != nil {
            told.append(("actor", program.written(.party(request.actor))))
        }
        if reads.asksActor || request.organisation != CaseMaker.home {
            told.append(("organisation of actor", program.written(.party(request.organisation))))
        }
        if let role = world.onlyRole, !world.letsEverybody { told.append(("only role of actor", role.string)) }
        if world.areFundsEmpty {
            for fund in program.funds { told.append(("available(\(fund.name))", "0 \(fund.currency.code)")) }
        }
        if let state = world.otherState { told.append(("another case", otherCase(state, world))) }
        return told
    }

    /// Another case in words: its state, and what it has in the fields of the keys.
    private func otherCase(_ state: String, _ world: CaseWorld) -> String {
        var names: [String] = []
        for program in [new.program, old.program] {
            for name in program.uniqueKeys.flatMap(\.fields).map({ program.caseFields[$0].name })
            where !names.contains(where: { TextValue($0) == TextValue(name) }) {
                names.append(name)
            }
        }
        let shared = names.filter(world.otherShares).map { "the same \($0)" }
        let others = names.filter { !world.otherShares($0) }.map { "another \($0)" }
        return "in \(state) with " + (shared + others).joined(separator: ", ")
    }

    /// What a play may ask about a case, by names.
    private struct Reads {
        var fields: Set<TextValue> = []
        var verdicts: Set<TextValue> = []
        var asksToday = false
        var asksNow = false
        var asksActor = false
    }

    /// What either version of a play may ask.
    private func reads(_ play: Play) -> Reads {
        var all = Reads()
        for program in [old.program, new.program] {
            guard let name = play.action else {
                all.fields.formUnion(program.caseFields.map { TextValue($0.name) })
                all.verdicts.formUnion(program.checks.map { TextValue($0.name) })
                (all.asksToday, all.asksActor) = (true, true)
                continue
            }
            guard let action = program.actions.first(where: { TextValue($0.name) == TextValue(name) }) else { continue }
            let reads = ActionReads(action, program)
            all.fields.formUnion(reads.fields.map { TextValue(program.caseFields[$0].name) })
            all.verdicts.formUnion(reads.verdicts.map { TextValue(program.checks[$0].name) })
            all.asksToday = all.asksToday || reads.asksToday
            all.asksNow = all.asksNow || reads.asksNow
            all.asksActor = all.asksActor || reads.asksActor
        }
        return all
    }

    /// The rows and the other cases that were read by either version.
    private func rows(of found: Found) -> [Assignment] {
        var told: [Assignment] = []
        func add(_ name: String, _ value: String) { told.append(.init(input: name, value: value)) }
        for (played, trial) in [(found.after, new), (found.before, old)] {
            let program = trial.program
            for (register, keys, row) in played.rows {
                let declared = program.registers[register]
                let names = zip(declared.keys, keys).map { program.written($1, $0.type) }
                let place = "\(declared.name)[\(names.joined(separator: ", "))]"
                guard let row else {
                    add(place, "absent")
                    continue
                }
                for (field, value) in zip(program.records[declared.row].fields, row) {
                    add("\(place).\(field.name)", program.written(value, field.type))
                }
            }
            for entry in played.entries {
                switch entry.event {
                case .otherRead(let reference, let contract, let field, let value)
                where program.others.indices.contains(contract):
                    let fields = program.others[contract].fields
                    guard let field, fields.indices.contains(field) else {
                        add("\(reference).state", program.written(value))
                        continue
                    }
                    add("\(reference).\(fields[field].name)", program.written(value, fields[field].type))
                default: break
                }
            }
        }
        return told
    }
}
