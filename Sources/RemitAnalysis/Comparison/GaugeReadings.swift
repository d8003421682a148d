import RemitLanguage
import RemitRuntime
import RemitValues

/// How far a condition was from what is wanted of it: how many of its parts stand in the way, and by how much.
struct Gap: Comparable {
    var parts: Int
    /// How far the sides of these parts are from where they are to be, in millionths.
    var far: Int128

    static let none = Gap(parts: 0, far: 0)
    /// Of a part that was not asked, one is in the way.
    static let unasked = Gap(parts: 1, far: 0)
    /// What is the same on every case.
    static let never = Gap(parts: 100, far: 0)
    /// How far apart sides are at most: beyond it nothing is told apart.
    static let most: Int128 = 1 << 112

    static func < (first: Gap, second: Gap) -> Bool {
        (first.parts, first.far) < (second.parts, second.far)
    }

    static func + (first: Gap, second: Gap) -> Gap {
        Gap(parts: first.parts + second.parts, far: min(first.far + second.far, most))
    }
}

/// What the gauges of one version told in a play, and how far its conditions were from what is wanted of them.
struct GaugeReadings {
    /// What was compared or asked, and what it came to.
    struct Sample {
        let sides: [Value]
        let result: Value
    }

    private let gauges: Gauges
    private(set) var samples: [Int: [Sample]] = [:]

    init(_ gauges: Gauges, _ played: Played) {
        self.gauges = gauges
        for entry in played.everything {
            guard case .functionCalled(let index, let sides, let result) = entry.event, index >= gauges.first else {
                continue
            }
            // A loop may ask without end: what it asked first is enough.
            if samples[index - gauges.first, default: []].count < Limits.climbedAims {
                samples[index - gauges.first, default: []].append(Sample(sides: sides, result: result))
            }
        }
    }

    /// Whether any gauge that stands in some places was asked.
    func hasAny(in spans: [Span]) -> Bool {
        samples.keys.contains { gauge in spans.contains { $0.holds(gauges.spans[gauge]) } }
    }

    // MARK: Conditions

    /// How far a condition of the gauged program was from what is wanted of it; of several times the nearest. Nil where
    /// it was not asked.
    func gap(_ condition: CheckedExpression, _ wanted: Bool) -> Gap? {
        switch condition.kind {
        case .constant(let value): return value == .boolean(wanted) ? Gap.none : .never
        case .revealed(let inner): return gap(inner, wanted)
        case .not(let inner): return gap(inner, !wanted)
        case .and(let left, let right):
            return wanted
                ? both((left, true), (right.expression, true)) : either((left, false), (right.expression, false))
        case .or(let left, let right):
            return wanted
                ? either((left, true), (right.expression, true)) : both((left, false), (right.expression, false))
        case .implies(let left, let right):
            return wanted
                ? either((left, false), (right.expression, true)) : both((left, true), (right.expression, false))
        case .choose(let asked, let then, let otherwise):
            let ways = [
                both((asked, true), (then.expression, wanted)), both((asked, false), (otherwise.expression, wanted)),
            ]
            return ways.compactMap { $0 }.min()
        case .call(let function, let sides) where function >= gauges.first:
            guard let samples = samples[function - gauges.first] else { return nil }
            let gaps = samples.map { gap(function, $0, wanted) }
            let nearest = gaps.min() ?? .unasked
            return nearest.parts == 0 ? nearest : sides.first.flatMap { inside($0, wanted) } ?? nearest
        default: return nil
        }
    }

    private typealias Part = (condition: CheckedExpression, wanted: Bool)

    private func both(_ first: Part, _ second: Part) -> Gap? {
        guard let one = gap(first.condition, first.wanted) else { return nil }
        return one + (gap(second.condition, second.wanted) ?? unasked(second.condition, second.wanted))
    }

    /// How many parts of a condition that was not asked are in the way at least.
    private func unasked(_ condition: CheckedExpression, _ wanted: Bool) -> Gap {
        func ways(_ first: Part, _ second: Part, _ areBoth: Bool) -> Gap {
            let (one, other) = (unasked(first.condition, first.wanted), unasked(second.condition, second.wanted))
            return areBoth ? one + other : min(one, other)
        }
        return switch condition.kind {
        case .not(let inner): unasked(inner, !wanted)
        case .and(let left, let right): ways((left, wanted), (right.expression, wanted), wanted)
        case .or(let left, let right): ways((left, wanted), (right.expression, wanted), !wanted)
        case .implies(let left, let right): ways((left, !wanted), (right.expression, wanted), !wanted)
        default: .unasked
        }
    }

    private func either(_ first: Part, _ second: Part) -> Gap? {
        guard let one = gap(first.condition, first.wanted) else { return nil }
        return min(one, gap(second.condition, second.wanted) ?? one)
    }

    /// What stands in the way inside a question that goes through a list, or that a function answers.
    private func inside(_ question: CheckedExpression, _ wanted: Bool) -> Gap? {
        let inner: Gap?
        switch question.kind {
        case .aggregate(let aggregate): inner = aggregate.condition.flatMap { gap($0.expression, wanted) }
        case .call(let function, _) where function < gauges.first:
            inner = gap(gauges.program.functions[function].value, wanted)
        default: inner = nil
        }
        return inner.map { Gap(parts: max($0.parts, 1), far: $0.far) }
    }

    private func gap(_ function: Int, _ sample: Sample, _ wanted: Bool) -> Gap {
        if sample.result == .boolean(wanted) { return .none }
        let numbers = sample.sides.map { Scaled.number($0) }
        func number(_ place: Int) -> Int128? { numbers.indices.contains(place) ? numbers[place] : nil }
        switch gauges.program.functions[function].value.kind {
        case .comparison(let operation, _, _):
            guard let left = number(0), let right = number(1) else { return Gap(parts: 1, far: Gap.most) }
            // Where the two are as they are not to be, a step beyond is one more.
            let isStrict = [.less, .greater, .notEqual].contains(operation) == wanted
            return Gap(parts: 1, far: min((left - right).magnitude128 + (isStrict ? 1 : 0), Gap.most))
        case .within:
            guard let value = number(0), let low = number(1), let high = number(2) else {
                return Gap(parts: 1, far: Gap.most)
            }
            if wanted { return Gap(parts: 1, far: min(max(low - value, value - high, 1), Gap.most)) }
            return Gap(parts: 1, far: min(min(value - low, high - value) + 1, Gap.most))
        default: return Gap(parts: 1, far: Scaled.one)
        }
    }

    /// Whether what was asked first of several values is one of some.
    func gap(_ subject: CheckedExpression, oneOf values: [Value]) -> Gap? {
        guard case .call(let function, _) = subject.kind, let samples = samples[function - gauges.first] else {
            return nil
        }
        return samples.contains { values.contains($0.result) } ? Gap.none : Gap(parts: 1, far: Scaled.one)
    }
}

extension Int128 {
    /// How far it is from nothing.
    fileprivate var magnitude128: Int128 { self < 0 ? -self : self }
}

extension Span {
    /// Whether another place lies in this one.
    func holds(_ other: Span) -> Bool { start <= other.start && other.end <= end && other.start < other.end }
}
