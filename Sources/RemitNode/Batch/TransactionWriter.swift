public import RemitLedger
import RemitRuntime
public import RemitValues

/// Makes transactions for one key, counting its sequence numbers on.
public struct TransactionWriter {
    /// How many blocks ahead a transaction stays valid.
    static let expiryBlocks: UInt64 = 1000

    private let genesis: Digest
    private let signer: any Signer
    private var sequence: UInt64
    /// The height of the last block that the writer knows of.
    private var height: UInt64

    /// A writer that goes on after the last sequence number on the chain.
    public init(node: LedgerNode, signer: any Signer) throws(NodeError) {
        genesis = node.genesis
        self.signer = signer
        sequence = try node.lastSequence(of: signer.publicKey)
        height = node.head.height
    }

    /// Signs a call of the ledger's own.
    public mutating func sign(_ call: SystemCall, organisation: TextValue) throws(NodeError) -> Transaction {
        try sign(
            TransactionBody(
                genesis: genesis, sender: signer.publicKey, organisation: organisation.string, sequence: next(),
                expiry: height + Self.expiryBlocks, contract: .zero, call: call.name, arguments: call.arguments))
    }

    /// Signs an action of a contract, on a case or opening one.
    public mutating func sign(
        action: String, contract: Digest, arguments: [Value], organisation: TextValue, on existing: CaseView? = nil
    ) throws(NodeError) -> Transaction {
        try sign(
            TransactionBody(
                genesis: genesis, sender: signer.publicKey, organisation: organisation.string, sequence: next(),
                expiry: height + Self.expiryBlocks, contract: contract,
                caseReference: existing?.reference.description, revision: existing?.stored.state.revision ?? 0,
                call: action, arguments: arguments))
    }

    /// Counts the validity of what follows from a newer block.
    public mutating func advance(to height: UInt64) { self.height = height }

    private mutating func next() -> UInt64 {
        sequence += 1
        return sequence
    }

    private func sign(_ body: TransactionBody) throws(NodeError) -> Transaction {
        try encoding { () throws(LedgerFault) in try Transaction(signing: body, by: signer) }
    }
}
