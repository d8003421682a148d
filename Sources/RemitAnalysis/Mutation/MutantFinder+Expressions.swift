import RemitLanguage
import RemitValues

extension MutantFinder {
    mutating func visit(_ expression: Expression) {
        for other in changed(expression) { replace(expression.span, by: other) }
        switch expression.kind {
        case .boolean, .number, .percent, .money, .date, .dateTime, .term, .text, .document, .name, .actor, .now,
            .today, .thisCase:
            break
        case .member(let base, _), .bracketed(let base), .reveal(let base), .negated(let base), .of(_, let base),
            .rounded(let base, _), .not(let base), .passing(let base, _), .anyTwoShare(let base, _),
            .state(let base, _):
            visit(base)
        case .lookup(_, let keys): for key in keys { visit(key) }
        case .call(_, let operands), .list(let operands): for operand in operands { visit(operand) }
        case .record(_, let parts): for part in parts { visit(part.value) }
        case .map(let entries): for entry in entries { visit(entry.value) }
        case .onDate(let rule, let date):
            if case .call(_, let operands) = rule.kind { for operand in operands { visit(operand) } }
            visit(date)
        case .otherwise(let left, let right), .arithmetic(_, let left, let right), .comparison(_, let left, let right),
            .and(let left, let right), .or(let left, let right), .implies(let left, let right):
            visit(left)
            visit(right)
        case .aggregate(let aggregate):
            if let value = aggregate.value { visit(value) }
            visit(aggregate.source)
            if let condition = aggregate.condition { visit(condition) }
        case .within(let value, let lower, let upper, _): for part in [value, lower, upper] { visit(part) }
        case .isIn(let value, let options, _): for part in [value] + options { visit(part) }
        case .choose(let condition, let then, let otherwise):
            for part in [condition, then, otherwise] { visit(part) }
        case .seats(_, let who, _): visit(who)
        }
    }

    /// What could stand in the place of an expression, its parts aside.
    func changed(_ expression: Expression) -> [String] {
        let span = expression.span
        switch expression.kind {
        case .boolean(let value): return [value ? "no" : "yes"]
        case .number, .percent, .money, .term, .seats: return [Self.raised(text(span))].compactMap { $0 }
        case .date(let written):
            let next = CalendarDate.parse(written).flatMap { try? $0.adding(days: 1) }
            return next.map { [$0.description] } ?? []
        case .name(let name):
            // An enumeration's value, or a role of a quorum.
            let role =
                roles.contains { TextValue($0.text) == TextValue(name.text) } ? Self.next(name, among: roles) : nil
            return otherValues(than: name) + (role.map { [$0] } ?? [])
        case .call(let name, let operands):
            guard let other = ["largest": "smallest", "smallest": "largest"][name.text], let first = operands.first
            else { return [] }
            return [other + text(Span(name.span.end, first.span.start)) + text(Span(first.span.start, span.end))]
        case .and(let left, let right), .or(let left, let right): return [text(left.span), text(right.span)]
        case .implies(_, let right): return [text(right.span)]
        case .not(let inner): return [text(inner.span)]
        case .passing(let base, _): return [text(base.span)]
        case .choose(_, let then, let otherwise): return [text(then.span), text(otherwise.span)]
        case .comparison(let operation, let left, let right):
            return ["\(text(left.span)) \(Self.neighbour(of: operation).rawValue) \(text(right.span))"]
        case .arithmetic(let operation, let left, let right):
            switch operation {
            case .add: return ["\(text(left.span)) - \(text(right.span))"]
            case .subtract: return ["\(text(left.span)) + \(text(right.span))"]
            case .multiply, .divide: return [text(left.span)]
            }
        case .rounded(let base, let rounding):
            let other = ["half up": "down", "half even": "up", "up": "down", "down": "up"][rounding.mode] ?? "down"
            let places = rounding.places.map { " to \($0) places" } ?? ""
            return ["\(text(base.span)) rounded \(other)\(places)"]
        case .aggregate(let aggregate): return changed(aggregate, span)
        case .anyTwoShare(let base, let fields):
            guard fields.count > 1 else { return [] }
            return fields.indices.map { left in
                let rest = fields.indices.filter { $0 != left }.map { fields[$0].text }.joined(separator: ", ")
                return "any two of \(text(base.span)) share \(rest)"
            }
        case .within(let value, let lower, let upper, let isNot):
            return ["\(text(value.span)) \(isNot ? "in" : "not in") \(text(lower.span)) to \(text(upper.span))"]
        case .state(let value, let test):
            switch test {
            case .present: return ["\(text(value.span)) is absent"]
            case .absent: return ["\(text(value.span)) is present"]
            case .empty: return ["\(text(value.span)) is not empty"]
            case .notEmpty: return ["\(text(value.span)) is empty"]
            case .like: return []
            }
        case .isIn(let value, let options, let isNot):
            guard let first = options.first else { return [] }
            let word = isNot ? "in" : "not in"
            return ["\(text(value.span)) \(word) \(text(Span(bracket(before: first), span.end)))"]
        default: return []
        }
    }

    private func changed(_ aggregate: AggregateSyntax, _ span: Span) -> [String] {
        var others: [String] = []
        let whole = text(span)
        let words: [AggregateSyntax.Operation: AggregateSyntax.Operation] = [
            .any: .every, .every: .any, .largest: .smallest, .smallest: .largest,
        ]
        if let other = words[aggregate.operation] {
            others.append(other.rawValue + whole.dropFirst(aggregate.operation.rawValue.count))
        }
        let isQuestion = aggregate.operation == .any || aggregate.operation == .every
        if aggregate.condition != nil, !isQuestion {
            others.append(text(Span(span.start, aggregate.source.span.end)))
        }
        return others
    }

    /// Where the bracket stands that opens before the first of several options; the option itself where there is none.
    private func bracket(before first: Expression) -> Int {
        var place = first.span.start
        while place > 0, source.bytes[place - 1] == 0x20 { place -= 1 }
        return place > 0 && source.bytes[place - 1] == 0x28 ? place - 1 : first.span.start
    }

    private static func neighbour(of operation: ComparisonOperator) -> ComparisonOperator {
        switch operation {
        case .equal: .notEqual
        case .notEqual: .equal
        case .less: .lessOrEqual
        case .lessOrEqual: .less
        case .greater: .greaterOrEqual
        case .greaterOrEqual: .greater
        }
    }

    /// A literal with its whole part one higher; nil where that does not fit.
    private static func raised(_ literal: String) -> String? {
        let digits = literal.prefix { $0.isNumber || $0 == "_" }
        guard let number = Int64(digits.filter { $0 != "_" }), number < .max else { return nil }
        return String(number + 1) + literal.dropFirst(digits.count)
    }
}
