extension CheckedExpression {
    /// Everything that an expression is directly made of, in order of writing; called functions are not among it.
    public var operands: [CheckedExpression] {
        switch kind {
        case .constant, .local, .caseField, .actor, .organisationOfActor, .now, .today, .state, .verdict, .outcome,
            .signers, .available:
            []
        case .field(let base, _), .wrapped(let base), .isPresent(let base), .isEmpty(let base), .matches(let base, _),
            .negated(let base), .widened(let base), .rounded(let base, _, _), .not(let base),
            .anyTwoShare(let base, _), .passing(let base, _), .revealed(let base), .otherField(let base, _, _),
            .otherState(let base, _):
            [base]
        case .map(let entries): entries.flatMap { [$0.key, $0.value] }
        case .mapEntry(let map, let key): [map, key]
        case .lookup(_, let operands), .call(_, let operands), .record(_, let operands), .list(let operands),
            .set(let operands), .builtin(_, let operands):
            operands
        case .quorum(let groups): groups.flatMap(\.organisations)
        case .table(_, let operands, let date): operands + (date.map { [$0] } ?? [])
        case .parameter(_, let date): date.map { [$0] } ?? []
        case .otherwise(let left, let right), .and(let left, let right), .or(let left, let right),
            .implies(let left, let right):
            [left, right.expression]
        case .arithmetic(_, let left, let right), .quotient(let left, let right, _, _),
            .comparison(_, let left, let right), .isIn(let left, let right):
            [left, right]
        case .within(let value, let lower, let upper): [value, lower, upper]
        case .isOneOf(let value, let options): [value] + options
        case .choose(let condition, let then, let otherwise): [condition, then.expression, otherwise.expression]
        case .aggregate(let aggregate):
            [aggregate.source] + [aggregate.condition, aggregate.value].compactMap { $0?.expression }
        }
    }
}
