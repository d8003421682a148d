import RemitLanguage
import RemitValues

extension Lowering {
    /// Lowers an expression; gives the register of its value, which is `target` where that is named.
    func value(_ expression: CheckedExpression, into target: Register? = nil) throws(LoweringProblem) -> Register {
        switch expression.kind {
        case .local, .caseField, .actor, .organisationOfActor, .now, .today, .state, .verdict, .field, .lookup, .call,
            .table, .parameter, .outcome, .signers, .available, .quorum, .mapEntry, .otherField, .otherState:
            return try reading(expression.span) { () throws(LoweringProblem) in
                try valueQuietly(expression, into: target)
            }
        default: return try valueQuietly(expression, into: target)
        }
    }

    private func valueQuietly(
        _ expression: CheckedExpression, into target: Register?
    ) throws(LoweringProblem) -> Register {
        switch expression.kind {
        case .constant, .local, .caseField, .actor, .organisationOfActor, .now, .today, .state, .verdict, .field,
            .wrapped:
            let register = try standing(expression)
            guard let target else { return register }
            move(target, register, expression.span)
            return target
        case .lookup, .call, .table, .parameter: return try read(expression, into: target)
        case .revealed(let inner): return try value(inner, into: target)
        case .outcome, .signers, .available: return try askEngine(expression, into: target)
        case .quorum(let groups): return try quorum(groups, expression, into: target)
        case .map(let entries): return try map(entries, expression, into: target)
        case .mapEntry(let map, let key): return try entry(of: map, at: key, expression, into: target)
        case .otherField(let base, let contract, let field):
            return try readOther(base, contract, field, expression, into: target)
        case .otherState(let base, let contract): return try readOther(base, contract, -1, expression, into: target)
        case .record, .list, .set, .isEmpty, .matches, .otherwise, .isIn, .anyTwoShare, .passing, .aggregate:
            return try collect(expression, into: target)
        case .arithmetic, .negated, .widened, .rounded, .quotient, .builtin:
            return try calculate(expression, into: target)
        case .comparison, .within, .not, .and, .or, .implies, .choose, .isPresent, .isOneOf:
            return try decide(expression, into: target)
        }
    }

    /// The register for a result: the one that is wanted, or a temporary of the expression's type.
    func result(_ expression: CheckedExpression, _ target: Register?) throws(LoweringProblem) -> Register {
        if let target { return target }
        return try temporary(try shape(expression.type))
    }

    /// Lowers expressions into registers that follow each other.
    func values(_ expressions: [CheckedExpression]) throws(LoweringProblem) -> [Register] {
        var list: [Int] = []
        for expression in expressions { list.append(try shape(expression.type)) }
        let first = try temporaries(list)
        var registers: [Register] = []
        for (offset, expression) in expressions.enumerated() {
            registers.append(first + Register(offset))
            _ = try value(expression, into: first + Register(offset))
        }
        return registers
    }

    // MARK: What stands in a register

    private func standing(_ expression: CheckedExpression) throws(LoweringProblem) -> Register {
        switch expression.kind {
        case .constant(let value): return try constant(value, expression.type)
        case .local(let index):
            guard let slot = locals[index] else { throw .unsupported("a local that has no value") }
            return slot.register
        case .caseField(let index):
            if growing.contains(index) { emit(Instruction(.freeze, fields[index].register), expression.span) }
            return fields[index].register
        case .actor: return draft.entries.actor
        case .organisationOfActor: return draft.entries.organisation
        case .now: return draft.entries.now
        case .today: return draft.entries.today
        case .state: return draft.entries.state
        case .verdict(let checks):
            let register = draft.entries.verdicts + Register(checks)
            emit(Instruction(.verdict, register, 0, try narrow(checks, "groups of checks")), expression.span)
            return register
        case .wrapped(let inner):
            let register = try value(inner)
            // A narrowed optional may be wrapped anew; then it is an optional already.
            if shape(of: register).canBeLeast { emit(Instruction(.guardLeast, register), expression.span) }
            return register
        case .field(let base, let index): return try field(base, index, expression)
        default: throw .unsupported("an expression of this version")
        }
    }

    private func field(
        _ base: CheckedExpression, _ index: Int, _ expression: CheckedExpression
    ) throws(LoweringProblem) -> Register {
        switch base.kind {
        case .local(let local):
            if let slot = locals[local], let map = slot.map { return try field(slot, map, index) }
        case .caseField(let field):
            if let map = fields[field].map { return try self.field(fields[field], map, index) }
        default: break
        }
        let record = try value(base)
        guard case .record(let list, _) = shape(of: record).kind, list.indices.contains(index) else {
            throw .unsupported("this field")
        }
        let register = try temporary(list[index])
        emit(Instruction(.load, register, record, try narrow(index, "fields")), expression.span)
        return register
    }

