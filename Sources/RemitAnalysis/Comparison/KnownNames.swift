import RemitLanguage
import RemitValues

/// What is known of names at a place of a rule: their values in terms of what the action is given.
struct KnownNames {
    var locals: [Int: CheckedExpression] = [:]
    /// Case fields that were written, or begin with a value.
    var fields: [Int: CheckedExpression] = [:]
    /// Registers that were written: their rows are no longer as they were given.
    var registers: Set<Int> = []
    /// How often something was written.
    var writes = 0

    /// A value of which nothing is known.
    static func unknown(_ type: ValueType, _ span: Span) -> CheckedExpression {
        CheckedExpression(.local(-1), type, span)
    }

    /// Forgets what a block may have written.
    mutating func forget(_ written: WrittenPlaces, _ program: CheckedProgram) {
        for field in written.fields where program.caseFields.indices.contains(field) {
            let declared = program.caseFields[field]
            fields[field] = Self.unknown(declared.type, declared.span)
        }
        registers.formUnion(written.registers)
        writes += 1
    }
}

/// The fields and registers that blocks write.
struct WrittenPlaces {
    private(set) var fields: Set<Int> = []
    private(set) var registers: Set<Int> = []

    init() {}

    init(_ block: CheckedBlock) { add(block) }

    mutating func add(_ block: CheckedBlock) {
        for statement in block.statements {
            switch statement.kind {
            case .setField(let field, _), .addToField(let field, _), .removeFromField(let field, _),
                .setEntry(let field, _, _), .addToEntry(let field, _, _):
                fields.insert(field)
            case .setRow(let register, _, _, _), .addToRow(let register, _, _, _): registers.insert(register)
            case .choose(_, let then, let otherwise):
                add(then)
                add(otherwise)
            case .match(_, let arms): for arm in arms { add(arm.body) }
            case .each(_, _, let body): add(body)
            default: break
            }
        }
    }

    /// The fields that a program never gives a value but the one that they begin with.
    static func constants(of program: CheckedProgram) -> [Int: Value] {
        var written = WrittenPlaces()
        var entered: Set<Int> = []
        for action in program.actions {
            written.add(action.body)
            entered.formUnion(action.enters)
        }
        for approval in program.approvals {
            for body in [approval.granted, approval.declined, approval.overdue] { written.add(body.block) }
        }
        for deadline in program.deadlines { written.add(deadline.body.block) }
        for entering in program.entering { written.add(entering.body) }
        // A migration may set any field.
        guard program.migrations.isEmpty else { return [:] }
        var constants: [Int: Value] = [:]
        for (index, field) in program.caseFields.enumerated()
        where !written.fields.contains(index) && !entered.contains(index) {
            constants[index] = field.starts ?? .absent
        }
        return constants
    }
}

/// Puts what is known of names in their place.
struct Resolver {
    let program: CheckedProgram
    /// How many nodes may still be built: functions that call functions grow.
    private var budget = Limits.comparedNodes

    init(_ program: CheckedProgram) { self.program = program }

    mutating func resolve(_ expression: CheckedExpression, _ names: KnownNames, depth: Int = 0) -> CheckedExpression {
        budget -= 1
        guard budget > 0, depth < Limits.nesting else {
            return KnownNames.unknown(expression.type, expression.span)
        }
        func made(_ kind: CheckedExpression.Kind) -> CheckedExpression {
            CheckedExpression(kind, expression.type, expression.span)
        }
        func own(_ inner: CheckedExpression) -> CheckedExpression { resolve(inner, names, depth: depth + 1) }
        func own(_ inner: Priced) -> Priced { Priced(resolve(inner.expression, names, depth: depth + 1)) }
        switch expression.kind {
        case .local(let index):
            guard let value = names.locals[index] else { return KnownNames.unknown(expression.type, expression.span) }
            return CheckedExpression(value.kind, expression.type, value.span)
        case .caseField(let index):
            guard let value = names.fields[index] else { return expression }
            // What a field was set to is named as it was given; what nothing is known of, by the field.
            if case .local(-1) = value.kind { return KnownNames.unknown(expression.type, expression.span) }
            return CheckedExpression(value.kind, expression.type, value.span)
        case .field(let base, let index): return made(.field(own(base), index))
        case .not(let inner): return made(.not(own(inner)))
        case .and(let left, let right): return made(.and(own(left), own(right)))
        case .or(let left, let right): return made(.or(own(left), own(right)))
        case .implies(let left, let right): return made(.implies(own(left), own(right)))
        case .comparison(let operation, let left, let right):
            return made(.comparison(operation, own(left), own(right)))
        case .within(let value, let low, let high): return made(.within(own(value), own(low), own(high)))
        case .isOneOf(let value, let options): return made(.isOneOf(own(value), options.map { own($0) }))
        case .isEmpty(let base): return made(.isEmpty(own(base)))
        case .isPresent(let base): return made(.isPresent(own(base)))
        case .widened(let inner): return made(.widened(own(inner)))
        case .wrapped(let inner): return made(.wrapped(own(inner)))
        case .revealed(let inner): return made(.revealed(own(inner)))
        case .choose(let condition, let then, let otherwise):
            return made(.choose(own(condition), then: own(then), otherwise: own(otherwise)))
        case .parameter(let index, let day?): return made(.parameter(index, on: own(day)))
        case .lookup(let register, let keys):
            if names.registers.contains(register) { return KnownNames.unknown(expression.type, expression.span) }
            return made(.lookup(register: register, keys: keys.map { own($0) }))
        case .call(let function, let arguments):
            return called(function, arguments.map { own($0) }, names, depth, expression)
        default: return expression
        }
    }

    /// A function's value for some arguments; what it comes to only by working something out stays as it is written.
    private mutating func called(
        _ index: Int, _ arguments: [CheckedExpression], _ names: KnownNames, _ depth: Int, _ call: CheckedExpression
    ) -> CheckedExpression {
        guard program.functions.indices.contains(index) else { return call }
        let function = program.functions[index]
        var inner = names
        inner.locals = Dictionary(uniqueKeysWithValues: arguments.enumerated().map { ($0, $1) })
        for binding in function.bindings {
            inner.locals[binding.local] = resolve(binding.value, inner, depth: depth + 1)
        }
        let value = resolve(function.value, inner, depth: depth + 1)
        return isPlain(value) ? value : call
    }

    private func isPlain(_ value: CheckedExpression) -> Bool {
        switch value.kind {
        case .constant, .actor, .organisationOfActor, .now, .today, .state: true
        case .local(let index): index >= 0
        case .caseField: true
        case .lookup(_, let keys): keys.allSatisfy(isPlain)
        case .parameter(_, let day): day.map(isPlain) ?? true
        case .field, .not, .and, .or, .implies, .comparison, .within, .isOneOf, .isEmpty, .isPresent, .widened,
            .wrapped, .revealed, .choose:
            value.operands.allSatisfy(isPlain)
        default: false
        }
    }
}
