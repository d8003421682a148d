public import RemitLanguage
import RemitValues

/// What a transition can cost at most.
public struct WorstCase: Sendable {
    /// What begins the transition.
    public enum Kind: String, Sendable {
        case action, vote, deadline, migration
    }

    public let kind: Kind
    /// The action, `approve` or `decline` with the approval, what falls due, or the version that cases come from.
    public let name: String
    /// The greatest number of steps, by the declared bounds; nil where it passes 64 bits.
    public let cost: UInt64?
}

/// What each action, vote, deadline and migration can cost at most, in order of writing within each kind.
///
/// Each covers entry into the states that it may lead to, and all invariants. Working days are counted by the calendar
/// as the contract has it.
public func worstCaseCosts(_ program: CheckedProgram) -> [WorstCase] {
    var analysis = CostAnalysis(program)
    var found: [WorstCase] = []
    func add(_ kind: WorstCase.Kind, _ name: String, _ cost: UInt64) {
        found.append(WorstCase(kind: kind, name: name, cost: cost == .max ? nil : cost))
    }
    for action in program.actions { add(.action, action.name, analysis.cost(action)) }
    for approval in program.approvals {
        add(.vote, "approve \(approval.name)", analysis.cost(approval, isDecline: false))
        add(.vote, "decline \(approval.name)", analysis.cost(approval, isDecline: true))
    }
    for timer in program.timers {
        switch timer {
        case .deadline(let index):
            add(.deadline, program.deadlines[index].name, analysis.cost(program.deadlines[index].body.block))
        case .overdue(let index):
            let approval = program.approvals[index]
            add(.deadline, "\(approval.name) overdue", analysis.cost(approval.overdue.block))
        }
    }
    for migration in program.migrations {
        add(.migration, "migrate from \(migration.from)", analysis.cost(migration))
    }
    return found
}

/// Adds up steps along the dearest path; sums stay at the greatest number instead of passing it.
struct CostAnalysis {
    let program: CheckedProgram
    private var functions: [Int: UInt64] = [:]
    /// What settling a transition costs at most, once it was worked out.
    private var settling: UInt64?

    init(_ program: CheckedProgram) { self.program = program }

    mutating func cost(_ action: ActionDeclaration) -> UInt64 {
        var total = plus(action.headCost, all(action.except))
        // Each case of another contract that the form names is looked for.
        for type in action.enters.map({ program.caseFields[$0].type }) + action.parameters.map(\.type) {
            total = plus(total, times(Cost.otherCase, references(type)))
        }
        return plus(total, cost(action.body))
    }

    /// A vote: who votes is looked at, in their own name and in those of all whom they stand in for.
    mutating func cost(_ approval: ApprovalDeclaration, isDecline: Bool) -> UInt64 {
        let needs = bounds(of: approval.needs.expression)
        let declines = approval.declinedBy.map { bounds(of: $0.expression) }
        let asked = isDecline ? declines ?? needs : needs
        let votes = max(0, needs.seats - 1) + max(0, (declines?.seats ?? 1) - 1) + 1
        let looks = (1 + Limits.delegations) * asked.claims
        // Each vote may count for whoever gave it, and for all whom that one stands in for.
        let further = asked.seats * votes * Limits.delegations
        let elements = Cost.elements(Limits.quorumSeats * votes + further)
        let total = plus(Cost.vote + elements, times(Cost.lookup, UInt64(looks)))
        return plus(total, cost((isDecline ? approval.declined : approval.granted).block))
    }

    mutating func cost(_ migration: MigrationDeclaration) -> UInt64 {
        let condition = migration.condition.map { priced($0) } ?? 0
        return plus(condition, cost(migration.body.block))
    }

    /// A block with all that follows it: entry into a state, keys, and the invariants.
    mutating func cost(_ body: CheckedBlock) -> UInt64 {
        var total = plus(block(body), settled())
        let written = writes(body)
        for register in program.registers {
            for invariant in register.invariants {
                // A row is judged for each time that it may be written.
                total = plus(total, times(priced(invariant.condition), written))
            }
        }
        return total
    }

