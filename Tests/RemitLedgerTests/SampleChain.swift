import RemitLedger
import RemitValues

/// A small chain for tests: block 0 registers, the later ones change a case, a contract and keys.
struct SampleChain {
    static let nodeSeed = [UInt8](repeating: 0x4E, count: 32)
    static let senderSeed = [UInt8](repeating: 0x53, count: 32)

    let node: SeedSigner
    let sender: SeedSigner
    private(set) var blocks: [BlockBytes] = []
    private(set) var headers: [BlockHeader] = []
    private var state = StateCommitment()
    private var sequence: UInt64 = 0

    /// A chain without blocks.
    init() throws {
        node = try SeedSigner(seed: Self.nodeSeed)
        sender = try SeedSigner(seed: Self.senderSeed)
    }

    /// A chain of so many blocks of two transactions each; the block at height 2 also has the receipt of a deadline.
    static func of(blocks count: Int) throws -> SampleChain {
        var chain = try SampleChain()
        for height in 0..<count {
            try chain.append(transactions: 2, deadlines: height == 2 ? 1 : 0)
        }
        return chain
    }

    /// The genesis digest that the next block and its transactions must name.
    var genesis: Digest { headers.first?.digest ?? .zero }

    /// A signed transaction, numbered as the next of the sender.
    mutating func transaction(change: (inout TransactionBody) -> Void = { _ in }) throws -> Transaction {
        var body = TransactionBody(
            genesis: genesis, sender: sender.publicKey, organisation: "Clinic", sequence: sequence, expiry: 100,
            contract: .zero, call: "grant", arguments: [.text("assessor"), .integer(Int64(sequence))])
        sequence += 1
        change(&body)
        return try Transaction(signing: body, by: sender)
    }

    /// Adds a block of generated transactions.
    mutating func append(transactions count: Int, deadlines: Int = 0) throws {
        let transactions = try (0..<count).map { _ in try transaction() }
        try append(transactions, deadlines: deadlines)
    }

    /// Adds a block of these transactions; `adjust` may falsify the header before it is signed.
    mutating func append(
        _ transactions: [Transaction], deadlines: Int = 0, receipts: ((inout [Receipt]) -> Void)? = nil,
        adjust: (inout BlockHeader) -> Void = { _ in }
    ) throws {
        let height = UInt64(blocks.count)
        var made = (0..<deadlines).map { Receipt(transaction: .zero, outcome: .stalled(reason: "due \($0)"), cost: 1) }
        made += transactions.enumerated().map { position, transaction in
            let number = UInt8(truncatingIfNeeded: height * 16 + UInt64(position))
            let space = ["key", "contract", "case/Claim", "grant/role"][(Int(height) + position) % 4]
            return Receipt(
                transaction: transaction.digest, outcome: .done,
                changes: [
                    StateChange(key: StateKey(space: "case/Claim", item: [0]), value: [number]),
                    StateChange(key: StateKey(space: space, item: [number]), value: [1, number]),
                    StateChange(key: StateKey(space: space, item: [number &- 64]), value: nil),
                ], cost: UInt64(number))
        }
        receipts?(&made)
        for change in made.flatMap(\.changes) {
            state.apply(change)
        }
        let roots = state.roots()
        var header = BlockHeader(
            genesis: genesis, height: height, previous: headers.last?.digest ?? .zero,
            time: 1_767_225_600 + Int64(height),
            transactionRoot: MerkleTree.root(ofDigests: transactions.map(\.digest)),
            transactionCount: UInt64(transactions.count),
            receiptRoot: MerkleTree.root(ofDigests: made.map(\.digest)),
            stateRoot: roots.state, rulesRoot: roots.rules, keySetRoot: roots.keySet)
        adjust(&header)
        headers.append(header)
        blocks.append(
            BlockBytes(
                signedHeader: try SignedHeader(signing: header, by: node).encoded,
                transactions: transactions.map(\.encoded), receipts: made.map(\.encoded)))
    }

    /// All faults of the chain.
    func faults(genesis: Digest? = nil) -> [ChainFault] {
        var verifier = ChainVerifier(nodeKey: node.publicKey, genesis: genesis)
        return blocks.flatMap { verifier.check($0) }
    }
}
