import RemitLanguage
import RemitRuntime
import RemitValues

/// Works a case back from what it came to. One thing of it is changed after the other, and whatever brings the case
/// nearer is kept: numbers go on in the direction in which they came nearer, in strides that double, or at once to
/// where the sides of a comparison would meet.
struct CaseSolver {
    /// Something that is moved, and how far at once.
    private struct Mark: Hashable {
        let path: ConditionInputs.Path
        let isSize: Bool
        let scale: Int128
    }

    let search: CaseSearch
    let play: Play
    let question: CaseSearch.Question
    let fitness: CaseFitness
    private(set) var found: CaseSearch.Found?
    /// What made no difference at some stage of the way.
    private var idle: [Mark: [Int]] = [:]
    private var best: (score: CaseFitness.Score, wish: CaseWish, made: MadeValues) = (.init(), CaseWish(), MadeValues())

    init(search: CaseSearch, play: Play, question: CaseSearch.Question, fitness: CaseFitness) {
        self.search = search
        self.play = play
        self.question = question
        self.fitness = fitness
    }

    /// Whether there is nothing more to try.
    private var isOver: Bool { found != nil || search.climbs <= 0 || !search.mayGoOn }

    /// Goes from a case to better ones until one is found that shows what is looked for.
    mutating func solve(from start: CaseWish) -> CaseSearch.Found? {
        if question.tie != nil {
            meetTie(from: start)
            if let found { return found }
        }
        let made = MadeValues()
        guard let (first, second) = search.both(play, start, made) else { return nil }
        best = (fitness.score(first, second, start), made.frozen(start), made)
        while !isOver {
            let score = best.score
            climb()
            if isOver { break }
            if leap() { continue }
            level()
            if isOver || !(score < best.score) { break }
        }
        return found
    }

    /// Tries a case, and keeps it if it is what is looked for, or better than the best.
    mutating func attempt(_ wish: CaseWish) -> (before: Played, after: Played)? {
        tried(wish).map { ($0.before, $0.after) }
    }

    private typealias Tried = (before: Played, after: Played, score: CaseFitness.Score, isBetter: Bool)

    private mutating func tried(_ wish: CaseWish) -> Tried? {
        guard search.climbs > 0 else { return nil }
        search.climbs -= 1
        let made = MadeValues()
        guard let (first, second) = search.both(play, wish, made) else { return nil }
        if let answer = search.answer(play, wish, first, second, question) {
            if answer.isRefusedByBoth { search.keep(answer) } else { found = answer }
        }
        let score = fitness.score(first, second, wish)
        let isBetter = best.score < score
        if isBetter { best = (score, made.frozen(wish), made) }
        return (first, second, score, isBetter)
    }

    // MARK: Climbing

    /// Changes one thing after the other until nothing comes nearer.
    private mutating func climb() {
        var scales = Self.scales[...]
        while !isOver, let scale = scales.first {
            let score = best.score
            if scale == 1 { for change in changes(of: best.made) where !isOver { _ = tried(change) } }
            for knob in CaseKnob.all(of: best.made) where scale == 1 || !knob.isSize {
                if isOver { return }
                move(knob, by: scale)
            }
            if scale == 1, !isOver { vary() }
            if scale == 1, !isOver, !(score < best.score) { moveTogether() }
            scales = score < best.score ? Self.scales[...] : scales.dropFirst()
        }
    }

    /// How many steps are tried at once: days are years apart, and amounts thousands.
    private static let scales: [Int128] = [1, 400, 100_000]

    private mutating func tried(_ change: (inout CaseWish) -> Void) -> Tried? {
        var wish = best.wish
        change(&wish)
        return tried(wish)
    }

    /// Tries other values of what has no order.
    private mutating func vary() {
        let made = best.made
        for (path, value) in made.leaves where !value.isOneOfFew {
            // What two things have in common is tried as well.
            let others = made.leaves.map(\.value).filter { $0.isOfKind(value) && $0 != value }
            var seen: [Value] = []
            for other in alternatives(to: value) + others.prefix(Limits.triedTexts) where !seen.contains(other) {
                seen.append(other)
                for place in [path] + made.own(path) {
                    if isOver { return }
                    _ = tried { $0.set(place, to: other) }
                }
            }
        }
    }

    /// Moves a value up or down as long as the case comes nearer.
    ///
    /// What made no difference is not tried again before the case has come to another place.
    private mutating func move(_ knob: CaseKnob, by scale: Int128) {
        let place = best.score.stage
        let mark = Mark(path: knob.path, isSize: knob.isSize, scale: scale)
        if idle[mark] == place { return }
        var isIdle = true
        let strides = knob.least == knob.common || scale > 1 ? [knob.common] : [knob.common, knob.least]
        for step in strides.flatMap({ [$0 * scale, -$0 * scale] }) where !isOver {
            let before = best
            guard let wish = knob.set(knob.start + step, in: before.wish), let next = tried(wish) else { continue }
            if next.score != before.score { isIdle = false }
            var place = knob.start + (next.isBetter ? step : 0)
            if next.score.measuresAlike(before.score), next.score.distance != before.score.distance,
                let met = Self.meeting((knob.start, before.score.distance), (knob.start + step, next.score.distance))
            {
                let snapped = met / knob.least * knob.least
                for other in [snapped, snapped + knob.least, snapped - knob.least] where !isOver {
                    if let wish = knob.set(other, in: best.wish), tried(wish)?.isBetter == true { place = other }
                }
            }
            guard before.score < best.score else { continue }
            go(on: knob, from: place, by: step)
            return
        }
        if isIdle { idle[mark] = place }
    }