    /// What settling a transition costs at most: the block of the new state, its deadlines and rounds, keys, funds and
    /// invariants.
    private mutating func settled() -> UInt64 {
        if let settling { return settling }
        var total: UInt64 = 0
        var written: UInt64 = 0
        for declaration in program.entering {
            total = max(total, block(declaration.body))
            written = max(written, writes(declaration.body))
        }
        for deadline in program.deadlines {
            total = plus(total, plus(dueTime(), priced(deadline.term)))
        }
        for approval in program.approvals { total = plus(total, opening(approval)) }
        total = plus(total, times(Cost.lookup, UInt64(program.uniqueKeys.count)))
        total = plus(total, times(Cost.posting, UInt64(program.funds.count)))
        for invariant in program.invariants { total = plus(total, priced(invariant.condition)) }
        for register in program.registers {
            for invariant in register.invariants { total = plus(total, times(priced(invariant.condition), written)) }
        }
        settling = total
        return total
    }

    /// Opening a round: its head, and a look at those who could sign.
    private mutating func opening(_ approval: ApprovalDeclaration) -> UInt64 {
        var total = plus(approval.openingCost, all(approval.except))
        for part in [approval.needs, approval.within] + (approval.declinedBy.map { [$0] } ?? []) {
            total = plus(total, priced(part))
        }
        let needs = bounds(of: approval.needs.expression)
        var excluded: UInt64 = 0
        for expression in approval.except { excluded = plus(excluded, max(1, bound(expression.type))) }
        let looks = times(UInt64(needs.claims), plus(UInt64(needs.seats), excluded))
        return plus(total, plus(looks, dueTime()))
    }

    /// The most seats of the quorums that an expression may come to, and the most roles that they name.
    private func bounds(of expression: CheckedExpression) -> (seats: Int, claims: Int) {
        switch expression.kind {
        case .constant(let value):
            guard let quorum = Quorum(value) else { return unknownBounds }
            return (quorum.seats.count, Set(quorum.groups.flatMap(\.roles)).count)
        case .quorum(let groups):
            return (groups.reduce(0) { $0 + $1.count }, groups.reduce(0) { $0 + $1.roles.count })
        case .choose(_, let then, let otherwise):
            let (first, second) = (bounds(of: then.expression), bounds(of: otherwise.expression))
            return (max(first.seats, second.seats), max(first.claims, second.claims))
        default: return unknownBounds
        }
    }

    /// What any quorum keeps to.
    private var unknownBounds: (seats: Int, claims: Int) {
        (Limits.quorumSeats, program.roles.count * (2 + Limits.quorumSeats))
    }

    /// Working time costs a step for each day; a calendar cannot be longer than its limit.
    private func dueTime() -> UInt64 {
        let days = program.calendar.map { calendar in
            calendar.periods.reduce(0) { $0 + Int($1.until.dayNumber) - Int($1.from.dayNumber) }
        }
        return plus(Cost.dueTime, UInt64(max(0, days ?? 0)))
    }

