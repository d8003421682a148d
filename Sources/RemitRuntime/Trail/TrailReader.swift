import RemitLanguage
import RemitValues

/// Tells from the trail of a run what happened, item by item as the reference evaluator's trace does.
///
/// It reads the trail before the machine's memory is emptied, since the words in it point there.
struct TrailReader {
    /// The program is read where it stands: a copy of it would count every list in it.
    private let traced: TracedCode
    private let coder: ValueCoder
    private let home: Party
    private(set) var trace = Trace()
    /// What the condition that is being told has read so far in parts.
    private var parts: [Trace.Read] = []
    /// The line at which each walk through lines stands.
    private var lines: [(walk: UInt16, line: Int)] = []
    /// Lists and records that were told a moment ago, since a decision speaks of the same ones again and again.
    private var known: [Known?] = []
    /// How the actor was let in where it was asked last.
    private var admitted: (site: ObjectIdentifier, name: String)?

    private struct Known {
        let word: Int64
        let shape: Int
        let value: Value

        /// How many are kept at a time.
        static let count = 16
    }

    init(traced: TracedCode, home: Party) {
        self.traced = traced
        coder = ValueCoder(code: traced.code)
        self.home = home
    }

    /// Makes ready for the next decision.
    mutating func begin() {
        trace.removeAll()
        parts.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        for index in known.indices { known[index] = nil }
    }

    /// Takes an event that needs no record.
    mutating func add(_ event: Trace.Event, at span: Span) { trace.add(event, at: span) }

    /// Reads everything in the trail, and empties it.
    mutating func take(_ machine: MachinePointer) {
        let trail = machine.pointee.trail
        let sites = traced.map.sites
        var place = 0
        while place < trail.top {
            let number = Int(trail.base[place])
            guard sites.indices.contains(number) else { break }
            let site = sites[number]
            guard place + site.count < trail.top else { break }
            tell(site, trail.base + place + 1, machine)
            place += 1 + site.count
        }
        machine.pointee.trail.top = 0
    }

    private mutating func tell(_ site: TrailSite, _ words: UnsafeMutablePointer<Int64>, _ machine: MachinePointer) {
        switch site.kind {
        case .line(let walk): setLine(of: walk, Int(words[0] &- words[1]))
        case .part: parts += reads(site, words, machine)
        case .requirement(let holds):
            let all = allReads(site, words, machine)
            trace.add(.requirement(holds: holds, reads: all), at: site.span)
        case .check(let item, let group, let walk, let holds):
            let all = allReads(site, words, machine)
            let line = walk.flatMap { walk in lines.first { $0.walk == walk }?.line }
            trace.add(
                .check(clause: item.check.index, group: group, item: item, line: line, holds: holds, reads: all),
                at: site.span)
        case .branch(let arm, let condition):
            // A choice within a value leaves what a condition around it has read to that.
            let all = condition == nil ? reads(site, words, machine) : allReads(site, words, machine)
            trace.add(.branch(arm, condition: condition, reads: all), at: site.span)
        case .fault: fault(words, machine)
        case .form(let fields):
            for (index, field) in fields.enumerated() {
                trace.add(
                    .fieldSet(field, value(words[index], site.registers[index], machine)),
                    at: traced.program.caseFields[field].span)
            }
        default:
            guard trace.hasRoom else { return trace.omit() }
            guard let event = event(site, words, machine) else { return }
            trace.add(event.0, at: event.1)
        }
    }

    private mutating func setLine(of walk: UInt16, _ line: Int) {
        if let index = lines.firstIndex(where: { $0.walk == walk }) {
            lines[index].line = line
        } else {
            lines.append((walk, line))
        }
    }

