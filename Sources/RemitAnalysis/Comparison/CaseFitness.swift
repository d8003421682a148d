import RemitLanguage
import RemitRuntime
import RemitValues

/// How near the cases of one play come to what is looked for.
struct CaseFitness {
    /// How near one case came: the greater, the nearer.
    struct Score: Comparable {
        /// Whether the case is one of those that are looked for.
        var isAdmitted = true
        /// In how many versions the rule was asked.
        var reached = 0
        /// How many conditions of the way to the rule are left, in both versions.
        var left = 0
        /// What the question itself says.
        var nearness = 0
        /// How far the next condition of the way, or at its end the rule, is from what is wanted of it.
        var gap = Gap.none
        /// How far the nearest comparison is from coming to something else in one version: of the rule first (1), then
        /// of what its values come to (0).
        var flip = Gap.none
        /// How far what refuses behind the rule is from letting the case pass.
        var rest = Gap.none
        /// How much was passed, and in which places the plays ended.
        var passed = 0
        var place = 0

        static func < (first: Score, second: Score) -> Bool {
            let (one, other) = (first.way, second.way)
            if one != other { return one < other }
            if first.gap != second.gap { return second.gap < first.gap }
            if first.flip != second.flip { return second.flip < first.flip }
            if first.rest != second.rest { return second.rest < first.rest }
            return (first.passed, first.place) < (second.passed, second.place)
        }

        private var way: (Int, Int, Int) { (isAdmitted ? 1 : 0, -left, nearness) }

        /// How far the way was gone: what changes a distance may be another thing farther on.
        var stage: [Int] { [left, nearness, gap.parts, flip.parts, rest.parts] }

        /// What is to become less next.
        var distance: Int128 {
            if gap.parts > 0 { return gap.far }
            return flip == .none ? rest.far : flip.far
        }

        /// Whether a distance of another case is one of the same thing.
        func measuresAlike(_ other: Score) -> Bool {
            way == other.way && gap.parts == other.gap.parts && flip.parts == other.flip.parts
                && (gap.parts > 0 || flip != .none || rest.parts == other.rest.parts)
        }
    }

    private let question: CaseSearch.Question
    private let search: CaseSearch
    private let paths: (old: RulePath?, new: RulePath?)

    init(_ play: Play, _ question: CaseSearch.Question, _ search: CaseSearch) {
        self.question = question
        self.search = search
        paths = (
            Self.path(play, question.places.old, question.conditions.old, question.rules.old, search.old),
            Self.path(play, question.places.new, question.conditions.new, question.rules.new, search.new)
        )
    }

    private static func path(
        _ play: Play, _ places: [Span], _ conditions: [Span], _ rule: Asking.Rule?, _ trial: CaseTrial
    ) -> RulePath? {
        let exact = places.isEmpty ? nil : RulePath(play, to: places, nil, trial)
        return exact ?? RulePath(play, to: conditions, rule, trial)
    }

    /// How near a case came, of which both versions have decided.
    func score(_ first: Played, _ second: Played, _ wish: CaseWish) -> Score {
        var score = Score()
        score.isAdmitted = question.admits(wish)
        let readings = (GaugeReadings(search.old.gauges, first), GaugeReadings(search.new.gauges, second))
        var isAsked = true
        for side in [
            Side(
                played: first, readings: readings.0, trial: search.old, path: paths.old,
                spans: question.conditions.old, rule: question.rules.old, wanted: question.wanted.old,
                isExact: !question.places.old.isEmpty),
            Side(
                played: second, readings: readings.1, trial: search.new, path: paths.new,
                spans: question.conditions.new, rule: question.rules.new, wanted: question.wanted.new,
                isExact: !question.places.new.isEmpty),
        ] where !side.spans.isEmpty || side.rule != nil {
            let (left, gap) = side.left
            score.left += left
            score.gap = score.gap + gap
            if left == 0 { score.reached += 1 } else { isAsked = false }
            score.rest = score.rest + side.block(behind: side.spans)
        }
        score.reached += question.aims.count { $0.measure($0.isOld ? first : second) != nil }
        score.nearness = question.nearness(first, second)
        for aim in question.aims {
            guard let measure = aim.measure(aim.isOld ? first : second) else { continue }
            let distances = aim.targets.map { ($0 - measure).magnitude }
            if let least = distances.min(), least > 0 {
                score.gap = score.gap + Gap(parts: 0, far: min(Int128(clamping: least), Gap.most))
            }
        }
        if isAsked, score.gap.parts == 0 { score.flip = search.flip(readings.0, readings.1, question.conditions) }
        score.passed = Self.passed(first) + Self.passed(second)
        // What is refused at a later place came farther.
        score.place = [first, second].reduce(0) { sum, played in
            sum + (played.refusal.map { $0.span?.start ?? 0 } ?? Limits.sourceBytes)
        }
        return score
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
}

/// What a play of one version came to, beside what is to be asked in it.
private struct Side {
    let played: Played
    let readings: GaugeReadings
    let trial: CaseTrial
    let path: RulePath?
    let spans: [Span]
    let rule: Asking.Rule?
    let wanted: Bool?
    /// Whether the way leads to a part of what stands in the places.
    let isExact: Bool

    /// The length of a way that is not known.
    private static let farAway = 1000

    private var isTouched: Bool {
        readings.hasAny(in: spans)
            || played.entries.contains { entry in
                spans.contains { $0.holds(entry.span) } || rule.map(entry.asks) ?? false
            }
    }

