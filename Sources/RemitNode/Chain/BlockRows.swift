import RemitLedger
import RemitStore

/// How blocks stand in the store: the columns repeat what the encoded parts say, and verification compares them.
enum BlockRows {
    static func commit(
        _ signed: SignedHeader, _ transactions: [Transaction], _ executions: [Execution], deadlines: [Execution],
        changes: [StateChange]
    ) -> BlockCommit {
        var rows: [TransactionRecord] = []
        rows.reserveCapacity(transactions.count)
        for place in transactions.indices {
            rows.append(
                row(
                    transactions[place], executions[place].receipt, receiptBytes: executions[place].receiptBytes,
                    findings: executions[place].findingsBytes))
        }
        return BlockCommit(
            height: signed.header.height, digest: signed.header.digest.bytes, time: signed.header.time,
            header: signed.header.encoded, signature: signed.signature.bytes,
            deadlines: deadlines.map { row($0.receipt, findings: $0.findingsBytes) }, transactions: rows,
            changes: changes.map { StateWrite(space: $0.key.space, item: $0.key.item, value: $0.value) },
            audit: AuditColumns.rows(transactions, executions, deadlines: deadlines, changes: changes))
    }

    static func row(
        _ transaction: Transaction, _ receipt: Receipt, receiptBytes: [UInt8], findings: [UInt8]?
    ) -> TransactionRecord {
        TransactionRecord(
            digest: transaction.digest.bytes, body: transaction.bodyBytes, signature: transaction.signature.bytes,
            receipt: receiptBytes, findings: findings, call: transaction.body.call,
            caseReference: receipt.caseReference, outcome: word(receipt.outcome))
    }

    static func row(_ receipt: Receipt, findings: [UInt8]?) -> DeadlineRecord {
        DeadlineRecord(
            receipt: receipt.encoded, findings: findings, caseReference: receipt.caseReference,
            outcome: word(receipt.outcome))
    }

    /// The last change of each row of a block, in canonical order: what holds once the block is committed.
    static func merged(_ changes: [StateChange]) -> [StateChange] {
        var last: [StateKey: StateChange] = [:]
        for change in changes { last[change.key] = change }
        return last.values.sorted { $0.key < $1.key }
    }

    /// The outcome as the `outcome` column says it.
    static func word(_ outcome: Receipt.Outcome) -> String {
        switch outcome {
        case .done: "done"
        case .refused(let code, _): "refused \(code)"
        case .stalled: "stalled"
        }
    }

    /// The block as it stands in files.
    static func bytes(_ block: StoredBlock) throws(LedgerFault) -> BlockBytes {
        guard let signature = Signature(bytes: block.signature) else {
            throw LedgerFault.structure(
                "stored block", field: nil, mistake: "the signature of the header has not 64 bytes")
        }
        let header = try BlockHeader(decoding: block.header)
        var transactions: [[UInt8]] = []
        for stored in block.transactions { transactions.append(try transaction(stored).encoded) }
        return BlockBytes(
            signedHeader: SignedHeader(header: header, signature: signature).encoded, transactions: transactions,
            receipts: block.deadlines.map(\.receipt) + block.transactions.map(\.receipt))
    }

    /// The block as the pure verifier takes it: its parts, each read once, and the signatures checked.
    static func parts(of block: StoredBlock) -> ReadBlock {
        ReadBlock(
            header: Result { () throws(LedgerFault) in
                guard let signature = Signature(bytes: block.signature) else {
                    throw LedgerFault.structure(
                        "stored block", field: nil, mistake: "the signature of the header has not 64 bytes")
                }
                return SignedHeader(header: try BlockHeader(decoding: block.header), signature: signature)
            },
            transactions: block.transactions.map { stored in
                Result { () throws(LedgerFault) in try transaction(stored) }
            },
            receipts: block.deadlines.map(\.receipt) + block.transactions.map(\.receipt))
    }

    /// The findings of a receipt; none where the record does not hold them.
    static func findings(_ bytes: [UInt8]?) throws(LedgerFault) -> Findings {
        try bytes.map { bytes throws(LedgerFault) in try Findings(decoding: bytes) } ?? .none
    }

    static func transaction(_ stored: TransactionRecord) throws(LedgerFault) -> Transaction {
        guard let signature = Signature(bytes: stored.signature) else {
            throw LedgerFault.structure(
                "stored block", field: nil, mistake: "the signature of the transaction has not 64 bytes")
        }
        return try Transaction(bodyBytes: stored.body, signature: signature)
    }
}
