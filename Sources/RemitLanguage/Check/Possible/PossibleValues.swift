import RemitValues

/// Works out what expressions can come to.
struct PossibleValues {
    let program: CheckedProgram
    /// What is known of fields and locals at this point, beyond their types.
    var known: [ValuePath: Possible] = [:]
    /// The states that the case can be in.
    var states: [Int] = []
    /// For each round (by index) those that are never granted together with it.
    var apart: [Int: [Int]] = [:]
    /// Two of them of which both were asked to be granted.
    var together: (first: Int, second: Int)?
    /// The case fields that keep the value that they begin with.
    let constantFields: Set<Int>
    private var functions: [Int: Possible] = [:]
    private var tables: [Int: [Possible]] = [:]
    /// How many expressions are still looked at; what comes behind is taken to be anything.
    private var budget = Limits.possibleValues

    init(_ program: CheckedProgram, constantFields: Set<Int>) {
        self.program = program
        self.constantFields = constantFields
    }

    mutating func value(_ expression: CheckedExpression) -> Possible {
        guard budget > 0 else { return .anything }
        budget -= 1
        if let path = ValuePath(expression), let found = known[path] { return found }
        switch expression.kind {
        case .constant(let value): return Possible([value])
        case .caseField(let index):
            let field = program.caseFields[index]
            if constantFields.contains(index), let starts = field.starts { return Possible([starts]) }
            if constantFields.contains(index), case .optional = field.type { return Possible([.absent]) }
            return anything(expression.type)
        case .field(let base, let column):
            guard case .table(let index, _, _) = base.kind else { return anything(expression.type) }
            return output(column, of: index, expression.type)
        case .table(let index, _, _): return output(0, of: index, expression.type)
        case .parameter(let index, _):
            guard program.parameters.indices.contains(index) else { return .anything }
            return Possible(program.parameters[index].values.map(\.value))
        case .state: return Possible(states.map { .enumeration(TextValue(program.states[$0].name)) })
        case .verdict(let index): return verdicts(index)
        case .outcome(let round): return outcomes(of: round)
        case .wrapped(let base), .revealed(let base): return value(base).present
        case .choose(let condition, let then, let otherwise):
            let test = value(condition)
            if !test.canBeNo { return value(then.expression) }
            if !test.canBeYes { return value(otherwise.expression) }
            return value(then.expression).joined(value(otherwise.expression))
        case .otherwise(let first, let second):
            let found = value(first)
            return found.canBeAbsent ? found.present.joined(value(second.expression)) : found
        case .call(let function, _): return result(function, expression.type)
        case .arithmetic(let operation, let left, let right): return sum(operation, value(left), value(right))
        case .builtin(let builtin, let operands): return builtIn(builtin, operands)
        default: return condition(expression)
        }
    }

    private mutating func condition(_ expression: CheckedExpression) -> Possible {
        switch expression.kind {
        case .comparison(let comparison, let left, let right): return value(left).compared(comparison, value(right))
        case .within(let middle, let lower, let upper):
            let (middle, lower, upper) = (value(middle), value(lower), value(upper))
            let above = middle.compared(.greaterOrEqual, lower)
            let below = middle.compared(.lessOrEqual, upper)
            let isOpen = lower.compared(.lessOrEqual, upper).canBeYes
            return Possible(
                yes: isOpen && above.canBeYes && below.canBeYes, no: above.canBeNo || below.canBeNo)
        case .isOneOf(let one, let options):
            let one = value(one)
            let same = options.map { one.compared(.equal, value($0)) }
            return Possible(yes: same.contains { $0.canBeYes }, no: same.allSatisfy { $0.canBeNo })
        case .isIn(let one, let list):
            guard case .list(let items)? = value(list).only else { return anything(.boolean) }
            return Possible(yes: !value(one).met(Possible(items)).isNothing, no: true)
        case .isPresent(let base):
            let found = value(base)
            return Possible(yes: !found.isAbsent, no: found.canBeAbsent)
        case .not(let base):
            let found = value(base)
            return Possible(yes: found.canBeNo, no: found.canBeYes)
        case .and(let left, let right): return both(value(left), left, holds: true, right.expression)
        case .or(let left, let right):
            let neither = both(negated(value(left)), left, holds: false, right.expression, negating: true)
            return negated(neither)
        case .implies(let left, let right):
            return negated(both(value(left), left, holds: true, right.expression, negating: true))
        default: return anything(expression.type)
        }
    }

    private func negated(_ found: Possible) -> Possible { Possible(yes: found.canBeNo, no: found.canBeYes) }

    /// Whether a first and a second condition hold, the second being looked at only where the first came out so.
    private mutating func both(
        _ first: Possible, _ left: CheckedExpression, holds: Bool, _ right: CheckedExpression, negating: Bool = false
    ) -> Possible {
        guard first.canBeYes else { return Possible(yes: false, no: true) }
        let outer = known
        learn(left, holds)
        let found = value(right)
        known = outer
        let second = negating ? negated(found) : found
        return Possible(yes: second.canBeYes, no: first.canBeNo || second.canBeNo)
    }

