import RemitLanguage
import RemitValues

/// Collects from traces what scenarios reach of a contract.
struct ReachedPlaces {
    /// An arm of an `if` or a `match`, by the statement and its number there.
    private struct Branch: Hashable {
        let statement: Span
        let arm: Int
    }

    private var actions: Set<Int> = []
    private var heldChecks: Set<Int> = []
    private var rows: Set<[Int]> = []
    private var refusals: Set<Span> = []
    private var branches: Set<Branch> = []
    private var states: Set<Int> = []
    /// Ends of rounds, by approval and outcome, and deadlines that fired.
    private var rounds: Set<Ending> = []
    private var timers: Set<Int> = []

    private struct Ending: Hashable {
        let round: Int
        let outcome: RoundOutcome
    }

    mutating func add(_ transition: Transition) {
        if case .refused(let refusal) = transition.outcome, let span = refusal.span { refusals.insert(span) }
        var isDone = false
        if case .done(let effects) = transition.outcome {
            isDone = true
            states.insert(effects.caseState.state)
        }
        for entry in transition.trace?.entries ?? [] {
            switch entry.event {
            case .check(let clause, _, _, _, let holds, _) where holds: heldChecks.insert(clause)
            case .tableRead(let table, let section, let row, _, _, _): rows.insert([table, section, row])
            case .branch(let arm): branches.insert(Branch(statement: entry.span, arm: arm))
            case .roundEnded(let round, let outcome) where isDone: rounds.insert(Ending(round: round, outcome: outcome))
            case .timerFired(let timer) where isDone: timers.insert(timer)
            default: break
            }
        }
    }

    mutating func add(action: Int) { actions.insert(action) }

    mutating func merge(_ other: ReachedPlaces) {
        actions.formUnion(other.actions)
        heldChecks.formUnion(other.heldChecks)
        rows.formUnion(other.rows)
        refusals.formUnion(other.refusals)
        branches.formUnion(other.branches)
        states.formUnion(other.states)
        rounds.formUnion(other.rounds)
        timers.formUnion(other.timers)
    }

    func coverage(of program: CheckedProgram) -> Coverage {
        var coverage = Coverage()
        for (index, action) in program.actions.enumerated() {
            coverage.items.append(
                .init(kind: .action, name: action.name, span: action.span, isReached: actions.contains(index)))
        }
        addRounds(program, &coverage)
        for group in program.checks {
            for check in Self.checks(group.items) {
                coverage.items.append(
                    .init(
                        kind: .check, name: check.code, span: check.span, isReached: heldChecks.contains(check.index)))
            }
        }
        // What comes from libraries is tried with them.
        for (index, table) in program.tables.enumerated() where !program.isFromLibrary(table.span) {
            for (section, rows) in table.sections.enumerated() {
                for (row, declared) in rows.rows.enumerated() {
                    coverage.items.append(
                        .init(
                            kind: .row, name: "\(table.name) row \(row + 1)", span: declared.span,
                            isReached: self.rows.contains([index, section, row])))
                }
            }
        }
        for (index, state) in program.states.enumerated() {
            coverage.items.append(
                .init(kind: .state, name: state.name, span: state.span, isReached: states.contains(index)))
        }
        for action in program.actions { places(in: action.body, &coverage) }
        for approval in program.approvals {
            for body in [approval.granted, approval.declined, approval.overdue] {
                places(in: body.block, &coverage)
            }
        }
        for deadline in program.deadlines { places(in: deadline.body.block, &coverage) }
        for entering in program.entering { places(in: entering.body, &coverage) }
        for unique in program.uniqueKeys {
            coverage.items.append(
                .init(
                    kind: .refusal, name: "unique", span: unique.span, isReached: refusals.contains(unique.span)))
        }
        return coverage
    }

    private func addRounds(_ program: CheckedProgram, _ coverage: inout Coverage) {
        for (index, approval) in program.approvals.enumerated() {
            for outcome in [RoundOutcome.granted, .declined, .overdue] {
                coverage.items.append(
                    .init(
                        kind: .round, name: "\(approval.name) \(outcome.rawValue)", span: approval.span,
                        isReached: rounds.contains(Ending(round: index, outcome: outcome))))
            }
        }
        for (index, timer) in program.timers.enumerated() {
            guard case .deadline(let deadline) = timer else { continue }
            coverage.items.append(
                .init(
                    kind: .deadline, name: program.deadlines[deadline].name, span: program.deadlines[deadline].span,
                    isReached: timers.contains(index)))
        }
    }

    /// The refusals and branches of a block.
    private func places(in block: CheckedBlock, _ coverage: inout Coverage) {
        for statement in block.statements {
            switch statement.kind {
            case .bindingOrRefuse(_, _, let refusal), .require(_, let refusal), .refuse(let refusal),
                .reserve(_, _, let refusal?):
                let name = refusal.code ?? "refusal"
                coverage.items.append(
                    .init(
                        kind: .refusal, name: name, span: statement.span,
                        isReached: refusals.contains(statement.span)))
            case .choose(_, let then, let otherwise):
                branch(0, "then", statement, then, &coverage)
                branch(1, "else", statement, otherwise, &coverage)
            case .match(_, let arms):
                for (number, arm) in arms.enumerated() {
                    let name = arm.values.map(\.description).joined(separator: ", ")
                    branch(number, name, statement, arm.body, &coverage)
                }
            case .each(_, _, let body): places(in: body, &coverage)
            default: break
            }
        }
    }

    private func branch(
        _ arm: Int, _ name: String, _ statement: CheckedStatement, _ body: CheckedBlock, _ coverage: inout Coverage
    ) {
        let isReached = branches.contains(Branch(statement: statement.span, arm: arm))
        coverage.items.append(
            .init(
                kind: .branch, name: name, span: body.statements.first?.span ?? statement.span, isReached: isReached))
        places(in: body, &coverage)
    }

    private static func checks(_ items: [CheckedItem]) -> [CheckedCheck] {
        items.flatMap { item -> [CheckedCheck] in
            switch item {
            case .check(let check): [check]
            case .binding: []
            case .each(_, _, let inner, _): checks(inner)
            }
        }
    }
}
