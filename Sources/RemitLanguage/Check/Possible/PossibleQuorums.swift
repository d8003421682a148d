import RemitValues

/// The quorums that an expression may come to: through tables, parameters, functions and the fields of the case.
struct PossibleQuorums {
    /// Those that the contract writes out.
    private(set) var found: [Quorum] = []
    /// Where a quorum comes from that the contract does not write out, in words; nil where it writes out all.
    private(set) var unknown: String?

    /// What the locals of a body may hold, each in the body where it was written.
    private final class Body {
        var bound: [Int: [(value: CheckedExpression, body: Body)]] = [:]
        /// Locals that were followed, so that none is followed twice.
        var followed: Set<Int> = []
    }

    private let program: CheckedProgram
    /// Every body that was opened.
    private var bodies: [Body] = []
    private var fields: Set<Int> = []
    /// The functions that are being followed: one with a mistake may call itself.
    private var calls: Set<Int> = []
    /// How many more expressions are followed.
    private var left = Limits.quorumSources

    init(of expression: CheckedExpression, in program: CheckedProgram) {
        self.program = program
        add(expression, open())
        // A body holds values that stand in it, and so itself.
        for body in bodies { body.bound = [:] }
        bodies = []
    }

    private mutating func open() -> Body {
        let body = Body()
        bodies.append(body)
        return body
    }

    private mutating func add(_ expression: CheckedExpression, _ body: Body) {
        // Where a mistake was reported nothing is known, and nothing is to be said.
        guard expression.type != .unknown else { return }
        guard left > 0 else { return note("more rules than are followed") }
        left -= 1
        switch expression.kind {
        case .constant(let value): if let quorum = Quorum(value) { found.append(quorum) }
        case .quorum(let groups): found.append(Checker.settled(groups))
        case .parameter(let index, _) where index < program.parameters.count:
            found += program.parameters[index].values.compactMap { Quorum($0.value) }
        case .table(let index, _, _) where index < program.tables.count: add(column: 0, ofTable: index)
        case .field(let base, let position): add(field: position, of: base, body)
        case .choose(_, let then, let otherwise):
            add(then.expression, body)
            add(otherwise.expression, body)
        case .otherwise(let value, let other):
            add(value, body)
            add(other.expression, body)
        case .wrapped(let inner), .revealed(let inner): add(inner, body)
        case .call(let index, let operands): enter(index, operands, body) { $0.add($1, $2) }
        case .local(let slot): follow(slot, body) { $0.add($1, $2) }
        case .caseField(let index): add(caseField: index)
        case .lookup(let register, _): note("a row of `\(program.registers[register].name)`")
        default: note("what is worked out when the round opens")
        }
    }

    private mutating func note(_ source: String) { unknown = unknown ?? source }

    private mutating func add(column: Int, ofTable table: Int) {
        for row in program.tables[table].sections.flatMap(\.rows) where row.outputs.indices.contains(column) {
            add(row.outputs[column].expression, open())
        }
    }

    /// A part of a value: of the row of a table, of a record, of a row of a register.
    private mutating func add(field position: Int, of base: CheckedExpression, _ body: Body) {
        guard left > 0 else { return note("more rules than are followed") }
        left -= 1
        switch base.kind {
        case .table(let index, _, _) where index < program.tables.count: add(column: position, ofTable: index)
        case .record(_, let parts) where parts.indices.contains(position): add(parts[position], body)
        case .wrapped(let inner), .revealed(let inner): add(field: position, of: inner, body)
        case .choose(_, let then, let otherwise):
            add(field: position, of: then.expression, body)
            add(field: position, of: otherwise.expression, body)
        case .call(let index, let operands):
            enter(index, operands, body) { $0.add(field: position, of: $1, $2) }
        case .local(let slot): follow(slot, body) { $0.add(field: position, of: $1, $2) }
        default: add(base, body)
        }
    }

    private mutating func enter(
        _ function: Int, _ operands: [CheckedExpression], _ body: Body,
        _ next: (inout PossibleQuorums, CheckedExpression, Body) -> Void
    ) {
        guard function < program.functions.count, calls.insert(function).inserted else { return }
        let declared = program.functions[function]
        let inner = open()
        for (slot, operand) in operands.enumerated() { inner.bound[slot] = [(operand, body)] }
        for binding in declared.bindings { inner.bound[binding.local, default: []].append((binding.value, inner)) }
        next(&self, declared.value, inner)
        calls.remove(function)
    }

    private mutating func follow(
        _ slot: Int, _ body: Body, _ next: (inout PossibleQuorums, CheckedExpression, Body) -> Void
    ) {
        guard let values = body.bound[slot] else { return note("what somebody enters") }
        guard body.followed.insert(slot).inserted else { return }
        for (value, owner) in values { next(&self, value, owner) }
    }

    private mutating func add(caseField index: Int) {
        guard fields.insert(index).inserted else { return }
        let field = program.caseFields[index]
        if let starts = field.starts, let quorum = Quorum(starts) { found.append(quorum) }
        if let action = program.actions.first(where: { $0.enters.contains(index) }) {
            note("what somebody enters by `\(action.name)`")
        }
        for block in program.blocks {
            var values: [CheckedExpression] = []
            let body = open()
            block.forEachStatement { statement in
                switch statement.kind {
                case .setField(index, let value): values.append(value)
                case .binding(let local, let value), .bindingOrRefuse(let local, let value, _):
                    body.bound[local, default: []].append((value, body))
                default: break
                }
            }
            for value in values { add(value, body) }
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
