import Dispatch
import RemitLedger
import RemitValues
import Synchronization

/// Transactions in the order in which they arrived, until a block takes them; their signatures are checked meanwhile.
///
/// Any thread adds; one thread at a time takes.
final class Arrivals: Sendable {
    /// Whoever waits for the answer of a transaction.
    struct Arrival: Sendable {
        let answer: @Sendable (GroupCommit.Answer) -> Void
        /// The transaction once its signature was found valid.
        fileprivate(set) var checked: CheckedTransaction?
        /// Whether its signature was checked.
        fileprivate var isSettled = false
    }

    /// The number of an arrival among all.
    struct Ticket {
        fileprivate let number: UInt64
    }

    private struct Line {
        /// What no block has taken yet.
        var waiting: [Arrival] = []
        /// The number of the first of them.
        var first: UInt64 = 0
        /// How many of the first of them have been checked.
        var ready = 0
        /// Whether somebody makes blocks, or is about to.
        var isTaken = false
        /// Whether a block is being sealed and written.
        var isWriting = false
        /// What comes before this number is to be in the block when it is closed.
        var goal: UInt64 = 0
        /// Whether whoever makes blocks waits for more.
        var isListening = false

        /// Whether the one who waits has something to do.
        var isWorthWaking: Bool {
            ready >= Arrivals.enough || (!isWriting && first + UInt64(ready) >= goal)
        }
    }

    /// So many are executed at a time while the block before is written: being woken for each would cost more.
    private static let enough = 16

    private let line = Mutex(Line())
    private let bell = DispatchSemaphore(value: 0)

    /// Adds a transaction at the end, by whoever waits for its answer; nil where too many are waiting.
    func add(_ answer: @escaping @Sendable (GroupCommit.Answer) -> Void) -> Ticket? {
        line.withLock { line in
            guard line.waiting.count < Limits.waitingTransactions else { return nil }
            line.waiting.append(Arrival(answer: answer))
            return Ticket(number: line.first + UInt64(line.waiting.count - 1))
        }
    }

    /// Says what became of the check of a signature, nil where it is not valid; then the transaction is in no block.
    ///
    /// Gives true where nobody makes blocks: the caller has to see to it.
    func settle(_ ticket: Ticket, _ checked: CheckedTransaction?) -> Bool {
        let (isFirst, isWoken) = line.withLock { line -> (Bool, Bool) in
            // It is taken after this at the earliest.
            let place = Int(ticket.number - line.first)
            line.waiting[place].checked = checked
            line.waiting[place].isSettled = true
            while line.ready < line.waiting.count, line.waiting[line.ready].isSettled { line.ready += 1 }
            if !line.isTaken, line.ready > 0 {
                line.isTaken = true
                return (true, false)
            }
            return (false, Self.wake(&line))
        }
        if isWoken { bell.signal() }
        return isFirst
    }

    /// Says whether a block is being written. Once it is not, three of four that have arrived are to be in the next.
    ///
    /// Were it all of them, a block of nearly everybody and a block of nearly nobody would take turns for ever.
    func tell(isWriting: Bool) {
        let isWoken = line.withLock { line -> Bool in
            line.isWriting = isWriting
            guard !isWriting else { return false }
            line.goal = line.first + UInt64((line.waiting.count * 3 + 3) / 4)
            return Self.wake(&line)
        }
        if isWoken { bell.signal() }
    }

    private static func wake(_ line: inout Line) -> Bool {
        guard line.isListening, line.isWorthWaking else { return false }
        line.isListening = false
        return true
    }

    /// What is first in a new block, at most `limit`; none where nothing waits that was checked, and then whoever adds
    /// the next begins anew.
    func begin(limit: Int) -> [Arrival] {
        line.withLock { line in
            while line.ready > 0 {
                let taken = Self.take(&line, limit)
                if !taken.isEmpty { return taken }
            }
            line.isTaken = false
            return []
        }
    }

    /// What is to follow in a block that has `count`; waits for it, and gives none where the block is to be closed.
    func more(has count: Int, limit: Int) -> [Arrival] {
        while true {
            let (taken, isClosed) = line.withLock { line -> ([Arrival], Bool) in
                guard count < limit else { return ([], true) }
                let taken = Self.take(&line, limit - count)
                guard taken.isEmpty else { return (taken, false) }
                if !line.isWriting, line.first >= line.goal { return ([], true) }
                line.isListening = true
                return ([], false)
            }
            if isClosed || !taken.isEmpty { return taken }
            bell.wait()
        }
    }

    private static func take(_ line: inout Line, _ limit: Int) -> [Arrival] {
        let count = min(line.ready, limit)
        let taken = line.waiting.prefix(count).filter { $0.checked != nil }
        line.waiting.removeFirst(count)
        line.first += UInt64(count)
        line.ready -= count
        return taken
    }
}
