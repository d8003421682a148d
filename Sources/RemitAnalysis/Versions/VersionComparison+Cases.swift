import RemitLanguage
import RemitValues

/// What concerns cases: actions, states, and what a migration makes of running cases.
extension VersionComparison {
    mutating func compareCalls() {
        func gone(_ names: [String], _ kept: [String]) -> [String] {
            names.filter { name in !kept.contains { TextValue($0) == TextValue(name) } }
        }
        for name in gone(old.actions.map(\.name), new.actions.map(\.name)) {
            warn(
                "actionRemoved", "the action \(name) is gone",
                "cases under version \(old.version) keep it until they end or migrate")
        }
        for name in gone(old.approvals.map(\.name), new.approvals.map(\.name)) {
            warn(
                "approvalRemoved", "the approval \(name) is gone",
                "cases under version \(old.version) keep it until they end or migrate")
        }
        for name in gone(old.roles, new.roles) {
            warn(
                "roleRemoved", "the role \(name) is gone",
                "whoever holds it keeps it for cases under version \(old.version)")
        }
    }

    mutating func compareStates() {
        guard !new.migrations.contains(where: { $0.from == old.version }) else { return }
        for state in old.states where !new.states.contains(where: { TextValue($0.name) == TextValue(state.name) }) {
            guard !state.isFinal else { continue }
            warn(
                "stateRemoved", "the state \(state.name) is gone",
                "a case that is \(state.name) finishes under version \(old.version); `migrate` would bring it over")
        }
    }

    /// Holds a migration against the version that its cases come from.
    mutating func compare(_ migration: MigrationDeclaration) {
        var named: [String] = []
        for name in migration.within + migration.states.map(\.old) {
            if named.contains(where: { TextValue($0) == TextValue(name) }) { continue }
            named.append(name)
            guard let state = old.states.first(where: { TextValue($0.name) == TextValue(name) }) else {
                let near = Suggestion.nearest(to: name, among: old.states.map(\.name))
                breaks(
                    "migrationState", "version \(old.version) has no state `\(name)`", at: migration.span,
                    near.map { "did you mean `\($0)`?" } ?? "name a state of that version")
                continue
            }
            if state.isFinal {
                breaks(
                    "migrationState", "`\(name)` is final in version \(old.version): its cases have ended",
                    at: migration.span, "leave it out")
            }
        }
        for state in old.states where !state.isFinal && isMeant(state, by: migration) {
            guard let place = migration.state(for: state.name, in: new) else {
                breaks(
                    "migrationIncomplete", "the migration does not say what becomes of a case that is `\(state.name)`",
                    at: migration.span, "add `state \(state.name) to …`, or name the other states behind `in`")
                continue
            }
            if new.states[place].isFinal {
                breaks(
                    "migrationFinal", "`\(new.states[place].name)` is final now, and a case of before is still in it",
                    at: migration.span,
                    "leave it out by `in`, or give it another state and write `become \(new.states[place].name)`")
            }
        }
        // Cases have a secret as soon as anything of their contract is private.
        if !keepsPrivate(old), let field = new.caseFields.first(where: { holdsPrivate($0, new) }) {
            breaks(
                "migrationPrivate",
                "`\(field.name)` is private, and cases of version \(old.version) have no secret to keep it by",
                at: field.span, "leave the migration out: these cases finish under version \(old.version)")
        }
        compareFields(migration)
    }

    /// What a migration makes of the values that cases have.
    private mutating func compareFields(_ migration: MigrationDeclaration) {
        let kept = keeping.keptFields
        for (index, field) in new.caseFields.enumerated() where kept[index] == nil {
            let isRetyped = old.caseFields.contains { TextValue($0.name) == TextValue(field.name) }
            if isFilled(field) {
                guard isRetyped, !migration.sets.contains(index) else { continue }
                breaks(
                    "migrationFieldLost",
                    "`\(field.name)` has another type now, and the migration would lose the value that cases have",
                    at: field.span,
                    "keep the type, which may grow, give the new field another name, or `set \(field.name) to …` in "
                        + "the migration, on every path")
                continue
            }
            let what = isRetyped ? "has another type now" : "is new"
            if !migration.sets.contains(index) {
                breaks(
                    "migrationField", "`\(field.name)` \(what), and the migration may leave it without a value",
                    at: field.span, "`set \(field.name) to …` in the migration, on every path")
            } else if migration.reads.contains(index) {
                breaks(
                    "migrationField", "`\(field.name)` \(what), and the migration reads it before it has a value",
                    at: field.span, "set it first")
            }
        }
        let names = Set(new.caseFields.map { TextValue($0.name) })
        for field in old.caseFields where !names.contains(TextValue(field.name)) {
            warn(
                "migrationFieldRemoved", "`\(field.name)` is gone, and the migration leaves its value behind",
                at: migration.span, "declare it still if anybody is to see what cases of before have there")
        }
    }

    func isMeant(_ state: StateDeclaration, by migration: MigrationDeclaration) -> Bool {
        migration.within.isEmpty || migration.within.contains { TextValue($0) == TextValue(state.name) }
    }

    /// Whether a contract keeps anything private, or takes it.
    private func keepsPrivate(_ program: CheckedProgram) -> Bool {
        let fields =
            program.caseFields + program.actions.flatMap(\.parameters) + program.registers.flatMap(\.keys)
            + program.registers.flatMap { program.records[$0.row].fields }
        return fields.contains { holdsPrivate($0, program) }
    }

    /// Whether a field is private or has something private in it.
    private func holdsPrivate(_ field: FieldDeclaration, _ program: CheckedProgram) -> Bool {
        field.isPrivate || program.holdsPrivate(field.type)
    }

    private func isFilled(_ field: FieldDeclaration) -> Bool {
        if field.starts != nil { return true }
        if case .optional = field.type { return true }
        return false
    }
}
