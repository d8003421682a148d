import RemitLanguage
import RemitValues

extension Machine {
    func decide(_ expression: CheckedExpression) throws(Stop) -> Value {
        switch expression.kind {
        case .comparison(let comparison, let left, let right):
            let first = try known(evaluate(left), expression.span)
            let second = try known(evaluate(right), expression.span)
            try charge(work(first) + work(second))
            return .boolean(Self.compare(comparison, first, second))
        case .within(let value, let lower, let upper):
            let wanted = try evaluate(value)
            let from = try evaluate(lower)
            let to = try evaluate(upper)
            return .boolean(from <= wanted && wanted <= to)
        case .not(let operand): return .boolean(try !test(operand))
        case .and(let left, let right):
            guard try test(left) else { return .boolean(false) }
            return .boolean(try test(right))
        case .or(let left, let right):
            if try test(left) { return .boolean(true) }
            return .boolean(try test(right))
        case .implies(let left, let right):
            guard try test(left) else { return .boolean(true) }
            note(.branch(0), at: expression.span)
            return .boolean(try test(right))
        case .choose(let condition, let then, let otherwise):
            let holds = try test(condition)
            note(.branch(holds ? 0 : 1), at: expression.span)
            return try evaluate(holds ? then : otherwise)
        default: throw misfit(expression.span)
        }
    }

    static func compare(_ comparison: ComparisonOperator, _ left: Value, _ right: Value) -> Bool {
        switch comparison {
        case .equal: left == right
        case .notEqual: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }

    /// What comparing a value costs beyond the step of the operator: nothing for scalars.
    func work(_ value: Value) -> UInt64 {
        switch value {
        case .text(let text): Cost.text(text.string.utf8.count)
        case .record(let items), .list(let items), .set(let items):
            items.reduce(Cost.elements(items.count)) { $0 &+ work($1) }
        case .map(let entries):
            entries.reduce(Cost.elements(entries.count)) { $0 &+ work($1.key) &+ work($1.value) }
        default: 0
        }
    }
}
