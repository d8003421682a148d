import RemitLanguage
import RemitValues

/// Reading decision tables and dated parameters.
enum Tables {
    static func parameter(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        let day = CalendarDate(dayNumber: words[Int(i.b)])
        let code = machine.pointee.code._withUnsafeGuaranteedRef { $0 }
        let parameter = code.parameters[Int(i.c)]
        guard let day, let period = parameter.periods.firstIndex(where: { $0.contains(day) }) else { return .noRule }
        words[Int(i.a)] = parameter.values[period]
        return .proceed
    }

    /// Finds the row for the inputs; every row that would be tried one after another is charged.
    static func read(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        machine.pointee.tables[Int(i.c)]._withUnsafeGuaranteedRef { read($0, i, machine) }
    }

    private static func read(_ table: TableCode, _ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        let inputs = words + Int(i.b)
        guard let index = section(table, inputs, machine) else { return .noRule }
        return table.sections.withUnsafeBufferPointer { sections in
            find(table, sections[index], i, inputs, machine)
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

    private static func find(
        _ table: TableCode, _ section: borrowing TableCode.Section, _ i: InstructionPointer,
        _ inputs: UnsafeMutablePointer<Int64>, _ machine: MachinePointer
    ) -> Exit {
        let words = machine.pointee.registers
        // With `d` 1 the search goes on behind the row that was found last.
        let previous = i.d == 1 ? Int(words[Int(i.a)]) : -1
        let after = previous < section.firstRow ? 0 : min(previous - section.firstRow, section.rowCount - 1) + 1
        let row = firstRow(section, after, inputs, machine)
        guard machine.pointee.charge((row < 0 ? section.rowCount : row + 1) - after) else { return .steps }
        guard row >= 0 else {
            guard table.isCollect else { return .noRow }
            words[Int(i.a)] = absentWord
            return .proceed
        }
        guard i.operation == .tableValue, let fixed = table.fixed else {
            words[Int(i.a)] = Int64(section.firstRow + row)
            return .proceed
        }
        let result = fixed[section.firstRow + row]
        guard machine.pointee.charge(Int(result.cost)) else { return .steps }
        words[Int(i.a)] = result.word
        return .proceed
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
