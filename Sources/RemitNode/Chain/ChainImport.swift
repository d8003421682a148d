public import RemitLedger
import RemitStore
import RemitValues

/// Makes a ledger from files that another one wrote, and lets it follow: every block is checked, and executed again,
/// before it is stored.
///
/// The first file is a whole chain, or a snapshot; the files after it are tails, or whole chains whose later part is
/// new. A ledger that is there already takes the same files.
public final class ChainImport {
    private let store: ChainStore
    private let replay: Replay
    private let nodeKey: PublicKey?
    private let checkpoint: Checkpoint?
    private var work: FileWork
    /// Where the ledger has come to; nil before the first file is whole.
    private var chain: ChainVerifier?

    private var vault = VaultFileReader()

    /// The number of blocks that were checked, executed and stored.
    public private(set) var blockCount: UInt64 = 0
    /// The number of transactions in them.
    public private(set) var transactionCount: UInt64 = 0
    /// The height of the snapshot that the ledger begins with; nil for a whole chain.
    public private(set) var snapshot: UInt64?
    /// The digest of the last header.
    public var head: Digest? { chain?.head }
    /// The number of blocks of the chain, those before a snapshot included.
    public var chainLength: UInt64 { chain?.nextHeight ?? 0 }
    /// The digest of block 0's header.
    public var genesis: Digest? { chain?.genesis }
    /// How many transactions were executed again, and how many taken as recorded.
    public var counts: ReplayCounts { replay.counts }
    /// The key that signs the chain.
    public var signedBy: PublicKey? { chain?.nodeKey }

    /// What is done with the bytes of the file at hand.
    private enum FileWork {
        case nothing
        case chain(ChainFileReader, ChainFileVerifier)
        case tail(ChainFileReader, TailVerifier)
        case snapshot(SnapshotReader, SnapshotVerifier)
    }

    /// A new ledger at a path, where no file may be.
    ///
    /// Where the node's key is known from elsewhere, the chain must be signed by it. Where a checkpoint was kept, a
    /// snapshot must be that of the checkpoint, and a chain must begin with the blocks that it covers.
    public init(path: String, nodeKey: PublicKey? = nil, checkpoint: Checkpoint? = nil) throws(NodeError) {
        store = try storing { () throws(StoreError) in try ChainStore(path: path, mode: .create) }
        replay = try Replay(store)
        self.nodeKey = nodeKey
        self.checkpoint = checkpoint
        work = .nothing
    }

    /// The ledger that is at a path, to follow its chain; the state root is rebuilt from its rows and compared first.
    public init(following path: String, nodeKey: PublicKey? = nil, clock: any Clock) throws(NodeError) {
        let node = try LedgerNode(path: path, access: .following, clock: clock)
        store = node.store
        replay = try Replay(store)
        try replay.begin(after: node.head.height)
        self.nodeKey = nodeKey
        checkpoint = nil
        work = .nothing
        snapshot = node.base?.height
        chain = ChainVerifier(
            nodeKey: try node.nodeKey(), genesis: node.genesis, after: node.head, state: node.takeCommitment())
        if let nodeKey, let chain, chain.nodeKey != nodeKey {
            throw .invalid("the ledger is signed by another key, \(chain.nodeKey)", hint: "check --key and --ledger")
        }
    }

    /// Takes the next bytes of the file of a vault, before any of the chain; throws `broken` where it is none.
    public func appendVault(_ bytes: some Sequence<UInt8>) throws(NodeError) { try vault.append(bytes, to: store) }

    /// Ends the file of the vault; throws `broken` where it is not whole.
    public func finishVault() throws(NodeError) { try vault.finish() }

    /// Begins with a file of a kind; the file before must have been ended.
    ///
    /// A new ledger takes a whole chain or a snapshot first, and what follows is taken after it.
    public func begin(_ file: RecordFile) throws(NodeError) {
        switch (file, chain) {
        case (.chain, nil):
            work = .chain(ChainFileReader(), ChainFileVerifier(nodeKey: nodeKey, checkpoint: checkpoint))
        case (.snapshot, nil):
            work = .snapshot(SnapshotReader(), SnapshotVerifier(nodeKey: nodeKey, checkpoint: checkpoint))
        case (.chain, .some(let chain)), (.tail, .some(let chain)):
            work = .tail(ChainFileReader(file), TailVerifier(after: chain))
        case (.tail, nil):
            throw .invalid(
                "a tail has only the later blocks of a chain", hint: "begin with a snapshot or a whole chain")
        case (.snapshot, .some):
            throw .invalid("a ledger can only begin with a snapshot", hint: "import it into a new folder")
        }
    }

    /// Takes the next bytes of the file; throws `broken` for the first thing that is not sound.
    public func append(_ bytes: some Sequence<UInt8>) throws(NodeError) {
        // What is at work is held in one place only, so that it is changed where it stands and not copied.
        var taken = work
        work = .nothing
        switch taken {
        case .nothing:
            // Without a word before, it is what it begins as.
            let bytes = Array(bytes)
            try begin(RecordFile.beginning(bytes) ?? .chain)
            try append(bytes)
        case .chain(var reader, var verifier):
            taken = .nothing
            reader.append(bytes)
            try read(&reader, &verifier)
            work = .chain(reader, verifier)
        case .tail(var reader, var verifier):
            taken = .nothing
            chain = nil
            reader.append(bytes)
            try read(&reader, &verifier)
            work = .tail(reader, verifier)
        case .snapshot(var reader, var verifier):
            taken = .nothing
            reader.append(bytes)
            try read(&reader, &verifier)
            work = .snapshot(reader, verifier)
        }
    }

