import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode
import RemitValues

/// Lists the transactions of the chain.
struct LogCommand: Verb {
    static let words = "log"
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "List the transactions of the chain, newest last; refusals too.",
        discussion: "Example: remit log --from 10 --limit 20 --ledger claims")

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The first block to list (the last ones if left out).", valueName: "height"),
        transform: NumberOption.from(0))
    var from: UInt64?

    @Option(
        parsing: .unconditional, help: NumberOption.help("The most transactions to list.", usually: 20),
        transform: NumberOption.from(1))
    var limit = 20

    @Flag(help: "Only what was refused.")
    var refused = false

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let node = try common.folder().read()
        var entries: [LogEntry] = []
        var more = false
        let isWanted = { (entry: LogEntry) in !refused || !ReceiptText.isDone(entry.outcome) }
        if let from {
            try node.forEachTransaction(from: from) { entry, _, _ in
                guard isWanted(entry) else { return true }
                guard entries.count < limit else {
                    more = true
                    return false
                }
                entries.append(entry)
                return true
            }
        } else {
            (entries, more) = try node.latestTransactions(limit: limit, where: isWanted)
        }
        var table = TextTable([
            ("block", .right), ("time", .left), ("call", .left), ("for", .left), ("case", .left),
            ("outcome", .left),
            ("transaction", .left),
        ])
        for entry in entries {
            table.add([
                String(entry.height), entry.time.utcText, entry.call, entry.organisation,
                entry.caseReference ?? "", ReceiptText.word(entry.outcome), ReceiptText.short(entry.digest),
            ])
        }
        if entries.isEmpty {
            console.line("there are no such transactions")
        } else {
            table.lines.forEach { console.line($0) }
        }
        if more { console.remark("there are more: give --from or a larger --limit", .faint) }
        return Outcome(
            .object([.init("transactions", .array(entries.map(LogText.json))), .init("more", .boolean(more))]))
    }
}

/// Entries of the log as JSON.
enum LogText {
    static func json(_ entry: LogEntry) -> JSONValue {
        .object([
            .init("height", .integer(entry.height)), .init("position", .integer(entry.position)),
            .init("time", .string(entry.time.utcText)), .init("transaction", .string(entry.digest.hex)),
            .init("call", .string(entry.call)), .init("sender", .string(entry.sender.hex)),
            .init("organisation", .string(entry.organisation)),
            .init("case", entry.caseReference.map(JSONValue.string) ?? .null),
            .init("outcome", ReceiptText.json(entry.outcome)),
        ])
    }
}
