/// Checks a chain from its genesis, block by block, from bytes alone.
///
/// What it does not do is execute: that the receipts are what the contracts say is for a replay.
public struct ChainVerifier: Sendable {
    /// The key that signs the headers.
    public let nodeKey: PublicKey
    private let expectedGenesis: Digest?
    private var previous: Digest?
    private var state = StateCommitment()
    /// Whether the last state that could be compared was the right one: a wrong one is reported once.
    private var isStateRight = true
    private var kept: CheckpointCheck?

    /// The height of the block that comes next: the number of blocks checked, and of those known before.
    public private(set) var nextHeight: UInt64 = 0
    /// The digest of block 0's header; nil before it could be read.
    public private(set) var genesis: Digest?
    /// The time of the last header that could be read.
    public private(set) var time: Int64?
    /// The number of transactions checked.
    public private(set) var transactionCount: UInt64 = 0
    /// The number of faults found.
    public private(set) var faultCount = 0

    /// A verifier for the chain whose headers `nodeKey` signs and, where known, whose block 0 has the digest `genesis`.
    ///
    /// A checkpoint that was kept must be one of the chain; where it covers more blocks than come, `unmetCheckpoint`
    /// says so.
    public init(nodeKey: PublicKey, genesis: Digest? = nil, checkpoint: Checkpoint? = nil) {
        self.nodeKey = nodeKey
        expectedGenesis = genesis ?? checkpoint?.genesis
        kept = checkpoint.map(CheckpointCheck.init)
    }

    /// A verifier that goes on after a block whose header and state are known to be right, as from a snapshot.
    public init(nodeKey: PublicKey, genesis: Digest, after header: BlockHeader, state: StateCommitment) {
        self.nodeKey = nodeKey
        expectedGenesis = genesis
        self.genesis = genesis
        previous = header.digest
        time = header.time
        nextHeight = header.height &+ 1
        self.state = state
    }

    /// The digest of the last header; nil where it could not be read, or before block 0.
    public var head: Digest? { previous }

    /// What is wrong where no more blocks come: a checkpoint that was kept covers blocks that are not there.
    public var unmetCheckpoint: ChainFault? { kept?.fault(afterBlocks: nextHeight) }

    /// The number of state rows after the blocks checked.
    public var rowCount: Int { state.count }

    /// Whether the chain gives a state row this value.
    public func holds(_ key: StateKey, value: [UInt8]) -> Bool {
        state.holds(key, value: value)
    }

    /// Whether the chain has such a state row.
    public func holds(_ key: StateKey) -> Bool {
        state.holds(key)
    }

    /// Checks the next block; gives what is wrong with it, in the order of its parts.
    public mutating func check(_ block: BlockBytes) -> [ChainFault] { check(ReadBlock(block)) }

    /// Checks the next block, whose bytes have been read; gives what is wrong with it, in the order of its parts.
    public mutating func check(_ block: ReadBlock) -> [ChainFault] {
        var faults: [ChainFault] = []
        let height = nextHeight
        var header: BlockHeader?
        switch block.header {
        case .success(let signed):
            header = signed.header
            checkLinks(signed, height, &faults)
        case .failure(let fault):
            faults.append(ChainFault(height: height, .header, found: fault.description))
        }
        let digests = checkTransactions(block.transactions, header, height, &faults)
        checkReceipts(block.receipts, of: digests, header, height, &faults)
        if let header {
            checkState(header, height, &faults)
            if let fault = kept?.take(header: header.encoded, height: height) {
                faults.append(fault)
            }
        }
        previous = header?.digest
        if height == 0 {
            genesis = previous ?? expectedGenesis
        }
        time = header?.time ?? time
        nextHeight += 1
        transactionCount += UInt64(block.transactions.count)
        faultCount += faults.count
        return faults
    }

    /// The genesis digest that headers and transactions at a height must name; nil where it is not known.
    private func genesisField(at height: UInt64) -> Digest? {
        height == 0 ? .zero : genesis
    }

    private func checkLinks(_ signed: SignedHeader, _ height: UInt64, _ faults: inout [ChainFault]) {
        let header = signed.header
        var check = Comparison(height: height)
        check.compare(.genesis, genesisField(at: height), header.genesis)
        if height == 0, let expectedGenesis {
            check.compare(.genesis, expectedGenesis, header.digest)
        }
        check.compare(.height, height, header.height)
        check.compare(.previous, height == 0 ? .zero : previous, header.previous)
        if let time, header.time < time {
            check.faults.append(
                ChainFault(height: height, .time, expected: "\(time) or later", found: "\(header.time)"))
        }
        if !signed.isSignatureValid(nodeKey: nodeKey) {
            check.faults.append(ChainFault(height: height, .headerSignature, expected: "node key \(nodeKey)"))
        }
        faults += check.faults
    }

