import RemitExchange
import RemitLedger
import RemitNode
import RemitValues

/// A step in the history of a case: something that was asked for, or something that fell due.
enum HistoryEntry {
    case transaction(LogEntry)
    case deadline(DeadlineWork)

    var height: UInt64 {
        switch self {
        case .transaction(let entry): entry.height
        case .deadline(let work): work.height
        }
    }

    /// When it took place, in the time of the chain.
    var time: Instant {
        switch self {
        case .transaction(let entry): entry.time
        case .deadline(let work): work.due
        }
    }

    /// The approvals whose rounds it opened and that nobody could fill.
    var unfillableRounds: [String] {
        switch self {
        case .transaction(let entry): entry.unfillableRounds
        case .deadline(let work): work.receipt.unfillableRounds
        }
    }

    /// In the order of the chain: a block runs what has fallen due before its transactions.
    static func inOrder(_ entries: [HistoryEntry]) -> [HistoryEntry] {
        func place(_ entry: HistoryEntry) -> (UInt64, Int, Int) {
            switch entry {
            case .deadline(let work): (work.height, 0, work.position)
            case .transaction(let entry): (entry.height, 1, entry.position)
            }
        }
        return entries.sorted { place($0) < place($1) }
    }

    /// A line for people, times being those of the contract.
    func line(offset: Int) -> String {
        switch self {
        case .transaction(let entry):
            "block \(entry.height)  \(entry.time.zonedText(offset: offset))  \(entry.call)  "
                + "\(ReceiptText.word(entry.outcome))  \(ReceiptText.short(entry.digest))"
        case .deadline(let work):
            "block \(work.height)  \(work.due.zonedText(offset: offset))  \(work.name)  "
                + "\(ReceiptText.word(work.receipt.outcome))  by itself"
        }
    }

    var json: JSONValue {
        switch self {
        case .transaction(let entry): LogText.json(entry)
        case .deadline(let work):
            .object([
                .init("height", .integer(work.height)), .init("position", .integer(work.position)),
                .init("due", .string(work.due.utcText)), .init("deadline", .string(work.name)),
                .init("case", work.receipt.caseReference.map(JSONValue.string) ?? .null),
                .init("outcome", ReceiptText.json(work.receipt.outcome)),
            ])
        }
    }
}
