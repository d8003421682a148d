import RemitLanguage
import RemitValues

extension Shape: Kept {
    private static let plain: [Kind] = [
        .boolean, .integer, .decimal, .date, .instant, .duration, .term, .document, .text, .place, .party(nil),
        .party(.person), .party(.organisation), .label,
    ]

    func write(_ writer: inout ByteWriter) {
        writer.flag(isOptional)
        bound.write(&writer)
        switch kind {
        case .money(let currency):
            writer.byte(32)
            currency.write(&writer)
        case .named(let index):
            writer.byte(33)
            index.write(&writer)
        case .record(let fields, let index):
            writer.byte(34)
            fields.write(&writer)
            index.write(&writer)
        case .list(let element):
            writer.byte(35)
            element.write(&writer)
        case .set(let element):
            writer.byte(36)
            element.write(&writer)
        case .quorum(let element):
            writer.byte(37)
            element.write(&writer)
        case .map(let entry):
            writer.byte(38)
            entry.write(&writer)
        case .reference(let contract):
            writer.byte(39)
            contract.write(&writer)
        default: writer.byte(UInt8(Self.plain.firstIndex(of: kind) ?? 63))
        }
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Shape {
        let isOptional = try reader.flag()
        let bound = try reader.bound()
        guard bound <= Limits.textBound else { throw MalformedCode("a bound is too great") }
        let number = try reader.byte()
        let kind: Kind
        switch number {
        case 32: kind = .money(try Currency.read(&reader))
        case 33: kind = .named(try Int.read(&reader))
        case 34:
            let fields = try [Int].read(&reader)
            kind = .record(fields, try Int.read(&reader))
        case 35: kind = .list(try Int.read(&reader))
        case 36: kind = .set(try Int.read(&reader))
        case 37: kind = .quorum(try Int.read(&reader))
        case 38: kind = .map(try Int.read(&reader))
        case 39: kind = .reference(try Int.read(&reader))
        default:
            guard plain.indices.contains(Int(number)) else { throw MalformedCode("there is no such shape") }
            kind = plain[Int(number)]
        }
        return Shape(kind: kind, isOptional: isOptional, bound: bound)
    }
}

/// A table of the code as bytes.
struct KeptTable: Kept {
    let table: TableCode