    /// Goes on in one direction with strides that double, and then with single ones, as long as the case comes nearer.
    private mutating func go(on knob: CaseKnob, from start: Int128, by step: Int128) {
        var (place, stride) = (start, step)
        while !isOver {
            if let wish = knob.set(place + stride, in: best.wish), tried(wish)?.isBetter == true {
                place += stride
                stride *= 2
            } else if stride != step {
                stride = step
            } else {
                return
            }
        }
    }

    /// Moves two values at once, in the same direction or against each other: what has to be equal stays so.
    private mutating func moveTogether() {
        let (start, stage) = (best, best.score.stage)
        let knobs = CaseKnob.all(of: start.made).filter { knob in
            !knob.isSize && idle[Mark(path: knob.path, isSize: false, scale: 1)] != stage
        }.prefix(Limits.climbedAims)
        func both(_ one: CaseKnob, _ other: CaseKnob, _ way: (Int128, Int128), _ times: Int128) -> CaseWish? {
            one.set(one.start + one.common * way.0 * times, in: start.wish)
                .flatMap { other.set(other.start + other.common * way.1 * times, in: $0) }
        }
        for (place, one) in knobs.enumerated() {
            for other in knobs.dropFirst(place + 1) {
                for way in [(1, 1), (-1, -1), (1, -1), (-1, 1)] as [(Int128, Int128)] {
                    var times: Int128 = 1
                    while !isOver, let wish = both(one, other, way, times), tried(wish)?.isBetter == true { times *= 2 }
                    if isOver || start.score < best.score { return }
                }
            }
        }
    }

    /// Changes something that has few values, which may lead away at first, and then goes on from there; whether that
    /// led to a better case.
    private mutating func leap() -> Bool {
        let start = best
        for change in changes(of: start.made) where !isOver {
            var wish = start.wish
            change(&wish)
            let made = MadeValues()
            guard let (first, second) = search.both(play, wish, made) else { continue }
            search.climbs -= 1
            best = (fitness.score(first, second, wish), made.frozen(wish), made)
            for knob in CaseKnob.all(of: made) where !isOver { move(knob, by: 1) }
            if isOver || start.score < best.score { return true }
            best = start
        }
        return false
    }

    /// Other values of what has few, other shapes, choices and sizes.
    private func changes(of made: MadeValues) -> [(inout CaseWish) -> Void] {
        var changes: [(inout CaseWish) -> Void] = []
        for (path, isAbsent) in made.optionals {
            for place in [path] + made.own(path) { changes.append { $0.set(place, to: isAbsent ? .present : .absent) } }
        }
        for (path, value) in made.leaves where value.isOneOfFew {
            for place in [path] + made.own(path) {
                for other in search.pool.alternatives(to: value, search.new.program) {
                    changes.append { $0.set(place, to: other) }
                }
            }
        }
        for (path, count, bound) in made.sizes {
            for size in 0...3 where size != count && size <= bound { changes.append { $0.sizes[path] = size } }
        }
        for (path, choice, bound) in made.choices {
            for other in 0..<min(bound, Limits.triedTexts) where other != choice {
                changes.append { $0.choices[path] = other }
            }
        }
        return changes
    }

    // MARK: Sides of comparisons

    /// Brings the sides of comparisons together, one after the other: what they decide may show only there.
    private mutating func level() {
        guard let (first, second) = search.both(play, best.wish) else { return }
        let (wish, score, made) = (best.wish, best.score, best.made)
        for scale in [1, 1000, 100_000] as [Int128] {
            turn(CaseKnob.all(of: made), by: scale, aims(first, second), wish, first, second)
            if isOver || score < best.score { return }
        }
        for (path, _, bound) in made.sizes where bound > 1 && !isOver { pair(path, wish) }
    }

    /// What is to be brought to a number: what the question asks for; the sides of its conditions; or of what is in the
    /// way of them.
    private func aims(_ first: Played, _ second: Played) -> [CaseSearch.Aim] {
        var aims = question.aims.filter { $0.measure($0.isOld ? first : second) != nil }
        for (isOld, played, trial, spans) in [
            (true, first, search.old, question.conditions.old), (false, second, search.new, question.conditions.new),
        ] {
            let all = trial.gauges.distances(played)
            var gauges = Self.own(all, spans, trial)
            // What shows and makes no difference is lost in what comes after it.
            if question.shows(first, second) { gauges += all.keys.sorted(by: >).filter { !gauges.contains($0) } }
            if gauges.isEmpty {
                let blocks = Self.blocks(played)
                gauges = all.keys.filter { gauge in
                    blocks.contains { $0.holds(trial.gauges.spans[gauge]) }
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

    /// The comparisons that stand in some places.
    private static func own(_ distances: [Int: Int128], _ spans: [Span], _ trial: CaseTrial) -> [Int] {
        distances.keys.filter { gauge in spans.contains { $0.holds(trial.gauges.spans[gauge]) } }.sorted()
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
            if isOver || score < best.score { return }
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

    /// Whether it is a text, as another one, or a party of the same kind.
    fileprivate func isOfKind(_ other: Value) -> Bool {
        switch (self, other) {
        case (.text, .text): true
        case (.party(let one), .party(let two)): one.kind == two.kind
        default: false
        }
    }
}
