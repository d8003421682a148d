import RemitExchange
import RemitLedger
import RemitNode
import RemitValues

/// A moment in the history of a ledger, as somebody writes it.
enum Moment {
    case height(UInt64)
    case time(Instant)
    /// The end of a day, on the calendar of the contract that is looked at.
    case day(CalendarDate)

    /// Reads `12`, `2026-06-01T08:00:00Z` or `2026-06-01`.
    init(_ text: String) throws(CommandFailure) {
        if let height = UInt64(text), String(height).utf8.elementsEqual(text.utf8) {
            self = .height(height)
        } else if let day = CalendarDate.parse(text) {
            self = .day(day)
        } else if case .instant(let instant)? = try? ArgumentReading.value(text, for: .dateTime, name: "--at") {
            self = .time(instant)
        } else {
            throw .usage(
                "\"\(text)\" is no height and no time",
                hint: "write the number of a block, a day such as 2026-06-01, or a time such as 2026-06-01T08:00:00Z")
        }
    }

    /// The height of the last block at this moment; `offset` is the contract's, in seconds east of UTC.
    func height(in node: LedgerNode, offset: Int) throws -> UInt64 {
        switch self {
        case .height(let height):
            guard height <= node.head.height else {
                throw CommandFailure.usage(
                    "there is no block \(height)", hint: "the last block is \(node.head.height)")
            }
            return height
        case .time(let instant): return try Self.height(at: instant, in: node)
        case .day(let day):
            guard let end = Instant(date: day, hour: 23, minute: 59, second: 59, offset: offset) else {
                throw CommandFailure.usage("\(day) is outside the years 0001 to 9999", hint: "check the day")
            }
            return try Self.height(at: end, in: node)
        }
    }

    private static func height(at instant: Instant, in node: LedgerNode) throws -> UInt64 {
        guard let height = try node.height(at: instant) else {
            throw CommandFailure.refused(
                "the ledger has no block as early as \(instant.utcText)", hint: "remit log shows when it begins")
        }
        return height
    }
}
