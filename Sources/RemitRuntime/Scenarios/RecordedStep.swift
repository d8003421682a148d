public import RemitValues

/// Something that a scenario asks of a contract, with what it finds there.
public struct RecordedStep: Sendable {
    public let request: Request
    /// The rows that are looked up, as they are before; nil where there is none.
    public let rows: [(register: Int, keys: [Value], row: [Value]?)]
    /// What is read of cases of other contracts (index): a field (index), or nil for the state.
    public let others: [(contract: Int, field: Int?, value: Value)]
    /// The case afterwards; nil where the request is refused.
    public let after: CaseState?
}

extension ScenarioRunner {
    /// Everything that the scenarios ask for, in order: cases as those who wrote the contract think of them.
    public func recorded() -> [RecordedStep] {
        var steps: [RecordedStep] = []
        _ = run { request, world, transition in
            var rows: [(register: Int, keys: [Value], row: [Value]?)] = []
            var others: [(contract: Int, field: Int?, value: Value)] = []
            for entry in transition.trace?.entries ?? [] {
                switch entry.event {
                case .rowRead(let register, let keys, _):
                    guard !rows.contains(where: { $0.register == register && $0.keys == keys }) else { break }
                    rows.append((register, keys, world.rows[.init(register: register, keys: keys)]))
                case .otherRead(_, let contract, let field, let value): others.append((contract, field, value))
                default: break
                }
            }
            var after: CaseState?
            if case .done(let effects) = transition.outcome { after = effects.caseState }
            steps.append(RecordedStep(request: request, rows: rows, others: others, after: after))
        }
        return steps
    }
}
