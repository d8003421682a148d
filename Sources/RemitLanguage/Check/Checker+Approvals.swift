import RemitValues

/// Approvals: rounds of signatures, and their quorums.
extension Checker {
    mutating func checkApprovals() {
        for declaration in ownDeclarations {
            guard case .approval(let approval) = declaration.kind else { continue }
            checkApproval(approval)
        }
    }

    private mutating func checkApproval(_ approval: ApprovalSyntax) {
        let name = approval.name
        let states = resolveStates(approval.states)
        if approval.states.isEmpty {
            report(
                .missingPart, "`\(name.text)` does not say in which state it takes place", at: name.span,
                help: "add `in` and the state whose entry opens the round")
        }
        begin(.head, [], [])
        let needs = check(approval.needs, Expectation(.quorum, because: "`needs` says who signs"))
        let except = approval.except.compactMap { checkExcept($0) }
        let declinedBy = approval.declinedBy.map {
            check($0, Expectation(.quorum, because: "`declined by` says whose declines end the round"))
        }
        let within = check(approval.within, Expectation(.term, because: "`within` says by when"))
        let headLocals = scope.slotCount
        warnOfSingleSigner(approval, needs)
        let granted = outcome(approval.granted, "granted", approval, .granted, states)
        let declined = outcome(approval.declined, "declined", approval, .otherOutcome, states)
        let overdue = outcome(approval.overdue, "overdue", approval, .timer, states)
        heads.append(
            ApprovalHead(name: name, except: approval.except, accepts: approval.accepts, states: states))
        noteAccepts(approval.accepts, of: name)
        program.timers.append(.overdue(program.approvals.count))
        program.approvals.append(
            ApprovalDeclaration(
                name: name.text, states: states, needs: Priced(needs), except: except,
                declinedBy: declinedBy.map { Priced($0) }, within: Priced(within), headLocals: headLocals,
                granted: granted, declined: declined, overdue: overdue, source: source(approval.source),
                span: name.span))
    }

    private mutating func outcome(
        _ block: Block?, _ word: String, _ approval: ApprovalSyntax, _ kind: Move.Kind, _ states: [Int]
    ) -> CheckedBody {
        guard let block else {
            report(
                .missingPart, "`\(approval.name.text)` does not say what follows when it is \(word)",
                at: approval.name.span, help: "add `\(word) { become … }`")
            return CheckedBody(block: CheckedBlock(statements: []), localCount: 0)
        }
        let body = checkOutcome(block, .outcome, Name("\(approval.name.text) \(word)", approval.name.span))
        moves.append(
            Move(
                name: approval.name, kind: kind, states: states, isOpening: false, targets: becomes, money: money,
                present: presentFields))
        return body
    }

    // Quorums.

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
    private static func settled(_ groups: [CheckedSeats]) -> Quorum {
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

    /// Every quorum that an expression may come to, as far as it is written out.
    private func quorums(_ expression: CheckedExpression) -> [Quorum] {
        switch expression.kind {
        case .constant(let value): return Quorum(value).map { [$0] } ?? []
        case .quorum(let groups): return [Self.settled(groups)]
        case .parameter(let index, _) where index < program.parameters.count:
            return program.parameters[index].values.compactMap { Quorum($0.value) }
        case .table(let index, _, _) where index < program.tables.count:
            return quorums(ofColumn: 0, table: index)
        case .field(let base, let column):
            guard case .table(let index, _, _) = base.kind, index < program.tables.count else { return [] }
            return quorums(ofColumn: column, table: index)
        case .choose(_, let then, let otherwise): return quorums(then.expression) + quorums(otherwise.expression)
        default: return []
        }
    }

    private func quorums(ofColumn column: Int, table: Int) -> [Quorum] {
        program.tables[table].sections.flatMap(\.rows).flatMap { row in
            row.outputs.indices.contains(column) ? quorums(row.outputs[column].expression) : []
        }
    }

    private mutating func warnOfSingleSigner(_ approval: ApprovalSyntax, _ needs: CheckedExpression) {
        guard let single = quorums(needs).first(where: { $0.seats.count == 1 }) else { return }
        let roles = single.seats[0].map { "`\($0)`" }.joined(separator: " or ")
        warn(
            .singleSigner, "`\(approval.name.text)` may be granted by one person alone", at: needs.span,
            "one seat, for \(roles)", accepts: approval.accepts,
            help: "ask for a second signature, or say why one is enough: `accept singleSigner because \"…\"`")
    }

    // What is asked of rounds.

    /// `signers of funding`.
    mutating func inferSigners(_ operand: Expression, _ span: Span) -> CheckedExpression {
        guard case .name(let name) = operand.kind, case .approval(let index) = symbols[name.bytes]?.symbol else {
            _ = infer(operand)
            report(
                .wrongOperands, "only an approval has signers", at: operand.span,
                help: "write `signers of` and the name of an approval")
            return wrong(span)
        }
        guard scope.readsCase else { return reportNotHere("`signers of`", span) }
        used.insert(name.bytes)
        return CheckedExpression(.signers(round: index), .set(.person, 2 * Limits.quorumSeats), span)
    }
}

/// What is kept of an approval's head until all of the contract is known.
struct ApprovalHead {
    let name: Name
    let except: [Expression]
    let accepts: [AcceptSyntax]
    let states: [Int]
}
