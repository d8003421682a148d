import RemitValues

extension Checker {
    /// Checks the examples that stand beside the rules.
    mutating func checkScenarios() {
        scope = .scenario
        var given: [CheckedStep] = []
        for declaration in ownDeclarations {
            guard case .given(let items) = declaration.kind else { continue }
            for item in items { if let step = checkGiven(item) { given.append(step) } }
        }
        let common = scope
        for declaration in ownDeclarations {
            guard case .scenario(let scenario) = declaration.kind else { continue }
            scope = common
            var steps = given
            for step in scenario.steps { steps += checkStep(step) }
            program.scenarios.append(
                CheckedScenario(
                    title: plain(scenario.title, in: "the title of a scenario"), steps: steps,
                    span: scenario.title.span))
        }
    }

    // What is given.

    private mutating func checkGiven(_ item: GivenItem) -> CheckedStep? {
        switch item.kind {
        case .organisation(let name):
            guard let party = introduce(name, .organisation) else { return nil }
            return CheckedStep(.organisation(party), item.span)
        case .person(let name, let role, let organisation):
            guard let party = introduce(name, .person) else { return nil }
            let place = organisation.flatMap { known($0, .organisation) }
            guard let role = resolveScenarioRole(role), organisation == nil || place != nil else { return nil }
            return CheckedStep(.person(party, role: role, of: place), item.span)
        case .fund(let name, let amount): return givenFund(name, amount, item.span)
        case .otherCase(let name, let contract, let fields, let state):
            return givenOtherCase(name, contract, fields, state, item.span)
        case .delegation(let delegate, let principal, let until):
            return givenDelegation(delegate, principal, until, item.span)
        case .row(let name, let keys, let row): return givenRow(name, keys, row, item.span)
        }
    }

    /// A role that a scenario names: being tried is not being used by the rules.
    private mutating func resolveScenarioRole(_ name: Name) -> Int? {
        let before = used
        defer { used = before }
        return resolveRole(name)
    }

    /// Enters a party of the scenario; a person may be given several roles, one after another.
    private mutating func introduce(_ name: Name, _ kind: Party.Kind) -> Party? {
        if let known = scope.parties[name.bytes] {
            if known.party.kind == kind, kind == .person { return known.party }
            report(
                .duplicateName,
                "`\(name.text)` is already \(known.party.kind == .person ? "a person" : "an organisation")",
                at: name.span, "again here", labels: [Label(known.span, "first here")],
                help: "give one of the two another name")
            return nil
        }
        if let declared = symbols[name.bytes] { reportHidden(name, declared.name.span, declared.symbol.kind) }
        if let given = scope.otherCases[name.bytes] { reportHidden(name, given.name.span, "a case of the scenario") }
        let party = Party(kind, name.bytes)
        scope.parties[name.bytes] = (party, name.span)
        scope.partyNames.append(name)
        return party
    }

    mutating func known(_ name: Name, _ kind: Party.Kind) -> Party? {
        let wanted = kind == .person ? "a person" : "an organisation"
        guard let party = scope.parties[name.bytes] else {
            let candidates = scope.partyNames.filter { scope.parties[$0.bytes]?.party.kind == kind }
            report(
                .unknownName, "nothing is given about `\(name.text)`", at: name.span, "\(wanted) is needed here",
                help: suggestion(name.text, among: candidates.map(\.text))
                    ?? (kind == .person
                        ? "introduce the person first: `given \(name.text) is` and a role"
                        : "introduce it first: `given \(name.text) is an organisation`"))
            return nil
        }
        if party.party.kind == kind { return party.party }
        report(
            .wrongKind,
            "`\(name.text)` is \(kind == .person ? "an organisation" : "a person"), and \(wanted) is needed",
            at: name.span, labels: [Label(party.span, "introduced here")], help: "name \(wanted)")
        return nil
    }

    private mutating func givenRow(
        _ name: Name, _ keys: [Expression], _ row: Expression, _ span: Span
    ) -> CheckedStep? {
        guard case .register(let index) = symbols[name.bytes]?.symbol else {
            report(
                .unknownName, "there is no register `\(name.text)`", at: name.span, "not a register",
                help: suggestion(name.text, among: program.registers.map(\.name))
                    ?? "rows are given of registers that the contract declares")
            return nil
        }
        guard let checked = checkKeys(index, keys, span) else { return nil }
        var values: [Value] = []
        for key in checked {
            guard let value = constantValue(key) else {
                report(.notConstant, "a key must be written out", at: key.span, help: "write the value itself")
                return nil
            }
            values.append(value)
        }
        let register = program.registers[index]
        let want = Expectation(
            .record(register.row), because: "a row of `\(register.name)` is given", at: register.span)
        guard case .record(let fields) = constant(row, want, "a given row") else { return nil }
        return CheckedStep(.row(register: index, keys: values, row: fields), span)
    }

