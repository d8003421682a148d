import RemitLanguage
import RemitValues

/// Works out how the machine searches a section of a table.
struct TableBuilder {
    /// Gives the word of a constant of a shape.
    let word: (Value, Int) throws(LoweringProblem) -> Int64
    let shapes: [Shape]
    /// The number of values of an enumeration.
    let nameCount: (Int) -> Int
    let compareDecimals: (Int64, Int64) -> Int

    func section(
        _ section: CheckedTableSection, firstRow: Int, inputs: [Int], isCollect: Bool
    ) throws(LoweringProblem) -> TableCode.Section {
        var columns: [TableColumnCode] = []
        for (column, shape) in inputs.enumerated() {
            columns.append(try self.column(section.rows.map { $0.cells[column] }, shape))
        }
        return TableCode.Section(
            period: section.period, firstRow: firstRow, rowCount: section.rows.count, columns: columns,
            search: search(columns, section.rows.count, isCollect))
    }

    // MARK: The search

    private func search(_ columns: [TableColumnCode], _ rows: Int, _ isCollect: Bool) -> TableCode.Search {
        var size = 1
        var isSmall = !isCollect
        for column in columns {
            let (product, overflow) = size.multipliedReportingOverflow(by: column.count)
            isSmall = isSmall && !overflow && product <= Limits.tableCombinations
            size = overflow ? Int.max : product
        }
        if isSmall, let dense = dense(columns, rows, size) { return dense }
        guard let best = columns.indices.max(by: { columns[$0].count < columns[$1].count }) else { return .rowByRow }
        var total = 0
        var lists = [[Int32]](repeating: [], count: columns[best].count)
        for row in 0..<rows {
            for range in columns[best].accepted(by: row) {
                total += range.count
                guard total <= Limits.tableCandidates else { return .rowByRow }
                for found in range { lists[Int(found)].append(Int32(row)) }
            }
        }
        return .candidates(column: best, rows: lists)
    }

    /// The first row for each combination of classes; nil where filling them in would take too long.
    private func dense(_ columns: [TableColumnCode], _ rows: Int, _ size: Int) -> TableCode.Search? {
        var strides: [Int] = []
        var stride = 1
        for column in columns {
            strides.append(stride)
            stride *= column.count
        }
        var cells = [Int32](repeating: -1, count: size)
        var work = 0
        for row in 0..<rows {
            var places = [0]
            for (index, column) in columns.enumerated() {
                var next: [Int] = []
                for range in column.accepted(by: row) {
                    for found in range {
                        for place in places { next.append(place + Int(found) * strides[index]) }
                    }
                }
                places = next
                work += places.count
                if work > Limits.tableCandidates * 4 { return nil }
            }
            for place in places where cells[place] < 0 { cells[place] = Int32(row) }
        }
        return .dense(rows: cells, strides: strides)
    }

    // MARK: Columns

    private func column(_ cells: [CheckedCell], _ shape: Int) throws(LoweringProblem) -> TableColumnCode {
        switch shapes[shape].kind {
        case .boolean: return try direct(cells, shape, 2)
        case .named(let index): return try direct(cells, shape, nameCount(index))
        case .text: return try members(cells, shape, isText: true)
        case .party: return try members(cells, shape, isText: false)
        case .decimal: return try decimals(cells, shape)
        default: return try steps(cells, shape)
        }
    }

    private func assemble(
        _ classes: TableColumnCode.Classes, _ count: Int, _ rows: [[ClosedRange<Int32>]]
    ) -> TableColumnCode {
        var starts: [Int32] = [0]
        var accepted: [ClosedRange<Int32>] = []
        for row in rows {
            accepted += row
            starts.append(Int32(accepted.count))
        }
        return TableColumnCode(classes: classes, count: count, accepted: accepted, starts: starts)
    }

    private func ranges(of members: Set<Int32>, excluded: Bool, count: Int) -> [ClosedRange<Int32>] {
        var result: [ClosedRange<Int32>] = []
        for found in 0..<Int32(count) where members.contains(found) != excluded {
            if let last = result.last, last.upperBound + 1 == found {
                result[result.count - 1] = last.lowerBound...found
            } else {
                result.append(found...found)
            }
        }
        return result
    }

    private func direct(_ cells: [CheckedCell], _ shape: Int, _ count: Int) throws(LoweringProblem) -> TableColumnCode {
        var rows: [[ClosedRange<Int32>]] = []
        for cell in cells {
            guard case .members(let values, let isExcluded) = cell else {
                rows.append([0...Int32(count)])
                continue
            }
            var members: Set<Int32> = []
            for value in values { members.insert(Int32(truncatingIfNeeded: try word(value, shape))) }
            rows.append(ranges(of: members, excluded: isExcluded, count: count + 1))
        }
        return assemble(.direct(count), count + 1, rows)
    }

