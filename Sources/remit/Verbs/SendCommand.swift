import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode
import RemitValues

/// How long a command that writes waits for another one.
struct WaitOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Wait so long for another command that writes.", valueName: "seconds"))
    var wait: Int?

    func validate() throws {
        if let wait, !(0...Limits.longestLockSeconds).contains(wait) {
            throw ValidationError("--wait takes a number of seconds from 0 to \(Limits.longestLockSeconds)")
        }
    }
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

            Example: remit send order.signed --ledger claims
                     cat orders/*.signed | remit send - --ledger claims
            """)

    @Argument(help: ArgumentHelp("Files of signed transactions (- for standard input).", valueName: "file"))
    var files: [String]

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        try folder.checkThere()
        var transactions: [Transaction] = []
        for file in files {
            let limit = Limits.documentBytes
            let bytes = try file == "-" ? Files.read(0, "standard input", limit: limit) : Files.read(file, limit: limit)
            guard bytes.count <= limit else {
                throw CommandFailure.usage("\(file) is longer than \(limit) bytes", hint: "send it in parts")
            }
            transactions += try SignedFile.read(bytes, file == "-" ? "standard input" : file)
        }
        guard !transactions.isEmpty else {
            throw CommandFailure.usage(
                "there is no transaction in \(files.joined(separator: ", "))",
                hint: "remit submit … --sign-only --out FILE makes one")
        }
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
}
