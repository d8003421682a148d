import RemitLedger
import RemitValues
import Testing

@Suite("Verifying a chain")
struct ChainVerifierTests {
    @Test("an honest chain has no faults")
    func honest() throws {
        let chain = try SampleChain.of(blocks: 6)
        var verifier = ChainVerifier(nodeKey: chain.node.publicKey, genesis: chain.genesis)
        for block in chain.blocks {
            #expect(verifier.check(block) == [])
        }
        #expect(verifier.nextHeight == 6 && verifier.transactionCount == 12 && verifier.faultCount == 0)
        #expect(verifier.head == chain.headers.last?.digest && verifier.genesis == chain.genesis)
        #expect(verifier.holds(StateKey(space: "case/Claim", item: [0]), value: [81]))
        #expect(!verifier.holds(StateKey(space: "case/Claim", item: [0]), value: [80]))
        #expect(!verifier.holds(StateKey(space: "case/Claim", item: [99])))
        #expect(verifier.rowCount > 1)
    }

    @Test("an empty block is a block")
    func empty() throws {
        var chain = try SampleChain.of(blocks: 1)
        try chain.append([])
        #expect(chain.faults() == [])
    }

    /// A header falsified by the node itself, so that its signature is good: the fault named first.
    static let falsified: [(FaultClass, @Sendable (inout BlockHeader) -> Void)] = [
        (.genesis, { $0.genesis = .zero }), (.height, { $0.height += 1 }), (.previous, { $0.previous = .zero }),
        (.time, { $0.time -= 10 }), (.transactionCount, { $0.transactionCount += 1 }),
        (.transactionRoot, { $0.transactionRoot = .zero }), (.receiptRoot, { $0.receiptRoot = .zero }),
        (.stateRoot, { $0.stateRoot = .zero }), (.rulesRoot, { $0.rulesRoot = .zero }),
        (.keySetRoot, { $0.keySetRoot = .zero }),
    ]

    @Test("each falsified field of a header is named", arguments: falsified.indices)
    func header(index: Int) throws {
        let (faultClass, adjust) = Self.falsified[index]
        var chain = try SampleChain.of(blocks: 3)
        let transactions = [try chain.transaction()]
        try chain.append(transactions, adjust: adjust)
        try chain.append(transactions: 1)
        let faults = chain.faults()
        #expect(faults.map(\.faultClass) == [faultClass])
        let fault = try #require(faults.first)
        #expect(fault.height == 3 && fault.position == nil && fault.expected != nil && fault.found != nil)
        #expect(fault.expected != fault.found)
        #expect(fault.description.hasPrefix("block 3: " + faultClass.summary))
    }

    /// A transaction that should not be in the block.
    static let trespassers: [(FaultClass, @Sendable (inout TransactionBody) -> Void)] = [
        (.transactionGenesis, { $0.genesis = .zero }), (.expired, { $0.expiry = 2 }),
        (.transactionSignature, { $0.sender = SampleChain.stranger }),
    ]

    @Test("each transaction that does not belong is named", arguments: trespassers.indices)
    func transaction(index: Int) throws {
        let (faultClass, change) = Self.trespassers[index]
        var chain = try SampleChain.of(blocks: 3)
        let transactions = [try chain.transaction(), try chain.transaction(change: change)]
        try chain.append(transactions)
        let faults = chain.faults()
        #expect(faults.map(\.faultClass) == [faultClass])
        #expect(faults.first?.height == 3 && faults.first?.position == 1)
        #expect(faults.first?.description.hasPrefix("block 3, transaction 1: " + faultClass.summary) == true)
    }

    @Test("an expiry at the very height is in time")
    func lastMoment() throws {
        var chain = try SampleChain.of(blocks: 3)
        let transaction = try chain.transaction { $0.expiry = 3 }
        try chain.append([transaction])
        #expect(chain.faults() == [])
    }

    /// Receipts that do not belong to two transactions.
    static let wrongReceipts: [(FaultClass, @Sendable (inout [Receipt]) -> Void)] = [
        (.receiptCount, { $0.removeLast() }), (.receiptTransaction, { $0[1].transaction = $0[0].transaction }),
        (.receiptTransaction, { $0.insert($0[0], at: 0) }),
    ]

    @Test("receipts must be those of the transactions, deadlines first")
    func receipts() throws {
        for ((faultClass, change), position) in zip(Self.wrongReceipts, [nil, 1, 0]) {
            var chain = try SampleChain.of(blocks: 1)
            let transactions = [try chain.transaction(), try chain.transaction()]
            try chain.append(transactions, receipts: change)
            let fault = try #require(chain.faults().first)
            #expect(fault.faultClass == faultClass && fault.position == position && fault.height == 1)
        }
    }

