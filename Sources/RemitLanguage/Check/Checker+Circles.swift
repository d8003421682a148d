import RemitValues

/// A deadline, or the end of a round, that would be started again at the moment at which it fires.
struct Circle {
    /// The head of the timer.
    let span: Span
    /// The head of the next timer on the way back to it, or of the one that starts it again; nil where it starts
    /// itself.
    let next: Span?
    /// Where its term comes from that may be nothing; nil where it does not depend on the term.
    let source: String?
    /// The states in which it is not started again then, so that it does not end them.
    let states: Set<Int>
    /// How another starts it again that fires at the same moment; nil where it leads back to itself.
    var other: Other?

    enum Other {
        /// A deadline is not started again.
        case start
        /// A round is not opened again, so that the other stalls: by what it writes, or by the state that it enters,
        /// from any of some states.
        case write(from: Set<Int>), enter(from: Set<Int>)
    }
}

/// Deadlines and rounds that would be started again at the moment at which they fire.
extension Checker {
    /// Finds each timer that would fall due again at once by what it does, or by what another does at the same moment:
    /// it fires once, and is not started again.
    mutating func findCircles() {
        guard areValuesSound else { return }
        let all = program.timers.filter { isSound(program.span(of: $0)) }
        circles = TimerSteps(all, moves: moves, ways: ways, in: program).circles
        for circle in circles {
            spent[circle.span, default: []].formUnion(circle.states)
            switch circle.other {
            case .write(let states), .enter(let states):
                if let next = circle.next { spent[next, default: []].formUnion(states) }
            case .start, nil: break
            }
        }
    }

    mutating func checkCircles() {
        for circle in circles {
            let notes = circle.source.map { ["its term may be nothing, since it is known only from \($0)"] } ?? []
            let table = "take the term from a table or a parameter, or "
            guard let other = circle.other else {
                report(
                    .circularDeadline, "this leads back to itself at the moment at which it fires", at: circle.span,
                    "fires once, and does not start again",
                    labels: circle.next.map { [Label($0, "by way of this")] } ?? [], notes: notes,
                    help: circle.source == nil
                        ? "lead to a state in which time goes on, or count from entry or from a field that is set here"
                        : table + "lead to a state in which time goes on")
                continue
            }
            let (message, label, way): (String, String, String)
            switch other {
            case .start:
                message = "this would start again at the moment at which it fires"
                label = "fires once, and does not start again"
                way = "fires at the same moment, and enters a state in which it runs"
            case .write:
                message = "this round would be overdue again at the moment at which it is"
                label = "may have no time"
                way = "writes at the same moment, and stalls, since that opens the round again"
            case .enter:
                message = "this round would be overdue again at the moment at which it is"
                label = "may have no time"
                way = "enters its state at the same moment, and stalls, since that opens the round again"
            }
            report(
                .circularDeadline, message, at: circle.span, label,
                labels: circle.next.map { [Label($0, way)] } ?? [], notes: notes,
                help: (circle.source == nil ? "" : table) + "give it time, or let it lead to another state")
        }
    }

    /// Whether a way is a timer that may not be started in a state, since it fires at the moment at which that is
    /// entered.
    func isSpent(_ move: Move, in state: Int) -> Bool {
        move.kind == .timer && spent[move.name.span]?.contains(state) ?? false
    }
}
