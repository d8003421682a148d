import RemitValues

extension Checker {
    /// `date(y, m, d)`, `largest(a, b)` and the like.
    mutating func inferBuiltin(_ name: Name, _ operands: [Expression], _ span: Span) -> CheckedExpression {
        switch name.text {
        case "date":
            return call(
                .date, name, operands, [("year", .integer), ("month", .integer), ("day", .integer)], .date, span)
        case "years": return call(.years, name, operands, [("from", .date), ("to", .date)], .integer, span)
        case "days": return call(.days, name, operands, [("length", .duration)], .integer, span)
        case "size": return operands.count == 1 ? size(operands[0], span) : reportCount(name, operands, "(list)", span)
        case "magnitude":
            return operands.count == 1
                ? magnitude(operands[0], span) : reportCount(name, operands, "(number)", span)
        case "available": return inferAvailable(operands, span)
        case "split": return inferSplit(operands, span)
        default: return extreme(name, operands, span)
        }
    }

    private mutating func reportCount(
        _ name: Name, _ operands: [Expression], _ form: String, _ span: Span
    ) -> CheckedExpression {
        for operand in operands { _ = infer(operand) }
        report(
            .arguments, "`\(name.text)` is called with \(operands.count) arguments", at: span,
            help: "write `\(name.text)\(form)`")
        return wrong(span)
    }

    private mutating func call(
        _ builtin: Builtin, _ name: Name, _ operands: [Expression], _ parameters: [(String, ValueType)],
        _ result: ValueType, _ span: Span
    ) -> CheckedExpression {
        guard operands.count == parameters.count else {
            return reportCount(name, operands, "(\(parameters.map(\.0).joined(separator: ", ")))", span)
        }
        var checked: [CheckedExpression] = []
        for (operand, parameter) in zip(operands, parameters) {
            let reason = "`\(name.text)` takes \(self.name(parameter.1)) as its \(parameter.0)"
            checked.append(check(operand, Expectation(parameter.1, because: reason)))
        }
        if checked.contains(where: { $0.type == .unknown }) { return wrong(span) }
        return CheckedExpression(.builtin(builtin, checked), result, span)
    }

    private mutating func extreme(_ name: Name, _ operands: [Expression], _ span: Span) -> CheckedExpression {
        guard operands.count == 2 else { return reportCount(name, operands, "(a, b)", span) }
        let (first, second) = inferPair(operands[0], operands[1])
        guard let (one, other) = unified(first, second, span) else { return wrong(span) }
        guard isOrdered(one.type) else {
            report(
                .notComparable, "values of \(self.name(one.type)) have no order", at: span,
                help: "`\(name.text)` takes numbers, amounts, dates or lengths of time")
            return wrong(span)
        }
        var type = one.type
        if case .text(let first) = one.type, case .text(let second) = other.type { type = .text(max(first, second)) }
        return CheckedExpression(.builtin(name.text == "largest" ? .largest : .smallest, [one, other]), type, span)
    }

    private mutating func size(_ operand: Expression, _ span: Span) -> CheckedExpression {
        let value = infer(operand)
        switch value.type {
        case .list, .set, .map, .text: return CheckedExpression(.builtin(.size, [value]), .integer, span)
        case .unknown: return wrong(span)
        default:
            report(
                .notAList, "\(name(value.type)) has no size", at: value.span,
                help: "a list, a set, a map or a text has one")
            return wrong(span)
        }
    }

    private mutating func magnitude(_ operand: Expression, _ span: Span) -> CheckedExpression {
        let value = infer(operand)
        switch value.type {
        case .integer, .decimal, .money, .unrounded, .duration:
            return CheckedExpression(.builtin(.magnitude, [value]), value.type, span)
        case .unknown: return wrong(span)
        default:
            report(
                .wrongOperands, "`magnitude` does not take \(name(value.type))", at: value.span,
                help: "it takes a number or an amount")
            return wrong(span)
        }
    }

    /// `organisation of actor`, `year of admitted`, `date of now`, `size of lines`.
    mutating func inferOf(_ name: Name, _ operand: Expression, _ span: Span) -> CheckedExpression {
        switch name.text {
        case "year", "month", "day":
            let builtin: Builtin = name.text == "year" ? .year : name.text == "month" ? .month : .day
            return call(builtin, name, [operand], [("day", .date)], .integer, span)
        case "start of year": return call(.startOfYear, name, [operand], [("day", .date)], .date, span)
        case "date": return call(.dateOf, name, [operand], [("time", .dateTime)], .date, span)
        case "days": return call(.days, name, [operand], [("length", .duration)], .integer, span)
        case "size": return size(operand, span)
        case "magnitude": return magnitude(operand, span)
        case "organisation":
            guard case .actor = operand.kind else {
                report(
                    .wrongOperands, "only the actor acts for an organisation", at: operand.span,
                    help: "write `organisation of actor`, or keep the organisation in a field")
                return wrong(span)
            }
            guard scope.knowsActor else { return reportNotHere("`organisation of actor`", span) }
            return CheckedExpression(.organisationOfActor, .organisation, span)
        case "signers": return inferSigners(operand, span)
        default:
            if let roles = roles(of: operand), let first = roles.first {
                report(
                    .unknownName, "`\(name.text) of` roles is no quorum", at: name.span, "not known",
                    help: "say how many sign: `1 of \(first.text)`")
                return wrong(span)
            }
            _ = infer(operand)
            let known = ["year", "month", "day", "date", "days", "size", "magnitude", "organisation", "signers"]
            report(
                .unknownName, "nothing is asked with `\(name.text) of`", at: name.span, "not known",
                help: suggestion(name.text, among: known)
                    ?? "`of` follows `year`, `month`, `day`, `date` or `organisation`; a field is read with a point"
            )
            return wrong(span)
        }
    }
}
