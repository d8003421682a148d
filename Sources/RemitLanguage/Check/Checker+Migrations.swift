import RemitValues

/// What becomes of running cases of earlier versions. Their text is not at hand here: what is said of it is compared
/// with it before the version is deployed.
extension Checker {
    mutating func checkMigrations() {
        var seen: [Int64: Span] = [:]
        for declaration in ownDeclarations {
            guard case .migrate(let migration) = declaration.kind, !syntax.isLibrary else { continue }
            let head = Span(declaration.span.start, migration.fromSpan.end)
            if migration.from < 1 || migration.from >= syntax.version {
                report(
                    .migrationShape, "cases come from an earlier version than \(syntax.version)",
                    at: migration.fromSpan, "not an earlier one",
                    labels: [Label(syntax.name.span, "this is version \(syntax.version)")],
                    help: "write the number of the version under which the cases began")
            }
            if let first = seen[migration.from] {
                report(
                    .migrationShape, "two migrations from version \(migration.from)", at: head, "again here",
                    labels: [Label(first, "first here")],
                    help: "join the two; what differs from case to case stands under `if`")
            }
            seen[migration.from] = head
            checkMigration(migration, head)
        }
    }

    private mutating func checkMigration(_ migration: MigrateSyntax, _ head: Span) {
        reportRepeated(migration.within)
        isWayUnknown = false
        let states = renamedStates(migration)
        begin(.migration, [], [])
        earlyReads = []
        let condition = migration.condition.map { Priced(checkCondition($0, "`when` asks a condition")) }
        let conditionLocals = scope.slotCount
        reportMoney(migration.body)
        let name = Name("migration from version \(migration.from)", head)
        let body = checkOutcome(migration.body, .migration, name)
        money = MoneyUse()
        // Whether the earlier version left a field absent is not known here.
        for field in program.caseFields.indices { flow.noteCleared(field) }
        keepMove(name, .timer, from: [], isOpening: true)
        // A case whose state has only another name now keeps its fields.
        moves.append(
            Move(
                name: name, kind: .timer, states: [], isOpening: true, targets: states.map(\.new), money: MoneyUse(),
                present: Set(program.caseFields.indices), cleared: [], arrivals: [:], mayStay: false,
                isUnknown: isWayUnknown))
        program.migrations.append(
            MigrationDeclaration(
                from: migration.from, within: migration.within.map(\.text), condition: condition,
                conditionLocals: conditionLocals, states: states, body: body,
                sets: flow.isEnded ? Set(program.caseFields.indices) : flow.assigned, reads: earlyReads, span: head))
    }

    private mutating func reportRepeated(_ names: [Name]) {
        for (index, name) in names.enumerated() where names[..<index].contains(where: { $0.bytes == name.bytes }) {
            report(
                .duplicateName, "`\(name.text)` stands twice in one head", at: name.span,
                help: "leave one of them out")
        }
    }

    /// The states that take the place of old ones.
    private mutating func renamedStates(_ migration: MigrateSyntax) -> [(old: String, new: Int)] {
        var result: [(old: String, new: Int)] = []
        for (index, (old, new)) in migration.states.enumerated() {
            if let first = migration.states[..<index].first(where: { $0.old.bytes == old.bytes }) {
                report(
                    .duplicateName, "`\(old.text)` gets two new names", at: old.span, "again here",
                    labels: [Label(first.old.span, "first here")], help: "leave one of the two out")
                continue
            }
            guard let state = resolveState(new) else { continue }
            if program.states[state].isFinal {
                report(
                    .migrationShape, "`\(new.text)` is final, and a case ends only by entering a final state",
                    at: new.span, labels: [Label(program.states[state].span, "declared final here")],
                    help: "write `become \(new.text)` in the migration of these cases")
                continue
            }
            result.append((old.text, state))
        }
        return result
    }

    /// Reports statements that would move money without anybody who acts.
    private mutating func reportMoney(_ block: Block) {
        for statement in block.statements {
            switch statement.kind {
            case .reserve, .release, .pay, .transfer:
                report(
                    .migrationShape, "a migration moves no money", at: firstWord(statement.span),
                    help: "reservations stay as they are; move money in an action, a deadline or after an approval")
            case .choose(_, let then, let otherwise):
                reportMoney(then)
                if let otherwise { reportMoney(otherwise) }
            case .match(_, let arms): for arm in arms { reportMoney(arm.body) }
            case .each(_, _, let body): reportMoney(body)
            default: break
            }
        }
    }
}
