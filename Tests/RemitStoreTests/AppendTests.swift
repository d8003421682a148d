import CSQLite
import Testing

@testable import RemitStore

@Suite("Appending blocks and reading them back")
struct AppendTests {
    let scratch = Scratch()
    var path: String { scratch.file("ledger.remit") }

    @Test("an empty ledger has no head and no blocks")
    func empty() throws {
        let store = try ChainStore(path: path, mode: .create)
        #expect(try store.head() == nil)
        #expect(try store.block(at: 0) == nil)
        #expect(try store.block(at: UInt64.max) == nil)
        #expect(try store.readEverything().blocks.isEmpty)
        #expect(try store.count(ofSpace: "last") == 0)
        #expect(try store.integrityProblems() == [])
    }

    @Test("what is appended is read back, before and after reopening")
    func readBack() throws {
        let commits = (0..<5).map { Sample.block(UInt64($0), transactions: $0 * 2) }
        let store = try ChainStore(path: path, mode: .create)
        for commit in commits {
            try store.append(commit)
            #expect(try store.head() == StoredHead(height: commit.height, digest: commit.digest, time: commit.time))
        }
        #expect(try store.readEverything().blocks == commits.map(Sample.stored))
        try store.close()
        for mode in [ChainStore.Mode.readWrite, .readOnly] {
            let again = try ChainStore(path: path, mode: mode)
            #expect(try again.readEverything().blocks == commits.map(Sample.stored))
            #expect(try again.integrityProblems() == [])
            try again.close()
        }
    }

    @Test("empty and odd values survive")
    func oddValues() throws {
        let store = try ChainStore(path: path, mode: .create)
        let record = TransactionRecord(
            digest: [], body: [], signature: [], receipt: [0], findings: [], call: "", caseReference: "",
            outcome: "e\u{301}\u{0}\u{1F3E5}")
        let commit = BlockCommit(
            height: 0, digest: [], time: Int64.min, header: [UInt8](repeating: 7, count: 300_000), signature: [],
            transactions: [record], changes: [StateWrite(space: "", item: [], value: [])])
        try store.append(commit)
        #expect(try store.block(at: 0) == Sample.stored(commit))
        #expect(try store.state(space: "", item: []) == [])
        #expect(Array(try store.transactions(ofCase: "")[0].record.outcome.utf8) == Array(record.outcome.utf8))
    }

    @Test("transactions are found by digest and by case, in the order of the chain")
    func find() throws {
        let store = try Sample.ledger(path, blocks: 4)
        let found = try store.transaction(digest: Sample.digest(1, 2, 1))
        #expect(found == PlacedTransaction(height: 2, position: 1, record: Sample.transaction(2, 1)))
        #expect(try store.transaction(digest: [1]) == nil)
        #expect(try store.transactions(ofCase: "Claim/2").map(\.height) == [0, 1, 2, 3])
        #expect(try store.transactions(ofCase: "Claim/9").isEmpty)
    }

    @Test("a range of blocks is walked, and the walk can stop")
    func ranges() throws {
        let store = try Sample.ledger(path, blocks: 6)
        func heights(_ first: UInt64, _ last: UInt64?, stopAt: UInt64? = nil) throws -> [UInt64] {
            var heights: [UInt64] = []
            try store.forEachBlock(from: first, to: last) { block throws(StoreError) in
                heights.append(block.height)
                return block.height == stopAt ? .stop : .next
            }
            return heights
        }
        #expect(try heights(2, 4) == [2, 3, 4])
        #expect(try heights(4, nil) == [4, 5])
        #expect(try heights(4, 99) == [4, 5])
        #expect(try heights(6, nil) == [])
        #expect(try heights(4, 2) == [])
        #expect(try heights(0, nil, stopAt: 1) == [0, 1])
    }

