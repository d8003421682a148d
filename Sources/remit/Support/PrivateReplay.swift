import RemitExchange
import RemitNode

/// Tells how much of a chain could be executed again.
enum PrivateReplay {
    /// What could not be executed again, on one line; nil where everything could.
    static func text(_ counts: ReplayCounts) -> String? {
        var parts: [String] = []
        let (transactions, blocks) = (counts.transactions, counts.blocks)
        if transactions.redacted + blocks.redacted > 0 {
            parts.append("\(transactions.redacted) transactions in \(blocks.redacted) blocks are redacted")
        }
        if transactions.commitmentOnly + blocks.commitmentOnly > 0 {
            parts.append(
                "\(transactions.commitmentOnly) transactions in \(blocks.commitmentOnly) blocks are commitment-only")
        }
        guard !parts.isEmpty else { return nil }
        return parts.joined(separator: ", ") + ": taken as recorded, and the roots fit"
    }

    static func json(_ counts: ReplayCounts) -> JSONValue {
        .object([.init("transactions", json(counts.transactions)), .init("blocks", json(counts.blocks))])
    }

    private static func json(_ count: ReplayCounts.Count) -> JSONValue {
        .object([
            .init("executed", .integer(count.executed)), .init("redacted", .integer(count.redacted)),
            .init("commitmentOnly", .integer(count.commitmentOnly)),
        ])
    }
}
