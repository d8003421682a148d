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
            clock, such as every minute, or keep it running with --watch until Ctrl-C: it then makes blocks as time \
            comes, and opens the ledger for writing only for these. A version of a contract whose day has come takes \
            over so, and running cases that it brings over follow, some in each block.

            With --inbox it first sends what lies in a folder, as remit send does: files whose names end in .signed, \
            in the order of their names. Beside each it writes FILE.answer, one line of JSON for each transaction, and \
            then calls the file FILE.sent; one that cannot be read is called FILE.refused. Give a file such a name \
            when it is whole. With --watch files are sent as they arrive, and those that arrive while a block is \
            written share the next one.

            Example: remit tick --ledger hospital
                     remit tick --watch --inbox /srv/remit/inbox --ledger hospital
            """)

    @Flag(help: "Keep running, and make blocks as deadlines fall due.")
    var watch = false

    @Option(help: ArgumentHelp("Send the .signed files of this folder first.", valueName: "folder"))
    var inbox: String?

    @Option(help: ArgumentHelp("With --watch: look again after so long.", valueName: "seconds"))
    var every = 5

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (1...Limits.watchSeconds).contains(every) else {
            throw ValidationError("--every takes a number of seconds from 1 to \(Limits.watchSeconds)")
        }
    }

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        if watch || inbox != nil {
            return try LedgerWatch(folder: folder, inbox: inbox, pause: every, wait: waiting.wait, console: console)
                .run(once: !watch)
        }
        let node = try folder.write(console, wait: waiting.wait)
        guard let block = try node.commitDue() else {
            console.line("nothing has fallen due")
            return Outcome(.object([.init("height", .null), .init("deadlines", .array([]))]))
        }
        return Outcome(
            .object([
                .init("height", .integer(block.header.height)),
                .init("deadlines", .array(EngineWork.tell(block, console))),
            ]))
    }
}

extension EngineWork {
    /// Says what a block did by itself; the same for programs.
    static func tell(_ block: CommittedBlock, _ console: Console) -> [JSONValue] {
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
        return deadlines
    }
}
