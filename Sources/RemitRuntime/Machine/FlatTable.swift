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
    private let words: UnsafeMutablePointer<Int64>
    private let costs: UnsafeMutablePointer<Int64>
    private let rowCount: Int

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
        self.columns = copied(columns)
        columnCount = columns.count
        self.rows = copied(rows)
        words = copied(table.fixed?.map(\.word) ?? [])
        costs = copied(table.fixed?.map(\.cost) ?? [])
        rowCount = table.sections.first?.rowCount ?? 0
    }

    func free() {
        for index in 0..<columnCount { columns[index].steps.deallocate() }
        columns.deallocate()
        rows.deallocate()
        words.deallocate()
        costs.deallocate()
    }

    /// Reads the table and charges every row that would be tried; false where no row fits or the steps are used up.
    @inline(__always)
    func read(_ i: Instruction, _ steps: inout Int64, _ machine: MachinePointer) -> Bool {
        let inputs = machine.pointee.registers + Int(i.b)
        var place = 0
        for index in 0..<columnCount { place &+= find(inputs[index], columns[index]) &* columns[index].stride }
        let row = Int(rows[place])
        guard row >= 0 else {
            steps &-= Int64(rowCount)
            return false
        }
        steps &-= Int64(row &+ 1) &+ costs[row]
        machine.pointee.registers[Int(i.a)] = words[row]
        return steps >= 0
    }

    @inline(__always)
    private func find(_ word: Int64, _ column: Column) -> Int {
        if column.named >= 0 { return word >= 0 && word < Int64(column.named) ? Int(word) : column.named }
        let steps = column.steps
        var low = 0
        if column.stepCount <= 8 {
            // Of a few steps all are looked at, which needs no guess of where it ends.
            for index in 0..<column.stepCount { low &+= steps[index] <= word ? 1 : 0 }
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
