import Foundation
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues
import Testing

/// Copies of a chain that keeps something private, with its vault and without.
@Suite struct ReplicaTests {
    private func ward() throws -> Ward {
        let ward = try Ward()
        try ward.load([("P-1", "A"), ("P-2", "B")])
        try ward.admit("P-1", age: 95, note: "n", reasons: ["x"])
        try ward.admit("P-1", age: 33)
        try ward.admit("P-2", age: 20)
        ward.clock.set("2026-08-01", hour: 9)
        try ward.perform("assess", [.integer(5)], on: 2)
        return ward
    }

    private func copy(_ ward: Ward, withVault: Bool) throws -> (path: String, counts: ReplayCounts) {
        let path = ward.world.folder.appendingPathComponent("copy-\(withVault).sqlite").path
        let work = try ChainImport(path: path)
        if withVault {
            var vault: [UInt8] = []
            _ = try ward.node.exportVault { vault += $0 }
            // In pieces, as a file is read.
            for start in stride(from: 0, to: vault.count, by: 777) {
                try work.appendVault(vault[start..<min(start + 777, vault.count)])
            }
            try work.finishVault()
        }
        var chain: [UInt8] = []
        _ = try ward.node.export { chain += $0 }
        try work.append(chain)
        let counts = work.counts
        try work.finish()
        return (path, counts)
    }

    @Test func aCopyWithoutTheVaultHoldsCommitmentsOnly() throws {
        let ward = try ward()
        let (path, counts) = try copy(ward, withVault: false)
        // The deployment, the load and four calls of the contract; its deadlines are in a block with one of them.
        #expect(counts.transactions.commitmentOnly == 6)
        let report = try ward.verify(path: path)
        #expect(report.problems.map(\.description) == [])
        #expect(report.head == ward.node.head.digest)
        #expect(report.replay == counts)
        #expect(report.replay.transactions.executed == report.transactions - 6)
        #expect(report.replay.transactions.redacted == 0)
        #expect(report.replay.blocks.commitmentOnly == 6)
        #expect(report.vaultRows == 0)
        let node = try LedgerNode(path: path, access: .reading, clock: ward.clock)
        #expect(try !node.hasVault())
        #expect(try node.subjectValue(#require(try ward.node.subject(.text("P-1")))) == nil)
        let view = try node.caseView(Ward.reference(2))
        #expect(view.privacy == [.unknown, .unknown, .unknown, .kept, .unknown, .open])
        #expect(view.field("patient")?.isSealed ?? false)
        #expect(view.stateName == "watched")
        let explanations = try node.explain(case: Ward.reference(2))
        #expect(explanations.allSatisfy { $0.gap != nil })
        let signed = try node.checkpoint(signedBy: ward.world.nodeSigner)
        _ = try node.prove(case: Ward.reference(2), under: signed)
        // It cannot decide on what it does not have, and makes no blocks.
        #expect(throws: NodeError.self) {
            try LedgerNode(path: path, access: .writing, signer: ward.world.nodeSigner, clock: ward.clock)
        }
    }

    @Test func aCopyWithTheVaultIsLikeTheLedger() throws {
        let ward = try ward()
        let (path, counts) = try copy(ward, withVault: true)
        #expect(counts.transactions.commitmentOnly == 0)
        let report = try ward.verify(path: path)
        #expect(report.problems.map(\.description) == [])
        #expect(report.replay.transactions.executed == report.transactions)
        let node = try LedgerNode(path: path, access: .writing, signer: ward.world.nodeSigner, clock: ward.clock)
        #expect(try node.caseView(Ward.reference(2)).field("age") == .integer(20))
    }

    @Test func aRedactedChainIsCopied() throws {
        let ward = try ward()
        try ward.erase(.ofCase(Ward.reference(1), fields: []))
        let (path, counts) = try copy(ward, withVault: true)
        #expect(counts.transactions.redacted == 1)
        #expect(try ward.verify(path: path).problems.map(\.description) == [])
        #expect(try ward.verify(path: path).replay == ward.verify().replay)
        let (bare, bareCounts) = try copy(ward, withVault: false)
        #expect(bareCounts.transactions.commitmentOnly == 6)
        #expect(try ward.verify(path: bare).problems.map(\.description) == [])
    }

    @Test func aFileThatIsNoVaultIsRefused() throws {
        let ward = try ward()
        var vault: [UInt8] = []
        _ = try ward.node.exportVault { vault += $0 }
        let bad: [[UInt8]] = [
            [1] + vault, Array(vault.dropLast()), vault + [0], Array("remit chain 1\n".utf8), [],
        ]
        for (number, bytes) in bad.enumerated() {
            let path = ward.world.folder.appendingPathComponent("bad-\(number).sqlite").path
            let work = try ChainImport(path: path)
            #expect(throws: NodeError.self, "\(number)") {
                try work.appendVault(bytes)
                try work.finishVault()
            }
        }
    }

    /// What the vault lost and nobody erased is told apart from what was.
    @Test func whatIsLostIsNotRedacted() throws {
        let ward = try ward()
        try ward.erase(.ofCase(Ward.reference(1), fields: []))
        let report = try ward.verify()
        #expect(report.replay.transactions.redacted == 1)
        let copy = ward.world.folder.appendingPathComponent("forged.sqlite").path
        try Tamper.copy(ward.world.path, to: copy)
        try Tamper.run(copy, "DELETE FROM vault WHERE owner = 'Ward/2'")
        let lost = try ward.verify(path: copy)
        #expect(lost.replay.transactions.commitmentOnly == 2)
        #expect(lost.replay.transactions.redacted == 1)
    }
}
