import CFaultyFiles
import CSQLite
import Foundation
import RemitLedger
import RemitStore
import RemitValues
import Testing

@testable import RemitNode

/// Real blocks through losses of power: what is left opens, has every acknowledged block, and verifies by replay.
@Suite struct PowerLossTests {
    @Test func everyStateVerifies() throws {
        remit_files_take_turn()
        defer { remit_files_end_turn() }
        try #require(remit_files_register(1) == SQLITE_OK)
        let world = try World()
        _ = try world.deployCommercial()
        try world.node.store.close()
        let heads = try record(world)
        let ruin = FileManager.default.temporaryDirectory.appendingPathComponent("remit-ruin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: ruin, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: ruin) }
        let path = ruin.appendingPathComponent("chain.sqlite").path
        let wanted = ProcessInfo.processInfo.environment["REMIT_NODE_STATES"].flatMap(Int.init) ?? 120
        let points = remit_files_points()
        #expect(points > 60)
        remit_files_rewind(0)
        for number in 0..<wanted {
            let point = points * Int64(number) / Int64(wanted)
            let acknowledged = remit_files_advance(point)
            #expect(remit_files_build(ruin.path, REMIT_FILES_MIXED, UInt64(number)) == 0)
            let node = try LedgerNode(
                path: path, access: .writing, signer: world.nodeSigner, clock: try World.clock())
            #expect(Int64(node.head.height) >= acknowledged, "state \(number)")
            #expect(heads[node.head.height] == node.head.digest, "state \(number)")
            try node.store.close()
            let report = try Verification.run(path: path, replaying: true)
            #expect(report.problems.map(\.description) == [], "state \(number)")
            for name in try FileManager.default.contentsOfDirectory(atPath: ruin.path) {
                try FileManager.default.removeItem(at: ruin.appendingPathComponent(name))
            }
        }
        print("power loss of a node: \(wanted) states, each one opened, verified and replayed")
    }

    /// Adjudicates claims while the file layer records; gives the digest of each head.
    private func record(_ world: World) throws -> [UInt64: Digest] {
        remit_files_watch(world.folder.path)
        defer { remit_files_unwatch() }
        let node = try LedgerNode(
            path: world.path, access: .writing, signer: world.nodeSigner, clock: try World.clock())
        var heads = [node.head.height: node.head.digest]
        let contract = try node.contract(named: "CommercialClaim")
        let signer = try World.signer("clearing-house")
        var writer = try TransactionWriter(node: node, signer: signer)
        for number in 1...10 {
            let transaction = try writer.sign(
                action: "submit", contract: contract.digest,
                arguments: try World.claim("C-\(number)", price: "\(number).5"), organisation: "north")
            _ = try node.commit([transaction])
            remit_files_acknowledge(Int64(node.head.height))
            heads[node.head.height] = node.head.digest
            if number % 4 == 0 { try node.store.checkpoint() }
        }
        try node.store.close()
        return heads
    }
}
