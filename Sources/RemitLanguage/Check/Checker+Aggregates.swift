import RemitValues

extension Checker {
    mutating func inferAggregate(
        _ aggregate: AggregateSyntax, hint: ValueType?, _ span: Span
    ) -> CheckedExpression {
        let source = infer(aggregate.source)
        let (element, bound) = elements(source) ?? (.unknown, 1)
        let visible = scope.locals.count
        let local = declareLocal(aggregate.variable, element, .loop)
        defer { scope.hideLocals(to: visible) }
        let known = flow
        var condition = aggregate.condition.map { checkCondition($0, "`where` asks a condition") }
        if let condition { flow.present.formUnion(facts(condition, true)) }
        var value: CheckedExpression?
        if let written = aggregate.value {
            switch aggregate.operation {
            case .any, .every:
                let test = checkCondition(written, "`\(aggregate.operation.rawValue)` asks a condition")
                condition = condition ?? test
            case .count: _ = infer(written)
            default: value = infer(written, hint: hint.map(elementHint(aggregate.operation)))
            }
        }
        flow = known
        guard source.type != .unknown, element != .unknown else { return wrong(span) }
        return finish(aggregate, source, local, condition, value, bound, span)
    }

    private func elementHint(_ operation: AggregateSyntax.Operation) -> (ValueType) -> ValueType {
        { type in
            switch (operation, type) {
            case (.list, .list(let element, _)): element
            case (_, .optional(let inner)): inner
            default: type
            }
        }
    }

    private mutating func finish(
        _ aggregate: AggregateSyntax, _ source: CheckedExpression, _ local: Int, _ condition: CheckedExpression?,
        _ value: CheckedExpression?, _ bound: Int, _ span: Span
    ) -> CheckedExpression {
        let operation = aggregate.operation
        func node(_ type: ValueType, _ addition: TypedArithmetic? = nil, _ zero: Value? = nil) -> CheckedExpression {
            let checked = CheckedAggregate(
                operation: operation, source: source, local: local, condition: condition.map { Priced($0) },
                value: value.map { Priced($0) }, addition: addition, zero: zero)
            return CheckedExpression(.aggregate(checked), type, span)
        }
        switch operation {
        case .count: return node(.integer)
        case .any, .every: return node(.boolean)
        case .sum, .largest, .smallest, .list: break
        }
        guard let value else { return wrong(span) }
        if value.type == .unknown { return wrong(span) }
        switch (operation, value.type) {
        case (.sum, .integer): return node(.integer, .addInteger, .integer(0))
        case (.sum, .decimal): return node(.decimal, .addDecimal, .decimal(.zero))
        case (.sum, .unrounded): return node(value.type, .addDecimal, .decimal(.zero))
        case (.sum, .money(let currency)):
            return node(value.type, .addMoney, .money(Money(minorUnits: 0, currency: currency)))
        case (.largest, _) where isOrdered(value.type), (.smallest, _) where isOrdered(value.type):
            return node(.optional(value.type))
        case (.list, _): return node(.list(value.type, bound))
        case (_, .optional):
            report(
                .bareOptional, "this may be absent, and `\(operation.rawValue) of` needs a value", at: value.span,
                help: "leave such elements out: `where … is present`")
        default:
            report(
                .wrongOperands, "`\(operation.rawValue) of` does not take \(name(value.type))", at: value.span,
                help: "name a number or an amount, such as a field of the element")
        }
        return wrong(span)
    }

    /// The element type and bound of a list, set or map; nil, and reported, where it is none.
    mutating func elements(_ source: CheckedExpression) -> (ValueType, Int)? {
        switch source.type {
        case .list(let element, let bound), .set(let element, let bound): return (element, bound)
        case .map(let key, let value, let bound): return (.entry(key, value), bound)
        case .unknown: return nil
        default:
            report(
                .notAList, "\(name(source.type)) is not a list", at: source.span, "a list is needed here",
                help: notAListHelp(source))
            return nil
        }
    }

    private func notAListHelp(_ source: CheckedExpression) -> String {
        switch source.type {
        case .optional(.list), .optional(.set), .optional(.map): optionalHelp(source)
        case .record: "name the field of it that holds the list"
        default: "name a field of type `list of …`"
        }
    }

    mutating func inferAnyTwoShare(_ list: Expression, _ fields: [Name], _ span: Span) -> CheckedExpression {
        let source = infer(list)
        guard let (element, _) = elements(source) else { return wrong(span) }
        guard case .record(let index) = element else {
            report(
                .notAList, "the elements of this list have no fields to share", at: list.span,
                "this is \(name(source.type))", help: "`any two of … share …` asks about a list of records")
            return wrong(span)
        }
        let record = program.records[index]
        var positions: [Int] = []
        for field in fields {
            guard let position = record.fields.firstIndex(where: { TextValue($0.name) == field.bytes }) else {
                reportNoField(field, of: record)
                continue
            }
            positions.append(position)
        }
        guard positions.count == fields.count else { return wrong(span) }
        return CheckedExpression(.anyTwoShare(source, fields: positions), .boolean, span)
    }

    /// `lines passing screening`.
    mutating func inferPassing(_ list: Expression, _ group: Name, _ span: Span) -> CheckedExpression {
        let source = infer(list)
        guard case .checks(let index) = symbols[group.bytes]?.symbol else {
            let groups = checksSignatures.map(\.name.text)
            report(
                .unknownName, "there is no group of checks `\(group.text)`", at: group.span, "not known",
                help: suggestion(group.text, among: groups) ?? "declare it: `checks \(group.text) { … }`")
            return wrong(span)
        }
        used.insert(group.bytes)
        reads.verdicts.insert(index)
        requireRun(index, group.span)
        if source.type == .unknown { return wrong(span) }
        guard case .caseField(let field) = source.kind, checksSignatures[index].lineField == field else {
            report(
                .notAList, "`\(group.text)` has not looked at the elements of this list", at: source.span,
                labels: [Label(checksSignatures[index].name.span, "its `for` goes through another list, or none")],
                help: "name the list of the case that its `for` goes through")
            return wrong(span)
        }
        return CheckedExpression(.passing(source, checks: index), source.type, span)
    }
}
