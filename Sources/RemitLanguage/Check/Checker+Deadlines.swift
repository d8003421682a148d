import RemitValues

/// Deadlines: what a contract does by itself when a term is over.
extension Checker {
    mutating func checkDeadlines() {
        for declaration in ownDeclarations {
            guard case .deadline(let deadline) = declaration.kind else { continue }
            checkDeadline(deadline, declaration.span)
        }
    }

    private mutating func checkDeadline(_ deadline: DeadlineSyntax, _ span: Span) {
        let head = Span(span.start, min(span.end, span.start + 5))
        isWayUnknown = false
        let states = resolveStates(deadline.states)
        begin(.head, [], [])
        let term = check(deadline.term, Expectation(.term, because: "a deadline is a term from its start"))
        let termLocals = scope.slotCount
        let past = deadline.past.flatMap { pastField($0) }
        let words = "deadline in \(deadline.states.map(\.text).joined(separator: ", "))"
        let name = Name(words, head)
        let body = checkOutcome(deadline.body, .deadline, name)
        for state in states
        where program.states[state].isFinal && !becomes.contains(where: { $0 != state }) {
            report(
                .idleDeadline, "`\(program.states[state].name)` is final, and nothing follows a final state",
                at: deadline.states.first { $0.bytes == TextValue(program.states[state].name) }?.span ?? head,
                labels: [Label(program.states[state].span, "declared final here")],
                help: "name a state that the case leaves again")
        }
        keepMove(name, .timer, from: states)
        pastFields.append((field: past, states: states, span: deadline.past?.span ?? head))
        program.timers.append(.deadline(program.deadlines.count))
        program.deadlines.append(
            DeadlineDeclaration(
                name: words, term: Priced(term), past: past, states: states, body: body, termLocals: termLocals,
                source: source(deadline.source), span: head))
    }

    private mutating func pastField(_ name: Name) -> Int? {
        guard let index = caseField(name, for: "`past`") else { return nil }
        used.insert(name.bytes)
        let field = program.caseFields[index]
        switch present(field.type) {
        case .date, .dateTime, .unknown: return index
        default:
            report(
                .typeMismatch, "`\(name.text)` is \(self.name(field.type)), and a term counts from a day or a time",
                at: name.span, labels: [Label(field.span, "declared here")],
                help: "name a field of type Date or DateTime")
            return nil
        }
    }

    /// Checks a block that the engine runs: what follows a deadline or a round.
    mutating func checkOutcome(_ block: Block, _ scope: Scope, _ name: Name) -> CheckedBody {
        begin(scope, [], [])
        becomes = []
        money = MoneyUse()
        becomeTargets = BecomeTargets(allowed: nil, actionName: name)
        let checked = checkBlock(block)
        becomeTargets = nil
        return CheckedBody(block: checked, localCount: self.scope.slotCount)
    }
}
