public import RemitLedger
import RemitRuntime
public import RemitValues

/// Makes transactions for one key, counting its sequence numbers on.
public struct TransactionWriter {
    /// How many blocks ahead a transaction stays valid.
    static let expiryBlocks: UInt64 = 1000

    private let genesis: Digest
    private let signer: any Signer
    private let sealer: ArgumentSealer
    private let seeds: SeedSource
    private var sequence: UInt64
    /// The height of the last block that the writer knows of.
    private var height: UInt64

    /// A writer that goes on after the last sequence number on the chain, and knows the contracts that are on it.
    public init(node: LedgerNode, signer: any Signer, seeds: SeedSource = .system) throws(NodeError) {
        genesis = node.genesis
        self.signer = signer
        self.seeds = seeds
        sealer = try ArgumentSealer(node)
        sequence = try node.lastSequence(of: signer.publicKey)
        height = node.head.height
    }

    /// Goes on with this sequence number, where earlier ones were signed and are not on the chain yet.
    ///
    /// Throws `invalid` for a number that was used.
    public mutating func goOn(with number: UInt64) throws(NodeError) {
        guard number > sequence else {
            throw .invalid("the key has used sequence number \(number)", hint: "its next one is \(sequence + 1)")
        }
        sequence = number - 1
    }

    /// Signs a call of the ledger's own.
    public mutating func sign(_ call: SystemCall, organisation: TextValue) throws(NodeError) -> Transaction {
        let body = TransactionBody(
            genesis: genesis, sender: signer.publicKey, organisation: organisation.string, sequence: next(),
            expiry: height + Self.expiryBlocks, contract: .zero, call: call.name, arguments: call.arguments)
        guard sealer.needsSeed(call) else { return try sign(body) }
        return try sign(body, sealer.seal(call, seed(body)))
    }

    /// Signs an action of a contract, on a case or opening one; its private arguments, given in the open, go into the
    /// side-car.
    public mutating func sign(
        action: String, contract: Digest, arguments: [Value], organisation: TextValue, on existing: CaseView? = nil
    ) throws(NodeError) -> Transaction {
        let body = TransactionBody(
            genesis: genesis, sender: signer.publicKey, organisation: organisation.string, sequence: next(),
            expiry: height + Self.expiryBlocks, contract: contract,
            caseReference: existing?.reference.description, revision: existing?.stored.state.revision ?? 0,
            call: action, arguments: arguments)
        guard let layout = sealer.layout(contract) else { return try sign(body) }
        return try sign(body, ArgumentSealer.seal(arguments, of: action, layout, seed(body)))
    }

    /// Counts the validity of what follows from a newer block.
    public mutating func advance(to height: UInt64) { self.height = height }

    private mutating func next() -> UInt64 {
        sequence += 1
        return sequence
    }

    private func seed(_ body: TransactionBody) -> PrivateSecret {
        seeds.seed(of: body.sequence, by: signer.publicKey, on: genesis)
    }

    private func sign(
        _ open: TransactionBody, _ sealed: (arguments: [Value], sideCar: SideCar)
    ) throws(NodeError) -> Transaction {
        var body = open
        body.arguments = sealed.arguments
        body.seedCommitment = sealed.sideCar.seed.commitment
        var transaction = try sign(body)
        transaction.sideCar = sealed.sideCar
        return transaction
    }

    private func sign(_ body: TransactionBody) throws(NodeError) -> Transaction {
        try encoding { () throws(LedgerFault) in try Transaction(signing: body, by: signer) }
    }
}
