import RemitLanguage

extension DisclosureAnalysis {
    mutating func follow(_ block: CheckedBlock) { for statement in block.statements { follow(statement) } }

    private mutating func follow(_ statement: CheckedStatement) {
        switch statement.kind {
        case .binding(let local, let value):
            look(value)
            sources.locals[local] = sources.of(value)
        case .bindingOrRefuse(let local, let value, let refusal):
            look(value)
            refuse(refusal, sources.of(value), value.span)
            sources.locals[local] = sources.of(value)
        case .require(let condition, let refusal):
            look(condition)
            refuse(refusal, sources.of(condition), condition.span)
        case .refuse(let refusal): refuse(refusal, [], statement.span)
        case .setField(let field, let value), .removeFromField(let field, let value):
            look(value)
            note(field: field)
        case .addToField(let field, let value):
            look(value)
            // A sum may pass its range, a list its bound.
            let own = program.caseFields[field]
            note(fault: sources.of(value).union(own.isPrivate ? [own.name] : []))
            note(field: field)
        case .setEntry(let field, let key, let value), .addToEntry(let field, let key, let value):
            look(key)
            look(value)
            // A sum may pass its range or have nothing to add to, a map its bound.
            let own = program.caseFields[field]
            note(fault: sources.of(value).union(sources.of(key)).union(own.isPrivate ? [own.name] : []))
            note(field: field)
        case .setRow(let register, let keys, _, let value): write(register, keys, value, statement.span)
        case .addToRow(let register, let keys, let field, let value):
            let declared = program.registers[register]
            let row = program.records[declared.row].fields[field]
            // A sum or list may pass its bound, which one is settled by the keys.
            note(fault: sources.of(value).union(row.isPrivate ? ["\(declared.name).\(row.name)"] : []))
            note(fault: sources.of(keys))
            write(register, keys, value, statement.span)
        case .choose(let condition, let then, let otherwise): branch(condition, [then, otherwise])
        case .match(let value, let arms): branch(value, arms.map(\.body))
        case .each(let local, let list, let body):
            look(list)
            let of = sources.of(list)
            note(steps: of)
            sources.locals[local] = of
            showRepetition(of, body, list.span)
            inside(of) { $0.follow(body) }
        case .run(let checks, let operands): run(checks, operands)
        case .become(let state): note(target: state)
        case .reserve, .release, .pay, .transfer: move(statement)
        case .notifyRole(_, let text): look(text)
        case .notifyParty(let party, let text):
            look(party)
            look(text)
        }
    }

    /// Money that moves: a fund may not have it, which is refused.
    private mutating func move(_ statement: CheckedStatement) {
        switch statement.kind {
        case .reserve(_, let amount, let refusal):
            look(amount)
            if let refusal { return refuse(refusal, sources.of(amount), amount.span) }
        case .release(_, let amount): if let amount { look(amount) }
        case .pay(_, let amount, let payee):
            look(amount)
            look(payee)
        case .transfer(_, let amount, _): look(amount)
        default: return
        }
        note(fault: [])
    }

    private mutating func look(_ text: CheckedText) { for case .value(let value) in text.parts { look(value) } }

    private mutating func refuse(_ refusal: CheckedRefusal, _ own: Set<String>, _ span: Span) {
        look(refusal.text)
        add(.refusal(code: refusal.code, text: Self.plain(refusal.text)), own.union(guards), span)
    }

    private mutating func write(
        _ register: Int, _ keys: [CheckedExpression], _ value: CheckedExpression, _ span: Span
    ) {
        for key in keys { look(key) }
        look(value)
        note(register: register, of: sources.of(keys).union(sources.of(value)))
        // Keys may have no row.
        if !program.registers[register].hasRowForEveryKey { note(fault: sources.of(keys)) }
        // The row stands under a digest of its key: the same key makes the same row.
        add(.sameRow(register: program.registers[register].name), sources.of(keys), span)
    }

    mutating func inside(_ more: Set<String>, _ work: (inout DisclosureAnalysis) -> Void) {
        let outer = guards
        guards.formUnion(more)
        work(&self)
        guards = outer
    }

    private mutating func branch(_ condition: CheckedExpression, _ arms: [CheckedBlock]) {
        look(condition)
        let of = sources.of(condition)
        note(steps: of)
        let effects = arms.map { VisibleEffects(of: $0, in: program) }
        let differing = effects.reduce(into: [Disclosure.Effect]()) { found, arm in
            for effect in arm.kinds where !found.contains(effect) {
                if !effects.allSatisfy({ $0.forms(of: effect) == arm.forms(of: effect) }) { found.append(effect) }
            }
        }
        if !differing.isEmpty { add(.branch(differing), of.union(guards), condition.span) }
        inside(of) { analysis in for arm in arms { analysis.follow(arm) } }
    }

    /// How often a loop runs shows by what it does.
    private mutating func showRepetition(_ of: Set<String>, _ body: CheckedBlock, _ span: Span) {
        let effects = VisibleEffects(of: body, in: program).kinds
        if !effects.isEmpty { add(.branch(effects), of.union(guards), span) }
    }

    // MARK: Checks

    private mutating func run(_ index: Int, _ operands: [CheckedExpression]) {
        for operand in operands { look(operand) }
        let group = program.checks[index]
        let outer = sources.locals
        let arguments = operands.map { sources.of($0) }
        sources.locals = [:]
        for (slot, argument) in arguments.enumerated() { sources.locals[slot] = argument }
        for (slot, parameter) in group.parameters.enumerated() where parameter.isPrivate {
            sources.locals[slot, default: []].insert(parameter.name)
        }
        for item in group.items { follow(item, among: []) }
        sources.locals = outer
    }

    private mutating func follow(_ item: CheckedItem, among lines: Set<String>) {
        switch item {
        case .check(let check):
            look(check.condition.expression)
            look(check.text)
            let of = sources.of(check.condition.expression).union(lines).union(guards)
            add(.finding(code: check.code, text: Self.plain(check.text)), of, check.condition.expression.span)
        case .binding(let local, let value):
            look(value.expression)
            sources.locals[local] = sources.of(value.expression)
        case .each(let local, let list, let items, _):
            look(list.expression)
            let of = sources.of(list.expression)
            note(steps: of)
            sources.locals[local] = of
            for item in items { follow(item, among: of) }
        }
    }
}
