import CFaultyFiles
import Testing

@testable import RemitStore

/// Traces that cannot be taken out stay due, and the ledger goes on.
@Suite("Taking out traces")
struct PurgeTests {
    let files = FaultyFiles()
    let scratch = Scratch(inMemory: true)
    var path: String { scratch.file("ledger") }
    private static let box = [UInt8](repeating: 0xa7, count: 300)
    private static let key = [UInt8](repeating: 0x5c, count: 32)

    /// A ledger with an erasure on disk whose traces have not been taken out.
    private func ledger() throws {
        let store = try ChainStore(path: path, mode: .create)
        var kept = Sample.block(0)
        kept.vault.keys = [VaultCommit.Key(subject: Sample.digest(20, 0), key: Self.key)]
        kept.vault.records = (0..<40).map { number in
            VaultRecord(
                commitment: Sample.digest(21, number), subject: Sample.digest(20, 0), owner: "Case/1", source: nil,
                height: 0, erased: nil, box: Self.box)
        }
        try store.append(kept)
        try store.checkpoint()
        var erased = Sample.block(1)
        erased.vault.erased = (0..<40).map { VaultCommit.Erasure(commitment: Sample.digest(21, $0), subject: []) }
        erased.vault.hasErasure = true
        try store.append(erased)
        try store.close()
        #expect(try ChainStore(path: path, mode: .readWrite).isPurgeDue())
    }

    private func open() throws -> ChainStore {
        // A log that is already moved leaves all the writing to what is tested.
        try ChainStore(path: path, mode: .readWrite, tuning: StoreTuning(fileSystem: FaultyFiles.name))
    }

    private func holds(_ needle: [UInt8]) -> Bool {
        ["", "-wal"].contains { suffix in
            var rest = Files.read(path + suffix)[...]
            while let place = rest.firstIndex(of: needle[0]) {
                if rest[place...].starts(with: needle) { return true }
                rest = rest[(place + 1)...]
            }
            return false
        }
    }

    @Test("a full disk leaves them due, and the store as it was")
    func fullDisk() throws {
        try ledger()
        let store = try open()
        files.fail(
            in: scratch.path,
            FaultyFiles.Plan(fault: REMIT_FILES_DISK_FULL, calls: Int32(REMIT_FILES_WRITE.rawValue)))
        #expect(try !store.purge())
        #expect(files.failures > 0)
        files.heal()
        #expect(try store.isPurgeDue())
        try store.append(Sample.block(2))
        #expect(try store.purge())
        #expect(try !store.isPurgeDue() && store.integrityProblems() == [])
        #expect(try store.readEverything().blocks.count == 3)
    }

    @Test(
        "whatever call fails, the next opening finds every block, and takes the traces out", arguments: [false, true])
    func everyCall(isLasting: Bool) throws {
        try ledger()
        let whole = Files.read(path)
        for fault in [REMIT_FILES_IO_ERROR, REMIT_FILES_DISK_FULL, REMIT_FILES_SHORT] {
            var plan = FaultyFiles.Plan(fault: fault, first: .max, isLasting: isLasting)
            func run() throws -> Bool? {
                scratch.clear()
                Files.write(whole, to: path)
                let store = try open()
                files.fail(in: scratch.path, plan)
                defer { try? store.close() }
                return try? store.purge()
            }
            #expect(try run() == true)
            let calls = files.heal()
            #expect(calls > 10)
            for call in stride(from: 0, to: calls, by: isLasting ? 5 : 3) {
                plan.first = call
                let ended = try run()
                files.heal()
                let place = "fault \(fault.rawValue), call \(call), lasting \(isLasting)"
                let again = try ChainStore(path: path, mode: .readWrite)
                #expect(try again.isPurgeDue() || ended != false, "\(place)")
                #expect(try again.purge(), "\(place)")
                try again.append(Sample.block(2))
                #expect(try again.integrityProblems() == [] && again.readEverything().blocks.count == 3, "\(place)")
                try again.close()
                #expect(!holds(Array(Self.box.prefix(40))) && !holds(Self.key), "\(place)")
            }
        }
    }
}
