import RemitLanguage
import RemitValues

/// How the values of one input are cut into atoms, and how atoms are written as a cell.
struct TableColumn {
    enum Kind {
        /// Values that are named one by one; where there may be others, they are one more atom at the end.
        case values([Value], hasOthers: Bool)
        /// Whole steps: the first value of each atom, in steps of the type.
        case discrete([Int64])
        /// Numbers: a point at each odd atom, what lies between at each even one.
        case continuous([Value])
    }

    let kind: Kind
    /// The atom of each value that is named.
    private let places: [Value: Int]
    let type: ValueType
    let timezone: Int

    init(_ type: ValueType, _ cells: [CheckedCell], _ program: CheckedProgram) {
        self.type = type
        timezone = program.timezone
        switch type {
        case .boolean: kind = .values([.boolean(true), .boolean(false)], hasOthers: false)
        case .enumeration(let index):
            kind = .values(program.enumerations[index].cases.map { .enumeration(TextValue($0)) }, hasOthers: false)
        case .decimal: kind = .continuous(Self.points(cells))
        case .integer, .money, .date, .dateTime, .duration: kind = .discrete(Self.starts(cells, type))
        default: kind = .values(Self.members(cells), hasOthers: true)
        }
        places = Self.places(kind)
    }

    /// A column of values that are all named.
    init(named values: [Value], _ program: CheckedProgram) {
        type = .unknown
        timezone = program.timezone
        kind = .values(values, hasOthers: false)
        places = Self.places(kind)
    }

    private static func places(_ kind: Kind) -> [Value: Int] {
        var places: [Value: Int] = [:]
        if case .values(let values, _) = kind {
            for (index, value) in values.enumerated() { places[value] = index }
        }
        return places
    }

    var atomCount: Int {
        switch kind {
        case .values(let values, let hasOthers): values.count + (hasOthers ? 1 : 0)
        case .discrete(let starts): starts.count
        case .continuous(let points): 2 * points.count + 1
        }
    }

    // Building.

    private static func members(_ cells: [CheckedCell]) -> [Value] {
        var values: [Value] = []
        for cell in cells {
            if case .members(let members, _) = cell { values += members }
        }
        if case .set(let sorted) = Value.makeSet(values) { return sorted }
        return values
    }

    private static func points(_ cells: [CheckedCell]) -> [Value] {
        var values: [Value] = []
        for case .ranges(let ranges) in cells { values += ranges.flatMap { [$0.lower, $0.upper].compactMap { $0 } } }
        if case .set(let sorted) = Value.makeSet(values) { return sorted }
        return values
    }

    private static func starts(_ cells: [CheckedCell], _ type: ValueType) -> [Int64] {
        let (least, greatest) = bounds(type)
        var starts = [least]
        for case .ranges(let ranges) in cells {
            for range in ranges {
                guard let (low, high) = steps(range, type) else { continue }
                starts.append(low)
                if high < greatest { starts.append(high + 1) }
            }
        }
        starts.sort()
        var unique: [Int64] = []
        for start in starts where unique.last != start { unique.append(start) }
        return unique
    }

    /// The least and greatest value of a type, in its steps.
    static func bounds(_ type: ValueType) -> (Int64, Int64) {
        let first = Int64(CalendarDate.earliest.dayNumber)
        let last = Int64(CalendarDate.latest.dayNumber)
        switch type {
        case .date: return (first, last)
        case .dateTime: return (first * 86_400, (last + 1) * 86_400 - 1)
        default: return (.min, .max)
        }
    }

    /// A range in whole steps, both ends included; nil where it holds none.
    private static func steps(_ range: ValueRange, _ type: ValueType) -> (Int64, Int64)? {
        var (low, high) = bounds(type)
        if let lower = range.lower.flatMap(step) {
            if !range.lowerIncluded, lower == .max { return nil }
            low = max(low, range.lowerIncluded ? lower : lower + 1)
        }
        if let upper = range.upper.flatMap(step) {
            if !range.upperIncluded, upper == .min { return nil }
            high = min(high, range.upperIncluded ? upper : upper - 1)
        }
        return low <= high ? (low, high) : nil
    }

