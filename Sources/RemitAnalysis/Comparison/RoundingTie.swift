import RemitLanguage
import RemitRuntime
import RemitValues

/// Two roundings of one number that do not round alike.
struct RoundingTie {
    let before: Gauges.Rounding
    let after: Gauges.Rounding

    /// Whether they come to different numbers; nil where that cannot be worked out.
    func differs(_ one: (dividend: Int128, divisor: Int128), _ other: (dividend: Int128, divisor: Int128)) -> Bool? {
        guard let first = Self.rounded(one, before), let second = Self.rounded(other, after) else { return nil }
        return Self.isUnequal(first, before.places, second, after.places)
    }

    private static func isUnequal(_ first: Int128, _ places: Int, _ second: Int128, _ others: Int) -> Bool {
        var (first, second, places, others) = (first, second, places, others)
        while places < others { (first, places) = (first &* 10, places + 1) }
        while others < places { (second, others) = (second &* 10, others + 1) }
        return first != second
    }

    /// A quotient in units of the last place.
    private static func rounded(
        _ number: (dividend: Int128, divisor: Int128), _ rounding: Gauges.Rounding
    ) -> Int128? {
        var dividend = number.dividend
        for _ in 0..<max(rounding.places, 0) {
            let (product, isTooLarge) = dividend.multipliedReportingOverflow(by: 10)
            if isTooLarge { return nil }
            dividend = product
        }
        let (whole, hasNone) = dividend.dividedReportingOverflow(by: number.divisor)
        if hasNone { return nil }
        let rest = dividend % number.divisor
        let away: Int128 = (dividend < 0) != (number.divisor < 0) ? -1 : 1
        let (double, isTooLarge) = rest.magnitude.multipliedReportingOverflow(by: 2)
        if isTooLarge { return nil }
        let half = number.divisor.magnitude
        let goesAway =
            switch rounding.mode {
            case .up: rest != 0
            case .down: false
            case .halfUp: double >= half
            case .halfEven: double > half || (double == half && whole % 2 != 0)
            }
        return goesAway ? whole &+ away : whole
    }
}

// Numbers at which two roundings differ.
extension CaseSolver {
    /// Turns one value after the other to where what is rounded lies at a number at which the two roundings differ, as
    /// far as it follows the value on a line.
    mutating func meetTie(from wish: CaseWish) {
        guard let tie = question.tie else { return }
        let made = MadeValues()
        guard search.both(play, wish, made) != nil else { return }
        let frozen = made.frozen(wish)
        meet(tie, frozen)
        // Other shares and prices may have numbers at which the two differ.
        for (path, value) in made.leaves where value.isOneOfFew {
            for other in search.pool.alternatives(to: value, search.new.program) {
                guard found == nil, search.climbs > 0, search.mayGoOn else { return }
                var changed = frozen
                changed.values[path] = other
                meet(tie, changed)
            }
        }
    }

    private mutating func meet(_ tie: RoundingTie, _ frozen: CaseWish) {
        let made = MadeValues()
        guard let (first, second) = search.both(play, frozen, made) else { return }
        // It may be rounded several times, as on each line.
        let one = search.old.gauges.rounded(tie.before, first)
        let other = search.new.gauges.rounded(tie.after, second)
        for knob in CaseKnob.all(of: made) {
            guard case .value(let value) = knob.kind, Scaled.fine(value) != nil else { continue }
            for step in steps(of: knob, value) {
                guard let changed = knob.set(knob.start + step, in: frozen), let moved = attempt(changed) else {
                    continue
                }
                if found != nil { return }
                let next = search.old.gauges.rounded(tie.before, moved.before)
                let last = search.new.gauges.rounded(tie.after, moved.after)
                let times = min(min(one.count, other.count), min(next.count, last.count))
                // What does not follow this value upwards may follow it downwards.
                for time in 0..<times where one[time] != next[time] || other[time] != last[time] {
                    follow(knob, step, (one[time], next[time]), (other[time], last[time]), tie, frozen)
                    if found != nil || search.climbs == 0 { return }
                }
            }
        }
    }

    /// Goes along the line that what is rounded takes to the numbers at which the two roundings differ.
    private mutating func follow(
        _ knob: CaseKnob, _ step: Int128, _ old: (Fraction, Fraction), _ new: (Fraction, Fraction), _ tie: RoundingTie,
        _ frozen: CaseWish
    ) {
        func place(_ line: (Fraction, Fraction), _ times: Int128) -> Fraction {
            (
                line.0.dividend &+ (line.1.dividend &- line.0.dividend) &* times,
                line.0.divisor &+ (line.1.divisor &- line.0.divisor) &* times
            )
        }
        var hits = 0
        for count in 1...Limits.triedTies {
            let times = Int128(count)
            guard tie.differs(place(old, times), place(new, times)) == true else { continue }
            hits += 1
            guard hits <= Self.mostHits, let met = knob.set(knob.start + step * times, in: frozen) else { return }
            _ = attempt(met)
            if found != nil || search.climbs == 0 { return }
        }
    }

    private typealias Fraction = (dividend: Int128, divisor: Int128)

    /// How many numbers at which the roundings differ are tried of one value.
    private static let mostHits = 6

    /// The steps of a value: as people take them, and of a number with many places smaller ones.
    private func steps(of knob: CaseKnob, _ value: Value) -> [Int128] {
        guard case .decimal = value else { return [knob.least, -knob.least] }
        return [10_000, -10_000, 1_000, 100, 10, 1]
    }
}
