import Dispatch
public import RemitLedger
public import RemitStore

/// Rebuilds what a header commits to from the state rows, with the hashes of rows and nodes made on all cores.
public enum StateRebuild {
    /// The rows that one core hashes before it looks for more.
    private static let batch = 4096

    /// The commitment to the present rows; nil where two of them have one key.
    public static func commitment(_ store: ChainStore) throws(NodeError) -> StateCommitment? {
        let work = HashingWork()
        var rows = RowBatch()
        try storing { () throws(StoreError) in
            try store.forEachCurrentBytes { space, item, value throws(StoreError) in
                rows.add(space, item, value)
                if rows.count == batch {
                    work.add(rows)
                    rows = RowBatch()
                }
            }
        }
        work.add(rows)
        return StateCommitment(work.finish()) { count, body in
            DispatchQueue.concurrentPerform(iterations: count, execute: body)
        }
    }
}

/// Rows to be hashed, their bytes one after another: so a batch is a few arrays, and not some for each row.
private struct RowBatch: Sendable {
    private var bytes: [UInt8] = []
    private var rows: [(space: Int, itemEnd: Int, valueEnd: Int)] = []
    private var spaces: [String] = []

    var count: Int { rows.count }

    mutating func add(_ space: String, _ item: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        if spaces.last.map({ !$0.utf8.elementsEqual(space.utf8) }) ?? true { spaces.append(space) }
        bytes.append(contentsOf: item)
        let itemEnd = bytes.count
        bytes.append(contentsOf: value)
        rows.append((spaces.count - 1, itemEnd, bytes.count))
    }

    func hashed() -> CommittedRows {
        let spaces = spaces.map(CommittedSpace.init)
        var done = CommittedRows()
        bytes.withUnsafeBytes { bytes in
            var start = 0
            for row in rows {
                done.add(
                    spaces[row.space], item: UnsafeRawBufferPointer(rebasing: bytes[start..<row.itemEnd]),
                    value: UnsafeRawBufferPointer(rebasing: bytes[row.itemEnd..<row.valueEnd]))
                start = row.valueEnd
            }
        }
        return done
    }
}

/// Hashes batches of rows on other cores while more are read.
private final class HashingWork: @unchecked Sendable {
    // Each batch has a place of its own, which its task alone writes, under the lock of the queue.
    private var hashed: [CommittedRows] = []
    private let places = DispatchQueue(label: "remit.rebuild")
    private let workers = DispatchQueue(label: "remit.hashing", attributes: .concurrent)
    private let running = DispatchGroup()
    /// Batches that wait: so many that no core is idle, and so few that memory does not grow with the state.
    private let room = DispatchSemaphore(value: 8)
    private var count = 0

    func add(_ rows: RowBatch) {
        let place = count
        count += 1
        room.wait()
        workers.async(group: running) {
            let done = rows.hashed()
            self.places.sync {
                while self.hashed.count <= place { self.hashed.append(CommittedRows()) }
                self.hashed[place] = done
            }
            self.room.signal()
        }
    }

    /// All rows, in the order in which they were read.
    func finish() -> [CommittedRows] {
        running.wait()
        return places.sync {
            defer { hashed = [] }
            return hashed
        }
    }
}
