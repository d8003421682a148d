import RemitValues

/// What the words of a page need to know of a contract's names: what they stand for, and of what kind their values are.
struct NameFacts: Sendable {
    /// What a value is, as far as the choice of words goes.
    enum Sort: Sendable {
        case date, duration, number, boolean, row, list, set, map, other
    }

    /// Fields of the case and rules.
    private var sorts: [TextValue: Sort] = [:]
    /// Fields of records and rows; nil for a name that several of them use for values of several kinds.
    private var fieldSorts: [TextValue: Sort?] = [:]
    /// Names that the declaration at hand binds.
    private var locals: [TextValue: Sort] = [:]
    private(set) var enumValues: Set<TextValue> = []
    private(set) var others: Set<TextValue> = []
    private(set) var approvals: Set<TextValue> = []
    private(set) var functions: Set<TextValue> = []
    private(set) var finalStates: Set<TextValue> = []
    private(set) var checks: Set<TextValue> = []
    private(set) var roles: Set<TextValue> = []
    /// States whose entry has consequences of its own.
    private(set) var entered: Set<TextValue> = []
    /// Whether money is reserved, so that something may be left when a case ends.
    private(set) var reserves = false
    private var fullRegisters: Set<TextValue> = []

    init(_ contract: ContractSyntax) {
        for declaration in contract.declarations { declare(declaration.kind) }
        for declaration in contract.declarations { enter(declaration.kind) }
        locals = [:]
    }

    /// Learns the names that a declaration binds, in place of those of another.
    mutating func enter(_ kind: Declaration.Kind) {
        locals = [:]
        bind(kind)
    }

    /// The kind of a name's values.
    func sort(_ name: Name) -> Sort { locals[name.bytes] ?? sorts[name.bytes] ?? .other }

    /// Whether a name is a value of an enumeration and nothing else.
    func isEnumValue(_ name: String) -> Bool {
        let key = TextValue(name)
        return enumValues.contains(key) && !others.contains(key)
    }

    /// Whether the contract gives a name to a value, a state, a field or a rule.
    func isDeclared(_ name: String) -> Bool {
        let key = TextValue(name)
        return enumValues.contains(key) || others.contains(key)
    }

    /// Whether every key of a register has a row.
    func isFull(_ register: Name) -> Bool { fullRegisters.contains(register.bytes) }

    private mutating func noteField(_ name: Name, _ sort: Sort) {
        others.insert(name.bytes)
        if let known = fieldSorts[name.bytes], known != sort {
            fieldSorts[name.bytes] = .some(nil)
        } else {
            fieldSorts[name.bytes] = sort
        }
    }

    private mutating func bind(_ name: Name, _ sort: Sort) {
        others.insert(name.bytes)
        locals[name.bytes] = sort
    }

    private mutating func declare(_ kind: Declaration.Kind) {
        switch kind {
        case .roles(let names): names.forEach { roles.insert($0.bytes) }
        case .enumeration(let syntax): syntax.cases.forEach { enumValues.insert($0.bytes) }
        case .record(let syntax): fields(syntax.fields)
        case .register(let syntax):
            fields(syntax.keys + syntax.fields)
            if syntax.fields.allSatisfy({ $0.starts != nil }) { fullRegisters.insert(syntax.name.bytes) }
        case .parameter(let syntax): sorts[syntax.name.bytes] = sort(syntax.type)
        case .table(let syntax):
            fields(syntax.inputs + syntax.outputs)
            if syntax.outputs.count == 1 { sorts[syntax.name.bytes] = sort(syntax.outputs[0].type) }
        case .caseFields(let syntax):
            for field in syntax.fields {
                others.insert(field.name.bytes)
                sorts[field.name.bytes] = sort(field.type)
            }
        case .states(let names, let isFinal):
            for name in names {
                others.insert(name.bytes)
                if isFinal { finalStates.insert(name.bytes) }
            }
        case .checks(let syntax): checks.insert(syntax.name.bytes)
        case .function(let syntax):
            functions.insert(syntax.name.bytes)
            sorts[syntax.name.bytes] = sort(syntax.result)
        case .action: break
        case .approval(let syntax): approvals.insert(syntax.name.bytes)
        case .entering(let state, _): entered.insert(state.bytes)
        case .fund, .calendar, .unique, .deadline, .invariant, .migrate, .given, .scenario: break
        }
    }

