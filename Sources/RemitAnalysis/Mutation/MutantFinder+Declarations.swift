import RemitLanguage
import RemitValues

extension MutantFinder {
    mutating func visit(_ declaration: Declaration) {
        switch declaration.kind {
        case .parameter(let syntax):
            owner = "parameter \(syntax.name.text)"
            for (period, value) in syntax.values {
                if let from = period.from { visit(from) }
                if let until = period.until { visit(until) }
                visit(value)
            }
        case .table(let syntax):
            owner = "table \(syntax.name.text)"
            for section in syntax.sections { visit(section) }
        case .caseFields(let syntax):
            owner = "case"
            for field in syntax.fields { if let starts = field.starts { visit(starts) } }
        case .register(let syntax):
            owner = "register \(syntax.name.text)"
            for field in syntax.fields { if let starts = field.starts { visit(starts) } }
            for invariant in syntax.invariants { visit(invariant) }
        case .unique(let syntax):
            owner = "unique by \(syntax.fields.map(\.text).joined(separator: ", "))"
            drop(declaration.span)
            if syntax.fields.count > 1 { dropEach(syntax.fields.map(\.span), after: "by") }
            dropEach(syntax.except.map(\.span), after: "except")
        case .checks(let syntax):
            owner = "checks \(syntax.name.text)"
            for item in syntax.items { visit(item) }
        case .function(let syntax):
            owner = "function \(syntax.name.text)"
            for binding in syntax.bindings { visit(binding.value) }
            visit(syntax.value)
        case .action(let syntax): visit(syntax)
        case .approval(let syntax): visit(syntax)
        case .deadline(let syntax):
            owner = "deadline in \(syntax.states.map(\.text).joined(separator: ", "))"
            note([(declaration.span, "")], "without it")
            visit(syntax.term)
            if syntax.states.count > 1 { dropEach(syntax.states.map(\.span), after: "in") }
            visit(syntax.body)
        case .entering(let state, let body):
            owner = "entering \(state.text)"
            visit(body)
        case .invariant(let syntax):
            owner = "invariant"
            visit(syntax)
        case .roles, .enumeration, .record, .fund, .calendar, .states, .migrate, .given, .scenario: break
        }
    }

    private mutating func visit(_ invariant: InvariantSyntax) {
        drop(invariant.span)
        visit(invariant.condition)
    }

    // MARK: Tables

    private mutating func visit(_ section: TableSection) {
        if let from = section.period.from { visit(from) }
        if let until = section.period.until { visit(until) }
        for column in section.headerInputs.indices { moveBoundaries(section, column) }
        for (index, row) in section.rows.enumerated() {
            drop(row.span)
            let next = section.rows[(index + 1) % section.rows.count]
            for (column, output) in row.outputs.enumerated() where next.outputs.indices.contains(column) {
                let other = named(next.outputs[column].span)
                if other != named(output.span) { replace(output.span, by: other, within: row.span) }
                visit(output)
            }
        }
    }

    /// Moves a boundary of a column wherever it stands in it, so that rows still meet.
    private mutating func moveBoundaries(_ section: TableSection, _ column: Int) {
        var places: [(literal: String, spans: [Span], moved: String)] = []
        for row in section.rows where row.cells.indices.contains(column) {
            for expression in Self.expressions(of: row.cells[column]) {
                let literal = named(expression.span)
                if let known = places.firstIndex(where: { $0.literal == literal }) {
                    places[known].spans.append(expression.span)
                } else if let moved = changed(expression).first {
                    places.append((literal, [expression.span], moved))
                }
            }
        }
        for place in places {
            note(
                place.spans.map { ($0, place.moved) },
                "`\(place.moved)` for `\(place.literal)` in the column `\(section.headerInputs[column].text)`")
        }
    }

    private static func expressions(of cell: CellSyntax) -> [Expression] {
        switch cell.kind {
        case .any: []
        case .oneOf(let cells), .all(let cells): cells.flatMap { expressions(of: $0) }
        case .value(let expression), .compare(_, let expression): [expression]
        case .not(let inner): expressions(of: inner)
        case .range(let lower, let upper): [lower, upper]
        }
    }

    // MARK: Checks

    private mutating func visit(_ item: CheckItem) {
        switch item {
        case .check(let check):
            let whole = check.span
            note([(whole, "")], "without the check `\(named(check.code.span)) \(named(check.text.span))`")
            let word = Span(whole.start, whole.start + check.severity.rawValue.utf8.count)
            let other: CheckSyntax.Severity = check.severity == .pend ? .deny : .pend
            note(
                [(word, other.rawValue)],
                "`\(other.rawValue)` for `\(check.severity.rawValue)` in `\(named(check.code.span)) "
                    + "\(named(check.text.span))`")
            visit(check.condition)
        case .binding(_, let value, _): visit(value)
        case .each(_, let list, let items, _):
            visit(list)
            for item in items { visit(item) }
        }
    }

    // MARK: Heads

    private mutating func visit(_ action: ActionSyntax) {
        owner = "action \(action.name.text)"
        if action.states.count > 1 { dropEach(action.states.map(\.span), after: "in") }
        dropEach(action.except.map(\.span), after: "except")
        if action.authorities.count > 1 { dropEach(action.authorities.map(\.span), after: "by") }
        for authority in action.authorities {
            for name in authority.names {
                if let other = Self.next(name, among: roles) { replace(name.span, by: other, within: authority.span) }
            }
        }
        visit(action.body)
    }

    private mutating func visit(_ approval: ApprovalSyntax) {
        owner = "approval \(approval.name.text)"
        if approval.states.count > 1 { dropEach(approval.states.map(\.span), after: "in") }
        dropEach(approval.except.map(\.span), after: "except")
        visit(approval.needs)
        if let quorum = approval.declinedBy { visit(quorum) }
        visit(approval.within)
        for block in [approval.granted, approval.declined, approval.overdue] { if let block { visit(block) } }
    }

    // MARK: Statements

    mutating func visit(_ block: Block) { for statement in block.statements { visit(statement) } }

    private mutating func visit(_ statement: Statement) {
        switch statement.kind {
        case .binding(_, let value, _): visit(value)
        case .require(let condition, _):
            drop(statement.span)
            visit(condition)
        case .refuse, .run: drop(statement.span)
        case .notify: break
        case .set(let target, let value), .add(let value, let target), .remove(let value, let target):
            drop(statement.span)
            visit(value)
            if case .lookup(_, let keys) = target.kind { for key in keys { visit(key) } }
        case .choose(let condition, let then, let otherwise):
            note([(condition.span, "not (\(text(condition.span)))")], "not `\(named(condition.span))`")
            visit(condition)
            visit(then)
            if let otherwise { visit(otherwise) }
        case .match(let value, let arms):
            visit(value)
            for arm in arms { visit(arm.body) }
        case .each(_, let list, let body):
            visit(list)
            visit(body)
        case .become(let state):
            if let other = Self.next(state, among: states) { replace(state.span, by: other, within: statement.span) }
        case .reserve(let amount, _, _):
            drop(statement.span)
            visit(amount)
        case .release(let amount, _):
            drop(statement.span)
            if let amount { visit(amount) }
        case .pay(let amount, _, let payee), .transfer(let amount, _, let payee):
            drop(statement.span)
            visit(amount)
            visit(payee)
        }
    }
}
