import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode
import RemitValues

/// How long a command that writes waits for another one.
struct WaitOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Wait so long for another command that writes.", valueName: "seconds"),
        transform: NumberOption.reading(0...Limits.longestLockSeconds, "a number of seconds"))
    var wait: Int?
}

/// Sends transactions that were signed somewhere else.
struct SendCommand: Verb {
    static let words = "send"
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Commit transactions that remit submit --sign-only has signed, many in a block.",
        discussion: """
            A file has one transaction on each line; files may be joined. Transactions are decided in the order given, \
            and each is answered after its block is on disk. Ends with 1 where one was refused or could not enter.

            Standard input and named pipes are read as they arrive, until they end: a transaction goes into the block \
            that is forming, so that what many write to one pipe shares blocks, and its answer is shown at once, with \
            --json as a line of its own. A line of up to 4096 bytes enters a pipe whole, whoever else writes to it. \
            The ledger is kept until the input ends; a folder that remit tick --watch --inbox empties is for always.

            Example: remit send order.signed --ledger claims
                     mkfifo orders; remit send orders --ledger claims & cat order.signed > orders
            """)

    @Argument(help: ArgumentHelp("Files of signed transactions (- for standard input).", valueName: "file"))
    var files: [String]

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        try folder.checkThere()
        guard files.allSatisfy({ $0 != "-" && (Files.isPlain($0) || !Files.exists($0)) }) else {
            return try sendArriving(folder, console)
        }
        var transactions: [Transaction] = []
        for file in files {
            let limit = Limits.documentBytes
            let bytes = try Files.read(file, limit: limit)
            guard bytes.count <= limit else {
                throw CommandFailure.usage("\(file) is longer than \(limit) bytes", hint: "send it in parts")
            }
            transactions += try SignedFile.read(bytes, file)
        }
        guard !transactions.isEmpty else { throw nothing() }
        let sender = try SignedSender(try folder.write(console, wait: waiting.wait))
        var answers: [JSONValue] = []
        var done = 0
        try sender.send(transactions) { answer in
            console.line(answer.text, answer.isDone ? .good : .bad)
            answers.append(answer.json)
            if answer.isDone { done += 1 }
        }
        return Outcome(
            .object([.init("done", .integer(done)), .init("transactions", .array(answers))]),
            done == transactions.count ? .fine : .finding)
    }

    /// Sends what arrives in pipes, and says at once what became of it.
    private func sendArriving(_ folder: LedgerFolder, _ console: Console) throws -> Outcome {
        for file in files where file != "-" && Files.isFolder(file) {
            throw CommandFailure.files("cannot read \(file): it is a folder", hint: "name a file in it")
        }
        let sender = try SignedSender(try folder.write(console, wait: waiting.wait))
        var done = 0
        let count = try sender.send(
            arrivingIn: files.map { ArrivingLines($0, limit: Limits.signedLineBytes) },
            told: { answers in
                for answer in answers {
                    console.line(answer.text, answer.isDone ? .good : .bad)
                    if common.json { console.bytes(Array((answer.json.text + "\n").utf8)) }
                    if answer.isDone { done += 1 }
                }
                console.flush()
            })
        guard count > 0 else { throw nothing() }
        return Outcome(
            .object([.init("done", .integer(done)), .init("sent", .integer(count))]),
            done == count ? .fine : .finding)
    }

    private func nothing() -> CommandFailure {
        let names = files.map { $0 == "-" ? "standard input" : $0 }.joined(separator: ", ")
        return .usage("there is no transaction in \(names)", hint: "remit submit … --sign-only --out FILE makes one")
    }
}