    // Steps.

    private mutating func checkStep(_ step: ScenarioStep) -> [CheckedStep] {
        switch step.kind {
        case .given(let items): return items.compactMap { checkGiven($0) }
        case .at(let expression): return checkAt(expression).map { [CheckedStep(.at($0), step.span)] } ?? []
        case .after(let expression):
            let want = Expectation(.term, because: "time passes by a term")
            guard case .term(let term) = constant(expression, want, "how long") else { return [] }
            return [CheckedStep(.after(term), step.span)]
        case .perform(let perform): return checkPerform(perform).map { [CheckedStep(.perform($0), step.span)] } ?? []
        case .renounce(let delegate, let principal):
            guard let delegate = known(delegate, .person), let principal = known(principal, .person) else { return [] }
            return [CheckedStep(.renunciation(delegate, of: principal), step.span)]
        case .expect(let expression): return [checkExpectation(expression, step.span)]
        case .expectPosting(let fund, let posting):
            return checkExpectedPosting(fund, posting, step.span).map { [$0] } ?? []
        case .expectFinding(let label, let code, let line, let isNot):
            guard let index = checkLabel(label) else { return [] }
            let wanted = code.map { findingCode($0) }
            return [
                CheckedStep(
                    .expectFinding(label: index, code: wanted, line: line.map { Int(clamping: $0) }, isNot: isNot),
                    step.span)
            ]
        }
    }

    private mutating func checkAt(_ expression: Expression) -> Instant? {
        if case .date(let text) = expression.kind, let date = CalendarDate.parse(text) {
            return Instant(date: date, hour: 0, minute: 0, offset: program.timezone)
        }
        let want = Expectation(.dateTime, because: "`at` names a day and a time")
        guard case .instant(let instant) = constant(expression, want, "a time") else { return nil }
        return instant
    }

    private mutating func findingCode(_ code: TextSyntax) -> String {
        let wanted = plain(code, in: "the code of a finding")
        if !findingCodes.contains(where: { TextValue($0) == TextValue(wanted) }) {
            report(
                .unknownName, "no check has the code \"\(wanted)\"", at: code.span, "never found",
                help: suggestion(wanted, among: findingCodes) ?? "write the code of a check of this contract")
        }
        return wanted
    }

    mutating func checkLabel(_ name: Name) -> Int? {
        if let index = scope.label(named: name.bytes) { return index }
        report(
            .unknownName, "no case is labelled `\(name.text)`", at: name.span, "not known",
            help: suggestion(name.text, among: scope.labels.map(\.text))
                ?? "label it where it is opened: `… does … as \(name.text)`")
        return nil
    }

    private mutating func checkExpectation(_ expression: Expression, _ span: Span) -> CheckedStep {
        let outer = scope
        scope.slotCount = scope.labels.count
        flow = Flow()
        reads = Reads()
        let condition = checkCondition(expression, "`expect` asks a condition")
        let count = scope.slotCount
        scope = outer
        return CheckedStep(.expect(CheckedExpectation(condition: condition, localCount: count)), span)
    }

    private mutating func checkPerform(_ perform: PerformSyntax) -> CheckedPerform? {
        if let vote = perform.vote { return checkVote(perform, vote) }
        let actor = known(perform.actor, .person)
        let organisation = perform.organisation.flatMap { known($0, .organisation) }
        guard let index = resolveAction(perform.action) else {
            // Its label is entered all the same, so that what is expected of it is not reported again.
            if let label = perform.label { scope.labels.append(label) }
            return nil
        }
        let action = program.actions[index]
        let arguments = checkArguments(perform, action)
        let on = perform.on.flatMap { checkLabel($0) }
        checkSubject(perform, action)
        let label = perform.label.flatMap { enterLabel($0) }
        guard let actor, let arguments, perform.organisation == nil || organisation != nil else { return nil }
        return CheckedPerform(
            actor: actor, organisation: organisation, call: .action(index), arguments: arguments, on: on, label: label,
            refusal: perform.refusal.map { expected($0) })
    }

    private mutating func resolveAction(_ name: Name) -> Int? {
        if case .action(let index) = symbols[name.bytes]?.symbol { return index }
        report(
            .unknownName, "there is no action `\(name.text)`", at: name.span, "not an action",
            help: suggestion(name.text, among: program.actions.map(\.name)) ?? "name an action of this contract")
        return nil
    }

    mutating func expected(_ refusal: PerformSyntax.Refusal) -> ExpectedRefusal {
        switch refusal {
        case .word(let name):
            reportUnknownReason(name)
            return .word(name.text)
        case .text(let first, nil): return .text(plain(first, in: "an expected refusal"))
        case .text(let first, let second?):
            return .codeAndText(
                plain(first, in: "an expected refusal"), plain(second, in: "an expected refusal"))
        }
    }

