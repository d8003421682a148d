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

    /// What was done, and what waits.
    private struct Count {
        var blocks = 0
        var sent = 0
        var refused = 0
        var waiting = Waiting()
    }

    /// What acts on cases that are behind stays in the inbox, with what the same keys signed after it.
    private struct Waiting {
        /// The files that are passed over until more has been caught up.
        var files: Set<String> = []
        var keys: Set<PublicKey> = []
        /// The files of which it was said.
        var told: Set<String> = []

        /// Whether a call is to be sent again: it was turned away for what `tick` sees to, or since one before it was.
        mutating func takes(_ fault: AdmissionFault?, _ key: PublicKey) -> Bool {
            switch fault {
            case .behind: keys.insert(key)
            case .skippedSequence where keys.contains(key): break
            default: return false
            }
            return true
        }

        /// Lets everything be sent again.
        mutating func end() { (files, keys) = ([], []) }
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
        let arrivals = once ? nil : inbox.map { FolderWatch($0, ending: Self.ending) }
        var isMoreDue = false
        repeat {
            var isBusy = false
            isMoreDue = false
            count.waiting.end()
            do {
                // Whoever acts on a case that is behind is turned away, so that what is due comes before the inbox: all
                // of it where this runs once, and else so much that the inbox does not wait for long.
                isMoreDue = try runDue(&count)
                if !once || !isMoreDue { isBusy = try drain(&count) }
                // What was sent may have begun what is due already.
                if once, !isMoreDue { isMoreDue = try runDue(&count) || !count.waiting.files.isEmpty }
            } catch {
                // Another command may be at work for long: what is due stays due.
                guard !once, case NodeError.store(.locked)? = error as? NodeError else { throw error }
                console.line("\((error as? NodeError)?.message ?? "")", .doubtful)
            }
            console.flush()
            if !once, !isBusy, !isMoreDue { rest(arrivals) }
        } while (!once || isMoreDue) && !Interruption.isRequested
        if !once { console.remark("stopped") }
        return Outcome(
            .object([
                .init("blocks", .integer(count.blocks)), .init("sent", .integer(count.sent)),
                .init("refused", .integer(count.refused)), .init("waiting", .integer(count.waiting.files.count)),
            ]))
    }

    /// Makes blocks until nothing is due, or so many that it is time to look at the inbox; whether more is due.
    private func runDue(_ count: inout Count) throws -> Bool {
        let clock = try Clocks.chosen()
        // Reading is free; only where something is due the ledger is opened for writing.
        let reader = try folder.read()
        guard let first = try reader.nextDue(), first <= clock.now else { return false }
        try reader.close()
        let node = try folder.write(console, clock: clock, wait: wait)
        var due = DueBlocks(console: console)
        try due.run(on: node, clock: clock, limit: Limits.blocksAtOnce) { height in
            console.line("block \(height), because of what fell due:")
        }
        count.blocks += due.blocks
        try node.close()
        return due.isUnfinished
    }

    /// Waits until it is time to look again, a file arrives or somebody asks to stop.
    private func rest(_ arrivals: FolderWatch?) {
        for _ in 0..<pause where !Interruption.isRequested {
            guard let arrivals else {
                sleep(1)
                continue
            }
            if arrivals.wait() { return }
        }
    }

    /// A file of the inbox, and what became of its transactions.
    private struct Letter {
        let path: String
        let transactions: [Transaction]
        var answers: [SignedSender.Answer] = []
        /// Whether one of them is to be sent again once its case is caught up, and the others with it.
        var waits = false
    }

    /// So many times in a row the inbox is emptied before the ledger is free for other commands.
    private static let rounds = 100

    /// Sends the files of the inbox until none is left: those that arrive while others are sent and written share the
    /// next blocks. Whether more may be there already.
    private func drain(_ count: inout Count) throws -> Bool {
        guard let inbox else { return false }
        var sender: SignedSender?
        for _ in 0..<Self.rounds where !Interruption.isRequested {
            let letters = try letters(inbox, except: count.waiting.files)
            if letters.isEmpty {
                try sender?.close()
                return false
            }
            if sender == nil, letters.contains(where: { !$0.transactions.isEmpty }) {
                sender = try SignedSender(try folder.write(console, wait: wait))
            }
            try send(letters, sender, &count)
            console.flush()
        }
        try sender?.close()
        return true
    }

    /// The next files of the inbox that can be read; the others are put aside.
    private func letters(_ inbox: String, except waiting: Set<String>) throws -> [Letter] {
        var letters: [Letter] = []
        var (transactions, bytes) = (0, 0)
        for name in try Files.names(in: inbox, ending: Self.ending) where !Interruption.isRequested {
            if waiting.contains("\(inbox)/\(name)") { continue }
            guard transactions < Limits.sentTransactions, bytes < Limits.documentBytes else { break }
            let path = "\(inbox)/\(name)"
            do throws(CommandFailure) {
                let text = try Files.readPlain(path, limit: Limits.documentBytes)
                letters.append(Letter(path: path, transactions: try SignedFile.read(text, name)))
                transactions += letters.last?.transactions.count ?? 0
                bytes += text.count
            } catch {
                // Somebody may have taken it back; what cannot be read keeps nobody else from being answered.
                guard Files.exists(path) else { continue }
                console.line(error.message, .bad)
                try Files.rename(path, to: "\(path).refused")
            }
        }
        return letters
    }

    /// Sends the transactions of files, all at once, and leaves the answers beside each file.
    private func send(_ letters: [Letter], _ sender: SignedSender?, _ count: inout Count) throws {
        var letters = letters
        var place = 0
        for letter in letters where letter.transactions.isEmpty { try finish(letter, &count) }
        letters.removeAll { $0.transactions.isEmpty }
        try sender?.send(letters.flatMap(\.transactions)) { answer in
            let transaction = letters[place].transactions[letters[place].answers.count]
            letters[place].answers.append(answer)
            if count.waiting.takes(answer.fault, transaction.body.sender) {
                letters[place].waits = true
                if !count.waiting.told.contains(letters[place].path) { console.line(answer.text, .doubtful) }
            } else {
                console.line(answer.text, answer.isDone ? .good : .bad)
            }
            if letters[place].answers.count == letters[place].transactions.count {
                try finish(letters[place], &count)
                place += 1
            }
        }
    }

    /// Answers a file; one that waits is answered when it has been sent again.
    private func finish(_ letter: Letter, _ count: inout Count) throws {
        if letter.waits {
            count.waiting.files.insert(letter.path)
            if count.waiting.told.insert(letter.path).inserted {
                console.line("\(letter.path) stays, and is sent again when more has been caught up", .doubtful)
            }
            return try keep(letter, as: letter.path)
        }
        count.sent += letter.answers.count
        count.refused += letter.answers.count { !$0.isDone }
        let lines = letter.answers.map { $0.json.text + "\n" }.joined()
        try Files.replacePlain("\(letter.path).answer", Array(lines.utf8))
        try keep(letter, as: "\(letter.path).sent")
    }

    /// Keeps a file that was sent, without the private values that are in a ledger now, since no erasure reaches them
    /// here. What is in no block can be sent again as it was.
    private func keep(_ letter: Letter, as path: String) throws {
        var kept = letter.transactions
        for index in kept.indices where letter.answers[index].isInBlock { kept[index].sideCar = nil }
        let isChanged = zip(kept, letter.transactions).contains { $0.sideCar == nil && $1.sideCar != nil }
        if isChanged {
            let isPrivate = kept.contains { $0.sideCar != nil }
            try Files.replacePlain(path, Array(kept.map(SignedFile.line).joined().utf8), isPrivate: isPrivate)
            if path != letter.path { try Files.remove(letter.path) }
        } else if path != letter.path {
            try Files.rename(letter.path, to: path)
        }
    }
}
