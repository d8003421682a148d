import RemitLanguage
import RemitRuntime
import RemitValues

/// Brings cases over by the migrations of a contract: from the same contract without them, under the number of the
/// version that they name.
enum FuzzMigration {
    static func run(_ source: SourceText, _ program: CheckedProgram, _ chance: inout Chance) {
        for migration in program.migrations.prefix(2) {
            guard let old = earlier(source, program, migration.from),
                let work = CaseMigration(from: old, to: program)
            else { continue }
            var cases: [CaseState] = []
            FuzzMachine.run(old, rounds: 2, &cases, &chance)
            let evaluator = Evaluator(program: program, stepLimit: 200_000)
            // The states that the head names are those of a text that is not at hand, so all cases are tried.
            for existing in cases {
                bring(existing, by: work, evaluator, program, &chance)
            }
        }
    }

    private static func bring(
        _ existing: CaseState, by work: CaseMigration, _ evaluator: Evaluator, _ program: CheckedProgram,
        _ chance: inout Chance
    ) {
        guard let carried = try? work.carry(existing) else { return }
        let home = Party(.organisation, "home")
        let request = Request(migration: work, of: carried, at: chance.instant(), organisation: home)
        let view = ChanceView(program: program, seed: chance.next(), reserved: carried.state.reserved)
        guard let result = try? evaluator.migrate(request, view: view) else { return }
        switch result.outcome {
        case .refused(let refusal):
            precondition(refusal.reason != .internalFault, "internal fault in a migration: \(refusal.text)")
        case .done(let effects):
            let conformance = ValueConformance(program: program)
            for (field, value) in zip(program.caseFields, effects.caseState.fields) where value != .absent {
                if let problem = conformance.problem(value, field.type, path: field.name) {
                    fatalError("a migrated field does not conform: \(problem)")
                }
            }
        }
    }

    /// The contract without its migrations, as an earlier version; nil where that is none.
    private static func earlier(_ source: SourceText, _ program: CheckedProgram, _ version: Int64) -> CheckedProgram? {
        guard let contract = parse(source).contract else { return nil }
        var bytes = source.bytes
        for declaration in contract.declarations.reversed() {
            guard case .migrate = declaration.kind else { continue }
            bytes.replaceSubrange(declaration.span.start..<declaration.span.end, with: [0x20])
        }
        let head = Array("version".utf8)
        guard
            let word = (contract.name.span.end..<max(contract.name.span.end, bytes.count - head.count)).first(
                where: { bytes[$0..<$0 + head.count].elementsEqual(head) })
        else { return nil }
        var start = word + head.count
        while start < bytes.count, bytes[start] == 0x20 { start += 1 }
        var end = start
        while end < bytes.count, (0x30...0x39).contains(bytes[end]) || bytes[end] == 0x5F { end += 1 }
        bytes.replaceSubrange(start..<end, with: Array("\(version)".utf8))
        return Compiler.compile(SourceText(name: "earlier.remit", bytes: bytes), find: FuzzOthers.find).program
    }
}
