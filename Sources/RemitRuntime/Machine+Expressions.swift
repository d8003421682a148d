import RemitLanguage
import RemitValues

extension Machine {
    func evaluate(_ expression: CheckedExpression) throws(Stop) -> Value {
        switch expression.kind {
        case .constant, .local, .caseField, .actor, .organisationOfActor, .now, .today, .state, .verdict, .field,
            .lookup, .parameter, .table, .call, .outcome, .signers, .quorum, .available, .mapEntry, .otherField,
            .otherState:
            return try read(expression)
        case .revealed(let value): return try evaluate(value)
        case .record, .list, .set, .map, .wrapped, .isPresent, .isEmpty, .matches, .otherwise, .isIn, .isOneOf,
            .anyTwoShare, .passing, .aggregate:
            return try collect(expression)
        case .arithmetic, .negated, .widened, .rounded, .quotient, .builtin:
            return try calculate(expression)
        case .comparison, .within, .not, .and, .or, .implies, .choose:
            return try decide(expression)
        }
    }

    func evaluate(_ expressions: [CheckedExpression]) throws(Stop) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(expressions.count)
        for expression in expressions { values.append(try evaluate(expression)) }
        return values
    }

    // MARK: What is read

    private func read(_ expression: CheckedExpression) throws(Stop) -> Value {
        let outer = reads
        let value = try readQuietly(expression)
        // Of a path such as `cover.plan` only the whole is told, not its parts; constants are not told at all.
        if outer != nil {
            reads = outer
            if case .constant = expression.kind { return value }
            reads?.append(Trace.Read(span: expression.span, value: value))
        }
        return value
    }

    private func readQuietly(_ expression: CheckedExpression) throws(Stop) -> Value {
        let span = expression.span
        switch expression.kind {
        case .constant(let value): return value
        case .local(let index): return try local(index, span)
        case .caseField(let index):
            guard caseState.fields.indices.contains(index) else { throw misfit(span) }
            grownFields.remove(index)
            return try knownItself(caseState.fields[index], program.caseFields[index].name, span)
        case .actor: return .party(request.actor)
        case .organisationOfActor: return .party(request.organisation)
        case .now: return .instant(request.now)
        case .today:
            return .date(
                try exact(span) { () throws(ArithmeticFault) in try request.now.day(offset: program.timezone) })
        case .state:
            guard program.states.indices.contains(caseState.state) else { return .absent }
            return .enumeration(TextValue(program.states[caseState.state].name))
        case .verdict(let checks):
            return .enumeration(TextValue(try result(checks, span).verdict.rawValue))
        case .outcome(let round): return .enumeration(TextValue(engine.outcome(of: round).rawValue))
        case .signers(let round): return engine.signers(of: round)
        case .quorum(let groups): return try quorum(groups)
        case .available(let fund): return .money(try engine.available(fund, span))
        case .field(let base, let index):
            guard case .record(let fields) = try evaluate(base), fields.indices.contains(index) else {
                throw misfit(span)
            }
            return try knownItself(fields[index], fieldName(base.type, index), span)
        case .mapEntry(let map, let key):
            guard case .map(let entries) = try evaluate(map) else { throw misfit(span) }
            let place = try place(of: known(evaluate(key), span), in: entries)
            return place.isThere ? entries[place.index].value : .absent
        case .otherField(let base, let contract, let field):
            return try readOther(evaluate(base), contract, field, span)
        case .otherState(let base, let contract): return try stateOfOther(evaluate(base), contract, span)
        case .lookup(let register, let keys):
            let values = try evaluate(keys)
            let found = try row(register, values, span)
            note(.rowRead(register: register, keys: values, found: found != nil), at: span)
            return found.map(Value.record) ?? .absent
        case .parameter(let index, let date): return try parameter(index, on: date, span)
        case .table(let index, let inputs, let date): return try table(index, inputs, on: date, span)
        case .call(let index, let arguments): return try call(index, arguments, span)
        default: throw misfit(span)
        }
    }

    private func result(_ checks: Int, _ span: Span) throws(Stop) -> CheckResult {
        guard caseState.checks.indices.contains(checks) else { throw misfit(span) }
        guard let result = caseState.checks[checks] else {
            throw .refused(
                Refusal(.notRun, "the checks `\(program.checks[checks].name)` have not run on this case", at: span))
        }
        return result
    }

    private func call(_ index: Int, _ arguments: [CheckedExpression], _ span: Span) throws(Stop) -> Value {
        guard program.functions.indices.contains(index) else { throw misfit(span) }
        let function = program.functions[index]
        let values = try evaluate(arguments)
        let result = try inFrame(values, count: function.localCount) { () throws(Stop) in
            try charge(function.cost)
            for binding in function.bindings {
                let value = try evaluate(binding.value)
                try setLocal(binding.local, value, binding.value.span)
                note(.localSet(local: binding.local, value), at: binding.value.span)
            }
            return try evaluate(function.value)
        }
        note(.functionCalled(index, arguments: values, result), at: span)
        return result
    }

    private func date(_ expression: CheckedExpression?) throws(Stop) -> CalendarDate? {
        guard let expression else { return nil }
        guard case .date(let date) = try evaluate(expression) else { throw misfit(expression.span) }
        return date
    }

    private func parameter(_ index: Int, on expression: CheckedExpression?, _ span: Span) throws(Stop) -> Value {
        guard program.parameters.indices.contains(index) else { throw misfit(span) }
        let parameter = program.parameters[index]
        let day = try date(expression)
        let period = parameter.values.firstIndex { entry in day.map { entry.period.contains($0) } ?? true }
        guard let period else { throw noRule(parameter.name, day, span) }
        let value = parameter.values[period].value
        note(.parameterRead(index, period: period, on: day, value), at: span)
        return value
    }

    private func noRule(_ name: String, _ day: CalendarDate?, _ span: Span) -> Stop {
        let when = day.map { " on \($0)" } ?? ""
        return .refused(Refusal(.noRule, "no period of `\(name)` holds\(when)", at: span))
    }

    // MARK: Tables

    private func table(
        _ index: Int, _ inputs: [CheckedExpression], on expression: CheckedExpression?, _ span: Span
    ) throws(Stop) -> Value {
        guard program.tables.indices.contains(index) else { throw misfit(span) }
        let table = program.tables[index]
        let values = try evaluate(inputs)
        let day = try date(expression)
        let section = table.sections.firstIndex { entry in day.map { entry.period.contains($0) } ?? true }
        guard let section else { throw noRule(table.name, day, span) }
        var collected: [Value] = []
        for (place, row) in table.sections[section].rows.enumerated() {
            try charge(Cost.tableRow)
            guard fits(row, values) else { continue }
            let outputs = try inFrame(values, count: row.localCount) { () throws(Stop) in
                var outputs: [Value] = []
                for output in row.outputs { outputs.append(try evaluate(output)) }
                return outputs
            }
            note(
                .tableRead(index, section: section, row: place, on: day, inputs: values, outputs: outputs), at: span)
            let result: Value = outputs.count == 1 ? outputs[0] : .record(outputs)
            guard table.policy == .collect else { return result }
            try build(1)
            collected.append(result)
        }
        guard table.policy == .collect else {
            let shown = values.map(\.description).joined(separator: ", ")
            throw .refused(Refusal(.noRow, "no row of `\(table.name)` fits \(shown)", at: span))
        }
        return .list(collected)
    }

    private func fits(_ row: CheckedRow, _ values: [Value]) -> Bool {
        for (cell, value) in zip(row.cells, values) where !fits(cell, value) { return false }
        return true
    }

    private func fits(_ cell: CheckedCell, _ value: Value) -> Bool {
        switch cell {
        case .any: true
        case .members(let members, let isExcluded): members.contains(value) != isExcluded
        case .ranges(let ranges): ranges.contains { $0.contains(value) }
        }
    }
}
