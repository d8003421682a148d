import RemitLanguage
import RemitValues

/// Collects from traces what scenarios reach of a contract.
struct ReachedPlaces {
    /// A branch, by the statement or expression that it belongs to and its number there.
    private struct Branch: Hashable {
        let place: Span
        let arm: Int
    }

    private var actions: Set<Int> = []
    private var heldChecks: Set<Int> = []
    private var rows: Set<[Int]> = []
    private var refusals: Set<Span> = []
    private var branches: Set<Branch> = []
    /// Invariants that a transition, or a row that is given, was held to.
    private var invariants: Set<Span> = []
    private var states: Set<Int> = []
    /// Ends of rounds, by approval and outcome, and deadlines that fired.
    private var rounds: Set<Ending> = []
    private var timers: Set<Int> = []
    /// What was gone through, to its last part or up to where the outcome was settled.
    private var evidence = PassedPlaces.Evidence()

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
        add(transition.trace, isDone: isDone)
    }

    /// What a scenario itself comes to: by a row that it gives, which is held to the invariants of its register, or by
    /// an expectation.
    mutating func add(itself trace: Trace?) { add(trace, isDone: true) }

    private mutating func add(_ trace: Trace?, isDone: Bool) {
        for entry in trace?.entries ?? [] {
            evidence.add(entry)
            switch entry.event {
            case .check(let clause, _, _, _, let holds, _) where holds: heldChecks.insert(clause)
            case .tableRead(let table, let section, let row, _, _, _): rows.insert([table, section, row])
            case .branch(let arm, _, _): branches.insert(Branch(place: entry.span, arm: arm))
            case .invariant(_, true) where isDone: invariants.insert(entry.span)
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
        invariants.formUnion(other.invariants)
        states.formUnion(other.states)
        rounds.formUnion(other.rounds)
        timers.formUnion(other.timers)
        evidence.merge(other.evidence)
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
        for (index, state) in program.states.enumerated() {
            coverage.items.append(
                .init(kind: .state, name: state.name, span: state.span, isReached: states.contains(index)))
        }
        for block in Self.blocks(program) { places(in: block, &coverage) }
        for unique in program.uniqueKeys {
            coverage.items.append(
                .init(
                    kind: .refusal, name: "unique", span: unique.span, isReached: refusals.contains(unique.span)))
        }
        let values = BranchingValues(program)
        addRows(program, values, &coverage)
        addConditions(program, values, &coverage)
        let passed = PassedPlaces(program, evidence, rows: rows) { place, arm in
            branches.contains(Branch(place: place, arm: arm))
        }
        for list in [\Coverage.items, \Coverage.libraryItems] {
            for index in coverage[keyPath: list].indices {
                let item = coverage[keyPath: list][index]
                guard let decision = item.decision else { continue }
                coverage[keyPath: list][index].isDecided = item.isReached || passed.holds(decision)
            }
        }
        return coverage
    }

    /// The rows of the contract's own tables, and of those of libraries that it reads.
    private func addRows(_ program: CheckedProgram, _ values: BranchingValues, _ coverage: inout Coverage) {
        for (index, table) in program.tables.enumerated() {
            let isFromLibrary = program.isFromLibrary(table.span)
            if isFromLibrary, !values.tables.contains(index) { continue }
            for (section, rows) in table.sections.enumerated() {
                for (row, declared) in rows.rows.enumerated() {
                    let item = Coverage.Item(
                        kind: .row, name: "\(table.name) row \(row + 1)", span: declared.span,
                        isReached: self.rows.contains([index, section, row]))
                    if isFromLibrary { coverage.libraryItems.append(item) } else { coverage.items.append(item) }
                }
            }
        }
    }

    static func blocks(_ program: CheckedProgram) -> [CheckedBlock] {
        var blocks = program.actions.map(\.body)
        for approval in program.approvals {
            blocks += [approval.granted, approval.declined, approval.overdue].map(\.block)
        }
        return blocks + program.deadlines.map(\.body.block) + program.entering.map(\.body)
    }

    /// The invariants, and the branches within conditions and values.
    private func addConditions(_ program: CheckedProgram, _ values: BranchingValues, _ coverage: inout Coverage) {
        for invariant in program.invariants + program.registers.flatMap(\.invariants) {
            coverage.items.append(
                .init(
                    kind: .branch, name: "invariant \"\(invariant.text)\"", span: invariant.span,
                    isReached: invariants.contains(invariant.span), decision: invariant.span))
        }
        for branching in values.found where branching.isReachable {
            let isFromLibrary = program.isFromLibrary(branching.place)
            for arm in branching.arms {
                let item = Coverage.Item(
                    kind: .branch, name: arm.name, span: arm.span,
                    isReached: branches.contains(Branch(place: branching.place, arm: arm.number)),
                    decision: branching.place)
                if isFromLibrary { coverage.libraryItems.append(item) } else { coverage.items.append(item) }
            }
        }
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
        let isReached = branches.contains(Branch(place: statement.span, arm: arm))
        coverage.items.append(
            .init(
                kind: .branch, name: name, span: body.statements.first?.span ?? statement.span, isReached: isReached,
                decision: statement.span))
        places(in: body, &coverage)
    }

    /// The checks among some items, in order of writing.
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
