import Dispatch
import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues
import Synchronization

/// Sends signed transactions to a ledger, so that many share a block, and says what became of each.
struct SignedSender {
    /// What became of a transaction, in words and for programs.
    struct Answer {
        let text: String
        let json: JSONValue
        let isDone: Bool
        let isInBlock: Bool
        /// Why it is in no block.
        var fault: AdmissionFault?
    }

    /// How many are handed over before the first is answered.
    private static let chunk = 5000

    let group: GroupCommit

    /// Takes the ledger over; nobody else may use it any more.
    init(_ node: LedgerNode) throws(NodeError) {
        // The caller has made it for this and gives it away.
        nonisolated(unsafe) let node = node
        group = try GroupCommit(node: node)
    }

    /// Sends the transactions in order; `told` gets the answer of each, in the same order, after it is on disk.
    ///
    /// Throws where the ledger could not be written; what was answered before is on disk.
    func send(_ transactions: [Transaction], told: (Answer) throws -> Void) throws {
        var rest = transactions[...]
        while !rest.isEmpty {
            let batch = Array(rest.prefix(Self.chunk))
            rest = rest.dropFirst(batch.count)
            let answers = try answers(batch)
            let known = try known(Array(zip(batch, answers)))
            for (index, transaction) in batch.enumerated() {
                try told(try known[index].map(Self.again) ?? Self.words(answers[index], transaction))
            }
        }
    }

    /// Where those stand that could not enter because they are on the chain already: somebody sent them before, and
    /// may not have got the answer.
    func known(_ sent: [(transaction: Transaction, answer: GroupCommit.Answer)?]) throws -> [LogEntry?] {
        let digests = sent.map { item -> Digest? in
            guard let item, case .failure(.admission(let fault)) = item.answer, fault != .badSignature else {
                return nil
            }
            return item.transaction.digest
        }
        guard digests.contains(where: { $0 != nil }) else { return digests.map { _ in nil } }
        return try group.withNode { node in try digests.map { digest in try digest.flatMap { try node.entry(of: $0) } }
        }
    }

    /// Gives the lock of the ledger back.
    func close() throws { try group.withNode { try $0.close() } }

    private func answers(_ batch: [Transaction]) throws -> [GroupCommit.Answer] {
        let none = GroupCommit.Answer.failure(.admission(.badSignature))
        let answers = Mutex(Array(repeating: none, count: batch.count))
        let waiting = DispatchGroup()
        let checked = SignatureCheck.check(batch)
        // While somebody has the node no block is made, so that all of these are there when the first one is.
        try group.withNode { _ in
            for (index, checked) in checked.enumerated() {
                guard let checked else { continue }
                waiting.enter()
                group.submit(checked) { answer in
                    answers.withLock { $0[index] = answer }
                    waiting.leave()
                }
            }
        }
        waiting.wait()
        return answers.withLock { $0 }
    }

    static func again(_ entry: LogEntry) -> Answer {
        Answer(
            text: "\(ReceiptText.short(entry.digest)) is in block \(entry.height) already: "
                + ReceiptText.outcome(entry.outcome),
            json: placed(entry.digest, entry.height, entry.position, entry.outcome, entry.caseReference),
            isDone: ReceiptText.isDone(entry.outcome), isInBlock: true)
    }

    private static func placed(
        _ digest: Digest, _ height: UInt64, _ position: Int, _ outcome: Receipt.Outcome, _ reference: String?
    ) -> JSONValue {
        .object([
            .init("transaction", .string(digest.hex)), .init("height", .integer(height)),
            .init("position", .integer(position)), .init("outcome", ReceiptText.json(outcome)),
            .init("case", reference.map(JSONValue.string) ?? .null),
        ])
    }

    static func words(_ answer: GroupCommit.Answer, _ transaction: Transaction) throws -> Answer {
        let name = ReceiptText.short(transaction.digest)
        switch answer {
        case .success(let decision):
            let receipt = decision.execution.receipt
            let isDone = ReceiptText.isDone(receipt.outcome)
            var words = ReceiptText.outcome(receipt.outcome)
            let account = decision.execution.transition
            if case .done(let effects)? = account?.transition.outcome, let program = account?.program {
                words = "\(effects.caseState.reference) is \(program.states[effects.caseState.state].name)"
            }
            return Answer(
                text: "\(name) is in block \(decision.header.height): \(words)",
                json: placed(
                    transaction.digest, decision.header.height, decision.position, receipt.outcome,
                    receipt.caseReference), isDone: isDone, isInBlock: true)
        case .failure(.admission(let fault)):
            return Answer(
                text: "\(name) is in no block: \(fault.message)",
                json: .object([
                    .init("transaction", .string(transaction.digest.hex)), .init("height", .null),
                    .init(
                        "error",
                        .object([
                            .init("code", .string(fault.rawValue)), .init("message", .string(fault.message)),
                            .init("hint", .string(fault.hint)),
                        ])),
                ]), isDone: false, isInBlock: false, fault: fault)
        case .failure(let error): throw error
        }
    }
}
