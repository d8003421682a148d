import RemitValues

/// Statements where a path forks, and where it leads.
extension Checker {
    mutating func checkIf(_ condition: Expression, _ then: Block, _ otherwise: Block?) -> CheckedStatement.Kind? {
        let test = checkCondition(condition, "`if` asks a condition")
        let before = flow
        flow.learn(facts(test, true))
        let first = checkBlock(then)
        let afterThen = flow
        flow = before
        flow.learn(facts(test, false))
        let second = otherwise.map { checkBlock($0) } ?? CheckedBlock(statements: [])
        flow = afterThen.merged(flow)
        return .choose(test, then: first, otherwise: second)
    }

    mutating func checkEach(_ name: Name, _ list: Expression, _ body: Block) -> CheckedStatement.Kind? {
        let source = infer(list)
        let element = elements(source)?.0 ?? .unknown
        // What the body writes is not known at its start either, from the second round on.
        for field in writtenFields(body) { flow.forget(field) }
        for register in writtenRegisters(body) { flow.forgetRows(of: register) }
        let before = flow
        let visible = scope.locals.count
        let local = declareLocal(name, element, .loop)
        let targets = becomeTargets
        let checked = checkBlock(body)
        becomeTargets = targets
        scope.hideLocals(to: visible)
        if flow.becameAt != before.becameAt, let place = flow.becameAt {
            report(
                .becomeTwice, "`become` stands in a loop, and could come twice", at: place,
                help: "write it after the loop, under `if any … in … where …`")
        }
        flow = before.merged(flow)
        flow.isEnded = false
        return .each(local: local, in: source, checked)
    }

    /// The case fields that a block writes, in any of its branches.
    private func writtenFields(_ block: Block) -> [Int] {
        var fields: [Int] = []
        for statement in block.statements {
            switch statement.kind {
            case .set(let target, _), .add(_, let target), .remove(_, let target):
                if let name = writtenName(target), case .caseField(let index) = symbols[name.bytes]?.symbol {
                    fields.append(index)
                }
            case .choose(_, let then, let otherwise):
                fields += writtenFields(then) + (otherwise.map(writtenFields) ?? [])
            case .match(_, let arms): for arm in arms { fields += writtenFields(arm.body) }
            case .each(_, _, let body): fields += writtenFields(body)
            default: break
            }
        }
        return fields
    }

    /// The registers whose rows a block writes, in any of its branches.
    private func writtenRegisters(_ block: Block) -> [Int] {
        var registers: [Int] = []
        for statement in block.statements {
            switch statement.kind {
            case .set(let target, _), .add(_, let target):
                if case .member(let base, _) = target.kind, case .lookup(let table, _) = base.kind,
                    case .name(let name) = table.kind, case .register(let index) = symbols[name.bytes]?.symbol
                {
                    registers.append(index)
                }
            case .choose(_, let then, let otherwise):
                registers += writtenRegisters(then) + (otherwise.map(writtenRegisters) ?? [])
            case .match(_, let arms): for arm in arms { registers += writtenRegisters(arm.body) }
            case .each(_, _, let body): registers += writtenRegisters(body)
            default: break
            }
        }
        return registers
    }

    /// The name of the case field that a statement writes, or writes an entry of.
    private func writtenName(_ target: Expression) -> Name? {
        switch target.kind {
        case .name(let name): return name
        case .lookup(let base, _): return writtenName(base)
        case .member(let base, let name): if case .thisCase = base.kind { return name } else { return nil }
        default: return nil
        }
    }

