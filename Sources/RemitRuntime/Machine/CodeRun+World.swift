import RemitLanguage
import RemitValues

extension CodeRun {
    /// Runs code to its halt, and does on the way what it asks of the world outside.
    func run(_ entry: Int32) throws(Stop) {
        machine.pointee.place = Int(entry)
        machine.pointee.depth = 0
        while true {
            let exit = Loop.run(machine)
            switch exit {
            case .halted: return
            case .proceed: continue
            case .outside:
                do throws(Stop) { try outside(instruction) } catch {
                    guard case .refused(let refusal) = error, keep(exit, refusal) else { throw error }
                }
            case .full:
                guard machine.pointee.trail.isRecording else { throw .foreign }
                readTrail()
            default:
                let stop = try stop(exit)
                guard keep(exit, stop) else { throw .refused(stop) }
            }
        }
    }

    /// The instruction that ended the loop.
    var instruction: Instruction { machine.pointee.instructions[machine.pointee.place - 1] }
    var span: Span { code.spans[machine.pointee.place - 1] }

    func word(_ register: UInt16) -> Int64 { machine.pointee.registers[Int(register)] }
    func put(_ word: Int64, _ register: UInt16) { machine.pointee.registers[Int(register)] = word }

    private func outside(_ i: Instruction) throws(Stop) {
        switch i.operation {
        case .lookup: try lookup(i)
        case .holds: put(try holds(i) ? 1 : 0, i.a)
        case .requireCases: try requireCases()
        case .readOther: try readOther(i)
        default: try work(i)
        }
    }

    private func holds(_ i: Instruction) throws(Stop) -> Bool {
        switch i.d {
        case 0: guard request.organisation == view.home else { return false }
        case 1: break
        default:
            let shape = Int(code.registerShapes[Int(i.b)])
            guard case .party(let party) = coder.value(word(i.b), shape, machine), party == request.organisation
            else { return false }
        }
        do {
            return try view.holds(role: Int(i.c), person: candidate, organisation: request.organisation)
        } catch {
            throw .fault(error)
        }
    }

    // MARK: Refusals

    var budget: Refusal { Refusal(.budget, "the transition would take more than \(stepLimit) steps") }

    /// What an exit means: the refusal that the reference evaluator gives there.
    private func stop(_ exit: Exit) throws(Stop) -> Refusal {
        switch exit {
        case .steps: return budget
        case .built:
            return Refusal(.budget, "the transition would build more than \(Limits.memoryValues) values")
        case .deep: return Refusal(.budget, "calls are nested more than \(Limits.callDepth) deep")
        case .overflow: return Self.refusal(.overflow, span)
        case .fault: return Self.refusal(machine.pointee.fault, span)
        case .refused: return try refusal(instruction)
        case .noRow: return noRow(instruction)
        case .noEntry: return noEntry(instruction)
        case .noRule: return noRule(instruction)
        case .notRun:
            let name = program.checks[Int(instruction.c)].name
            return Refusal(.notRun, "the checks `\(name)` have not run on this case", at: span)
        case .bound: return try outOfBounds(instruction)
        case .misfit: return Self.misfit(span)
        case .foreign, .proceed, .halted, .outside, .full: throw .foreign
        }
    }

    private static func refusal(_ fault: ArithmeticFault, _ span: Span) -> Refusal {
        switch Machine<View>.refusal(fault, span) {
        case .refused(let refusal): refusal
        case .fault: misfit(span)
        }
    }

    private func refusal(_ i: Instruction) throws(Stop) -> Refusal {
        switch i.operation {
        case .refuse:
            let site = code.refusals[Int(i.c)]
            let text = machine.pointee.bytes.string(word(i.a))
            return Refusal(site.reason, code: site.code, text, at: site.span)
        case .excluded:
            let name = program.actions[Int(i.c)].name
            return Refusal(.excluded, "\(request.actor) is excluded from `\(name)`", at: span)
        case .notAdmitted:
            return Authority.refusal(program.actions[Int(i.c)], request, in: program, home: view.home, fieldValue)
        case .endChecks:
            let faults = machine.pointee.faults
            let told = stride(from: 0, to: faults.top, by: 2).map { place in
                CheckFault(
                    place: machine.pointee.bytes.string(faults.base[place]),
                    text: machine.pointee.bytes.string(faults.base[place + 1]))
            }
            return .unevaluated(told, at: span)
        default: throw .foreign
        }
    }

    private func noRow(_ i: Instruction) -> Refusal {
        if i.operation == .noRow {
            let shapes = code.entries.keyShapes[Int(i.c)]
            let keys = values(i.b, shapes)
            return Refusal(.noRow, "`\(program.registers[Int(i.c)].name)` has no row for \(keys)", at: span)
        }
        let table = code.tables[Int(i.c)]
        return Refusal(.noRow, "no row of `\(table.name)` fits \(values(i.b, table.inputShapes))", at: span)
    }

    private func noEntry(_ i: Instruction) -> Refusal {
        let key = coder.value(word(i.b), Int(code.registerShapes[Int(i.b)]), machine)
        return Refusal(.missing, "`\(program.caseFields[Int(i.c)].name)` has no entry for \(key)", at: span)
    }

    private func values(_ first: UInt16, _ shapes: [Int]) -> String {
        shapes.enumerated().map { offset, shape in
            coder.value(word(first + UInt16(offset)), shape, machine).description
        }.joined(separator: ", ")
    }