    // MARK: What is looked up or called

    private func read(_ expression: CheckedExpression, into target: Register?) throws(LoweringProblem) -> Register {
        let span = expression.span
        switch expression.kind {
        case .lookup(let register, let keys):
            let registers = try values(keys)
            let result = try result(expression, target)
            emit(Instruction(.lookup, result, registers.first ?? 0, try narrow(register, "registers")), span)
            try note(.rowRead(register), registers + [result], span)
            return result
        case .parameter(let index, let date):
            guard let date else {
                try note(.parameterRead(index), span)
                guard let word = draft.parameters[index].values.first else { throw .unsupported("an empty parameter") }
                let register = try constant(word: word, try shape(program.parameters[index].type))
                guard let target else { return register }
                move(target, register, span)
                return target
            }
            let day = try value(date)
            let result = try result(expression, target)
            emit(Instruction(.parameter, result, day, try narrow(index, "parameters")), span)
            try note(.parameterRead(index), [day], span)
            return result
        case .call(let function, let arguments):
            if let register = try inlined(function, arguments, span, into: target) { return register }
            let routine = try functionRoutine(function)
            try call(routine, arguments, span)
            try note(.functionCalled(function), routine.parameters + [routine.result], span)
            let result = try result(expression, target)
            move(result, routine.result, span)
            return result
        case .table(let index, let inputs, let date):
            return try table(index, inputs + [date].compactMap(\.self), expression, target)
        default: throw .unsupported("an expression of this version")
        }
    }

    /// Moves arguments into a routine's registers and calls it.
    func call(_ routine: Routine, _ arguments: [CheckedExpression], _ span: Span) throws(LoweringProblem) {
        below = max(below, routine.depth)
        try pass(arguments, to: routine, span)
        assembler.emit(Instruction(.call, number: 0), span, to: routine.entry)
    }

    /// Moves arguments into a routine's registers.
    func pass(_ arguments: [CheckedExpression], to routine: Routine, _ span: Span) throws(LoweringProblem) {
        // An argument that calls could call this routine too, and would spoil what stands in its registers already.
        if arguments.contains(where: Self.calls) {
            var registers: [Register] = []
            for argument in arguments {
                registers.append(try value(argument, into: try temporary(try shape(argument.type))))
            }
            for (parameter, register) in zip(routine.parameters, registers) { move(parameter, register, span) }
        } else {
            for (parameter, argument) in zip(routine.parameters, arguments) {
                _ = try value(argument, into: parameter)
            }
        }
    }

    /// Whether an expression is more than a value that stands somewhere.
    private static func calls(_ expression: CheckedExpression) -> Bool {
        switch expression.kind {
        case .constant, .local, .caseField, .actor, .organisationOfActor, .now, .today, .state, .verdict: false
        case .field(let base, _), .wrapped(let base), .widened(let base), .negated(let base): calls(base)
        case .arithmetic(_, let left, let right), .comparison(_, let left, let right): calls(left) || calls(right)
        case .lookup(_, let keys): keys.contains(where: calls)
        default: true
        }
    }

    private func functionRoutine(_ index: Int) throws(LoweringProblem) -> Routine {
        if let known = functions[index] { return known }
        guard open.insert(index).inserted else { throw .unsupported("functions that call themselves") }
        defer { open.remove(index) }
        let function = program.functions[index]
        assembler.openSection()
        defer { assembler.closeSection() }
        var parameters: [Register] = []
        var result: Register = 0
        let entry = assembler.label()
        let depth = try routine { () throws(LoweringProblem) in
            var list: [Int] = []
            for parameter in function.parameters { list.append(try shape(parameter.type)) }
            parameters = try block(list)
            result = try register(try shape(function.result))
            assembler.bind(entry)
            for (local, shape) in list.enumerated() {
                let slot = Slot(register: parameters[local], shape: shape, map: fieldMap(shape))
                locals[local] = slot
                try copyFields(slot, function.span)
            }
            try assembler.charge(function.cost, function.span)
            for binding in function.bindings { try bind(binding.local, binding.value, isTold: true) }
            _ = try value(function.value, into: result)
            emit(Instruction(.returns), function.span)
        }
        let routine = Routine(entry: entry, parameters: parameters, result: result, depth: depth)
        functions[index] = routine
        return routine
    }