    mutating func checkMatch(_ expression: Expression, _ arms: [MatchArm], _ span: Span) -> CheckedStatement.Kind? {
        var value = infer(expression)
        if case .caseOf = value.type { value = stateOfOther(value) ?? wrong(span) }
        let names = valueNames(value.type)
        let known = value.type != .unknown
        if known, names == nil || present(value.type) != value.type {
            reportNoMatch(value)
        }
        let before = flow
        var after: Flow?
        var seen: [TextValue: Span] = [:]
        let allowed = names.map { Set($0.map { TextValue($0) }) }
        var checked: [(values: [Value], body: CheckedBlock)] = []
        for arm in arms {
            var values: [Value] = []
            for pattern in arm.patterns {
                if let names, let allowed, !allowed.contains(pattern.bytes) {
                    reportNoPattern(pattern, value.type, names)
                    // What was meant is not missing as well.
                    let meant = Suggestion.nearest(to: pattern.text, among: names).map { TextValue($0) }
                    if let meant, seen[meant] == nil { seen[meant] = pattern.span }
                } else if let first = seen[pattern.bytes] {
                    report(
                        .patternRepeated, "`\(pattern.text)` is matched twice", at: pattern.span, "again here",
                        labels: [Label(first, "first here")], help: "leave one of the two out")
                } else {
                    seen[pattern.bytes] = pattern.span
                    values.append(.enumeration(pattern.bytes))
                }
            }
            flow = before
            if case .outcome(let round) = value.kind, values == [RoundOutcome.granted.word] {
                flow.learn([ValuePath(granted: round)])
            }
            checked.append((values, checkBlock(arm.body)))
            after = after?.merged(flow) ?? flow
        }
        flow = after ?? before
        if known, let names { reportMissing(names.filter { seen[TextValue($0)] == nil }, value, span) }
        return .match(value, checked)
    }

    private mutating func reportNoMatch(_ value: CheckedExpression) {
        let help: String
        switch value.type {
        case .boolean: help = "a condition is asked with `if … { … } else { … }`"
        case .optional(let inner) where valueNames(inner) != nil:
            help = "ask first whether it is there: `if x is present { match x { … } }`"
        case .optional: help = "ask whether it is there: `if x is present { … } else { … }`"
        case .text: help = "compare it with `if`, or declare an `enum` of its values"
        case .list, .set, .map: help = "go through it with `for … in … { … }`"
        case .record: help = "match one of its fields"
        case .integer, .decimal, .money, .unrounded, .date, .dateTime, .duration:
            help = "compare it with `if … { … } else if … { … }`, or read the answer from a table"
        default: help = "match an enum, a verdict or the state of the case; use `if` for anything else"
        }
        report(
            .nothingToMatch, "`match` goes through named values, and this is \(name(value.type))", at: value.span,
            "not an enum, a verdict or a state", help: help)
    }

    private mutating func reportNoPattern(_ pattern: Name, _ type: ValueType, _ names: [String]) {
        report(
            .unknownName, "`\(pattern.text)` is not a value of \(name(type))", at: pattern.span, "not one of them",
            help: suggestion(pattern.text, among: names) ?? "write one of \(Self.listed(names))")
    }

    private mutating func reportMissing(_ missing: [String], _ value: CheckedExpression, _ span: Span) {
        guard let first = missing.first else { return }
        // What is missing may lead to another state.
        isWayUnknown = true
        report(
            .matchIncomplete, "this match does not say what happens for \(Self.listed(missing))", at: value.span,
            "could also be `\(first)`", help: "add `\(missing.joined(separator: ", ")) { … }`")
    }

    mutating func checkBecome(_ state: Name, _ span: Span) -> CheckedStatement.Kind? {
        guard let targets = becomeTargets else {
            isWayUnknown = true
            report(
                .becomeElsewhere, "`become` stands where the case has just entered a state", at: span,
                help: "an entering block changes fields and registers; an action or its successor changes the state")
            return nil
        }
        guard let index = resolveState(state) else {
            // A state was meant, so nothing more is missing on this path.
            flow.becameAlways = true
            return nil
        }
        if let first = flow.becameAt {
            report(
                .becomeTwice, "a second `become` on the same path", at: span, "again here",
                labels: [Label(first, "the case has got its new state here")],
                help: "put the two into the two branches of an `if`, or leave one out")
        }
        if let allowed = targets.allowed, !allowed.contains(index) {
            isWayUnknown = true
            let names = Self.listed(allowed.map { program.states[$0].name })
            report(
                .becomeElsewhere, "`\(targets.actionName.text)` may not open a case in `\(state.text)`",
                at: state.span, labels: [Label(targets.actionName.span, "its head does not name that state")],
                help:
                    "add `\(state.text)` behind `opens`, or become one of \(names)"
            )
        }
        flow.becameAlways = true
        flow.becameAt = span
        flow.arrive(in: index)
        if !becomes.contains(index) { becomes.append(index) }
        return .become(index)
    }
}
