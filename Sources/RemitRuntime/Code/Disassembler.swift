import RemitLanguage
import RemitValues

/// Writes code as people read it, one instruction a line.
public struct Disassembler {
    let code: Code
    let program: CheckedProgram
    private let coder: ValueCoder
    /// The names of the registers in which the engine leaves what every part of the program reads.
    private let standing: [UInt16: String]

    /// A disassembler of a program; nil where the machine has no code for it.
    public init?(_ executable: ExecutableProgram) {
        guard let code = executable.code else { return nil }
        self.code = code
        program = executable.program
        coder = ValueCoder(code: code)
        let entries = code.entries
        let names = [
            (entries.state, "state"), (entries.target, "target"), (entries.actor, "actor"),
            (entries.organisation, "organisation"), (entries.now, "now"), (entries.today, "today"),
            (entries.reference, "case"), (entries.answer, "answer"), (entries.candidate, "candidate"),
            (entries.principal, "principal"),
        ]
        standing = Dictionary(names) { first, _ in first }
    }

    /// The instructions, with the line of the contract that `line` gives for a place in its text; those that a
    /// transition by one action can run, or all.
    public func lines(action: Int? = nil, line: (Int) -> Int) -> [String] {
        let titles = self.titles
        var result: [String] = []
        for place in wanted(action).sorted() {
            for title in titles[place] ?? [] { result.append("\(title):") }
            let name = "\(code.instructions[place].operation)"
            let head = "  \(padded(String(place), 5))  \(name)"
            let text = head + String(repeating: " ", count: max(1, 33 - head.utf8.count)) + operands(at: place)
            let gap = String(repeating: " ", count: max(2, 72 - text.unicodeScalars.count))
            result.append("\(text)\(gap)// line \(line(code.spans[place].start))")
        }
        return result
    }

    /// How many instructions `lines` gives, of how many if these are not all, and how many registers and constants the
    /// whole code has.
    public func summary(action: Int? = nil) -> String {
        let constants = code.isConstant.count { $0 }
        let (shown, all) = (wanted(action).count, code.instructions.count)
        return
            "\(shown == all ? "" : "\(shown) of ")\(all) instructions, \(code.registers.count - constants) registers, "
            + "\(constants) constants"
    }

    private func wanted(_ action: Int?) -> Set<Int> {
        guard let action, code.entries.actions.indices.contains(action) else { return Set(code.instructions.indices) }
        return reachable(entries(ofAction: action))
    }