    /// Binds a local to a value; a trace tells of those that are not among checks.
    func bind(_ local: Int, _ expression: CheckedExpression, isTold: Bool = false) throws(LoweringProblem) {
        let slot = Slot(
            register: try register(try shape(expression.type)), shape: try shape(expression.type),
            map: fieldMap(try shape(expression.type)))
        try freeing { () throws(LoweringProblem) in _ = try value(expression, into: slot.register) }
        locals[local] = slot
        try copyFields(slot, expression.span)
        if isTold { try note(.localSet(local), [slot.register], expression.span) }
    }

    // MARK: Tables

    private func table(
        _ index: Int, _ inputs: [CheckedExpression], _ expression: CheckedExpression, _ target: Register?
    ) throws(LoweringProblem) -> Register {
        let span = expression.span
        let number = try narrow(index, "tables")
        let routine = try tableRoutine(index)
        below = max(below, 1)
        if isFixed(index) {
            // One input is read where it stands; several must follow each other.
            let registers = inputs.count == 1 ? [try value(inputs[0])] : try values(inputs)
            let result = try result(expression, target)
            let operation: Operation = draft.tables[tableNumber(index)].isFlat ? .tableFixed : .tableValue
            let place = tablePlaces[index] ?? number
            emit(Instruction(operation, result, registers.first ?? 0, place), span)
            try note(.tableRead(index, fixed: place), registers, span)
            return result
        }
        let registers = try values(inputs)
        for (parameter, register) in zip(routine.parameters, registers) { move(parameter, register, span) }
        below = max(below, routine.depth)
        let place = tablePlaces[index] ?? number
        let first = routine.parameters.first ?? 0
        guard program.tables[index].policy == .collect else {
            emit(Instruction(.tableRow, tableRows[index] ?? 0, first, place), span)
            assembler.emit(Instruction(.call, number: 0), span, to: routine.entry)
            try noteRow(index, routine, span)
            let result = try result(expression, target)
            move(result, routine.result, span)
            return result
        }
        return try gather(index, routine, expression, target)
    }

    /// Records a row whose outputs were worked out.
    private func noteRow(_ index: Int, _ routine: Routine, _ span: Span) throws(LoweringProblem) {
        try note(
            .tableRead(index, fixed: nil), routine.parameters + [tableRows[index] ?? 0, routine.result], span)
    }

    /// Every row that fits, one after another.
    private func gather(
        _ index: Int, _ routine: Routine, _ expression: CheckedExpression, _ target: Register?
    ) throws(LoweringProblem) -> Register {
        let span = expression.span
        let rows = program.tables[index].sections.map(\.rows.count).max() ?? 0
        let list = try temporary(try shape(expression.type))
        emit(Instruction(.openList, d: 1, list, 0, try narrow(rows, "rows")), span)
        let row = tableRows[index] ?? 0
        move(row, try constant(word: -1, shapes.place()), span)
        let head = assembler.here()
        let done = assembler.label()
        emit(Instruction(.tableRow, d: 1, row, routine.parameters.first ?? 0, tablePlaces[index] ?? 0), span)
        assembler.emit(Instruction(.jumpIfAbsent, a: row, number: 0), span, to: done)
        assembler.emit(Instruction(.call, number: 0), span, to: routine.entry)
        try noteRow(index, routine, span)
        emit(Instruction(.build, number: 1), span)
        emit(Instruction(.append, list, routine.result), span)
        jump(head, span)
        assembler.bind(done)
        guard let target else { return list }
        move(target, list, span)
        return target
    }

    /// Whether a table's row gives its value at once, without a call.
    private func isFixed(_ index: Int) -> Bool {
        draft.tables[tableNumber(index)].fixed != nil && program.tables[index].policy != .collect && !isDeep
    }

    private func tableNumber(_ index: Int) -> Int { Int(tablePlaces[index] ?? 0) }

    /// The code of a table's outputs, and the table itself.
    private func tableRoutine(_ index: Int) throws(LoweringProblem) -> Routine {
        if let known = tables[index] { return known }
        let key = -1 - index
        guard open.insert(key).inserted else { throw .unsupported("tables that read themselves") }
        defer { open.remove(key) }
        let table = program.tables[index]
        var inputs: [Int] = []
        for input in table.inputs { inputs.append(try shape(input.type)) }
        let day = table.isDated ? [try shape(.date)] : []
        let parameters = try block(inputs + day)
        let element = try self.element(table)
        let result = try register(element)
        tableRows[index] = try place()
        tablePlaces[index] = try narrow(draft.tables.count, "tables")
        draft.tables.append(try code(of: table, inputs, element))
        let entry = assembler.label()
        var depth = 1
        if !isFixed(index) {
            assembler.openSection()
            defer { assembler.closeSection() }
            depth = try routine { () throws(LoweringProblem) in
                try outputs(table, inputs, parameters, result, entry, tableRows[index] ?? 0)
            }
        }
        let routine = Routine(entry: entry, parameters: parameters, result: result, depth: depth)
        tables[index] = routine
        return routine
    }

