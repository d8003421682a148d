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
    }

    let genesis: Digest
    let previous: BlockHeader
    let catalogue: ContractCatalogue
    let base: any StateReading
    let time: Instant

    /// Executes transactions in order, whose signatures have been checked.
    ///
    /// Throws `admission` for the first that must not enter; where `refused` is given, it is told instead, and the
    /// block is made of the others. Gives nil if nothing is left of it.
    func execute(
        _ transactions: [Transaction], refused: ((Int, AdmissionFault) -> Void)? = nil
    ) throws(NodeError) -> OpenBlock? {
        guard transactions.count <= Limits.blockTransactions else {
            throw .invalid(
                "a block holds up to \(Limits.blockTransactions) transactions, not \(transactions.count)",
                hint: "send them in several blocks")
        }
        let block = try Self.execute(
            transactions, genesis: genesis, state: WorkingState(over: base), catalogue: catalogue,
            height: previous.height + 1, time: time, refused: refused)
        return block.isEmpty ? nil : block
    }

    /// Makes block 0 from the transaction that founds the chain.
    static func found(
        _ transaction: Transaction, founding: SystemCall.Founding, commitment: inout StateCommitment, time: Instant,
        signer: any Signer
    ) throws(NodeError) -> Made {
        let execution = foundingExecution(transaction, founding: founding, state: WorkingState(over: EmptyState()))
        return try seal(
            ExecutedBlock(time: time, transactions: [transaction], executions: [execution]),
            changes: execution.receipt.changes, after: nil, genesis: .zero, commitment: &commitment, signer: signer)
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

    /// Runs what has fallen due, then admits and executes the transactions of a block above 0, whose signatures have
    /// been checked; what must not enter is told to `refused`, or thrown.
    static func execute(
        _ transactions: [Transaction], genesis: Digest, state: WorkingState, catalogue: ContractCatalogue,
        height: UInt64, time: Instant, recorded: RecordedBlock? = nil,
        refused: ((Int, AdmissionFault) -> Void)? = nil
    ) throws(NodeError) -> OpenBlock {
        let block = try OpenBlock(
            genesis: genesis, state: state, catalogue: catalogue, height: height, time: time,
            recorded: recorded?.deadlines)
        for (index, transaction) in transactions.enumerated() {
            do throws(NodeError) {
                let entry = recorded.flatMap { $0.transactions.indices.contains(index) ? $0.transactions[index] : nil }
                try block.add(transaction, orTake: entry)
            } catch {
                guard let refused, case .admission(let fault) = error else { throw error }
                refused(index, fault)
            }
        }
        return block
    }

    /// Makes the header and the rows of an executed block; `changes` is what it changed, once for each row.
    static func seal(
        _ block: ExecutedBlock, changes: [StateChange], after previous: BlockHeader?, genesis: Digest,
        commitment: inout StateCommitment, signer: any Signer
    ) throws(NodeError) -> Made {
        for change in changes { commitment.apply(change) }
        let roots = commitment.roots()
        let header = BlockHeader(
            genesis: genesis, height: previous.map { $0.height + 1 } ?? 0, previous: previous?.digest ?? .zero,
            time: block.time.seconds, transactionRoot: MerkleTree.root(ofDigests: block.transactions.map(\.digest)),
            transactionCount: UInt64(block.transactions.count),
            receiptRoot: MerkleTree.root(
                ofDigests: [block.deadlines, block.executions].flatMap { executions in
                    executions.map { Hashing.digest(.receipt, $0.receiptBytes) }
                }),
            stateRoot: roots.state,
            rulesRoot: roots.rules, keySetRoot: roots.keySet)
        let signed = try encoding { () throws(LedgerFault) in try SignedHeader(signing: header, by: signer) }
        let commit = BlockRows.commit(
            signed, block.transactions, block.executions, deadlines: block.deadlines, changes: changes)
        return Made(signed: signed, commit: commit)
    }
}

/// What a block did: its parts, in order.
struct ExecutedBlock {
    let time: Instant
    var deadlines: [Execution] = []
    let transactions: [Transaction]
    let executions: [Execution]
}