    /// A doubt and no mistake: what a scenario expects changes no decision.
    private mutating func reportUnknownReason(_ name: Name) {
        guard !RefusalWords.all.contains(name.text) else { return }
        add(
            Diagnostic(
                .unknownName, "the engine refuses nothing as `\(name.text)`", at: Label(name.span, "no such word"),
                notes: ["a code or text of the contract stands between quotation marks"],
                help: suggestion(name.text, among: RefusalWords.all)
                    ?? "write a word such as \(Self.listed(Array(RefusalWords.all.prefix(5))))", severity: .warning))
    }

    private mutating func checkSubject(_ perform: PerformSyntax, _ action: ActionDeclaration) {
        // Whether an action with neither opens a case is not known.
        if action.opens.isEmpty, action.states.isEmpty { return }
        if action.opens.isEmpty, perform.on == nil {
            report(
                .arguments, "`\(action.name)` works on a case, and none is named", at: perform.action.span,
                help: "write `on` and the label of a case behind it")
        } else if !action.opens.isEmpty, let on = perform.on {
            report(
                .arguments, "`\(action.name)` opens a case, and works on none", at: on.span,
                help: "leave out `on \(on.text)`; a label for the new case is given with `as`")
        }
        if action.opens.isEmpty, let label = perform.label {
            report(
                .arguments, "`\(action.name)` opens no case that could be labelled", at: label.span,
                help: "leave out `as \(label.text)`")
        }
    }

    private mutating func enterLabel(_ name: Name) -> Int? {
        if let first = scope.label(named: name.bytes) {
            report(
                .duplicateName, "two cases are labelled `\(name.text)`", at: name.span, "again here",
                labels: [Label(scope.labels[first].span, "first here")], help: "give one of the two another label")
            return nil
        }
        if let party = scope.parties[name.bytes] {
            reportHidden(name, party.span, "a party of the scenario")
        } else if let given = scope.otherCases[name.bytes] {
            reportHidden(name, given.name.span, "a case of another contract")
        } else if let declared = symbols[name.bytes] {
            reportHidden(name, declared.name.span, declared.symbol.kind)
        }
        scope.labels.append(name)
        return scope.labels.count - 1
    }

    /// The arguments of an action in the order of its form; nil where one is wrong.
    private mutating func checkArguments(_ perform: PerformSyntax, _ action: ActionDeclaration) -> [Value]? {
        let fields = action.enters.map { program.caseFields[$0] } + action.parameters
        var values: [Value?] = Array(repeating: nil, count: fields.count)
        var places: [Span?] = Array(repeating: nil, count: fields.count)
        var isGood = true
        for argument in perform.arguments {
            guard let position = fields.firstIndex(where: { TextValue($0.name) == argument.name.bytes }) else {
                report(
                    .arguments, "`\(action.name)` has no argument `\(argument.name.text)`", at: argument.name.span,
                    labels: [Label(action.span, "declared here")],
                    help: suggestion(argument.name.text, among: fields.map(\.name))
                        ?? (fields.isEmpty ? "it takes none" : "it takes \(Self.listed(fields.map(\.name)))"))
                isGood = false
                continue
            }
            if let first = places[position] {
                report(
                    .arguments, "`\(argument.name.text)` is given twice", at: argument.name.span, "again here",
                    labels: [Label(first, "first here")], help: "leave one of them out")
            }
            let field = fields[position]
            let want = Expectation(field.type, because: "`\(field.name)` is \(name(field.type))", at: field.span)
            places[position] = argument.name.span
            values[position] = constant(argument.value, want, "the argument of an action")
            if values[position] == nil { isGood = false }
            let mustBeGiven = position < action.enters.count && action.opens.isEmpty && !action.states.isEmpty
            // A scenario may show that the engine refuses it.
            if values[position] == .absent, mustBeGiven, perform.refusal == nil {
                report(
                    .arguments, "`\(field.name)` must be given", at: argument.value.span, "left out",
                    labels: [Label(action.span, "declared here")],
                    help: "give a value: an action on a case that is there takes every field of its form")
                isGood = false
            }
        }
        var missing: [String] = []
        for (position, field) in fields.enumerated() where places[position] == nil {
            let mayLack = position >= action.enters.count || !action.opens.isEmpty
            if mayLack, case .optional = field.type {
                values[position] = .absent
            } else {
                missing.append(field.name)
            }
        }
        if !missing.isEmpty {
            report(
                .arguments, "`\(action.name)` is done without \(Self.listed(missing))", at: perform.action.span,
                "\(missing.count == 1 ? "an argument is" : "arguments are") missing",
                labels: [Label(action.span, "declared here")], help: "add `\(missing[0]): …`")
            isGood = false
        }
        let given = values.compactMap { $0 }
        return isGood && given.count == fields.count ? given : nil
    }
}
