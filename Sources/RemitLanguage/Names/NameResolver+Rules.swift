import RemitValues

/// Names in declarations and statements.
extension NameResolver {
    mutating func walk(_ kind: Declaration.Kind) {
        switch kind {
        case .roles, .states, .enumeration, .calendar: break
        case .record(let record): walkStarts(record.fields, of: record.name)
        case .fund(let fund):
            _ = isProbe(fund.currency) { _ in Place(candidates: [], expects: .currency) }
            fund.keepers.forEach { refer($0, kinds: [.role]) }
        case .register(let register):
            register.keepers.forEach { refer($0, kinds: [.role]) }
            walkStarts(register.fields, of: register.name)
            inside(top[register.name.bytes].flatMap { parts[$0] }) { resolver in
                for invariant in register.invariants { resolver.walk(invariant.condition) }
            }
        case .parameter(let parameter):
            let known = top[parameter.name.bytes].flatMap { results[$0] } ?? .unknown
            for entry in parameter.values { walk(entry.value, known) }
        case .table(let table): walk(table)
        case .caseFields(let syntax):
            if let about = syntax.about { refer(about, kinds: [.caseField]) }
            for field in syntax.fields {
                if let starts = field.starts { walk(starts, caseFields[field.name.bytes]?.known ?? .unknown) }
            }
        case .unique(let unique):
            unique.fields.forEach { refer($0, kinds: [.caseField]) }
            unique.except.forEach { referState($0) }
            walk(unique.refusal?.text)
        case .invariant(let invariant): walk(invariant.condition)
        case .checks, .function, .action, .approval, .deadline, .entering, .migrate: walkRule(kind)
        case .given(let items): walk(items)
        case .scenario(let scenario): walk(scenario)
        }
    }

    private mutating func walkStarts(_ fields: [FieldSyntax], of name: Name) {
        for field in fields {
            guard let starts = field.starts else { continue }
            walk(starts, top[name.bytes].flatMap { parts[$0]?[field.name.bytes]?.known } ?? .unknown)
        }
    }

    private mutating func walk(_ table: TableSyntax) {
        guard let owner = top[table.name.bytes] else { return }
        let inputs = tableInputs[owner] ?? [:]
        for section in table.sections {
            for name in section.headerInputs where !isProbe(name, { $0.fittingColumns(table.inputs, of: inputs) }) {
                if let input = inputs[name.bytes] { refer(name, input.declaration) }
            }
            let outputs = parts[owner] ?? [:]
            for name in section.headerOutputs where !isProbe(name, { $0.fittingColumns(table.outputs, of: outputs) }) {
                referPart(name, of: owner)
            }
            for row in section.rows {
                for (index, cell) in row.cells.enumerated() {
                    let order = ordered[owner] ?? []
                    walk(cell, index < order.count ? order[index] : .unknown)
                }
                let outputs = table.outputs.map { parts[owner]?[$0.name.bytes]?.known ?? .unknown }
                inside(inputs) { $0.walk(row.outputs, as: outputs) }
            }
        }
    }

    private mutating func walk(_ cell: CellSyntax, _ known: Known) {
        switch cell.kind {
        case .any: break
        case .oneOf(let cells), .all(let cells): for inner in cells { walk(inner, known) }
        case .value(let value), .compare(_, let value): walk(inCell: value, known)
        case .not(let inner): walk(inner, known)
        case .range(let lower, let upper):
            walk(inCell: lower, known)
            walk(inCell: upper, known)
        }
    }

    private mutating func walk(inCell value: Expression, _ known: Known) {
        if case .name(let name) = value.kind, isProbe(name, { $0.fittingCells(known) }) { return }
        walk(value, known)
    }

    // MARK: Rules

