import Foundation
import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues
import Testing

/// Cases that keep something private and come over to a new version.
@Suite struct PrivateMigrationTests {
    /// The next version of the ward: one private value more, which the migration works out of others.
    private static func next(of text: String = Ward.text) -> String {
        var next = text
        for (old, new) in [
            ("contract Ward version 1", "contract Ward version 2"),
            ("  level   : Integer starts 0", "  level   : Integer starts 0\n  points  : private Integer starts 0"),
            ("after 30 days in open {", "migrate from 1 { set points to risk + 1 }\n\nafter 30 days in open {"),
        ] {
            guard let range = next.range(of: old) else { continue }
            next.replaceSubrange(range, with: new)
        }
        return next
    }

    private func deploy(_ ward: Ward) throws -> LedgerNode {
        let deployed = try ward.world.system([.deployContract(source: TextValue(Self.next()), home: "insurer")])
        #expect(deployed.map(\.word) == ["done"])
        return ward.node
    }

    /// Moves the clock on, so that what has fallen due is done in a block of its own.
    private func due(_ ward: Ward) throws -> [String] {
        ward.clock.advance(days: 1)
        return try ward.node.commitDue()?.deadlines.map(\.word) ?? []
    }

    @Test func whatIsPrivateComesOverAndStaysSo() throws {
        let ward = try Ward()
        try ward.load([("P-4711", "Ann Archer")])
        #expect(try ward.admit("P-4711", age: 70, note: "allergic").word == "done")
        let before = try ward.view(1)
        let node = try deploy(ward)
        #expect(try due(ward) == ["done", "done"])
        let after = try ward.view(1)
        #expect(after.program.version == 2)
        #expect(after.field("patient") == .text("P-4711"))
        #expect(after.field("points") == .integer(31))
        // What has not changed keeps its commitment, and what is new is committed to as well.
        #expect(Array(after.committed[0...2]) == Array(before.committed[0...2]))
        #expect(after.committed[6].isSealed)
        let contract = try node.contract(named: "Ward")
        var writer = try TransactionWriter(node: node, signer: World.signer("dora"), seeds: .unsafe("ward"))
        let executions = try node.commit([
            writer.sign(
                action: "assess", contract: contract.digest, arguments: [.integer(2)], organisation: "insurer",
                on: after)
        ]).executions
        #expect(executions.map(\.word) == ["done"])
        #expect(try ward.view(1).field("risk") == .integer(60))
        let report = try ward.verify()
        #expect(report.problems.map(\.description) == [])
        #expect(report.replay.transactions.executed == report.transactions)
    }

    /// A copy without the vault takes the migration as recorded, and does not make up where the case came from.
    @Test func aCopyWithoutTheVaultDoesNotKnowTheVersionBefore() throws {
        let ward = try Ward()
        try ward.load([("P-4711", "Ann Archer")])
        #expect(try ward.admit("P-4711", age: 70).word == "done")
        let node = try deploy(ward)
        #expect(try due(ward) == ["done", "done"])
        #expect(try node.deadlineWork(of: Ward.reference(1)).map(\.name) == ["migration from version 1"])
        var chain: [UInt8] = []
        _ = try node.export { chain += $0 }
        let path = ward.world.folder.appendingPathComponent("bare.sqlite").path
        let work = try ChainImport(path: path)
        try work.append(chain)
        try work.finish()
        let bare = try LedgerNode(path: path, access: .reading, clock: ward.clock)
        let found = try bare.deadlineWork(of: Ward.reference(1))
        #expect(found.map(\.name) == ["migration from an earlier version"])
        #expect(found.map(\.isMigration) == [true] && found[0].gap != nil)
    }

    /// A migration that needs an erased value cannot be carried out: the case stays where it was, and that is shown.
    @Test func anErasedValueHoldsItUp() throws {
        let ward = try Ward()
        try ward.load([("P-4711", "Ann Archer")])
        #expect(try ward.admit("P-4711", age: 70).word == "done")
        #expect(try ward.erase(.ofCase(Ward.reference(1), fields: [])).word == "done")
        _ = try deploy(ward)
        #expect(try due(ward).first?.hasPrefix("stalled erased") == true)
        #expect(try ward.view(1).program.version == 1)
        #expect(try ward.verify().problems.map(\.description) == [])
    }

    /// Rows are held to a new invariant by what they keep private; what was erased of them breaks nothing any more.
    @Test func privateRowsAreHeldToANewInvariant() throws {
        let ward = try Ward()
        try ward.load([("P-4711", "Ann Archer"), ("P-4712", "?")])
        let next = Ward.text.replacingOccurrences(of: "version 1", with: "version 2").replacingOccurrences(
            of: "  room : Text(16)\n", with: "  room : Text(16)\n  invariant \"Names are told\" : name is not \"?\"\n")
        func deploy() throws -> String {
            let calls: [SystemCall] = [.deployContract(source: TextValue(next), home: "insurer")]
            switch try ward.world.system(calls)[0].receipt.outcome {
            case .refused(let code, let text): return "\(code): \(text)"
            case let outcome: return "\(outcome)"
            }
        }
        // Neither the key nor the value gets on the chain.
        let words = "a row of the register Patient breaks its new invariant \"Names are told\": one with a private key"
        #expect(try deploy() == "breaking: \(words)")
        let subject = try #require(try ward.node.subject(.text("P-4712")))
        #expect(try ward.erase(.subject(subject)).word == "done")
        #expect(try deploy() == "done")
        let report = try ward.verify()
        #expect(report.problems.map(\.description) == [])
        // The load and the first deployment need what was erased since.
        #expect(report.replay.transactions.executed == report.transactions - 2)
        // A copy without the vault takes both as they were recorded.
        var chain: [UInt8] = []
        _ = try ward.node.export { chain += $0 }
        let path = ward.world.folder.appendingPathComponent("bare.sqlite").path
        let work = try ChainImport(path: path)
        try work.append(chain)
        try work.finish()
        let bare = try LedgerNode(path: path, access: .reading, clock: ward.clock)
        #expect(try bare.contract(named: "Ward").program.version == 2)
    }
}
