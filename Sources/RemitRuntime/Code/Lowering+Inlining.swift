import RemitLanguage

/// Small functions stand where they are called: their parameters are the registers of the arguments, so that nothing
/// is moved, and fields of records that the caller has in registers are read there.
extension Lowering {
    /// What a function may have of parts to stand where it is called, with what its own calls bring along.
    private static let largestInlined = 64
    /// What all such functions may have together at the places where they are called.
    private static let inlinedInAll = 20_000

    /// Lowers a function where it is called; nil where it has to be called.
    ///
    /// Code that records a trail tells of calls, and deep code counts them: these call.
    func inlined(
        _ index: Int, _ arguments: [CheckedExpression], _ span: Span, into target: Register?
    ) throws(LoweringProblem) -> Register? {
        let weight = weight(ofFunction: index)
        guard isInlining, trail == nil, !isDeep, weight <= Self.largestInlined,
            inlinedWeight + weight <= Self.inlinedInAll
        else { return nil }
        inlinedWeight += weight
        let function = program.functions[index]
        var slots: [(slot: Slot, isNew: Bool)] = []
        for (parameter, argument) in zip(function.parameters, arguments) {
            slots.append(try slot(of: argument, as: try shape(parameter.type)))
        }
        // An argument may call the function as well; its own parts may not.
        guard open.insert(index).inserted else { throw .unsupported("functions that call themselves") }
        defer { open.remove(index) }
        let outer = (locals, below)
        locals = [:]
        below = 0
        try assembler.charge(function.cost, function.span)
        for (local, (slot, isNew)) in slots.enumerated() {
            locals[local] = slot
            if isNew { try copyFields(slot, function.span) }
        }
        for binding in function.bindings { try bind(binding.local, binding.value) }
        // A register that the function reads gets the result only when that is there.
        let isRead = target.map { target in
            fields.contains { $0.register == target } || slots.contains { $0.slot.register == target }
        }
        let found = try value(function.value, into: isRead == false ? target : nil)
        // The calls of a contract nest as they are written, wherever their code stands.
        let depth = below + 1
        locals = outer.0
        below = max(outer.1, depth)
        guard let target else { return found }
        move(target, found, span)
        return target
    }

    /// Where an argument stands as a parameter; what the caller has of its fields in registers is taken over.
    private func slot(
        of argument: CheckedExpression, as shape: Int
    ) throws(LoweringProblem) -> (slot: Slot, isNew: Bool) {
        let known: Slot? =
            switch argument.kind {
            case .local(let local): locals[local]
            case .caseField(let field): fields[field]
            default: nil
            }
        let register = try value(argument)
        if let known, known.shape == shape, known.register == register, known.map != nil { return (known, false) }
        guard Int(draft.registerShapes[Int(register)]) != shape else {
            return (Slot(register: register, shape: shape, map: fieldMap(shape)), true)
        }
        let own = try temporary(shape)
        move(own, register, argument.span)
        return (Slot(register: own, shape: shape, map: fieldMap(shape)), true)
    }

    /// How many parts a function has, with those of functions that it calls.
    private func weight(ofFunction index: Int) -> Int {
        if let known = weights[index] { return known }
        // Functions do not call themselves; what does is refused where it is lowered.
        weights[index] = Self.largestInlined + 1
        let function = program.functions[index]
        let found = (function.bindings.map(\.value) + [function.value]).reduce(1) { $0 + weight(of: $1) }
        weights[index] = min(found, Self.largestInlined + 1)
        return min(found, Self.largestInlined + 1)
    }

    private func weight(of expression: CheckedExpression) -> Int {
        var total = 0
        var pending = [expression]
        while let next = pending.popLast(), total <= Self.largestInlined {
            total += 1
            if case .call(let index, _) = next.kind { total += weight(ofFunction: index) }
            pending += next.operands
        }
        return total
    }
}
