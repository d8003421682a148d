import RemitLanguage
import RemitValues

/// Money, and what is asked of the engine: each is one instruction, by which the engine's own tables are worked.
extension Lowering {
    func moveMoney(_ statement: CheckedStatement) throws(LoweringProblem) {
        let span = statement.span
        switch statement.kind {
        case .reserve(let fund, let amount, let refusal):
            let units = try value(amount)
            let number = try narrow(fund, "funds")
            let answer = try temporary(try shape(.boolean))
            emit(Instruction(.reserve, d: refusal == nil ? 1 : 0, answer, units, number), span)
            guard let refusal else { return }
            let done = assembler.label()
            assembler.emit(Instruction(.jumpIf, a: answer, number: 0), span, to: done)
            try refuse(refusal, .funds, span)
            assembler.bind(done)
        case .release(let fund, let amount):
            let number = try narrow(fund, "funds")
            guard let amount else {
                emit(Instruction(.release, d: 1, 0, 0, number), span)
                return
            }
            emit(Instruction(.release, 0, try value(amount), number), span)
        case .pay(let fund, let amount, let payee):
            let units = try value(amount)
            let party = try value(payee)
            emit(Instruction(.pay, party, units, try narrow(fund, "funds")), span)
        case .transfer(let fund, let amount, let target):
            let units = try value(amount)
            draft.transfers.append(Code.TransferSite(fund: fund, target: target))
            emit(Instruction(.transfer, 0, units, try narrow(draft.transfers.count - 1, "transfers")), span)
        default: throw .unsupported("a statement of this version")
        }
    }

    /// How a round stands, who signed it, what a fund holds.
    func askEngine(_ expression: CheckedExpression, into target: Register?) throws(LoweringProblem) -> Register {
        let result = try result(expression, target)
        switch expression.kind {
        case .outcome(let round):
            emit(Instruction(.roundOutcome, result, 0, try narrow(round, "approvals")), expression.span)
        case .signers(let round):
            emit(Instruction(.signers, result, 0, try narrow(round, "approvals")), expression.span)
        case .available(let fund):
            emit(Instruction(.available, result, 0, try narrow(fund, "funds")), expression.span)
        default: throw .unsupported("an expression of this version")
        }
        return result
    }

    /// Marks that a case field was written, where rounds or deadlines ask for it.
    func markWritten(_ field: Int, _ span: Span) throws(LoweringProblem) {
        guard draft.entries.writtenCount > 0 else { return }
        move(draft.entries.written + Register(field), try constant(.boolean(true), .boolean), span)
    }
}
