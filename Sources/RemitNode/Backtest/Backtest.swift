public import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitStore
import RemitValues

/// Replays the recorded cases of a contract under a changed policy.
///
/// What comes out is what the ledger would have come to if the changed policy had been deployed in the first block of
/// the range. Cases that were opened in the range are opened again, and acted on again by the same people with the same
/// arguments at the same times. Cases from before go on under the version that they began under, or are brought over by
/// the `migrate` of the changed policy. What others keep (registers with keepers, roles) is read as it stood then; what
/// the contract itself writes (cases, unique keys, funds, registers without keepers) follows the changed policy from
/// the first block of the range on. Nothing is written.
public struct Backtest {
    /// The changed policy.
    public let program: CheckedProgram
    private let source: SourceText
    private let node: LedgerNode
    private let current: DeployedContract

    /// Prepares a backtest of a policy and the text that it was checked from; refuses one whose contract was never
    /// deployed on the chain.
    public init(node: LedgerNode, program: CheckedProgram, source: SourceText) throws(NodeError) {
        self.node = node
        self.program = program
        self.source = source
        current = try node.contract(named: program.name)
    }

    /// Replays the blocks of a range, both ends included; told after each block how far it has come, and of each case
    /// when nothing can happen to it any more.
    public func run(
        from first: UInt64, to last: UInt64, progress: (UInt64, UInt64) -> Void = { _, _ in },
        each: (BacktestReport.Line) -> Void = { _ in }
    ) throws(NodeError) -> BacktestReport {
        let end = min(last, node.head.height)
        guard first <= end else {
            throw .invalid(
                "there are no blocks from \(first) to \(last)", hint: "the chain has blocks 0 to \(node.head.height)")
        }
        let changed = DeployedContract(
            digest: .zero, home: current.home, since: first, source: source, program: program,
            privacy: PrivacyLayout(program))
        let simulation = try Simulation(
            contract: changed, catalogue: node.catalogue,
            start: WorkingState(over: HistoricState(store: node.store, height: max(first, 1) - 1)))
        let range = RecordedRange(first: max(first, 1), end: end, isUnsure: try touched(from: first, through: end))
        var comparison = CaseComparison(program: program, node: node, first: range.first, end: end)
        let known = KnownRows()
        var blocks = BlocksAhead(node.store, from: max(first, 1), through: end, RecordedWork.read)
        for height in max(first, 1)...max(end, 1) where height <= end {
            try node.store.reading { () throws(NodeError) in
                let found = try storing { () throws(StoreError) in try blocks.next() }
                guard let (block, parts) = found else { throw Self.missing(height) }
                let work = try encoding { () throws(LedgerFault) in try parts.get() }
                try replay(block, work, range, simulation, known)
                for line in simulation.takeFinished() { each(try comparison.add(line)) }
            }
            progress(height - first + 1, end - first + 1)
        }
        simulation.end()
        for line in simulation.takeFinished() { each(try comparison.add(line)) }
        comparison.finish()
        return comparison.report
    }

    private static func missing(_ height: UInt64) -> NodeError {
        .broken([ChainProblem(height: height, position: nil, text: "the block is missing")])
    }

    /// The cases that calls name which were refused before they reached them: the columns of those do not say so.
    private func touched(from first: UInt64, through end: UInt64) throws(NodeError) -> Set<TextValue> {
        var touched: Set<TextValue> = []
        var fault: LedgerFault?
        try storing { () throws(StoreError) in
            try node.store.forEachRefusedWithoutCase(from: first, through: end) { bytes throws(StoreError) in
                do throws(LedgerFault) {
                    let body = try TransactionBody(decoding: bytes)
                    if let text = body.caseReference { touched.insert(TextValue(text)) }
                } catch { fault = error }
                return fault == nil ? .next : .stop
            }
        }
        if let fault { throw .ledger(fault) }
        return touched
    }

    private func replay(
        _ block: StoredBlock, _ work: RecordedWork, _ range: RecordedRange, _ simulation: Simulation,
        _ known: KnownRows
    ) throws(NodeError) {
        let height = block.height
        guard let time = Instant(seconds: block.time) else { throw Self.missing(height) }
        // The state as recorded, which follows the receipts of the block.
        let state = WorkingState(over: HistoricState(store: node.store, height: height - 1), known: known)
        let find = { (reference: CaseReference) throws(NodeError) in
            try self.earlier(reference, range, simulation)
        }
        if height == range.first { try simulation.takeUp(at: time, recorded: state, find: find) }
        try simulation.begin(blockAt: time, height: height, state, deadlines: work.deadlines)
        state.take(work.deadlines)
        for (position, entry) in work.transactions.enumerated() {
            let (transaction, receipt) = (entry.transaction, entry.receipt)
            let body = transaction.body
            if body.contract != .zero, let deployed = try node.catalogue.contract(body.contract, in: state),
                TextValue(deployed.program.name) == TextValue(program.name),
                let actor = try Identities(state: state).owner(of: body.sender, at: height)
            {
                let place = RecordedCall.Place(height: height, position: position)
                let isOpen = deployed.privacy == nil
                let call = RecordedCall(
                    transaction: transaction,
                    arguments: isOpen ? body.arguments : try body.arguments.map(state.vault.opened), receipt: receipt,
                    findings: entry.findings, contract: deployed, actor: actor, time: time, place: place,
                    lastOfCase: try range.last(ofCaseOpenedBy: transaction, receipt, at: place, node.store))
                try simulation.take(call, recorded: state, find: find)
            } else {
                try simulation.follow(receipt.changes, recorded: state)
            }
            state.take(receipt.changes)
        }
    }

