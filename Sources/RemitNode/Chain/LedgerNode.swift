import RemitLanguage
public import RemitLedger
import RemitRuntime
import RemitStore
public import RemitValues

/// A ledger that is open: reads its state and, with the node's key, makes blocks.
public final class LedgerNode {
    /// How a ledger is opened.
    public enum Access: Sendable {
        case reading
        /// Makes blocks; only one process at a time can.
        case writing
        /// Takes blocks that another ledger made; only one process at a time can.
        case following
    }

    /// The digest of block 0, which tells this chain from every other.
    public let genesis: Digest
    /// The header of the last block.
    public private(set) var head: BlockHeader
    /// Where the ledger begins, if it was made from a snapshot and not from block 0 on.
    let base: LedgerBase?
    /// The contracts of the chain, compiled as they are met.
    let catalogue = ContractCatalogue()
    let store: ChainStore
    let clock: any Clock
    let signer: (any Signer)?
    private var commitment: StateCommitment?

    /// Opens the ledger in a file; for writing, the state root is rebuilt from the rows and compared first.
    ///
    /// Where another process writes, it waits so many milliseconds for that one to end.
    public init(
        path: String, access: Access, signer: (any Signer)? = nil, clock: any Clock, patience milliseconds: Int = 0
    ) throws(NodeError) {
        let store =
            try access == .reading
            ? Self.open(path, .readOnly, milliseconds) : Self.openCarryingThrough(path, milliseconds)
        self.store = store
        self.clock = clock
        self.signer = signer
        base = try storing { () throws(StoreError) in try store.base() }
        guard let last = try storing({ () throws(StoreError) in try store.head() }) else {
            throw Self.noFirstBlock
        }
        genesis = try Self.genesis(of: store, base)
        guard let bytes = try storing({ () throws(StoreError) in try store.block(at: last.height)?.header }) else {
            throw .broken([ChainProblem(height: last.height, position: nil, text: "the last block is missing")])
        }
        head = try encoding { () throws(LedgerFault) in try BlockHeader(decoding: bytes) }
        if access != .reading {
            try Self.addAuditRows(to: store)
            if access == .writing, try !hasVault() {
                throw .invalid(
                    "this copy of the ledger has no vault, so it cannot decide and makes no blocks",
                    hint: "read from it, or make one with the vault: remit import FILE --vault FILE")
            }
            commitment = try rebuiltCommitment()
            if access == .writing, let signer { try requireNodeKey(signer.publicKey) }
        }
    }

    /// No block is made that another key signs than the one that the chain names: nobody could verify it.
    private func requireNodeKey(_ key: PublicKey) throws(NodeError) {
        let named = try nodeKey()
        guard key == named else {
            throw .invalid(
                "the key \(key) is not the node's: the chain names \(named)",
                hint: "put the node's own key back in the place of this one; nothing was written")
        }
    }

    private init(
        store: ChainStore, header: BlockHeader, commitment: StateCommitment, signer: any Signer, clock: any Clock
    ) {
        self.store = store
        base = nil
        genesis = header.digest
        head = header
        self.commitment = commitment
        self.signer = signer
        self.clock = clock
    }

    private static func open(
        _ path: String, _ mode: ChainStore.Mode, _ patience: Int
    ) throws(NodeError) -> ChainStore {
        try storing { () throws(StoreError) in try ChainStore(path: path, mode: mode, patience: patience) }
    }

    /// Opens a ledger for writing and carries an erasure through that was interrupted.
    ///
    /// Where that fails it stays due, and the ledger is opened anew: what a failed write has left is read from disk.
    private static func openCarryingThrough(_ path: String, _ patience: Int) throws(NodeError) -> ChainStore {
        let store = try open(path, .readWrite, patience)
        do throws(StoreError) {
            _ = try store.purge()
            return store
        } catch {
            try? store.close()
            return try open(path, .readWrite, patience)
        }
    }

    private static let noFirstBlock = NodeError.broken([
        ChainProblem(height: 0, position: nil, text: "the ledger has no first block")
    ])

    /// The digest of block 0's header, from the block or from what a snapshot said of it.
    private static func genesis(of store: ChainStore, _ base: LedgerBase?) throws(NodeError) -> Digest {
        if let base {
            guard let genesis = Digest(bytes: base.genesis) else { throw noFirstBlock }
            return genesis
        }
        guard let first = try storing({ () throws(StoreError) in try store.block(at: 0)?.header }) else {
            throw noFirstBlock
        }
        return try encoding { () throws(LedgerFault) in try BlockHeader(decoding: first) }.digest
    }