    func write(_ writer: inout ByteWriter) {
        table.name.write(&writer)
        writer.flag(table.isCollect)
        writer.flag(table.isDated)
        table.inputShapes.write(&writer)
        table.sections.write(&writer)
        table.fixed.map { $0.flatMap { [$0.word, $0.cost] } }.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> KeptTable {
        let name = try reader.text()
        let isCollect = try reader.flag()
        let isDated = try reader.flag()
        let inputs = try [Int].read(&reader)
        let sections = try [TableCode.Section].read(&reader)
        var fixed: [TableCode.Fixed]?
        if let words = try [Int64]?.read(&reader) {
            guard words.count % 2 == 0 else { throw MalformedCode("a table's rows are none") }
            fixed = stride(from: 0, to: words.count, by: 2).map {
                TableCode.Fixed(word: words[$0], cost: words[$0 + 1])
            }
        }
        return KeptTable(
            table: TableCode(
                name: name, isCollect: isCollect, isDated: isDated, inputShapes: inputs, sections: sections,
                fixed: fixed))
    }
}

extension TableCode.Section: Kept {
    func write(_ writer: inout ByteWriter) {
        period.write(&writer)
        firstRow.write(&writer)
        rowCount.write(&writer)
        columns.write(&writer)
        switch search {
        case .dense(let rows, let strides):
            writer.byte(0)
            rows.write(&writer)
            strides.write(&writer)
        case .candidates(let column, let rows):
            writer.byte(1)
            column.write(&writer)
            rows.write(&writer)
        case .rowByRow: writer.byte(2)
        }
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> TableCode.Section {
        let period = try Period.read(&reader)
        let firstRow = try Int.read(&reader)
        let rowCount = try Int.read(&reader)
        let columns = try [TableColumnCode].read(&reader)
        let search: TableCode.Search
        switch try reader.byte() {
        case 0:
            let rows = try [Int32].read(&reader)
            search = .dense(rows: rows, strides: try [Int].read(&reader))
        case 1:
            let column = try Int.read(&reader)
            search = .candidates(column: column, rows: try [[Int32]].read(&reader))
        case 2: search = .rowByRow
        default: throw MalformedCode("there is no such search")
        }
        return TableCode.Section(
            period: period, firstRow: firstRow, rowCount: rowCount, columns: columns, search: search)
    }
}

extension TableColumnCode: Kept {
    func write(_ writer: inout ByteWriter) {
        switch classes {
        case .direct(let count):
            writer.byte(0)
            count.write(&writer)
        case .steps(let steps):
            writer.byte(1)
            steps.write(&writer)
        case .decimals(let points):
            writer.byte(2)
            points.map(\.word).write(&writer)
            points.map(\.after).write(&writer)
        case .texts(let texts):
            writer.byte(3)
            texts.write(&writer)
        case .parties(let parties):
            writer.byte(4)
            parties.write(&writer)
        }
        count.write(&writer)
        accepted.flatMap { [$0.lowerBound, $0.upperBound] }.write(&writer)
        starts.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> TableColumnCode {
        let classes: Classes
        switch try reader.byte() {
        case 0: classes = .direct(try reader.bound())
        case 1: classes = .steps(try [Int64].read(&reader))
        case 2:
            let words = try [Int64].read(&reader)
            let after = try [Bool].read(&reader)
            guard words.count == after.count else { throw MalformedCode("a column's steps are none") }
            classes = .decimals(Array(zip(words, after)).map { (word: $0, after: $1) })
        case 3: classes = .texts(try [Int64].read(&reader))
        case 4: classes = .parties(try [Int64].read(&reader))
        default: throw MalformedCode("there are no such classes")
        }
        let count = try Int.read(&reader)
        var accepted: [ClosedRange<Int32>] = []
        let ends = try [Int32].read(&reader)
        for place in stride(from: 0, to: ends.count, by: 2) {
            guard place + 1 < ends.count, ends[place] <= ends[place + 1] else { throw MalformedCode("a range is none") }
            accepted.append(ends[place]...ends[place + 1])
        }
        return TableColumnCode(classes: classes, count: count, accepted: accepted, starts: try [Int32].read(&reader))
    }
}

extension Code.Entries: Kept {
    func write(_ writer: inout ByteWriter) {
        actions.write(&writer)
        entering.write(&writer)
        onlyOpening.write(&writer)
        invariants.write(&writer)
        rowInvariants.map { $0.map { [Int32(truncatingIfNeeded: $0.base), $0.entry] } }.write(&writer)
        uniqueRefusals.map { [Int32(truncatingIfNeeded: $0.register), $0.entry] }.write(&writer)
        for register in [fields, state, target, actor, organisation, now, today, reference, answer, verdicts] {
            register.write(&writer)
        }
        for register in [candidate, principal, written] { register.write(&writer) }
        parameters.write(&writer)
        groups.write(&writer)
        fieldShapes.write(&writer)
        actionShapes.write(&writer)
        keyShapes.write(&writer)
        rowShapes.write(&writer)
        uniqueShapes.write(&writer)
        begin.write(&writer)
        deadlineStarts.write(&writer)
        deadlineBodies.write(&writer)
        openings.write(&writer)
        outcomes.write(&writer)
        funds.write(&writer)
        writtenCount.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Code.Entries {
        var entries = Code.Entries()
        entries.actions = try [Int32].read(&reader)
        entries.entering = try [Int32].read(&reader)
        entries.onlyOpening = try [Int64].read(&reader)
        entries.invariants = try [Int32].read(&reader)
        for list in try [[[Int32]]].read(&reader) {
            entries.rowInvariants.append(try list.map { (pair) throws(MalformedCode) in try entry(pair) })
        }
        for pair in try [[Int32]].read(&reader) {
            let found = try entry(pair)
            entries.uniqueRefusals.append((found.entry, found.base))
        }
        var registers: [UInt16] = []
        for _ in 0..<13 { registers.append(try UInt16.read(&reader)) }
        (entries.fields, entries.state, entries.target) = (registers[0], registers[1], registers[2])
        (entries.actor, entries.organisation, entries.now) = (registers[3], registers[4], registers[5])
        (entries.today, entries.reference, entries.answer) = (registers[6], registers[7], registers[8])
        (entries.verdicts, entries.candidate) = (registers[9], registers[10])
        (entries.principal, entries.written) = (registers[11], registers[12])
        entries.parameters = try [UInt16].read(&reader)
        entries.groups = try reader.bound()
        entries.fieldShapes = try [Int].read(&reader)
        entries.actionShapes = try [[Int]].read(&reader)
        entries.keyShapes = try [[Int]].read(&reader)
        entries.rowShapes = try [Int].read(&reader)
        entries.uniqueShapes = try [[Int]].read(&reader)
        entries.begin = try Int32.read(&reader)
        entries.deadlineStarts = try [Int32].read(&reader)
        entries.deadlineBodies = try [Int32].read(&reader)
        entries.openings = try [Int32].read(&reader)
        entries.outcomes = try [Int32].read(&reader)
        entries.funds = try reader.bound()
        entries.writtenCount = try reader.bound()
        return entries
    }

    private static func entry(_ pair: [Int32]) throws(MalformedCode) -> (entry: Int32, base: UInt16) {
        guard pair.count == 2, let register = UInt16(exactly: pair[0]) else { throw MalformedCode("an entry is none") }
        return (pair[1], register)
    }
}
