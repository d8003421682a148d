import RemitValues

extension Checker {
    /// Types an expression. The hint says what type the place would like; it settles literals and names of values.
    mutating func infer(_ expression: Expression, hint: ValueType? = nil) -> CheckedExpression {
        let span = expression.span
        switch expression.kind {
        case .boolean, .number, .percent, .money, .date, .dateTime, .term, .text, .document:
            return inferLiteral(expression, hint: hint)
        case .name(let name): return inferName(name, hint: hint)
        case .actor, .now, .today, .thisCase: return inferGiven(expression)
        case .member(let base, let field): return inferMember(base, field, span)
        case .lookup(let base, let keys): return inferLookup(base, keys, span)
        case .call(let name, let operands): return inferCall(name, operands, on: nil, span)
        case .record(let name, let fields): return inferRecord(name, fields, hint: hint, span)
        case .list(let elements): return inferList(elements, hint: hint, span)
        case .map(let entries): return inferMap(entries, hint: hint, span)
        case .onDate(let rule, let date): return inferOnDate(rule, date, span)
        case .of(let name, let operand): return inferOf(name, operand, span)
        case .passing(let list, let checks): return inferPassing(list, checks, span)
        case .otherwise(let value, let other): return inferOtherwise(value, other, hint: hint, span)
        case .arithmetic(let operation, let left, let right):
            return inferArithmetic(operation, left, right, hint: hint, span)
        case .negated(let operand): return inferNegated(operand, hint: hint, span)
        case .rounded(let operand, let rounding): return inferRounded(operand, rounding, span)
        case .aggregate(let aggregate): return inferAggregate(aggregate, hint: hint, span)
        case .anyTwoShare(let list, let fields): return inferAnyTwoShare(list, fields, span)
        case .comparison(let operation, let left, let right): return inferComparison(operation, left, right, span)
        case .within(let value, let lower, let upper, let isNot):
            return inferWithin(value, lower, upper, isNot: isNot, span)
        case .isIn(let value, let options, let isNot): return inferIsIn(value, options, isNot: isNot, span)
        case .state(let value, let test): return inferState(value, test, span)
        case .and where isQuorum(expression), .seats: return inferQuorum(expression)
        case .not, .and, .or, .implies: return inferLogic(expression)
        case .choose(let condition, let then, let other):
            return inferChoose(condition, then, other, hint: hint, span)
        case .reveal(let operand):
            let value = infer(operand, hint: hint)
            return CheckedExpression(.revealed(value), value.type, span)
        case .bracketed(let inner):
            let value = infer(inner, hint: hint)
            return CheckedExpression(value.kind, value.type, span)
        }
    }

    /// Two operands of one type, where either may settle the type of a literal in the other.
    mutating func inferPair(
        _ left: Expression, _ right: Expression, hint: ValueType? = nil
    ) -> (CheckedExpression, CheckedExpression) {
        if needsHint(left), !needsHint(right) {
            let second = infer(right, hint: hint)
            return (infer(left, hint: present(second.type)), second)
        }
        let first = infer(left, hint: hint)
        return (first, infer(right, hint: present(first.type)))
    }

    /// The type without `optional`: what a value of it has when it is there.
    func present(_ type: ValueType) -> ValueType {
        if case .optional(let inner) = type { inner } else { type }
    }

