import RemitValues

/// Quorums: how they are written, and whether anybody can fill them.
extension Checker {
    /// Whether an expression is written as a quorum.
    func isQuorum(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .seats: true
        case .and(let left, let right): isQuorum(left) && isQuorum(right)
        case .bracketed(let inner): isQuorum(inner)
        default: false
        }
    }

    /// `2 of FinanceOfficer`, `1 of A and 1 of (B or C)`.
    mutating func inferQuorum(_ expression: Expression) -> CheckedExpression {
        var groups: [CheckedSeats] = []
        guard gather(expression, &groups) else { return wrong(expression.span) }
        let total = groups.reduce(0) { $0 + $1.count }
        guard total <= Limits.quorumSeats else {
            report(
                .quorumUnfillable, "this quorum has \(total) seats; \(Limits.quorumSeats) are allowed",
                at: expression.span, help: "ask fewer people to sign")
            return wrong(expression.span)
        }
        if groups.contains(where: { !$0.organisations.isEmpty }) {
            return CheckedExpression(.quorum(groups), .quorum, expression.span)
        }
        return CheckedExpression(.constant(Self.settled(groups).value), .quorum, expression.span)
    }

    /// The quorum of seats; organisations that are worked out later are left without a name.
    static func settled(_ groups: [CheckedSeats]) -> Quorum {
        Quorum(
            groups: groups.map { group in
                Quorum.Group(
                    count: group.count,
                    roles: group.roles.map { role, scope in
                        switch scope {
                        case .home: SeatClaim(role: role, place: .home).text
                        case .any: SeatClaim(role: role, place: .any).text
                        case .organisation: SeatClaim(role: role, place: .organisation("…")).text
                        }
                    })
            })
    }

    private mutating func gather(_ expression: Expression, _ groups: inout [CheckedSeats]) -> Bool {
        switch expression.kind {
        case .bracketed(let inner): return gather(inner, &groups)
        case .and(let left, let right):
            let first = gather(left, &groups)
            return gather(right, &groups) && first
        case .seats(let digits, let who, let scope):
            let place = checkScope(scope)
            guard let roles = seatRoles(who, place) else { return false }
            guard let count = Int(digits), count > 0, count <= Limits.quorumSeats else {
                report(
                    .quorumUnfillable, "a quorum of \(digits) seats cannot be filled", at: expression.span,
                    help: "write a number from 1 to \(Limits.quorumSeats)")
                return false
            }
            groups.append(CheckedSeats(count: count, roles: roles))
            return true
        default: return false
        }
    }

    private mutating func seatRoles(
        _ expression: Expression, _ scope: CheckedScope
    ) -> [(role: TextValue, scope: CheckedScope)]? {
        switch expression.kind {
        case .bracketed(let inner): return seatRoles(inner, scope)
        case .or(let left, let right):
            guard let first = seatRoles(left, scope), let second = seatRoles(right, scope) else { return nil }
            return first + second.filter { other in !first.contains { $0.role == other.role } }
        case .name(let name): return resolveRole(name).map { [(TextValue(program.roles[$0]), scope)] }
        default:
            _ = infer(expression)
            report(
                .wrongOperands, "seats are for roles", at: expression.span,
                help: "write `1 of Role`, or `1 of (RoleA or RoleB)`")
            return nil
        }
    }

    /// Asks of each approval whether one person can fill its quorum, and whether anybody can. Fields may hold a quorum,
    /// so this comes when all that sets them has been checked.
    mutating func checkQuorums() {
        let approvals = ownDeclarations.compactMap { declaration in
            if case .approval(let approval) = declaration.kind { approval } else { nil }
        }
        for (approval, checked) in zip(approvals, program.approvals) {
            let needs = checked.needs.expression
            reportUnfillable(approval, needs, checked.except, "can never be granted")
            if let declinedBy = checked.declinedBy?.expression {
                reportUnfillable(approval, declinedBy, checked.except, "can never be declined")
            }
            warnOfSingleSigner(approval, needs)
        }
    }

    private mutating func warnOfSingleSigner(_ approval: ApprovalSyntax, _ needs: CheckedExpression) {
        let possible = WrittenValues(of: needs, in: program) { Quorum($0) }
        let label: String
        if let single = possible.found.first(where: { $0.seats.count == 1 }) {
            label = "one seat, for \(single.seats[0].map { "`\($0)`" }.joined(separator: " or "))"
        } else if let source = possible.unknown {
            label = "how many seats it has is known only from \(source)"
        } else {
            return
        }
        warn(
            .singleSigner, "`\(approval.name.text)` may be granted by one person alone", at: needs.span, label,
            accepts: approval.accepts,
            help: "ask for a second signature, or say why one is enough: `accept singleSigner because \"…\"`")
    }

    // Seats that nobody can fill.

    /// What the locals of a body stand for, each with the body where that is written; nil: in this one.
    private final class Body {
        let bound: [Int: (value: CheckedExpression, body: Body?)]
        /// The functions that the body stands in: one with a mistake may call itself.
        let functions: Set<Int>

        init(_ bound: [Int: (value: CheckedExpression, body: Body?)], in functions: Set<Int>) {
            self.bound = bound
            self.functions = functions
        }
    }

    /// Where a search for seats has been, and how much of it is left.
    private struct Search {
        var fields: Set<Int> = []
        var left = Limits.quorumSources
        /// Whether there are other quorums that the expression may come to.
        var hasChoice = false
    }

    private typealias FoundSeats = (seats: CheckedSeats, span: Span)

    /// Every group of seats that an expression may come to, or the part of it at the end of a path of positions, as far
    /// as it is written out.
    private func seats(
        _ expression: CheckedExpression, _ body: Body, _ path: [Int], _ search: inout Search
    ) -> [FoundSeats] {
        guard search.left > 0 else { return [] }
        search.left -= 1
        switch expression.kind {
        case .quorum(let groups):
            return groups.map {
                (CheckedSeats(count: $0.count, roles: $0.roles.map { placed($0, body) }), expression.span)
            }
        case .table(let index, let operands, _) where index < program.tables.count:
            return seats(table: index, bound(operands, body), path, &search)
        case .field(let base, let position): return seats(base, body, [position] + path, &search)
        case .record(_, let parts):
            guard let first = path.first, parts.indices.contains(first) else { return [] }
            return seats(parts[first], body, Array(path.dropFirst()), &search)
        case .choose(_, let then, let otherwise):
            search.hasChoice = true
            return seats(then.expression, body, path, &search) + seats(otherwise.expression, body, path, &search)
        case .otherwise(let value, let other):
            search.hasChoice = true
            return seats(value, body, path, &search) + seats(other.expression, body, path, &search)
        case .call(let index, let operands) where index < program.functions.count:
            guard !body.functions.contains(index) else { return [] }
            var inner = bound(operands, body)
            for binding in program.functions[index].bindings { inner[binding.local] = (binding.value, nil) }
            return seats(
                program.functions[index].value, Body(inner, in: body.functions.union([index])), path, &search)
        case .local(let slot):
            guard let (value, owner) = body.bound[slot] else { return [] }
            return seats(value, owner ?? body, path, &search)
        case .caseField(let index):
            guard path.isEmpty, search.fields.insert(index).inserted else { return [] }
            return seats(caseField: index, &search)
        case .wrapped(let inner): return seats(inner, body, path, &search)
        default: return []
        }
    }

    private func bound(
        _ operands: [CheckedExpression], _ body: Body
    ) -> [Int: (value: CheckedExpression, body: Body?)] {
        var bound: [Int: (value: CheckedExpression, body: Body?)] = [:]
        for (slot, operand) in operands.enumerated() { bound[slot] = (operand, body) }
        return bound
    }

    private func seats(caseField index: Int, _ search: inout Search) -> [FoundSeats] {
        var found: [FoundSeats] = []
        let values = program.values(setTo: index)
        search.hasChoice = search.hasChoice || values.count > 1
        for value in values { found += seats(value, Body([:], in: []), [], &search) }
        // What was set is asked when the round opens: the organisations must be the same still.
        return found.filter { seats, _ in
            seats.organisations.allSatisfy { place in
                if case .caseField(let field) = place.kind { program.isKept(field) } else { false }
            }
        }
    }

    private func seats(
        table index: Int, _ inputs: [Int: (value: CheckedExpression, body: Body?)], _ path: [Int],
        _ search: inout Search
    ) -> [FoundSeats] {
        let table = program.tables[index]
        guard let column = table.outputs.count == 1 ? 0 : path.first else { return [] }
        let rest = table.outputs.count == 1 ? path : Array(path.dropFirst())
        var found: [FoundSeats] = []
        let rows = table.sections.flatMap(\.rows)
        search.hasChoice = search.hasChoice || rows.count > 1
        for row in rows where row.outputs.indices.contains(column) {
            found += seats(row.outputs[column].expression, Body(inputs, in: []), rest, &search)
        }
        return found
    }

    /// A role of a seat, held in the organisation that a local stands for.
    private func placed(
        _ claim: (role: TextValue, scope: CheckedScope), _ body: Body
    ) -> (role: TextValue, scope: CheckedScope) {
        guard case .organisation(var place) = claim.scope else { return claim }
        var owner = body
        // A body reads what stands before it, so that this has an end; it is bounded for one with a mistake.
        for _ in 0..<Limits.quorumSeats {
            guard case .local(let slot) = place.kind, let (value, next) = owner.bound[slot] else { break }
            place = value
            owner = next ?? owner
        }
        return (claim.role, .organisation(place))
    }

    /// Reports seats for those who act for an organisation that is excluded with all who act for it.
    private mutating func reportUnfillable(
        _ approval: ApprovalSyntax, _ quorum: CheckedExpression, _ except: [CheckedExpression], _ what: String
    ) {
        var search = Search()
        for (seats, span) in seats(quorum, Body([:], in: []), [], &search) {
            let bars = seats.roles.compactMap { _, scope in
                guard case .organisation(let place) = scope else { return nil as CheckedExpression? }
                return except.first { Barred([$0], in: program).bars(place) }
            }
            guard bars.count == seats.roles.count, let barring = bars.first else { continue }
            let roles = seats.roles.map { "`\($0.role)`" }.joined(separator: " or ")
            // Another quorum that the expression may come to could be filled.
            let often = search.hasChoice ? "may come to need what \(what)" : what
            report(
                .quorumUnfillable, "`\(approval.name.text)` \(often): nobody may fill the seat for \(roles)", at: span,
                "of an organisation that is excluded",
                labels: [Label(barring.span, "excluded with all who act for it")],
                help: "exclude a person instead, or ask somebody of another organisation to sign")
            return
        }
    }
}
