import Foundation
import RemitLedger
import RemitNode
import RemitStore
import RemitValues
import Testing

/// Ledgers that begin with a snapshot and follow the chain.
@Suite struct SnapshotReplicaTests {
    /// The snapshot after a block, made by the node.
    private func snapshot(_ world: World, at height: UInt64) throws -> [UInt8] {
        var file: [UInt8] = []
        let signed = try world.node.checkpoint(size: height + 1, signedBy: world.nodeSigner)
        _ = try world.node.snapshot(under: signed) { file += $0 }
        return file
    }

    private func export(_ node: LedgerNode, from first: UInt64?) throws -> [UInt8] {
        var file: [UInt8] = []
        _ = try node.export(from: first) { file += $0 }
        return file
    }

    /// Imports files into a new ledger of the world's folder; gives its path.
    private func make(_ world: World, _ name: String, _ files: [[UInt8]]) throws -> String {
        let path = world.folder.appendingPathComponent("\(name).sqlite").path
        let work = try ChainImport(path: path, nodeKey: world.nodeSigner.publicKey)
        try take(work, files)
        return path
    }

    private func take(_ work: ChainImport, _ files: [[UInt8]]) throws {
        for file in files {
            try work.begin(try #require(RecordFile.beginning(file)))
            for start in stride(from: 0, to: file.count, by: 10_000) {
                try work.append(file[start..<min(start + 10_000, file.count)])
            }
            try work.endFile()
        }
        try work.finish()
    }

    @Test func everyHeightLeadsToTheSameHead() throws {
        let world = try TamperTests.small()
        let head = world.node.head
        for height in 0...head.height {
            let files =
                [try snapshot(world, at: height)]
                + (height < head.height ? [try export(world.node, from: height + 1)] : [])
            let path = try make(world, "replica-\(height)", files)
            let report = try Verification.run(path: path, replaying: true)
            #expect(report.problems.map(\.description) == [] && report.snapshot == height)
            #expect(report.head == head.digest && report.blocks == head.height - height)
            #expect(report.replayed == report.transactions)
            let replica = try LedgerNode(path: path, access: .reading, clock: World.clock())
            #expect(replica.head == head && replica.genesis == world.node.genesis)
            // The replica gives the same snapshots and tails as the chain, from its own beginning on.
            let signed = try world.node.checkpoint(signedBy: world.nodeSigner)
            var (mine, other): ([UInt8], [UInt8]) = ([], [])
            _ = try replica.snapshot(under: signed) { mine += $0 }
            _ = try world.node.snapshot(under: signed) { other += $0 }
            #expect(mine == other)
            if height < head.height {
                #expect(try export(replica, from: height + 1) == files[1])
            }
            #expect(throws: NodeError.self) { try export(replica, from: nil) }
        }
    }

    @Test func aReplicaGoesOnAsTheChainDoes() throws {
        let world = try TamperTests.small()
        let path = try make(world, "replica", [try snapshot(world, at: 2), try export(world.node, from: 3)])
        let replica = try LedgerNode(
            path: path, access: .writing, signer: world.nodeSigner, clock: World.clock())
        let contract = try world.node.contract(named: "CommercialClaim")
        var writer = try TransactionWriter(node: world.node, signer: try World.signer("clearing-house"))
        let next = try (5...7).map {
            try writer.sign(
                action: "submit", contract: contract.digest, arguments: try World.claim("C-\($0)", price: "9.5"),
                organisation: "north")
        }
        let (one, two) = (try world.node.commit(next), try replica.commit(next))
        #expect(one.header == two.header && one.executions.map(\.receiptBytes) == two.executions.map(\.receiptBytes))
        let size = one.header.height + 1
        let signed = try replica.checkpoint(signedBy: world.nodeSigner)
        #expect(try world.node.checkpoint(signedBy: world.nodeSigner).checkpoint == signed.checkpoint)
        for old in 2...size {
            let older = try world.node.checkpoint(size: old, signedBy: world.nodeSigner)
            let proof = try replica.prove(consistencyFrom: older, under: signed)
            #expect(try proof.check(.bare(world.nodeSigner.publicKey)).older == older.checkpoint)
        }
        let first = try world.node.checkpoint(size: 1, signedBy: world.nodeSigner)
        #expect(throws: NodeError.self) { try replica.prove(consistencyFrom: first, under: signed) }
        let receipt = try replica.prove(receipt: next[1].digest, under: signed)
        #expect(receipt.encoded == (try world.node.prove(receipt: next[1].digest, under: signed).encoded))
        let report = try Verification.run(path: path, replaying: true)
        #expect(report.problems.map(\.description) == [] && report.head == one.header.digest)
    }

    @Test func aLedgerFollowsByTails() throws {
        let world = try TamperTests.small()
        let early = try snapshot(world, at: 0)
        let path = try make(world, "replica", [early])
        for (first, file) in [(1, try export(world.node, from: 1)), (0, try export(world.node, from: nil))] {
            let work = try ChainImport(following: path, nodeKey: world.nodeSigner.publicKey, clock: World.clock())
            try take(work, [file])
            #expect(work.blockCount == (first == 1 ? world.node.head.height : 0))
            #expect(work.head == world.node.head.digest)
        }
        #expect(try Verification.run(path: path, replaying: true).problems.isEmpty)
        let again = try ChainImport(following: path, clock: World.clock())
        #expect(throws: NodeError.self) { try again.begin(.snapshot) }
    }

    /// The node signed receipts that do not follow: who executes them again refuses the block.
    @Test func aTailIsExecutedAgain() throws {
        let world = try TamperTests.small()
        let path = try make(world, "replica", [try snapshot(world, at: 1)])
        let store = try ChainStore(path: world.path, mode: .readOnly)
        let block = try #require(try store.block(at: 2))
        var receipts = try block.transactions.map { try Receipt(decoding: $0.receipt) }
        receipts[0].cost += 1
        var header = try BlockHeader(decoding: block.header)
        header.receiptRoot = MerkleTree.root(ofDigests: receipts.map(\.digest))
        let signed = try SignedHeader(signing: header, by: world.nodeSigner)
        let transactions = try block.transactions.map {
            try Transaction(bodyBytes: $0.body, signature: try #require(Signature(bytes: $0.signature))).encoded
        }
        let forged = BlockBytes(
            signedHeader: signed.encoded, transactions: transactions, receipts: receipts.map(\.encoded))
        let records: [ChainFile.Record] = [
            .preamble(nodeKey: world.nodeSigner.publicKey, genesis: world.node.genesis, first: 2), .block(forged),
            .end(count: 3, head: header.digest),
        ]
        let file = RecordFile.tail.mark + records.flatMap { ChainFile.encode($0, in: .tail) ?? [] }
        let work = try ChainImport(following: path, clock: World.clock())
        do {
            try take(work, [file])
            Issue.record("a block with a forged receipt was taken")
        } catch let error as NodeError {
            #expect(error.message == "block 2: re-execution gives other receipts than the file")
        }
        #expect(work.blockCount == 0)
    }

    @Test func everyColumnOfAReplicaIsGuarded() throws {
        let world = try TamperTests.small()
        let path = try make(world, "replica", [try snapshot(world, at: 2), try export(world.node, from: 3)])
        let copy = world.folder.appendingPathComponent("copy.sqlite").path
        try TamperTests.changeEverything(
            in: path, copy, tables: Tamper.chainTables + Tamper.baseTables, atLeast: 200)
        let statements = [
            "DELETE FROM base", "DELETE FROM state WHERE space = 'person'", "UPDATE state SET since = since - 1",
            "INSERT INTO state VALUES ('person', x'61', 1, 2, x'00')",
            "INSERT INTO block SELECT 1, digest, time, 0, header, signature FROM block WHERE height = 2",
            "INSERT INTO case_version VALUES ('CommercialClaim/9', 2, x'00', 'paid', 1)",
            "INSERT INTO decision VALUES (2, 0, x'00', '', x'', NULL, '', 1)",
        ]
        for statement in statements {
            try Tamper.copy(path, to: copy)
            try Tamper.run(copy, "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; \(statement)")
            #expect(!TamperTests.problems(copy).isEmpty, "\(statement)")
        }
    }
}
