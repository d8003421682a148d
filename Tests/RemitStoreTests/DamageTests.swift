import CSQLite
import Testing

@testable import RemitStore

@Suite("Crashes and damage")
struct DamageTests {
    let scratch = Scratch()
    var path: String { scratch.file("ledger.remit") }
    var copy: String { scratch.file("copy") }

    private func restore(_ database: [UInt8], log: [UInt8]) {
        Files.write(database, to: copy)
        Files.write(log, to: copy + "-wal")
    }

    @Test("a copy of the files after any block has that block")
    func copyBetweenBlocks() throws {
        let store = try ChainStore(path: path, mode: .create, tuning: StoreTuning(pagesBetweenCheckpoints: 12))
        for height in 0..<20 {
            try store.append(Sample.block(UInt64(height)))
            restore(Files.read(path), log: Files.read(path + "-wal"))
            let crashed = try ChainStore(path: copy, mode: .readWrite)
            let expected = (0...height).map { Sample.stored(Sample.block(UInt64($0))) }
            #expect(try crashed.readEverything().blocks == expected)
            #expect(try crashed.integrityProblems() == [])
            try crashed.close()
        }
    }

    @Test("a log that breaks off anywhere gives whole blocks and no part of one")
    func tornLog() throws {
        let store = try Sample.ledger(path, blocks: 6)
        let (database, log) = (Files.read(path), Files.read(path + "-wal"))
        try store.close()
        var heights: Set<UInt64> = []
        for length in stride(from: 0, through: log.count, by: 997) + [log.count] {
            restore(database, log: Array(log.prefix(length)))
            let crashed = try ChainStore(path: copy, mode: .readWrite)
            let blocks = try crashed.readEverything().blocks
            #expect(blocks == (0..<UInt64(blocks.count)).map { Sample.stored(Sample.block($0)) })
            #expect(try crashed.state(space: "last", item: []) == blocks.last.map { Sample.digest(14, $0.height) })
            #expect(try crashed.integrityProblems() == [])
            try crashed.close()
            heights.insert(UInt64(blocks.count))
        }
        #expect(heights == [0, 1, 2, 3, 4, 5, 6])
    }

    @Test(
        "missing and mangled rows are named",
        arguments: [
            ("DELETE FROM block WHERE height = 2", "block", "block 2"),
            ("DELETE FROM tx WHERE height = 1 AND position = 0", "tx", "block 1"),
            ("DELETE FROM tx WHERE height = 1 AND position = 2", "block", "block 1"),
            (
                "UPDATE tx SET call = CAST(x'ff' AS TEXT) WHERE height = 3 AND position = 1", "tx",
                "block 3, transaction 1"
            ),
            ("UPDATE block SET transactions = 4 WHERE height = 0", "block", "block 0"),
            ("UPDATE state SET space = CAST(x'6cff' AS TEXT) WHERE since = 3", "state", "the first row"),
        ])
    func mangledRows(change: String, table: String, row: String) throws {
        try Sample.ledger(path, blocks: 4).close()
        #expect(Shell.run(path, change).code == SQLITE_OK)
        let store = try ChainStore(path: path, mode: .readOnly)
        let error = try #require(throws: StoreError.self) { try store.readEverything() }
        guard case .damaged(table, row, _) = error else {
            throw error
        }
    }

    @Test("a transaction without its block is a problem of the structure")
    func orphan() throws {
        try Sample.ledger(path, blocks: 2).close()
        Shell.run(path, "DELETE FROM block WHERE height = 1")
        let problems = try ChainStore(path: path, mode: .readOnly).integrityProblems()
        #expect(problems.count == 3)
        #expect(problems.first == "a row of tx belongs to no row of block")
    }

    @Test("a page of nonsense is found by the check, and reading it is an error")
    func nonsensePage() throws {
        try Sample.ledger(path, blocks: 200).close()
        var bytes = Files.read(path)
        let roots = Shell.run(path, "SELECT rootpage FROM sqlite_schema WHERE name IN ('block', 'state')").values
        for root in roots.compactMap({ Int($0) }) {
            bytes.replaceSubrange((root - 1) * 4096..<root * 4096, with: [UInt8](repeating: 0xa5, count: 4096))
        }
        #expect(roots.count == 2)
        Files.write(bytes, to: copy)
        let store = try ChainStore(path: copy, mode: .readOnly)
        #expect(try !store.integrityProblems().isEmpty)
        let block = try #require(throws: StoreError.self) { try store.block(at: 7) }
        guard case .damaged(table: "block", row: "block 7", _) = block else {
            throw block
        }
        let state = try #require(throws: StoreError.self) { try store.state(space: "last", item: []) }
        guard case .damaged(table: "state", row: "last (empty)", _) = state else {
            throw state
        }
    }

    @Test("whatever byte is changed, reading ends with rows or with an error")
    func flippedBytes() throws {
        try Sample.ledger(path, blocks: 6).close()
        let bytes = Files.read(path)
        var refused = 0
        for offset in stride(from: 0, to: bytes.count, by: 41) {
            var changed = bytes
            changed[offset] ^= UInt8(1) << UInt8(offset % 8)
            Files.write(changed, to: copy)
            do {
                let store = try ChainStore(path: copy, mode: .readOnly)
                _ = try store.readEverything()
                _ = try store.integrityProblems()
            } catch {
                refused += 1
            }
        }
        #expect(refused > 0)
    }
}
