import RemitValues

/// Rounds that move money, and whose state the case does not leave by it: opened again, they move it again.
extension Checker {
    /// Reports what follows a round and moves money where the round may be opened again and come to the same.
    mutating func checkRepeatedMoney() {
        for way in ways {
            guard let round = way.cause.round, let outcome = way.cause.outcome, let ends = way.ends else { continue }
            var found: (movement: PathEnd.Movement, opener: Opener)?
            for end in ends where found == nil {
                guard let movement = end.movement, let opener = opener(of: way, round, end) else { continue }
                found = (movement, opener)
            }
            if let (movement, opener) = found { warnOfRepeat(round, outcome, movement, opener) }
        }
    }

    /// What opens a round again.
    private struct Opener {
        /// Its head; nil where the round does it itself.
        let span: Span?
        /// The state that it enters; nil where it writes in the state of the round.
        let entered: Int?
    }

    /// What may open a round again after a path of what follows it; nil where nothing does.
    private func opener(of way: Way, _ round: Int, _ end: PathEnd) -> Opener? {
        if let target = end.target {
            return way.states.contains(target) && !end.isGuarded ? Opener(span: nil, entered: target) : nil
        }
        let others = ways.filter { $0.cause.round != round }
        for other in others where other.states.contains(where: { way.states.contains($0) }) {
            // A round that has ended ends again only where it was opened again.
            if let next = other.cause.round, let outcomes = end.rounds[next], !outcomes.contains(.open), !end.writes {
                continue
            }
            let writes = other.ends?.contains { $0.target == nil && $0.writes && mayFollow($0, way, round) } ?? false
            if writes { return Opener(span: other.span, entered: nil) }
        }
        let after = statesBehind(way.states, others)
        for other in others where other.states.contains(where: { after.contains($0) }) {
            for next in other.ends ?? [] where mayFollow(next, way, round) {
                if let target = next.target, way.states.contains(target) {
                    return Opener(span: other.span, entered: target)
                }
            }
        }
        return nil
    }

    /// Whether a path may be taken while a round stands as it has ended.
    private func mayFollow(_ end: PathEnd, _ way: Way, _ round: Int) -> Bool {
        guard let outcome = way.cause.outcome, let outcomes = end.rounds[round] else { return true }
        return outcomes.contains(outcome)
    }

    /// The states that a case may come to from some states, with these.
    private func statesBehind(_ states: [Int], _ ways: [Way]) -> Set<Int> {
        var found = Set(states)
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for way in ways where way.states.contains(where: { found.contains($0) }) {
                let targets = (way.ends ?? []).compactMap(\.target)
                guard !found.isSuperset(of: targets) else { continue }
                found.formUnion(targets)
                isGrowing = true
            }
        }
        return found
    }

    private mutating func warnOfRepeat(
        _ round: Int, _ outcome: RoundOutcome, _ movement: PathEnd.Movement, _ opener: Opener
    ) {
        let approval = program.approvals[round]
        let entered = opener.entered.map { program.states[$0].name }
        let labels = opener.span.map { span in
            [Label(span, entered.map { "enters `\($0)`, and so opens it again" } ?? "writes, and so opens it again")]
        }
        let label: String
        if opener.span == nil, let entered {
            label = "and enters `\(entered)`, which opens the round again"
        } else {
            label = "and the case stays in the state of the round"
        }
        warn(
            .paysAgain,
            "`\(approval.name)` may be \(outcome.rawValue) more than once in a case, and \(movement.verb) each time",
            at: movement.span, label, labels: labels ?? [],
            accepts: heads.first { $0.name.span == approval.span }?.accepts ?? [],
            help: "lead on to another state, or keep that it was done: `if not isDone { … set isDone to yes }`; or say "
                + "why: `accept paysAgain because \"…\"`")
    }
}
