import Foundation
import RemitLedger
import RemitNode
import RemitValues
import Testing

/// Proofs of a real ledger: receipts, cases at past heights, consistency.
@Suite struct ProofTests {
    /// A ledger with decisions in several blocks.
    private func world() throws -> World {
        let world = try World()
        let contract = try world.deployCommercial()
        var batch = try Adjudicator(
            node: world.node, contract: contract, action: "submit", signer: try World.signer("clearing-house"),
            blockSize: 3)
        for number in 1...8 {
            _ = try batch.take(
                BatchCall(
                    identifier: "C-\(number)", organisation: "north",
                    arguments: try World.claim("C-\(number % 6)", price: "\(number).5")))
        }
        _ = try batch.flush()
        return world
    }

    @Test func everyTransactionHasItsReceipt() throws {
        let world = try world()
        let key = LedgerKey.bare(world.nodeSigner.publicKey)
        let signed = try world.node.checkpoint(signedBy: world.nodeSigner)
        var seen = 0
        var decided = 0
        var entries: [(LogEntry, Receipt)] = []
        try world.node.forEachTransaction { entry, _, receipt in
            entries.append((entry, receipt))
            return true
        }
        for (entry, receipt) in entries {
            let facts = try world.node.prove(receipt: entry.digest, under: signed).check(key)
            #expect(facts.receipt == receipt && facts.header?.height == entry.height)
            #expect(facts.position == UInt64(entry.position))
            #expect(
                try world.node.prove(transaction: entry.digest, under: signed).check(key).position == facts.position)
            seen += 1
            if let rules = facts.rules {
                decided += 1
                #expect(rules.name == "CommercialClaim")
                #expect(rules.source == (try World.contract("commercial-claim")))
            }
        }
        #expect(seen > 10 && decided == 8)
    }

    @Test func pastStatesAreProved() throws {
        let world = try world()
        let key = LedgerKey.bare(world.nodeSigner.publicKey)
        let head = world.node.head.height
        let reference = CaseReference(contract: "CommercialClaim", number: 5)
        var sizes: Set<Int> = []
        for height in 0...head {
            for size in height + 1...head + 1 {
                let signed = try world.node.checkpoint(size: size, signedBy: world.nodeSigner)
                let facts = try world.node.prove(case: reference, at: height, under: signed).check(key)
                guard case .all(let space, let rows)? = facts.claim else {
                    Issue.record("no claim")
                    continue
                }
                #expect(space == StateLayout.caseSpace(reference) && facts.header?.height == height)
                sizes.insert(rows.count)
                #expect(rows.isEmpty == ((try? world.node.caseView(reference, at: height)) == nil))
            }
        }
        #expect(sizes == [0, 1])
        let signed = try world.node.checkpoint(signedBy: world.nodeSigner)
        let there = try world.node.prove(row: StateLayout.person("ann"), under: signed).check(key)
        guard case .present = there.claim else {
            Issue.record("the administrator is not there")
            return
        }
        let nobody = try world.node.prove(row: StateLayout.person("nobody"), under: signed).check(key)
        guard case .absent = nobody.claim else {
            Issue.record("somebody is there")
            return
        }
        #expect(throws: NodeError.self) { try world.node.prove(case: reference, at: head + 1, under: signed) }
    }

    @Test func checkpointsExtendEachOther() throws {
        let world = try world()
        let key = LedgerKey.bare(world.nodeSigner.publicKey)
        let last = world.node.head.height + 1
        let checkpoints = try (1...last).map { try world.node.checkpoint(size: $0, signedBy: world.nodeSigner) }
        for (index, newer) in checkpoints.enumerated() {
            for older in checkpoints[...index] {
                let facts = try world.node.prove(consistencyFrom: older, under: newer).check(key)
                #expect(facts.older == older.checkpoint && facts.checkpoint == newer.checkpoint)
                #expect(try world.node.adopt(checkpoint: older.bytes).checkpoint == older.checkpoint)
            }
        }
        #expect(throws: NodeError.self) { try world.node.prove(consistencyFrom: checkpoints[3], under: checkpoints[1]) }
        for size: UInt64 in [0, last + 1, .max] {
            #expect(throws: NodeError.self) { try world.node.checkpoint(size: size, signedBy: world.nodeSigner) }
        }
        #expect(throws: NodeError.self) { try world.node.checkpoint(signedBy: world.administrator) }
    }

    @Test func foreignCheckpointsAreRefused() throws {
        let world = try world()
        let other = try World(chain: "another")
        let foreign = try other.node.checkpoint(signedBy: other.nodeSigner)
        let lie = try SignedCheckpoint(
            signing: Checkpoint(genesis: world.node.genesis, size: 2, root: .zero), by: world.nodeSigner)
        let stranger = try SignedCheckpoint(
            signing: Checkpoint(genesis: world.node.genesis, size: 2, root: .zero), by: world.administrator)
        let future = try SignedCheckpoint(
            signing: Checkpoint(genesis: world.node.genesis, size: 1000, root: .zero), by: world.nodeSigner)
        for bytes in [foreign.bytes, lie.bytes, stranger.bytes, future.bytes, Array("hello\n".utf8), []] {
            #expect(throws: NodeError.self) { try world.node.adopt(checkpoint: bytes) }
        }
        let early = try world.node.checkpoint(size: 1, signedBy: world.nodeSigner)
        let digest = try world.node.lastDecision(of: CaseReference(contract: "CommercialClaim", number: 1))
        #expect(throws: NodeError.self) { try world.node.prove(receipt: digest, under: early) }
    }
}