    private func members(_ cells: [CheckedCell], _ shape: Int, isText: Bool) throws(LoweringProblem) -> TableColumnCode
    {
        var known: [Value: Int64] = [:]
        for case .members(let values, _) in cells {
            for value in values where known[value] == nil { known[value] = try word(value, shape) }
        }
        let sorted = known.sorted { $0.key < $1.key }
        var numbers: [Value: Int32] = [:]
        for (number, entry) in sorted.enumerated() { numbers[entry.key] = Int32(number) }
        let rows = cells.map { cell -> [ClosedRange<Int32>] in
            guard case .members(let values, let isExcluded) = cell else { return [0...Int32(sorted.count)] }
            let members = Set(values.compactMap { numbers[$0] })
            return ranges(of: members, excluded: isExcluded, count: sorted.count + 1)
        }
        let words = sorted.map(\.value)
        return assemble(isText ? .texts(words) : .parties(words), sorted.count + 1, rows)
    }

    /// Whole numbers, amounts, days and times: a range begins at its first value and ends before the first beyond.
    private func steps(_ cells: [CheckedCell], _ shape: Int) throws(LoweringProblem) -> TableColumnCode {
        var rows: [[(low: Int64?, high: Int64?)]] = []
        var points: Set<Int64> = []
        for cell in cells {
            var row: [(low: Int64?, high: Int64?)] = []
            switch cell {
            case .any: row = [(nil, nil)]
            case .members: throw .unsupported("a column of named values over an ordered type")
            case .ranges(let ranges):
                for range in ranges {
                    guard let bounds = try bounds(range, shape) else { continue }
                    row.append(bounds)
                    if let low = bounds.low { points.insert(low) }
                    if let high = bounds.high { points.insert(high) }
                }
            }
            rows.append(row)
        }
        let sorted = points.sorted()
        var positions: [Int64: Int32] = [:]
        for (index, point) in sorted.enumerated() { positions[point] = Int32(index) + 1 }
        let accepted = rows.map { row in
            row.compactMap { low, high -> ClosedRange<Int32>? in
                let first = low.flatMap { positions[$0] } ?? 0
                let end = high.flatMap { positions[$0] } ?? Int32(sorted.count) + 1
                return first < end ? first...end - 1 : nil
            }
        }
        return assemble(.steps(sorted), sorted.count + 1, accepted)
    }

    /// The first value of a range and the first beyond it; nil for a range that holds none.
    private func bounds(_ range: ValueRange, _ shape: Int) throws(LoweringProblem) -> (low: Int64?, high: Int64?)? {
        var low: Int64?
        var high: Int64?
        if let lower = range.lower {
            let first = try word(lower, shape)
            if range.lowerIncluded {
                low = first
            } else {
                guard first < Int64.max else { return nil }
                low = first + 1
            }
        }
        if let upper = range.upper {
            let last = try word(upper, shape)
            if !range.upperIncluded { high = last } else if last < Int64.max { high = last + 1 }
        }
        return (low, high)
    }

    private func decimals(_ cells: [CheckedCell], _ shape: Int) throws(LoweringProblem) -> TableColumnCode {
        typealias Point = (word: Int64, after: Bool)
        var points: [Point] = []
        var rows: [[(low: Point?, high: Point?)]] = []
        for cell in cells {
            guard case .ranges(let ranges) = cell else {
                rows.append([(nil, nil)])
                continue
            }
            var row: [(low: Point?, high: Point?)] = []
            for range in ranges {
                var bounds: (low: Point?, high: Point?) = (nil, nil)
                if let lower = range.lower { bounds.low = (try word(lower, shape), !range.lowerIncluded) }
                if let upper = range.upper { bounds.high = (try word(upper, shape), range.upperIncluded) }
                points += [bounds.low, bounds.high].compactMap(\.self)
                row.append(bounds)
            }
            rows.append(row)
        }
        func isBefore(_ one: Point, _ other: Point) -> Bool {
            let order = compareDecimals(one.word, other.word)
            return order != 0 ? order < 0 : !one.after && other.after
        }
        points.sort(by: isBefore)
        var sorted: [Point] = []
        for point in points where sorted.last.map({ isBefore($0, point) }) ?? true { sorted.append(point) }
        func position(_ point: Point) -> Int32 {
            Int32(sorted.firstIndex { !isBefore($0, point) } ?? sorted.count) + 1
        }
        let accepted = rows.map { row in
            row.compactMap { low, high -> ClosedRange<Int32>? in
                let first = low.map(position) ?? 0
                let end = high.map(position) ?? Int32(sorted.count) + 1
                return first < end ? first...end - 1 : nil
            }
        }
        return assemble(.decimals(sorted), sorted.count + 1, accepted)
    }
}
