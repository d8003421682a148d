import RemitValues

extension Checker {
    /// Checks actions: head, body, and what every path must come to.
    mutating func checkActions() {
        for declaration in ownDeclarations {
            guard case .action(let action) = declaration.kind else { continue }
            program.actions.append(checkAction(action))
        }
    }

    private mutating func checkAction(_ action: ActionSyntax) -> ActionDeclaration {
        isWayUnknown = action.states.isEmpty == action.opens.isEmpty
        let before = diagnostics.count
        let states = resolveStates(action.states)
        let opens = resolveStates(action.opens)
        let enters = resolveEnters(action)
        let parameters = resolveFields(action.parameters, of: "`\(action.name.text)`", allowsStarts: false)
        noteAccepts(action.accepts, of: action.name.text)
        checkHead(action)
        begin(.action, action.parameters, parameters)
        let isOpening = !action.opens.isEmpty
        scope.isOpening = isOpening
        if isOpening { flow.assigned = givenFields(enters) }
        // A form that opens a case may leave out what is optional.
        if isOpening { for field in enters { flow.noteCleared(field) } }
        money = MoneyUse()
        // The head is one condition, and statements stand in the body alone.
        scope.hasStatements = false
        let authorities = action.authorities.flatMap { checkAuthority($0) }
        warnOfLoneScope(action)
        let except = action.except.compactMap { checkExcept($0) }
        scope.hasStatements = true
        // The head of an action on a case is judged before its form is written.
        if !isOpening { assumeEntered(enters) }
        becomes = []
        becomeTargets = BecomeTargets(allowed: isOpening ? opens : nil, actionName: action.name)
        let body = checkBlock(action.body)
        becomeTargets = nil
        dropLocals(to: 0)
        let isSound = !diagnostics[min(before, diagnostics.count)...].contains { $0.severity == .error }
        let given = GivenByForm(
            action: action, isOpening: isOpening, enters: enters, parameters: parameters, isSound: isSound)
        checkGivenHead(given, authorities, except, body)
        warnOfUngivable(given)
        if isOpening { checkOpening(action, opens) }
        if isOpening, opens.count == 1, !becomes.contains(opens[0]) { becomes.append(opens[0]) }
        keepMove(action.name, .action, from: states, isOpening: isOpening)
        let headCost = except.reduce(UInt64(authorities.count)) { $0 + $1.cost }
        return ActionDeclaration(
            name: action.name.text, states: states, opens: opens, authorities: authorities, except: except,
            enters: enters, parameters: parameters, source: source(action.source), body: body,
            localCount: scope.slotCount, headCost: headCost, span: action.name.span)
    }

    mutating func resolveStates(_ names: [Name]) -> [Int] {
        var result: [Int] = []
        for name in names {
            guard let index = resolveState(name) else { continue }
            if result.contains(index) {
                report(
                    .duplicateName, "`\(name.text)` stands twice in one head", at: name.span,
                    help: "leave one of them out")
            } else {
                result.append(index)
            }
        }
        return result
    }

    private mutating func resolveEnters(_ action: ActionSyntax) -> [Int] {
        var result: [Int] = []
        for name in action.enters {
            guard let index = caseField(name, for: "`enters`") else { continue }
            if result.contains(index) {
                report(
                    .duplicateName, "`\(name.text)` is entered twice", at: name.span, help: "leave one of them out")
            } else {
                result.append(index)
                used.insert(name.bytes)
            }
        }
        return result
    }

    private mutating func checkHead(_ action: ActionSyntax) {
        let name = action.name
        if action.states.isEmpty, action.opens.isEmpty {
            report(
                .actionHead, "`\(name.text)` says neither in which states it can be done nor which it opens",
                at: name.span, help: "add `in` and states of the case, or `opens` and the states of a new case")
        } else if !action.states.isEmpty, !action.opens.isEmpty {
            report(
                .actionHead, "`\(name.text)` both opens a case and works on one", at: name.span,
                help: "write two actions, one with `opens` and one with `in`")
        }
        if action.authorities.isEmpty {
            report(
                .actionHead, "`\(name.text)` does not say who may do it", at: name.span,
                help: "add `by` and a role, or a field of the case that names a party")
        }
    }

    /// The fields that have a value when the body of an opening action begins.
    private func givenFields(_ enters: [Int]) -> Set<Int> {
        var given = Set(enters)
        for (index, field) in program.caseFields.enumerated() {
            if field.starts != nil { given.insert(index) }
            if case .optional = field.type { given.insert(index) }
        }
        return given
    }

    /// Warns of an `of` behind the last of several roles: a reader may take it for all of them.
    private mutating func warnOfLoneScope(_ action: ActionSyntax) {
        var bare: Name?
        for authority in action.authorities {
            let role = authority.names.first { name in
                if case .role = symbols[name.bytes]?.symbol { true } else { false }
            }
            guard let role else { continue }
            if case .home = authority.scope {
                bare = bare ?? role
            } else if let bare {
                report(
                    .loneScope, "`of` goes with `\(role.text)` alone, and not with `\(bare.text)`",
                    at: authority.span, labels: [Label(bare.span, "held in the organisation that deployed this")],
                    help: "put brackets around the roles that it is for, or name `\(bare.text)` last")
                return
            }
        }
    }

