import RemitLanguage
import RemitLedger
import RemitStore
import RemitValues

/// Makes the next block from transactions: admits, executes, and computes the roots.
struct BlockMaker {
    /// A block ready to be stored.
    struct Made {
        let signed: SignedHeader
        let commit: BlockCommit
        /// What the block adds to the vault and erases there.
        var vault: WorkingVault?
    }

    let genesis: Digest
    let previous: BlockHeader
    let catalogue: ContractCatalogue
    let base: any StateReading
    let time: Instant

    /// Executes transactions in order, whose signatures have been checked.
    ///
    /// Throws `admission` for the first that must not enter; where `refused` is given, it is told instead, and the
    /// block is made of the others. Gives nil if none is left. `commitment` is brought to the state after the block; it
    /// is not touched if an admission fails.
    func make(
        _ candidates: [Transaction], commitment: inout StateCommitment, signer: any Signer,
        refused: ((Int, AdmissionFault) -> Void)? = nil
    ) throws(NodeError) -> (Made, deadlines: [Execution], [Execution])? {
        var transactions = candidates
        guard transactions.count <= Limits.blockTransactions else {
            throw .invalid(
                "a block holds up to \(Limits.blockTransactions) transactions, not \(transactions.count)",
                hint: "send them in several blocks")
        }
        let height = previous.height + 1
        let state = WorkingState(over: base)
        var left: Set<Int> = []
        let (deadlines, executions) = try Self.execute(
            transactions, genesis: genesis, state: state, catalogue: catalogue, height: height, time: time,
            signaturesKnown: true,
            refused: refused.map { refused in
                { index, fault in
                    left.insert(index)
                    refused(index, fault)
                }
            })
        if !left.isEmpty {
            transactions = candidates.enumerated().filter { !left.contains($0.offset) }.map(\.element)
        }
        guard !transactions.isEmpty || !deadlines.isEmpty else { return nil }
        var made = try Self.seal(
            transactions, executions, deadlines: deadlines, after: previous, genesis: genesis, commitment: &commitment,
            time: time, signer: signer)
        made.vault = state.vault
        return (made, deadlines, executions)
    }

    /// Makes block 0 from the transaction that founds the chain.
    static func found(
        _ transaction: Transaction, founding: SystemCall.Founding, commitment: inout StateCommitment, time: Instant,
        signer: any Signer
    ) throws(NodeError) -> Made {
        let execution = foundingExecution(transaction, founding: founding, state: WorkingState(over: MemoryState()))
        return try seal(
            [transaction], [execution], after: nil, genesis: .zero, commitment: &commitment, time: time,
            signer: signer)
    }

    /// The execution of block 0, the same when it is made and when it is replayed.
    static func foundingExecution(
        _ transaction: Transaction, founding: SystemCall.Founding, state: WorkingState
    ) -> Execution {
        SystemContract.found(founding, in: state)
        state.set(StateLayout.sequence(transaction.body.sender), .integer(1))
        let receipt = Receipt(
            transaction: transaction.digest, outcome: .done, changes: state.finishTransaction(), cost: 1)
        return Execution(receipt: receipt, findings: .none, transition: nil)
    }

    /// Runs what has fallen due, then admits and executes the transactions of a block above 0;
    /// what must not enter is told to `refused`, or thrown.
    static func execute(
        _ transactions: [Transaction], genesis: Digest, state: WorkingState, catalogue: ContractCatalogue,
        height: UInt64, time: Instant, signaturesKnown: Bool = false, recorded: RecordedBlock? = nil,
        refused: ((Int, AdmissionFault) -> Void)? = nil
    ) throws(NodeError) -> (deadlines: [Execution], transactions: [Execution]) {
        let admission = Admission(genesis: genesis, state: state, height: height)
        let executor = Executor(state: state, catalogue: catalogue, height: height, time: time)
        let deadlines = try executor.fireDue(recorded: recorded?.deadlines)
        var executions: [Execution] = []
        executions.reserveCapacity(transactions.count)
        for (index, transaction) in transactions.enumerated() {
            do throws(NodeError) {
                let actor = try admission.admit(transaction, signatureKnown: signaturesKnown)
                let entry = recorded.flatMap { $0.transactions.indices.contains(index) ? $0.transactions[index] : nil }
                executions.append(
                    try executor.execute(orTake: entry) { () throws(NodeError) in
                        try executor.execute(transaction, actor: actor, tracing: false)
                    })
            } catch {
                guard let refused, case .admission(let fault) = error else { throw error }
                refused(index, fault)
            }
        }
        return (deadlines, executions)
    }

    private static func seal(
        _ transactions: [Transaction], _ executions: [Execution], deadlines: [Execution] = [],
        after previous: BlockHeader?, genesis: Digest,
        commitment: inout StateCommitment, time: Instant, signer: any Signer
    ) throws(NodeError) -> Made {
        for execution in deadlines + executions {
            for change in execution.receipt.changes { commitment.apply(change) }
        }
        let roots = commitment.roots()
        let digests = transactions.map(\.digest)
        let header = BlockHeader(
            genesis: genesis, height: previous.map { $0.height + 1 } ?? 0, previous: previous?.digest ?? .zero,
            time: time.seconds, transactionRoot: MerkleTree.root(ofDigests: digests),
            transactionCount: UInt64(transactions.count),
            receiptRoot: MerkleTree.root(
                ofDigests: (deadlines + executions).map { Hashing.digest(.receipt, $0.receiptBytes) }),
            stateRoot: roots.state,
            rulesRoot: roots.rules, keySetRoot: roots.keySet)
        let signed = try encoding { () throws(LedgerFault) in try SignedHeader(signing: header, by: signer) }
        let commit = BlockRows.commit(signed, transactions, executions, deadlines: deadlines)
        return Made(signed: signed, commit: commit)
    }
}
