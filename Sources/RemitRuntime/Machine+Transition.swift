import RemitLanguage
import RemitValues

extension Machine {
    /// The whole transition: what was asked for, entry into the new state, keys, invariants.
    func perform() throws(Stop) -> Effects {
        switch request.call {
        case .action(let index): try act(index)
        case .approve(let round): try vote(round, isDecline: false)
        case .decline(let round): try vote(round, isDecline: true)
        case .timer(let timer): try fire(timer)
        case .migration(let index): try migrate(index)
        }
        try enterState()
        let (claimed, freed) = try checkKeys()
        try checkInvariants()
        engine.settle(&caseState)
        return Effects(
            caseState: caseState, rows: writtenRows, claimed: claimed, freed: freed, notices: notices,
            funds: engine.writtenFunds, postings: engine.postings, unfillable: engine.unfillableNames)
    }

    /// An action: head, form, body.
    private func act(_ index: Int) throws(Stop) {
        guard program.actions.indices.contains(index) else {
            throw .refused(Refusal(.argument, "there is no such action"))
        }
        let action = program.actions[index]
        try checkArguments(action)
        try checkState(action)
        // The head of an action on a case is judged on the case as it was: a form does not say who may fill it in.
        let isOpening = request.existing == nil
        if isOpening { try enterForm(action) }
        if !action.parameters.isEmpty {
            note(
                .argumentsGiven(action: index, Array(request.arguments.dropFirst(action.enters.count))), at: action.span
            )
        }
        try inFrame(Array(request.arguments.dropFirst(action.enters.count)), count: action.localCount) {
            () throws(Stop) in
            try charge(action.headCost)
            try checkAuthority(action)
            if !isOpening { try enterForm(action) }
            try requireCases(request.arguments, action.span)
            try run(action.body)
        }
        // What an opening action leaves open is settled by its head.
        if target == nil, request.existing == nil {
            guard action.opens.count == 1 else { throw misfit(action.span) }
            target = action.opens[0]
        }
    }

    /// The rows written, in order of register and key, so that nothing depends on the order of a dictionary.
    private var writtenRows: [Effects.RowWrite] {
        rows.map { Effects.RowWrite(register: $0.key.register, keys: $0.key.keys, row: $0.value) }
            .sorted { ($0.register, Value.list($0.keys)) < ($1.register, Value.list($1.keys)) }
    }

    private func checkArguments(_ action: ActionDeclaration) throws(Stop) {
        let fields = action.enters.map { program.caseFields[$0] } + action.parameters
        guard request.arguments.count == fields.count else {
            throw .refused(
                Refusal(
                    .argument,
                    "`\(action.name)` takes \(fields.count) arguments (\(fields.map(\.name).joined(separator: ", "))), "
                        + "not \(request.arguments.count)"))
        }
        let conformance = ValueConformance(program: program)
        for (field, argument) in zip(fields, request.arguments) {
            if let problem = conformance.problem(argument, field.type, path: field.name) {
                throw .refused(Refusal(.argument, problem, at: field.span))
            }
        }
        guard action.opens.isEmpty else { return }
        for (field, argument) in zip(action.enters, request.arguments) where argument == .absent {
            let declared = program.caseFields[field]
            throw .refused(Refusal(.argument, "`\(declared.name)` must be given", at: declared.span))
        }
    }

    private func checkState(_ action: ActionDeclaration) throws(Stop) {
        if let existing = request.existing {
            guard program.states.indices.contains(existing.state) else { throw misfit(action.span) }
            let name = program.states[existing.state].name
            guard action.states.contains(existing.state) else {
                let wanted = action.states.map { program.states[$0].name }.joined(separator: " or ")
                throw .refused(
                    Refusal(
                        .state,
                        wanted.isEmpty
                            ? "`\(action.name)` opens a case and is not performed on one"
                            : "`\(action.name)` is performed on a case that is \(wanted), and this one is \(name)",
                        at: action.span))
            }
        } else if action.opens.isEmpty {
            throw .refused(
                Refusal(.state, "`\(action.name)` is performed on a case: name the case", at: action.span))
        }
    }

    private func enterForm(_ action: ActionDeclaration) throws(Stop) {
        for (field, argument) in zip(action.enters, request.arguments) {
            caseState.fields[field] = argument
            writtenFields.insert(field)
            note(.fieldSet(field, argument), at: program.caseFields[field].span)
        }
    }

    // MARK: Who acts

    private func checkAuthority(_ action: ActionDeclaration) throws(Stop) {
        guard try admit(action) else {
            throw .refused(
                Authority.refusal(action, request, in: program, home: view.home) { field in
                    caseState.fields.indices.contains(field) ? caseState.fields[field] : .absent
                })
        }
        for expression in action.except {
            guard try isExcluded(evaluate(expression)) else { continue }
            throw .refused(
                Refusal(.excluded, "\(request.actor) is excluded from `\(action.name)`", at: expression.span))
        }
    }

    /// Looks for an alternative of the head that lets the actor in, by themselves or for somebody they stand in for.
    private func admit(_ action: ActionDeclaration) throws(Stop) -> Bool {
        for authority in action.authorities where try admits(authority, request.actor) {
            note(.admitted(as: describe(authority)), at: authority.span)
            return true
        }
        for candidate in try engine.delegators() {
            for authority in action.authorities where try admits(authority, candidate) {
                note(.admitted(as: "\(describe(authority)), standing in for \(candidate)"), at: authority.span)
                return true
            }
        }
        return false
    }

