import RemitLanguage
import RemitValues

extension Lowering {
    /// Runs a group of checks.
    func run(_ index: Int, _ arguments: [CheckedExpression], _ span: Span) throws(LoweringProblem) {
        let group = try narrow(index, "groups of checks")
        let routine = try groupRoutine(index)
        below = max(below, routine.depth)
        try pass(arguments, to: routine, span)
        assembler.emit(Instruction(.runChecks, a: group, number: 0), span, to: routine.entry)
        emit(Instruction(.endChecks, draft.entries.verdicts + group, 0, group), span)
        try note(.verdict(index), [draft.entries.verdicts + group], span)
    }

    private func groupRoutine(_ index: Int) throws(LoweringProblem) -> Routine {
        if let known = groups[index] { return known }
        let group = program.checks[index]
        assembler.openSection()
        defer { assembler.closeSection() }
        var parameters: [Register] = []
        let entry = assembler.label()
        let depth = try routine { () throws(LoweringProblem) in
            var list: [Int] = []
            for parameter in group.parameters { list.append(try shape(parameter.type)) }
            parameters = try block(list)
            assembler.bind(entry)
            for (local, shape) in list.enumerated() {
                let slot = Slot(register: parameters[local], shape: shape, map: fieldMap(shape))
                locals[local] = slot
                try copyFields(slot, group.span)
            }
            let end = assembler.label()
            try assembler.charge(group.items.entryCost(at: 0), group.span)
            try items(group.items, index, nil, end)
            assembler.bind(end)
            emit(Instruction(.returns), group.span)
        }
        let routine = Routine(entry: entry, parameters: parameters, result: 0, depth: depth)
        groups[index] = routine
        return routine
    }

    /// Lowers items; what the first of them costs on entry is charged already.
    private func items(
        _ items: [CheckedItem], _ group: Int, _ walk: Register?, _ end: Label
    ) throws(LoweringProblem) {
        for (position, item) in items.enumerated() {
            if position > 0 { try assembler.charge(items.entryCost(at: position), item.span) }
            try self.item(item, group, walk, end)
        }
    }

    /// Lowers an item; where a binding faults, what could read it is left out, up to `end`.
    private func item(_ item: CheckedItem, _ group: Int, _ walk: Register?, _ end: Label) throws(LoweringProblem) {
        switch item {
        case .binding(let local, let priced):
            let start = assembler.here()
            try bind(local, priced.expression)
            tellFaults(from: start, clause: -1, priced.expression.span)
            keepFaults(from: start, to: end, walk)
        case .check(let check):
            try freeing { () throws(LoweringProblem) in try self.check(check, group, walk) }
        case .each(let local, let list, let items, let span):
            try each(local, list, items, span, group, walk)
        }
    }

    private func each(
        _ local: Int, _ list: Priced, _ items: [CheckedItem], _ span: Span, _ group: Int, _ outer: Register?
    ) throws(LoweringProblem) {
        let done = assembler.label()
        let start = assembler.here()
        let elements: Register
        switch list.expression.kind {
        case .local, .caseField: elements = try value(list.expression)
        default:
            elements = try register(try shape(list.expression.type))
            try freeing { () throws(LoweringProblem) in _ = try value(list.expression, into: elements) }
            tellFaults(from: start, clause: -1, span)
            keepFaults(from: start, to: done, outer)
        }
        let walk = try walk()
        try loop(local, walk, elements, items.entryCost(at: 0), span, isOfLines: true) {
            (next) throws(LoweringProblem) in
            try note(.line(walk: walk), [walk, walk + 2], span)
            try self.items(items, group, walk, next)
        }
        assembler.bind(done)
    }

    private func check(_ check: CheckedCheck, _ group: Int, _ walk: Register?) throws(LoweringProblem) {
        let span = check.span
        let next = assembler.label()
        let start = assembler.here()
        tellFaults(from: start, clause: check.index, span)
        let not = trail == nil ? next : assembler.label()
        let item = Trace.Item(check)
        let reads = try collectingReads { () throws(LoweringProblem) in
            try branch(check.condition.expression, on: false, to: not)
        }
        try note(outcome: .check(item, group: group, walk: walk, holds: true), reads, span)
        // The value is counted before its text is made, unless making it cannot fail.
        let isCountedLate = Self.stands(check.text)
        if !isCountedLate { emit(Instruction(.build, number: 1), span) }
        let text = try text(check.text, span)
        draft.checks.append(Code.CheckSite(check: check, group: try narrow(group, "groups of checks")))
        let site = try narrow(draft.checks.count - 1, "checks")
        let form: UInt8 = (walk == nil ? 0 : 1) | (isCountedLate ? 2 : 0)
        emit(Instruction(.finding, d: form, text, walk ?? 0, site), span)
        if trail != nil {
            jump(next, span)
            assembler.bind(not)
            try note(outcome: .check(item, group: group, walk: walk, holds: false), reads, span)
        }
        assembler.bind(next)
        assembler.regions.append(
            Assembler.Region(start: start, end: next, target: next, walk: walk ?? .max))
    }

    /// Keeps the faults of what was lowered since `start`, and goes on at `target`.
    private func keepFaults(from start: Label, to target: Label, _ walk: Register?) {
        let end = assembler.here()
        assembler.regions.append(Assembler.Region(start: start, end: end, target: target, walk: walk ?? .max))
    }
}
