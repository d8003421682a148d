public import RemitLanguage

/// What the policy cites for the rule in which a place of a contract stands.
public struct CitedRules: Sendable {
    /// Where each declaration begins, in order, with what it cites.
    private let heads: [(start: Int, source: String?)]

    /// The rules of a program.
    public init(_ program: CheckedProgram) {
        var heads: [(start: Int, source: String?)] = []
        heads += program.caseFields.map { ($0.span.start, nil) } + program.states.map { ($0.span.start, nil) }
        heads += program.parameters.map { ($0.span.start, $0.source) }
        heads += program.tables.map { ($0.span.start, $0.source) }
        heads += program.registers.map { ($0.span.start, nil) }
        heads += program.registers.flatMap(\.invariants).map { ($0.span.start, $0.source) }
        heads += program.uniqueKeys.map { ($0.span.start, $0.source) }
        heads += program.checks.map { ($0.span.start, nil) }
        heads += program.functions.map { ($0.span.start, $0.source) }
        heads += program.actions.map { ($0.span.start, $0.source) }
        heads += program.approvals.map { ($0.span.start, $0.source) }
        heads += program.deadlines.map { ($0.span.start, $0.source) }
        heads += program.entering.map { ($0.span.start, nil) }
        heads += program.migrations.map { ($0.span.start, nil) }
        heads += program.invariants.map { ($0.span.start, $0.source) }
        self.heads = heads.sorted { $0.start < $1.start }
    }

    /// The source of the rule that a place belongs to; nil where it cites none, or where there is no place.
    public func source(at span: Span?) -> String? {
        guard let span, let rule = heads.last(where: { $0.start <= span.start }) else { return nil }
        return rule.source
    }
}

extension CheckedProgram {
    /// A check by its number among all of the program.
    public func check(_ clause: Int) -> CheckedCheck? {
        func find(_ items: [CheckedItem]) -> CheckedCheck? {
            for item in items {
                switch item {
                case .check(let check): if check.index == clause { return check }
                case .each(_, _, let inner, _): if let found = find(inner) { return found }
                case .binding: break
                }
            }
            return nil
        }
        for group in checks { if let found = find(group.items) { return found } }
        return nil
    }
}
