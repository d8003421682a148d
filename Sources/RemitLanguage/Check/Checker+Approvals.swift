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
        isWayUnknown = false
        let states = resolveStates(approval.states)
        let isHeadUnknown = isWayUnknown || approval.states.isEmpty
        if approval.states.isEmpty {
            report(
                .missingPart, "`\(name.text)` does not say in which state it takes place", at: name.span,
                help: "add `in` and the state whose entry opens the round")
        }
        begin(.head, [], [])
        let needs = checkQuorum(approval.needs, "`needs` says who signs")
        let except = approval.except.compactMap { checkExcept($0) }
        let declinedBy = approval.declinedBy.map {
            checkQuorum($0, "`declined by` says whose declines end the round")
        }
        let within = check(approval.within, Expectation(.term, because: "`within` says by when"))
        let headLocals = scope.slotCount
        let granted = outcome(approval.granted, "granted", approval, .granted, states, isHeadUnknown)
        let declined = outcome(approval.declined, "declined", approval, .otherOutcome, states, isHeadUnknown)
        let overdue = outcome(approval.overdue, "overdue", approval, .timer, states, isHeadUnknown)
        heads.append(
            ApprovalHead(name: name, accepts: approval.accepts, states: states))
        noteAccepts(approval.accepts, of: name.text)
        program.timers.append(.overdue(program.approvals.count))
        program.approvals.append(
            ApprovalDeclaration(
                name: name.text, states: states, needs: Priced(needs), except: except,
                declinedBy: declinedBy.map { Priced($0) }, within: Priced(within), headLocals: headLocals,
                granted: granted, declined: declined, overdue: overdue, source: source(approval.source),
                span: name.span))
    }

    /// A quorum; roles that are joined without a number are one mistake.
    private mutating func checkQuorum(_ quorum: Expression, _ reason: String) -> CheckedExpression {
        switch quorum.kind {
        case .and(let left, let right), .or(let left, let right):
            guard let first = (roles(of: left) ?? roles(of: right))?.first else { break }
            report(
                .wrongKind, "`\(first.text)` is a role, and a quorum says how many of whom sign", at: first.span,
                help: "write `1 of \(first.text)`, and so for each role")
            return wrong(quorum.span)
        default: break
        }
        return check(quorum, Expectation(.quorum, because: reason))
    }

    /// The roles that an expression names, joined by `and` or `or`; nil where it is anything else.
    func roles(of expression: Expression) -> [Name]? {
        switch expression.kind {
        case .name(let name):
            guard case .role? = symbols[name.bytes]?.symbol else { return nil }
            return [name]
        case .and(let left, let right), .or(let left, let right):
            guard let first = roles(of: left), let second = roles(of: right) else { return nil }
            return first + second
        case .bracketed(let inner): return roles(of: inner)
        default: return nil
        }
    }

    private mutating func outcome(
        _ block: Block?, _ word: String, _ approval: ApprovalSyntax, _ kind: Move.Kind, _ states: [Int],
        _ isHeadUnknown: Bool
    ) -> CheckedBody {
        isWayUnknown = isHeadUnknown
        guard let block else {
            begin(.outcome, [], [])
            becomes = []
            money = MoneyUse()
            isWayUnknown = true
            keepMove(approval.name, kind, from: states)
            report(
                .missingPart, "`\(approval.name.text)` does not say what follows when it is \(word)",
                at: approval.name.span, help: "add `\(word) { become … }`")
            return CheckedBody(block: CheckedBlock(statements: []), localCount: 0)
        }
        let body = checkOutcome(block, .outcome, Name("\(approval.name.text) \(word)", approval.name.span))
        keepMove(approval.name, kind, from: states)
        return body
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
        reads.readsState = true
        return CheckedExpression(.signers(round: index), .set(.person, 2 * Limits.quorumSeats), span)
    }
}

/// What is kept of an approval's head until all of the contract is known.
struct ApprovalHead {
    let name: Name
    let accepts: [AcceptSyntax]
    let states: [Int]
}