    /// What any value of a type is among.
    private func anything(_ type: ValueType) -> Possible {
        switch type {
        case .boolean: Possible(yes: true, no: true)
        case .enumeration(let index) where program.enumerations.indices.contains(index):
            Possible(program.enumerations[index].cases.map { .enumeration(TextValue($0)) })
        default: .anything
        }
    }

    private mutating func output(_ column: Int, of index: Int, _ type: ValueType) -> Possible {
        guard program.tables.indices.contains(index), program.tables[index].policy != .collect else { return .anything }
        if tables[index] == nil {
            let outer = known
            known = [:]
            let table = program.tables[index]
            tables[index] = table.outputs.indices.map { column in
                let cells = table.sections.flatMap(\.rows).map { value($0.outputs[column].expression) }
                return cells.dropFirst().reduce(cells.first ?? .anything) { $0.joined($1) }
            }
            known = outer
        }
        guard let columns = tables[index], columns.indices.contains(column) else { return anything(type) }
        return columns[column]
    }

    /// What a function can give, whatever it is asked with: functions do not call themselves.
    private mutating func result(_ index: Int, _ type: ValueType) -> Possible {
        if let found = functions[index] { return found }
        guard program.functions.indices.contains(index) else { return anything(type) }
        functions[index] = anything(type)
        let outer = (known, states)
        known = [:]
        states = Array(program.states.indices)
        let function = program.functions[index]
        for (local, bound) in function.bindings { bind(local, value(bound), bound) }
        let found = value(function.value)
        (known, states) = outer
        functions[index] = found
        return found
    }

    mutating func bind(_ local: Int, _ found: Possible, _ expression: CheckedExpression) {
        let name = CheckedExpression(.local(local), expression.type, expression.span)
        if let path = ValuePath(name) { known[path] = found }
        guard case .table(let index, _, _) = expression.kind, program.tables.indices.contains(index),
            program.tables[index].outputs.count > 1
        else { return }
        for (column, field) in program.tables[index].outputs.enumerated() {
            if let path = ValuePath(CheckedExpression(.field(name, column), field.type, expression.span)) {
                known[path] = output(column, of: index, field.type)
            }
        }
    }

    /// How the last round of an approval can stand.
    private mutating func outcomes(of round: Int) -> Possible {
        let others = RoundOutcome.allCases.map(\.word).filter { $0 != RoundOutcome.granted.word }
        func isGranted(_ round: Int) -> Bool { known[ValuePath(granted: round)].map { !$0.canBeNo } ?? false }
        if isGranted(round) { return Possible([RoundOutcome.granted.word]) }
        guard let other = apart[round]?.first(where: isGranted) else {
            return Possible([RoundOutcome.granted.word] + others)
        }
        together = (other, round)
        return Possible(others)
    }

    private func verdicts(_ index: Int) -> Possible {
        guard program.checks.indices.contains(index) else { return .anything }
        var found: Set<CheckSyntax.Severity> = []
        func look(_ items: [CheckedItem]) {
            for item in items {
                switch item {
                case .check(let check): found.insert(check.severity)
                case .each(_, _, let inner, _): look(inner)
                case .binding: break
                }
            }
        }
        look(program.checks[index].items)
        return Possible((found.map(\.rawValue) + ["clear"]).map { .enumeration(TextValue($0)) })
    }

    private mutating func builtIn(_ builtin: Builtin, _ operands: [CheckedExpression]) -> Possible {
        switch builtin {
        case .month: return Possible(from: .integer(1), to: .integer(12))
        case .day: return Possible(from: .integer(1), to: .integer(31))
        case .size:
            switch operands.first?.type {
            case .list(_, let bound), .set(_, let bound), .map(_, _, let bound), .text(let bound):
                return Possible(from: .integer(0), to: .integer(Int64(bound)))
            default: return .anything
            }
        default: return .anything
        }
    }

    /// The bounds of a sum or difference; what does not fit is a fault, and no value.
    private func sum(_ operation: TypedArithmetic, _ left: Possible, _ right: Possible) -> Possible {
        func add(_ one: Value?, _ other: Value?, minus: Bool) -> Value? {
            switch (one, other) {
            case (.integer(let one), .integer(let other)):
                let (sum, overflow) =
                    minus ? one.subtractingReportingOverflow(other) : one.addingReportingOverflow(other)
                return overflow ? nil : .integer(sum)
            case (.money(let one), .money(let other)) where one.currency == other.currency:
                let (sum, overflow) =
                    minus
                    ? one.minorUnits.subtractingReportingOverflow(other.minorUnits)
                    : one.minorUnits.addingReportingOverflow(other.minorUnits)
                return overflow ? nil : .money(Money(minorUnits: sum, currency: one.currency))
            default: return nil
            }
        }
        switch operation {
        case .addInteger, .addMoney:
            return Possible(
                from: add(left.lower, right.lower, minus: false), to: add(left.upper, right.upper, minus: false))
        case .subtractInteger, .subtractMoney:
            return Possible(
                from: add(left.lower, right.upper, minus: true), to: add(left.upper, right.lower, minus: true))
        default: return .anything
        }
    }
}
