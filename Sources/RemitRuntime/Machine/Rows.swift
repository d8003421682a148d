import RemitLanguage
import RemitValues

/// Looking up and writing rows of registers.
enum Rows {
    /// Looks a row up; ends the loop for a moment where it does not stand in the memory.
    static func lookup(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let register = Int(i.c)
        let place = find(register, machine.pointee.registers + Int(i.b), machine)
        if place >= 0 {
            machine.pointee.registers[Int(i.a)] = machine.pointee.words.base[place &+ 1]
            return .proceed
        }
        guard machine.pointee.rowIndex.isWhole else { return .outside }
        machine.pointee.registers[Int(i.a)] = machine.pointee.initialRows[register]
        return .proceed
    }

    @inline(__always)
    private static func find(
        _ register: Int, _ keys: UnsafePointer<Int64>, _ machine: MachinePointer
    ) -> Int {
        let hash = machine.pointee.rowIndex.hashing.hash(register, keys, machine)
        return machine.pointee.rowIndex.find(register, keys, hash, machine)
    }

    /// Adds a row that was not in the memory; gives its place.
    @discardableResult
    static func add(
        _ register: Int, _ keys: UnsafePointer<Int64>, row: Int64, _ machine: MachinePointer
    ) -> Int {
        let hash = machine.pointee.rowIndex.hashing.hash(register, keys, machine)
        let count = machine.pointee.keyStarts[register + 1] - machine.pointee.keyStarts[register]
        return machine.pointee.rowIndex.add(register, keys, count, row: row, hash, &machine.pointee.words)
    }

    /// Writes a field of a row that was looked up before.
    static func write(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let site = machine.pointee.rowSites + 2 * Int(i.c)
        let (register, field) = (Int(site[0]), Int(site[1]))
        let keys = UnsafePointer(machine.pointee.registers + Int(i.b))
        var place = find(register, keys, machine)
        if place < 0 {
            guard machine.pointee.rowIndex.isWhole else { return .foreign }
            place = add(register, keys, row: machine.pointee.initialRows[register], machine)
        }
        let old = machine.pointee.words.base[place + 1]
        let count = Int(machine.pointee.shapes[machine.pointee.rowShapes[register]].fieldCount)
        guard machine.pointee.words.holds(Int(old), count), field < count else { return .foreign }
        // A row is copied when it is written: what was read of it before stays as it was.
        let new = machine.pointee.words.reserve(count)
        let base = machine.pointee.words.base
        for index in 0..<count { base[new + index] = base[Int(old) + index] }
        base[new + field] = machine.pointee.registers[Int(i.a)]
        machine.pointee.rowIndex.write(place, row: Int64(new), machine.pointee.words)
        return .proceed
    }

    /// The places of the rows that were written, in the order of register and keys.
    static func written(_ machine: MachinePointer) -> [Int] {
        let list = machine.pointee.rowIndex.written
        guard list.top > 0 else { return [] }
        return (0..<list.top).map { Int(list.base[$0]) }.sorted { one, other in
            let (first, second) = (machine.pointee.words.base + one, machine.pointee.words.base + other)
            if first[0] != second[0] { return first[0] < second[0] }
            let register = Int(first[0])
            let start = machine.pointee.keyStarts[register]
            for index in 0..<machine.pointee.keyStarts[register + 1] - start {
                let shape = Int(machine.pointee.keyShapes[start + index])
                let (left, right) = (first[RowIndex.head + index], second[RowIndex.head + index])
                let order = Comparison.order(left, right, shape, machine)
                if order != 0 { return order < 0 }
            }
            return false
        }
    }
}

extension CodeRun {
    /// The row for the keys of a look-up, which the view has; absent where there is none.
    func lookup(_ i: Instruction) throws(Stop) {
        guard machine.pointee.bytes.top < 1 << 30 else { throw .foreign }
        let register = Int(i.c)
        let declared = program.registers[register]
        let stored: [Value]?
        do { stored = try view.row(register: register, keys: keys(register, i.b)) } catch {
            throw error.isUnreadable ? .foreign : .fault(error)
        }
        let values = stored ?? (declared.hasRowForEveryKey ? initialRow(of: declared) : nil)
        var row = absentWord
        if let values {
            guard let found = word(of: values, register) else { throw .foreign }
            row = found
        }
        Rows.add(register, machine.pointee.registers + Int(i.b), row: row, machine)
        put(row, i.a)
    }

    private func keys(_ register: Int, _ first: UInt16) -> [Value] {
        code.entries.keyShapes[register].enumerated().map { offset, shape in
            coder.value(word(first + UInt16(offset)), shape, machine)
        }
    }

    private func initialRow(of register: RegisterDeclaration) -> [Value] {
        program.records[register.row].fields.map { $0.starts ?? .absent }
    }

    private func word(of row: [Value], _ register: Int) -> Int64? {
        guard case .record(let shapes, _) = code.shapes[code.entries.rowShapes[register]].kind else { return nil }
        return coder.record(row, shapes, false, &machine.pointee.words, &machine.pointee.bytes)
    }

    /// Takes all rows that there are into the memory, for all transitions to come. Where one has no word, they are
    /// still asked for one by one.
    func keepRows(_ rows: BatchRows) {
        machine.pointee.reset(stepLimit: stepLimit)
        var isWhole = true
        for (register, declared) in program.registers.enumerated() where declared.hasRowForEveryKey {
            guard let row = word(of: initialRow(of: declared), register) else {
                isWhole = false
                continue
            }
            machine.pointee.initialRows[register] = row
        }
        for (key, row) in rows.rows {
            let shapes = code.entries.keyShapes[key.register]
            var words: [Int64] = []
            for (value, shape) in zip(key.keys, shapes) {
                guard machine.pointee.bytes.top < 1 << 30,
                    let word = coder.word(value, shape, &machine.pointee.words, &machine.pointee.bytes)
                else { break }
                words.append(word)
            }
            guard words.count == shapes.count, let row = word(of: row, key.register) else {
                isWhole = false
                continue
            }
            words.withUnsafeBufferPointer { keys in
                if let base = keys.baseAddress { Rows.add(key.register, base, row: row, machine) }
            }
        }
        machine.pointee.keepArenas()
        machine.pointee.rowIndex.keep(isWhole: isWhole)
    }

    /// Every written row as values, in the order of register and keys.
    var writtenRows: [Effects.RowWrite] {
        Rows.written(machine).compactMap { place in
            let register = Int(machine.pointee.words.base[place])
            let row = Int(machine.pointee.words.base[place + 1])
            guard case .record(let shapes, _) = code.shapes[code.entries.rowShapes[register]].kind else { return nil }
            let keys = code.entries.keyShapes[register].enumerated().map { offset, shape in
                coder.value(machine.pointee.words.base[place + RowIndex.head + offset], shape, machine)
            }
            return Effects.RowWrite(register: register, keys: keys, row: coder.fields(row, shapes, machine))
        }
    }
}