    /// How much of the way is left, and how far its next condition, or at its end the rule, is from what is wanted of
    /// it.
    var left: (Int, Gap) {
        let isTouched = isTouched
        if isTouched, !isExact || path == nil { return (0, atTarget) }
        guard let path else { return (Self.farAway, block(behind: [])) }
        for (place, step) in path.steps.enumerated() {
            let gap: Gap? =
                switch step {
                case .condition(let condition, let wanted): readings.gap(condition, wanted)
                case .member(let subject, let values): readings.gap(subject, oneOf: values)
                }
            if gap == Gap.none { continue }
            // What was not asked is one step farther.
            if let gap { return (path.steps.count - place + 1, gap) }
            return (path.steps.count - place + 2, block(behind: []))
        }
        return isTouched ? (0, atTarget) : (1, block(behind: []))
    }

    private var atTarget: Gap {
        guard let wanted, let target = path?.target else { return .none }
        return readings.gap(target, wanted) ?? .unasked
    }

    /// How far what refused a play, or what checks found, is from not doing so; what stands in some places apart.
    ///
    /// Where it is not known, such as whether somebody may act, nothing is farther.
    func block(behind spans: [Span]) -> Gap {
        guard let refusal = played.refusal else { return .none }
        // A rule that lets pass, and refuses another time, is in the way of itself.
        let own = wanted == true ? Gap.never : .none
        if let place = refusal.span, spans.contains(where: { $0.holds(place) }) { return own }
        var found: Gap?
        for entry in played.everything.reversed() {
            switch entry.event {
            case .requirement(false, _) where !spans.contains { $0.holds(entry.span) }:
                return trial.gauges.condition(at: entry.span).flatMap { readings.gap($0, true) } ?? .never
            case .requirement(false, _): return own
            case .check(_, _, let check, _, true, _) where check.check.severity != .note:
                let place = check.check.condition.expression.span
                if spans.contains(where: { $0.holds(place) }) { continue }
                let gap = trial.gauges.condition(at: place).flatMap { readings.gap($0, false) } ?? .unasked
                found = (found ?? .none) + gap
            default: continue
            }
        }
        return found ?? .never
    }
}

extension Trace.Entry {
    /// Whether it is an answer of a table or parameter.
    fileprivate func asks(_ rule: Asking.Rule) -> Bool {
        switch event {
        case .tableRead(let table, _, _, _, _, _): rule == .table(table)
        case .parameterRead(let parameter, _, _, _): rule == .parameter(parameter)
        default: false
        }
    }
}

/// Which gauges of two versions are one comparison, by their texts and order.
struct GaugePairs {
    private let pairs: [(old: Int, new: Int)]
    private let spans: (old: [Span], new: [Span])

    init(_ old: Gauges, _ new: Gauges, _ text: (old: (Span) -> String, new: (Span) -> String)) {
        spans = (old.spans, new.spans)
        var places: [TextValue: [Int]] = [:]
        for gauge in old.spans.indices.reversed() {
            places[TextValue(text.old(old.spans[gauge])), default: []].append(gauge)
        }
        var pairs: [(old: Int, new: Int)] = []
        var alone: [Int] = []
        for gauge in new.spans.indices {
            if let partner = places[TextValue(text.new(new.spans[gauge]))]?.popLast() {
                pairs.append((partner, gauge))
            } else {
                alone.append(gauge)
            }
        }
        // What is written otherwise is paired in order.
        pairs += zip(places.values.flatMap { $0 }.sorted(), alone).map { (old: $0, new: $1) }
        self.pairs = pairs
    }

    /// How far the nearest comparison is from coming to one thing in one version and to another in the other: of those
    /// in some places first, then of those whose sides differ already.
    func flip(_ first: GaugeReadings, _ second: GaugeReadings, _ places: (old: [Span], new: [Span])) -> Gap {
        var own: Int128?
        var infected: Int128?
        var isFlipped = false
        for (old, new) in pairs {
            guard let before = first.samples[old], let after = second.samples[new] else { continue }
            let isOwn =
                places.old.contains { $0.holds(spans.old[old]) } || places.new.contains { $0.holds(spans.new[new]) }
            for (one, other) in zip(before, after) {
                guard let left = Self.distances(one), let right = Self.distances(other), left.count == right.count
                else { continue }
                if one.result != other.result { isFlipped = true }
                for (here, there) in zip(left, right) where (here < 0) == (there < 0) && one.result == other.result {
                    let far = min(here.magnitude, there.magnitude)
                    let distance = min(Int128(clamping: far), Gap.most)
                    if here != there {
                        infected = min(infected ?? distance, distance)
                    } else if isOwn {
                        own = min(own ?? distance, distance)
                    }
                }
            }
        }
        if !isFlipped, infected == nil, let own { return Gap(parts: 1, far: own) }
        return Gap(parts: 0, far: infected ?? 0)
    }

    /// How far the sides of a comparison are apart; of a range those of its bounds.
    private static func distances(_ sample: GaugeReadings.Sample) -> [Int128]? {
        guard sample.sides.count > 1, let left = Scaled.number(sample.sides[0]) else { return nil }
        let others = sample.sides.dropFirst().map { Scaled.number($0) }
        return others.contains { $0 == nil } ? nil : others.compactMap { $0 }.map { left - $0 }
    }
}
