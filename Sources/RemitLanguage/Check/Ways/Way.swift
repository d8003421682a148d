import RemitValues

/// A block that changes a case that is there, with the paths through it.
struct Way {
    /// What makes it run.
    enum Cause: Hashable {
        case action(Int), deadline(Int), granted(Int), declined(Int), overdue(Int)

        /// The round that it ends.
        var round: Int? {
            switch self {
            case .granted(let round), .declined(let round), .overdue(let round): round
            case .action, .deadline: nil
            }
        }

        /// How the round stands then.
        var outcome: RoundOutcome? {
            switch self {
            case .granted: .granted
            case .declined: .declined
            case .overdue: .overdue
            case .action, .deadline: nil
            }
        }

        /// Whether it comes with time, whoever acts or not.
        var isTimer: Bool {
            switch self {
            case .deadline, .overdue: true
            case .action, .granted, .declined: false
            }
        }
    }

    let cause: Cause
    /// Its head.
    let span: Span
    /// The states that it runs in.
    let states: [Int]
    /// What its paths come to; nil where a mistake hides that, or there are too many.
    let ends: [PathEnd]?

    /// Whether it may write a field of the case and leave the case in its state.
    var mayWriteAndStay: Bool { ends?.contains { $0.target == nil && $0.writes } ?? false }
}

extension Checker {
    /// Follows the paths of all that changes a case: actions, rounds, then deadlines, each in order of writing.
    mutating func findWays() {
        ways = program.actions.indices.filter { !program.actions[$0].states.isEmpty }.map(wayOfAction)
        for (index, approval) in program.approvals.enumerated() {
            let outcomes: [(Way.Cause, CheckedBody)] = [
                (.granted(index), approval.granted), (.declined(index), approval.declined),
                (.overdue(index), approval.overdue),
            ]
            for (cause, body) in outcomes {
                ways.append(
                    Way(cause: cause, span: approval.span, states: approval.states, ends: ends(body, approval.span)))
            }
        }
        for (index, deadline) in program.deadlines.enumerated() {
            ways.append(
                Way(
                    cause: .deadline(index), span: deadline.span, states: deadline.states,
                    ends: ends(deadline.body, deadline.span)))
        }
    }

    private func wayOfAction(_ index: Int) -> Way {
        let action = program.actions[index]
        var start = PathEnd()
        start.writes = !action.enters.isEmpty
        start.written = Set(action.enters).intersection(pastFields.compactMap(\.field))
        return Way(
            cause: .action(index), span: action.span, states: action.states,
            ends: ends(CheckedBody(block: action.body, localCount: 0), action.span, from: start))
    }

    private func ends(_ body: CheckedBody, _ span: Span, from start: PathEnd = PathEnd()) -> [PathEnd]? {
        guard areValuesSound, isSound(span), !moves.contains(where: { $0.isUnknown && $0.name.span == span }) else {
            return nil
        }
        return PathWalk.ends(
            of: body.block, from: start, in: program, watching: Set(pastFields.compactMap(\.field)))
    }
}
