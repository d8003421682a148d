import RemitLedger
import Testing

@Suite("Proof files and receipts")
struct ChainProofTests {
    private func fault(_ body: () throws -> Void) -> ProofFaultClass? {
        do {
            try body()
            return nil
        } catch {
            return (error as? ProofFault)?.faultClass
        }
    }

    @Test("every kind of proof holds, and comes back from its bytes")
    func honest() throws {
        let chain = try SampleChain.withRules()
        #expect(chain.faults() == [])
        let key = LedgerKey.bare(chain.node.publicKey)
        for (name, proof) in try chain.proofs() {
            #expect(try ChainProof(decoding: proof.encoded) == proof, "\(name)")
            #expect(fault { _ = try ChainProof.check(file: proof.encoded, key) } == nil, "\(name)")
            let stranger = LedgerKey.bare(chain.sender.publicKey)
            #expect(fault { _ = try proof.check(stranger) } == .checkpointKey, "\(name)")
        }
        let facts = try chain.proveReceipt(1, 1, size: 4).check(key)
        #expect(facts.rules?.name == "Gloves" && facts.rules?.version == 2)
        #expect(facts.rules?.source == SampleChain.contractText)
        #expect(facts.findings == SampleChain.findings && facts.position == 1 && facts.header?.height == 1)
    }

    @Test("proofs under every checkpoint that covers the block")
    func sizes() throws {
        let chain = try SampleChain.of(blocks: 9)
        let key = LedgerKey.bare(chain.node.publicKey)
        for size in 1...9 {
            for height in 0..<size {
                let proof = try chain.proveTransaction(height, 1, size: size)
                #expect(try proof.check(key).header?.height == UInt64(height))
            }
            for older in 1...size {
                let proof = try chain.proveConsistency(from: older, to: size)
                #expect(try proof.check(key).older?.size == UInt64(older))
            }
        }
    }