    /// Where a role must be held.
    mutating func checkScope(_ scope: OrganisationScope) -> CheckedScope {
        switch scope {
        case .home: return .home
        case .any: return .any
        case .of(let expression):
            let organisation = check(
                expression, Expectation(.organisation, because: "a role is held in an organisation"))
            return organisation.type == .unknown ? .home : .organisation(organisation)
        }
    }

    private mutating func checkAuthority(_ authority: AuthoritySyntax) -> [CheckedAuthority] {
        let scope = checkScope(authority.scope)
        var result: [CheckedAuthority] = []
        for name in authority.names {
            if case .caseField(let index) = symbols[name.bytes]?.symbol {
                checkParty(index, name, authority)
                result.append(CheckedAuthority(who: .caseField(index), span: name.span))
            } else if let role = resolveRole(name) {
                result.append(CheckedAuthority(who: .role(role, scope), span: name.span))
            }
        }
        return result
    }

    /// Checks that a field named in a head holds a party.
    private mutating func checkParty(_ index: Int, _ name: Name, _ authority: AuthoritySyntax) {
        used.insert(name.bytes)
        _ = readField(index, name)
        let field = program.caseFields[index]
        switch present(field.type) {
        case .person, .organisation, .party, .unknown: break
        default:
            report(
                .typeMismatch, "`\(name.text)` is \(self.name(field.type)), and `by` needs a role or a party",
                at: name.span, labels: [Label(field.span, "declared here")],
                help: "name a role, or a field of type Person, Organisation or Party")
        }
        guard case .home = authority.scope else {
            report(
                .actionHead, "`of` follows a role, and `\(name.text)` is a party", at: authority.span,
                help: "leave out `of` and what follows")
            return
        }
    }

    mutating func checkExcept(_ expression: Expression) -> CheckedExpression? {
        let value = infer(expression)
        switch present(value.type) {
        case .person, .organisation, .party: return value
        case .list(let element, _), .set(let element, _):
            if [.person, .organisation, .party].contains(element) { return value }
            return reportNoParty(value)
        case .unknown: return nil
        default: return reportNoParty(value)
        }
    }

    private mutating func reportNoParty(_ value: CheckedExpression) -> CheckedExpression? {
        report(
            .typeMismatch, "`except` needs a party, and this is \(name(value.type))", at: value.span,
            help: "name a field of type Person, Organisation or Party")
        return nil
    }

    /// An action on a case that is there must be given what its form enters, optional fields included.
    private mutating func assumeEntered(_ enters: [Int]) {
        for index in enters {
            let field = program.caseFields[index]
            if let path = ValuePath(CheckedExpression(.caseField(index), field.type, field.span)) {
                flow.present.insert(path)
            }
        }
    }

    /// Checks that an opening action leaves every field with a value and the case in a state.
    private mutating func checkOpening(_ action: ActionSyntax, _ opens: [Int]) {
        guard !flow.isEnded else { return }
        if opens.count > 1, !flow.becameAlways {
            isWayUnknown = true
            report(
                .becomeMissing, "`\(action.name.text)` may end without saying in which state the case begins",
                at: action.name.span, "some path has no `become`",
                help: "write `become` on every path, with one of \(Self.listed(opens.map { program.states[$0].name }))")
        }
        for (index, field) in program.caseFields.enumerated() where !flow.assigned.contains(index) {
            // One that is declared twice is set under its first declaration.
            let isRepeated = symbols[TextValue(field.name)]?.name.span != field.span
            if field.type == .unknown || isRepeated { continue }
            report(
                .fieldNotSet, "`\(action.name.text)` may leave `\(field.name)` without a value", at: action.name.span,
                "opens a case", labels: [Label(field.span, "has no `starts` and is not optional")],
                help: "name it behind `enters`, or `set \(field.name) to …` on every path")
        }
    }

    /// Checks what happens on entering states.
    mutating func checkEntering() {
        var seen: [Int: Span] = [:]
        for declaration in ownDeclarations {
            guard case .entering(let name, let block) = declaration.kind else { continue }
            begin(.entering, [], [])
            becomes = []
            money = MoneyUse()
            isWayUnknown = false
            let body = checkBlock(block)
            guard let state = resolveState(name) else { continue }
            if let first = seen[state] {
                report(
                    .duplicateName, "`entering \(name.text)` stands twice", at: name.span, "again here",
                    labels: [Label(first, "first here")], help: "join the two blocks")
                continue
            }
            seen[state] = name.span
            keepMove(name, .timer, from: [state])
            if let kept = moves.last {
                entered.append(EnteredFields(state: state, place: name.span, present: kept.present))
            }
            program.entering.append(
                EnteringDeclaration(state: state, body: body, localCount: scope.slotCount, span: name.span))
        }
    }
}
