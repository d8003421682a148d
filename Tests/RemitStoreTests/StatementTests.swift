import CSQLite
import Testing

@testable import RemitStore

/// What a block costs does not depend on which spaces it writes nor on how often its rows were written before.
@Suite("Prepared statements")
struct StatementTests {
    let scratch = Scratch()
    var path: String { scratch.file("ledger.remit") }

    /// The sum of a counter over the statements of a connection, whose text begins so.
    private func sum(_ counter: Int32, _ beginning: String, of store: ChainStore) throws -> Int {
        var sum = 0
        let handle = try store.connection.open()
        var statement = sqlite3_next_stmt(handle, nil)
        while let current = statement {
            if String(cString: sqlite3_sql(current)).hasPrefix(beginning) {
                sum += Int(sqlite3_stmt_status(current, counter, 1))
            }
            statement = sqlite3_next_stmt(handle, current)
        }
        return sum
    }

    private func commit(_ height: Int, _ spaces: [String], to store: ChainStore) throws {
        let changes = spaces.map { StateWrite(space: $0, item: [1], value: [UInt8(height & 0xff)]) }
        try store.append(Sample.block(UInt64(height), changes: changes))
    }

    @Test("nothing is prepared anew, whatever space is written or read")
    func noneTwice() throws {
        let store = try ChainStore(path: path, mode: .create)
        for height in 0..<20 {
            try commit(height, ["a", ChainStore.queueSpace, "sequence"], to: store)
            for space in ["a", ChainStore.queueSpace, "none"] { _ = try store.state(space: space, item: [1]) }
        }
        #expect(try sum(SQLITE_STMTSTATUS_RUN, "UPDATE state", of: store) == 60)
        #expect(try sum(SQLITE_STMTSTATUS_REPREPARE, "", of: store) == 0)
    }

    @Test("a value is replaced without going through those before it")
    func noWalk() throws {
        let store = try ChainStore(path: path, mode: .create)
        var steps: [Int] = []
        for height in 0..<200 {
            try commit(height, ["a"], to: store)
            steps.append(try sum(SQLITE_STMTSTATUS_VM_STEP, "UPDATE state", of: store))
        }
        // The first block has nothing to replace.
        #expect(steps[0] > 0 && steps[1] > steps[0])
        #expect(Set(steps[1...]).count == 1, "\(steps[1]) to \(steps[199])")
    }
}
