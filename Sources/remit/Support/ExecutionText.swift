import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues

/// Shows what became of one transaction of a contract.
struct ExecutionText {
    let program: CheckedProgram
    let height: UInt64

    func show(_ execution: Execution, _ console: Console) -> Outcome {
        let receipt = execution.receipt
        let isDone = ReceiptText.isDone(receipt.outcome)
        var members: [JSONValue.Member] = [
            .init("height", .integer(height)), .init("transaction", .string(receipt.transaction.hex)),
            .init("outcome", ReceiptText.json(receipt.outcome)),
            .init("case", receipt.caseReference.map(JSONValue.string) ?? .null),
            .init("findings", .array(execution.findings.findings.map(ReceiptText.json))),
            .init("unfillableRounds", .array(receipt.unfillableRounds.map(JSONValue.string))),
            .init("cost", .integer(receipt.cost)),
        ]
        if case .done(let effects)? = execution.transition?.transition.outcome {
            let state = program.states[effects.caseState.state].name
            console.line("\(effects.caseState.reference) is \(state)", .good)
            members.append(.init("state", .string(state)))
            let rounds = RoundText(
                program: program, state: effects.caseState, unfillable: receipt.unfillableRounds)
            for line in rounds.lines(onlyOpen: true) { console.remark("  \(line)") }
            members.append(.init("rounds", rounds.json))
        } else {
            console.line(ReceiptText.outcome(receipt.outcome), isDone ? .good : .bad)
        }
        for finding in execution.findings.findings { console.line("  \(ReceiptText.finding(finding))") }
        for notice in receipt.notices { console.line("  notice to \(notice.to): \(notice.text)") }
        console.remark("block \(height), transaction \(ReceiptText.short(receipt.transaction))", .faint)
        return Outcome(.object(members), isDone ? .fine : .finding)
    }
}
