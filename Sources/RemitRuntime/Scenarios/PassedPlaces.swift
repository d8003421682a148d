import RemitLanguage

/// Which conditions and values that part the way scenarios came to, as far as can be told from what they did there.
///
/// The right side of an `implies` leaves a sign, and its left side none: that somebody came to it follows from what
/// encloses it, such as the `require` whose condition was asked.
struct PassedPlaces {
    /// What was gone through, of which nothing else tells.
    struct Evidence {
        /// Conditions, values and statements.
        var spans: Set<Span> = []
        /// Functions that were called, rounds that were opened and deadlines that were set, by their indices.
        var functions: Set<Int> = []
        var rounds: Set<Int> = []
        var deadlines: Set<Int> = []

        mutating func merge(_ other: Evidence) {
            spans.formUnion(other.spans)
            functions.formUnion(other.functions)
            rounds.formUnion(other.rounds)
            deadlines.formUnion(other.deadlines)
        }

        mutating func add(_ entry: Trace.Entry) {
            switch entry.event {
            case .functionCalled(let index, _, _):
                functions.insert(index)
                spans.insert(entry.span)
            case .roundOpened(let index, _): rounds.insert(index)
            case .deadlineSet(let index, _), .deadlineSpent(let index): deadlines.insert(index)
            case .requirement, .check, .checkFaulted, .invariant, .localSet, .fieldSet, .fieldGrown, .rowSet,
                .posted, .tableRead:
                spans.insert(entry.span)
            default: break
            }
        }
    }

    private var spans: Set<Span>
    private var cameTo: [Span: Bool] = [:]

    /// - Parameters:
    ///   - rows: The rows of tables that were read, each by table, section and row.
    ///   - isTaken: Whether an arm (by its number) of a place was taken.
    init(_ program: CheckedProgram, _ evidence: Evidence, rows: Set<[Int]>, isTaken: (Span, Int) -> Bool) {
        spans = evidence.spans
        for (index, function) in program.functions.enumerated() where evidence.functions.contains(index) {
            spans.insert(function.value.span)
        }
        for (index, approval) in program.approvals.enumerated() where evidence.rounds.contains(index) {
            spans.formUnion(([approval.needs.expression, approval.within.expression] + approval.except).map(\.span))
        }
        for (index, deadline) in program.deadlines.enumerated() where evidence.deadlines.contains(index) {
            spans.insert(deadline.term.expression.span)
        }
        for (index, table) in program.tables.enumerated() {
            for (section, declared) in table.sections.enumerated() {
                for (row, cells) in declared.rows.enumerated() where rows.contains([index, section, row]) {
                    spans.formUnion(cells.outputs.map(\.expression.span))
                }
            }
        }
        for block in ReachedPlaces.blocks(program) { look(block, isTaken) }
        let found = BranchingValues(program).found
        for (index, branching) in found.enumerated() {
            cameTo[branching.place] = hasCome(to: branching, outside: found[..<index], isTaken)
        }
    }

    /// Whether somebody came to a place where the way parts, or to an invariant.
    func holds(_ place: Span) -> Bool { cameTo[place] ?? isPassed(place) }

    private func isPassed(_ place: Span) -> Bool { spans.contains { $0.encloses(place) } }

    /// What stands within an arm was come to if that arm was taken; those outside come first in the list.
    private func hasCome(
        to branching: BranchingValues.Branching, outside: ArraySlice<BranchingValues.Branching>,
        _ isTaken: (Span, Int) -> Bool
    ) -> Bool {
        if branching.arms.contains(where: { isTaken(branching.place, $0.number) }) { return true }
        guard let outer = outside.last(where: { $0.place.encloses(branching.place) }) else {
            return isPassed(branching.place)
        }
        guard let arm = outer.arms.first(where: { $0.span.encloses(branching.place) }) else {
            return cameTo[outer.place] ?? false
        }
        return isTaken(outer.place, arm.number)
    }

    /// Notes what statements ask before they part the way.
    private mutating func look(_ block: CheckedBlock, _ isTaken: (Span, Int) -> Bool) {
        for statement in block.statements {
            switch statement.kind {
            case .choose(let condition, let then, let otherwise):
                if isTaken(statement.span, 0) || isTaken(statement.span, 1) {
                    cameTo[statement.span] = true
                    spans.insert(condition.span)
                }
                look(then, isTaken)
                look(otherwise, isTaken)
            case .match(let value, let arms):
                if arms.indices.contains(where: { isTaken(statement.span, $0) }) {
                    cameTo[statement.span] = true
                    spans.insert(value.span)
                }
                for arm in arms { look(arm.body, isTaken) }
            case .each(_, _, let body): look(body, isTaken)
            default: break
            }
        }
    }
}

extension Span {
    /// Whether another span lies within this one.
    fileprivate func encloses(_ other: Span) -> Bool { start <= other.start && other.end <= end }
}