    /// Ends the file; throws `broken` where it is not whole.
    public func endFile() throws(NodeError) {
        var fault: ChainFault?
        switch work {
        case .nothing: return
        case .chain(let reader, let verifier):
            fault = verifier.finish(hasRest: reader.hasRest)
            chain = verifier.reached
        case .tail(let reader, let verifier):
            fault = verifier.finish(hasRest: reader.hasRest)
            chain = verifier.reached
        case .snapshot(let reader, let verifier):
            fault = verifier.finish(hasRest: reader.hasRest)
            chain = verifier.chain
            if fault == nil { try finish(verifier) }
        }
        work = .nothing
        if let fault { throw .broken([ChainProblem(fault)]) }
    }

    /// Ends the file, if that has not been done, and closes the ledger, which is complete then.
    public func finish() throws(NodeError) {
        try endFile()
        guard let chain else { throw .invalid("there was no file", hint: "import a chain or a snapshot") }
        if let fault = chain.unmetCheckpoint { throw .broken([ChainProblem(fault)]) }
        try storing { () throws(StoreError) in try store.close() }
    }

    // MARK: Records

    private func read(_ reader: inout ChainFileReader, _ verifier: inout ChainFileVerifier) throws(NodeError) {
        while true {
            let record: ChainFile.Record?
            do throws(LedgerFault) { record = try reader.next() } catch {
                throw .broken([ChainProblem(verifier.fault(error))])
            }
            guard let record else { return }
            let faults = verifier.check(record)
            guard faults.isEmpty else { throw .broken(faults.map(ChainProblem.init)) }
            if case .block(let block) = record { try keep(block, genesis: verifier.genesis ?? .zero) }
        }
    }

    private func read(_ reader: inout ChainFileReader, _ verifier: inout TailVerifier) throws(NodeError) {
        while true {
            let record: ChainFile.Record?
            do throws(LedgerFault) { record = try reader.next() } catch {
                throw .broken([ChainProblem(verifier.fault(error))])
            }
            guard let record else { return }
            switch verifier.check(record) {
            case .known: break
            case .next(let block): try keep(block, genesis: verifier.reached.genesis ?? .zero)
            case .faults(let faults): throw .broken(faults.map(ChainProblem.init))
            }
        }
    }

    /// Executes a block again and stores it with the findings that come out, which the file does not hold.
    private func keep(_ bytes: BlockBytes, genesis: Digest) throws(NodeError) {
        let (signed, transactions) = try encoding { () throws(LedgerFault) in
            var transactions: [Transaction] = []
            for encoded in bytes.transactions { transactions.append(try Transaction(decoding: encoded)) }
            return (try SignedHeader(decoding: bytes.signedHeader), transactions)
        }
        let (deadlines, executions, problems) = try replay.execute(
            signed.header, transactions, genesis: genesis,
            recorded: RecordedBlock(receipts: bytes.receipts, transactionCount: transactions.count))
        guard problems.isEmpty else { throw .broken(problems) }
        guard (deadlines + executions).map(\.receiptBytes) == bytes.receipts else {
            let text = "re-execution gives other receipts than the file"
            throw .broken([ChainProblem(height: signed.header.height, position: nil, text: text)])
        }
        let commit = BlockRows.commit(
            signed, transactions, executions, deadlines: deadlines,
            changes: BlockRows.merged((deadlines + executions).flatMap(\.receipt.changes)))
        try storing { () throws(StoreError) in try store.append(commit) }
        blockCount += 1
        transactionCount += UInt64(transactions.count)
    }

    private func read(_ reader: inout SnapshotReader, _ verifier: inout SnapshotVerifier) throws(NodeError) {
        while true {
            let record: Snapshot.Record?
            do throws(LedgerFault) { record = try reader.next() } catch {
                throw .broken([ChainProblem(verifier.fault(error))])
            }
            guard let record else { return }
            if let fault = verifier.check(record) { throw .broken([ChainProblem(fault)]) }
            guard let header = verifier.header else { continue }
            switch record {
            case .preamble(let preamble):
                let signed = try encoding { () throws(LedgerFault) in
                    try SignedHeader(decoding: preamble.signedHeader)
                }
                try storing { () throws(StoreError) in
                    try store.beginBase(
                        height: header.height, digest: header.digest.bytes, time: header.time,
                        header: header.encoded, signature: signed.signature.bytes)
                }
            case .rows(let rows):
                let writes = rows.map { StateWrite(space: $0.key.space, item: $0.key.item, value: $0.value) }
                try storing { () throws(StoreError) in
                    try store.addBaseRows(
                        writes, cases: rows.compactMap(AuditColumns.caseVersion), height: header.height)
                }
            case .end: break
            }
        }
    }

    /// The snapshot is sound and whole: the ledger begins with it, if the state names the key that signed it.
    private func finish(_ verifier: SnapshotVerifier) throws(NodeError) {
        guard let preamble = verifier.preamble, let header = verifier.header else { return }
        let state = WorkingState(over: HistoricState(store: store, height: header.height))
        guard case .text(let hex) = try state.value(StateLayout.nodeKey),
            PublicKey(hex: hex.string) == preamble.nodeKey
        else {
            let text = "the state of the snapshot names another node key than the one that signed it"
            throw .broken([ChainProblem(height: header.height, position: nil, text: text)])
        }
        try storing { () throws(StoreError) in
            try store.finishBase(
                LedgerBase(
                    height: header.height, genesis: preamble.genesis.bytes, checkpoint: preamble.checkpoint,
                    path: preamble.path.flatMap(\.bytes)))
        }
        try replay.begin(after: header.height)
        snapshot = header.height
    }
}
