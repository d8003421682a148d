import RemitValues

/// Deadlines and rounds that lead back to themselves at the moment at which they fire.
extension Checker {
    /// Reports each timer that would fall due again at once by what it does: it fires once, and is not started again.
    mutating func checkCircles() {
        guard areValuesSound else { return }
        let program = program
        let sound = program.timers.indices.filter { isSound(program.span(of: program.timers[$0])) }
        let steps = sound.map { timer in
            sound.filter { program.leadsAtOnce(from: program.timers[timer], to: program.timers[$0]) }
        }
        for (place, timer) in sound.enumerated() {
            guard let next = Self.firstStepBack(to: timer, from: place, sound, steps) else { continue }
            let span = program.span(of: program.timers[timer])
            let other = program.span(of: program.timers[next])
            report(
                .circularDeadline, "this leads back to itself at the moment at which it fires", at: span,
                "fires once, and does not start again",
                labels: next == timer ? [] : [Label(other, "by way of this")],
                help: "lead to a state in which time goes on, or count from entry or from a field that is set here")
        }
    }

    /// The first timer on a way from a timer back to itself; nil where there is no such way.
    private static func firstStepBack(to timer: Int, from place: Int, _ sound: [Int], _ steps: [[Int]]) -> Int? {
        steps[place].first { first in
            var seen: Set<Int> = []
            var open = [first]
            while let next = open.popLast() {
                if next == timer { return true }
                guard seen.insert(next).inserted, let there = sound.firstIndex(of: next) else { continue }
                open += steps[there]
            }
            return false
        }
    }
}

extension CheckedProgram {
    fileprivate func span(of timer: TimerDeclaration) -> Span {
        switch timer {
        case .deadline(let index): deadlines[index].span
        case .overdue(let index): approvals[index].span
        }
    }

    /// Whether what a timer does may start another, or itself, so that it falls due at the same moment.
    fileprivate func leadsAtOnce(from first: TimerDeclaration, to second: TimerDeclaration) -> Bool {
        let body: CheckedBlock
        let present: [Int]
        switch first {
        case .deadline(let index): (body, present) = (deadlines[index].body.block, deadlines[index].states)
        case .overdue(let index): (body, present) = (approvals[index].overdue.block, approvals[index].states)
        }
        let moved = body.movedFields
        switch second {
        case .overdue(let index):
            return Self.isNothing(approvals[index].within) && !body.targets.isDisjoint(with: approvals[index].states)
        case .deadline(let index):
            let deadline = deadlines[index]
            // A field that is set to itself starts the term anew, and no later.
            if let past = deadline.past, body.writtenFields.contains(past), !moved.contains(past),
                !Set(present).isDisjoint(with: deadline.states)
            {
                return true
            }
            return body.targets.contains { target in
                guard deadline.states.contains(target) else { return false }
                guard let past = deadline.past else { return Self.isNothing(deadline.term) }
                let entered = entering.first { $0.state == target }?.body.movedFields ?? []
                return !moved.contains(past) && !entered.contains(past)
            }
        }
    }

    private static func isNothing(_ term: Priced) -> Bool {
        if case .constant(.term(let term)) = term.expression.kind { term.count == 0 } else { false }
    }
}

extension CheckedBlock {
    /// The states that it may lead to.
    fileprivate var targets: Set<Int> {
        var found: Set<Int> = []
        each { statement in if case .become(let state) = statement.kind { found.insert(state) } }
        return found
    }

    /// The case fields that it may give another value.
    fileprivate var movedFields: Set<Int> {
        var found: Set<Int> = []
        each { statement in
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

    private func each(_ visit: (CheckedStatement) -> Void) {
        for statement in statements {
            visit(statement)
            switch statement.kind {
            case .choose(_, let then, let otherwise):
                then.each(visit)
                otherwise.each(visit)
            case .match(_, let arms): for arm in arms { arm.body.each(visit) }
            case .each(_, _, let body): body.each(visit)
            default: break
            }
        }
    }
}
