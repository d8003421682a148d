import RemitLanguage
import RemitRuntime
import RemitValues

/// Works values back from what they came to: from how far the sides of a comparison are apart, and how that changes
/// with each value of the case, follows where they meet.
struct CaseSolver {
    let search: CaseSearch
    let play: Play
    let question: CaseSearch.Question
    private(set) var found: CaseSearch.Found?
    private var best: (score: [Int], wish: CaseWish) = ([], CaseWish())

    init(search: CaseSearch, play: Play, question: CaseSearch.Question) {
        self.search = search
        self.play = play
        self.question = question
    }

    // MARK: How far a case has come

    /// How far two plays have come: on how many sides the conditions were asked, how near that is to what is looked
    /// for, how many of their comparisons came to be asked, and how much was passed before without a finding.
    static func score(
        _ first: Played, _ second: Played, _ question: CaseSearch.Question, _ search: CaseSearch
    ) -> [Int] {
        var (reached, asked) = (0, 0)
        for (played, spans, trial) in [
            (first, question.conditions.old, search.old), (second, question.conditions.new, search.new),
        ] where !spans.isEmpty {
            let isAsked = played.entries.contains { entry in spans.contains { Self.holds($0, entry.span) } }
            let compared = own(played, spans, trial).count
            if isAsked || compared > 0 { reached += 1 }
            asked += compared
        }
        reached += question.aims.count { $0.measure($0.isOld ? first : second) != nil }
        // What is refused at a later place came farther.
        let places = [first, second].map { $0.refusal.map { $0.span?.start ?? 0 } ?? Limits.sourceBytes }
        return [
            reached, question.nearness(first, second), asked, passed(first) + passed(second), places[0] + places[1],
        ]
    }

    private static func passed(_ played: Played) -> Int {
        var passed = played.refusal == nil ? 4 : 0
        for entry in played.everything {
            switch entry.event {
            case .requirement(true, _), .stateEntered: passed += 1
            case .check(_, _, let check, _, true, _): passed -= check.check.severity == .note ? 0 : 1
            case .checkFaulted: passed -= 1
            default: break
            }
        }
        return passed
    }

    private static func holds(_ span: Span, _ inner: Span) -> Bool {
        span.start <= inner.start && inner.end <= span.end && inner.start < inner.end
    }

    /// The distances of the comparisons that stand in some places.
    private static func own(_ played: Played, _ spans: [Span], _ trial: CaseTrial) -> [Int: Int128] {
        trial.gauges.distances(played).filter { gauge, _ in
            spans.contains { holds($0, trial.gauges.spans[gauge]) }
        }
    }

    // MARK: Climbing

    /// Goes from a case to better ones until one is found that shows what is looked for.
    mutating func solve(from start: CaseWish) -> CaseSearch.Found? {
        var wish = start
        if question.tie != nil {
            meetTie(from: start)
            if let found { return found }
        }
        while search.climbs > 0 {
            let made = MadeValues()
            guard let (first, second) = search.both(play, wish, made) else { return nil }
            let frozen = made.frozen(wish)
            let score = Self.score(first, second, question, search)
            best = (score, frozen)
            choose(frozen, made)
            if found != nil { return found }
            if score.lexicographicallyPrecedes(best.score) {
                wish = best.wish
                continue
            }
            let knobs = CaseKnob.all(of: made)
            for scale in [1, 1000, 100_000] as [Int128] {
                turn(knobs, by: scale, aims(first, second), frozen, first, second)
                if let found { return found }
                if score.lexicographicallyPrecedes(best.score) { break }
            }
            if !score.lexicographicallyPrecedes(best.score) { vary(frozen, made) }
            if let found { return found }
            guard score.lexicographicallyPrecedes(best.score) else { return nil }
            wish = best.wish
        }
        return nil
    }