    /// The shape of one row's result.
    private func element(_ table: TableDeclaration) throws(LoweringProblem) -> Int {
        guard table.policy == .collect else { return try shape(table.result) }
        guard case .list(let type, _) = table.result else { throw .unsupported("what this table collects") }
        return try shape(type)
    }

    private func outputs(
        _ table: TableDeclaration, _ inputs: [Int], _ parameters: [Register], _ result: Register, _ entry: Label,
        _ row: Register
    ) throws(LoweringProblem) {
        for (local, shape) in inputs.enumerated() {
            locals[local] = Slot(register: parameters[local], shape: shape, map: nil)
        }
        assembler.bind(entry)
        let rows = table.sections.flatMap(\.rows)
        let labels = rows.map { _ in assembler.label() }
        let start = try assembler.table(labels)
        var columns: [Register] = []
        if table.outputs.count > 1 {
            guard case .record(let list, _) = shapes.shapes[Int(draft.registerShapes[Int(result)])].kind else {
                throw .unsupported("the outputs of this table")
            }
            columns = try block(list)
        }
        emit(Instruction(.select, row, start, try narrow(labels.count, "rows")), table.span)
        for (label, row) in zip(labels, rows) {
            assembler.bind(label)
            try freeing { () throws(LoweringProblem) in
                if row.outputs.count == 1 {
                    try assembler.charge(row.outputs[0].cost, row.span)
                    _ = try value(row.outputs[0].expression, into: result)
                } else {
                    for (register, output) in zip(columns, row.outputs) {
                        try assembler.charge(output.cost, row.span)
                        _ = try value(output.expression, into: register)
                    }
                    emit(Instruction(.makeRecord, result, columns.first ?? 0, UInt16(columns.count)), row.span)
                }
            }
            emit(Instruction(.returns), row.span)
        }
    }

    private func code(
        of table: TableDeclaration, _ inputs: [Int], _ element: Int
    ) throws(LoweringProblem) -> TableCode {
        let builder = TableBuilder(
            word: { (value, shape) throws(LoweringProblem) in try self.word(value, shape) },
            shapes: shapes.shapes, nameCount: { self.draft.names[$0].count },
            compareDecimals: { one, other in
                let first = DecimalWord.number(one, self.constantWords)
                let second = DecimalWord.number(other, self.constantWords)
                return first == second ? 0 : first < second ? -1 : 1
            })
        var sections: [TableCode.Section] = []
        var first = 0
        for section in table.sections {
            sections.append(
                try builder.section(
                    section, firstRow: first, inputs: inputs, isCollect: table.policy == .collect))
            first += section.rows.count
        }
        return TableCode(
            name: table.name, isCollect: table.policy == .collect, isDated: table.isDated, inputShapes: inputs,
            sections: sections, fixed: try fixed(table, element))
    }

    /// The outputs of every row, where all are constants.
    private func fixed(_ table: TableDeclaration, _ element: Int) throws(LoweringProblem) -> [TableCode.Fixed]? {
        var result: [TableCode.Fixed] = []
        for row in table.sections.flatMap(\.rows) {
            var outputs: [Value] = []
            var cost: Int64 = 0
            for output in row.outputs {
                guard let constant = Self.constant(output.expression) else { return nil }
                outputs.append(constant)
                cost += Int64(clamping: output.cost)
            }
            let value = outputs.count == 1 ? outputs[0] : Value.record(outputs)
            result.append(TableCode.Fixed(word: try word(value, element), cost: cost))
        }
        guard shapes.shapes[element].kind == .decimal, !shapes.shapes[element].isOptional else { return result }
        // With equal places what is added up from the rows needs no aligning.
        let places = result.map { DecimalWord.places($0.word) }.filter { $0 != DecimalWord.boxed }.max() ?? 0
        return result.map { TableCode.Fixed(word: DecimalWord.word($0.word, atPlaces: places), cost: $0.cost) }
    }

    /// The value of an expression that is a constant; else nil.
    static func constant(_ expression: CheckedExpression) -> Value? {
        switch expression.kind {
        case .constant(let value): value
        case .wrapped(let inner): constant(inner)
        default: nil
        }
    }
}
