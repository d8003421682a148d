public import RemitLedger
import RemitStore
import RemitValues

extension LedgerNode {
    /// Writes the whole chain as one portable file, piece by piece; gives the number of blocks.
    public func export(_ write: ([UInt8]) throws -> Void) throws -> UInt64 {
        try write(ChainFile.mark)
        func put(_ record: ChainFile.Record) throws {
            guard let bytes = ChainFile.encode(record) else {
                throw NodeError.invalid("a block is larger than 4 GiB", hint: "copy the ledger's file instead")
            }
            try write(bytes)
        }
        try put(.preamble(nodeKey: try nodeKey(), genesis: genesis))
        var last: Digest?
        for height in 0...head.height {
            guard let block = try store.block(at: height) else {
                throw NodeError.broken([ChainProblem(height: height, position: nil, text: "the block is missing")])
            }
            let bytes = try BlockRows.bytes(block)
            last = try BlockHeader(decoding: block.header).digest
            try put(.block(bytes))
        }
        try put(.end(count: head.height + 1, head: last ?? .zero))
        return head.height + 1
    }
}

/// Makes a ledger from an exported chain: every block is checked, and executed again, before it is stored.
public final class ChainImport {
    private let store: ChainStore
    private var reader = ChainFileReader()
    private var verifier: ChainFileVerifier
    private let replay: Replay
    private var vault = VaultFileReader()

    /// The number of blocks stored.
    public var blockCount: UInt64 { verifier.blockCount }
    /// The number of transactions stored.
    public var transactionCount: UInt64 { verifier.transactionCount }
    /// The digest of the last header.
    public var head: Digest? { verifier.head }
    /// How many transactions were executed again, and how many taken as recorded.
    public var counts: ReplayCounts { replay.counts }
    /// The digest of block 0's header.
    public var genesis: Digest? { verifier.genesis }

    /// A new ledger at a path, where no file may be.
    ///
    /// Where the node's key is known from elsewhere, the chain must be signed by it.
    public init(path: String, nodeKey: PublicKey? = nil) throws(NodeError) {
        store = try storing { () throws(StoreError) in try ChainStore(path: path, mode: .create) }
        replay = Replay(store)
        verifier = ChainFileVerifier(nodeKey: nodeKey)
    }

    /// Takes the next bytes of the file of a vault, before any of the chain; throws `broken` where it is none.
    public func appendVault(_ bytes: some Sequence<UInt8>) throws(NodeError) { try vault.append(bytes, to: store) }

    /// Ends the file of the vault; throws `broken` where it is not whole.
    public func finishVault() throws(NodeError) { try vault.finish() }

    /// Takes the next bytes of the file; throws `broken` for the first block that is not sound.
    public func append(_ bytes: some Sequence<UInt8>) throws(NodeError) {
        reader.append(bytes)
        while let record = try next() {
            let faults = verifier.check(record)
            guard faults.isEmpty else { throw .broken(faults.map(ChainProblem.init)) }
            if case .block(let block) = record { try keep(block) }
        }
    }

    /// Ends the import; throws `broken` where the file is not whole. Then the ledger is closed and complete.
    public func finish() throws(NodeError) {
        if let fault = verifier.finish(hasRest: reader.hasRest) { throw .broken([ChainProblem(fault)]) }
        try storing { () throws(StoreError) in try store.close() }
    }

    private func next() throws(NodeError) -> ChainFile.Record? {
        do throws(LedgerFault) {
            return try reader.next()
        } catch {
            throw .broken([ChainProblem(verifier.fault(error))])
        }
    }

    /// Executes a block again and stores it with the findings that come out, which the file does not hold.
    private func keep(_ bytes: BlockBytes) throws(NodeError) {
        let (signed, transactions) = try encoding { () throws(LedgerFault) in
            var transactions: [Transaction] = []
            for encoded in bytes.transactions { transactions.append(try Transaction(decoding: encoded)) }
            return (try SignedHeader(decoding: bytes.signedHeader), transactions)
        }
        let (deadlines, executions, problems) = try replay.execute(
            signed.header, transactions, genesis: verifier.genesis ?? .zero,
            recorded: RecordedBlock(receipts: bytes.receipts, transactionCount: transactions.count))
        guard problems.isEmpty else { throw .broken(problems) }
        guard (deadlines + executions).map(\.receiptBytes) == bytes.receipts else {
            let text = "re-execution gives other receipts than the file"
            throw .broken([ChainProblem(height: signed.header.height, position: nil, text: text)])
        }
        let commit = BlockRows.commit(signed, transactions, executions, deadlines: deadlines)
        try storing { () throws(StoreError) in try store.append(commit) }
    }
}
