import RemitValues

/// A set of values of one type, as a cell writes it: of an ordered type as ranges, of another by its members.
enum CellSet {
    case members([Value], isExcluded: Bool)
    /// Sorted and disjoint.
    case ranges([ValueRange])

    static func hasOrder(_ type: ValueType) -> Bool {
        switch type {
        case .integer, .decimal, .money, .date, .dateTime, .duration: true
        default: false
        }
    }

    private static let unbounded = ValueRange(lower: nil, lowerIncluded: false, upper: nil, upperIncluded: false)

    static func all(_ isOrdered: Bool) -> CellSet { isOrdered ? .ranges([unbounded]) : .members([], isExcluded: true) }

    static func one(_ value: Value, _ isOrdered: Bool) -> CellSet {
        isOrdered
            ? .ranges([ValueRange(lower: value, lowerIncluded: true, upper: value, upperIncluded: true)])
            : .members([value], isExcluded: false)
    }

    static func range(_ range: ValueRange) -> CellSet { range.isEmpty ? .ranges([]) : .ranges([range]) }

    var isEmpty: Bool {
        switch self {
        case .members(let values, let isExcluded): !isExcluded && values.isEmpty
        case .ranges(let ranges): ranges.isEmpty
        }
    }

    /// The normal form that the program keeps.
    var cell: CheckedCell {
        switch self {
        case .members([], true): .any
        case .members(let values, let isExcluded): .members(values, isExcluded: isExcluded)
        case .ranges(let ranges): ranges == [Self.unbounded] ? .any : .ranges(ranges)
        }
    }

    var complement: CellSet {
        switch self {
        case .members(let values, let isExcluded): return .members(values, isExcluded: !isExcluded)
        case .ranges(let ranges):
            var result: [ValueRange] = []
            var lower: Value?
            var lowerIncluded = false
            for range in ranges {
                if let end = range.lower {
                    let gap = ValueRange(
                        lower: lower, lowerIncluded: lowerIncluded, upper: end, upperIncluded: !range.lowerIncluded)
                    if !gap.isEmpty { result.append(gap) }
                }
                guard let next = range.upper else { return .ranges(result) }
                lower = next
                lowerIncluded = !range.upperIncluded
            }
            result.append(ValueRange(lower: lower, lowerIncluded: lowerIncluded, upper: nil, upperIncluded: false))
            return .ranges(result)
        }
    }

    func intersection(_ other: CellSet) -> CellSet {
        switch (self, other) {
        case (.members(let first, false), .members(let second, let isExcluded)):
            return .members(first.filter { second.contains($0) != isExcluded }, isExcluded: false)
        case (.members(let first, true), .members(let second, false)):
            return .members(second.filter { !first.contains($0) }, isExcluded: false)
        case (.members(let first, true), .members(let second, true)):
            return .members(first + second.filter { !first.contains($0) }, isExcluded: true)
        case (.ranges(let first), .ranges(let second)):
            var result: [ValueRange] = []
            var (mine, theirs) = (0, 0)
            while mine < first.count, theirs < second.count {
                let both = first[mine].intersection(second[theirs])
                if !both.isEmpty { result.append(both) }
                if first[mine].endsBefore(second[theirs]) { mine += 1 } else { theirs += 1 }
            }
            return .ranges(result)
        default: return .ranges([])
        }
    }

    /// What any of the sets holds, in one pass over all their parts; nil where there is no set.
    static func union(_ sets: [CellSet]) -> CellSet? {
        guard let first = sets.first else { return nil }
        if sets.count == 1 { return first }
        guard case .ranges = first else {
            return sets.dropFirst().reduce(first) { $0.unionOfMembers($1) }
        }
        let parts = sets.flatMap { set -> [ValueRange] in
            guard case .ranges(let ranges) = set else { return [] }
            return ranges
        }
        return .ranges(ValueRange.merged(parts))
    }

    private func unionOfMembers(_ other: CellSet) -> CellSet {
        complement.intersection(other.complement).complement
    }
}

extension ValueRange {
    /// Whether the range holds nothing, as far as its ends tell.
    var isEmpty: Bool {
        guard let lower, let upper else { return false }
        return lower > upper || (lower == upper && !(lowerIncluded && upperIncluded))
    }

    /// The same values as sorted and disjoint ranges, none of which touches the next.
    static func merged(_ ranges: [ValueRange]) -> [ValueRange] {
        var result: [ValueRange] = []
        for range in ranges.filter({ !$0.isEmpty }).sorted(by: { $0.beginsBefore($1) }) {
            guard let last = result.last, last.reaches(range) else {
                result.append(range)
                continue
            }
            if last.endsBefore(range) {
                result[result.count - 1] = ValueRange(
                    lower: last.lower, lowerIncluded: last.lowerIncluded, upper: range.upper,
                    upperIncluded: range.upperIncluded)
            }
        }
        return result
    }

    private func beginsBefore(_ other: ValueRange) -> Bool {
        guard let mine = lower else { return other.lower != nil }
        guard let theirs = other.lower else { return false }
        return mine == theirs ? lowerIncluded && !other.lowerIncluded : mine < theirs
    }

    fileprivate func endsBefore(_ other: ValueRange) -> Bool {
        guard let mine = upper else { return false }
        guard let theirs = other.upper else { return true }
        return mine == theirs ? !upperIncluded && other.upperIncluded : mine < theirs
    }

    /// Whether nothing lies between this range and one that begins at its beginning or later.
    private func reaches(_ next: ValueRange) -> Bool {
        guard let end = upper, let begin = next.lower else { return true }
        return begin == end ? upperIncluded || next.lowerIncluded : begin < end
    }

    func intersection(_ other: ValueRange) -> ValueRange {
        var low = (lower, lowerIncluded)
        if let end = other.lower {
            if let mine = lower, mine >= end {
                if mine == end { low.1 = lowerIncluded && other.lowerIncluded }
            } else {
                low = (end, other.lowerIncluded)
            }
        }
        var high = (upper, upperIncluded)
        if let end = other.upper {
            if let mine = upper, mine <= end {
                if mine == end { high.1 = upperIncluded && other.upperIncluded }
            } else {
                high = (end, other.upperIncluded)
            }
        }
        return ValueRange(lower: low.0, lowerIncluded: low.1, upper: high.0, upperIncluded: high.1)
    }
}
