import RemitValues

/// What is learned on the way through a block, and whether its end can be reached.
extension PossibleValues {
    /// Takes in that a condition came out so.
    mutating func learn(_ condition: CheckedExpression, _ holds: Bool) {
        switch condition.kind {
        case .not(let inner): learn(inner, !holds)
        case .and(let left, let right) where holds:
            learn(left, true)
            learn(right.expression, true)
        case .or(let left, let right) where !holds:
            learn(left, false)
            learn(right.expression, false)
        case .comparison(let comparison, let left, let right):
            let (first, second) = (value(left), value(right))
            learn(left, holds ? comparison : comparison.opposite, second)
            learn(right, holds ? comparison.turned : comparison.opposite.turned, first)
        case .within(let middle, let lower, let upper) where holds:
            let (lower, upper) = (value(lower), value(upper))
            learn(middle, .greaterOrEqual, lower)
            learn(middle, .lessOrEqual, upper)
        case .isOneOf(let one, let options) where holds:
            let found = options.map { value($0) }
            guard let first = found.first else { return }
            narrow(one, found.dropFirst().reduce(first) { $0.joined($1) })
        case .isPresent(let base):
            if holds { narrow(base, value(base).present) } else { narrow(base, Possible([.absent])) }
        default: narrow(condition, Possible(yes: holds, no: !holds))
        }
    }

    private mutating func learn(_ expression: CheckedExpression, _ comparison: ComparisonOperator, _ other: Possible) {
        switch comparison {
        case .equal: narrow(expression, other)
        case .notEqual:
            guard let only = other.only, let members = value(expression).members else { return }
            narrow(expression, Possible(members.filter { $0 != only }))
        case .less: narrow(expression, Possible(from: nil, to: other.upper.map { Self.neighbour($0, -1) }))
        case .lessOrEqual: narrow(expression, Possible(from: nil, to: other.upper))
        case .greater: narrow(expression, Possible(from: other.lower.map { Self.neighbour($0, 1) }, to: nil))
        case .greaterOrEqual: narrow(expression, Possible(from: other.lower, to: nil))
        }
    }

    /// The next whole number; other values are so near to each other that the bound itself is told.
    private static func neighbour(_ value: Value, _ step: Int64) -> Value {
        guard case .integer(let number) = value else { return value }
        let (next, overflow) = number.addingReportingOverflow(step)
        return overflow ? value : .integer(next)
    }

    private mutating func narrow(_ expression: CheckedExpression, _ found: Possible) {
        if case .outcome(let round) = expression.kind {
            let isGranted = value(expression).met(found).only == RoundOutcome.granted.word
            if isGranted { known[ValuePath(granted: round)] = Possible(yes: true, no: false) }
            return
        }
        // What rows hold is not followed through the statements that write them.
        guard let path = ValuePath(expression), !path.readsRows else { return }
        known[path] = value(expression).met(found)
    }

    private mutating func forget(_ field: Int) { known = known.filter { !$0.key.reads(field) } }

    private mutating func forgetWrites(_ block: CheckedBlock) { for field in block.writtenFields { forget(field) } }

    /// Whether the end of a block can be reached without a refusal; else the place that surely refuses.
    ///
    /// `becomes` says whether a state can be entered.
    mutating func reachesEnd(_ block: CheckedBlock, becomes: (Int) -> Bool) -> Reach {
        for statement in block.statements {
            let reach = reach(statement, becomes)
            if case .refused = reach { return reach }
        }
        return .end
    }

    enum Reach {
        case end
        case refused(Span)
    }

    private mutating func reach(_ statement: CheckedStatement, _ becomes: (Int) -> Bool) -> Reach {
        switch statement.kind {
        case .require(let condition, _):
            guard value(condition).canBeYes else { return .refused(condition.span) }
            learn(condition, true)
        case .refuse: return .refused(statement.span)
        case .binding(let local, let bound): bind(local, value(bound), bound)
        case .bindingOrRefuse(let local, let bound, _):
            let found = value(bound)
            if found.isAbsent { return .refused(bound.span) }
            bind(local, found.present, bound)
        case .setField(let field, let bound):
            let found = value(bound)
            forget(field)
            if let path = ValuePath(CheckedExpression(.caseField(field), bound.type, bound.span)) {
                known[path] = found
            }
        case .addToField(let field, _), .removeFromField(let field, _), .setEntry(let field, _, _),
            .addToEntry(let field, _, _):
            forget(field)
        case .choose(let condition, let then, let otherwise):
            return choose(condition, then, otherwise, statement.span, becomes)
        case .match(let matched, let arms):
            let found = value(matched)
            let possible = arms.filter { arm in arm.values.contains { found.holds($0) } }.map(\.body)
            return branch(possible, statement.span, becomes)
        case .each(_, _, let body): forgetWrites(body)
        case .become(let state): if !becomes(state) { return .refused(statement.span) }
        default: break
        }
        return .end
    }

    private mutating func choose(
        _ condition: CheckedExpression, _ then: CheckedBlock, _ otherwise: CheckedBlock, _ span: Span,
        _ becomes: (Int) -> Bool
    ) -> Reach {
        let test = value(condition)
        let outer = known
        var last = Reach.end
        var canEnd = false
        for (block, holds) in [(then, true), (otherwise, false)] where holds ? test.canBeYes : test.canBeNo {
            known = outer
            learn(condition, holds)
            last = reachesEnd(block, becomes: becomes)
            if case .end = last { canEnd = true }
        }
        known = outer
        forgetWrites(then)
        forgetWrites(otherwise)
        if canEnd { return .end }
        return test.canBeYes && test.canBeNo ? .refused(span) : last
    }

    private mutating func branch(_ blocks: [CheckedBlock], _ span: Span, _ becomes: (Int) -> Bool) -> Reach {
        let outer = known
        var last = Reach.refused(span)
        var canEnd = false
        for block in blocks {
            known = outer
            last = reachesEnd(block, becomes: becomes)
            if case .end = last { canEnd = true }
        }
        known = outer
        for block in blocks { forgetWrites(block) }
        if canEnd { return .end }
        return blocks.count > 1 ? .refused(span) : last
    }
}

extension ComparisonOperator {
    /// What holds where this does not.
    fileprivate var opposite: ComparisonOperator {
        switch self {
        case .equal: .notEqual
        case .notEqual: .equal
        case .less: .greaterOrEqual
        case .lessOrEqual: .greater
        case .greater: .lessOrEqual
        case .greaterOrEqual: .less
        }
    }

    /// The same with the sides exchanged.
    fileprivate var turned: ComparisonOperator {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }
}

extension CheckedBlock {
    /// The case fields that the block writes, in any of its branches.
    var writtenFields: Set<Int> {
        var fields: Set<Int> = []
        for statement in statements {
            switch statement.kind {
            case .setField(let field, _), .addToField(let field, _), .removeFromField(let field, _),
                .setEntry(let field, _, _), .addToEntry(let field, _, _):
                fields.insert(field)
            case .choose(_, let then, let otherwise):
                fields.formUnion(then.writtenFields.union(otherwise.writtenFields))
            case .match(_, let arms): for arm in arms { fields.formUnion(arm.body.writtenFields) }
            case .each(_, _, let body): fields.formUnion(body.writtenFields)
            default: break
            }
        }
        return fields
    }
}
