import RemitLedger
import RemitNode
import RemitValues
import Synchronization
import Testing

/// Blocks that are executed while the ones before are written are those that one after another gives.
@Suite struct BlockPipelineTests {
    /// What was told of the blocks, in order.
    private final class Told: Sendable {
        private let headers = Mutex<[BlockHeader]>([])

        var all: [BlockHeader] { headers.withLock { $0 } }

        func add(_ result: Result<CommittedBlock, NodeError>) {
            if case .success(let block) = result { headers.withLock { $0.append(block.header) } }
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
        for batch in same {
            let isMade = try pipeline.commit(batch, refused: { _, _ in }, written: { told.add($0) })
            #expect(isMade)
        }
        try pipeline.finish()
        #expect(told.all == expected)
        #expect(piped.node.head == expected.last)
        #expect(try Verification.run(path: piped.path, replaying: true).problems.map(\.description) == [])
    }

    @Test func whatMustNotEnterIsToldAndLeftOut() throws {
        let (world, batches) = try world()
        let pipeline = try BlockPipeline(node: world.node)
        var faults: [Int: AdmissionFault] = [:]
        // The first of each batch is left out: the others skip its number, until it comes.
        let isMade = try pipeline.commit(
            Array(batches[3].prefix(2)), refused: { faults[$0] = $1 }, written: { _ in })
        #expect(!isMade && faults == [0: .skippedSequence, 1: .skippedSequence])
        faults = [:]
        let twice = batches[0] + batches[1] + batches[0]
        let told = Told()
        #expect(try pipeline.commit(twice, refused: { faults[$0] = $1 }, written: { told.add($0) }))
        try pipeline.finish()
        #expect(faults == [3: .usedSequence])
        #expect(told.all.map(\.transactionCount) == [3])
    }
}
