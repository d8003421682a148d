import RemitValues

extension Checker {
    mutating func inferMember(_ base: Expression, _ field: Name, _ span: Span) -> CheckedExpression {
        if case .name(let name) = base.kind, let label = scope.label(named: name.bytes) {
            let record = CheckedExpression(.local(label), .unknown, name.span)
            if case .approval(let round) = symbols[field.bytes]?.symbol {
                // Behind the fields and the state stand the outcomes of the rounds.
                let place = program.caseFields.count + 1 + round
                return CheckedExpression(.field(record, place), .roundOutcome, span)
            }
            guard let index = caseField(field, for: "a label") else { return wrong(span) }
            return narrowed(CheckedExpression(.field(record, index), program.caseFields[index].type, span))
        }
        if case .thisCase = base.kind {
            guard scope.readsCase else { return reportNotHere("`case`", base.span) }
            guard let index = caseField(field, for: "`case.`") else { return wrong(span) }
            used.insert(field.bytes)
            return readField(index, field)
        }
        let value = infer(base)
        switch value.type {
        case .unknown: return wrong(span)
        case .record(let index):
            let record = program.records[index]
            guard let position = record.fields.firstIndex(where: { TextValue($0.name) == field.bytes }) else {
                reportNoField(field, of: record)
                return wrong(span)
            }
            return narrowed(CheckedExpression(.field(value, position), record.fields[position].type, span))
        case .entry(let key, let inner): return inferPart(of: value, field, key, inner, span)
        case .caseOf(let contract): return inferOtherField(value, contract, field, span)
        case .optional:
            report(
                .bareOptional, "this may be absent, and `.\(field.text)` needs a value", at: value.span,
                "this is \(name(value.type))", help: optionalHelp(value))
        default:
            report(
                .wrongKind, "\(name(value.type)) has no fields", at: field.span, "asked for here",
                labels: [Label(value.span, "this is \(name(value.type))")], help: memberHelp(value, field))
        }
        return wrong(span)
    }

    private func memberHelp(_ value: CheckedExpression, _ field: Name) -> String {
        if case .table(let index, _, _) = value.kind, tableSignatures[index].outputs.count == 1 {
            return "a table with one output gives its value: leave out `.\(field.text)`"
        }
        return switch value.type {
        case .date where ["year", "month", "day"].contains(field.text): "write `\(field.text) of` before it"
        case .enumeration(let index) where program.enumerations[index].cases.contains { TextValue($0) == field.bytes }:
            "a value of an enum stands alone: write `\(field.text)`"
        case .list, .set, .map: "go through the elements with `for`, or `sum of … for … in …`"
        default: "only records and rows of registers have fields"
        }
    }

    mutating func inferLookup(_ base: Expression, _ keys: [Expression], _ span: Span) -> CheckedExpression {
        guard case .name(let name) = base.kind, case .register(let index) = symbols[name.bytes]?.symbol else {
            if mayBeMap(base) { return inferEntry(base, keys, span) }
            for key in keys { _ = infer(key) }
            return reportNotARegister(base, span)
        }
        used.insert(name.bytes)
        guard scope.readsRegisters else {
            return reportNotHere("the register `\(name.text)`", span)
        }
        reads.note(beyond: "the register `\(name.text)`")
        guard let checked = checkKeys(index, keys, span) else { return wrong(span) }
        let register = program.registers[index]
        let row = ValueType.record(register.row)
        return narrowed(
            CheckedExpression(
                .lookup(register: index, keys: checked), register.hasRowForEveryKey ? row : .optional(row), span))
    }

    /// The keys of a look-up; nil, and reported, where they do not fit.
    mutating func checkKeys(_ register: Int, _ keys: [Expression], _ span: Span) -> [CheckedExpression]? {
        let declared = program.registers[register]
        if declared.keys.count != keys.count {
            let wanted = declared.keys.count == 1 ? "one key" : "\(declared.keys.count) keys"
            for key in keys { _ = infer(key) }
            report(
                .arguments,
                "`\(declared.name)` is looked up by \(wanted), and \(keys.count) are given",
                at: span, labels: [Label(declared.span, "declared here")],
                help: "write `\(declared.name)[\(declared.keys.map(\.name).joined(separator: ", "))]`")
            return nil
        }
        var checked: [CheckedExpression] = []
        for (key, field) in zip(keys, declared.keys) {
            // A longer text cannot be a key of the register, but it can be looked for.
            let want = Expectation(
                field.type, because: "the key `\(field.name)` is \(name(field.type))", at: field.span)
            checked.append(check(key, want))
        }
        return checked.contains { $0.type == .unknown } ? nil : checked
    }