    private func noRule(_ i: Instruction) -> Refusal {
        var name = ""
        var day: CalendarDate?
        if i.operation == .parameter {
            name = code.parameters[Int(i.c)].name
            day = CalendarDate(dayNumber: word(i.b))
        } else {
            let table = code.tables[Int(i.c)]
            name = table.name
            if table.isDated { day = CalendarDate(dayNumber: word(i.b + UInt16(table.inputShapes.count))) }
        }
        let when = day.map { " on \($0)" } ?? ""
        return Refusal(.noRule, "no period of `\(name)` holds\(when)", at: span)
    }

    private func outOfBounds(_ i: Instruction) throws(Stop) -> Refusal {
        guard i.operation != .split else {
            return Refusal(.bound, "a weight of `split` is less than nothing", at: span)
        }
        let conformance = code.conformances[Int(i.c)]
        let value = coder.value(word(i.a), conformance.shape, machine)
        let judge = ValueConformance(program: program)
        guard let problem = judge.problem(value, conformance.type, path: conformance.name) else { throw .foreign }
        return Refusal(.bound, problem, at: span)
    }

    // MARK: Checks go on

    /// Keeps a fault of a check, so that the others still run; false where none is being run, or nothing goes on.
    private func keep(_ exit: Exit, _ refusal: Refusal) -> Bool {
        guard refusal.reason != .budget, refusal.reason != .internalFault, exit != .refused else { return false }
        var place = Int32(machine.pointee.place - 1)
        var depth = machine.pointee.depth
        while true {
            if let handler = handler(place) {
                machine.pointee.depth = depth
                machine.pointee.place = Int(handler.target)
                let line =
                    handler.walk == .max ? 0 : word(handler.walk) &- word(handler.walk + 2)
                let told = CheckFault(
                    code: checkCode(of: handler), line: line > 0 ? Int(line) : nil, refusal.text)
                let fault = machine.pointee.faults.reserve(2)
                machine.pointee.faults.base[fault] = coder.text(TextValue(told.place), &machine.pointee.bytes)
                machine.pointee.faults.base[fault + 1] = coder.text(TextValue(told.text), &machine.pointee.bytes)
                let text = coder.text(TextValue(refusal.text), &machine.pointee.bytes)
                record(TrailSite.Fixed.fault, Int64(handler.start), line, text)
                return true
            }
            guard depth > 0 else { return false }
            depth -= 1
            place = machine.pointee.calls[depth] - 1
        }
    }

    /// The code of the check whose faults a handler keeps; nil where it is a value or a list among checks.
    private func checkCode(of handler: Code.Handler) -> String? {
        for place in Int(handler.start)..<Int(handler.end) {
            let instruction = machine.pointee.instructions[place]
            if instruction.operation == .finding { return code.checks[Int(instruction.c)].check.code }
        }
        return nil
    }

    private func handler(_ place: Int32) -> Code.Handler? {
        var low = 0
        var high = code.handlers.count
        while low < high {
            let middle = (low + high) / 2
            if code.handlers[middle].start <= place { low = middle + 1 } else { high = middle }
        }
        guard low > 0, code.handlers[low - 1].end > place else { return nil }
        return code.handlers[low - 1]
    }
}

/// Who may perform an action, in words.
enum Authority {
    /// Why nobody is let in whom the head of an action does not name, or who does not belong where they act.
    static func refusal(
        _ action: ActionDeclaration, _ request: Request, in program: CheckedProgram, home: Party,
        _ field: (Int) -> Value
    ) -> Refusal {
        let isNamed = action.authorities.contains { authority in
            guard case .caseField(let index) = authority.who else { return false }
            let value = field(index)
            return value == .party(request.actor) || value == .party(request.organisation)
        }
        if isNamed {
            return Refusal(.role, "\(request.actor) holds no role in \(request.organisation)", at: action.span)
        }
        let wanted = action.authorities.map { describe($0, in: program, home: home) }
        return Refusal(
            .role, "\(request.actor) acting for \(request.organisation) is not \(wanted.joined(separator: ", or "))",
            at: action.span)
    }

    static func describe(_ authority: CheckedAuthority, in program: CheckedProgram, home: Party) -> String {
        switch authority.who {
        case .caseField(let field): return "the case's \(program.caseFields[field].name)"
        case .role(let role, let scope):
            let name = program.roles[role]
            switch scope {
            case .home: return "\(name) of \(home)"
            case .any: return "\(name) of its organisation"
            case .organisation(let expression):
                return "\(name) of \(describe(expression, in: program))"
            }
        }
    }

    /// The organisation that an expression comes to: as the case, the call or a row names it.
    private static func describe(_ organisation: CheckedExpression, in program: CheckedProgram) -> String {
        switch organisation.kind {
        case .caseField(let field): return "the case's \(program.caseFields[field].name)"
        case .wrapped(let inner), .revealed(let inner): return describe(inner, in: program)
        case .organisationOfActor: return "its organisation"
        default: break
        }
        var parts = [organisation]
        var row: String?
        while let part = parts.popLast() {
            switch part.kind {
            case .local: return "the organisation that the call names"
            case .lookup(let register, _): row = program.registers[register].name
            default: parts += part.operands
            }
        }
        return row.map { "the organisation named in \($0)" } ?? "the organisation that the case names"
    }
}
