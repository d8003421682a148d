import RemitValues

/// A case that stays in a state: which deadlines may still run there, how its rounds may stand, and what leads on.
struct Stay {
    /// How things stand while the case stays.
    private struct Standing: Hashable {
        /// The deadlines that run.
        var running: Set<Int>
        /// How the rounds of the state stand.
        var rounds: [Int: RoundOutcome]
    }

    private struct Step {
        let way: Int
        /// The standing that it leads to; nil where the case leaves the state.
        let next: Int?
        let spends: Bool
    }

    /// That nothing is left which would lead on, and what may have left it so; nil where it is so from the beginning.
    struct Stuck {
        let span: Span?
    }

    private let ways: [Way]
    private var standings: [Standing] = []
    private var steps: [[Step]] = []
    private var places: [Standing: Int] = [:]
    /// Whether all of it was looked at.
    private var isKnown = true

    /// `spent` are the heads of timers that may not run in the state; `budget` is how much is still looked at.
    init(in state: Int, _ ways: [Way], _ program: CheckedProgram, spent: Set<Span>, budget: inout Int) {
        self.ways = ways.filter { $0.states.contains(state) && !($0.cause.isTimer && spent.contains($0.span)) }
        guard self.ways.allSatisfy({ $0.ends != nil }) else {
            isKnown = false
            return
        }
        let deadlines = program.deadlines.indices.filter {
            program.deadlines[$0].states.contains(state) && !spent.contains(program.deadlines[$0].span)
        }
        let rounds = program.approvals.indices.filter { program.approvals[$0].states.contains(state) }
        let first = Standing(
            running: Set(deadlines), rounds: Dictionary(uniqueKeysWithValues: rounds.map { ($0, .open) }))
        _ = place(of: first)
        var next = 0
        while next < standings.count {
            guard standings.count <= Limits.followedStandings, budget > 0 else {
                isKnown = false
                return
            }
            let found = follow(standings[next], in: state, first, deadlines, program, &budget)
            steps.append(found)
            next += 1
        }
    }

    private mutating func place(of standing: Standing) -> Int {
        if let place = places[standing] { return place }
        places[standing] = standings.count
        standings.append(standing)
        return standings.count - 1
    }

    private mutating func follow(
        _ standing: Standing, in state: Int, _ first: Standing, _ deadlines: [Int], _ program: CheckedProgram,
        _ budget: inout Int
    ) -> [Step] {
        var found: [Step] = []
        for (index, way) in ways.enumerated() {
            guard let after = Self.begun(way.cause, standing) else { continue }
            for end in way.ends ?? [] {
                budget -= 1
                let mayBe = end.rounds.allSatisfy { round, outcomes in
                    after.rounds[round].map { outcomes.contains($0) } ?? true
                }
                guard mayBe else { continue }
                var next = after
                switch end.target {
                case state: next = first
                case .some:
                    found.append(Step(way: index, next: nil, spends: end.spends))
                    continue
                case nil:
                    // What is written starts anew the deadlines that count from it, and opens the other rounds afresh.
                    next.running.formUnion(
                        deadlines.filter { program.deadlines[$0].past.map { end.written.contains($0) } ?? false })
                    if end.writes {
                        for round in next.rounds.keys where round != way.cause.round { next.rounds[round] = .open }
                    }
                }
                found.append(Step(way: index, next: place(of: next), spends: end.spends))
            }
        }
        return found
    }

    /// How things stand once something has begun to run; nil where it cannot.
    private static func begun(_ cause: Way.Cause, _ standing: Standing) -> Standing? {
        var after = standing
        switch cause {
        case .action: break
        case .deadline(let index): guard after.running.remove(index) != nil else { return nil }
        case .granted(let round), .declined(let round), .overdue(let round):
            guard standing.rounds[round] == .open, let outcome = cause.outcome else { return nil }
            after.rounds[round] = outcome
        }
        return after
    }

    /// Whether the case may come to stay for ever, although everybody may act.
    var stuckForGood: Stuck? { stuck(leadsOn: { _ in true }, comesAbout: { _ in true }) }

    /// Whether the case may come to stay with what it has reserved, unless somebody acts.
    var stuckWithMoney: Stuck? {
        stuck(
            leadsOn: { ways[$0.way].cause.isTimer },
            comesAbout: { step in
                if case .action = ways[step.way].cause { return false }
                return !step.spends
            })
    }

    private func stuck(leadsOn: (Step) -> Bool, comesAbout: (Step) -> Bool) -> Stuck? {
        guard isKnown else { return nil }
        var before: [[Int]] = standings.map { _ in [] }
        var ended = standings.map { _ in false }
        var open: [Int] = []
        for (place, found) in steps.enumerated() {
            for step in found where leadsOn(step) {
                if let next = step.next {
                    before[next].append(place)
                } else if !ended[place] {
                    ended[place] = true
                    open.append(place)
                }
            }
        }
        while let last = open.popLast() {
            for place in before[last] where !ended[place] {
                ended[place] = true
                open.append(place)
            }
        }
        guard ended[0] else { return Stuck(span: nil) }
        var seen: Set<Int> = [0]
        var queue = [0]
        var next = 0
        while next < queue.count {
            for step in steps[queue[next]] where comesAbout(step) {
                guard let place = step.next, seen.insert(place).inserted else { continue }
                guard ended[place] else { return Stuck(span: ways[step.way].span) }
                queue.append(place)
            }
            next += 1
        }
        return nil
    }
}

extension Checker {
    /// What may become of a case that stays in a state.
    mutating func stay(in state: Int) -> Stay {
        let heads = ways.filter { spent[$0.span]?.contains(state) ?? false }.map(\.span)
        return Stay(in: state, ways, program, spent: Set(heads), budget: &standingsLeft)
    }
}
