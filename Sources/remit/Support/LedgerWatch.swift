import Glibc
import RemitExchange
import RemitLedger
import RemitNode
import RemitStore
import RemitValues

/// Keeps a ledger going: makes blocks as deadlines fall due, and of what comes into a folder.
///
/// The ledger is open for writing only while there is something to write, so that other commands find it free.
struct LedgerWatch {
    let folder: LedgerFolder
    let inbox: String?
    /// How long to wait before looking again, in seconds.
    let pause: Int
    /// How long to wait for another command that writes, in seconds.
    let wait: Int?
    let console: Console

    /// What a file of the inbox is called until it is sent.
    private static let ending = ".signed"

    /// What was done.
    private struct Count {
        var blocks = 0
        var sent = 0
        var refused = 0
    }

    /// Runs until somebody asks to stop, or once; what was begun is finished.
    func run(once: Bool) throws -> Outcome {
        try folder.checkThere()
        if let inbox, !Files.isFolder(inbox) {
            throw CommandFailure.files("there is no folder \(inbox)", hint: "make it, or check --inbox")
        }
        Interruption.watch()
        if !once { console.remark("watching \(folder.path): Ctrl-C ends it") }
        console.flush()
        var count = Count()
        repeat {
            do {
                try drain(&count)
                try runDue(&count)
            } catch {
                // Another command may be at work for long: what is due stays due.
                guard !once, case NodeError.store(.locked)? = error as? NodeError else { throw error }
                console.line("\((error as? NodeError)?.message ?? "")", .doubtful)
            }
            console.flush()
            for _ in 0..<pause where !once && !Interruption.isRequested { sleep(1) }
        } while !once && !Interruption.isRequested
        if !once { console.remark("stopped") }
        return Outcome(
            .object([
                .init("blocks", .integer(count.blocks)), .init("sent", .integer(count.sent)),
                .init("refused", .integer(count.refused)),
            ]))
    }

    /// Makes blocks until nothing is due.
    private func runDue(_ count: inout Count) throws {
        let clock = try Clocks.chosen()
        // Reading is free; only where something is due the ledger is opened for writing.
        let reader = try folder.read()
        guard let due = try reader.nextDue(), due <= clock.now else { return }
        try reader.close()
        let node = try folder.write(console, clock: clock, wait: wait)
        while !Interruption.isRequested, let block = try node.commitDue() {
            count.blocks += 1
            console.line("block \(block.header.height), because of what fell due:")
            _ = EngineWork.tell(block, console)
        }
        try node.close()
    }

    /// Sends the files of the inbox.
    private func drain(_ count: inout Count) throws {
        guard let inbox else { return }
        for name in try Files.names(in: inbox, ending: Self.ending) where !Interruption.isRequested {
            let path = "\(inbox)/\(name)"
            let transactions: [Transaction]
            do throws(CommandFailure) {
                transactions = try SignedFile.read(try Files.readPlain(path, limit: Limits.documentBytes), name)
            } catch {
                guard error.status == .usage else { throw error }
                console.line(error.message, .bad)
                try Files.rename(path, to: "\(path).refused")
                continue
            }
            try keep(try send(transactions, path, &count), of: transactions, path)
        }
    }

    /// Keeps a file that was sent, without the private values that are in a ledger now, since no erasure reaches them
    /// here. What is in no block can be sent again as it was.
    private func keep(_ areInBlock: [Bool], of transactions: [Transaction], _ path: String) throws {
        var kept = transactions
        for index in kept.indices where areInBlock[index] { kept[index].sideCar = nil }
        let isPrivate = kept.contains { $0.sideCar != nil }
        guard zip(transactions, areInBlock).contains(where: { $0.sideCar != nil && $1 }) else {
            return try Files.rename(path, to: "\(path).sent")
        }
        let lines = kept.map(SignedFile.line).joined()
        try Files.replacePlain("\(path).sent", Array(lines.utf8), isPrivate: isPrivate)
        try Files.remove(path)
    }

    /// Sends the transactions of a file; which of them are in a block.
    private func send(_ transactions: [Transaction], _ path: String, _ count: inout Count) throws -> [Bool] {
        var answers = ""
        var areInBlock: [Bool] = []
        if !transactions.isEmpty {
            let sender = try SignedSender(try folder.write(console, wait: wait))
            try sender.send(transactions) { answer in
                console.line(answer.text, answer.isDone ? .good : .bad)
                answers += answer.json.text + "\n"
                areInBlock.append(answer.isInBlock)
                count.sent += 1
                if !answer.isDone { count.refused += 1 }
            }
            try sender.close()
        }
        try Files.replacePlain("\(path).answer", Array(answers.utf8))
        return areInBlock
    }
}
