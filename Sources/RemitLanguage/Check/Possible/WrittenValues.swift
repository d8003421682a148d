import RemitValues

/// The values of one kind, such as quorums, that an expression may come to: through tables, parameters, functions and
/// the fields of the case.
struct WrittenValues<Found> {
    /// Those that the contract writes out.
    private(set) var found: [Found] = []
    /// Where a value comes from that the contract does not write out, in words; nil where it writes out all.
    private(set) var unknown: String?

    /// What the locals of a body may hold, each in the body where it was written.
    private final class Body {
        var bound: [Int: [(value: CheckedExpression, body: Body)]] = [:]
        /// Locals that were followed, each with the part of it that was asked for, so that none is followed twice.
        var followed: Set<[Int]> = []
        /// The functions that the body stands in: one with a mistake may call itself.
        let functions: Set<Int>

        init(in functions: Set<Int>) { self.functions = functions }
    }

    private let program: CheckedProgram
    /// What a value is as one of the kind; nil where it is of another.
    private let reading: (Value) -> Found?
    /// Every body that was opened.
    private var bodies: [Body] = []
    /// Fields of the case that were followed, each with the part of it that was asked for.
    private var fields: Set<[Int]> = []
    /// How many more expressions are followed.
    private var left = Limits.quorumSources

    init(of expression: CheckedExpression, in program: CheckedProgram, reading: @escaping (Value) -> Found?) {
        self.program = program
        self.reading = reading
        add(expression, open(in: []), [])
        // A body holds values that stand in it, and so itself.
        for body in bodies { body.bound = [:] }
        bodies = []
    }

    private mutating func open(in functions: Set<Int>) -> Body {
        let body = Body(in: functions)
        bodies.append(body)
        return body
    }

    /// Follows an expression, or the part of its value that lies at the end of a path of positions.
    private mutating func add(_ expression: CheckedExpression, _ body: Body, _ path: [Int]) {
        // Where a mistake was reported nothing is known, and nothing is to be said.
        guard expression.type != .unknown else { return }
        guard left > 0 else { return note("more rules than are followed") }
        left -= 1
        switch expression.kind {
        case .constant(let value): add(value, path)
        case .quorum(let groups): add(Checker.settled(groups).value, path)
        case .parameter(let index, _) where index < program.parameters.count:
            for (_, value) in program.parameters[index].values { add(value, path) }
        case .table(let index, let operands, _) where index < program.tables.count:
            add(table: index, operands, body, path)
        case .field(let base, let position): add(base, body, [position] + path)
        case .record(_, let parts):
            guard let first = path.first, parts.indices.contains(first) else { return noteWorkedOut() }
            add(parts[first], body, Array(path.dropFirst()))
        case .choose(_, let then, let otherwise):
            add(then.expression, body, path)
            add(otherwise.expression, body, path)
        case .otherwise(let value, let other):
            add(value, body, path)
            add(other.expression, body, path)
        case .wrapped(let inner), .revealed(let inner): add(inner, body, path)
        case .call(let index, let operands): enter(index, operands, body, path)
        case .local(let slot): follow(slot, body, path)
        case .caseField(let index): add(caseField: index, path)
        case .lookup(let register, _): note("a row of `\(program.registers[register].name)`")
        default: noteWorkedOut()
        }
    }

    private mutating func note(_ source: String) { unknown = unknown ?? source }

    private mutating func noteWorkedOut() { note("what is worked out then") }

    private mutating func add(_ value: Value, _ path: [Int]) {
        var part = value
        for position in path {
            guard case .record(let parts) = part, parts.indices.contains(position) else {
                if part != .absent { noteWorkedOut() }
                return
            }
            part = parts[position]
        }
        if let value = reading(part) { found.append(value) } else if part != .absent { noteWorkedOut() }
    }

    /// A table gives the value of its output, or a record of several.
    private mutating func add(table index: Int, _ operands: [CheckedExpression], _ body: Body, _ path: [Int]) {
        let table = program.tables[index]
        guard let column = table.outputs.count == 1 ? 0 : path.first else { return noteWorkedOut() }
        let rest = table.outputs.count == 1 ? path : Array(path.dropFirst())
        for row in table.sections.flatMap(\.rows) where row.outputs.indices.contains(column) {
            let inner = open(in: body.functions)
            for (slot, operand) in operands.enumerated() { inner.bound[slot] = [(operand, body)] }
            add(row.outputs[column].expression, inner, rest)
        }
    }

    private mutating func enter(_ function: Int, _ operands: [CheckedExpression], _ body: Body, _ path: [Int]) {
        guard function < program.functions.count, !body.functions.contains(function) else { return }
        let declared = program.functions[function]
        let inner = open(in: body.functions.union([function]))
        for (slot, operand) in operands.enumerated() { inner.bound[slot] = [(operand, body)] }
        for binding in declared.bindings { inner.bound[binding.local, default: []].append((binding.value, inner)) }
        add(declared.value, inner, path)
    }

    private mutating func follow(_ slot: Int, _ body: Body, _ path: [Int]) {
        guard let values = body.bound[slot] else { return note("what somebody enters") }
        guard body.followed.insert([slot] + path).inserted else { return }
        for (value, owner) in values { add(value, owner, path) }
    }

    private mutating func add(caseField index: Int, _ path: [Int]) {
        guard fields.insert([index] + path).inserted else { return }
        let field = program.caseFields[index]
        if let starts = field.starts { add(starts, path) }
        if let action = program.actions.first(where: { $0.enters.contains(index) }) {
            note("what somebody enters by `\(action.name)`")
        }
        for block in program.blocks {
            var values: [CheckedExpression] = []
            let body = open(in: [])
            block.forEachStatement { statement in
                switch statement.kind {
                case .setField(index, let value): values.append(value)
                case .binding(let local, let value), .bindingOrRefuse(let local, let value, _):
                    body.bound[local, default: []].append((value, body))
                default: break
                }
            }
            for value in values { add(value, body, path) }
        }
    }
}

extension CheckedProgram {
    /// Every body that changes a case: of actions, rounds, deadlines, entries and migrations.
    var blocks: [CheckedBlock] {
        actions.map(\.body) + approvals.flatMap { [$0.granted.block, $0.declined.block, $0.overdue.block] }
            + deadlines.map(\.body.block) + entering.map(\.body) + migrations.map(\.body.block)
    }

    /// What the bodies set a field of the case to, in order of writing.
    func values(setTo field: Int) -> [CheckedExpression] {
        var values: [CheckedExpression] = []
        for block in blocks {
            block.forEachStatement { if case .setField(field, let value) = $0.kind { values.append(value) } }
        }
        return values
    }

    /// Whether a field of the case keeps what the form that opens the case enters.
    func isKept(_ field: Int) -> Bool {
        values(setTo: field).isEmpty && !actions.contains { $0.opens.isEmpty && $0.enters.contains(field) }
    }
}

extension CheckedBlock {
    /// Goes through all statements, those of branches, arms and loops after the one that holds them.
    func forEachStatement(_ body: (CheckedStatement) -> Void) {
        for statement in statements {
            body(statement)
            switch statement.kind {
            case .choose(_, let then, let otherwise):
                then.forEachStatement(body)
                otherwise.forEachStatement(body)
            case .match(_, let arms): for arm in arms { arm.body.forEachStatement(body) }
            case .each(_, _, let block): block.forEachStatement(body)
            default: break
            }
        }
    }
}
