import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode
import RemitValues

/// What a block did by itself, in words.
private struct EngineWork {
    /// A word for programs: `deadline`, `migration` of a case, `version` that takes over, or `migrating` its cases.
    let word: String
    let text: String

    init(_ execution: Execution) {
        let receipt = execution.receipt
        let clause = execution.findings.clauses.first ?? ""
        let parts = clause.split(separator: ":").map(String.init)
        let contract = parts.count > 1 ? parts[1].split(separator: "/").map(String.init) : []
        if let name = receipt.caseReference {
            let isMigration = parts.first == "migration"
            word = isMigration ? "migration" : "deadline"
            let what = isMigration ? "migration from version \(parts.last ?? "")" : "deadline"
            text = "\(name): \(what) \(ReceiptText.outcome(receipt.outcome))"
        } else if parts.first == "version", contract.count == 2 {
            word = "version"
            text = "\(contract[0]): version \(contract[1]) opens new cases from now on"
        } else if parts.count == 3, contract.count == 2 {
            word = "migrating"
            text = "\(contract[0]): version \(contract[1]) takes over among cases \(parts[2])"
        } else {
            word = "deadline"
            text = "a case: deadline \(ReceiptText.outcome(receipt.outcome))"
        }
    }
}

/// Makes a block of what has fallen due.
struct TickCommand: Verb {
    static let words = "tick"
    static let configuration = CommandConfiguration(
        commandName: "tick",
        abstract: "Run the deadlines that have fallen due, in a block of their own.",
        discussion: """
            Every block runs what has fallen due first; this makes one where no transaction is coming. Run it by the \
            clock, such as every minute. A version of a contract whose day has come takes over so, and running cases
            that it brings over follow, some in each block.

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
            let work = EngineWork(execution)
            console.line(work.text)
            for notice in receipt.notices { console.line("  notice to \(notice.to): \(notice.text)") }
            deadlines.append(
                .object([
                    .init("case", receipt.caseReference.map(JSONValue.string) ?? .null),
                    .init("work", .string(work.word)),
                    .init("outcome", ReceiptText.json(receipt.outcome)),
                ]))
        }
        return Outcome(
            .object([.init("height", .integer(block.header.height)), .init("deadlines", .array(deadlines))]))
    }
}
