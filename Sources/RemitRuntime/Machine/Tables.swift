import RemitLanguage
import RemitValues

/// Reading decision tables and dated parameters.
enum Tables {
    static func parameter(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        let list = machine.pointee.parameters[Int(i.c)]
        let day = words[Int(i.b)]
        for index in 0..<list.count where list.days[index].contains(day) {
            words[Int(i.a)] = list.values[index]
            return .proceed
        }
        return .noRule
    }

    /// Finds the row for the inputs; every row that would be tried one after another is charged.
    static func read(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        let inputs = words + Int(i.b)
        let table = machine.pointee.searches + Int(i.c)
        let index = table.pointee.section(inputs)
        guard index >= 0 else { return .noRule }
        let section = table.pointee.sections + index
        let (firstRow, rowCount) = (section.pointee.firstRow, section.pointee.rowCount)
        // With `d` 1 the search goes on behind the row that was found last.
        let previous = i.d == 1 ? Int(words[Int(i.a)]) : -1
        let after = previous < firstRow ? 0 : min(previous - firstRow, rowCount - 1) + 1
        var row = section.pointee.find(after, inputs, machine)
        if row == -2 { row = listed(Int(i.c), index, after, inputs, machine) }
        guard machine.pointee.charge((row < 0 ? rowCount : row + 1) - after) else { return .steps }
        guard row >= 0 else {
            guard table.pointee.isCollect else { return .noRow }
            words[Int(i.a)] = absentWord
            return .proceed
        }
        guard i.operation == .tableValue, let results = table.pointee.results else {
            words[Int(i.a)] = Int64(firstRow + row)
            return .proceed
        }
        guard machine.pointee.charge(Int(results[firstRow + row].cost)) else { return .steps }
        words[Int(i.a)] = results[firstRow + row].word
        return .proceed
    }

    /// The row where the sets of rows would be too large: the lists are looked at instead.
    @inline(never)
    private static func listed(
        _ table: Int, _ section: Int, _ after: Int, _ inputs: UnsafeMutablePointer<Int64>, _ machine: MachinePointer
    ) -> Int {
        machine.pointee.tables[table]._withUnsafeGuaranteedRef { table in
            table.sections.withUnsafeBufferPointer { firstRow($0[section], after, inputs, machine) }
        }
    }

    /// The section and the row in it that fit inputs, with the day behind them where the table is dated.
    static func place(
        _ table: TableCode, _ inputs: UnsafeMutablePointer<Int64>, _ machine: MachinePointer
    ) -> (section: Int, row: Int)? {
        guard let index = section(table, inputs, machine) else { return nil }
        let row = firstRow(table.sections[index], 0, inputs, machine)
        return row < 0 ? nil : (index, row)
    }

    private static func section(
        _ table: TableCode, _ inputs: UnsafeMutablePointer<Int64>, _ machine: MachinePointer
    ) -> Int? {
        guard table.isDated else { return table.sections.isEmpty ? nil : 0 }
        guard let day = CalendarDate(dayNumber: inputs[table.inputShapes.count]) else { return nil }
        return table.sections.firstIndex { $0.period.contains(day) }
    }

    /// The first row from `after` on that accepts the inputs; -1 where none does.
    private static func firstRow(
        _ section: borrowing TableCode.Section, _ after: Int, _ inputs: UnsafeMutablePointer<Int64>,
        _ machine: MachinePointer
    ) -> Int {
        let columns = section.columns
        switch section.search {
        case .dense(let rows, let strides):
            var place = 0
            for index in columns.indices { place += columns[index].find(inputs[index], machine) * strides[index] }
            let row = Int(rows[place])
            return row < after ? -1 : row
        case .candidates(let column, let rows):
            let found = columns.indices.map { columns[$0].find(inputs[$0], machine) }
            for row in rows[found[column]] where Int(row) >= after {
                if fits(Int(row), columns, found) { return Int(row) }
            }
            return -1
        case .rowByRow:
            let found = columns.indices.map { columns[$0].find(inputs[$0], machine) }
            for row in after..<max(after, section.rowCount) where fits(row, columns, found) { return row }
            return -1
        }
    }

    private static func fits(_ row: Int, _ columns: [TableColumnCode], _ found: [Int]) -> Bool {
        for index in columns.indices where !columns[index].accepts(row, found[index]) { return false }
        return true
    }
}
