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
    private var isGivenVault = false

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
        replay = try Replay(store, after: node.head.height)
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

    /// Ends the file of the vault; throws `broken` where it is not whole, or a value in it is damaged.
    public func finishVault() throws(NodeError) {
        try vault.finish()
        isGivenVault = true
        if let problem = try VaultCheck(store: store).damage(limit: 1).first { throw .broken([problem]) }
    }

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
    ///
    /// Throws `broken` where the vault that it was given is not that of the chain.
    public func finish() throws(NodeError) {
        try endFile()
        guard let chain else { throw .invalid("there was no file", hint: "import a chain or a snapshot") }
        if let fault = chain.unmetCheckpoint { throw .broken([ChainProblem(fault)]) }
        if isGivenVault { try checkVault(chain) }
        try storing { () throws(StoreError) in
            _ = try store.purge()
            try store.close()
        }
    }

    /// Ends where a file was not sound: the blocks that were stored before stay, and what they erased goes.
    public func abandon() {
        // What went wrong before is what is told; traces stay due.
        _ = try? store.purge()
        try? store.close()
    }

    private func checkVault(_ chain: ChainVerifier) throws(NodeError) {
        let state = WorkingState(over: StoredState(store: store))
        let isOfChain: Bool
        if let key = try state.value(StateLayout.digestKey)?.commitment {
            isOfChain = try state.vault.secret(key) != nil
        } else {
            isOfChain = try storing { () throws(StoreError) in try !store.hasVaultRecords() }
        }
        guard isOfChain else {
            let text = "the vault is not that of this chain: it does not have its key of private values"
            throw .broken([ChainProblem(height: nil, position: nil, text: text)])
        }
        // The file of a vault does not say which version wrote it.
        try ErasedSubjects.name(in: store)
        var report = VerificationReport()
        report.head = chain.head
        try VaultCheck(store: store).run(&report)
        guard report.problems.isEmpty else { throw .broken(report.problems) }
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
            guard faults.isEmpty else { throw .broken(faults.map { ChainProblem($0) }) }
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
            case .faults(let faults):
                if case .preamble = record { throw .broken(faults.map(ChainProblem.init(ofFile:))) }
                throw .broken(faults.map { ChainProblem($0) })
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
        let recorded = RecordedBlock(receipts: bytes.receipts, transactionCount: transactions.count)
        let again: ReplayedBlock
        switch try replay.execute(signed.header, transactions, genesis: genesis, recorded: recorded) {
        case .success(let executed): again = executed
        case .failure(let problem): throw .broken([problem])
        }
        let all = again.deadlines + again.executions
        guard all.map(\.receiptBytes) == bytes.receipts else {
            let text = "re-execution gives other receipts than the file"
            throw .broken([ChainProblem(height: signed.header.height, position: nil, text: text)])
        }
        var commit = BlockRows.commit(
            signed, transactions, again.executions, deadlines: again.deadlines,
            changes: BlockRows.merged(all.flatMap(\.receipt.changes)))
        var rows = VaultRows(store: store)
        commit.vault = try rows.commit(again.vault, height: commit.height, filling: true)
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
        try eraseBefore(header)
        try replay.begin(after: header.height)
        snapshot = header.height
    }

    /// Erases in the vault, which may be older than the snapshot, what the state says was erased.
    private func eraseBefore(_ header: BlockHeader) throws(NodeError) {
        for (height, scopes) in try Erasures(store).scopes.sorted(by: { $0.key < $1.key }) {
            let vault = WorkingVault(over: StoredVault(store: store))
            for scope in scopes { try vault.erase(scope, height: height) }
            try storing { () throws(StoreError) in try store.eraseInVault(vault.erasures, height: height) }
        }
    }
}
