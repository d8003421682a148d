import ArgumentParser
import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues

/// Explains a decision in sentences, by executing it again.
struct WhyCommand: Verb {
    static let words = "why"
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Explain a decision in sentences: what decided, on which values, by which rule.",
        discussion: """
            The decision is executed again on the state before it and compared with the recorded receipt.

            Where that needs private values, the ledger's vault gives them; --public tells what a stranger may know.

            Example: remit why InsuranceClaim/17 --ledger claims
            Example: remit why 3f9a0c12 --ledger claims     (a transaction, by the beginning of its digest)
            """)

    @Argument(help: ArgumentHelp("A case, or a transaction's digest or its beginning.", valueName: "case|transaction"))
    var subject: String

    @Flag(name: .customLong("public"), help: "Tell only what a stranger may know: outcome and findings.")
    var isPublic = false

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let node = try common.folder().read()
        guard subject.utf8.contains(UInt8(ascii: "/")) else {
            let explanation = try node.explain(transaction: try TransactionNames.find(subject, in: node))
            return Outcome(.array([try Self.show(explanation, node, console, isPublic: isPublic)]))
        }
        let reference = try CaseNames.parse(subject)
        let explanations = try node.explain(case: reference)
        var work = try node.deadlineWork(of: reference)[...]
        var told: [JSONValue] = []
        // A block runs what has fallen due before its transactions.
        for explanation in explanations {
            while let next = work.first, next.height <= explanation.height {
                told.append(Self.show(next, console, isPublic))
                work.removeFirst()
            }
            told.append(try Self.show(explanation, node, console, isPublic: isPublic))
        }
        told += work.map { Self.show($0, console, isPublic) }
        return Outcome(.array(told))
    }

    /// Tells what a case did by itself, and gives it as JSON.
    private static func show(_ work: DeadlineWork, _ console: Console, _ isPublic: Bool) -> JSONValue {
        console.line("\(work.name), due \(work.due.utcText), block \(work.height)", .strong)
        console.line("by \(work.program.name) version \(work.program.version)", .faint)
        var sentences = (isPublic ? nil : work.gap).map { [$0] } ?? []
        if let transition = work.transition, !isPublic {
            sentences = TraceNarrator(program: work.program, source: work.source.bytes).sentences(transition)
        } else {
            sentences += told(work.receipt, work.findings)
        }
        for sentence in sentences { console.line("  \(sentence)") }
        return .object([
            .init("height", .integer(work.height)), .init("position", .integer(work.position)),
            .init("deadline", .string(work.name)), .init("due", .string(work.due.utcText)),
            .init("outcome", ReceiptText.json(work.receipt.outcome)),
            .init("clauses", .array(work.findings.clauses.map(JSONValue.string))),
            .init("sentences", .array(sentences.map(JSONValue.string))),
        ])
    }

    /// What the receipt and its findings say, which hold nothing private.
    private static func told(_ receipt: Receipt, _ findings: Findings) -> [String] {
        ["The outcome was: \(ReceiptText.outcome(receipt.outcome))."]
            + findings.findings.map { ReceiptText.finding($0) + "." }
    }

    /// Tells one explanation, and gives it as JSON.
    static func show(
        _ explanation: Explanation, _ node: LedgerNode, _ console: Console, isPublic: Bool = false
    ) throws -> JSONValue {
        let body = explanation.transaction.body
        let who = explanation.actor.map { "\($0)" } ?? "the founder"
        console.line(
            "\(body.call) by \(who) for \(body.organisation), block \(explanation.height), "
                + "\(explanation.time.utcText)", .strong)
        var sentences: [String] = []
        if isPublic {
            sentences = told(explanation.receipt, explanation.findings)
        } else if let gap = explanation.gap {
            sentences = [gap] + told(explanation.receipt, explanation.findings)
        } else if let (program, transition) = explanation.transition,
            let source = try node.contract(body.contract)?.source
        {
            sentences = TraceNarrator(program: program, source: source.bytes).sentences(transition)
            console.line("by \(program.name) version \(program.version)", .faint)
        } else {
            sentences = ["The ledger's own call was \(ReceiptText.outcome(explanation.receipt.outcome))."]
        }
        for sentence in sentences { console.line("  \(sentence)") }
        return .object([
            .init("height", .integer(explanation.height)), .init("position", .integer(explanation.position)),
            .init("transaction", .string(explanation.transaction.digest.hex)), .init("call", .string(body.call)),
            .init("actor", explanation.actor.map { .string($0.identifier.string) } ?? .null),
            .init("organisation", .string(body.organisation)),
            .init("outcome", ReceiptText.json(explanation.receipt.outcome)),
            .init("findings", .array(explanation.findings.findings.map(ReceiptText.json))),
            .init("clauses", .array(explanation.findings.clauses.map(JSONValue.string))),
            .init("sentences", .array(sentences.map(JSONValue.string))),
        ])
    }
}
