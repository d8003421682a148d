import RemitLanguage
import RemitValues

/// Collects from traces what scenarios reach of a contract.
struct ReachedPlaces {
    private var actions: Set<Int> = []
    private var heldChecks: Set<Int> = []
    private var rows: Set<[Int]> = []
    private var refusals: Set<Span> = []
    private var states: Set<Int> = []

    mutating func add(_ transition: Transition) {
        if case .refused(let refusal) = transition.outcome, let span = refusal.span { refusals.insert(span) }
        if case .done(let effects) = transition.outcome { states.insert(effects.caseState.state) }
        for entry in transition.trace?.entries ?? [] {
            switch entry.event {
            case .check(let clause, _, _, _, let holds, _) where holds: heldChecks.insert(clause)
            case .tableRead(let table, let section, let row, _, _, _): rows.insert([table, section, row])
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
        states.formUnion(other.states)
    }

    func coverage(of program: CheckedProgram) -> Coverage {
        var coverage = Coverage()
        for (index, action) in program.actions.enumerated() {
            coverage.items.append(
                .init(kind: "action", name: action.name, span: action.span, isReached: actions.contains(index)))
        }
        for group in program.checks {
            for check in Self.checks(group.items) {
                coverage.items.append(
                    .init(
                        kind: "check", name: check.code, span: check.span, isReached: heldChecks.contains(check.index)))
            }
        }
        for (index, table) in program.tables.enumerated() {
            for (section, rows) in table.sections.enumerated() {
                for (row, declared) in rows.rows.enumerated() {
                    coverage.items.append(
                        .init(
                            kind: "row", name: "\(table.name) row \(row + 1)", span: declared.span,
                            isReached: self.rows.contains([index, section, row])))
                }
            }
        }
        for (index, state) in program.states.enumerated() {
            coverage.items.append(
                .init(kind: "state", name: state.name, span: state.span, isReached: states.contains(index)))
        }
        for action in program.actions { refusals(in: action.body, &coverage) }
        for entering in program.entering { refusals(in: entering.body, &coverage) }
        for unique in program.uniqueKeys {
            coverage.items.append(
                .init(
                    kind: "refusal", name: "unique", span: unique.span, isReached: refusals.contains(unique.span)))
        }
        return coverage
    }

    private func refusals(in block: CheckedBlock, _ coverage: inout Coverage) {
        for statement in block.statements {
            switch statement.kind {
            case .bindingOrRefuse(_, _, let refusal), .require(_, let refusal), .refuse(let refusal):
                let name = refusal.code ?? "refusal"
                coverage.items.append(
                    .init(
                        kind: "refusal", name: name, span: statement.span,
                        isReached: refusals.contains(statement.span)))
            case .choose(_, let then, let otherwise):
                refusals(in: then, &coverage)
                refusals(in: otherwise, &coverage)
            case .match(_, let arms): for arm in arms { refusals(in: arm.body, &coverage) }
            case .each(_, _, let body): refusals(in: body, &coverage)
            default: break
            }
        }
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