    private mutating func fields(_ fields: [FieldSyntax]) {
        for field in fields { noteField(field.name, sort(field.type)) }
    }

    /// Notes the kinds of names that bodies bind.
    private mutating func bind(_ kind: Declaration.Kind) {
        switch kind {
        case .register(let syntax): bind(syntax.keys + syntax.fields)
        case .table(let syntax): bind(syntax.inputs)
        case .checks(let syntax):
            bind(syntax.parameters)
            bind(syntax.items)
        case .function(let syntax):
            bind(syntax.parameters)
            for (name, value) in syntax.bindings { bind(name, sort(value)) }
        case .action(let syntax):
            bind(syntax.parameters)
            bind(syntax.body)
        case .entering(_, let body): bind(body)
        case .approval(let syntax):
            for block in [syntax.granted, syntax.declined, syntax.overdue] { if let block { bind(block) } }
        case .deadline(let syntax): bind(syntax.body)
        case .migrate(let syntax): bind(syntax.body)
        default: break
        }
    }

    private mutating func bind(_ fields: [FieldSyntax]) {
        for field in fields { bind(field.name, sort(field.type)) }
    }

    private mutating func bind(_ items: [CheckItem]) {
        for item in items {
            switch item {
            case .check: break
            case .binding(let name, let value, _): bind(name, sort(value))
            case .each(_, _, let inner, _): bind(inner)
            }
        }
    }

    private mutating func bind(_ block: Block) {
        for statement in block.statements {
            switch statement.kind {
            case .binding(let name, let value, _): bind(name, sort(value))
            case .choose(_, let then, let otherwise):
                bind(then)
                if let otherwise { bind(otherwise) }
            case .match(_, let arms): arms.forEach { bind($0.body) }
            case .each(_, _, let body): bind(body)
            case .reserve: reserves = true
            default: break
            }
        }
    }

    private func sort(_ type: TypeSyntax) -> Sort {
        switch type.kind {
        case .named(let name):
            switch name.text {
            case "Date", "DateTime": .date
            case "Duration", "Term": .duration
            case "Integer", "Decimal": .number
            case "Boolean": .boolean
            default: Currency(code: name.text) != nil ? .number : .other
            }
        case .optional(let inner), .privately(let inner): sort(inner)
        case .list: .list
        case .set: .set
        case .map: .map
        case .text, .caseOf: .other
        }
    }

    /// The kind of an expression's value.
    func sort(_ expression: Expression) -> Sort {
        switch expression.kind {
        case .date, .dateTime, .now, .today: .date
        case .term: .duration
        case .number, .percent, .money, .rounded: .number
        case .boolean, .comparison, .within, .isIn, .state, .not, .and, .or, .implies, .anyTwoShare: .boolean
        case .name(let name): sort(name)
        case .member(_, let field): (fieldSorts[field.bytes] ?? nil) ?? .other
        case .lookup(let base, _):
            if case .name(let name) = base.kind, !isFull(name) { .row } else { .other }
        case .list, .passing: .list
        case .map: .map
        case .call(let name, let arguments): call(name, arguments)
        case .onDate(let inner, _), .otherwise(let inner, _), .negated(let inner), .bracketed(let inner),
            .reveal(let inner), .choose(_, let inner, _):
            sort(inner)
        case .of(let name, _):
            switch name.text {
            case "date": .date
            case "year", "month", "day": .number
            default: .other
            }
        case .arithmetic(let operation, let left, let right): arithmetic(operation, left, right)
        case .aggregate(let aggregate):
            switch aggregate.operation {
            case .any, .every: .boolean
            case .count, .sum: .number
            case .list: .list
            case .largest, .smallest: aggregate.value.map { sort($0) } ?? .other
            }
        case .text, .document, .actor, .thisCase, .record, .seats: .other
        }
    }

    private func call(_ name: Name, _ arguments: [Expression]) -> Sort {
        switch name.text {
        case "date": .date
        case "years", "days", "size": .number
        case "largest", "smallest", "magnitude": arguments.first.map { sort($0) } ?? .other
        default: sort(name)
        }
    }

    private func arithmetic(_ operation: ArithmeticOperator, _ left: Expression, _ right: Expression) -> Sort {
        let (first, second) = (sort(left), sort(right))
        if first == .date { return second == .date ? .duration : .date }
        if first == .duration || second == .duration { return .duration }
        return .number
    }
}
