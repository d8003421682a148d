import RemitLedger
import RemitStore
import RemitValues

/// What a block recorded, to go by where something cannot be executed again because private values are not there.
struct RecordedBlock {
    /// A receipt, and the findings behind it where they are known.
    struct Entry {
        let receipt: [UInt8]
        let findings: [UInt8]?
    }

    let deadlines: [Entry]
    let transactions: [Entry]
}

extension RecordedBlock.Entry {
    init(_ stored: TransactionRecord) { self.init(receipt: stored.receipt, findings: stored.findings) }
    init(_ stored: DeadlineRecord) { self.init(receipt: stored.receipt, findings: stored.findings) }
}

extension RecordedBlock {
    init(_ block: StoredBlock) {
        self.init(deadlines: block.deadlines.map(Entry.init), transactions: block.transactions.map(Entry.init))
    }

    /// What a file says of a block: all receipts, those of deadlines first, and no findings.
    init(receipts: [[UInt8]], transactionCount: Int) {
        let entries = receipts.map { Entry(receipt: $0, findings: nil) }
        let first = max(0, entries.count - transactionCount)
        self.init(deadlines: Array(entries[..<first]), transactions: Array(entries[first...]))
    }
}

extension Executor {
    /// Executes something; where that needs private values that are not here and comes out otherwise than recorded, the
    /// record is taken instead.
    func execute(
        orTake recorded: RecordedBlock.Entry?, _ body: () throws(NodeError) -> Execution
    ) throws(NodeError) -> Execution {
        guard let recorded else { return try body() }
        state.begin()
        do throws(NodeError) {
            let execution = try body()
            if state.vault.missing.isEmpty || execution.receiptBytes == recorded.receipt { return execution }
        } catch {
            guard !state.vault.missing.isEmpty else { throw error }
        }
        let missing = state.vault.missing
        state.takeBack()
        let receipt = try encoding { () throws(LedgerFault) in try Receipt(decoding: recorded.receipt) }
        let findings = try encoding { () throws(LedgerFault) in
            if let bytes = recorded.findings { return try Findings(decoding: bytes) as Findings? }
            return receipt.findings == Findings.none.digest ? Findings.none : nil
        }
        state.take(receipt.changes)
        let erased = missing.compactMap(\.erased)
        return Execution(
            recorded: receipt, bytes: recorded.receipt, findings: findings,
            basis: erased.count == missing.count ? .redacted(by: erased.sorted()) : .commitments)
    }
}
