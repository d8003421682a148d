/// What a check of a checkpoint, a proof or a receipt can find wrong.
public enum ProofFaultClass: String, Sendable, CaseIterable {
    /// The bytes are no proof or receipt in this format.
    case file
    /// The checkpoint is not one in the strict form.
    case checkpoint
    /// The ledger's key did not sign the checkpoint.
    case checkpointKey = "checkpoint-key"
    /// A signature in the name of the ledger's key is not valid.
    case checkpointSignature = "checkpoint-signature"
    /// A witness that was asked for did not sign, or its signature is not valid.
    case witness
    /// The header does not decode.
    case header
    /// The header, or the older checkpoint, is of another chain than the checkpoint.
    case origin
    /// The header is not in the log at its height.
    case log
    /// The transaction does not decode.
    case transaction
    /// The transaction is of another chain.
    case transactionGenesis = "transaction-genesis"
    /// The transaction is not signed by its sender.
    case transactionSignature = "transaction-signature"
    /// The transaction is not in the block at its position.
    case transactionPath = "transaction-path"
    /// The receipt does not decode.
    case receipt
    /// The receipt is that of another transaction.
    case receiptTransaction = "receipt-transaction"
    /// The receipt is not in the block at its position.
    case receiptPath = "receipt-path"
    /// The findings do not decode, or are not those of the receipt.
    case findings
    /// The text of the rules is not that of the transaction, or the block's rules root does not show it.
    case contract
    /// The state root does not show what is claimed.
    case state
    /// The decisions shown are not all those that changed the case.
    case decisions
    /// An opening opens nothing that stands at its place in what is proved.
    case opening
    /// The newer log does not begin with the older one.
    case consistency
    /// The text of a receipt says something else than its proof.
    case text

    /// What is wrong, in a few words.
    public var summary: String {
        switch self {
        case .file: "the file is no proof in this format"
        case .checkpoint: "the checkpoint cannot be read"
        case .checkpointKey: "the checkpoint is not signed by this key"
        case .checkpointSignature: "the ledger's signature on the checkpoint is not valid"
        case .witness: "a witness did not sign the checkpoint"
        case .header: "the header cannot be read"
        case .origin: "the parts belong to different chains"
        case .log: "the block is not in the log that the checkpoint covers"
        case .transaction: "the transaction cannot be read"
        case .transactionGenesis: "the transaction belongs to another chain"
        case .transactionSignature: "the transaction is not signed by its sender"
        case .transactionPath: "the transaction is not in the block"
        case .receipt: "the receipt cannot be read"
        case .receiptTransaction: "the receipt is not that of the transaction"
        case .receiptPath: "the receipt is not in the block"
        case .findings: "the findings are not those of the receipt"
        case .contract: "the rules shown are not those that decided"
        case .state: "the state is not as claimed"
        case .decisions: "the decisions shown are not all those that changed the case"
        case .opening: "a disclosed value is not the one that stands on the chain"
        case .consistency: "the newer checkpoint does not extend the older one"
        case .text: "the text on top does not say what the proof says"
        }
    }
}

/// The first thing that is wrong with a proof.
public struct ProofFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public let faultClass: ProofFaultClass
    /// More about it; may be empty.
    public let detail: String

    /// A fault of a class.
    public init(_ faultClass: ProofFaultClass, _ detail: String = "") {
        self.faultClass = faultClass
        self.detail = detail
    }

    /// One line.
    public var description: String {
        detail.isEmpty ? faultClass.summary : "\(faultClass.summary) (\(detail))"
    }
}