    private mutating func walkRule(_ kind: Declaration.Kind) {
        switch kind {
        case .checks(let checks):
            inside(top[checks.name.bytes].flatMap { parts[$0] }) { $0.walk(checks.items) }
        case .function(let function):
            inside(top[function.name.bytes].flatMap { parts[$0] }) { resolver in
                for (name, value) in function.bindings {
                    resolver.declareLocal(.local, name, resolver.walk(value), type: value.span)
                }
                resolver.walk(
                    function.value, resolver.top[function.name.bytes].flatMap { resolver.results[$0] } ?? .unknown)
            }
        case .action(let action): walk(action)
        case .approval(let approval):
            approval.states.forEach { referState($0) }
            for expression in [approval.needs, approval.within] + approval.except { walk(expression) }
            if let declinedBy = approval.declinedBy { walk(declinedBy) }
            for block in [approval.granted, approval.declined, approval.overdue] { if let block { walk(block) } }
        case .deadline(let deadline):
            walk(deadline.term)
            if let past = deadline.past { refer(past, kinds: [.caseField]) }
            deadline.states.forEach { referState($0) }
            walk(deadline.body)
        case .entering(let state, let body):
            referState(state)
            walk(body)
        case .migrate(let migrate):
            if let condition = migrate.condition { walk(condition) }
            migrate.states.forEach { referState($0.new) }
            walk(migrate.body)
        default: break
        }
    }

    private mutating func walk(_ items: [CheckItem]) {
        let count = locals.count
        for item in items {
            switch item {
            case .check(let check):
                walk(check.condition)
                walk(check.text)
            case .binding(let name, let value, _): declareLocal(.local, name, walk(value), type: value.span)
            case .each(let name, let list, let inner, _):
                let element = walk(list).element
                let outer = locals.count
                declareLocal(.local, name, element, type: list.span)
                walk(inner)
                locals.removeSubrange(outer...)
            }
        }
        locals.removeSubrange(count...)
    }

    private mutating func walk(_ action: ActionSyntax) {
        (action.states + action.opens).forEach { referState($0) }
        action.enters.forEach { refer($0, kinds: [.caseField]) }
        inside(top[action.name.bytes].flatMap { parts[$0] }) { resolver in
            for authority in action.authorities {
                for name in authority.names where !resolver.isProbe(name, { $0.fittingAuthorities() }) {
                    resolver.refer(name, kinds: [.role, .caseField])
                }
                if case .of(let organisation) = authority.scope { resolver.walk(organisation) }
            }
            for expression in action.except { resolver.walk(expression) }
            resolver.walk(action.body)
        }
    }

    // MARK: Statements

    mutating func walk(_ block: Block) {
        let count = locals.count
        for statement in block.statements { walk(statement) }
        locals.removeSubrange(count...)
    }

    private mutating func walk(_ statement: Statement) {
        switch statement.kind {
        case .binding(let name, let value, let refusal):
            let known = walk(value)
            walk(refusal?.text)
            declareLocal(.local, name, known, type: value.span)
        case .require(let condition, let refusal):
            walk(condition)
            walk(refusal.text)
        case .refuse(let refusal): walk(refusal.text)
        case .set(let target, let value): walk(value, walk(target))
        case .add(let value, let target), .remove(let value, let target): walk(value, walk(target))
        case .choose(let condition, let then, let otherwise):
            walk(condition)
            walk(then)
            if let otherwise { walk(otherwise) }
        case .match(let subject, let arms):
            let known = walk(subject)
            let written = arms.flatMap(\.patterns)
            for arm in arms {
                for pattern in arm.patterns where !isProbe(pattern, { $0.fittingPatterns(known, besides: written) }) {
                    if let target = value(pattern, known) { refer(pattern, to: target) }
                }
                walk(arm.body)
            }
        case .each(let name, let list, let body):
            let element = walk(list).element
            let count = locals.count
            declareLocal(.local, name, element, type: list.span)
            walk(body)
            locals.removeSubrange(count...)
        case .run(let checks, let arguments):
            refer(checks, kinds: [.checks])
            walk(arguments, as: top[checks.bytes].flatMap { ordered[$0] } ?? [])
        case .become(let state): referState(state)
        case .notify(let who, let text):
            walk(who)
            walk(text)
        case .reserve, .release, .pay, .transfer: walkMoney(statement)
        }
    }

    private mutating func walkMoney(_ statement: Statement) {
        switch statement.kind {
        case .reserve(let amount, let fund, let refusal):
            walk(amount)
            refer(fund, kinds: [.fund])
            walk(refusal?.text)
        case .release(let amount, let fund):
            if let amount { walk(amount) }
            refer(fund, kinds: [.fund])
        case .pay(let amount, let fund, let to):
            walk(amount)
            refer(fund, kinds: [.fund])
            walk(to)
        case .transfer(let amount, let fund, let to):
            walk(amount)
            refer(fund, kinds: [.fund])
            if !isProbe(to, only: [.fund, .otherContract]) { walk(to) }
        default: break
        }
    }
}