    /// What is to be brought to a number: what the question asks for; the sides of its conditions; or of what is in the
    /// way of them.
    private func aims(_ first: Played, _ second: Played) -> [CaseSearch.Aim] {
        var aims = question.aims.filter { $0.measure($0.isOld ? first : second) != nil }
        for (isOld, played, trial, spans) in [
            (true, first, search.old, question.conditions.old), (false, second, search.new, question.conditions.new),
        ] {
            let all = trial.gauges.distances(played)
            var gauges = Self.own(played, spans, trial).keys.sorted()
            // What shows and makes no difference is lost in what comes after it.
            if question.shows(first, second) { gauges += all.keys.sorted(by: >).filter { !gauges.contains($0) } }
            if gauges.isEmpty {
                let blocks = Self.blocks(played)
                gauges = all.keys.filter { gauge in
                    blocks.contains { Self.holds($0, trial.gauges.spans[gauge]) }
                }.sorted()
            }
            // In the way may be whatever was asked before, the last first.
            if gauges.isEmpty { gauges = all.keys.sorted(by: >) }
            for gauge in gauges.prefix(Limits.climbedAims) {
                aims.append(.init(isOld: isOld, measure: { trial.gauges.distances($0)[gauge] }, targets: [0]))
            }
        }
        return aims
    }

    /// The conditions that kept a play from going on: what refused it, and checks that found something.
    private static func blocks(_ played: Played) -> [Span] {
        var blocks: [Span] = []
        if let place = played.refusal?.span { blocks.append(place) }
        for entry in played.everything {
            switch entry.event {
            case .requirement(false, _): blocks.append(entry.span)
            case .check(_, _, let check, _, true, _): blocks.append(check.check.condition.expression.span)
            default: break
            }
        }
        return blocks
    }

    /// Tries a case, and keeps it if it is what is looked for, or better than the best.
    mutating func attempt(_ wish: CaseWish) -> (before: Played, after: Played)? {
        guard search.climbs > 0 else { return nil }
        search.climbs -= 1
        guard let (first, second) = search.both(play, wish) else { return nil }
        if let answer = search.answer(play, wish, first, second, question) {
            found = answer
        } else {
            let score = Self.score(first, second, question, search)
            if best.score.lexicographicallyPrecedes(score) { best = (score, wish) }
        }
        return (first, second)
    }

    /// Turns one value after the other; those that change a measure are brought to where it is at its targets.
    private mutating func turn(
        _ knobs: [CaseKnob], by scale: Int128, _ aims: [CaseSearch.Aim], _ wish: CaseWish, _ first: Played,
        _ second: Played
    ) {
        let score = best.score
        let present = aims.map { $0.measure($0.isOld ? first : second) }
        for knob in knobs where scale == 1 || !knob.isSize {
            for step in [knob.common * scale, -knob.common * scale] {
                guard let changed = knob.set(knob.start + step, in: wish), let moved = attempt(changed) else {
                    continue
                }
                if found != nil { return }
                for (aim, distance) in zip(aims, present) {
                    guard let distance, let next = aim.measure(aim.isOld ? moved.before : moved.after),
                        next != distance
                    else { continue }
                    slide(knob, aim, wish, (knob.start, distance), (knob.start + step, next))
                    if found != nil || search.climbs == 0 { return }
                }
                break
            }
            if score.lexicographicallyPrecedes(best.score) { return }
        }
    }

    /// Moves a value to where a measure would be at its targets if it went on as it began, and about there.
    private mutating func slide(
        _ knob: CaseKnob, _ aim: CaseSearch.Aim, _ wish: CaseWish, _ start: (place: Int128, measure: Int128),
        _ next: (place: Int128, measure: Int128)
    ) {
        func measure(_ place: Int128, _ solver: inout CaseSolver) -> Int128? {
            guard let changed = knob.set(place, in: wish), let moved = solver.attempt(changed) else { return nil }
            return aim.measure(aim.isOld ? moved.before : moved.after)
        }
        for target in aim.targets.prefix(Limits.climbedTargets) {
            var last = (place: start.place, distance: start.measure - target)
            var current = (place: next.place, distance: next.measure - target)
            for _ in 0..<4 where current.distance != 0 {
                guard let place = Self.meeting(last, current) else { break }
                let snapped = place / knob.least * knob.least
                guard snapped != current.place, let moved = measure(snapped, &self) else { break }
                if found != nil { return }
                (last, current) = (current, (snapped, moved - target))
            }
            for step in [0, knob.least, -knob.least, knob.common, -knob.common] {
                _ = measure(current.place + step, &self)
                if found != nil { return }
            }
        }
    }

