import Foundation
import RemitLedger
import RemitRuntime
import RemitStore
import RemitValues
import Testing

@testable import RemitNode

/// What was erased on the chain is in no copy that has executed the erasure, however old the vault that it was given.
@Suite struct VaultCopyTests {
    /// Everything in a file from which the private values of some rows could be had: boxes and keys.
    private func material(_ path: String, _ condition: String = "1") throws -> Set<[UInt8]> {
        let boxes = try SQL.rows(path, "SELECT hex(box) FROM vault WHERE box IS NOT NULL AND \(condition)")
        let keys = try SQL.rows(
            path, "SELECT hex(key) FROM vault_key WHERE subject IN (SELECT subject FROM vault WHERE \(condition))")
        return Set((boxes + keys).compactMap { Hex.decode($0[0].lowercased()) })
    }

    /// How many of them are in a file or its log.
    private func found(_ needles: Set<[UInt8]>, in path: String) throws -> Int {
        let files = ["", "-wal"].map { Array((try? Data(contentsOf: URL(fileURLWithPath: path + $0))) ?? Data()) }
        return needles.filter { needle in files.contains { Traces.holds($0, needle) } }.count
    }

    private func ward() throws -> Ward {
        let ward = try Ward()
        try ward.load([("P-4711", "Ann Archer"), ("P-4712", "Bob Bell"), ("P-4713", "Cas Cole")])
        for (number, patient) in ["P-4711", "P-4712", "P-4713"].enumerated() {
            try ward.admit(patient, age: 30 + Int64(number), note: "allergic", reasons: ["cough"])
        }
        return ward
    }

    private func vault(_ ward: Ward) throws -> [UInt8] {
        var vault: [UInt8] = []
        _ = try ward.node.exportVault { vault += $0 }
        return vault
    }

    private func chain(_ ward: Ward, from first: UInt64? = nil) throws -> [UInt8] {
        var chain: [UInt8] = []
        _ = try ward.node.export(from: first) { chain += $0 }
        return chain
    }

    private func snapshot(_ ward: Ward) throws -> [UInt8] {
        var file: [UInt8] = []
        let signed = try ward.node.checkpoint(signedBy: ward.world.nodeSigner)
        _ = try ward.node.snapshot(under: signed) { file += $0 }
        return file
    }

    private func copy(_ ward: Ward, _ name: String, vault: [UInt8], _ files: [[UInt8]]) throws -> String {
        let path = ward.world.folder.appendingPathComponent("\(name).sqlite").path
        let work = try ChainImport(path: path)
        try work.appendVault(vault)
        try work.finishVault()
        for file in files {
            try work.append(file)
            try work.endFile()
        }
        try work.finish()
        return path
    }

    /// Erases in three ways: a case, one subject, the arguments of a transaction.
    private func erase(_ ward: Ward) throws {
        let subject = try #require(try ward.node.subject(.text("P-4712")))
        let admission = try #require(try ward.node.history(of: Ward.reference(3)).first).digest
        let seed = try #require(try ward.node.seedCommitment(ofTransaction: admission))
        for scope in [.ofCase(Ward.reference(1), fields: []), .subject(subject), .transaction(seed)] as [ErasureScope] {
            #expect(try ward.erase(scope).word == "done")
        }
    }

    /// Backs a ledger up and erases in it then: the path, what was there before, and the height that comes next.
    private func backUpAndErase(
        _ ward: Ward, _ name: String
    ) throws -> (path: String, before: Set<[UInt8]>, first: UInt64) {
        let path = ward.world.folder.appendingPathComponent("\(name).sqlite").path
        _ = try LedgerBackup.copy(ward.world.path, to: path) { _, _, _ in }
        let before = try material(ward.world.path)
        let first = ward.node.head.height + 1
        try erase(ward)
        return (path, before, first)
    }

    /// Nothing that the ledger no longer has is in the copy, and both say the same of every row.
    private func expectErased(_ path: String, _ ward: Ward, _ before: Set<[UInt8]>) throws {
        let gone = before.subtracting(try material(ward.world.path))
        #expect(gone.count > 20)
        #expect(try found(gone, in: path) == 0)
        let rows = "SELECT hex(commitment), hex(subject), erased FROM vault ORDER BY commitment"
        #expect(try SQL.rows(path, rows) == SQL.rows(ward.world.path, rows))
        let report = try ward.verify(path: path)
        #expect(report.problems.map(\.description) == [])
        #expect(report.vaultLacks == 0 && !report.holdsTraces)
        if !ward.hasSnapshot { #expect(try ward.verify().replay == report.replay) }
    }

    @Test func anOlderVaultIsErasedInAsTheChainIsRead() throws {
        let ward = try ward()
        let (vault, before) = (try vault(ward), try material(ward.world.path))
        try erase(ward)
        let path = try copy(ward, "whole", vault: vault, [chain(ward)])
        try expectErased(path, ward, before)
    }

    @Test func anOlderVaultIsErasedInAsASnapshotSays() throws {
        let ward = try ward()
        let (vault, before) = (try vault(ward), try material(ward.world.path))
        try erase(ward)
        ward.hasSnapshot = true
        let path = try copy(ward, "snapshot", vault: vault, [snapshot(ward)])
        try expectErased(path, ward, before)
    }

    @Test func theTailOfASnapshotErases() throws {
        let ward = try ward()
        let (vault, before, first) = (try vault(ward), try material(ward.world.path), ward.node.head.height + 1)
        let snapshot = try snapshot(ward)
        try erase(ward)
        ward.hasSnapshot = true
        let path = try copy(ward, "tail", vault: vault, [snapshot, chain(ward, from: first)])
        try expectErased(path, ward, before)
    }

    @Test func aBackupThatCatchesUpErases() throws {
        let ward = try ward()
        let (path, before, first) = try backUpAndErase(ward, "backup")
        let work = try ChainImport(following: path, clock: ward.clock)
        try work.append(chain(ward, from: first))
        try work.finish()
        try expectErased(path, ward, before)
    }

    /// A file that ends with a bad block: what was stored before it stays, and what that erased is gone.
    @Test func aBrokenTailErasesAsFarAsItGoes() throws {
        let ward = try ward()
        let (path, before, first) = try backUpAndErase(ward, "broken")
        let work = try ChainImport(following: path, clock: ward.clock)
        #expect(throws: NodeError.self) {
            try work.append(chain(ward, from: first) + [7])
            try work.endFile()
        }
        work.abandon()
        try expectErased(path, ward, before)
    }

