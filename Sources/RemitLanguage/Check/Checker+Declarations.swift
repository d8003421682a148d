import RemitValues

extension Checker {
    /// Works out the values that fields begin with.
    mutating func checkStarts() {
        var record = 0
        var register = 0
        var caseField = 0
        for declaration in declarations {
            enter(declaration)
            switch declaration.kind {
            case .record(let syntax):
                let fields = withStarts(syntax.fields, program.records[record].fields)
                program.records[record] = RecordType(name: program.records[record].name, fields: fields)
                record += 1
            case .register(let syntax):
                guard !isInLibrary else { continue }
                let row = program.registers[register].row
                let fields = withStarts(syntax.fields, program.records[row].fields)
                program.records[row] = RecordType(name: program.records[row].name, fields: fields)
                register += 1
            case .caseFields(let syntax):
                guard !isInLibrary else { continue }
                let range = caseField..<caseField + syntax.fields.count
                program.caseFields.replaceSubrange(
                    range, with: withStarts(syntax.fields, Array(program.caseFields[range])))
                caseField += syntax.fields.count
            default: break
            }
        }
        leaveLibraries()
    }

    private mutating func withStarts(_ syntax: [FieldSyntax], _ fields: [FieldDeclaration]) -> [FieldDeclaration] {
        var result: [FieldDeclaration] = []
        for (field, declared) in zip(syntax, fields) {
            guard let starts = field.starts else {
                result.append(declared)
                continue
            }
            let want = Expectation(
                declared.type, because: "`\(declared.name)` is \(name(declared.type))", at: field.type.span)
            let value = constant(starts, want, "the value that a field starts with")
            // A wrong value still counts as a start, so that its absence is not reported as well.
            result.append(
                FieldDeclaration(
                    name: declared.name, type: declared.type, starts: value ?? .absent,
                    isPrivate: declared.isPrivate, span: declared.span))
        }
        return result
    }

    /// A value that is fixed beforehand; nil, and reported, where the expression is wrong or reads something.
    mutating func constant(_ expression: Expression, _ want: Expectation, _ what: String) -> Value? {
        let outer = (scope, flow)
        scope.readsCase = false
        scope.readsRegisters = false
        scope.callsFunctions = false
        scope.knowsActor = false
        scope.knowsTime = false
        let before = diagnostics.count
        let checked = check(expression, want)
        (scope, flow) = outer
        if let value = constantValue(checked) { return value }
        if diagnostics.count == before, checked.type != .unknown {
            report(
                .notConstant, "\(what) must be written out", at: expression.span, "worked out from something else",
                help: "write the value itself, such as 20 or 5_000 CNY")
        }
        return nil
    }

    /// The value of an expression that reads nothing.
    func constantValue(_ expression: CheckedExpression) -> Value? {
        guard expression.type != .unknown else { return nil }
        switch expression.kind {
        case .constant(let value): return value
        case .wrapped(let inner): return constantValue(inner)
        case .record(_, let parts): return constants(parts).map { .record($0) }
        case .list(let parts): return constants(parts).map { .list($0) }
        case .set(let parts): return constants(parts).map { Value.makeSet($0) }
        case .map(let entries):
            guard let keys = constants(entries.map(\.key)), let values = constants(entries.map(\.value)) else {
                return nil
            }
            return Value.makeMap(zip(keys, values).map { Value.MapEntry(key: $0, value: $1) })
        default: return nil
        }
    }

    private func constants(_ parts: [CheckedExpression]) -> [Value]? {
        var values: [Value] = []
        for part in parts {
            guard let value = constantValue(part) else { return nil }
            values.append(value)
        }
        return values
    }

    /// Checks the values of parameters and their periods.
    mutating func checkParameters() {
        var index = 0
        for declaration in ownDeclarations {
            guard case .parameter(let syntax) = declaration.kind else { continue }
            let type = parameterSignatures[index].type
            index += 1
            scope = .constant
            let want = Expectation(type, because: "`\(syntax.name.text)` is \(name(type))", at: syntax.type.span)
            let periods = checkPeriods(syntax.values.map(\.period), of: syntax.name)
            var values: [(period: Period, value: Value)] = []
            for (period, entry) in zip(periods, syntax.values) {
                let value = constant(entry.value, want, "the value of a parameter")
                values.append((period, value ?? .absent))
            }
            if values.isEmpty {
                report(
                    .missingPart, "`\(syntax.name.text)` has no value", at: syntax.name.span,
                    help: "write `= …` behind its type, or `from` a date in braces")
            }
            program.parameters.append(
                ParameterDeclaration(
                    name: syntax.name.text, type: type, source: source(syntax.source), values: values,
                    span: syntax.name.span))
        }
    }

    mutating func source(_ text: TextSyntax?) -> String? { text.map { plain($0, in: "a cited source") } }

    /// The periods of a rule with their ends filled in; reports those that are not in order.
    mutating func checkPeriods(_ periods: [PeriodSyntax], of rule: Name) -> [Period] {
        let bounds = periods.map { period in (from: day(period.from), until: day(period.until)) }
        let isDated = periods.contains { $0.from != nil }
        var result: [Period] = []
        for (index, period) in periods.enumerated() {
            let bound = bounds[index]
            let next = index + 1 < periods.count ? bounds[index + 1].from : nil
            if isDated, period.from == nil {
                report(
                    .periods, "one part of `\(rule.text)` has a date and this one has none", at: period.span,
                    help: "begin each part with `from` and a date")
            } else if !isDated, index > 0 {
                report(
                    .periods, "`\(rule.text)` has two parts without a date", at: period.span,
                    help: "begin each part with `from` and a date, or join the two")
            }
            if let from = bound.from, let until = bound.until, until <= from {
                report(
                    .periods, "this period of `\(rule.text)` ends on \(until), before it begins", at: period.span,
                    help: "`until` names the first day on which it no longer holds")
            }
            if index > 0, let from = bound.from, let earlier = bounds[index - 1].from {
                checkOrder(rule, period, from, after: earlier, until: bounds[index - 1].until, periods[index - 1])
            }
            result.append(Period(from: bound.from, until: bound.until ?? next))
        }
        return result
    }