    /// Checks each transaction and their root; gives their digests, nil where one cannot be read.
    private func checkTransactions(
        _ read: [Result<ReadBlock.SignedTransaction, LedgerFault>], _ header: BlockHeader?, _ height: UInt64,
        _ faults: inout [ChainFault]
    ) -> [Digest?] {
        var digests: [Digest?] = []
        for (position, result) in read.enumerated() {
            switch result {
            case .success(let signed):
                digests.append(signed.transaction.digest)
                faults += check(signed, position, height)
            case .failure(let fault):
                digests.append(nil)
                faults.append(
                    ChainFault(height: height, position: position, .transaction, found: fault.description))
            }
        }
        if let header {
            var check = Comparison(height: height)
            check.compare(.transactionCount, header.transactionCount, UInt64(read.count))
            let known = digests.compactMap(\.self)
            if known.count == digests.count {
                check.compare(.transactionRoot, header.transactionRoot, MerkleTree.root(ofDigests: known))
            }
            faults += check.faults
        }
        return digests
    }

    private func check(
        _ signed: ReadBlock.SignedTransaction, _ position: Int, _ height: UInt64
    ) -> [ChainFault] {
        var check = Comparison(height: height, position: position)
        let body = signed.transaction.body
        check.compare(.transactionGenesis, genesisField(at: height), body.genesis)
        if body.expiry < height {
            check.faults.append(
                ChainFault(
                    height: height, position: position, .expired, expected: "height \(body.expiry) at most",
                    found: "\(height)"))
        }
        if !signed.isSignatureValid {
            check.faults.append(
                ChainFault(
                    height: height, position: position, .transactionSignature, expected: "key \(body.sender)"))
        }
        return check.faults
    }

    /// Checks each receipt and their root, and applies the state changes.
    private mutating func checkReceipts(
        _ read: [Result<Receipt, LedgerFault>], of transactions: [Digest?], _ header: BlockHeader?,
        _ height: UInt64, _ faults: inout [ChainFault]
    ) {
        var digests: [Digest] = []
        let deadlines = read.count - transactions.count
        if deadlines < 0 {
            faults.append(
                ChainFault(
                    height: height, .receiptCount, expected: "at least \(transactions.count)",
                    found: "\(read.count)"))
        }
        for (position, result) in read.enumerated() {
            switch result {
            case .success(let receipt):
                digests.append(receipt.digest)
                if deadlines >= 0 {
                    let transaction = position < deadlines ? .zero : transactions[position - deadlines]
                    var check = Comparison(height: height, position: position)
                    check.compare(.receiptTransaction, transaction, receipt.transaction)
                    faults += check.faults
                }
                for change in receipt.changes {
                    state.apply(change)
                }
            case .failure(let fault):
                faults.append(ChainFault(height: height, position: position, .receipt, found: fault.description))
            }
        }
        if let header, digests.count == read.count {
            var check = Comparison(height: height)
            check.compare(.receiptRoot, header.receiptRoot, MerkleTree.root(ofDigests: digests))
            faults += check.faults
        }
    }

    /// Compares the roots of the state; after a wrong state, says nothing more until one is right again.
    private mutating func checkState(_ header: BlockHeader, _ height: UInt64, _ faults: inout [ChainFault]) {
        let roots = state.roots()
        var check = Comparison(height: height)
        check.compare(.stateRoot, header.stateRoot, roots.state)
        check.compare(.rulesRoot, header.rulesRoot, roots.rules)
        check.compare(.keySetRoot, header.keySetRoot, roots.keySet)
        if isStateRight {
            faults += check.faults
        }
        isStateRight = check.faults.isEmpty
    }
}

/// Collects what differs at one place.
private struct Comparison {
    let height: UInt64
    var position: Int?
    var faults: [ChainFault] = []

    /// Notes a fault where something was expected and is not what was found.
    mutating func compare<Item: Equatable>(_ faultClass: FaultClass, _ expected: Item?, _ found: Item) {
        guard let expected, expected != found else {
            return
        }
        faults.append(
            ChainFault(
                height: height, position: position, faultClass, expected: "\(expected)", found: "\(found)"))
    }
}
