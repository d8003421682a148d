import RemitLanguage
import RemitValues

/// Deadlines and approvals: their terms, heads and bodies are code of their own, which the transition comes to.
extension Lowering {
    func lowerDeadlines() throws(LoweringProblem) {
        beginLabel = assembler.here()
        for slot in fields { try copyFields(slot, Span(0, 0)) }
        emit(Instruction(.halt), Span(0, 0))
        for (index, deadline) in program.deadlines.enumerated() {
            let start = try part { () throws(LoweringProblem) in try lowerStart(deadline, index) }
            let body = try part(deadline.body, deadline.span)
            deadlineLabels.append((start, body))
        }
    }

    func lowerApprovals() throws(LoweringProblem) {
        for (index, approval) in program.approvals.enumerated() {
            openingLabels.append(try part { () throws(LoweringProblem) in try lowerOpening(approval, index) })
            outcomeLabels.append(try part(approval.granted, approval.span))
            outcomeLabels.append(try part(approval.declined, approval.span))
            outcomeLabels.append(try part(approval.overdue, approval.span))
        }
    }

    private func part(_ body: CheckedBody, _ span: Span) throws(LoweringProblem) -> Label {
        try part { () throws(LoweringProblem) in
            try block(body.block, span)
            emit(Instruction(.halt), span)
        }
    }

    /// Code that begins at a label and ends at its halt.
    private func part(_ body: () throws(LoweringProblem) -> Void) throws(LoweringProblem) -> Label {
        let label = assembler.here()
        draft.depth = max(draft.depth, try routine(body))
        return label
    }

    /// Nothing starts where the field that the term counts from is absent; a day counts from its end.
    private func lowerStart(_ deadline: DeadlineDeclaration, _ index: Int) throws(LoweringProblem) {
        let done = assembler.label()
        var from = draft.entries.now
        if let past = deadline.past {
            from = fields[past].register
            assembler.emit(Instruction(.jumpIfAbsent, a: from, number: 0), deadline.span, to: done)
            if shape(of: from).kind == .date {
                let end = try temporary(try shape(.dateTime))
                emit(Instruction(.dayEnd, end, from), deadline.span)
                from = end
            }
        }
        try assembler.charge(deadline.term.cost, deadline.span)
        let term = try value(deadline.term.expression)
        emit(Instruction(.startDeadline, term, from, try narrow(index, "deadlines")), deadline.span)
        assembler.bind(done)
        emit(Instruction(.halt), deadline.span)
    }

    private func lowerOpening(_ approval: ApprovalDeclaration, _ index: Int) throws(LoweringProblem) {
        let span = approval.span
        let declines = ValueType.optional(.quorum)
        let head = try block([try shape(.quorum), try shape(declines), try shape(.term)])
        try assembler.charge(approval.openingCost, span)
        try assembler.charge(approval.needs.cost, span)
        _ = try value(approval.needs.expression, into: head[0])
        if let quorum = approval.declinedBy {
            try assembler.charge(quorum.cost, span)
            _ = try value(quorum.expression, into: head[1])
        } else {
            move(head[1], try constant(.absent, declines), span)
        }
        for expression in approval.except {
            try freeing { () throws(LoweringProblem) in
                emit(Instruction(.bar, 0, try value(expression)), expression.span)
            }
        }
        try assembler.charge(approval.within.cost, span)
        _ = try value(approval.within.expression, into: head[2])
        emit(Instruction(.openRound, 0, head[0], try narrow(index, "approvals")), span)
        emit(Instruction(.halt), span)
    }
}
