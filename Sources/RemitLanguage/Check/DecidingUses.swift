import RemitValues

/// The locals of a body by which something is decided or kept.
///
/// What stands in a condition decides, if something hangs on it; what is written, paid, moved, checked by a group of
/// checks, or says who is told, is kept. A `let` hands this on to what it is made of. What is only shown in a text does
/// neither.
struct DecidingUses {
    private(set) var locals: Set<Int> = []
    private let program: CheckedProgram
    /// What locals stand for, in order of writing: each reads those before it.
    private var bindings: [(local: Int, value: CheckedExpression)] = []
    /// The parameters on which the value of a function depends.
    private var functions: [Int: Set<Int>] = [:]
    /// The inputs on which a table depends.
    private var tables: [Int: Set<Int>] = [:]

    private init(_ program: CheckedProgram) { self.program = program }

    init(of block: CheckedBlock, in program: CheckedProgram) {
        self.init(program)
        _ = look(block)
        locals = closed(locals, bindings, 0)
    }

    /// The locals on which the value of an expression depends.
    static func locals(of expression: CheckedExpression, in program: CheckedProgram) -> Set<Int> {
        var uses = DecidingUses(program)
        var found: Set<Int> = []
        uses.read(expression, &found, 0)
        return found
    }

    /// Locals, and those that they are made of.
    private mutating func closed(
        _ wanted: Set<Int>, _ bindings: [(local: Int, value: CheckedExpression)], _ steps: Int
    ) -> Set<Int> {
        var found = wanted
        for (local, value) in bindings.reversed() where found.contains(local) { read(value, &found, steps) }
        return found
    }

    // MARK: Statements

    private mutating func use(_ expressions: CheckedExpression...) {
        var found = locals
        for one in expressions { read(one, &found, 0) }
        locals = found
    }

    /// Looks at a block; gives whether it does anything.
    private mutating func look(_ block: CheckedBlock) -> Bool {
        var acts = false
        for statement in block.statements where look(statement) { acts = true }
        return acts
    }

    private mutating func look(_ statement: CheckedStatement) -> Bool {
        switch statement.kind {
        case .binding(let local, let value):
            bindings.append((local, value))
            return false
        case .choose(let condition, let then, let otherwise):
            let first = look(then)
            let second = look(otherwise)
            if first || second { use(condition) }
            return first || second
        case .match(let value, let arms):
            var acts = false
            for arm in arms where look(arm.body) { acts = true }
            if acts { use(value) }
            return acts
        case .each(let local, let list, let body):
            bindings.append((local, list))
            let acts = look(body)
            if acts { use(list) }
            return acts
        default:
            act(statement.kind)
            return true
        }
    }

    private mutating func act(_ kind: CheckedStatement.Kind) {
        switch kind {
        case .bindingOrRefuse(_, let value, _), .require(let value, _), .setField(_, let value),
            .addToField(_, let value), .removeFromField(_, let value), .reserve(_, let value, _),
            .transfer(_, let value, _), .notifyParty(let value, _):
            use(value)
        case .setEntry(_, let key, let value), .addToEntry(_, let key, let value), .pay(_, let key, let value):
            use(key, value)
        case .setRow(_, let keys, _, let value), .addToRow(_, let keys, _, let value):
            use(value)
            for key in keys { use(key) }
        case .release(_, let amount): if let amount { use(amount) }
        case .run(let checks, let operands):
            let wanted = parameters(ofChecks: checks)
            for (slot, operand) in operands.enumerated() where wanted.contains(slot) { use(operand) }
        case .binding, .choose, .match, .each, .refuse, .become, .notifyRole: break
        }
    }

    // MARK: Expressions

    private mutating func read(_ expression: CheckedExpression, _ found: inout Set<Int>, _ steps: Int) {
        switch expression.kind {
        case .local(let slot): found.insert(slot)
        case .call(let index, let operands):
            let wanted = parameters(ofFunction: index, steps + 1)
            for (slot, operand) in operands.enumerated() where wanted?.contains(slot) ?? true {
                read(operand, &found, steps)
            }
        case .table(let index, let operands, let date):
            let wanted = inputs(ofTable: index, steps + 1)
            for (slot, operand) in operands.enumerated() where wanted?.contains(slot) ?? true {
                read(operand, &found, steps)
            }
            if let date { read(date, &found, steps) }
        default: for operand in expression.operands { read(operand, &found, steps) }
        }
    }

    /// The parameters on which a function depends; nil, for any, where it is not known or too far away.
    private mutating func parameters(ofFunction index: Int, _ steps: Int) -> Set<Int>? {
        if let known = functions[index] { return known }
        guard program.functions.indices.contains(index), steps <= Limits.callDepth else { return nil }
        // One that calls itself has been reported.
        functions[index] = []
        let function = program.functions[index]
        var found: Set<Int> = []
        read(function.value, &found, steps)
        found = closed(found, function.bindings, steps)
        functions[index] = found
        return found
    }

    private mutating func inputs(ofTable index: Int, _ steps: Int) -> Set<Int>? {
        if let known = tables[index] { return known }
        guard program.tables.indices.contains(index) else { return nil }
        var found: Set<Int> = []
        for row in program.tables[index].sections.flatMap(\.rows) {
            for (slot, cell) in row.cells.enumerated() where cell != .any { found.insert(slot) }
            for output in row.outputs { read(output.expression, &found, steps) }
        }
        tables[index] = found
        return found
    }

    /// The parameters on which it depends what a group of checks finds.
    private mutating func parameters(ofChecks index: Int) -> Set<Int> {
        var found: Set<Int> = []
        var bindings: [(local: Int, value: CheckedExpression)] = []
        look(program.checks[index].items, &found, &bindings)
        return closed(found, bindings, 0)
    }

    private mutating func look(
        _ items: [CheckedItem], _ found: inout Set<Int>, _ bindings: inout [(local: Int, value: CheckedExpression)]
    ) {
        for item in items {
            switch item {
            case .check(let check): read(check.condition.expression, &found, 0)
            case .binding(let local, let value): bindings.append((local, value.expression))
            case .each(let local, let list, let inner, _):
                bindings.append((local, list.expression))
                read(list.expression, &found, 0)
                look(inner, &found, &bindings)
            }
        }
    }
}
