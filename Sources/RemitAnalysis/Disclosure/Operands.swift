import RemitLanguage

extension CheckedExpression {
    /// Whether working it out may fail on values of the right type, its operands aside.
    var mayFault: Bool {
        switch kind {
        case .arithmetic, .negated, .rounded, .quotient, .otherField, .otherState: true
        case .builtin(let builtin, _):
            switch builtin {
            case .largest, .smallest, .year, .month, .day, .years, .size, .startOfYear: false
            case .date, .dateOf, .days, .magnitude, .split: true
            }
        case .aggregate(let aggregate): aggregate.addition != nil
        case .table(_, _, let date), .parameter(_, let date): date != nil
        default: false
        }
    }

    /// What is asked first, and what is then worked out on some of its answers alone; nil of other expressions.
    var choice: (first: CheckedExpression, rest: [CheckedExpression])? {
        switch kind {
        case .otherwise(let left, let right), .and(let left, let right), .or(let left, let right),
            .implies(let left, let right):
            (left, [right.expression])
        case .choose(let condition, let then, let otherwise): (condition, [then.expression, otherwise.expression])
        default: nil
        }
    }

    /// Whether it, or anything in it, may be refused so.
    var mayFaultWithin: Bool { mayFault || operands.contains { $0.mayFaultWithin } }

    /// The operands on whose value it depends how many steps the expression takes.
    var steering: [CheckedExpression] {
        switch kind {
        case .otherwise(let left, _), .and(let left, _), .or(let left, _), .implies(let left, _),
            .choose(let left, _, _):
            [left]
        case .aggregate(let aggregate): [aggregate.source] + (aggregate.condition.map { [$0.expression] } ?? [])
        case .anyTwoShare(let base, _), .passing(let base, _), .matches(let base, _): [base]
        case .isIn(let left, let right): [left, right]
        case .mapEntry(let map, let key): [map, key]
        case .comparison(_, let left, let right):
            if case .text = left.type { [left, right] } else { [] }
        case .table(_, let operands, _): operands
        default: []
        }
    }
}