    @Test("only the next height is taken, and a refused block leaves nothing", arguments: [0, 2, 4, UInt64.max])
    func wrongHeight(height: UInt64) throws {
        let store = try Sample.ledger(path, blocks: 3)
        let before = try store.readEverything()
        #expect(throws: StoreError.wrongHeight(expected: 3, found: height)) {
            try store.append(Sample.block(height))
        }
        #expect(try store.readEverything() == before)
        try store.append(Sample.block(3))
        #expect(try store.head()?.height == 3)
    }

    @Test("a ledger begins with block 0")
    func firstHeight() throws {
        let store = try ChainStore(path: path, mode: .create)
        #expect(throws: StoreError.wrongHeight(expected: 0, found: 1)) { try store.append(Sample.block(1)) }
    }

    @Test(
        "an item is changed once a block",
        arguments: [([1] as [UInt8]?, [2] as [UInt8]?), ([1], nil), (nil, [1]), (nil, nil)])
    func duplicateState(first: [UInt8]?, second: [UInt8]?) throws {
        let store = try Sample.ledger(path, blocks: 2)
        let before = try store.readEverything()
        let changes = [
            StateWrite(space: "a", item: [9], value: first), StateWrite(space: "b", item: [9], value: [1]),
            StateWrite(space: "a", item: [9], value: second),
        ]
        #expect(throws: StoreError.duplicateState(space: "a", item: [9])) {
            try store.append(Sample.block(2, changes: changes))
        }
        #expect(try store.readEverything() == before)
        try store.append(Sample.block(2))
    }

    @Test("spaces that only look the same are two spaces")
    func canonicallyEqualSpaces() throws {
        let store = try ChainStore(path: path, mode: .create)
        let composed = StateWrite(space: "\u{e9}", item: [1], value: [1])
        let decomposed = StateWrite(space: "e\u{301}", item: [1], value: [2])
        try store.append(Sample.block(0, changes: [composed, decomposed]))
        #expect(try store.state(space: "\u{e9}", item: [1]) == [1])
        #expect(try store.state(space: "e\u{301}", item: [1]) == [2])
    }

    @Test("a transaction is recorded once")
    func duplicateTransaction() throws {
        let store = try Sample.ledger(path, blocks: 2)
        let before = try store.readEverything()
        var block = Sample.block(2)
        block.transactions[1] = Sample.transaction(0, 0)
        #expect(throws: StoreError.duplicateTransaction(digest: Sample.digest(1, 0, 0))) { try store.append(block) }
        #expect(try store.readEverything() == before)
        try store.append(Sample.block(2))
        #expect(try store.integrityProblems() == [])
    }

    @Test("a row that an index of others refuses is not said to be there already")
    func refusedByAnIndexOfOthers() throws {
        let store = try Sample.ledger(path, blocks: 2)
        #expect(Shell.run(path, "CREATE UNIQUE INDEX mine ON tx (position) WHERE height > 1").code == SQLITE_OK)
        try store.append(Sample.block(2))
        let error = #expect(throws: StoreError.self) { try store.append(Sample.block(3)) }
        guard case .sqlite? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("a reader's snapshot stays while a writer appends")
    func snapshot() throws {
        let writer = try Sample.ledger(path, blocks: 2)
        let reader = try ChainStore(path: path, mode: .readOnly)
        try reader.withSnapshot { () throws(StoreError) in
            let before = try reader.readEverything()
            try writer.append(Sample.block(2))
            try writer.checkpoint()
            #expect(try reader.readEverything() == before)
        }
        #expect(try reader.head()?.height == 2)
        try reader.withSnapshot { () throws(StoreError) in }
    }

    @Test("an error inside a snapshot ends it")
    func failingSnapshot() throws {
        let store = try Sample.ledger(path, blocks: 1)
        #expect(throws: StoreError.busy(doing: "a test")) {
            try store.withSnapshot { () throws(StoreError) in
                throw .busy(doing: "a test")
            }
        }
        try store.append(Sample.block(1))
    }

    @Test("the log is emptied from time to time, and nothing is lost")
    func checkpoints() throws {
        let store = try Sample.ledger(path, blocks: 60, tuning: StoreTuning(pagesBetweenCheckpoints: 8))
        #expect(Files.read(path + "-wal").count < 64 * 4200)
        #expect(try store.readEverything().blocks.count == 60)
    }
}
