/// A table whose rows are all fixed and found by their classes alone, without references: most tables are such.
struct FlatTable {
    private struct Column {
        let stride: Int
        /// The number of named values, or -1 for a column of steps.
        let named: Int
        let steps: UnsafeMutablePointer<Int64>
        let stepCount: Int
    }

    private let columns: UnsafeMutablePointer<Column>
    private let columnCount: Int
    private let rows: UnsafeMutablePointer<Int32>
    /// Of a table of one or two columns of named values, how many of them each column has, and how far apart the rows
    /// for two values of the second one stand; else -1.
    private let firstNamed: Int
    private let secondNamed: Int
    private let secondStride: Int
    let rowCount: Int
    /// Whether the table is such a one; nothing is to be read of others.
    let isFlat: Bool
    /// What each row gives, and what it costs with all rows before it.
    let results: UnsafeMutablePointer<(word: Int64, cost: Int64)>

    init(_ table: TableCode) {
        var columns: [Column] = []
        var rows: [Int32] = []
        if table.isFlat, case .dense(let list, let strides) = table.sections[0].search {
            rows = list
            for (column, stride) in zip(table.sections[0].columns, strides) {
                switch column.classes {
                case .direct(let count):
                    columns.append(Column(stride: stride, named: count, steps: copied([]), stepCount: 0))
                case .steps(let steps):
                    columns.append(Column(stride: stride, named: -1, steps: copied(steps), stepCount: steps.count))
                default: break
                }
            }
        }
        let areNamed = (1...2).contains(columns.count) && columns.allSatisfy { $0.named >= 0 }
        firstNamed = areNamed && columns[0].stride == 1 ? columns[0].named : -1
        secondNamed = firstNamed >= 0 && columns.count == 2 ? columns[1].named : -1
        secondStride = secondNamed >= 0 ? columns[1].stride : 0
        isFlat = table.isFlat
        self.columns = copied(columns)
        columnCount = columns.count
        self.rows = copied(rows)
        results = copied((table.fixed ?? []).enumerated().map { ($1.word, $1.cost + Int64($0) + 1) })
        rowCount = table.sections.first?.rowCount ?? 0
    }

    func free() {
        for index in 0..<columnCount { columns[index].steps.deallocate() }
        columns.deallocate()
        rows.deallocate()
        results.deallocate()
    }

    /// The first row that fits inputs; -1 where none does.
    @inline(__always)
    func row(_ inputs: UnsafePointer<Int64>) -> Int {
        var place = 0
        var index = 0
        if firstNamed >= 0 {
            place = Self.named(inputs[0], firstNamed)
            if secondNamed >= 0 { place &+= Self.named(inputs[1], secondNamed) &* secondStride }
            return Int(rows[place])
        }
        while index < columnCount {
            place &+= find(inputs[index], columns[index]) &* columns[index].stride
            index &+= 1
        }
        return Int(rows[place])
    }

    /// The class of a named value; what is none of them, such as an absent one, is of the last class.
    @inline(__always)
    private static func named(_ word: Int64, _ count: Int) -> Int {
        UInt64(bitPattern: word) < UInt64(truncatingIfNeeded: count) ? Int(truncatingIfNeeded: word) : count
    }

    @inline(__always)
    private func find(_ word: Int64, _ column: Column) -> Int {
        if column.named >= 0 { return Self.named(word, column.named) }
        let steps = column.steps
        var low = 0
        if column.stepCount <= 8 {
            // Of a few steps all are looked at, which needs no guess of where it ends.
            var step = steps
            let end = steps + column.stepCount
            while step < end {
                low &+= step.pointee <= word ? 1 : 0
                step += 1
            }
            return low
        }
        var high = column.stepCount
        while low < high {
            let middle = (low &+ high) >> 1
            if steps[middle] <= word { low = middle &+ 1 } else { high = middle }
        }
        return low
    }
}