    /// A case from before the range, with the transaction that opened it; a ledger that began with a snapshot may not
    /// have that.
    private func earlier(
        _ reference: CaseReference, _ range: RecordedRange, _ simulation: Simulation
    ) throws(NodeError) -> Simulation.Line? {
        guard reference.number <= simulation.lastBefore else { return nil }
        let placed = try storing { () throws(StoreError) in
            try node.store.transactions(ofCase: reference.description).first
        }
        var opening: (transaction: Digest, height: UInt64, organisation: String) = (.zero, 0, "")
        if let placed {
            let transaction = try encoding { () throws(LedgerFault) in try BlockRows.transaction(placed.record) }
            opening = (transaction.digest, placed.height, transaction.body.organisation)
        }
        return try simulation.earlier(
            reference, opening: opening, last: try range.last(ofCase: reference.description, node.store))
    }
}

/// A transaction with what was recorded of it.
private struct RecordedTransaction: Sendable {
    let transaction: Transaction
    let receipt: Receipt
    let findings: Findings
}

/// What a block recorded.
private struct RecordedWork: Sendable {
    /// What the deadlines changed, which come before all transactions.
    let deadlines: [StateChange]
    let transactions: [RecordedTransaction]

    /// The work of a block, or why it cannot be read.
    static func read(_ block: StoredBlock) -> Result<RecordedWork, LedgerFault> {
        Result { () throws(LedgerFault) in
            var deadlines: [StateChange] = []
            for stored in block.deadlines { deadlines += try Receipt(decoding: stored.receipt).changes }
            let transactions = try block.transactions.map { stored throws(LedgerFault) in
                RecordedTransaction(
                    transaction: try BlockRows.transaction(stored), receipt: try Receipt(decoding: stored.receipt),
                    findings: try BlockRows.findings(stored.findings))
            }
            return RecordedWork(deadlines: deadlines, transactions: transactions)
        }
    }
}

/// The blocks of a backtest, as far as it must know what is to come.
private struct RecordedRange {
    /// The first block and the last one.
    let first: UInt64
    let end: UInt64
    /// The cases of which the columns do not tell every call.
    let isUnsure: Set<TextValue>

    /// Where the last call upon a case stands, which a transaction opens; nil where that is not known.
    func last(
        ofCaseOpenedBy transaction: Transaction, _ receipt: Receipt, at place: RecordedCall.Place, _ store: ChainStore
    ) throws(NodeError) -> RecordedCall.Place? {
        guard transaction.body.caseReference == nil, let reference = receipt.caseReference else { return place }
        return try last(ofCase: reference, store, else: place)
    }

    /// Where the last call upon a case stands; nil where that is not known.
    func last(
        ofCase reference: String, _ store: ChainStore, else place: RecordedCall.Place? = nil
    ) throws(NodeError) -> RecordedCall.Place? {
        if isUnsure.contains(TextValue(reference)) { return nil }
        let found = try storing { () throws(StoreError) in
            try store.lastTransaction(ofCase: reference, upTo: end)
        }
        return found.map { RecordedCall.Place(height: $0.height, position: $0.position) } ?? place
    }
}

/// A transaction of the contract as it stands on the chain.
struct RecordedCall {
    /// Where a transaction stands; what falls due before all transactions of a block has the position -1.
    struct Place: Comparable {
        let height: UInt64
        let position: Int

        static func < (left: Place, right: Place) -> Bool {
            (left.height, left.position) < (right.height, right.position)
        }
    }

    let transaction: Transaction
    /// Its arguments, private ones opened as far as they are there.
    let arguments: [Value]
    let receipt: Receipt
    let findings: Findings
    /// The version that it was decided by.
    let contract: DeployedContract
    let actor: Party
    let time: Instant
    let place: Place
    /// Of one that opens a case: the last call upon that within the range; nil where that is not known.
    let lastOfCase: Place?

    var program: CheckedProgram { contract.program }
    var height: UInt64 { place.height }
    /// Whether it changed anything when it was made.
    var isDone: Bool { if case .done = receipt.outcome { true } else { false } }
}
