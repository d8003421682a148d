import RemitLanguage

/// What one action comes to beside its own code: what follows in the states that it leads to, and what must hold at
/// the end.
extension Disassembler {
    /// Where the parts of the code begin that a transition by an action (index) can run.
    func entries(ofAction index: Int) -> [Int] {
        let action = program.actions[index]
        var entered = Set(Self.states(of: action.body))
        // An action that opens a case without `become` opens it in the state of its head.
        entered.formUnion(action.opens)
        let stayed = Self.alwaysMoves(action.body) ? [] : Set(action.states)
        let written = Self.fields(writtenBy: action.body).union(action.enters)
        let entries = code.entries
        var found = [entries.actions[index]] + entered.sorted().map { entries.entering[$0] }
        for (deadline, start) in zip(program.deadlines, entries.deadlineStarts) {
            let restarts = deadline.past.map(written.contains) ?? false
            let states = restarts ? entered.union(stayed) : entered
            if deadline.states.contains(where: states.contains) { found.append(start) }
        }
        for (approval, opening) in zip(program.approvals, entries.openings) {
            let states = written.isEmpty ? entered : entered.union(stayed)
            if approval.states.contains(where: states.contains) { found.append(opening) }
        }
        found += entries.uniqueRefusals.map(\.entry) + entries.invariants
        // The invariants of a register are asked of the rows that were written.
        for place in reachable(found) where code.instructions[place].operation == .writeRow {
            let register = code.rows[Int(code.instructions[place].c)].register
            found += entries.rowInvariants[register].map(\.entry)
        }
        return found.map { Int($0) }
    }

    private func reachable(_ entries: [Int32]) -> Set<Int> { reachable(entries.map { Int($0) }) }

    /// The states that a block names behind `become`.
    private static func states(of block: CheckedBlock) -> [Int] {
        block.statements.flatMap { statement in
            if case .become(let state) = statement.kind { [state] } else { parts(of: statement).flatMap(states) }
        }
    }

    /// The case fields that a block writes.
    private static func fields(writtenBy block: CheckedBlock) -> Set<Int> {
        var found: Set<Int> = []
        for statement in block.statements {
            switch statement.kind {
            case .setField(let field, _), .addToField(let field, _), .removeFromField(let field, _),
                .setEntry(let field, _, _), .addToEntry(let field, _, _):
                found.insert(field)
            default: for part in parts(of: statement) { found.formUnion(fields(writtenBy: part)) }
            }
        }
        return found
    }

    /// Whether every way through a block names a state, or refuses.
    private static func alwaysMoves(_ block: CheckedBlock) -> Bool {
        block.statements.contains { statement in
            switch statement.kind {
            case .become, .refuse: true
            case .choose, .match: parts(of: statement).allSatisfy(alwaysMoves)
            default: false
            }
        }
    }

    /// The blocks that stand in a statement.
    private static func parts(of statement: CheckedStatement) -> [CheckedBlock] {
        switch statement.kind {
        case .choose(_, let then, let otherwise): [then, otherwise]
        case .match(_, let arms): arms.map(\.body)
        case .each(_, _, let body): [body]
        default: []
        }
    }
}