    /// The lowest height whose state is here: 0, or the height of the snapshot that the ledger was made from.
    public var firstHeight: UInt64 { base?.height ?? 0 }

    /// Refuses what would need blocks before the snapshot.
    func reach(_ height: UInt64, hint: String = "ask a ledger that has the whole chain") throws(NodeError) {
        guard height >= firstHeight else {
            throw .invalid(
                "the ledger begins after block \(firstHeight), from whose snapshot it was made", hint: hint)
        }
    }

    /// Whether the ledger was made from a snapshot, and has no blocks before it.
    public var beginsWithSnapshot: Bool { base != nil }

    /// Makes a new ledger whose block 0 founds the chain; refuses a file that is there already.
    public static func create(
        path: String, founding: SystemCall.Founding, administrator: some Signer, node: any Signer, clock: any Clock
    ) throws(NodeError) -> LedgerNode {
        let store = try storing { () throws(StoreError) in try ChainStore(path: path, mode: .create) }
        let call = SystemCall.found(founding)
        let body = TransactionBody(
            genesis: .zero, sender: administrator.publicKey, organisation: founding.organisation.string, sequence: 1,
            expiry: 0, contract: .zero, call: call.name, arguments: call.arguments)
        let transaction = try encoding { () throws(LedgerFault) in
            try Transaction(signing: body, by: administrator)
        }
        var commitment = StateCommitment()
        let block = try BlockMaker.found(
            transaction, founding: founding, commitment: &commitment, time: clock.now, signer: node)
        try storing { () throws(StoreError) in try store.append(block.commit) }
        return LedgerNode(
            store: store, header: block.signed.header, commitment: commitment, signer: node, clock: clock)
    }

    /// The state after the last block, for reading.
    public var state: WorkingState { WorkingState(over: StoredState(store: store)) }

    /// The last sequence number that a key used.
    public func lastSequence(of key: PublicKey) throws(NodeError) -> UInt64 {
        try Identities(state: state).lastSequence(of: key)
    }

    /// The contract that new cases of a name begin under.
    public func contract(named name: String) throws(NodeError) -> DeployedContract {
        if let found = try catalogue.current(name, in: state) { return found }
        if let waiting = try catalogue.latest(name, in: state), let begins = waiting.program.begins {
            throw .invalid("\(name) begins on \(begins)", hint: "wait for that day; remit versions \(name) shows it")
        }
        throw try noContract(name)
    }

    /// The version by which registers, funds and calendars of a contract are kept, which may still wait for its day.
    public func keptContract(named name: String) throws(NodeError) -> DeployedContract {
        if let found = try catalogue.kept(name, in: state) { return found }
        throw try noContract(name)
    }

    /// A deployed contract text by its digest.
    public func contract(_ digest: Digest) throws(NodeError) -> DeployedContract? {
        try catalogue.contract(digest, in: state)
    }

    /// Executes transactions in order and commits them in one block; none is in the chain unless this returns.
    ///
    /// Throws `admission` for the first that must not enter; then nothing is committed.
    public func commit(_ transactions: [Transaction]) throws(NodeError) -> CommittedBlock {
        guard SignatureCheck.areValid(transactions) else { throw .admission(.badSignature) }
        guard let block = try makeBlock(transactions, refused: nil) else {
            throw .invalid("a block without a transaction needs a deadline that fell due", hint: "send a transaction")
        }
        return block
    }

    /// Commits those transactions of a block that may enter; then tells `refused` of each other one, by its place.
    ///
    /// Gives nil, and commits nothing, if none may.
    public func commit(
        _ transactions: [CheckedTransaction], refused: (Int, AdmissionFault) -> Void
    ) throws(NodeError) -> CommittedBlock? {
        var faults: [(place: Int, fault: AdmissionFault)] = []
        let block = try makeBlock(transactions.map(\.transaction)) { faults.append(($0, $1)) }
        for (place, fault) in faults { refused(place, fault) }
        return block
    }

    private func makeBlock(
        _ transactions: [Transaction], refused: ((Int, AdmissionFault) -> Void)?
    ) throws(NodeError) -> CommittedBlock? {
        guard let signer, canCommit else {
            throw .invalid("the ledger is open for reading", hint: "give the node's key to make blocks")
        }
        let maker = BlockMaker(
            genesis: genesis, previous: head, catalogue: catalogue, base: StoredState(store: store),
            time: nextTime)
        guard let block = try maker.execute(transactions, refused: refused) else { return nil }
        return try write(block, block.changes, signer: signer)
    }