    private func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.utf8.count)) + text
    }

    private var titles: [Int: [String]] {
        var titles: [Int: [String]] = [:]
        func add(_ place: Int32, _ title: String) { titles[Int(place), default: []].append(title) }
        for (action, place) in zip(program.actions, code.entries.actions) { add(place, "action \(action.name)") }
        for (state, place) in zip(program.states, code.entries.entering) where place >= 0 {
            add(place, "entering \(state.name)")
        }
        for (invariant, place) in zip(program.invariants, code.entries.invariants) {
            add(place, "invariant \"\(invariant.text)\"")
        }
        for (register, entries) in zip(program.registers, code.entries.rowInvariants) {
            for entry in entries { add(entry.entry, "invariant of \(register.name)") }
        }
        for (number, entry) in code.entries.uniqueRefusals.enumerated() where entry.entry >= 0 {
            add(entry.entry, "refusal of key \(number + 1)")
        }
        for (index, deadline) in program.deadlines.enumerated() {
            add(code.entries.deadlineStarts[index], "start of \(deadline.name)")
            add(code.entries.deadlineBodies[index], deadline.name)
        }
        for (index, approval) in program.approvals.enumerated() {
            add(code.entries.openings[index], "opening of \(approval.name)")
            for (offset, word) in ["granted", "declined", "overdue"].enumerated() {
                add(code.entries.outcomes[3 * index + offset], "\(approval.name) \(word)")
            }
        }
        add(code.entries.begin, "vote or timer")
        return titles
    }

    /// Every instruction that can be come to; an entry that is no place leads nowhere.
    func reachable(_ entries: [Int]) -> Set<Int> {
        var found: Set<Int> = []
        var pending = entries
        while let place = pending.popLast() {
            guard code.instructions.indices.contains(place), found.insert(place).inserted else { continue }
            let instruction = code.instructions[place]
            // Where a check cannot be evaluated, the run goes on behind it.
            pending += code.handlers.filter { ($0.start..<$0.end).contains(Int32(place)) }.map { Int($0.target) }
            switch instruction.operation.operands.place {
            case .absolute: pending.append(instruction.number)
            case .distance: pending.append(place + 1 + instruction.distance)
            case .none, .number: break
            }
            switch instruction.operation {
            case .jump, .each, .halt, .returns, .misfit, .refuse, .notAdmitted, .excluded: break
            case .select:
                pending += (0..<Int(instruction.c)).map { Int(code.jumps[Int(instruction.b) + $0]) }
            default: pending.append(place + 1)
            }
        }
        return found
    }

    private func operands(at place: Int) -> String {
        let instruction = code.instructions[place]
        let operands = instruction.operation.operands
        var parts: [String] = []
        let list = [(operands.a, instruction.a), (operands.b, instruction.b), (operands.c, instruction.c)]
        for (index, (part, number)) in list.enumerated() {
            // These look at their second register in one of their forms only.
            if index == 1, instruction.operation == .finding, instruction.d & 1 == 0 { continue }
            if index == 1, instruction.operation == .holds, instruction.d != 2 { continue }
            if index == 1, instruction.operation == .release, instruction.d == 1 { continue }
            if let text = self.text(part, number, instruction) { parts.append(text) }
        }
        switch operands.place {
        case .absolute: parts.append("→ \(instruction.number)")
        case .distance: parts.append("→ \(place + 1 + instruction.distance)")
        case .number: parts.append("\(instruction.number)")
        case .none: break
        }
        if let extra = extra(instruction) { parts.append(extra) }
        return parts.joined(separator: ", ")
    }

    private func text(_ part: Operands.Part, _ number: UInt16, _ instruction: Instruction) -> String? {
        switch part {
        case .unused: nil
        case .read, .write: register(number)
        case .readWalk, .writeWalk: "walk r\(number)"
        case .writePair: "r\(number) r\(number + 1)"
        case .block: "r\(number)…"
        case .count: "\(number)"
        case .fieldMap:
            "{" + code.fieldMaps[Int(number)].pairs.map { "r\($0.register) = .\($0.field)" }.joined(separator: ", ")
                + "}"
        case .fieldList: "\(code.fieldLists[Int(number)])"
        case .registerList: code.fieldLists[Int(number)].map { register(UInt16($0)) }.joined(separator: ", ")
        case .pattern: "\"\(code.patterns[Int(number)].written)\""
        case .refusal: code.refusals[Int(number)].code.map { "\"\($0)\"" } ?? "refusal"
        case .conformance: code.conformances[Int(number)].name
        case .row:
            "\(program.registers[code.rows[Int(number)].register].name) field \(code.rows[Int(number)].field)"
        case .table: code.tables[Int(number)].name
        case .parameter: code.parameters[Int(number)].name
        case .check: "check \"\(code.checks[Int(number)].check.code)\""
        case .group: program.checks[Int(number)].name
        case .register: program.registers[Int(number)].name
        case .role: program.roles[Int(number)]
        case .action: program.actions[Int(number)].name
        case .fund: program.funds[Int(number)].name
        case .transfer: transfer(code.transfers[Int(number)])
        case .deadline: program.deadlines[Int(number)].name
        case .approval: program.approvals[Int(number)].name
        case .caseField: program.caseFields[Int(number)].name
        case .other: other(code.others[Int(number)])
        case .jumpTable:
            "→ " + (0..<Int(instruction.c)).map { String(code.jumps[Int(number) + $0]) }.joined(separator: " ")
        }
    }

    private func transfer(_ site: Code.TransferSite) -> String {
        let source = program.funds[site.fund].name
        switch site.target {
        case .own(let fund): return "\(source) to \(program.funds[fund].name)"
        case .foreign(let contract, let fund): return "\(source) to \(contract).\(fund)"
        }
    }

    private func other(_ site: Code.OtherSite) -> String {
        let contract = program.others[site.contract]
        return site.field < 0 ? "state of \(contract.name)" : "\(contract.name).\(contract.fields[site.field].name)"
    }

    private func extra(_ instruction: Instruction) -> String? {
        switch instruction.operation {
        case .round, .quotient:
            let mode = RoundingMode(position: instruction.d & 3).rawValue
            let unit = RoundingCode.isMoney(instruction.d) ? " as money" : ""
            return "\(mode) to \(RoundingCode.places(instruction.d))\(unit)"
        case .entry: return instruction.d == 1 ? "or absent" : nil
        case .finding: return instruction.d & 2 == 0 ? nil : "counted"
        case .widen, .multiplyWidened, .multiplyThenAdd: return "\(instruction.d) places"
        case .each: return instruction.d == 1 ? "lines" : nil
        case .next, .nextRecord, .call, .runChecks, .tableFixed:
            return instruction.d > 0 ? "charge \(instruction.d)" : nil
        case let operation where operation.chargesWhereNotTaken && instruction.d > 0:
            return "else charge \(instruction.d)"
        default: return nil
        }
    }

    /// A register: a constant by its value, what stands in it by its name, others by number.
    private func register(_ number: UInt16) -> String {
        let index = Int(number)
        if code.isConstant[index] { return "=\(constant(code.registers[index], Int(code.registerShapes[index])))" }
        let fields = Int(code.entries.fields)
        if index >= fields, index < fields + program.caseFields.count {
            return program.caseFields[index - fields].name
        }
        return standing[number] ?? "r\(number)"
    }

    private func constant(_ word: Int64, _ shape: Int) -> String {
        if word == absentWord, code.shapes[shape].isOptional { return "absent" }
        switch code.shapes[shape].kind {
        case .text, .label, .reference:
            let start = TextWord.start(word)
            return "\"" + String(decoding: code.bytes[start..<start + TextWord.count(word)], as: UTF8.self) + "\""
        case .named(let kind):
            let names = code.names(of: kind)
            return names.indices.contains(Int(word)) ? names[Int(word)].string : "\(word)"
        case .boolean: return word == 0 ? "no" : "yes"
        case .money(let currency): return Money(minorUnits: word, currency: currency).description
        case .date: return CalendarDate(dayNumber: word)?.description ?? "\(word)"
        case .decimal where DecimalWord.places(word) != DecimalWord.boxed:
            let number = try? ExactDecimal(
                coefficient: Int128(DecimalWord.coefficient(word)), scale: Int(DecimalWord.places(word)))
            return number?.description ?? "\(word)"
        default: return "\(word)"
        }
    }
}
