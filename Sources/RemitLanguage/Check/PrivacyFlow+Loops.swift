/// What a loop tells of something private by doing it again and again.
extension PrivacyFlow {
    mutating func bind(_ local: Int, _ value: CheckedExpression) {
        locals[local] = source(value)
        loop?.locals.insert(local)
    }

    /// A condition shows one answer; within a loop it shows one each time.
    mutating func follow(_ blocks: [CheckedBlock], when condition: CheckedExpression) {
        let outer = loop
        let asked = loop?.source ?? source(condition)
        loop?.source = asked
        for block in blocks { follow(block) }
        loop = outer
    }

    /// A refusal shows one answer; one that tells what changes in a loop shows when the loop came to it.
    mutating func refuse(_ refusal: CheckedRefusal, on condition: CheckedExpression?) {
        open(refusal.text, "told in a refusal")
        guard let loop, let source = loop.source ?? condition.flatMap({ self.source($0) }) else { return }
        for case .value(let value) in refusal.text.parts where self.source(value) == nil && !isSame(value) {
            leaks.append(
                Leak(
                    source: source, sink: "told by when a loop refuses", span: value.span,
                    help: "tell nothing that changes in the loop, or reveal what the loop goes through or asks: "
                        + "`in (reveal …)`, `require reveal (…)`"))
        }
    }

    /// What is done in the open as often as something private says tells more than one answer.
    mutating func count(_ statement: CheckedStatement) {
        guard let source = loop?.source, let what = repeated(statement) else { return }
        leaks.append(
            Leak(
                source: source, sink: "told by how often \(what)", span: statement.span,
                help: "do it once, behind the loop, or reveal what the loop goes through or asks: `in (reveal …)`, "
                    + "`if reveal (…)`"))
    }

    /// What a statement does in the open that shows how often it is done, in words; nil where once is as good: it
    /// writes the same each time, and the loop does not ask what it wrote.
    private func repeated(_ statement: CheckedStatement) -> String? {
        switch statement.kind {
        case .setField(let field, let value): isOpen(field) ? written(field, [value]) : nil
        case .setEntry(let field, let key, let value): isOpen(field) ? written(field, [key, value]) : nil
        case .addToField(let field, _), .removeFromField(let field, _), .addToEntry(let field, _, _):
            isOpen(field) ? "`\(program.caseFields[field].name)` is written" : nil
        case .setRow(let register, let keys, let field, let value): written(register, keys, field, value)
        case .addToRow(let register, let keys, let field, _): written(register, keys, field, nil)
        case .notifyRole, .notifyParty: "somebody is notified"
        case .reserve(let fund, _, _), .release(let fund, _), .pay(let fund, _, _), .transfer(let fund, _, _):
            "money of `\(program.funds[fund].name)` moves"
        case .run(let checks, _): "`\(program.checks[checks].name)` is run"
        default: nil
        }
    }

    private func isOpen(_ field: Int) -> Bool { !program.isClosed(program.caseFields[field]) }

    private func written(_ field: Int, _ parts: [CheckedExpression]) -> String? {
        let name = program.caseFields[field].name
        guard parts.allSatisfy(isSame) else { return "`\(name)` is written" }
        return loop?.effects.read.fields.contains(field) ?? false
            ? "`\(name)` is written, which the loop reads as well" : nil
    }

    /// A row is seen to change even where what is written there is private; under a private key nobody knows which.
    private func written(
        _ register: Int, _ keys: [CheckedExpression], _ field: Int, _ value: CheckedExpression?
    ) -> String? {
        let declared = program.registers[register]
        let opened = zip(declared.keys, keys).filter { !$0.0.isPrivate }.map(\.1)
        let isSameRow = opened.allSatisfy(isSame)
        if program.records[declared.row].fields[field].isPrivate {
            return isSameRow ? nil : "`\(declared.name)` is written"
        }
        guard isSameRow, keys.allSatisfy(isSame), let value, isSame(value) else {
            return "`\(declared.name)` is written"
        }
        return loop?.effects.read.registers.contains(register) ?? false
            ? "`\(declared.name)` is written, which the loop reads as well" : nil
    }

    /// Whether an expression gives the same each time that a loop comes to it: nothing that the loop binds or writes
    /// goes into it.
    private func isSame(_ expression: CheckedExpression) -> Bool {
        guard let loop else { return true }
        let own = Accesses(of: expression, in: program)
        return own.locals.isDisjoint(with: loop.locals) && own.read.isDisjoint(with: loop.effects.written)
    }
}