    private mutating func event(
        _ site: TrailSite, _ words: UnsafeMutablePointer<Int64>, _ machine: MachinePointer
    ) -> (Trace.Event, Span)? {
        let count = site.registers.count
        switch site.kind {
        case .admitted(let authority):
            var name = name(of: authority, ObjectIdentifier(site))
            if words[0] != words[1] {
                name += ", standing in for \(value(words[0], site.registers[0], machine).description)"
            }
            return (.admitted(as: name), site.span)
        case .arguments(let action):
            return (.argumentsGiven(action: action, values(site, words, 0..<count, machine)), site.span)
        case .fieldSet(let field): return (.fieldSet(field, value(words[0], site.registers[0], machine)), site.span)
        case .fieldGrown(let field): return (.fieldGrown(field, value(words[0], site.registers[0], machine)), site.span)
        case .localSet(let local):
            return (.localSet(local: local, value(words[0], site.registers[0], machine)), site.span)
        case .rowSet(let register, let field):
            let values = values(site, words, 0..<count, machine)
            return (
                .rowSet(register: register, keys: Array(values.dropLast()), field: field, values[count - 1]), site.span
            )
        case .rowRead(let register):
            let keys = values(site, words, 0..<count - 1, machine)
            return (.rowRead(register: register, keys: keys, found: words[count - 1] != absentWord), site.span)
        case .parameterRead(let index): return parameter(index, count > 0 ? words[0] : nil, site.span, machine)
        case .tableRead(let index, let fixed): return table(index, fixed, site, words, machine)
        case .functionCalled(let index):
            let values = values(site, words, 0..<count, machine)
            return (.functionCalled(index, arguments: Array(values.dropLast()), values[count - 1]), site.span)
        case .verdict(let checks):
            guard Verdict.allCases.indices.contains(Int(words[0])) else { return nil }
            return (.verdict(checks: checks, Verdict.allCases[Int(words[0])]), site.span)
        case .notice:
            let bytes = machine.pointee.bytes
            return (.noticeGiven(bytes.string(words[0] & ~1), bytes.string(words[1])), site.span)
        case .stateEntered:
            guard traced.program.states.indices.contains(Int(words[0])) else { return nil }
            return (.stateEntered(Int(words[0])), traced.program.states[Int(words[0])].span)
        case .invariant:
            let invariant = traced.program.invariants[Int(words[0])]
            return (.invariant(invariant.text, holds: words[1] != 0), invariant.span)
        case .rowInvariant:
            let invariant = traced.program.registers[Int(words[0])].invariants[Int(words[1])]
            return (.invariant(invariant.text, holds: words[2] != 0), invariant.span)
        case .form, .part, .requirement, .check, .line, .branch, .fault: return nil
        }
    }

    private mutating func name(of authority: CheckedAuthority, _ site: ObjectIdentifier) -> String {
        if let admitted, admitted.site == site { return admitted.name }
        let name = Authority.describe(authority, in: traced.program, home: home)
        admitted = (site, name)
        return name
    }

    // MARK: Values

    /// A word as the value that the reference evaluator would have there.
    private mutating func value(_ word: Int64, _ register: UInt16, _ machine: MachinePointer) -> Value {
        let shape = Int(traced.code.registerShapes[Int(register)])
        // A field that was never set stands absent, whatever its type.
        if word == absentWord, !traced.code.shapes[shape].canBeLeast { return .absent }
        switch traced.code.shapes[shape].kind {
        case .record, .list, .set, .map:
            if known.isEmpty { known = Array(repeating: nil, count: Known.count) }
            let slot = Int(truncatingIfNeeded: word) & (Known.count - 1)
            if let found = known[slot], found.word == word, found.shape == shape { return found.value }
            let value = coder.value(word, shape, machine)
            known[slot] = Known(word: word, shape: shape, value: value)
            return value
        default: return coder.value(word, shape, machine)
        }
    }

    private mutating func values(
        _ site: TrailSite, _ words: UnsafeMutablePointer<Int64>, _ range: Range<Int>, _ machine: MachinePointer
    ) -> [Value] {
        var result: [Value] = []
        result.reserveCapacity(range.count)
        for index in range { result.append(value(words[index], site.registers[index], machine)) }
        return result
    }