    private mutating func checkOrder(
        _ rule: Name, _ period: PeriodSyntax, _ from: CalendarDate, after earlier: CalendarDate,
        until: CalendarDate?, _ previous: PeriodSyntax
    ) {
        if from <= earlier {
            report(
                .periods, "the periods of `\(rule.text)` are not in order", at: period.span,
                from == earlier ? "begins on the same day" : "begins before the one above",
                labels: [Label(previous.span, "begins on \(earlier)")], help: "write the earliest period first")
        } else if let until, until > from {
            report(
                .periods, "two periods of `\(rule.text)` overlap", at: period.span, "begins on \(from)",
                labels: [Label(previous.span, "holds until \(until)")],
                help: "leave out `until` where the next period takes over")
        }
    }

    /// The day that a period's end names.
    private mutating func day(_ expression: Expression?) -> CalendarDate? {
        guard let expression else { return nil }
        scope = .constant
        let value = constant(expression, Expectation(.date, because: "a period begins and ends with a day"), "a period")
        guard case .date(let date) = value else { return nil }
        return date
    }

    /// Checks `unique by`.
    mutating func checkUniqueKeys() {
        for declaration in ownDeclarations {
            guard case .unique(let unique) = declaration.kind else { continue }
            scope = .invariant
            var fields: [Int] = []
            for name in unique.fields {
                guard let field = caseField(name, for: "`unique by`") else { continue }
                fields.append(field)
            }
            let refusal = unique.refusal.map { checkRefusal($0) }
            program.uniqueKeys.append(
                UniqueDeclaration(
                    fields: fields, except: unique.except.compactMap { resolveState($0) }, refusal: refusal,
                    source: source(unique.source), span: unique.fields.first?.span ?? declaration.span))
        }
    }

    /// The field of the case of a name; reports one that is not there.
    mutating func caseField(_ name: Name, for place: String) -> Int? {
        if case .caseField(let index) = symbols[name.bytes]?.symbol { return index }
        if let declared = symbols[name.bytes] {
            report(
                .wrongKind, "`\(name.text)` is \(declared.symbol.kind), and \(place) names fields of the case",
                at: name.span, labels: [Label(declared.name.span, "declared here")],
                help: "name a field of the case, or declare one")
            return nil
        }
        report(
            .unknownName, "the case has no field `\(name.text)`", at: name.span, "not a field of the case",
            help: suggestion(name.text, among: program.caseFields.map(\.name))
                ?? (name.text == "state"
                    ? "the state is asked of the case itself, with `is` and the name of a state"
                    : "declare it in `case { … }`, or leave it out here"))
        return nil
    }

    mutating func resolveState(_ name: Name) -> Int? {
        if let index = states[name.bytes] { return index }
        isWayUnknown = true
        report(
            .unknownName, "there is no state `\(name.text)`", at: name.span, "not a state",
            help: suggestion(name.text, among: program.states.map(\.name)) ?? "declare it: `state \(name.text)`")
        return nil
    }

    /// Checks invariants of the case and of registers.
    mutating func checkInvariants() {
        var register = 0
        for declaration in ownDeclarations {
            switch declaration.kind {
            case .invariant(let invariant):
                scope = .invariant
                program.invariants.append(checkInvariant(invariant))
            case .register(let syntax):
                checkInvariants(of: syntax, register)
                register += 1
            default: break
            }
        }
    }

    private mutating func checkInvariants(of syntax: RegisterSyntax, _ index: Int) {
        let register = program.registers[index]
        let row = program.records[register.row].fields
        var invariants: [InvariantDeclaration] = []
        for invariant in syntax.invariants {
            scope = .registerInvariant
            for (field, declared) in zip(syntax.keys + syntax.fields, register.keys + row) {
                declareLocal(field.name, declared.type, .loop)
            }
            invariants.append(checkInvariant(invariant))
        }
        program.registers[index] = RegisterDeclaration(
            name: register.name, keys: register.keys, row: register.row, keepers: register.keepers,
            hasRowForEveryKey: register.hasRowForEveryKey, invariants: invariants, span: register.span)
    }

    /// Reports calls of functions that read what the place itself may not: what is checked at a write of a case or a
    /// row could otherwise cease to hold by a write elsewhere, or as time goes by.
    private mutating func reportOutside() {
        for call in reads.calls where call.function < functionReads.count {
            let read = functionReads[call.function]
            guard let what = read.beyond ?? (read.isOfCase && !scope.readsCase ? "the case" : nil) else { continue }
            report(
                .notHere,
                "`\(program.functions[call.function].name)` reads \(what), which is not known in \(scope.place)",
                at: call.span, labels: [Label(program.functions[call.function].span, "declared here")],
                help: "write out what the rule says of its own values, or say this in an action")
        }
    }

    private mutating func checkInvariant(_ invariant: InvariantSyntax) -> InvariantDeclaration {
        flow = Flow()
        reads = Reads()
        let condition = checkCondition(invariant.condition, "an invariant is a condition")
        reportOutside()
        return InvariantDeclaration(
            text: plain(invariant.text, in: "the text of an invariant"), condition: Priced(condition),
            localCount: scope.slotCount, source: source(invariant.source), span: invariant.span)
    }
}
