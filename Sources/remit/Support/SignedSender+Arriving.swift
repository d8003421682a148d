import Dispatch
import RemitExchange
import RemitLedger
import RemitNode
import RemitValues
import Synchronization

/// Transactions that are sent as they arrive: each goes into the block that is forming.
extension SignedSender {
    /// Reads one input after the other and sends what each line holds as soon as it is there; `told` gets the answers
    /// in the order of the lines, several at a time, after they are on disk. The number of lines.
    ///
    /// Throws where an input cannot be read or the ledger not be written; what was answered before is on disk.
    func send(arrivingIn inputs: [ArrivingLines], told: ([Answer]) -> Void) throws -> Int {
        let line = SentLine()
        // Only the queue has these from here on.
        nonisolated(unsafe) let inputs = inputs
        let group = group
        DispatchQueue(label: "remit.input").async {
            do throws(CommandFailure) {
                for input in inputs { try Self.read(input, into: line, group) }
                line.end(nil)
            } catch {
                line.end(error)
            }
        }
        var count = 0
        while let settled = try line.next() {
            var answers: [Answer] = []
            defer { told(answers) }
            try answer(settled, &answers)
            count += answers.count
        }
        return count
    }

    private static func read(
        _ input: ArrivingLines, into line: SentLine, _ group: GroupCommit
    ) throws(CommandFailure) {
        while let text = try input.next() {
            if text.bytes?.isEmpty == true { continue }
            guard let transaction = text.bytes.flatMap(SignedFile.transaction) else {
                line.add(.unreadable(place: "\(input.name):\(text.number)"))
                continue
            }
            let place = line.add(.sent(transaction, nil))
            group.submit(transaction) { line.settle(place, transaction, $0) }
        }
    }

    /// Throws at the first that was not written; those before it have their answers then.
    private func answer(_ settled: [SentLine.Item], _ answers: inout [Answer]) throws {
        let sent = settled.map { item -> (Transaction, GroupCommit.Answer)? in
            guard case .sent(let transaction, let answer?) = item else { return nil }
            return (transaction, answer)
        }
        let known = try known(sent)
        for (index, item) in settled.enumerated() {
            if let entry = known[index] {
                answers.append(Self.again(entry))
            } else if let (transaction, answer) = sent[index] {
                answers.append(try Self.words(answer, transaction))
            } else if case .unreadable(let place) = item {
                answers.append(Self.unreadable(place))
            }
        }
    }

    private static func unreadable(_ place: String) -> Answer {
        let failure = SignedFile.unreadable(place)
        return Answer(
            text: failure.message,
            json: .object([
                .init("transaction", .null), .init("height", .null),
                .init(
                    "error",
                    .object([
                        .init("code", .string("unreadable")), .init("message", .string(failure.message)),
                        .init("hint", failure.hint.map(JSONValue.string) ?? .null),
                    ])),
            ]), isDone: false, isInBlock: false)
    }
}

/// The lines that were read and are not told of yet, in their order. One thread reads, others answer, one tells.
private final class SentLine: Sendable {
    enum Item {
        case sent(Transaction, GroupCommit.Answer?)
        case unreadable(place: String)

        var isSettled: Bool {
            if case .sent(_, nil) = self { false } else { true }
        }
    }

    private struct Line {
        var items: [Item] = []
        /// The number of the first item.
        var first = 0
        var isEnded = false
        var failure: CommandFailure?
    }

    /// Reading stops where so many have no answer yet.
    private static let limit = 5000

    private let line = Mutex(Line())
    private let room = DispatchSemaphore(value: 0)
    private let bell = DispatchSemaphore(value: 0)

    /// One that was made with room in it could not be let go of before all of that was given back, as after a failure.
    init() {
        for _ in 0..<Self.limit { room.signal() }
    }

    /// Adds an item at the end, once there is room; its number.
    @discardableResult func add(_ item: Item) -> Int {
        room.wait()
        let number = line.withLock { line in
            line.items.append(item)
            return line.first + line.items.count - 1
        }
        if item.isSettled { bell.signal() }
        return number
    }

    func settle(_ number: Int, _ transaction: Transaction, _ answer: GroupCommit.Answer) {
        line.withLock { $0.items[number - $0.first] = .sent(transaction, answer) }
        bell.signal()
    }

    /// Says that nothing more comes, and why where that is no end.
    func end(_ failure: CommandFailure?) {
        line.withLock {
            $0.isEnded = true
            $0.failure = failure
        }
        bell.signal()
    }

    /// The next items that have answers; waits for them. Nil at the end, and throws where reading failed, after all
    /// that was read before.
    func next() throws(CommandFailure) -> [Item]? {
        while true {
            let (settled, isOver, failure) = line.withLock { line -> ([Item], Bool, CommandFailure?) in
                let settled = Array(line.items.prefix { $0.isSettled })
                line.items.removeFirst(settled.count)
                line.first += settled.count
                return (settled, line.isEnded && line.items.isEmpty, line.failure)
            }
            for _ in settled { room.signal() }
            if !settled.isEmpty { return settled }
            if isOver {
                if let failure { throw failure }
                return nil
            }
            bell.wait()
        }
    }
}