    mutating func reportNotARegister(_ base: Expression, _ span: Span) -> CheckedExpression {
        guard case .name(let name) = base.kind else {
            report(
                .wrongKind, "only registers and maps are looked up by key", at: base.span,
                help: "to look through a list, use `sum of`, `count of`, `any` or `every`")
            return wrong(span)
        }
        let registers = program.registers.map(\.name)
        if let declared = symbols[name.bytes] {
            report(
                .wrongKind, "`\(name.text)` is \(declared.symbol.kind), and a register is needed here", at: name.span,
                labels: [Label(declared.name.span, "declared here")],
                help: "only registers and maps are looked up by key; go through a list with `for` or `any … in …`")
        } else {
            report(
                .unknownName, "there is no register `\(name.text)`", at: name.span, "not known",
                help: suggestion(name.text, among: registers) ?? "declare it: `register \(name.text) by … { … }`")
        }
        return wrong(span)
    }

    mutating func inferOnDate(_ rule: Expression, _ date: Expression, _ span: Span) -> CheckedExpression {
        let day = check(date, Expectation(.date, because: "a rule is read on a day"))
        switch rule.kind {
        case .name(let name):
            guard case .parameter(let index) = symbols[name.bytes]?.symbol else { break }
            used.insert(name.bytes)
            let signature = parameterSignatures[index]
            guard signature.isDated else {
                reportNeedlessDate(name, day)
                return CheckedExpression(.parameter(index, on: nil), signature.type, span)
            }
            return CheckedExpression(.parameter(index, on: day), signature.type, span)
        case .call(let name, let operands): return inferCall(name, operands, on: day, span)
        default: break
        }
        _ = infer(rule)
        report(
            .needlessDate, "only parameters and tables are read on a date", at: rule.span,
            help: "leave out `on` and the date")
        return wrong(span)
    }

    private mutating func reportNeedlessDate(_ name: Name, _ day: CheckedExpression) {
        report(
            .needlessDate, "`\(name.text)` does not change with time", at: day.span, "this date decides nothing",
            labels: [Label(symbols[name.bytes]?.name.span ?? name.span, "declared without dates")],
            help: "leave out `on` and the date, or date its values with `from`")
    }

    mutating func inferCall(
        _ name: Name, _ operands: [Expression], on day: CheckedExpression?, _ span: Span
    ) -> CheckedExpression {
        if ReservedNames.functions.contains(name.text) {
            if let day { reportNeedlessDate(name, day) }
            return inferBuiltin(name, operands, span)
        }
        guard let declared = symbols[name.bytes] else { return reportNoFunction(name, operands, span) }
        used.insert(name.bytes)
        switch declared.symbol {
        case .table(let index):
            let signature = tableSignatures[index]
            let values = checkOperands(name, operands, signature.inputs, "input", span)
            if signature.isDated, day == nil {
                reportMissingDate(name, "`\(name.text)(…) on` a date", span)
            } else if !signature.isDated, let day {
                reportNeedlessDate(name, day)
            }
            guard let values else { return wrong(span) }
            return CheckedExpression(
                .table(index, values, on: signature.isDated ? day : nil), signature.result, span)
        case .function(let index):
            let signature = functionSignatures[index]
            let values = checkOperands(name, operands, signature.parameters, "parameter", span)
            if let day { reportNeedlessDate(name, day) }
            guard scope.callsFunctions else { return reportNotHere("the function `\(name.text)`", span) }
            noteCall(index, name, span)
            guard let values else { return wrong(span) }
            return CheckedExpression(.call(function: index, values), signature.result, span)
        case .repeated: return wrong(span)
        default:
            for operand in operands { _ = infer(operand) }
            report(
                .wrongKind, "`\(name.text)` is \(declared.symbol.kind), and cannot be called", at: name.span,
                labels: [Label(declared.name.span, "declared here")], help: callHelp(name, declared.symbol))
            return wrong(span)
        }
    }

