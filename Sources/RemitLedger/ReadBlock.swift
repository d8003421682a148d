/// A block as its bytes tell it: every part read once, with what can be said of it without the chain before.
///
/// Blocks can be read independently of each other and on several cores; `ChainVerifier` takes them in their order.
public struct ReadBlock: Sendable {
    /// A transaction, and whether its sender signed it.
    public struct SignedTransaction: Sendable {
        /// The transaction.
        public let transaction: Transaction
        /// Whether the signature is that of the sender.
        public let isSignatureValid: Bool
    }

    /// The header with its signature, which needs the node's key to be checked; or why it cannot be read.
    public let header: Result<SignedHeader, LedgerFault>
    /// The transactions in order, or why one cannot be read.
    public let transactions: [Result<SignedTransaction, LedgerFault>]
    /// The receipts in order, those of deadlines first, or why one cannot be read.
    public let receipts: [Result<Receipt, LedgerFault>]

    /// Reads the bytes of a block.
    public init(_ bytes: BlockBytes) {
        self.init(
            header: Result { () throws(LedgerFault) in try SignedHeader(decoding: bytes.signedHeader) },
            transactions: bytes.transactions.map { encoded in
                Result { () throws(LedgerFault) in try Transaction(decoding: encoded) }
            }, receipts: bytes.receipts)
    }

    /// A block whose header and transactions were read from where they stand apart; checks the signatures.
    public init(
        header: Result<SignedHeader, LedgerFault>, transactions: [Result<Transaction, LedgerFault>],
        receipts: [[UInt8]]
    ) {
        self.header = header
        self.transactions = transactions.map { read in
            read.map { SignedTransaction(transaction: $0, isSignatureValid: $0.isSignatureValid) }
        }
        self.receipts = receipts.map { encoded in
            Result { () throws(LedgerFault) in try Receipt(decoding: encoded) }
        }
    }

    /// All parts; throws why the first that cannot be read cannot.
    public func whole() throws(LedgerFault) -> (
        header: BlockHeader, transactions: [Transaction], receipts: [Receipt]
    ) {
        (
            try header.get().header, try transactions.map { read throws(LedgerFault) in try read.get().transaction },
            try receipts.map { read throws(LedgerFault) in try read.get() }
        )
    }

    /// Why the header or a transaction cannot be read, the first that cannot; nil where all can.
    public var fault: LedgerFault? {
        if case .failure(let fault) = header { return fault }
        for case .failure(let fault) in transactions { return fault }
        return nil
    }
}
