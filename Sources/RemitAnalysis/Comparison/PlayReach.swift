import RemitLanguage
import RemitValues

/// The rules that a play may come to in one version, by what they are and their names.
struct PlayReach {
    enum Rule { case function, checks, table, parameter, entering }

    private let program: CheckedProgram
    private let reads: ActionReads?

    init(_ play: Play, _ trial: CaseTrial) {
        let program = trial.program
        self.program = program
        switch play {
        case .action(let name):
            reads = program.actions.first { TextValue($0.name) == TextValue(name) }
                .map { ActionReads(reachOf: $0, program) }
        case .entry(let name, let sequel):
            guard let state = program.states.firstIndex(where: { TextValue($0.name) == TextValue(name) }) else {
                reads = nil
                return
            }
            var bodies: [CheckedBlock] = []
            func round(_ name: String) -> ApprovalDeclaration? {
                program.approvals.first { TextValue($0.name) == TextValue(name) }
            }
            switch sequel {
            case .nothing: break
            case .signed(let name, _): bodies = round(name).map { [$0.granted.block] } ?? []
            case .declined(let name, _): bodies = round(name).map { [$0.declined.block] } ?? []
            case .overdue(let name): bodies = round(name).map { [$0.overdue.block] } ?? []
            case .deadline(let number):
                let own = trial.deadlines(in: name)
                if own.indices.contains(number) { bodies = [program.deadlines[own[number]].body.block] }
            }
            reads = ActionReads(entering: state, then: bodies, program)
        }
    }

    /// Whether it may come to a rule.
    func reaches(_ rule: Rule, _ name: String) -> Bool {
        guard let reads else { return false }
        func isNamed(_ other: String) -> Bool { TextValue(other) == TextValue(name) }
        switch rule {
        case .function: return reads.functions.contains { isNamed(program.functions[$0].name) }
        case .checks: return reads.groups.contains { isNamed(program.checks[$0].name) }
        case .table: return reads.tables.contains { isNamed(program.tables[$0].name) }
        case .parameter: return reads.parameters.contains { isNamed(program.parameters[$0].name) }
        case .entering: return reads.entered.contains { isNamed(program.states[$0].name) }
        }
    }
}
