import RemitLanguage
public import RemitLedger
import RemitRuntime
import RemitStore
public import RemitValues

/// One call of a batch: what a claim became after its mapping.
public struct BatchCall: Sendable {
    /// The line of the file that it comes from, from 1; nil where it comes from none.
    public let line: Int?
    /// What names the claim to people, such as its identifier.
    public let identifier: String
    /// The organisation that the sender acts for.
    public let organisation: TextValue
    /// The arguments in the order of the action.
    public let arguments: [Value]

    /// A call of a batch.
    public init(line: Int? = nil, identifier: String, organisation: TextValue, arguments: [Value]) {
        self.line = line
        self.identifier = identifier
        self.organisation = organisation
        self.arguments = arguments
    }
}

/// What became of one call of a batch.
public struct BatchDecision: Sendable {
    public let call: BatchCall
    public let digest: Digest
    /// The block that holds it.
    public let height: UInt64
    public let execution: Execution
    /// The state that the case is in now; nil where the call was refused.
    public let state: String?
    /// The fields of the case, in the contract's order; empty where the call was refused.
    public let fields: [Value]
}

/// Adjudicates a batch in blocks and, started again, goes on where it stopped.
///
/// What was sent before is known by its content (action, organisation and arguments), read from the chain itself; so
/// nothing is adjudicated twice, whenever and however the batch was interrupted.
///
/// Asked to, it sends what was refused before once more, since the reason may be gone.
public struct Adjudicator {
    /// The number of calls in a block, unless said otherwise.
    public static let usualBlock = 100

    /// How many calls were on the chain before and were left out.
    public private(set) var known = 0
    /// The contract that adjudicates.
    public let contract: DeployedContract
    private let node: LedgerNode
    private let action: String
    private let blockSize: Int
    private let signer: any Signer
    private let seeds: SeedSource
    private var writer: TransactionWriter
    private var seen: Set<Digest>
    private var waiting: [(BatchCall, Transaction)] = []

    /// Prepares a batch of an action that opens cases; reads from the chain what was sent before.
    ///
    /// The salts of private arguments come from the seeds.
    public init(
        node: LedgerNode, contract: DeployedContract, action: String, signer: any Signer,
        seeds: SeedSource = .system, blockSize: Int = usualBlock, retryingRefused: Bool = false
    ) throws(NodeError) {
        self.node = node
        self.contract = contract
        self.action = action
        self.blockSize = min(max(1, blockSize), Limits.blockTransactions)
        self.signer = signer
        self.seeds = seeds
        writer = try TransactionWriter(node: node, signer: signer, seeds: seeds)
        var seen: Set<Digest> = []
        let vault = node.state.vault
        var failure: NodeError?
        try node.forEachTransaction { _, transaction, receipt in
            let body = transaction.body
            var isWanted = false
            if retryingRefused, case .refused = receipt.outcome { isWanted = true }
            if !isWanted, TextValue(body.call) == TextValue(action), body.contract == contract.digest {
                // Private arguments are compared as they are, where they are still there.
                do throws(NodeError) {
                    seen.insert(Self.content(body.organisation, try body.arguments.map(vault.opened)))
                } catch {
                    failure = error
                }
            }
            return failure == nil
        }
        if let failure { throw failure }
        self.seen = seen
    }

    /// Takes a call; gives decisions once a block is full and on disk.
    public mutating func take(_ call: BatchCall) throws(NodeError) -> [BatchDecision] {
        let content = Self.content(call.organisation.string, call.arguments)
        guard seen.insert(content).inserted else {
            known += 1
            return []
        }
        let transaction = try writer.sign(
            action: action, contract: contract.digest, arguments: call.arguments, organisation: call.organisation)
        waiting.append((call, transaction))
        return waiting.count >= blockSize ? try flush() : []
    }

    /// Goes on behind transactions that somebody else made with the same key; nothing may be waiting.
    public mutating func resume() throws(NodeError) {
        writer = try TransactionWriter(node: node, signer: signer, seeds: seeds)
    }

    /// Commits what is waiting.
    public mutating func flush() throws(NodeError) -> [BatchDecision] {
        guard !waiting.isEmpty else { return [] }
        let calls = waiting
        waiting = []
        let block = try node.commit(calls.map(\.1))
        // Sequence numbers and the expiry of what follows count from the new head.
        writer.advance(to: node.head.height)
        return zip(calls, block.executions).map { pair, execution in
            var state: String?
            var fields: [Value] = []
            if let (program, transition) = execution.transition, case .done(let effects) = transition.outcome {
                state = program.states[effects.caseState.state].name
                fields = effects.caseState.fields
            }
            return BatchDecision(
                call: pair.0, digest: pair.1.digest, height: block.header.height, execution: execution, state: state,
                fields: fields)
        }
    }

    private static func content(_ organisation: String, _ arguments: [Value]) -> Digest {
        let item = Value.list([.text(TextValue(organisation)), .list(arguments)])
        return MerkleTree.leafHash(ValueCoding.encoded(item))
    }
}
