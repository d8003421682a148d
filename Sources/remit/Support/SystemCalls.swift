import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode
import RemitValues

/// The flag by which signing verbs say which key signs.
struct SigningOptions: ParsableArguments {
    @Option(name: .customLong("as"), help: ArgumentHelp("The key that signs.", valueName: "key"))
    var key = LedgerFolder.administratorKey

    /// The ledger, opened for making blocks, and the key that signs.
    func open(_ common: CommonOptions, _ console: Console) throws -> (node: LedgerNode, key: KeyFile) {
        let folder = try common.folder()
        try folder.checkThere()
        let key = try folder.signer(key, console)
        return (try folder.write(console), key)
    }

    /// Whoever signs calls of the ledger's own.
    func sender(_ common: CommonOptions, _ console: Console) throws -> SystemSender {
        let (node, key) = try open(common, console)
        return try SystemSender(node: node, key: key)
    }
}

/// A call of the ledger's own with the words that say it was done.
struct SystemWork {
    let call: SystemCall
    let done: String
}

/// Signs calls of the ledger's own and commits them in one block.
struct SystemSender {
    let node: LedgerNode
    let key: KeyFile
    let organisation: TextValue

    /// Acts for the founding organisation, unless another is given.
    init(node: LedgerNode, key: KeyFile, organisation: TextValue? = nil) throws(NodeError) {
        self.node = node
        self.key = key
        if let organisation { self.organisation = organisation } else { self.organisation = try node.facts().founder }
    }

    /// Commits the calls; what became of each, in order.
    func commit(_ calls: [SystemCall]) throws(NodeError) -> [Execution] {
        var writer = try TransactionWriter(node: node, signer: key.signer, seeds: key.seeds)
        var transactions: [Transaction] = []
        for call in calls { transactions.append(try writer.sign(call, organisation: organisation)) }
        return try node.commit(transactions).executions
    }

    /// Commits the calls and says what became of each; what needs more administrators than one is put to the vote.
    func perform(_ wanted: [SystemWork], _ console: Console) throws -> Outcome {
        var work: [SystemWork] = []
        for item in wanted { work.append(try voted(item)) }
        let executions = try commit(work.map(\.call))
        var isRefused = false
        var results: [JSONValue] = []
        for (item, execution) in zip(work, executions) {
            let receipt = execution.receipt
            if ReceiptText.isDone(receipt.outcome) {
                if case .propose = item.call {
                    console.line(item.done)
                    console.remark("the others agree by: remit endorse \(receipt.transaction.hex)")
                } else {
                    console.remark(item.done)
                }
            } else {
                isRefused = true
                console.line("\(item.call.name) was \(Self.refusal(receipt.outcome))", .bad)
            }
            results.append(
                .object([
                    .init("call", .string(item.call.name)), .init("transaction", .string(receipt.transaction.hex)),
                    .init("outcome", ReceiptText.json(receipt.outcome)),
                ]))
        }
        let json = JSONValue.object([
            .init("height", .integer(node.head.height)), .init("transactions", .array(results)),
        ])
        return Outcome(json, isRefused ? .finding : .fine)
    }

    /// What kept a call from being done, the word for programs behind it.
    private static func refusal(_ outcome: Receipt.Outcome) -> String {
        guard case .refused(let code, let text) = outcome else { return ReceiptText.outcome(outcome) }
        return "refused: \(text)" + (code.isEmpty ? "" : " (\(code))")
    }

    private func voted(_ item: SystemWork) throws -> SystemWork {
        let facts = try node.facts()
        guard organisation == facts.founder, let subject = Proposal.subject(item.call, founder: facts.founder) else {
            return item
        }
        if case .addKey(let person, _) = item.call, try !node.hasKey(person) || isOwner(person) { return item }
        let count = try node.quorum(subject)
        guard count > 1 else { return item }
        return SystemWork(
            call: .propose(name: TextValue(item.call.name), arguments: item.call.arguments),
            done: "\(item.call.name) is put to the vote: \(count) administrators must agree")
    }

    private func isOwner(_ person: TextValue) throws -> Bool {
        try node.owner(of: key.signer.publicKey)?.identifier == person
    }
}
