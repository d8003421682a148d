import RemitValues

/// A deadline, or the end of a round, that would be started again at the moment at which it fires.
struct Circle {
    /// The head of the timer.
    let span: Span
    /// The head of the next timer on the way back to it; nil where it starts itself.
    let next: Span?
    /// Where its term comes from that may be nothing; nil where it does not depend on the term.
    let source: String?
    /// The states in which it is not started again then, so that it does not end them.
    let states: Set<Int>
}

/// Deadlines and rounds that lead back to themselves at the moment at which they fire.
extension Checker {
    /// Finds each timer that would fall due again at once by what it does: it fires once, and is not started again.
    mutating func findCircles() {
        guard areValuesSound else { return }
        let all = program.timers.filter { isSound(program.span(of: $0)) }
        let staying = Set(moves.filter { $0.kind == .timer && $0.mayStay }.map(\.name.span))
        circles = TimerSteps(all, staying: staying, in: program).circles
    }

    mutating func checkCircles() {
        for circle in circles {
            report(
                .circularDeadline, "this leads back to itself at the moment at which it fires", at: circle.span,
                "fires once, and does not start again",
                labels: circle.next.map { [Label($0, "by way of this")] } ?? [],
                notes: circle.source.map { ["its term may be nothing, since it is known only from \($0)"] } ?? [],
                help: circle.source == nil
                    ? "lead to a state in which time goes on, or count from entry or from a field that is set here"
                    : "take the term from a table or a parameter, or lead to a state in which time goes on")
        }
    }

    /// Whether a way is a timer that may not be started in a state, since it fires at the moment at which that is
    /// entered.
    func isSpent(_ move: Move, in state: Int) -> Bool {
        move.kind == .timer && circles.contains { $0.span == move.name.span && $0.states.contains(state) }
    }
}

/// Which timer starts which other, or itself, so that it falls due at the same moment.
private struct TimerSteps {
    /// What matters of a timer.
    private struct Facts {
        let span: Span
        let states: [Int]
        /// The field that its term counts from.
        let past: Int?
        /// Whether its term may be nothing.
        let mayBeNothing: Bool
        /// Where the term comes from, if that is not written out.
        let source: String?
        /// The states that it may lead to.
        let targets: Set<Int>
        /// The states that the case may stay in.
        let kept: Set<Int>
        let written: Set<Int>
        /// The case fields that it may give another value.
        let moved: Set<Int>
    }

    private let timers: [Facts]
    /// The timers that run in each state.
    private var byState: [Int: [Int]] = [:]
    /// The case fields that the block of a state may give another value.
    private var enteredFields: [Int: Set<Int>] = [:]

    /// `staying` are the heads of timers after which the case may stay in its state.
    init(_ timers: [TimerDeclaration], staying: Set<Span>, in program: CheckedProgram) {
        var known: [Int: Terms] = [:]
        self.timers = timers.map { Self.facts($0, staying, program, &known) }
        for (index, timer) in self.timers.enumerated() {
            for state in timer.states { byState[state, default: []].append(index) }
        }
        for entering in program.entering.reversed() { enteredFields[entering.state] = entering.body.movedFields }
    }

    private typealias Terms = WrittenValues<Term>

    private static func facts(
        _ timer: TimerDeclaration, _ staying: Set<Span>, _ program: CheckedProgram, _ known: inout [Int: Terms]
    ) -> Facts {
        let (body, states, past, term): (CheckedBlock, [Int], Int?, CheckedExpression)
        switch timer {
        case .deadline(let index):
            let deadline = program.deadlines[index]
            (body, states) = (deadline.body.block, deadline.states)
            (past, term) = (deadline.past, deadline.term.expression)
        case .overdue(let index):
            let approval = program.approvals[index]
            (body, states) = (approval.overdue.block, approval.states)
            (past, term) = (nil, approval.within.expression)
        }
        let terms = terms(term, program, &known)
        let isNothing = terms.found.contains { $0.count <= 0 }
        let span = program.span(of: timer)
        return Facts(
            span: span, states: states, past: past, mayBeNothing: isNothing || terms.unknown != nil,
            source: isNothing ? nil : terms.unknown, targets: body.targets,
            kept: staying.contains(span) ? Set(states) : [], written: body.writtenFields, moved: body.movedFields)
    }

    /// The terms that an expression may come to; those of a field are worked out once.
    private static func terms(
        _ term: CheckedExpression, _ program: CheckedProgram, _ known: inout [Int: Terms]
    ) -> Terms {
        if case .caseField(let field) = term.kind, let found = known[field] { return found }
        let found = Terms(of: term, in: program) { value in
            if case .term(let term) = value { term } else { nil }
        }
        if case .caseField(let field) = term.kind { known[field] = found }
        return found
    }

    /// The states in which what a timer does may start another, or itself, so that it falls due at the same moment.
    private func states(from first: Facts, to second: Facts) -> Set<Int> {
        let entered = first.targets.intersection(second.states)
        guard let past = second.past else { return second.mayBeNothing ? entered : [] }
        if first.moved.contains(past) { return [] }
        // A field that is set to itself starts the term anew, and no later.
        let kept = first.written.contains(past) ? first.kept.intersection(second.states) : []
        return kept.union(entered.filter { !(enteredFields[$0] ?? []).contains(past) })
    }

    /// The timers that another may start at once, in order of writing.
    private func following(_ timer: Int) -> [Int] {
        let first = timers[timer]
        let near = Set(first.targets.union(first.states).flatMap { byState[$0] ?? [] })
        return near.sorted().filter { !states(from: first, to: timers[$0]).isEmpty }
    }

    var circles: [Circle] {
        let steps = timers.indices.map { following($0) }
        return timers.indices.compactMap { timer in
            var stuck: Set<Int> = []
            var seen: Set<Int> = [timer]
            var open = [timer]
            while let next = open.popLast() {
                for other in steps[next] {
                    if other == timer { stuck.formUnion(states(from: timers[next], to: timers[timer])) }
                    if seen.insert(other).inserted { open.append(other) }
                }
            }
            guard !stuck.isEmpty, let next = steps[timer].first(where: { leads($0, to: timer, steps) }) else {
                return nil
            }
            return Circle(
                span: timers[timer].span, next: next == timer ? nil : timers[next].span,
                source: timers[timer].past == nil ? timers[timer].source : nil, states: stuck)
        }
    }

    private func leads(_ first: Int, to timer: Int, _ steps: [[Int]]) -> Bool {
        var seen: Set<Int> = []
        var open = [first]
        while let next = open.popLast() {
            if next == timer { return true }
            if seen.insert(next).inserted { open += steps[next] }
        }
        return false
    }
}

extension CheckedProgram {
    fileprivate func span(of timer: TimerDeclaration) -> Span {
        switch timer {
        case .deadline(let index): deadlines[index].span
        case .overdue(let index): approvals[index].span
        }
    }
}

extension CheckedBlock {
    /// The states that it may lead to.
    fileprivate var targets: Set<Int> {
        var found: Set<Int> = []
        forEachStatement { statement in if case .become(let state) = statement.kind { found.insert(state) } }
        return found
    }

    /// The case fields that it may give another value.
    fileprivate var movedFields: Set<Int> {
        var found: Set<Int> = []
        forEachStatement { statement in
            switch statement.kind {
            case .setField(let field, let value):
                if case .caseField(field) = value.kind { return }
                found.insert(field)
            case .addToField(let field, _), .removeFromField(let field, _), .setEntry(let field, _, _),
                .addToEntry(let field, _, _):
                found.insert(field)
            default: return
            }
        }
        return found
    }
}