    private func callHelp(_ name: Name, _ symbol: Symbol) -> String {
        switch symbol {
        case .register: "look up a row by its key in square brackets: `\(name.text)[…]`"
        case .record: "give its fields by name: `\(name.text)(field: value)`"
        case .parameter: "leave out the brackets"
        case .checks: "checks are run by a statement: `run \(name.text)(…)`"
        default: "only functions and tables are called"
        }
    }

    private mutating func reportNoFunction(_ name: Name, _ operands: [Expression], _ span: Span) -> CheckedExpression {
        for operand in operands { _ = infer(operand) }
        if reportOutOfSight(name) { return wrong(span) }
        let known =
            functionSignatures.map(\.name.text) + tableSignatures.map(\.name.text) + ReservedNames.functions
        report(
            .unknownName, "there is no function or table `\(name.text)`", at: name.span, "not known",
            help: suggestion(name.text, among: known) ?? "declare it: `function \(name.text)(…) gives … { … }`")
        return wrong(span)
    }

    /// The arguments of a call, each fitted to its parameter; nil where one is wrong or missing.
    mutating func checkOperands(
        _ name: Name, _ operands: [Expression], _ parameters: [FieldDeclaration], _ kind: String, _ span: Span
    ) -> [CheckedExpression]? {
        var checked: [CheckedExpression] = []
        for (index, operand) in operands.enumerated() {
            guard index < parameters.count else {
                _ = infer(operand)
                continue
            }
            let parameter = parameters[index]
            let reason = "the \(kind) `\(parameter.name)` is \(self.name(parameter.type))"
            checked.append(check(operand, Expectation(parameter.type, because: reason, at: parameter.span)))
        }
        if operands.count != parameters.count {
            let isMissing = operands.count < parameters.count
            let missing = parameters.dropFirst(operands.count).map(\.name)
            report(
                .arguments,
                isMissing
                    ? "`\(name.text)` is called without \(Self.listed(missing))"
                    : "`\(name.text)` takes \(parameters.count) argument\(parameters.count == 1 ? "" : "s"), "
                        + "and \(operands.count) are given",
                at: span, labels: symbols[name.bytes].map { [Label($0.name.span, "declared here")] } ?? [],
                help: "write `\(name.text)(\(parameters.map(\.name).joined(separator: ", ")))`")
            return nil
        }
        return checked.contains { $0.type == .unknown } ? nil : checked
    }

    /// Notes that a body calls a function; while a case is being opened, what it reads must have been set.
    private mutating func noteCall(_ function: Int, _ name: Name, _ span: Span) {
        if !reads.calls.contains(where: { $0.function == function }) { reads.calls.append((function, span)) }
        if scope.place == "a scenario", function < functionReads.count,
            functionReads[function].isOfCase
        {
            report(
                .notHere, "`\(name.text)` reads the case, and a scenario has several", at: span,
                help: "compare a field of the case, such as `c.amount`")
        }
        guard scope.isOpening, function < functionReads.count else { return }
        requireSet(functionReads[function], by: name.text, span)
    }

    /// Reports fields that something reads before the action has set them.
    mutating func requireSet(_ read: Reads, by reader: String, _ span: Span) {
        if scope.isMigrating { earlyReads.formUnion(read.fields.subtracting(flow.assigned)) }
        guard scope.isOpening else { return }
        for field in read.fields.sorted() where !flow.assigned.contains(field) {
            let declared = program.caseFields[field]
            report(
                .fieldReadEarly, "`\(reader)` reads `\(declared.name)`, which has no value yet", at: span,
                labels: [Label(declared.span, "has no `starts`")],
                help: "`set \(declared.name) to …` before it, or let the form enter it (`enters`)")
            flow.assigned.insert(field)
        }
        for group in read.verdicts.sorted() { requireRun(group, span) }
    }
}
