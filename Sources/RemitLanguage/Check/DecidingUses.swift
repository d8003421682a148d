import RemitValues

/// The locals of a body, and the parts of them, by which something is decided or kept.
///
/// What stands in a condition decides, if something hangs on it; what is written, paid, moved, checked by a group of
/// checks, or says who is told, is kept. A `let` hands this on to what it is made of. What is only shown in a text does
/// neither.
struct DecidingUses {
    /// Parts by local, each at the end of a path of positions.
    private typealias Parts = [Int: Set<[Int]>]

    /// What a local stands for; of a loop, any member of a list.
    private typealias Binding = (local: Int, value: CheckedExpression, isMember: Bool)

    /// A function (index) or table, and the part of its value that is asked for.
    private struct Asked: Hashable {
        let index: Int
        let path: [Int]
    }

    private var parts: Parts = [:]
    private let program: CheckedProgram
    /// In order of writing: each reads those before it.
    private var bindings: [Binding] = []
    /// The parts of parameters on which the value of a function depends.
    private var functions: [Asked: Parts] = [:]
    /// The parts of inputs on which a table depends.
    private var tables: [Int: Parts] = [:]

    private init(_ program: CheckedProgram) { self.program = program }

    init(of block: CheckedBlock, in program: CheckedProgram) {
        self.init(program)
        _ = look(block)
        parts = closed(parts, bindings, 0)
    }

    /// The locals on which the value of an expression depends.
    static func locals(of expression: CheckedExpression, in program: CheckedProgram) -> Set<Int> {
        var uses = DecidingUses(program)
        var found: Parts = [:]
        uses.read(expression, [], &found, 0)
        return Set(found.keys)
    }

    /// The locals that are used, as a whole or in part.
    var locals: Set<Int> { Set(parts.keys) }

    /// Whether a part of a local is used, itself, in part, or with what it is a part of.
    func holds(_ local: Int, at path: [Int]) -> Bool {
        parts[local]?.contains { $0.starts(with: path) || path.starts(with: $0) } ?? false
    }

    /// Parts, and those that they are made of.
    private mutating func closed(_ wanted: Parts, _ bindings: [Binding], _ steps: Int) -> Parts {
        var found = wanted
        for binding in bindings.reversed() {
            for path in found[binding.local] ?? [] { read(binding.value, binding.isMember ? [] : path, &found, steps) }
        }
        return found
    }

    // MARK: Statements

    private mutating func use(_ expressions: CheckedExpression...) {
        var found = parts
        for one in expressions { read(one, [], &found, 0) }
        parts = found
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
            bindings.append((local, value, false))
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
            bindings.append((local, list, true))
            let acts = look(body)
            if acts { use(list) }
            return acts
        case .bindingOrRefuse(let local, let value, _):
            bindings.append((local, value, false))
            use(value)
            return true
        default:
            act(statement.kind)
            return true
        }
    }

    private mutating func act(_ kind: CheckedStatement.Kind) {
        switch kind {
        case .require(let value, _), .setField(_, let value), .addToField(_, let value),
            .removeFromField(_, let value), .reserve(_, let value, _), .transfer(_, let value, _),
            .notifyParty(let value, _):
            use(value)
        case .setEntry(_, let key, let value), .addToEntry(_, let key, let value), .pay(_, let key, let value):
            use(key, value)
        case .setRow(_, let keys, _, let value), .addToRow(_, let keys, _, let value):
            use(value)
            for key in keys { use(key) }
        case .release(_, let amount): if let amount { use(amount) }
        case .run(let checks, let operands):
            var found = parts
            hand(operands, parameters(ofChecks: checks), &found, 0)
            parts = found
        case .binding, .bindingOrRefuse, .choose, .match, .each, .refuse, .become, .notifyRole: break
        }
    }

    // MARK: Expressions

    /// Notes on which parts of locals an expression depends, or the part of its value at the end of a path.
    private mutating func read(
        _ expression: CheckedExpression, _ path: [Int], _ found: inout Parts, _ steps: Int
    ) {
        switch expression.kind {
        case .local(let slot): found[slot, default: []].insert(path)
        case .field(let base, let position): read(base, [position] + path, &found, steps)
        case .record(_, let fields):
            if let first = path.first, fields.indices.contains(first) {
                read(fields[first], Array(path.dropFirst()), &found, steps)
            } else {
                for field in fields { read(field, [], &found, steps) }
            }
        case .wrapped(let inner), .revealed(let inner), .widened(let inner): read(inner, path, &found, steps)
        case .otherwise(let value, let other):
            read(value, path, &found, steps)
            read(other.expression, path, &found, steps)
        case .choose(let condition, let then, let otherwise):
            read(condition, [], &found, steps)
            read(then.expression, path, &found, steps)
            read(otherwise.expression, path, &found, steps)
        case .call(let index, let operands):
            hand(operands, parameters(ofFunction: index, path, steps + 1), &found, steps)
        case .table(let index, let operands, let date):
            hand(operands, inputs(ofTable: index, steps + 1), &found, steps)
            if let date { read(date, [], &found, steps) }
        default: for operand in expression.operands { read(operand, [], &found, steps) }
        }
    }

    /// Notes the parts of operands that are wanted of them; nil: all.
    private mutating func hand(
        _ operands: [CheckedExpression], _ wanted: Parts?, _ found: inout Parts, _ steps: Int
    ) {
        for (slot, operand) in operands.enumerated() {
            for path in wanted.map({ $0[slot] ?? [] }) ?? [[]] { read(operand, path, &found, steps) }
        }
    }

    /// The parts of parameters on which a part of a function's value depends; nil where it is too far away to tell.
    private mutating func parameters(ofFunction index: Int, _ path: [Int], _ steps: Int) -> Parts? {
        let asked = Asked(index: index, path: path)
        if let known = functions[asked] { return known }
        guard program.functions.indices.contains(index), steps <= Limits.callDepth else { return nil }
        // One that calls itself has been reported.
        functions[asked] = [:]
        let function = program.functions[index]
        var found: Parts = [:]
        read(function.value, path, &found, steps)
        found = closed(found, function.bindings.map { ($0.local, $0.value, false) }, steps)
        functions[asked] = found
        return found
    }

    private mutating func inputs(ofTable index: Int, _ steps: Int) -> Parts? {
        if let known = tables[index] { return known }
        guard program.tables.indices.contains(index) else { return nil }
        var found: Parts = [:]
        for row in program.tables[index].sections.flatMap(\.rows) {
            for (slot, cell) in row.cells.enumerated() where cell != .any { found[slot, default: []].insert([]) }
            for output in row.outputs { read(output.expression, [], &found, steps) }
        }
        tables[index] = found
        return found
    }

    /// The parts of parameters on which it depends what a group of checks finds.
    private mutating func parameters(ofChecks index: Int) -> Parts {
        var found: Parts = [:]
        var bindings: [Binding] = []
        look(program.checks[index].items, &found, &bindings)
        return closed(found, bindings, 0)
    }

    private mutating func look(_ items: [CheckedItem], _ found: inout Parts, _ bindings: inout [Binding]) {
        for item in items {
            switch item {
            case .check(let check): read(check.condition.expression, [], &found, 0)
            case .binding(let local, let value): bindings.append((local, value.expression, false))
            case .each(let local, let list, let inner, _):
                bindings.append((local, list.expression, true))
                read(list.expression, [], &found, 0)
                look(inner, &found, &bindings)
            }
        }
    }
}
