import RemitValues

/// Who opens a case, and whether they may sign for it.
extension Checker {
    /// Reports rounds that lead to payments and that the opener of the case may sign.
    mutating func checkSelfApproval() {
        let pays = moves.contains { $0.money.firstPayment != nil }
        let isOpenerKnown = moves.allSatisfy { move in
            !(move.isOpening || move.kind == .action && move.isUnknown) || isSound(move.name.span)
        }
        guard pays, isOpenerKnown else { return }
        let opener = KeptOpener(program)
        for (head, approval) in zip(heads, program.approvals) where isSound(head.name.span) {
            if approval.except.contains(where: { opener.isOpener($0) }) { continue }
            warn(
                .selfApproval, "whoever opens the case may sign `\(head.name.text)`", at: head.name.span,
                accepts: head.accepts,
                help: (opener.firstPlace().map { "add `except \($0)` to its head" }
                    ?? "keep who opens the case in a field that nothing else writes, and except it")
                    + ", or say why: `accept selfApproval because \"…\"`")
        }
    }
}

/// The places of a case that hold for good who opened it, whichever action that was.
private final class KeptOpener {
    /// A field of the case (index), or the part of it at the end of a path of positions.
    private struct Place: Hashable {
        let field: Int
        let path: [Int]

        var origin: ValueOrigins.Origin { .place(field, path) }
    }

    private let program: CheckedProgram
    private let opening: [CheckedBlock]
    private let other: [CheckedBlock]
    private let entered: Set<Int>
    private var known: [Place: Bool] = [:]

    init(_ program: CheckedProgram) {
        self.program = program
        opening = program.actions.filter { !$0.opens.isEmpty }.map(\.body)
        other =
            program.actions.filter { $0.opens.isEmpty }.map(\.body)
            + program.approvals.flatMap { [$0.granted.block, $0.declined.block, $0.overdue.block] }
            + program.deadlines.map(\.body.block) + program.entering.map(\.body)
        entered = Set(program.actions.flatMap(\.enters))
    }

    /// Whether a party surely is the opener, or a collection surely holds them.
    func isOpener(_ expression: CheckedExpression) -> Bool {
        ValueOrigins.all(of: expression, in: program) { origin in
            if case .place(let field, let path) = origin { self.holds(Place(field: field, path: path)) } else { false }
        }
    }

    /// The first place that holds the opener, as a contract writes it: a field of a party, or of several, or a part.
    func firstPlace() -> String? {
        var written: Set<Int> = []
        for block in opening {
            block.forEachStatement { statement in
                switch statement.kind {
                case .setField(let field, _), .addToField(let field, _): written.insert(field)
                default: break
                }
            }
        }
        let fields = written.sorted()
        let whole = fields.filter { holdsParties($0) && holds(Place(field: $0, path: [])) }
        if let field = whole.first(where: { !holdsSeveral($0) }) ?? whole.first {
            return program.caseFields[field].name
        }
        for field in fields {
            guard case .record(let index) = program.caseFields[field].type, program.records.indices.contains(index)
            else { continue }
            let parts = program.records[index].fields
            let part = parts.indices.first { part in
                [.person, .party].contains(parts[part].type) && holds(Place(field: field, path: [part]))
            }
            if let part { return "\(program.caseFields[field].name).\(parts[part].name)" }
        }
        return nil
    }

    private func holdsParties(_ field: Int) -> Bool {
        switch program.caseFields[field].type {
        case .person, .party, .optional(.person), .optional(.party): true
        case .list(let member, _), .set(let member, _): member == .person || member == .party
        default: false
        }
    }

    private func holdsSeveral(_ field: Int) -> Bool {
        switch program.caseFields[field].type {
        case .list, .set: true
        default: false
        }
    }

    private func holds(_ place: Place) -> Bool {
        if let known = known[place] { return known }
        let isKept =
            !entered.contains(place.field)
            && opening.allSatisfy { body in
                var locals: [Int: CheckedExpression] = [:]
                return after(body, place, false, isOpening: true, &locals) ?? true
            }
            && other.allSatisfy { body in
                var locals: [Int: CheckedExpression] = [:]
                return after(body, place, true, isOpening: false, &locals) ?? true
            }
        known[place] = isKept
        return isKept
    }

    // MARK: What a body leaves in a place

    /// Whether a place holds the opener behind a block, on all of its paths; nil where each ends in a refusal.
    private func after(
        _ block: CheckedBlock, _ place: Place, _ before: Bool, isOpening: Bool,
        _ locals: inout [Int: CheckedExpression]
    ) -> Bool? {
        var holds = before
        for statement in block.statements {
            guard let next = after(statement, place, holds, isOpening: isOpening, &locals) else { return nil }
            holds = next
        }
        return holds
    }

    private func after(
        _ statement: CheckedStatement, _ place: Place, _ before: Bool, isOpening: Bool,
        _ locals: inout [Int: CheckedExpression]
    ) -> Bool? {
        switch statement.kind {
        case .binding(let local, let value), .bindingOrRefuse(let local, let value, _):
            locals[local] = value
            return before
        case .refuse: return nil
        case .setField(place.field, let value):
            if isOpening, isActor(value, at: place.path, locals) { return true }
            return before && ValueOrigins.all(of: value, at: place.path, in: program) { $0 == place.origin }
        case .addToField(place.field, let value):
            // What is added to a collection takes nothing out of it.
            guard place.path.isEmpty, holdsSeveral(place.field) else { return false }
            return before || isOpening && isActor(value, at: [], locals)
        case .removeFromField(place.field, _), .setEntry(place.field, _, _), .addToEntry(place.field, _, _):
            return false
        case .choose(_, let then, let otherwise):
            return joined([then, otherwise], place, before, isOpening: isOpening, &locals)
        case .match(_, let arms): return joined(arms.map(\.body), place, before, isOpening: isOpening, &locals)
        case .each(_, _, let body):
            // Nobody knows how often it is gone through.
            return before && after(body, place, before, isOpening: isOpening, &locals) ?? true
        default: return before
        }
    }

    private func joined(
        _ branches: [CheckedBlock], _ place: Place, _ before: Bool, isOpening: Bool,
        _ locals: inout [Int: CheckedExpression]
    ) -> Bool? {
        var ends: [Bool] = []
        for branch in branches {
            if let end = after(branch, place, before, isOpening: isOpening, &locals) { ends.append(end) }
        }
        return ends.isEmpty && !branches.isEmpty ? nil : ends.allSatisfy(\.self)
    }

    private func isActor(_ value: CheckedExpression, at path: [Int], _ locals: [Int: CheckedExpression]) -> Bool {
        ValueOrigins.all(of: value, at: path, locals: locals, in: program) { $0 == .actor }
    }
}