    @Test("missing, repeated, swapped and foreign blocks are named")
    func order() throws {
        let chain = try SampleChain.of(blocks: 4)
        func first(_ order: [Int], genesis: Digest? = nil, key: PublicKey? = nil) -> ChainFault? {
            var verifier = ChainVerifier(nodeKey: key ?? chain.node.publicKey, genesis: genesis)
            return order.flatMap { verifier.check(chain.blocks[$0]) }.first
        }
        #expect(first([0, 1, 3])?.height == 2)
        #expect(first([0, 1, 1, 2])?.height == 2)
        #expect(first([0, 2, 1, 3])?.height == 1)
        #expect(first([1, 2, 3])?.height == 0)
        #expect(first([0, 1], genesis: chain.headers[1].digest)?.faultClass == .genesis)
        #expect(first([0], key: SampleChain.stranger)?.faultClass == .headerSignature)
    }

    @Test("a wrong state is reported once, at the block that made it")
    func stateOnce() throws {
        var chain = try SampleChain.of(blocks: 2)
        let honest = chain.blocks[1]
        try chain.append(transactions: 1)
        var blocks = chain.blocks
        var receipt = try Receipt(decoding: honest.receipts[0])
        receipt.changes.removeAll()
        blocks[1].receipts[0] = receipt.encoded
        var verifier = ChainVerifier(nodeKey: chain.node.publicKey)
        let faults = blocks.flatMap { verifier.check($0) }
        #expect(faults.allSatisfy { $0.height == 1 })
        #expect(faults.map(\.faultClass).contains(.stateRoot) && faults.first?.faultClass == .receiptRoot)
    }

    @Test("bytes that are nothing at all are faults, not traps")
    func nonsense() throws {
        let seed: UInt64 = 99
        var random = SplitMix64(seed: seed)
        for _ in 0..<300 {
            var verifier = ChainVerifier(nodeKey: SampleChain.stranger)
            let block = BlockBytes(
                signedHeader: random.bytes(random.below(60)),
                transactions: (0..<random.below(3)).map { _ in random.bytes(random.below(60)) },
                receipts: (0..<random.below(3)).map { _ in random.bytes(random.below(60)) })
            let faults = verifier.check(block)
            #expect(faults.first?.faultClass == .header && faults.first?.height == 0, "seed \(seed)")
            #expect(faults.count > block.transactions.count + block.receipts.count)
        }
    }

    @Test("classes have distinct names and sentences")
    func names() {
        #expect(Set(FaultClass.allCases.map(\.summary)).count == FaultClass.allCases.count)
    }
}

/// Every bit of a small chain, flipped alone: each flip is found, and its block is the first one named.
@Suite("Tampering")
struct TamperTests {
    @Test("every bit counts", arguments: [0, 2])
    func everyBit(height: Int) throws {
        let chain = try SampleChain.of(blocks: 3)
        var before = ChainVerifier(nodeKey: chain.node.publicKey, genesis: chain.genesis)
        for block in chain.blocks[..<height] {
            #expect(before.check(block) == [])
        }
        let block = chain.blocks[height]
        var missed: [String] = []
        func flipAll(_ name: String, _ bytes: [UInt8], _ replace: ([UInt8]) -> BlockBytes) {
            for bit in 0..<bytes.count * 8 {
                var altered = bytes
                altered[bit / 8] ^= 1 << UInt8(bit % 8)
                var verifier = before
                if verifier.check(replace(altered)).first?.height != UInt64(height) {
                    missed.append("\(name), bit \(bit)")
                }
            }
        }
        flipAll("header", block.signedHeader) {
            var other = block
            other.signedHeader = $0
            return other
        }
        for position in block.transactions.indices {
            flipAll("transaction \(position)", block.transactions[position]) {
                var other = block
                other.transactions[position] = $0
                return other
            }
        }
        for position in block.receipts.indices {
            flipAll("receipt \(position)", block.receipts[position]) {
                var other = block
                other.receipts[position] = $0
                return other
            }
        }
        #expect(missed == [])
    }
}

extension SampleChain {
    /// A key that nobody here holds the secret of.
    static var stranger: PublicKey {
        guard let key = PublicKey(bytes: [UInt8](repeating: 0x2A, count: 32)) else {
            preconditionFailure("a key has 32 bytes")
        }
        return key
    }
}
