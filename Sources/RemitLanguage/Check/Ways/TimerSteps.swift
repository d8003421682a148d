import RemitValues

/// Which timer starts which other, or itself, so that it falls due at the same moment.
struct TimerSteps {
    /// What matters of a timer.
    private struct Facts {
        let span: Span
        let states: Set<Int>
        /// Whether it is the end of a round.
        let isRound: Bool
        /// The field that its term counts from.
        let past: Int?
        /// Whether its term may be nothing, and whether the contract writes out such a term.
        let mayBeNothing: Bool
        let isNothing: Bool
        /// Where the term comes from, if that is not written out.
        let source: String?
        /// The states that it may lead to.
        let targets: Set<Int>
        /// Whether the case may stay in its state, also with a field written.
        let mayStay: Bool
        let mayWriteAndStay: Bool
        let written: Set<Int>
        /// The case fields that it may give another value.
        let moved: Set<Int>

        /// The states that the case may stay in.
        var kept: Set<Int> { mayStay ? states : [] }
    }

    private let timers: [Facts]
    /// The timers that run in each state.
    private var byState: [Int: [Int]] = [:]
    /// The case fields that the block of a state may give another value.
    private var enteredFields: [Int: Set<Int>] = [:]

    init(_ timers: [TimerDeclaration], moves: [Move], ways: [Way], in program: CheckedProgram) {
        let staying = Set(moves.filter { $0.kind == .timer && $0.mayStay }.map(\.name.span))
        let writing = Set(ways.filter(\.mayWriteAndStay).map(\.cause))
        var known: [Int: Terms] = [:]
        self.timers = timers.map { Self.facts($0, staying, writing, program, &known) }
        for (index, timer) in self.timers.enumerated() {
            for state in timer.states { byState[state, default: []].append(index) }
        }
        for entering in program.entering.reversed() { enteredFields[entering.state] = entering.body.movedFields }
    }

    private typealias Terms = WrittenValues<Term>

    private static func facts(
        _ timer: TimerDeclaration, _ staying: Set<Span>, _ writing: Set<Way.Cause>, _ program: CheckedProgram,
        _ known: inout [Int: Terms]
    ) -> Facts {
        let (body, states, past, term): (CheckedBlock, [Int], Int?, CheckedExpression)
        let cause: Way.Cause
        switch timer {
        case .deadline(let index):
            let deadline = program.deadlines[index]
            (body, states, cause) = (deadline.body.block, deadline.states, .deadline(index))
            (past, term) = (deadline.past, deadline.term.expression)
        case .overdue(let index):
            let approval = program.approvals[index]
            (body, states, cause) = (approval.overdue.block, approval.states, .overdue(index))
            (past, term) = (nil, approval.within.expression)
        }
        let terms = terms(term, program, &known)
        let isNothing = terms.found.contains { $0.count <= 0 }
        let span = program.span(of: timer)
        return Facts(
            span: span, states: Set(states), isRound: cause.round != nil, past: past,
            mayBeNothing: isNothing || terms.unknown != nil, isNothing: isNothing,
            source: isNothing ? nil : terms.unknown, targets: body.targets, mayStay: staying.contains(span),
            mayWriteAndStay: writing.contains(cause), written: body.writtenFields, moved: body.movedFields)
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

    /// The states in which what a timer writes may open another round so that it is overdue at the same moment.
    private func opened(by first: Facts, _ second: Facts) -> Set<Int> {
        guard first.span != second.span, first.mayWriteAndStay, second.isRound, second.mayBeNothing else { return [] }
        return first.states.intersection(second.states)
    }

    /// The timers that another may start at once, in order of writing.
    private func following(_ timer: Int) -> [Int] {
        let first = timers[timer]
        let near = Set(first.targets.union(first.states).flatMap { byState[$0] ?? [] })
        return near.sorted().filter { !states(from: first, to: timers[$0]).isEmpty }
    }

    var circles: [Circle] {
        let steps = timers.indices.map { following($0) }
        return timers.indices.compactMap { circle(of: $0, steps) ?? doubled($0, steps) }
    }

    private func circle(of timer: Int, _ steps: [[Int]]) -> Circle? {
        let stuck = reached(from: timer, for: timer, steps).reduce(into: Set<Int>()) { stuck, next in
            if steps[next].contains(timer) { stuck.formUnion(states(from: timers[next], to: timers[timer])) }
        }
        guard !stuck.isEmpty, let next = steps[timer].first(where: { leads($0, to: timer, steps) }) else { return nil }
        return Circle(
            span: timers[timer].span, next: next == timer ? nil : timers[next].span,
            source: timers[timer].past == nil ? timers[timer].source : nil, states: stuck)
    }

    /// The timers that one may start by way of others, itself first.
    ///
    /// What gives the field that a timer counts from another value is on no way that leads back to that timer at once.
    private func reached(from first: Int, for timer: Int, _ steps: [[Int]]) -> [Int] {
        let past = timers[timer].past
        func moves(_ index: Int) -> Bool { past.map { timers[index].moved.contains($0) } ?? false }
        guard !moves(first) else { return [] }
        var found = [first]
        var seen: Set<Int> = [first]
        var place = 0
        while place < found.count {
            for other in steps[found[place]] where !moves(other) && seen.insert(other).inserted { found.append(other) }
            place += 1
        }
        return found
    }

    private func leads(_ first: Int, to timer: Int, _ steps: [[Int]]) -> Bool {
        reached(from: first, for: timer, steps).contains { $0 == timer || steps[$0].contains(timer) }
    }

    /// A timer that takes no time, and that another starts again which fires at the same moment.
    private func doubled(_ timer: Int, _ steps: [[Int]]) -> Circle? {
        let first = timers[timer]
        guard first.past == nil, first.mayBeNothing else { return nil }
        let near = Set(first.states.flatMap { byState[$0] ?? [] }).sorted()
        let started = Set(first.isRound ? reached(from: timer, for: timer, steps) : [])
        for other in near where other != timer {
            let second = timers[other]
            let shared = first.states.intersection(second.states)
            // Of two that fall due together the one that is written first fires first.
            let isTogether =
                other > timer && first.mayStay && second.past == nil && second.mayBeNothing
                && (first.isNothing || second.isNothing)
            let entered = isTogether ? states(from: second, to: first) : []
            let written = isTogether || started.contains(other) ? opened(by: second, first) : []
            guard !entered.isEmpty || !written.isEmpty else { continue }
            let way: Circle.Other =
                !first.isRound ? .start : written.isEmpty ? .enter(from: shared) : .write(from: shared)
            return Circle(
                span: first.span, next: second.span, source: first.source, states: entered.union(written), other: way)
        }
        return nil
    }
}

extension CheckedProgram {
    func span(of timer: TimerDeclaration) -> Span {
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