    private func plus(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    private func times(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? .max : product
    }

    private mutating func priced(_ part: Priced) -> UInt64 { plus(part.cost, extra(part.expression)) }

    /// How many rows a block may write at most.
    private func writes(_ block: CheckedBlock) -> UInt64 {
        var total: UInt64 = 0
        for statement in block.statements {
            switch statement.kind {
            case .setRow, .addToRow: total = plus(total, 1)
            case .choose(_, let then, let otherwise): total = plus(total, max(writes(then), writes(otherwise)))
            case .match(_, let arms): total = plus(total, arms.map { writes($0.body) }.max() ?? 0)
            case .each(_, let list, let body): total = plus(total, times(bound(list.type), writes(body)))
            default: break
            }
        }
        return total
    }

    private func bound(_ type: ValueType) -> UInt64 {
        switch type {
        case .list(_, let bound), .set(_, let bound), .map(_, _, let bound): UInt64(max(0, bound))
        case .text(let bound): Cost.text(4 * bound)
        case .optional(let inner): bound(inner)
        default: 0
        }
    }

    /// The steps of going through or comparing a value once.
    private func weight(_ type: ValueType) -> UInt64 {
        switch type {
        case .list(let element, let bound), .set(let element, let bound):
            times(UInt64(max(0, bound)), plus(1, weight(element)))
        case .map(let key, let element, let bound):
            times(UInt64(max(0, bound)), plus(1, plus(weight(key), weight(element))))
        case .entry(let key, let element): plus(2, plus(weight(key), weight(element)))
        case .text(let bound): Cost.text(4 * bound)
        case .record(let index): program.records[index].fields.reduce(0) { plus($0, plus(1, weight($1.type))) }
        // A list of groups, each a record of a number and a list of roles, none of which stands there twice.
        case .quorum: times(UInt64(Limits.quorumSeats), UInt64(3 + program.roles.count))
        case .optional(let inner): weight(inner)
        default: 0
        }
    }

    private func isMap(_ type: ValueType) -> Bool { if case .map = type { true } else { false } }

    /// The steps of finding a key in a map.
    private func search(_ bound: UInt64, _ key: ValueType) -> UInt64 {
        times(Cost.halvings(Int(clamping: bound)), plus(1, weight(key)))
    }

    /// How many cases of other contracts a value of a type names at most.
    private func references(_ type: ValueType) -> UInt64 {
        switch type {
        case .caseOf: 1
        case .optional(let inner): references(inner)
        case .list(let element, let bound), .set(let element, let bound):
            times(UInt64(max(0, bound)), references(element))
        case .map(let key, let element, let bound):
            times(UInt64(max(0, bound)), plus(references(key), references(element)))
        case .record(let index): program.records[index].fields.reduce(0) { plus($0, references($1.type)) }
        default: 0
        }
    }

    private mutating func block(_ block: CheckedBlock) -> UInt64 {
        var total = block.cost
        for statement in block.statements { total = plus(total, statementExtra(statement)) }
        return total
    }

    private mutating func statementExtra(_ statement: CheckedStatement) -> UInt64 {
        switch statement.kind {
        case .binding(_, let value), .bindingOrRefuse(_, let value, _), .require(let value, _),
            .setField(_, let value):
            return plus(extra(value), weight(value.type))
        case .removeFromField(let field, let value):
            let bound = bound(program.caseFields[field].type)
            return plus(plus(extra(value), weight(value.type)), plus(bound, search(bound, value.type)))
        case .addToField(let field, let value):
            let bound = bound(program.caseFields[field].type)
            let place = plus(weight(program.caseFields[field].type), search(bound, value.type))
            return plus(plus(extra(value), weight(value.type)), place)
        case .setEntry(let field, let key, let value), .addToEntry(let field, let key, let value):
            let bound = bound(program.caseFields[field].type)
            return plus(all([key, value]), plus(bound, search(bound, key.type)))
        case .setRow(_, let keys, _, let value):
            return plus(all(keys), plus(extra(value), weight(value.type)))
        case .addToRow(let register, let keys, let field, let value):
            let type = program.records[program.registers[register].row].fields[field].type
            return plus(all(keys), plus(plus(extra(value), weight(value.type)), weight(type)))
        case .choose(let condition, let then, let otherwise):
            return plus(extra(condition), max(block(then), block(otherwise)))
        case .match(let value, let arms):
            var dearest: UInt64 = 0
            for arm in arms { dearest = max(dearest, block(arm.body)) }
            return plus(extra(value), dearest)
        case .each(_, let list, let body):
            return plus(extra(list), times(bound(list.type), plus(1, block(body))))
        case .run(let index, let operands):
            var total = all(operands)
            for item in program.checks[index].items { total = plus(total, self.item(item)) }
            return total
        case .notifyRole(_, let text): return textExtra(text)
        case .notifyParty(let party, let text): return plus(extra(party), textExtra(text))
        case .reserve(_, let amount, _), .transfer(_, let amount, _): return extra(amount)
        case .release(_, let amount): return amount.map { [$0] }.map { all($0) } ?? 0
        case .pay(_, let amount, let payee): return all([amount, payee])
        case .refuse, .become: return 0
        }
    }

    private mutating func textExtra(_ text: CheckedText) -> UInt64 {
        var total: UInt64 = 0
        for case .value(let value) in text.parts { total = plus(total, extra(value)) }
        return total
    }

    private mutating func item(_ item: CheckedItem) -> UInt64 {
        switch item {
        case .check(let check): return priced(check.condition)
        case .binding(_, let value): return priced(value)
        case .each(_, let list, let items, _):
            var body: UInt64 = 1
            for item in items { body = plus(body, self.item(item)) }
            return plus(priced(list), times(bound(list.expression.type), body))
        }
    }

    private mutating func all(_ expressions: [CheckedExpression]) -> UInt64 {
        var total: UInt64 = 0
        for expression in expressions { total = plus(total, plus(extra(expression), weight(expression.type))) }
        return total
    }

    /// The steps of values that are handed over as they are, and neither compared nor gone through.
    private mutating func handed(_ expressions: [CheckedExpression]) -> UInt64 {
        var total: UInt64 = 0
        for expression in expressions { total = plus(total, extra(expression)) }
        return total
    }

    /// What an expression may cost beyond the part of it that always runs.
    private mutating func extra(_ expression: CheckedExpression) -> UInt64 {
        switch expression.kind {
        case .constant, .local, .caseField, .actor, .organisationOfActor, .now, .today, .state, .verdict, .outcome,
            .signers, .available:
            return 0
        case .field(let base, _), .wrapped(let base), .isPresent(let base), .isEmpty(let base), .negated(let base),
            .widened(let base), .not(let base), .rounded(let base, _, _), .revealed(let base):
            return extra(base)
        case .map(let entries): return all(entries.flatMap { [$0.key, $0.value] })
        case .mapEntry(let map, let key): return plus(handed([map, key]), search(bound(map.type), key.type))
        case .otherField(let base, _, _), .otherState(let base, _): return extra(base)
        case .isIn(let value, let list) where isMap(list.type):
            return plus(handed([value, list]), search(bound(list.type), value.type))
        case .matches(let base, let pattern):
            return plus(extra(base), times(weight(base.type), UInt64(pattern.written.utf8.count + 1)))
        case .passing(let base, _): return plus(extra(base), bound(base.type))
        case .anyTwoShare(let base, _):
            return plus(extra(base), bound(base.type))
        case .otherwise(let left, let right), .and(let left, let right), .or(let left, let right),
            .implies(let left, let right):
            return plus(extra(left), priced(right))
        case .choose(let condition, let then, let otherwise):
            return plus(extra(condition), max(priced(then), priced(otherwise)))
        case .arithmetic(_, let left, let right), .quotient(let left, let right, _, _),
            .comparison(_, let left, let right), .isIn(let left, let right):
            return all([left, right])
        case .within(let value, let lower, let upper): return all([value, lower, upper])
        case .builtin(.split, let operands): return plus(all(operands), bound(expression.type))
        case .lookup(_, let operands), .record(_, let operands), .list(let operands), .set(let operands),
            .builtin(_, let operands):
            return handed(operands)
        case .isOneOf(let value, let operands): return all([value] + operands)
        case .quorum(let groups): return all(groups.flatMap(\.organisations))
        case .call(let function, let operands):
            return plus(handed(operands), body(function))
        case .table(let index, let operands, let date):
            return plus(plus(all(operands), date.map { [$0] }.map { all($0) } ?? 0), rows(index))
        case .parameter(_, let date): return date.map { [$0] }.map { all($0) } ?? 0
        case .aggregate(let aggregate):
            var element: UInt64 = 1
            if let condition = aggregate.condition { element = plus(element, priced(condition)) }
            if let value = aggregate.value { element = plus(element, priced(value)) }
            return plus(extra(aggregate.source), times(bound(aggregate.source.type), element))
        }
    }

    private mutating func body(_ index: Int) -> UInt64 {
        if let known = functions[index] { return known }
        let function = program.functions[index]
        var total = plus(function.cost, extra(function.value))
        for binding in function.bindings { total = plus(total, extra(binding.value)) }
        functions[index] = total
        return total
    }

    private mutating func rows(_ index: Int) -> UInt64 {
        var dearest: UInt64 = 0
        let table = program.tables[index]
        let cells = table.inputs.reduce(UInt64(0)) { plus($0, weight($1.type)) }
        for section in table.sections {
            var total = times(UInt64(section.rows.count), plus(Cost.tableRow, cells))
            var outputs: UInt64 = 0
            for row in section.rows {
                var sum: UInt64 = 0
                for output in row.outputs { sum = plus(sum, priced(output)) }
                outputs = table.policy == .collect ? plus(outputs, sum) : max(outputs, sum)
            }
            total = plus(total, outputs)
            dearest = max(dearest, total)
        }
        return dearest
    }
}
