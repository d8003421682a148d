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

            A block runs \(Limits.caseDeadlines) deadlines of a case at most, and \(Limits.blockDeadlines) in all; \
            this makes blocks until nothing is left. Ctrl-C ends it behind a block, and the next run goes on from there.

            With --inbox it then sends what lies in a folder, as remit send does: files whose names end in .signed, \
            in the order of their names. Beside each it writes FILE.answer, one line of JSON for each transaction, and \
            then calls the file FILE.sent; one that cannot be read is called FILE.refused. Give a file such a name \
            when it is whole. With --watch files are sent as they arrive, and those that arrive while a block is \
            written share the next one. A file with a call on a case whose deadlines are not caught up yet keeps its \
            name, and is sent again once they are.

            Example: remit tick --ledger hospital
                     remit tick --watch --inbox /srv/remit/inbox --ledger hospital
            """)

    @Flag(help: "Keep running, and make blocks as deadlines fall due.")
    var watch = false

    @Option(help: ArgumentHelp("Send the .signed files of this folder, too.", valueName: "folder"))
    var inbox: String?

    @Option(
        parsing: .unconditional,
        help: NumberOption.help("With --watch: look again after so long.", "seconds", usually: 5),
        transform: NumberOption.reading(1...Limits.watchSeconds, "a number of seconds"))
    var every = 5

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        if watch || inbox != nil {
            return try LedgerWatch(folder: folder, inbox: inbox, pause: every, wait: waiting.wait, console: console)
                .run(once: !watch)
        }
        let clock = try Clocks.chosen()
        let node = try folder.write(console, clock: clock, wait: waiting.wait)
        Interruption.watch()
        var due = DueBlocks(console: console)
        try due.run(on: node, clock: clock)
        if due.blocks == 0, !due.isUnfinished { console.line("nothing has fallen due") }
        if due.isUnfinished {
            console.line("stopped: more has fallen due, and the next block goes on with it", .doubtful)
        }
        return Outcome(
            .object([
                .init("height", due.height.map { .integer($0) } ?? .null), .init("blocks", .integer(due.blocks)),
                .init("count", .integer(due.count)), .init("deadlines", .array(due.told)),
                .init("isFinished", .boolean(!due.isUnfinished)),
            ]))
    }
}
