import RemitLedger
import RemitStore

/// Compares the state rows of a store, present and past, with the changes of its blocks, one block after another.
///
/// A change of block h must have left a row since h with its value, and must have ended the row before it at h. Who
/// counts the rows and the endings in the end knows that there are no others, and holds nothing of the state in memory.
struct RowCheck {
    /// Rows that the blocks, or a snapshot, wrote.
    var written: UInt64 = 0
    /// Rows that the blocks ended.
    private(set) var closed: UInt64 = 0
    /// Versions of cases that the blocks, or a snapshot, made.
    var versions: UInt64 = 0

    /// Compares the rows of a block's changes, one for each key; says what differs.
    mutating func problems(
        _ store: ChainStore, _ changes: [StateChange], height: UInt64
    ) throws(NodeError) -> [ChainProblem] {
        var texts: [String] = []
        do throws(StoreError) {
            for change in changes {
                let (space, item) = (change.key.space, change.key.item)
                if height > 0, let before = try store.lastStateRow(space: space, item: item, upTo: height - 1),
                    before.until.map({ $0 >= height }) ?? true
                {
                    if before.until == height {
                        closed += 1
                    } else {
                        let name = RowHistory.name(change.key, since: before.since)
                        texts.append("state row \(name) ends at another height than on the chain")
                    }
                }
                guard let value = change.value else { continue }
                written += 1
                let row = try store.lastStateRow(space: space, item: item, upTo: height)
                if row?.since != height {
                    let name = RowHistory.name(change.key, since: height)
                    texts.append("state row \(name), written by block \(height), is missing from the database")
                } else if row?.value != value {
                    let name = RowHistory.name(change.key, since: height)
                    texts.append("state row \(name) has another value than block \(height) gave it")
                }
            }
        } catch {
            guard case .damaged(_, let row, let problem) = error else { throw .store(error) }
            texts.append("state row \(row ?? "of block \(height)"): \(problem)")
        }
        return texts.map { ChainProblem(height: nil, position: nil, text: $0) }
    }
}