    /// Every bit behind the checkpoint is flipped in turn in two proofs, every third in the others, and in one of them
    /// a bit of each byte of the checkpoint.
    ///
    /// Two changes are no falsehood. The count of receipts only says where to look, as the tree of RFC 6962 does not
    /// commit to its size: the same receipt is shown. And that another name is absent can be just as true.
    @Test("no bit of a proof can be changed so that it shows what is not so", arguments: [0, 3, 4, 6, 9])
    func everyBit(index: Int) throws {
        let chain = try SampleChain.withRules()
        let key = LedgerKey.bare(chain.node.publicKey)
        let (name, proof) = try chain.proofs()[index]
        let rows = try chain.rows(after: 2)
        let bytes = proof.encoded
        let shown = try proof.check(key)
        var accepted = 0
        // The checkpoint stands at the beginning, behind a few bytes of the map.
        let checkpoint = proof.checkpoint.count * 8
        let first = index == 0 ? Array(stride(from: 0, to: checkpoint, by: 9)) : []
        // Three and eight have no common factor, so that every place in a byte is met.
        let step = index == 4 || index == 9 ? 1 : 3
        for bit in first + Array(stride(from: checkpoint, to: bytes.count * 8, by: step)) {
            var altered = bytes
            altered[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let facts = try? ChainProof.check(file: altered, key) else {
                continue
            }
            accepted += 1
            switch facts.claim {
            case .absent(let key): #expect(rows[key] == nil, "\(name), bit \(bit)")
            case .all(let space, let all):
                #expect(all.isEmpty && !rows.keys.contains { $0.space == space }, "\(name), bit \(bit)")
            default:
                #expect(facts.receipt != nil && facts.receipt == shown.receipt, "\(name), bit \(bit)")
                #expect(facts.transaction == shown.transaction && facts.header == shown.header, "\(name), bit \(bit)")
            }
        }
        #expect(accepted < 40, "\(name)")
    }

    /// What is changed in an honest proof, and the class that must be named first.
    @Test("each kind of falsehood is named")
    func classes() throws {
        let chain = try SampleChain.withRules()
        let other = try SampleChain.of(blocks: 4)
        let key = LedgerKey.bare(chain.node.publicKey)
        let size = 4
        func part(_ proof: ChainProof) throws -> (
            ChainProof.BlockPart, ChainProof.TransactionPart, ChainProof.ReceiptPart
        ) {
            guard case .receipt(let block, let transaction, let receipt) = proof.content else {
                throw ProofFault(.file)
            }
            return (block, transaction, receipt)
        }
        let honest = try chain.proveReceipt(1, 1, size: size)
        let (block, transaction, receipt) = try part(honest)
        let (_, neighbour, neighbourReceipt) = try part(try chain.proveReceipt(1, 0, size: size))
        let (later, laterTransaction, laterReceipt) = try part(try chain.proveReceipt(2, 1, size: size))
        let (foreign, foreignTransaction, _) = try part(try other.proveReceipt(1, 1, size: size))
        let checkpoint = honest.checkpoint
        func check(
            _ expected: ProofFaultClass?, checkpoint: [UInt8], _ content: ChainProof.Content,
            line: Int = #line
        ) {
            let found = fault { _ = try ChainProof(checkpoint: checkpoint, content: content).check(key) }
            #expect(found == expected, "line \(line)")
        }
        func check(_ expected: ProofFaultClass?, _ content: ChainProof.Content, line: Int = #line) {
            check(expected, checkpoint: checkpoint, content, line: line)
        }
        typealias Receipt = ChainProof.ReceiptPart
        check(.checkpoint, checkpoint: Array(checkpoint.dropLast()), .receipt(block, transaction, receipt))
        check(.origin, checkpoint: try other.signedCheckpoint(4).bytes, .receipt(block, transaction, receipt))
        check(.header, .transaction(.init(header: block.header + [0], path: block.path), transaction))
        check(.origin, .transaction(foreign, foreignTransaction))
        check(.log, .transaction(.init(header: later.header, path: block.path), transaction))
        check(.transaction, .transaction(block, .init(transaction: [1], position: 1, path: transaction.path)))
        check(.transactionGenesis, .transaction(block, foreignTransaction))
        check(.transactionPath, .transaction(block, laterTransaction))
        check(
            .transactionPath,
            .transaction(
                block,
                .init(
                    transaction: transaction.transaction, position: 0, path: transaction.path)))
        check(.receiptTransaction, .receipt(block, transaction, neighbourReceipt))
        check(.receiptTransaction, .receipt(block, neighbour, receipt))
        check(
            .receiptPath,
            .receipt(
                block, transaction,
                Receipt(
                    receipt: receipt.receipt, count: 1, path: receipt.path, findings: receipt.findings,
                    rules: receipt.rules)))
        check(
            .receipt,
            .receipt(
                block, transaction,
                Receipt(
                    receipt: [], count: 4, path: receipt.path, findings: receipt.findings, rules: receipt.rules)))
        check(
            .findings,
            .receipt(
                block, transaction,
                Receipt(
                    receipt: receipt.receipt, count: 4, path: receipt.path, findings: Findings.none.encoded,
                    rules: receipt.rules)))
        check(
            .contract,
            .receipt(
                block, transaction,
                Receipt(
                    receipt: receipt.receipt, count: 4, path: receipt.path, findings: receipt.findings, rules: nil)))
        check(
            nil,
            .receipt(
                later, laterTransaction,
                Receipt(
                    receipt: laterReceipt.receipt, count: 3, path: laterReceipt.path, findings: laterReceipt.findings,
                    rules: nil)))
        check(
            .contract,
            .receipt(
                block, neighbour,
                Receipt(
                    receipt: neighbourReceipt.receipt, count: 4, path: neighbourReceipt.path,
                    findings: neighbourReceipt.findings, rules: receipt.rules)))
        check(.state, .state(block, StateProof(claim: .absent(StateKey(space: "case/Claim", item: [0])), path: [])))
        check(.consistency, .consistency(older: try chain.signedCheckpoint(2).bytes, path: []))
        check(.origin, .consistency(older: try other.signedCheckpoint(2).bytes, path: []))
    }

    @Test("a receipt is a page, and its lines are held to the proof")
    func page() throws {
        let chain = try SampleChain.withRules()
        let key = LedgerKey.bare(chain.node.publicKey)
        let proof = try chain.proveReceipt(1, 1, size: 4)
        let page = try #require(ReceiptPage(proof, try proof.check(key)))
        let bytes = Array(page.text.utf8)
        #expect(ReceiptPage.isReceipt(bytes) && !ReceiptPage.isReceipt(proof.encoded))
        #expect(page.text.contains("Finding       deny G-1, line 1: not\\u{a}covered \\u{202e} (4) [check:1]\n"))
        #expect(page.text.contains("Finding       note G-2: 手套 [check:2]\n"))
        #expect(page.text.contains("Rules         Gloves, version 2\n"))
        #expect(page.text.contains("Block         1, transaction 2 of 3\n"))
        #expect(fault { _ = try ReceiptPage.check(bytes, key) } == nil)
        let mailed = page.text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
        #expect(fault { _ = try ReceiptPage.check(Array(mailed.utf8), key) } == nil)
        #expect(ReceiptPage(try chain.proveTransaction(1, 1, size: 4), try proof.check(key)) != nil)
        let falsified: [(String, ProofFaultClass)] = [
            (page.text.replacingFirst("version 2", "version 3"), .text),
            (page.text.replacingFirst("Outcome       done", "Outcome       Done"), .text),
            (page.text + "\n", .text), (String(page.text.dropLast()), .text),
            (page.text.replacingFirst("PROOF-----\n", "PROOF-----\n="), .file),
            (page.text.replacingFirst("BEGIN REMIT", "BEGIN"), .file),
            (page.text.replacingFirst("END REMIT", "END"), .file),
        ]
        for (text, expected) in falsified {
            #expect(fault { _ = try ReceiptPage.check(Array(text.utf8), key) } == expected)
        }
        // Every byte above the proof counts.
        let top = page.text.utf8.count - proof.encoded.count * 4 / 3
        for index in 0..<top {
            var other = bytes
            other[index] ^= 1
            #expect(fault { _ = try ReceiptPage.check(other, key) } != nil, "byte \(index)")
        }
    }

    @Test("classes have distinct names and sentences")
    func names() {
        #expect(Set(ProofFaultClass.allCases.map(\.summary)).count == ProofFaultClass.allCases.count)
    }
}