    private func admits(_ authority: CheckedAuthority, _ person: Party) throws(Stop) -> Bool {
        switch authority.who {
        case .caseField(let field):
            guard caseState.fields.indices.contains(field) else { throw misfit(authority.span) }
            let value = try known(caseState.fields[field], authority.span)
            return try engine.isParty(value, person)
        case .role(let role, let scope):
            switch scope {
            case .home: guard request.organisation == view.home else { return false }
            case .any: break
            case .organisation(let expression):
                guard case .party(let party) = try evaluate(expression), party == request.organisation else {
                    return false
                }
            }
            do {
                return try view.holds(role: role, person: person, organisation: request.organisation)
            } catch {
                throw .fault(error)
            }
        }
    }

    /// Whether a party, or one of a list or set, is the actor, the organisation acted for, or whom the actor stands in
    /// for.
    private func isExcluded(_ value: Value) throws(Stop) -> Bool {
        let isActor = Engine<View>.parties(value).contains {
            $0 == .party(request.actor) || $0 == .party(request.organisation)
        }
        if isActor { return true }
        return try engine.standsIn(for: value)
    }

    private func describe(_ authority: CheckedAuthority) -> String {
        Authority.describe(authority, in: program, home: view.home)
    }

    // MARK: The new state

    private func enterState() throws(Stop) {
        let revision = caseState.revision &+ 1
        caseState.revision = revision
        // Only a signature asks when a case last changed.
        if !program.approvals.isEmpty, target != nil || !writtenFields.isEmpty { caseState.changed = revision }
        guard let state = target else {
            if let carried = request.carried {
                if !program.approvals.isEmpty { caseState.changed = revision }
                return try settleMigration(carried)
            }
            try restartDeadlines()
            // What is written has not been seen by those who signed before.
            if !writtenFields.isEmpty { try reopenRounds() }
            return
        }
        guard program.states.indices.contains(state) else { throw misfit(Span(0, 0)) }
        caseState.state = state
        note(.stateEntered(state), at: program.states[state].span)
        if let entering = program.entering.first(where: { $0.state == state }) {
            try inFrame([], count: entering.localCount) { () throws(Stop) in try run(entering.body) }
        }
        try startDeadlines()
        try changeRounds()
        if program.states[state].isFinal { try engine.releaseAll() }
    }

    // MARK: Keys and invariants

    private func key(_ unique: UniqueDeclaration, _ fields: [Value]) -> [Value] {
        unique.fields.map { fields.indices.contains($0) ? fields[$0] : .absent }
    }

    /// The key that the case held before; one that comes from an earlier version, by the rules of that version.
    private func held(_ index: Int) -> [Value]? {
        if let carried = request.carried { return carried.held.indices.contains(index) ? carried.held[index] : nil }
        guard let existing = request.existing else { return nil }
        let unique = program.uniqueKeys[index]
        return unique.except.contains(existing.state) ? nil : key(unique, existing.fields)
    }

    private func checkKeys() throws(Stop) -> (claimed: [Effects.UniqueKey], freed: [Effects.UniqueKey]) {
        var claimed: [Effects.UniqueKey] = []
        var freed: [Effects.UniqueKey] = []
        for (index, unique) in program.uniqueKeys.enumerated() {
            try charge(Cost.lookup)
            let before = held(index)
            let after = unique.except.contains(caseState.state) ? nil : key(unique, caseState.fields)
            if before == after { continue }
            if let before { freed.append(Effects.UniqueKey(unique: index, key: before)) }
            guard let after else { continue }
            for value in after { _ = try known(value, unique.span) }
            let holder: TextValue?
            do { holder = try view.caseHolding(unique: index, key: after) } catch { throw .fault(error) }
            if let holder, holder != caseState.reference {
                if let refusal = unique.refusal { throw try refuse(refusal, .unique, unique.span) }
                let names = unique.fields.map { program.caseFields[$0].name }.joined(separator: ", ")
                throw .refused(Refusal(.unique, "\(holder) has the same \(names)", at: unique.span))
            }
            claimed.append(Effects.UniqueKey(unique: index, key: after))
        }
        return (claimed, freed)
    }

    private func checkInvariants() throws(Stop) {
        for write in writtenRows {
            try checkInvariants(of: write.register, write.keys + write.row)
        }
        for invariant in program.invariants { try hold(invariant, []) }
    }

    /// Holds a row, keys and fields, to the invariants of its register.
    func checkInvariants(of register: Int, _ values: [Value]) throws(Stop) {
        for invariant in program.registers[register].invariants { try hold(invariant, values) }
    }

    /// Holds a row, keys and fields, to one invariant of its register.
    func check(_ invariant: Int, of register: Int, _ values: [Value]) throws(Stop) {
        let declared = program.registers[register].invariants
        if declared.indices.contains(invariant) { try hold(declared[invariant], values) }
    }

    private func hold(_ invariant: InvariantDeclaration, _ locals: [Value]) throws(Stop) {
        let holds = try inFrame(locals, count: invariant.localCount) { () throws(Stop) in
            try test(invariant.condition)
        }
        note(.invariant(invariant.text, holds: holds), at: invariant.span)
        guard holds else {
            throw .refused(Refusal(.invariant, "this would break \"\(invariant.text)\"", at: invariant.span))
        }
    }
}
