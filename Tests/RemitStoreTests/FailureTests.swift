import CSQLite
import Testing

@testable import RemitStore

@Suite("Failing disks")
struct FailureTests {
    let files = FaultyFiles()
    let scratch = Scratch()
    var path: String { scratch.file("ledger.remit") }
    let ioSync = SQLITE_IOERR | 4 << 8

    private func ledger(pages: Int32 = 1000) throws -> ChainStore {
        try Sample.ledger(
            path, blocks: 3, tuning: StoreTuning(fileSystem: FaultyFiles.name, pagesBetweenCheckpoints: pages))
    }

    private func code(of error: StoreError) -> Int32? {
        guard case .sqlite(let failure) = error else {
            return nil
        }
        return failure.code
    }

    /// Expects that nothing can be done with the store any more, and that every call gives the first cause.
    private func expectUnusable(_ store: ChainStore, _ cause: StoreError) {
        let expected = StoreError.storeFailed(cause: cause)
        #expect(throws: expected) { try store.append(Sample.block(3)) }
        #expect(throws: expected) { try store.head() }
        #expect(throws: expected) { try store.state(space: "last", item: []) }
        #expect(throws: expected) { try store.checkpoint() }
        #expect(throws: expected) { try store.forEachBlock { _ in .next } }
    }

    @Test(
        "a commit that cannot be written or synced ends the store",
        arguments: [false, true])
    func failingCommit(isSync: Bool) throws {
        let store = try ledger()
        files.fail(in: scratch.path, isSync ? .logSync : .logWrite)
        let cause = try #require(throws: StoreError.self) { try store.append(Sample.block(3)) }
        files.heal()
        #expect(code(of: cause) == (isSync ? ioSync : SQLITE_FULL))
        expectUnusable(store, cause)
        try store.close()
        let again = try ChainStore(path: path, mode: .readWrite)
        let height = try #require(try again.head()?.height)
        // A block whose sync failed may be there or not; those that were acknowledged are.
        #expect(height == 2 || (isSync && height == 3))
        let blocks = try again.readEverything().blocks
        #expect(blocks == (0...height).map { Sample.stored(Sample.block($0)) })
        #expect(try again.integrityProblems() == [])
        try again.append(Sample.block(height + 1))
    }

    @Test("a checkpoint that cannot be synced ends the store after the block that it followed")
    func failingCheckpoint() throws {
        let store = try ledger(pages: 1)
        files.fail(in: scratch.path, .databaseSync)
        try store.append(Sample.block(3))
        files.heal()
        let error = try #require(throws: StoreError.self) { try store.head() }
        guard case .storeFailed(let cause) = error else {
            throw error
        }
        #expect(code(of: cause) == ioSync)
        expectUnusable(store, cause)
        try store.close()
        #expect(try ChainStore(path: path, mode: .readWrite).head()?.height == 3)
    }

    @Test("a checkpoint that is asked for reports its failure")
    func failingExplicitCheckpoint() throws {
        let store = try ledger()
        files.fail(in: scratch.path, .databaseSync)
        let error = try #require(throws: StoreError.self) { try store.checkpoint() }
        files.heal()
        #expect(code(of: error) == ioSync)
        expectUnusable(store, error)
    }

    @Test("closing reports a failing disk, and the lock is free")
    func failingClose() throws {
        let store = try ledger()
        files.fail(in: scratch.path, .databaseSync)
        let error = try #require(throws: StoreError.self) { try store.close() }
        files.heal()
        #expect(code(of: error) == ioSync)
        #expect(try ChainStore(path: path, mode: .readWrite).head()?.height == 2)
    }

    @Test("a file that may not grow ends the store, and what was there stays")
    func pageLimit() throws {
        try ledger().close()
        let store = try ChainStore(path: path, mode: .readWrite, tuning: StoreTuning(pageLimit: 1))
        var big = Sample.block(3)
        big.header = [UInt8](repeating: 1, count: 100_000)
        let cause = try #require(throws: StoreError.self) { try store.append(big) }
        #expect(code(of: cause) == SQLITE_FULL)
        expectUnusable(store, cause)
        try store.close()
        #expect(try ChainStore(path: path, mode: .readWrite).readEverything().blocks.count == 3)
    }

    @Test("a ledger that cannot be made leaves nothing behind")
    func failingCreation() throws {
        files.fail(in: scratch.path, .logSync)
        let error = try #require(throws: StoreError.self) {
            try ChainStore(path: path, mode: .create, tuning: StoreTuning(fileSystem: FaultyFiles.name))
        }
        files.heal()
        #expect(code(of: error) == ioSync)
        #expect(scratch.names == ["ledger.remit.lock"])
    }
}