    private mutating func reads(
        _ site: TrailSite, _ words: UnsafeMutablePointer<Int64>, _ machine: MachinePointer
    ) -> [Trace.Read] {
        var result: [Trace.Read] = []
        result.reserveCapacity(site.places.count)
        for (index, place) in site.places.enumerated() {
            result.append(Trace.Read(span: place, value: value(words[index], site.registers[index], machine)))
        }
        return result
    }

    /// What a condition has read, with what it read in parts.
    private mutating func allReads(
        _ site: TrailSite, _ words: UnsafeMutablePointer<Int64>, _ machine: MachinePointer
    ) -> [Trace.Read] {
        guard !parts.isEmpty else { return reads(site, words, machine) }
        defer { parts.removeAll(keepingCapacity: true) }
        return reads(site, words, machine) + parts
    }

    private mutating func fault(_ words: UnsafeMutablePointer<Int64>, _ machine: MachinePointer) {
        // What the condition read before it could not be evaluated is not told.
        parts = []
        guard let fault = traced.map.faults[Int32(truncatingIfNeeded: words[0])] else { return }
        let text = machine.pointee.bytes.string(words[2])
        trace.add(
            .checkFaulted(clause: fault.clause, line: words[1] == 0 ? nil : Int(words[1]), text: text), at: fault.span)
    }

    // MARK: Rules

    private func parameter(
        _ index: Int, _ word: Int64?, _ span: Span, _ machine: MachinePointer
    ) -> (Trace.Event, Span)? {
        let day = word.flatMap { CalendarDate(dayNumber: $0) }
        let values = traced.program.parameters[index].values
        guard let period = values.firstIndex(where: { entry in day.map { entry.period.contains($0) } ?? true }) else {
            return nil
        }
        return (.parameterRead(index, period: period, on: day, values[period].value), span)
    }

    private mutating func table(
        _ index: Int, _ fixed: UInt16?, _ site: TrailSite, _ words: UnsafeMutablePointer<Int64>,
        _ machine: MachinePointer
    ) -> (Trace.Event, Span)? {
        let declared = traced.tables[index]
        let (count, isDated) = (declared.inputs, declared.isDated)
        let day = isDated ? CalendarDate(dayNumber: words[count]) : nil
        let section: Int
        let row: Int
        var outputs: [Value]
        if let fixed {
            // Fixed outputs follow from the row, and the row from the inputs.
            guard let found = fixedRow(fixed, words, machine) else { return nil }
            (section, row) = (found.section, found.row)
            outputs = declared.fixedRows[found.absolute]
        } else {
            let absolute = Int(words[count + (isDated ? 1 : 0)])
            guard let found = place(absolute, in: index) else { return nil }
            (section, row) = found
            let last = site.registers.count - 1
            let result = value(words[last], site.registers[last], machine)
            outputs = [result]
            if declared.outputs != 1, case .record(let fields) = result { outputs = fields }
        }
        let inputs = values(site, words, 0..<count, machine)
        return (.tableRead(index, section: section, row: row, on: day, inputs: inputs, outputs: outputs), site.span)
    }

    /// The section and the row in it of a table of fixed outputs, and the row counted through all sections.
    private func fixedRow(
        _ table: UInt16, _ words: UnsafeMutablePointer<Int64>, _ machine: MachinePointer
    ) -> (section: Int, row: Int, absolute: Int)? {
        guard machine.pointee.flatTables[Int(table)].isFlat else {
            let code = traced.code.tables[Int(table)]
            guard let (section, row) = Tables.place(code, words, machine) else { return nil }
            return (section, row, code.sections[section].firstRow + row)
        }
        let row = machine.pointee.flatTables[Int(table)].row(words)
        return row < 0 ? nil : (0, row, row)
    }

    /// The section and the row in it of a row that is counted through all sections.
    private func place(_ row: Int, in table: Int) -> (Int, Int)? {
        var first = 0
        for section in traced.program.tables[table].sections.indices {
            let count = traced.program.tables[table].sections[section].rows.count
            if row >= first, row < first + count { return (section, row - first) }
            first += count
        }
        return nil
    }
}
