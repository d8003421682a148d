public import RemitLanguage
public import RemitLedger
public import RemitRuntime
import RemitStore
public import RemitValues

/// A decision with its trace, made again by re-execution and compared with the recorded receipt.
public struct Explanation: Sendable {
    /// The block and the transaction's position in it.
    public let height: UInt64
    public let position: Int
    /// The time of the block.
    public let time: Instant
    public let transaction: Transaction
    public let receipt: Receipt
    /// The recorded findings.
    public let findings: Findings
    /// The person who acted.
    public let actor: Party?
    /// For a call of a contract: the program and the runtime's account with its trace.
    public let transition: (program: CheckedProgram, transition: Transition)?
    let basis: Execution.Basis

    /// Why there is no account of the decision, where private values that it needs are not here; else nil.
    public var gap: String? { basis.gap }
}

extension LedgerNode {
    /// Explains a transaction by its digest.
    public func explain(transaction digest: Digest) throws(NodeError) -> Explanation {
        guard let place = try storing({ () throws(StoreError) in try store.transaction(digest: digest.bytes) }) else {
            throw .notFound("no transaction \(digest.hex)", hint: logHint)
        }
        return try explain(height: place.height, position: place.position)
    }

    /// Explains the transactions that touched a case, oldest first; all of them, or only the one of an action.
    public func explain(case reference: CaseReference) throws(NodeError) -> [Explanation] {
        let places = try storing { () throws(StoreError) in
            try store.transactions(ofCase: reference.description)
        }
        guard !places.isEmpty else {
            throw .notFound("there is no case \(reference)", hint: "remit cases lists the cases")
        }
        var explanations: [Explanation] = []
        for place in places { explanations.append(try explain(height: place.height, position: place.position)) }
        return explanations
    }

    /// Executes the transactions of a block up to a position on the state before it, the last one with a trace.
    public func explain(height: UInt64, position: Int) throws(NodeError) -> Explanation {
        guard let block = try storing({ () throws(StoreError) in try store.block(at: height) }),
            block.transactions.indices.contains(position), let time = Instant(seconds: block.time)
        else {
            throw .notFound("block \(height) has no transaction \(position)", hint: "remit log lists the blocks")
        }
        let stored = block.transactions[position]
        let (transaction, receipt, findings) = try encoding { () throws(LedgerFault) in
            (
                try BlockRows.transaction(stored), try Receipt(decoding: stored.receipt),
                try BlockRows.findings(stored.findings)
            )
        }
        guard height > 0 else {
            return Explanation(
                height: height, position: position, time: time, transaction: transaction, receipt: receipt,
                findings: findings, actor: nil, transition: nil, basis: .execution)
        }
        let state = WorkingState(over: HistoricState(store: store, height: height - 1))
        let admission = Admission(genesis: genesis, state: state, height: height)
        let executor = Executor(state: state, catalogue: catalogue, height: height, time: time)
        _ = try executor.fireDue(recorded: block.deadlines.map(RecordedBlock.Entry.init))
        for earlier in block.transactions.prefix(position) {
            let before = try encoding { () throws(LedgerFault) in try BlockRows.transaction(earlier) }
            let actor = try admission.admit(before)
            _ = try executor.execute(orTake: RecordedBlock.Entry(earlier)) { () throws(NodeError) in
                try executor.execute(before, actor: actor, tracing: false)
            }
        }
        let actor = try admission.admit(transaction)
        let execution = try executor.execute(orTake: RecordedBlock.Entry(stored)) { () throws(NodeError) in
            try executor.execute(transaction, actor: actor, tracing: true)
        }
        guard execution.receipt == receipt else {
            throw .broken([
                ChainProblem(
                    height: height, position: position, text: "re-execution gives another receipt than recorded")
            ])
        }
        return Explanation(
            height: height, position: position, time: time, transaction: transaction, receipt: receipt,
            findings: findings, actor: actor, transition: execution.transition, basis: execution.basis)
    }
}
