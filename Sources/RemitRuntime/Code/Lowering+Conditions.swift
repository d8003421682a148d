import RemitLanguage
import RemitValues

extension Lowering {
    /// A condition, or a choice, as a value.
    func decide(_ expression: CheckedExpression, into target: Register?) throws(LoweringProblem) -> Register {
        let span = expression.span
        let result = try result(expression, target)
        if case .choose(let condition, let then, let otherwise) = expression.kind {
            let other = assembler.label()
            let done = assembler.label()
            try branch(condition, on: false, to: other)
            try beginPart(span)
            try note(.branch(0, condition: nil), span)
            try assembler.charge(then.cost, span)
            _ = try value(then.expression, into: result)
            try settleReads(span)
            jump(done, span)
            assembler.bind(other)
            try note(.branch(1, condition: nil), span)
            try assembler.charge(otherwise.cost, span)
            _ = try value(otherwise.expression, into: result)
            try settleReads(span)
            assembler.bind(done)
            return result
        }
        if case .comparison(let comparison, let left, let right) = expression.kind {
            let first = try value(left)
            let second = try value(right)
            compare(comparison, result, first, second, span)
            return result
        }
        let not = assembler.label()
        let done = assembler.label()
        try branch(expression, on: false, to: not)
        move(result, try constant(.boolean(true), .boolean), span)
        jump(done, span)
        assembler.bind(not)
        move(result, try constant(.boolean(false), .boolean), span)
        assembler.bind(done)
        return result
    }

    /// Whether two values stand so, as a value.
    private func compare(
        _ comparison: ComparisonOperator, _ result: Register, _ left: Register, _ right: Register, _ span: Span
    ) {
        let shape = shape(of: left)
        let isDecimal = shape.kind == .decimal
        let isPlain = shape.isPlain || isDecimal
        let operation: Operation
        switch comparison {
        case .equal: operation = !isPlain ? .isSame : isDecimal ? .isEqualDecimal : .isEqual
        case .notEqual: operation = !isPlain ? .isDifferent : isDecimal ? .isUnequalDecimal : .isUnequal
        case .less, .greater: operation = !isPlain ? .isBefore : isDecimal ? .isLessDecimal : .isLess
        case .lessOrEqual, .greaterOrEqual:
            operation = !isPlain ? .isBeforeOrSame : isDecimal ? .isLessOrEqualDecimal : .isLessOrEqual
        }
        let isTurned = comparison == .greater || comparison == .greaterOrEqual
        emit(Instruction(operation, result, isTurned ? right : left, isTurned ? left : right), span)
    }

    /// Goes on at a label where a search of a list comes out as said, else behind.
    private func search(
        _ aggregate: CheckedAggregate, _ condition: Priced, on wanted: Bool, to label: Label, _ span: Span
    ) throws(LoweringProblem) {
        let list = try value(aggregate.source)
        try settleReads(span)
        try quietly { () throws(LoweringProblem) in
            let walk = try walk()
            // `any` is settled by an element that holds, `every` by one that does not.
            let settling = aggregate.operation == .any
            let past = assembler.label()
            try loop(aggregate.local, walk, list, condition.cost, span) { (_) throws(LoweringProblem) in
                try branch(condition.expression, on: settling, to: wanted == settling ? label : past)
            }
            if wanted != settling { jump(label, span) }
            assembler.bind(past)
        }
    }

    /// Goes on at a label where a condition comes out as said, else behind.
    func branch(_ condition: CheckedExpression, on wanted: Bool, to label: Label) throws(LoweringProblem) {
        let span = condition.span
        switch condition.kind {
        case .constant(.boolean(let flag)):
            try settleReads(span)
            if flag == wanted { jump(label, span) }
        case .not(let inner): try branch(inner, on: !wanted, to: label)
        case .and(let left, let right): try both(left, false, right, wanted, to: label, span)
        case .or(let left, let right): try both(left, true, right, wanted, to: label, span)
        case .implies(let left, let right):
            // Yes where the left is no; else what the right says.
            if wanted {
                try branch(left, on: false, to: label)
                try beginPart(span)
                try note(.branch(0, condition: nil), span)
                try assembler.charge(right.cost, span)
                try branch(right.expression, on: true, to: label)
            } else {
                let past = assembler.label()
                try branch(left, on: false, to: past)
                try beginPart(span)
                try note(.branch(0, condition: nil), span)
                try assembler.charge(right.cost, span)
                try branch(right.expression, on: false, to: label)
                assembler.bind(past)
            }
        case .isPresent(let inner):
            let register = try value(inner)
            try settleReads(span)
            assembler.emit(
                Instruction(wanted ? .jumpIfPresent : .jumpIfAbsent, a: register, number: 0), span, to: label)
        case .comparison(let comparison, let left, let right):
            let first = try value(left)
            let second = try value(right)
            try settleReads(span)
            try branch(comparison, first, second, on: wanted, to: label, span)
        case .isEmpty(let inner):
            if case .text = inner.type {
            } else {
                let register = try value(inner)
                try settleReads(span)
                assembler.emit(
                    Instruction(wanted ? .jumpIfEmpty : .jumpUnlessEmpty, a: register, number: 0), span, to: label)
                return
            }
            let size = try temporary(try shape(.integer))
            emit(Instruction(.size, size, try value(inner)), span)
            try settleReads(span)
            try branch(.equal, size, try constant(.integer(0), .integer), on: wanted, to: label, span)
        case .aggregate(let aggregate):
            if let condition = aggregate.condition, aggregate.operation == .any || aggregate.operation == .every {
                try search(aggregate, condition, on: wanted, to: label, span)
            } else {
                try branch(onValueOf: condition, on: wanted, to: label)
            }
        case .within(let inner, let lower, let upper): try within(inner, lower, upper, wanted, label, span)
        case .isOneOf(let inner, let choices): try isOneOf(inner, choices, wanted, label, span)
        default: try branch(onValueOf: condition, on: wanted, to: label)
        }
    }

