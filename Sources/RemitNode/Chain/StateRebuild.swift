import Dispatch
public import RemitLedger
public import RemitStore

/// Rebuilds what a header commits to from the state rows, with the hashes of the rows made on all cores.
public enum StateRebuild {
    /// The rows that one core hashes before it looks for more.
    private static let batch = 4096

    /// The commitment to the present rows; nil where two of them have one key.
    public static func commitment(_ store: ChainStore) throws(NodeError) -> StateCommitment? {
        let work = HashingWork()
        var rows: [StateRow] = []
        rows.reserveCapacity(batch)
        try storing { () throws(StoreError) in
            try store.forEachCurrentState { row throws(StoreError) in
                rows.append(row)
                if rows.count == batch {
                    work.add(rows)
                    rows = []
                    rows.reserveCapacity(batch)
                }
                return .next
            }
        }
        work.add(rows)
        return StateCommitment(rows: work.finish())
    }
}

/// Hashes batches of rows on other cores while more are read.
private final class HashingWork: @unchecked Sendable {
    // Each batch has a place of its own, which its task alone writes, under the lock of the queue.
    private var hashed: [[CommittedRow]] = []
    private let places = DispatchQueue(label: "remit.rebuild")
    private let workers = DispatchQueue(label: "remit.hashing", attributes: .concurrent)
    private let running = DispatchGroup()
    /// Batches that wait: so many that no core is idle, and so few that memory does not grow with the state.
    private let room = DispatchSemaphore(value: 8)
    private var count = 0

    func add(_ rows: [StateRow]) {
        let place = count
        count += 1
        room.wait()
        workers.async(group: running) {
            let done = rows.map { CommittedRow(StateKey(space: $0.space, item: $0.item), value: $0.value) }
            self.places.sync {
                while self.hashed.count <= place { self.hashed.append([]) }
                self.hashed[place] = done
            }
            self.room.signal()
        }
    }

    /// All rows, in the order in which they were read.
    func finish() -> [CommittedRow] {
        running.wait()
        return places.sync {
            defer { hashed = [] }
            return Array(hashed.joined())
        }
    }
}