    /// Whether the node makes blocks: it is open for writing, and nothing has failed.
    var canCommit: Bool { commitment != nil }

    /// Seals an executed block and writes it; once it returns the block is on disk.
    ///
    /// After a failure nobody knows what is on disk, and the node makes no more blocks.
    func write(_ block: OpenBlock, _ changes: [StateChange], signer: any Signer) throws(NodeError) -> CommittedBlock {
        guard var current = commitment else {
            throw .invalid("an earlier block could not be written", hint: "open the ledger again")
        }
        // Held in one place only, so that the trie is changed where it stands and not copied.
        commitment = nil
        let executed = ExecutedBlock(
            time: block.time, deadlines: block.deadlines, transactions: block.transactions,
            executions: block.executions)
        let made = try BlockMaker.seal(
            executed, changes: changes, after: head, genesis: genesis, commitment: &current, signer: signer)
        var commit = made.commit
        var rows = VaultRows(store: store)
        commit.vault = try rows.commit(block.vault, height: commit.height)
        try storing { () throws(StoreError) in try store.append(commit) }
        commitment = current
        head = made.signed.header
        // The block is on disk. Where the traces cannot be taken out they stay due, for whoever opens the ledger next.
        if commit.vault.hasErasure { _ = try? store.purge() }
        return CommittedBlock(header: head, deadlines: block.deadlines, executions: block.executions)
    }

    /// Closes the ledger and gives its lock back; the node is of no more use.
    public func close() throws(NodeError) { try storing { () throws(StoreError) in try store.close() } }

    /// Whether the file may still hold traces of what was erased, because others are reading it or the disk failed.
    public func holdsTraces() throws(NodeError) -> Bool {
        try storing { () throws(StoreError) in try store.isPurgeDue() }
    }

    /// Makes a block for what has fallen due, where something has and no transaction is coming; nil where nothing has.
    public func commitDue() throws(NodeError) -> CommittedBlock? {
        guard let due = try nextDue(), due <= nextTime else { return nil }
        return try commit([])
    }

    /// The time of a block that is made now: no block is earlier than the one before it.
    var nextTime: Instant {
        let now = clock.now
        return max(now, Instant(seconds: head.time) ?? now)
    }

    /// When something falls due next; nil where nothing does.
    public func nextDue() throws(NodeError) -> Instant? {
        let items = try state.items(ofSpace: StateLayout.dueSpace, after: nil, limit: 1)
        return items.first.flatMap { DueItem(item: $0)?.due }
    }

    /// Gives the commitment to the state away; the node makes no more blocks.
    func takeCommitment() -> StateCommitment {
        defer { commitment = nil }
        return commitment ?? StateCommitment()
    }

    /// Makes the rows for auditors where an earlier version of Remit wrote the ledger.
    static func addAuditRows(to store: ChainStore) throws(NodeError) {
        let (isWhole, isLater) = try storing { () throws(StoreError) in
            (try store.lacksAuditRows(), try store.lacksLaterAuditRows())
        }
        guard isWhole || isLater else { return }
        try ErasedSubjects.name(in: store)
        try store.addAuditRows(
            isLater: !isWhole,
            { block throws(NodeError) in
                try encoding { () throws(LedgerFault) in
                    try AuditColumns.rows(
                        block, try block.transactions.map(BlockRows.transaction),
                        try (block.deadlines.map(\.receipt) + block.transactions.map(\.receipt)).map(
                            Receipt.init(decoding:)))
                }
            }, failure: NodeError.store)
    }

    /// Rebuilds the roots from the state rows; throws `broken` where they are not the last header's.
    private func rebuiltCommitment() throws(NodeError) -> StateCommitment {
        guard var rebuilt = try StateRebuild.commitment(store) else {
            throw Self.otherRows(head)
        }
        let roots = rebuilt.roots()
        guard roots.state == head.stateRoot, roots.rules == head.rulesRoot, roots.keySet == head.keySetRoot else {
            throw Self.otherRows(head)
        }
        return rebuilt
    }

    private static func otherRows(_ head: BlockHeader) -> NodeError {
        .broken([
            ChainProblem(
                height: head.height, position: nil,
                text: "the state rows are not those that the last block commits to")
        ])
    }
}

/// A block that is on disk.
public struct CommittedBlock: Sendable {
    /// The block's header.
    public let header: BlockHeader
    /// What fell due before the transactions, in order.
    public let deadlines: [Execution]
    /// What became of each transaction, in order.
    public let executions: [Execution]
}
