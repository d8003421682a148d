/// Ways through the tree of a contract, for what a page says once of all its parts.
extension Expression {
    /// The expressions that this one is made of, in order of writing.
    var parts: [Expression] {
        switch kind {
        case .boolean, .number, .percent, .money, .date, .dateTime, .term, .text, .document, .name, .actor, .now,
            .today, .thisCase:
            []
        case .member(let base, _), .of(_, let base), .passing(let base, _), .negated(let base), .rounded(let base, _),
            .anyTwoShare(let base, _), .state(let base, _), .not(let base), .reveal(let base), .bracketed(let base):
            [base]
        case .lookup(let base, let keys): [base] + keys
        case .call(_, let arguments): arguments
        case .record(_, let fields): fields.map(\.value)
        case .list(let items): items
        case .map(let entries): entries.flatMap { [$0.key, $0.value] }
        case .onDate(let left, let right), .otherwise(let left, let right), .arithmetic(_, let left, let right),
            .comparison(_, let left, let right), .and(let left, let right), .or(let left, let right),
            .implies(let left, let right):
            [left, right]
        case .aggregate(let aggregate):
            [aggregate.value, aggregate.source, aggregate.condition].compactMap { $0 }
        case .within(let value, let lower, let upper, _): [value, lower, upper]
        case .isIn(let value, let list, _): [value] + list
        case .choose(let condition, let then, let otherwise): [condition, then, otherwise]
        case .seats(_, let who, let scope): [who] + scope.parts
        }
    }

    /// The expression and all that stand within it, outermost first.
    var all: [Expression] {
        var found: [Expression] = []
        var waiting = [self]
        while let next = waiting.popLast() {
            found.append(next)
            waiting += next.parts.reversed()
        }
        return found
    }
}

extension OrganisationScope {
    /// The expression that names the organisation.
    var parts: [Expression] { if case .of(let organisation) = self { [organisation] } else { [] } }
}

extension Block {
    /// All statements, those within others behind them.
    var all: [Statement] {
        statements.flatMap { statement -> [Statement] in
            switch statement.kind {
            case .choose(_, let then, let otherwise): [statement] + then.all + (otherwise?.all ?? [])
            case .match(_, let arms): [statement] + arms.flatMap { $0.body.all }
            case .each(_, _, let body): [statement] + body.all
            default: [statement]
            }
        }
    }
}

extension Statement {
    /// The expressions of the statement itself, without those of statements within it.
    var expressions: [Expression] {
        switch kind {
        case .binding(_, let value, _), .require(let value, _), .choose(let value, _, _), .match(let value, _),
            .each(_, let value, _), .notify(let value, _), .reserve(let value, _, _):
            [value]
        case .set(let left, let right), .add(let left, let right), .remove(let left, let right),
            .pay(let left, _, let right), .transfer(let left, _, let right):
            [left, right]
        case .run(_, let arguments): arguments
        case .release(let amount, _): amount.map { [$0] } ?? []
        case .refuse, .become: []
        }
    }
}

extension Statement {
    /// Whether the statement gives a field a value of its own.
    func sets(_ field: Name) -> Bool {
        if case .set(let target, _) = kind, case .name(let name) = target.kind {
            name.bytes == field.bytes
        } else {
            false
        }
    }
}

extension Declaration.Kind {
    /// The blocks of statements that the rules hold.
    var blocks: [Block] {
        switch self {
        case .action(let action): [action.body]
        case .approval(let approval): [approval.granted, approval.declined, approval.overdue].compactMap { $0 }
        case .deadline(let deadline): [deadline.body]
        case .entering(_, let body): [body]
        case .migrate(let migration): [migration.body]
        default: []
        }
    }

    /// The expressions of the rules, without those within others; examples are no rules.
    var expressions: [Expression] {
        let own: [Expression] =
            switch self {
            case .register(let register):
                register.fields.compactMap(\.starts) + register.invariants.map(\.condition)
            case .parameter(let parameter): parameter.values.map(\.value)
            case .table(let table):
                table.sections.flatMap(\.rows).flatMap { $0.cells.flatMap(\.expressions) + $0.outputs }
            case .caseFields(let syntax): syntax.fields.compactMap(\.starts)
            case .checks(let checks): checks.items.flatMap(\.expressions)
            case .function(let function): function.bindings.map(\.value) + [function.value]
            case .action(let action): action.except + action.authorities.flatMap { $0.scope.parts }
            case .approval(let approval):
                [approval.needs, approval.within] + approval.except + (approval.declinedBy.map { [$0] } ?? [])
            case .deadline(let deadline): [deadline.term]
            case .invariant(let invariant): [invariant.condition]
            case .migrate(let migration): migration.condition.map { [$0] } ?? []
            case .roles, .enumeration, .record, .fund, .calendar, .unique, .states, .entering, .given, .scenario: []
            }
        return own + blocks.flatMap(\.all).flatMap(\.expressions)
    }

    /// The fields that the declaration gives a type: what is held, given with a call, or looked up.
    var fields: [FieldSyntax] {
        switch self {
        case .record(let record): record.fields
        case .register(let register): register.keys + register.fields
        case .table(let table): table.inputs + table.outputs
        case .caseFields(let syntax): syntax.fields
        case .checks(let checks): checks.parameters
        case .function(let function): function.parameters
        case .action(let action): action.parameters
        default: []
        }
    }
}

extension CheckItem {
    var expressions: [Expression] {
        switch self {
        case .check(let check): [check.condition]
        case .binding(_, let value, _): [value]
        case .each(_, let source, let items, _): [source] + items.flatMap(\.expressions)
        }
    }
}

extension CellSyntax {
    var expressions: [Expression] {
        switch kind {
        case .any: []
        case .oneOf(let cells), .all(let cells): cells.flatMap(\.expressions)
        case .value(let value), .compare(_, let value): [value]
        case .not(let inner): inner.expressions
        case .range(let lower, let upper): [lower, upper]
        }
    }
}

extension TypeSyntax {
    /// Whether a value may be absent.
    var isOptional: Bool {
        switch kind {
        case .optional: true
        case .privately(let inner): inner.isOptional
        default: false
        }
    }

    /// The name of the type, `optional` and `private` left aside; nil for lists, texts and their like.
    var name: Name? {
        switch kind {
        case .named(let name): name
        case .optional(let inner), .privately(let inner): inner.name
        default: nil
        }
    }
}
