import CFaultyFiles
import CSQLite
import Foundation
import RemitLedger
import RemitNode
import RemitValues
import Synchronization
import Testing

/// Blocks that are executed while the ones before are written are those that one after another gives.
@Suite struct BlockPipelineTests {
    /// What was told of the blocks, in order.
    private final class Told: Sendable {
        private let results = Mutex<[Result<BlockPipeline.Told, NodeError>]>([])

        var all: [BlockHeader] { results.withLock { $0.compactMap { try? $0.get().block?.header } } }
        var refused: [[Int: AdmissionFault]] { results.withLock { $0.compactMap { try? $0.get().refused } } }
        var failures: Int { results.withLock { $0.filter { (try? $0.get()) == nil }.count } }

        func add(_ result: Result<BlockPipeline.Told, NodeError>) {
            results.withLock { $0.append(result) }
        }
    }

    /// The same ledger each time, and signed claims for it, some of them repeated so that they are refused.
    private func world() throws -> (World, [[CheckedTransaction]]) {
        let world = try World()
        let contract = try world.deployCommercial()
        var writer = try TransactionWriter(node: world.node, signer: try World.signer("clearing-house"))
        var batches: [[CheckedTransaction]] = []
        for block in 0..<12 {
            var batch: [CheckedTransaction] = []
            for place in 0..<(block % 4 + 1) {
                let signed = try writer.sign(
                    action: "submit", contract: contract.digest,
                    arguments: try World.claim("C-\((block * 3 + place) % 20)", price: "\(block + 1).5"),
                    organisation: place % 2 == 0 ? "north" : "south")
                batch.append(try #require(CheckedTransaction(signed)))
            }
            batches.append(batch)
        }
        return (world, batches)
    }

    @Test func theChainIsTheSame() throws {
        let (plain, batches) = try world()
        let expected = try batches.map { try plain.node.commit($0.map(\.transaction)).header }
        let (piped, same) = try world()
        #expect(piped.node.genesis == plain.node.genesis)
        let pipeline = try BlockPipeline(node: piped.node)
        let told = Told()
        for batch in same { try pipeline.commit(batch, written: { told.add($0) }) }
        try pipeline.finish()
        #expect(told.all == expected)
        #expect(piped.node.head == expected.last)
        #expect(try Verification.run(path: piped.path, replaying: true).problems.map(\.description) == [])
    }

    @Test func whatMustNotEnterIsToldAndLeftOut() throws {
        let (world, batches) = try world()
        let pipeline = try BlockPipeline(node: world.node)
        let told = Told()
        // The first of each batch is left out: the others skip its number, until it comes.
        try pipeline.commit(Array(batches[3].prefix(2)), written: { told.add($0) })
        try pipeline.commit(batches[0] + batches[1] + batches[0], written: { told.add($0) })
        try pipeline.finish()
        #expect(told.refused == [[0: .skippedSequence, 1: .skippedSequence], [3: .usedSequence]])
        #expect(told.all.map(\.transactionCount) == [3])
    }

    /// Nobody is told that a number was used by a transaction which then does not get on disk.
    @Test func aRefusalWaitsForWhatItRestsOn() throws {
        remit_files_take_turn()
        defer { remit_files_end_turn() }
        try #require(remit_files_register(1) == SQLITE_OK)
        let (world, batches) = try world()
        let (told, before) = (Told(), world.node.head.height)
        let pipeline = try BlockPipeline(node: world.node)
        remit_files_fail(
            world.folder.path, REMIT_FILES_IO_ERROR, Int32(REMIT_FILES_SYNC.rawValue),
            Int32(REMIT_FILES_LOG.rawValue), 0, 1)
        defer { remit_files_heal() }
        // Refused because of the same transaction in the block, and because of the block before.
        try pipeline.commit(batches[0] + batches[0], written: { told.add($0) })
        #expect(throws: NodeError.self) {
            try pipeline.commit(batches[0], written: { told.add($0) })
            try pipeline.finish()
        }
        #expect(remit_files_failures() > 0)
        #expect(told.refused.isEmpty && told.all.isEmpty && told.failures >= 1)
        #expect(throws: NodeError.self) { try pipeline.finish() }
        remit_files_heal()
        #expect(try Verification.run(path: world.path, replaying: true).blocks <= before + 2)
    }

    @Test func everybodyIsAnsweredWithTheFailure() throws {
        remit_files_take_turn()
        defer { remit_files_end_turn() }
        try #require(remit_files_register(1) == SQLITE_OK)
        let (world, batches) = try world()
        let group = try GroupCommit(node: try reopened(world), blockLimit: 100)
        remit_files_fail(
            world.folder.path, REMIT_FILES_DISK_FULL, Int32(REMIT_FILES_WRITE.rawValue),
            Int32(REMIT_FILES_LOG.rawValue), 0, 1)
        defer { remit_files_heal() }
        let answers = Mutex<[GroupCommit.Answer]>([])
        let all = batches.flatMap { $0 }
        for transaction in all + all {
            group.submit(transaction) { answer in answers.withLock { $0.append(answer) } }
        }
        // What was submitted before has its answer then, and the failure is told here as well.
        #expect(throws: NodeError.self) { try group.withNode { $0.head.height } }
        let given = answers.withLock { $0 }
        #expect(given.count == all.count * 2)
        for answer in given {
            guard case .failure(.store) = answer else {
                Issue.record("\(answer)")
                continue
            }
        }
    }

    private func reopened(_ world: World) throws -> sending LedgerNode {
        try world.node.close()
        return try LedgerNode(path: world.path, access: .writing, signer: world.nodeSigner, clock: World.clock())
    }
}