    /// Whether the type of an expression depends on where it stands.
    private func needsHint(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .number, .list, .map, .term: true
        case .negated(let inner), .bracketed(let inner): needsHint(inner)
        case .name(let name):
            scope.local(named: name.bytes) == nil && symbols[name.bytes] == nil && scope.parties[name.bytes] == nil
                && scope.label(named: name.bytes) == nil && scope.otherCases[name.bytes] == nil
        default: false
        }
    }

    private mutating func inferGiven(_ expression: Expression) -> CheckedExpression {
        let span = expression.span
        switch expression.kind {
        case .actor:
            guard scope.knowsActor else { return reportNotHere("`actor`", span) }
            return CheckedExpression(.actor, .person, span)
        case .now, .today:
            let isNow = if case .now = expression.kind { true } else { false }
            guard scope.knowsTime else { return reportNotHere(isNow ? "`now`" : "`today`", span) }
            reads.note(beyond: isNow ? "`now`" : "`today`")
            return CheckedExpression(isNow ? .now : .today, isNow ? .dateTime : .date, span)
        default:
            guard scope.readsCase else { return reportNotHere("`case`", span) }
            reads.readsState = true
            if scope.isOpening {
                report(
                    .fieldReadEarly, "the case has no state yet while it is being opened", at: span,
                    help: "`become` takes place at the end of the action")
                return wrong(span)
            }
            return CheckedExpression(.state, .state, span)
        }
    }

    mutating func reportNotHere(_ what: String, _ span: Span) -> CheckedExpression {
        report(
            .notHere, "\(what) is not known in \(scope.place)", at: span,
            help: scope.remedy)
        return wrong(span)
    }

    private mutating func inferRecord(
        _ name: Name, _ fields: [(name: Name, value: Expression)], hint: ValueType?, _ span: Span
    ) -> CheckedExpression {
        let outside = importedRecord(hint)
        let index: Int
        if let outside, TextValue(outside.name) == name.bytes {
            index = outside.index
        } else {
            switch symbols[name.bytes]?.symbol {
            case .record(let record): index = record
            case .register(let register): index = rowRecord(register)
            default: return reportNotARecord(name, outside?.name, span)
            }
            used.insert(name.bytes)
        }
        let record = program.records[index]
        var values: [CheckedExpression?] = Array(repeating: nil, count: record.fields.count)
        var places: [Span?] = Array(repeating: nil, count: record.fields.count)
        for field in fields {
            guard let position = record.fields.firstIndex(where: { TextValue($0.name) == field.name.bytes }) else {
                reportNoField(field.name, of: record)
                _ = infer(field.value)
                continue
            }
            let declared = record.fields[position]
            // What another contract declares has no place in this text.
            let want = Expectation(
                declared.type, because: "`\(declared.name)` is \(self.name(declared.type))",
                at: importedRecords[index] == nil ? declared.span : nil)
            let value = check(field.value, want)
            if let first = places[position] {
                report(
                    .arguments, "`\(field.name.text)` is given twice", at: field.name.span, "again here",
                    labels: [Label(first, "first here")], help: "leave one of them out")
            }
            places[position] = field.name.span
            values[position] = value
        }
        var missing: [String] = []
        let complete = zip(values, record.fields).map { value, field in
            if let value { return value }
            if let starts = field.starts { return CheckedExpression(.constant(starts), field.type, span) }
            if case .optional = field.type { return CheckedExpression(.constant(.absent), field.type, span) }
            missing.append(field.name)
            return wrong(span)
        }
        if !missing.isEmpty {
            report(
                .arguments, "`\(name.text)` is given without \(Self.listed(missing))", at: name.span,
                "\(missing.count == 1 ? "a field is" : "fields are") missing",
                help: "add `\(missing[0]): …`")
        }
        return CheckedExpression(.record(index, complete), .record(index), span)
    }

    /// The record of another contract that a place would like, with its name there; like a value of an enum, a record
    /// of another contract is found by the type that is expected.
    func importedRecord(_ hint: ValueType?) -> (index: Int, name: String)? {
        guard case .record(let index)? = hint.map(present), let name = importedRecords[index] else { return nil }
        return (index, name)
    }

    private mutating func reportNotARecord(_ name: Name, _ outside: String?, _ span: Span) -> CheckedExpression {
        let records = names.filter {
            switch symbols[$0.bytes]?.symbol {
            case .record, .register: true
            default: false
            }
        }
        if let declared = symbols[name.bytes] {
            report(
                .wrongKind, "`\(name.text)` is \(declared.symbol.kind), and not a record", at: name.span,
                labels: [Label(declared.name.span, "declared here")], help: "name a record or a register")
        } else {
            report(
                .unknownName, "there is no record `\(name.text)`", at: name.span, "not known",
                help: suggestion(name.text, among: (outside.map { [$0] } ?? []) + records.map(\.text))
                    ?? outside.map { "write `\($0)(…)` with its fields" } ?? notARecordHelp(name))
        }
        return wrong(span)
    }

    private func notARecordHelp(_ name: Name) -> String {
        if importedRecords.values.contains(where: { TextValue($0) == name.bytes }) {
            return "a record of another contract stands only where its type is expected, as in `x is \(name.text)(…)`"
        }
        return "declare it: `record \(name.text) { … }`"
    }

    mutating func reportNoField(_ field: Name, of record: RecordType) {
        report(
            .unknownName, "`\(record.name)` has no field `\(field.text)`", at: field.span, "not a field",
            help: suggestion(field.text, among: record.fields.map(\.name))
                ?? "its fields are \(Self.listed(record.fields.map(\.name)))")
    }

    private mutating func inferList(_ elements: [Expression], hint: ValueType?, _ span: Span) -> CheckedExpression {
        var wanted: ValueType?
        var isSet = false
        switch hint.map(present) {
        case .list(let element, _): wanted = element
        case .set(let element, _):
            wanted = element
            isSet = true
        case .map where elements.isEmpty: return inferMap([], hint: hint, span)
        default: break
        }
        var checked: [CheckedExpression] = []
        for element in elements {
            var value = infer(element, hint: wanted)
            if let wanted {
                value = conform(value, to: Expectation(wanted, because: "the list holds \(name(wanted))"))
            } else if value.type != .unknown {
                wanted = value.type
            }
            checked.append(value)
        }
        guard let element = wanted else {
            if elements.isEmpty, hint == nil {
                report(
                    .typeMismatch, "nothing says what this empty list holds", at: span,
                    help: "use it where a list of a known type is needed")
            }
            return wrong(span)
        }
        let bound = max(1, checked.count)
        return isSet
            ? CheckedExpression(.set(checked), .set(element, bound), span)
            : CheckedExpression(.list(checked), .list(element, bound), span)
    }
}
