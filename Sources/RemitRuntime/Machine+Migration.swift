import RemitLanguage
import RemitValues

/// Bringing a case of an earlier version under this one.
extension Machine {
    /// Runs a migration; stops where its condition does not hold of the case, and notes that in `isConcerned`.
    func migrate(_ index: Int) throws(Stop) {
        guard request.carried != nil, program.migrations.indices.contains(index) else {
            throw .refused(Refusal(.argument, "there is no such migration"))
        }
        let migration = program.migrations[index]
        if let condition = migration.condition {
            let holds = try inFrame([], count: migration.conditionLocals) { () throws(Stop) in try test(condition) }
            guard holds else {
                isConcerned = false
                throw .refused(Refusal(.requirement, "the migration does not concern this case", at: migration.span))
            }
        }
        try run(migration.body)
        for (field, value) in zip(program.caseFields, caseState.fields) where value == .absent {
            if case .optional = field.type { continue }
            throw .refused(Refusal(.missing, "`\(field.name)` is left without a value", at: migration.span))
        }
    }

    /// Settles a migrated case that has entered no state: clocks run on, and an open round opens afresh.
    func settleMigration(_ carried: CarriedCase) throws(Stop) {
        for index in program.deadlines.indices where carried.freshDeadlines.contains(index) { try start(index) }
        try restartDeadlines()
        for index in program.approvals.indices where !program.approvals[index].states.contains(caseState.state) {
            engine.close(index)
        }
        for index in program.approvals.indices where program.approvals[index].states.contains(caseState.state) {
            // A round that has ended is kept.
            if engine.rounds[index].map({ $0.outcome == .open }) ?? true { try open(index) }
        }
    }
}
