import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode
import RemitValues

/// Makes a block of what has fallen due.
struct TickCommand: Verb {
    static let words = "tick"
    static let configuration = CommandConfiguration(
        commandName: "tick",
        abstract: "Run the deadlines that have fallen due, in a block of their own.",
        discussion: """
            Every block runs what has fallen due first; this makes one where no transaction is coming. Run it by the \
            clock, such as every minute.

            Example: remit tick --ledger hospital
            """)

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let node = try common.folder().write(console)
        guard let block = try node.commitDue() else {
            console.line("nothing has fallen due")
            return Outcome(.object([.init("height", .null), .init("deadlines", .array([]))]))
        }
        var deadlines: [JSONValue] = []
        for execution in block.deadlines {
            let receipt = execution.receipt
            let name = receipt.caseReference ?? "a case"
            console.line("\(name): deadline \(ReceiptText.outcome(receipt.outcome))")
            for notice in receipt.notices { console.line("  notice to \(notice.to): \(notice.text)") }
            deadlines.append(
                .object([
                    .init("case", receipt.caseReference.map(JSONValue.string) ?? .null),
                    .init("outcome", ReceiptText.json(receipt.outcome)),
                ]))
        }
        return Outcome(
            .object([.init("height", .integer(block.header.height)), .init("deadlines", .array(deadlines))]))
    }
}
