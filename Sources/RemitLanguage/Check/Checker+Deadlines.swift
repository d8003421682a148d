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
        moves.append(
            Move(
                name: name, kind: .timer, states: states, isOpening: false, targets: becomes, mayStay: mayStay,
                money: money, present: presentFields))
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

    /// Whether some path of the body that was checked last leaves the case in its state.
    var mayStay: Bool { !flow.isEnded && !flow.becameAlways }

    /// The optional case fields that are known to be present where a body ends.
    var presentFields: Set<Int> {
        Set(
            flow.present.compactMap { path in
                if case .caseField(let index) = path.root, path.steps.isEmpty { return index }
                return nil
            })
    }

    /// Reports deadlines that count from a field which may be absent in their state.
    mutating func checkPastFields() {
        for (field, states, span) in pastFields {
            guard let field, case .optional = program.caseFields[field].type else { continue }
            for state in states {
                let ways = moves.filter { $0.targets.contains(state) }
                if ways.allSatisfy({ $0.present.contains(field) }) { continue }
                report(
                    .idleDeadline,
                    "`\(program.caseFields[field].name)` may be absent in `\(program.states[state].name)`, and then "
                        + "the term does not begin",
                    at: span, labels: [Label(program.caseFields[field].span, "may be absent")],
                    help: "set the field wherever the case becomes `\(program.states[state].name)`")
            }
        }
    }
}

/// A way from states to states: an action, a deadline, or what follows a round.
struct Move {
    enum Kind {
        case action, timer, granted, otherOutcome
    }

    let name: Name
    let kind: Kind
    let states: [Int]
    let isOpening: Bool
    let targets: [Int]
    /// Whether some path leaves the case in the state that it is in.
    let mayStay: Bool
    let money: MoneyUse
    /// Optional case fields that surely have a value at its end.
    let present: Set<Int>
}
