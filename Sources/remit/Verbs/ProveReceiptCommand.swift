import ArgumentParser
import RemitLedger
import RemitNode

/// Writes a receipt for people.
struct ProveReceiptCommand: ProveVerb {
    static let words = "prove receipt"
    static let configuration = CommandConfiguration(
        commandName: "receipt",
        abstract: "Write a receipt: what was decided, under which rules, in plain lines with the proof below.",
        discussion: """
            For a case it is the receipt of the newest decision about it: of a transaction, or of what its contract \
            did by itself by a deadline or a migration. --at takes the newest one up to a block, --transaction that \
            of one transaction. Of what fell due in block 12 the receipts are 12:1, 12:2 and so on. Private values \
            are not in it, but for those that --disclose names.

            Example: remit prove receipt InsuranceClaim/17 --out claim-17.receipt --ledger claims
                     remit prove receipt InsuranceClaim/17 --at 12 --out decided.receipt --ledger claims
                     remit prove receipt MedicalRecord/1 --disclose diagnosis --out diagnosis.receipt
            """)

    @Argument(
        help: ArgumentHelp(
            "A case, a transaction's digest or its beginning, or a block and a number of what fell due in it.",
            valueName: "case|transaction|block:number"))
    var subject: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The newest decision about the case up to this block.", valueName: "height"),
        transform: NumberOption.from(0))
    var at: UInt64?

    @Option(help: ArgumentHelp("The decision about the case in this transaction.", valueName: "transaction"))
    var transaction: String?

    @OptionGroup var disclosure: DisclosureOptions
    @OptionGroup var options: ProveOptions

    func validate() throws {
        if at != nil || transaction != nil, !isCase {
            throw ValidationError("--at and --transaction choose among the decisions about a case")
        }
        if at != nil, transaction != nil { throw ValidationError("give --at or --transaction, not both") }
    }

    func prove(_ node: LedgerNode, under checkpoint: () throws -> SignedCheckpoint) throws -> Proved {
        let whole = try node.prove(receipt: try name(node), under: try checkpoint())
        let proof = try disclosure.disclosing(whole, node)
        let facts = try proof.check(.bare(try node.nodeKey()))
        guard let page = ReceiptPage(proof, facts) else {
            throw CommandFailure.refused("there is no receipt of this transaction")
        }
        return (proof, "the receipt of \(Self.words(facts))", Array(page.text.utf8))
    }

    private var isCase: Bool { subject.utf8.contains(UInt8(ascii: "/")) }

    private func name(_ node: LedgerNode) throws -> DecisionName {
        if isCase {
            let reference = try CaseNames.parse(subject)
            guard let transaction else { return try node.lastDecision(of: reference, at: at) }
            let digest = try TransactionNames.find(transaction, in: node)
            guard try node.history(of: reference).contains(where: { $0.digest == digest }) else {
                throw CommandFailure(
                    .finding, "notFound", "transaction \(ReceiptText.short(digest)) is not about \(reference)",
                    hint: "remit show \(reference) lists those that are")
            }
            return .transaction(digest)
        }
        let parts = subject.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2, let height = UInt64(parts[0]), let number = Int(parts[1]), number > 0 {
            return .due(height: height, position: number - 1)
        }
        return .transaction(try TransactionNames.find(subject, in: node))
    }

    private static func words(_ facts: ProvenFacts) -> String {
        if let transaction = facts.transaction { return "transaction \(ReceiptText.short(transaction.digest))" }
        let height = facts.header.map { " in block \($0.height)" } ?? ""
        return "what \(facts.receipt?.caseReference ?? "a contract") did by itself\(height)"
    }
}