    private static func step(_ value: Value) -> Int64? {
        switch value {
        case .integer(let number): number
        case .money(let money): money.minorUnits
        case .date(let date): Int64(date.dayNumber)
        case .instant(let instant): instant.seconds
        case .duration(let duration): duration.seconds
        default: nil
        }
    }

    // Cells as atoms.

    func atoms(of cell: CheckedCell) -> [AtomRange] {
        switch cell {
        case .any: return [AtomRange(low: 0, high: atomCount - 1)]
        case .members(let members, let isExcluded):
            let found = members.compactMap { member in places[member].map { AtomRange(low: $0, high: $0) } }
            let runs = Atoms.normal(found)
            return isExcluded ? Atoms.complement(runs, count: atomCount) : runs
        case .ranges(let ranges): return Atoms.normal(ranges.compactMap(atoms))
        }
    }

    private func atoms(of range: ValueRange) -> AtomRange? {
        switch kind {
        case .values: return nil
        case .discrete(let starts):
            guard let (low, high) = Self.steps(range, type) else { return nil }
            return AtomRange(low: atom(low, starts), high: atom(high, starts))
        case .continuous(let points):
            var result = AtomRange(low: 0, high: 2 * points.count)
            if let lower = range.lower { result.low = 2 * position(lower, points) + (range.lowerIncluded ? 1 : 2) }
            if let upper = range.upper { result.high = 2 * position(upper, points) + (range.upperIncluded ? 1 : 0) }
            return result.low <= result.high ? result : nil
        }
    }

    /// The atom that holds a step: the last one that starts at or before it.
    private func atom(_ step: Int64, _ starts: [Int64]) -> Int {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= step { low = middle } else { high = middle }
        }
        return low
    }

    private func position(_ value: Value, _ points: [Value]) -> Int {
        var low = 0
        var high = points.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if points[middle] <= value { low = middle } else { high = middle }
        }
        return low
    }
}

// Atoms as cells.
extension TableColumn {
    /// A set of atoms as a cell would write it.
    func text(_ atoms: [AtomRange]) -> String {
        if Atoms.size(atoms) == atomCount { return "any" }
        switch kind {
        case .values(let values, let hasOthers):
            if hasOthers, Atoms.contains(atoms, values.count) {
                let others = Atoms.complement(atoms, count: atomCount)
                return "not " + names(others, values).joined(separator: ", ")
            }
            return names(atoms, values).joined(separator: ", ")
        case .discrete(let starts):
            return atoms.map { discreteText($0, starts) }.joined(separator: ", ")
        case .continuous(let points):
            return atoms.map { continuousText($0, points) }.joined(separator: ", ")
        }
    }

    private func names(_ atoms: [AtomRange], _ values: [Value]) -> [String] {
        atoms.flatMap { range in (range.low...range.high).filter { $0 < values.count }.map { values[$0].description } }
    }

    private func discreteText(_ range: AtomRange, _ starts: [Int64]) -> String {
        let isOpenBelow = range.low == 0
        let isOpenAbove = range.high == starts.count - 1
        let low = starts[range.low]
        let high = isOpenAbove ? Self.bounds(type).1 : starts[range.high + 1] - 1
        if isOpenBelow { return "<= \(literal(high))" }
        if isOpenAbove { return ">= \(literal(low))" }
        return low == high ? literal(low) : "\(literal(low)) to \(literal(high))"
    }

    private func literal(_ step: Int64) -> String {
        switch type {
        case .money(let currency): Money(minorUnits: step, currency: currency).grouped
        case .date: CalendarDate(dayNumber: step)?.description ?? String(step)
        case .dateTime: Instant(seconds: step)?.text(offset: timezone) ?? String(step)
        case .duration: Duration(seconds: step).description
        default: String(step)
        }
    }

    private func continuousText(_ range: AtomRange, _ points: [Value]) -> String {
        var parts: [String] = []
        if range.low == range.high, range.low % 2 == 1 { return points[range.low / 2].description }
        if range.low % 2 == 1 {
            parts.append(">= \(points[range.low / 2])")
        } else if range.low > 0 {
            parts.append("> \(points[range.low / 2 - 1])")
        }
        if range.high % 2 == 1 {
            parts.append("<= \(points[range.high / 2])")
        } else if range.high < 2 * points.count {
            parts.append("< \(points[range.high / 2])")
        }
        return parts.joined(separator: " and ")
    }
}