/// A chain that leaves its ledger as a file and comes back.
@Suite struct TransferTests {
    private func world() throws -> World {
        let world = try World()
        let contract = try world.deployCommercial()
        var batch = try Adjudicator(
            node: world.node, contract: contract, action: "submit", signer: try World.signer("clearing-house"),
            blockSize: 2)
        for number in 1...5 {
            _ = try batch.take(
                BatchCall(
                    identifier: "C-\(number)", organisation: "south",
                    arguments: try World.claim("C-\(number)", price: "\(number)")))
        }
        _ = try batch.flush()
        return world
    }

    private func file(of node: LedgerNode) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let blocks = try node.export { bytes += $0 }
        #expect(blocks == node.head.height + 1)
        return bytes
    }

    private func load(_ file: [UInt8], into path: String, key: PublicKey? = nil) throws {
        let work = try ChainImport(path: path, nodeKey: key)
        try work.begin(.chain)
        for start in stride(from: 0, to: file.count, by: 1000) {
            try work.append(file[start..<min(start + 1000, file.count)])
        }
        try work.endFile()
        try work.finish()
    }

    @Test func aChainComesBackWithEverything() throws {
        let world = try world()
        let file = try file(of: world.node)
        let copy = world.folder.appendingPathComponent("copy.sqlite").path
        try load(file, into: copy, key: world.nodeSigner.publicKey)
        let node = try LedgerNode(path: copy, access: .reading, clock: try World.clock())
        #expect(node.head == world.node.head && node.genesis == world.node.genesis)
        #expect(try self.file(of: node) == file)
        let report = try Verification.run(path: copy, replaying: true)
        #expect(report.problems.isEmpty && report.replayed == report.transactions)
        let reference = CaseReference(contract: "CommercialClaim", number: 3)
        #expect(
            try node.explain(case: reference).map(\.findings) == world.node.explain(case: reference).map(\.findings))
        // With the node's key the copy goes on.
        let writer = try LedgerNode(path: copy, access: .writing, signer: world.nodeSigner, clock: try World.clock())
        var transactions = try TransactionWriter(node: writer, signer: world.administrator)
        let call = SystemCall.registerOrganisation(identifier: "east", name: "East")
        _ = try writer.commit([try transactions.sign(call, organisation: "insurer")])
        #expect(writer.head.height == world.node.head.height + 1)
    }

    @Test func damagedFilesAreRefused() throws {
        let world = try world()
        let file = try file(of: world.node)
        var number = 0
        func refused(_ file: [UInt8], key: PublicKey? = nil) -> String? {
            number += 1
            let path = world.folder.appendingPathComponent("no-\(number).sqlite").path
            do {
                try load(file, into: path, key: key)
                return nil
            } catch {
                return (error as? NodeError)?.message
            }
        }
        #expect(refused(Array(file.dropLast()))?.contains("not whole") == true)
        #expect(refused(file + [1])?.contains("not whole") == true)
        #expect(refused(file, key: world.administrator.publicKey)?.contains("another node key") == true)
        for place in stride(from: 20, to: file.count, by: file.count / 23) {
            var altered = file
            altered[place] ^= 4
            #expect(refused(altered) != nil, "byte \(place)")
        }
    }

    /// The node signs a block whose receipt says something else than the contract: only execution finds it.
    @Test func aFalseReceiptIsFoundByExecution() throws {
        let world = try world()
        var reader = ChainFileReader()
        reader.append(try file(of: world.node))
        var records: [ChainFile.Record] = []
        while let record = try reader.next() { records.append(record) }
        guard case .block(var block) = records[records.count - 2] else {
            Issue.record("no last block")
            return
        }
        var receipt = try Receipt(decoding: block.receipts[0])
        receipt.cost += 1
        block.receipts[0] = receipt.encoded
        var header = try SignedHeader(decoding: block.signedHeader).header
        header.receiptRoot = MerkleTree.root(ofDigests: try block.receipts.map { try Receipt(decoding: $0).digest })
        block.signedHeader = try SignedHeader(signing: header, by: world.nodeSigner).encoded
        records[records.count - 2] = .block(block)
        records[records.count - 1] = .end(count: header.height + 1, head: header.digest)
        let lie = ChainFile.mark + records.flatMap { ChainFile.encode($0) ?? [] }
        #expect(ChainFileVerifier.firstFault(in: lie) == nil)
        let path = world.folder.appendingPathComponent("lie.sqlite").path
        #expect {
            try load(lie, into: path)
        } throws: {
            ($0 as? NodeError)?.message.contains("re-execution") == true
        }
    }

    /// The second verifier reads what a real ledger writes.
    @Test func theOtherVerifierReadsIt() throws {
        let world = try world()
        let chain = world.folder.appendingPathComponent("out.chain")
        try Data(try file(of: world.node)).write(to: chain)
        let signed = try world.node.checkpoint(signedBy: world.nodeSigner)
        let key = world.nodeSigner.publicKey
        let digest = try world.node.lastDecision(of: CaseReference(contract: "CommercialClaim", number: 4))
        let proof = try world.node.prove(receipt: digest, under: signed)
        let page = try #require(ReceiptPage(proof, try proof.check(.bare(key))))
        let receipt = world.folder.appendingPathComponent("out.receipt")
        try Data(page.text.utf8).write(to: receipt)
        for (what, file, wanted) in [("chain", chain, "sound: "), ("proof", receipt, "the proof holds")] {
            guard let output = try python([what, file.path, "--key", "\(key)"]) else {
                FileHandle.standardError.write(Data("warning: no python3: the second verifier was not asked\n".utf8))
                return
            }
            #expect(output.hasPrefix(wanted), "\(output)")
        }
    }

    /// What the second verifier says; nil where there is no Python.
    private func python(_ arguments: [String]) throws -> String? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let script = World.root.appendingPathComponent("Docs/verifier/remit_verify.py").path
        process.arguments = ["python3", "-B", script] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 127 ? nil : text
    }
}
