import RemitLanguage

/// Additions to lists and sets of the case.
extension Lowering {
    /// The fields (indices) of lists and sets that some block adds to.
    static func growing(_ program: CheckedProgram) -> Set<Int> {
        let outcomes = program.approvals.flatMap { [$0.granted, $0.declined, $0.overdue] }
        let bodies = (program.deadlines.map(\.body) + outcomes).map(\.block)
        let blocks = program.actions.map(\.body) + program.entering.map(\.body) + bodies
        var found: Set<Int> = []
        for block in blocks { found.formUnion(additions(in: block)) }
        return found.filter { field in
            switch program.caseFields[field].type {
            case .list, .set: true
            default: false
            }
        }
    }

    private static func additions(in block: CheckedBlock) -> Set<Int> {
        var found: Set<Int> = []
        for statement in block.statements {
            switch statement.kind {
            case .addToField(let field, _): found.insert(field)
            case .choose(_, let then, let otherwise):
                found.formUnion(additions(in: then).union(additions(in: otherwise)))
            case .match(_, let arms): for arm in arms { found.formUnion(additions(in: arm.body)) }
            case .each(_, _, let body): found.formUnion(additions(in: body))
            default: break
            }
        }
        return found
    }

    /// Adds a value to the list or set in a case field.
    func grow(_ field: Int, by value: Register, _ span: Span) throws(LoweringProblem) {
        emit(Instruction(.grow, fields[field].register, value), span)
        try settle(field, added: value, span)
    }
}