    /// What deadlines work out while a copy follows goes into its vault as well.
    @Test func aCopyKeepsWhatItExecutes() throws {
        let ward = try ward()
        let vault = try vault(ward)
        ward.clock.set("2026-08-01", hour: 9)
        #expect(try ward.node.commitDue()?.deadlines.count == 3)
        let path = try copy(ward, "deadlines", vault: vault, [chain(ward)])
        let node = try LedgerNode(path: path, access: .reading, clock: ward.clock)
        #expect(try node.caseView(Ward.reference(1)).field("risk") == ward.view(1).field("risk"))
        #expect(try ward.verify(path: path).vaultLacks == 0)
        // What came with later transactions is not in an older vault, and that is told.
        try ward.perform("assess", [.integer(3)], on: 1)
        let later = try copy(ward, "later", vault: vault, [chain(ward)])
        let report = try ward.verify(path: later)
        #expect(report.problems.map(\.description) == [])
        #expect(report.vaultLacks == 2)
    }

    /// A newer vault has what came after an erasure, which that must leave alone.
    @Test func whatCameAfterAnErasureStays() throws {
        let ward = try ward()
        try ward.erase(.ofCase(Ward.reference(1), fields: ["patient"]))
        try ward.perform("rename", [.text("P-9")], by: "nina", on: 1)
        let path = try copy(ward, "newer", vault: vault(ward), [chain(ward)])
        let node = try LedgerNode(path: path, access: .reading, clock: ward.clock)
        #expect(try node.caseView(Ward.reference(1)).field("patient") == .text("P-9"))
        #expect(try ward.verify(path: path).problems.map(\.description) == [])
    }

    // MARK: The file of a vault

    @Test func aDamagedVaultIsNotTaken() throws {
        let ward = try ward()
        let whole = try vault(ward)
        for query in ["SELECT hex(box) FROM vault LIMIT 1", "SELECT hex(key) FROM vault_key LIMIT 1"] {
            let needle = try #require(Hex.decode(try SQL.rows(ward.world.path, query)[0][0].lowercased()))
            let place = try #require(Data(whole).range(of: Data(needle))).lowerBound
            var bad = whole
            bad[place + 20] ^= 1
            #expect(throws: NodeError.self) { try copy(ward, "bad-\(place)", vault: bad, [chain(ward)]) }
        }
        // A row that is there twice, with the count to match.
        let start = try #require(Data(whole).range(of: Data([2, 0, 0]))).lowerBound
        let length = 5 + whole[start + 1..<start + 5].reduce(0) { $0 << 8 | Int($1) }
        let count = try ward.node.exportVault { _ in }
        let end = try #require(VaultFile.encode(.end(count)))
        let twice =
            Array(whole[..<(start + length)]) + Array(whole[start..<whole.count - end.count])
            + (try #require(VaultFile.encode(.end(count + 1))))
        let fault = #expect(throws: NodeError.self) { try copy(ward, "twice", vault: twice, [chain(ward)]) }
        #expect(fault?.message.contains("out of its order") ?? false)
    }

    @Test func theVaultOfAnotherChainIsNotTaken() throws {
        let ward = try ward()
        let other = try Ward(seeds: "another ward")
        try other.load([("P-1", "A")])
        let fault = #expect(throws: NodeError.self) { try copy(ward, "other", vault: vault(other), [chain(ward)]) }
        #expect(fault?.message.contains("not that of this chain") ?? false)
    }

    /// A vault from which values were taken as if they had been erased.
    @Test func aVaultWithFalseErasuresIsNotTaken() throws {
        let ward = try ward()
        try ward.erase(.ofCase(Ward.reference(1), fields: []))
        let forged = ward.world.folder.appendingPathComponent("forged.sqlite").path
        try Tamper.copy(ward.world.path, to: forged)
        let height = ward.node.head.height
        try Tamper.run(
            forged, "UPDATE vault SET erased = \(height), box = NULL, subject = x'' WHERE owner = 'Ward/2'")
        var vault: [UInt8] = []
        _ = try LedgerNode(path: forged, access: .reading, clock: ward.clock).exportVault { vault += $0 }
        let fault = #expect(throws: NodeError.self) { try copy(ward, "false", vault: vault, [chain(ward)]) }
        #expect(fault?.message.contains("no erasure of that block names it") ?? false)
    }

    /// Keys and rows are those of one moment, whatever is erased while they are written.
    @Test func anExportedVaultIsOfOneMoment() throws {
        let ward = try ward()
        let before = try vault(ward)
        let reader = try LedgerNode(path: ward.world.path, access: .reading, clock: ward.clock)
        var (exported, pieces): ([UInt8], Int) = ([], 0)
        _ = try reader.exportVault { piece in
            exported += piece
            pieces += 1
            if pieces == 2 { try ward.erase(.ofCase(Ward.reference(1), fields: [])) }
        }
        #expect(exported == before)
        #expect(try vault(ward) != before)
    }
}
