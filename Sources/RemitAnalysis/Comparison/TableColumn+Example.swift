import RemitLanguage
import RemitValues

extension TableColumn {
    /// Some values of a set of atoms, the plainest first; none where no value can be named.
    func representatives(_ atoms: [AtomRange]) -> [Value] {
        var found: [Value] = []
        for range in atoms where found.count < Limits.triedValues {
            for value in representatives(range) where !found.contains(value) { found.append(value) }
        }
        return found
    }

    /// Whether a value lies in a set of atoms.
    func holds(_ value: Value, _ atoms: [AtomRange]) -> Bool {
        switch kind {
        case .values:
            let isNamed = !self.atoms(of: .members([value], isExcluded: false)).isEmpty
            let own = self.atoms(of: .members([value], isExcluded: false))
            return isNamed ? Atoms.intersect(own, atoms) : Atoms.contains(atoms, atomCount - 1)
        case .discrete, .continuous:
            let exact = ValueRange(lower: value, lowerIncluded: true, upper: value, upperIncluded: true)
            return Atoms.intersect(self.atoms(of: .ranges([exact])), atoms)
        }
    }

    /// The least and the greatest value of a set of atoms, and whether they are of it; nil where there is no bound.
    func bounds(_ atoms: [AtomRange]) -> (low: (value: Value, isIn: Bool)?, high: (value: Value, isIn: Bool)?) {
        guard let first = atoms.first?.low, let last = atoms.last?.high else { return (nil, nil) }
        switch kind {
        case .values: return (nil, nil)
        case .discrete(let starts):
            let low = first == 0 ? nil : value(step: starts[first])
            let high = last == starts.count - 1 ? nil : value(step: starts[last + 1] - 1)
            return (low.map { ($0, true) }, high.map { ($0, true) })
        case .continuous(let points):
            let low = first == 0 ? nil : (value: points[(first - 1) / 2], isIn: first % 2 == 1)
            let high = last == 2 * points.count ? nil : (value: points[last / 2], isIn: last % 2 == 1)
            return (low, high)
        }
    }

    private func representatives(_ range: AtomRange) -> [Value] {
        switch kind {
        case .values(let values, _):
            return (range.low...range.high).prefix(Limits.triedValues).flatMap { atom in
                atom < values.count ? [values[atom]] : others(than: values)
            }
        case .discrete(let starts):
            // The first of the values, or, where these go down without end, the last.
            var steps: [Int64] = []
            let isOpenAbove = range.high == starts.count - 1
            let last = isOpenAbove ? nil : starts[range.high + 1] - 1
            if range.low > 0 {
                let first = starts[range.low]
                steps.append(first)
                if let last { steps += [last, first + (last - first) / 2] }
                if last == nil, first < .max - 100 { steps += [first + 1, first + 100] }
            } else if let last {
                steps += [starts[1] - 1, last]
                if last > .min + 100 { steps += [last - 1, last - 100] }
                if last > 0 { steps.append(0) }
            } else {
                steps.append(0)
            }
            return steps.compactMap(value).filter { holds($0, [range]) }
        case .continuous(let points):
            return (range.low...range.high).prefix(Limits.triedValues).flatMap { atom in
                if atom % 2 == 1 { return [points[atom / 2]] }
                return between(atom == 0 ? nil : points[atom / 2 - 1], atom / 2 < points.count ? points[atom / 2] : nil)
            }
        }
    }

    private func value(step: Int64) -> Value? {
        switch type {
        case .integer: .integer(step)
        case .money(let currency): .money(Money(minorUnits: step, currency: currency))
        case .date: CalendarDate(dayNumber: step).map(Value.date)
        case .dateTime: Instant(seconds: step).map(Value.instant)
        case .duration: .duration(Duration(seconds: step))
        default: nil
        }
    }

    /// Values that are none of those that are named.
    private func others(than values: [Value]) -> [Value] {
        let candidates: [Value] =
            switch type {
            case .text(let bound):
                (["a", "b", "c", "", "other"] + values.indices.map { "a\($0)" }).map { Value.text(TextValue($0)) }
                    .filter { if case .text(let text) = $0 { text.scalarCount <= bound } else { false } }
            case .person: [.party(CaseMaker.anna), .party(Party(.person, "ben"))]
            case .organisation: [.party(CaseMaker.home), .party(Party(.organisation, "clinic"))]
            case .party: [.party(CaseMaker.anna), .party(CaseMaker.home), .party(Party(.organisation, "clinic"))]
            default: []
            }
        return Array(candidates.filter { !values.contains($0) }.prefix(3))
    }

    private func between(_ low: Value?, _ high: Value?) -> [Value] {
        var found: [ExactDecimal?] = []
        switch (low, high) {
        case (.decimal(let low)?, .decimal(let high)?):
            let half = try? ExactDecimal(coefficient: 5, scale: 1)
            found.append((try? low.adding(high)).flatMap { sum in half.flatMap { try? sum.multiplied(by: $0) } })
            // A whole number, or a whole hundredth, where one lies there.
            for scale in [0, 2] {
                let unit = try? ExactDecimal(coefficient: 1, scale: scale)
                found.append(unit.flatMap { try? low.adding($0) }.flatMap { $0 < high ? $0 : nil })
            }
        case (nil, .decimal(let high)?): found = [try? high.subtracting(.one)]
        case (.decimal(let low)?, nil): found = [try? low.adding(.one)]
        default: found = [ExactDecimal(0)]
        }
        return found.compactMap { $0.map(Value.decimal) }
    }
}