    private func branch(
        onValueOf condition: CheckedExpression, on wanted: Bool, to label: Label
    ) throws(LoweringProblem) {
        let register = try value(condition)
        try settleReads(condition.span)
        assembler.emit(
            Instruction(wanted ? .jumpIf : .jumpUnless, a: register, number: 0), condition.span, to: label)
    }

    /// `and` is settled by a left that is no, `or` by one that is yes.
    private func both(
        _ left: CheckedExpression, _ settles: Bool, _ right: Priced, _ wanted: Bool, to label: Label, _ span: Span
    ) throws(LoweringProblem) {
        if wanted == settles {
            try branch(left, on: settles, to: label)
            try beginPart(span)
            try assembler.charge(right.cost, span)
            try branch(right.expression, on: wanted, to: label)
        } else {
            let past = assembler.label()
            try branch(left, on: settles, to: past)
            try beginPart(span)
            try assembler.charge(right.cost, span)
            try branch(right.expression, on: wanted, to: label)
            assembler.bind(past)
        }
    }

    private func within(
        _ inner: CheckedExpression, _ lower: CheckedExpression, _ upper: CheckedExpression, _ wanted: Bool,
        _ label: Label, _ span: Span
    ) throws(LoweringProblem) {
        let tested = try value(inner)
        let low = try value(lower)
        let high = try value(upper)
        try settleReads(span)
        if wanted {
            let past = assembler.label()
            try branch(.lessOrEqual, low, tested, on: false, to: past, span, isFree: true)
            try branch(.lessOrEqual, tested, high, on: true, to: label, span, isFree: true)
            assembler.bind(past)
        } else {
            try branch(.lessOrEqual, low, tested, on: false, to: label, span, isFree: true)
            try branch(.lessOrEqual, tested, high, on: false, to: label, span, isFree: true)
        }
    }

    private func isOneOf(
        _ inner: CheckedExpression, _ choices: [CheckedExpression], _ wanted: Bool, _ label: Label, _ span: Span
    ) throws(LoweringProblem) {
        let tested = try value(inner)
        var registers: [Register] = []
        for choice in choices { registers.append(try value(choice)) }
        try settleReads(span)
        let found = wanted ? label : assembler.label()
        for register in registers {
            // An unrounded amount is not equal to an amount, whatever their words may be.
            guard areAlike(shape(of: tested), shape(of: register)) else { continue }
            try branch(.equal, tested, register, on: true, to: found, span, isFree: true)
        }
        guard !wanted else { return }
        jump(label, span)
        assembler.bind(found)
    }

    /// Goes on at a label where two values stand, or do not stand, so.
    func branch(
        _ comparison: ComparisonOperator, _ left: Register, _ right: Register, on wanted: Bool, to label: Label,
        _ span: Span, isFree: Bool = false
    ) throws(LoweringProblem) {
        // What is greater has the lesser one on its other side; what does not hold is turned round.
        var (test, first, second) = (comparison, left, right)
        if !wanted {
            switch comparison {
            case .equal: test = .notEqual
            case .notEqual: test = .equal
            case .less: (test, first, second) = (.lessOrEqual, right, left)
            case .lessOrEqual: (test, first, second) = (.less, right, left)
            case .greater: test = .lessOrEqual
            case .greaterOrEqual: test = .less
            }
        }
        switch test {
        case .greater: (test, first, second) = (.less, second, first)
        case .greaterOrEqual: (test, first, second) = (.lessOrEqual, second, first)
        default: break
        }
        let kind = shape(of: first)
        if kind.isPlain || kind.kind == .decimal {
            let isDecimal = kind.kind == .decimal
            let operation: Operation =
                switch test {
                case .equal: isDecimal ? .jumpEqualDecimal : .jumpEqual
                case .notEqual: isDecimal ? .jumpUnequalDecimal : .jumpUnequal
                case .less: isDecimal ? .jumpLessDecimal : .jumpLess
                default: isDecimal ? .jumpLessOrEqualDecimal : .jumpLessOrEqual
                }
            assembler.emit(Instruction(operation, first, second), span, to: label)
            return
        }
        if !isFree, kind.kind == .text, shape(of: second).kind == .text {
            let operation: Operation =
                switch test {
                case .equal: .jumpSameText
                case .notEqual: .jumpDifferentText
                case .less: .jumpBeforeText
                default: .jumpUpToText
                }
            assembler.emit(Instruction(operation, first, second), span, to: label)
            return
        }
        let answer = try temporary(try shape(.boolean))
        let isOpposite = isFree && (test == .notEqual || test == .less)
        let operation: Operation =
            switch test {
            case .equal: isFree ? .isSameFree : .isSame
            case .notEqual: isFree ? .isSameFree : .isDifferent
            case .less: isFree ? .isBeforeOrSameFree : .isBefore
            default: isFree ? .isBeforeOrSameFree : .isBeforeOrSame
            }
        // There is no free "different" or "before": the opposite is asked instead.
        if isOpposite, test == .less { (first, second) = (second, first) }
        emit(Instruction(operation, answer, first, second), span)
        assembler.emit(Instruction(isOpposite ? .jumpUnless : .jumpIf, a: answer, number: 0), span, to: label)
    }
}
