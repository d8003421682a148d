import Foundation
import RemitLedger
import RemitNode
import RemitStore
import Testing

/// The doctor names what is wrong and says what can be done.
@Suite struct DiagnosisTests {
    /// The codes of what is more than fine, in order, and the sound blocks.
    private func codes(_ path: String) -> (codes: [String], sound: UInt64?) {
        let diagnosis = Diagnosis(path: path)
        for finding in diagnosis.findings where finding.gravity != .fine && finding.code != "chain" {
            #expect(finding.advice?.isEmpty == false, "\(finding)")
        }
        return (diagnosis.findings.filter { $0.gravity != .fine }.map(\.code), diagnosis.soundBlocks)
    }

    private func copy(of world: World) throws -> String {
        let path = world.folder.appendingPathComponent("copy.sqlite").path
        try Tamper.copy(world.path, to: path)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return path
    }

    @Test(
        arguments: [
            ("UPDATE block SET time = time + 1 WHERE height = 1", ["chain", "brokenChain"], 1),
            ("UPDATE tx SET receipt = x'00' WHERE height = 0", ["chain", "chain", "chain", "chain", "brokenChain"], 0),
            ("UPDATE state SET value = x'00' WHERE space = 'node' AND item = x'6b6579'", ["chain", "rowsOnly"], 2),
            ("DELETE FROM finding; DELETE FROM decision WHERE height = 1", ["chain", "brokenChain"], 1),
        ] as [(String, [String], UInt64)])
    func changedRows(change: String, expected: [String], sound: UInt64) throws {
        let world = try World()
        _ = try world.deployCommercial()
        let path = try copy(of: world)
        #expect(codes(path).codes == [])
        try Tamper.run(path, "PRAGMA foreign_keys = OFF; " + change)
        let found = codes(path)
        #expect(Set(found.codes) == Set(expected))
        #expect(found.sound == sound)
    }

    @Test func filesThatCannotBeOpened() throws {
        let world = try World()
        let path = try copy(of: world)
        try Tamper.run(path, "PRAGMA user_version = 99")
        #expect(codes(path).codes == ["newerFormat"])
        try Tamper.run(path, "PRAGMA user_version = 1")
        #expect(codes(path).codes == ["olderFormat"])
        try Tamper.run(path, "PRAGMA application_id = 7")
        #expect(codes(path).codes == ["notALedger"])
        let file = URL(fileURLWithPath: path)
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        try Data("something else".utf8).write(to: file)
        #expect(codes(path).codes == ["notALedger"])
        try Data().write(to: file)
        #expect(codes(path).codes == ["empty"])
        try FileManager.default.removeItem(at: file)
        #expect(codes(path).codes == ["missing"])
        #expect(codes(world.folder.path).codes == ["notAFile"])
    }

    @Test func rightsLocksAndRemainders() throws {
        let world = try World()
        #expect(codes(world.path).codes == ["locked"])
        let path = try copy(of: world)
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
        try Data().write(to: URL(fileURLWithPath: path + ".unfinished"))
        #expect(codes(path).codes == ["remainder", "rights"])
    }

    /// What stands where SQLite has a file of its own is named, and is nothing that the next command clears away.
    @Test(arguments: ["-journal", "-wal", "-shm"])
    func obstacles(suffix: String) throws {
        let world = try World()
        let path = try copy(of: world)
        for other in ["-journal", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + other) }
        #expect(codes(path).codes == [])
        try? FileManager.default.removeItem(atPath: path + suffix)
        try FileManager.default.createDirectory(atPath: path + suffix, withIntermediateDirectories: false)
        #expect(codes(path).codes == ["obstacle"])
        try FileManager.default.removeItem(atPath: path)
        #expect(codes(path).codes == ["obstacle", "missing"])
    }

    /// The log of a running ledger, cut short, damaged in the middle, and damaged at its beginning.
    @Test func damagedLogs() throws {
        let world = try World()
        _ = try world.deployCommercial()
        let log = try Data(contentsOf: URL(fileURLWithPath: world.path + "-wal"))
        let database = try Data(contentsOf: URL(fileURLWithPath: world.path))
        let path = world.folder.appendingPathComponent("copy.sqlite").path
        func diagnose(_ log: Data) throws -> [String] {
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
            try database.write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            try log.write(to: URL(fileURLWithPath: path + "-wal"))
            return codes(path).codes
        }
        #expect(try diagnose(log) == [])
        let whole = LogFile(bytes: [UInt8](log))
        #expect(whole.commits == 2 && whole.ending == .whole)
        let cut = log.prefix(log.count - 2000)
        #expect(LogFile(bytes: [UInt8](cut)).commits == 1)
        #expect(try diagnose(cut) == ["unfinishedLog"])
        var damaged = log
        damaged[32 + 24 + 100] ^= 1
        #expect(try diagnose(damaged).first == "damagedLog")
        damaged = log
        damaged[9] ^= 1
        #expect(try diagnose(damaged).first == "damagedLog")
    }

    @Test func copiesAreVerifiedAndReplaceNothing() throws {
        let world = try World()
        _ = try world.deployCommercial()
        let target = world.folder.appendingPathComponent("backup.sqlite").path
        let report = try LedgerBackup.copy(world.path, to: target) { _, _, _ in }
        #expect(report.head == world.node.head.digest)
        #expect(throws: NodeError.self) { try LedgerBackup.copy(world.path, to: target) { _, _, _ in } }
        // A damaged ledger gives no backup, and leaves no draft.
        try Tamper.run(target, "UPDATE tx SET outcome = 'done?' WHERE height = 1 AND position = 0")
        let second = world.folder.appendingPathComponent("second.sqlite").path
        #expect(throws: NodeError.self) { try LedgerBackup.copy(target, to: second) { _, _, _ in } }
        let names = try FileManager.default.contentsOfDirectory(atPath: world.folder.path).filter {
            $0.hasPrefix("second") && !$0.hasSuffix(".lock")
        }
        #expect(names == [])
    }
}
