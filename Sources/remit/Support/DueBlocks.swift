import RemitExchange
import RemitLedger
import RemitNode
import RemitValues

/// Makes blocks of what has fallen due until nothing is left, and says what they did.
struct DueBlocks {
    let console: Console
    /// The height of the last block that was made; nil where none was.
    private(set) var height: UInt64?
    /// How many blocks were made, and what they did by themselves.
    private(set) var blocks = 0
    private(set) var count = 0
    /// What they did, for programs; the first of it where it is much.
    private(set) var told: [JSONValue] = []
    /// Whether more has fallen due than these blocks did.
    private(set) var isUnfinished = false

    init(console: Console) { self.console = console }

    /// Makes blocks until nothing has fallen due, so many were made or somebody asks to stop; `heading` is called
    /// before what a block did is told.
    mutating func run(
        on node: LedgerNode, clock: any Clock, limit: Int = .max, heading: (UInt64) -> Void = { _ in }
    ) throws {
        let begun = try node.nextDue()
        for _ in 0..<limit {
            if Interruption.isRequested { break }
            guard let block = try node.commitDue() else {
                console.clearBar()
                return tellCount()
            }
            height = block.header.height
            blocks += 1
            count += block.deadlines.count
            if told.count < Limits.toldDeadlines {
                heading(block.header.height)
                told += EngineWork.tell(block, console, limit: Limits.toldDeadlines - told.count)
            }
            try show(begun, node, clock)
        }
        console.clearBar()
        tellCount()
        guard let due = try node.nextDue(), due <= clock.now else { return }
        isUnfinished = true
    }

    /// How far the due times have come on the way to now.
    private func show(_ begun: Instant?, _ node: LedgerNode, _ clock: any Clock) throws {
        guard blocks > 1, let begun, let next = try node.nextDue() else { return }
        let all = max(1, clock.now.seconds - begun.seconds)
        console.progress("deadlines", Int(clamping: min(all, next.seconds - begun.seconds)), of: Int(clamping: all))
    }

    /// Says how much there was besides what was told.
    private func tellCount() {
        guard count > told.count else { return }
        console.line("and \(count - told.count) more, in \(Counted.text(blocks, "block")) in all")
    }
}

extension EngineWork {
    /// Says what a block did by itself, up to a limit; the same for programs.
    static func tell(_ block: CommittedBlock, _ console: Console, limit: Int = .max) -> [JSONValue] {
        var deadlines: [JSONValue] = []
        for execution in block.deadlines.prefix(limit) {
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