    /// Where a line through two points comes to nothing.
    private static func meeting(
        _ first: (place: Int128, distance: Int128), _ second: (place: Int128, distance: Int128)
    ) -> Int128? {
        let slope = second.distance - first.distance
        let run = second.place - first.place
        guard slope != 0 else { return nil }
        let (product, isTooLarge) = second.distance.multipliedReportingOverflow(by: run)
        let (way, hasNone) = product.dividedReportingOverflow(by: slope)
        if isTooLarge || hasNone { return nil }
        let (place, isBeyond) = second.place.subtractingReportingOverflow(way)
        return isBeyond || place.magnitude > 1 << 80 ? nil : place
    }

    /// Tries other values of what has few, one after the other: they often decide which way a case goes.
    private mutating func choose(_ wish: CaseWish, _ made: MadeValues) {
        var current = wish
        for (path, value) in made.leaves where value.isOneOfFew {
            for other in search.pool.alternatives(to: value, search.new.program) {
                var changed = current
                changed.values[path] = other
                let score = best.score
                _ = attempt(changed)
                if score.lexicographicallyPrecedes(best.score) { current = best.wish }
                if found != nil || search.climbs == 0 { return }
            }
        }
    }

    /// Tries other values of what has no order, one after the other, and goes on from each that is better.
    private mutating func vary(_ wish: CaseWish, _ made: MadeValues) {
        var current = wish
        func go(on changed: CaseWish, _ solver: inout CaseSolver) -> Bool {
            let score = solver.best.score
            _ = solver.attempt(changed)
            if score.lexicographicallyPrecedes(solver.best.score) { current = solver.best.wish }
            return solver.found != nil || solver.search.climbs == 0
        }
        for (path, value) in made.leaves where !value.isOneOfFew {
            for other in alternatives(to: value) {
                var changed = current
                changed.values[path] = other
                if go(on: changed, &self) { return }
            }
        }
        for (path, choice, bound) in made.choices {
            for other in 0..<min(bound, Limits.triedTexts) where other != choice {
                var changed = current
                changed.choices[path] = other
                if go(on: changed, &self) { return }
            }
        }
        for (path, isAbsent) in made.optionals {
            var changed = current
            changed.values[path] = nil
            changed.shapes[path] = isAbsent ? .present : .absent
            if go(on: changed, &self) { return }
        }
        for (path, count, bound) in made.sizes {
            for size in 0...3 where size != count && size <= bound {
                var changed = current
                changed.sizes[path] = size
                if go(on: changed, &self) { return }
            }
        }
        for (path, _, bound) in made.sizes where bound > 1 { pair(path, current) }
    }

    /// Other values of what has no order: those that stand in what differs first.
    private func alternatives(to value: Value) -> [Value] {
        var found: [Value] = []
        if case .text = value { found = question.focus.filter { if case .text = $0 { $0 != value } else { false } } }
        for other in search.pool.alternatives(to: value, search.new.program) where !found.contains(other) {
            found.append(other)
        }
        return found
    }

    /// Tries lists of two members that differ in one part or in all but one.
    private mutating func pair(_ path: ConditionInputs.Path, _ wish: CaseWish) {
        var two = wish
        two.sizes[path] = 2
        let made = MadeValues()
        guard search.both(play, two, made) != nil else { return }
        let own = made.leaves.filter { $0.path.starts(with: path + ["each 1"]) }
        func others(_ value: Value) -> [Value] {
            let near = ValuePool.near(value).filter { $0 != value }
            return Array((alternatives(to: value) + near).prefix(2))
        }
        for (part, value) in own {
            for other in others(value) {
                var one = two
                one.values[part] = other
                _ = attempt(one)
                if found != nil || search.climbs == 0 { return }
            }
            var rest = two
            for (place, content) in own where place != part { rest.values[place] = others(content).first ?? content }
            _ = attempt(rest)
            if found != nil || search.climbs == 0 { return }
        }
    }
}

extension Value {
    /// Whether it is of a type with few values.
    var isOneOfFew: Bool {
        switch self {
        case .enumeration, .boolean: true
        default: false
        }
    }
}
