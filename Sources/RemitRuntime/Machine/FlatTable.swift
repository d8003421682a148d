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
        while index < columnCount {
            place &+= find(inputs[index], columns[index]) &* columns[index].stride
            index &+= 1
        }
        return Int(rows[place])
    }

    @inline(__always)
    private func find(_ word: Int64, _ column: Column) -> Int {
        if column.named >= 0 { return word >= 0 && word < Int64(column.named) ? Int(word) : column.named }
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
