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

            Example: remit why InsuranceClaim/17 --ledger claims
            Example: remit why 3f9a0c12 --ledger claims     (a transaction, by the beginning of its digest)
            """)

    @Argument(help: ArgumentHelp("A case, or a transaction's digest or its beginning.", valueName: "case|transaction"))
    var subject: String

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let node = try common.folder().read()
        guard subject.utf8.contains(UInt8(ascii: "/")) else {
            let explanation = try node.explain(transaction: try TransactionNames.find(subject, in: node))
            return Outcome(.array([try Self.show(explanation, node, console)]))
        }
        let reference = try CaseNames.parse(subject)
        let explanations = try node.explain(case: reference)
        var work = try node.deadlineWork(of: reference)[...]
        var told: [JSONValue] = []
        // A block runs what has fallen due before its transactions.
        for explanation in explanations {
            while let next = work.first, next.height <= explanation.height {
                told.append(Self.show(next, console))
                work.removeFirst()
            }
            told.append(try Self.show(explanation, node, console))
        }
        told += work.map { Self.show($0, console) }
        return Outcome(.array(told))
    }

    /// Tells what a case did by itself, and gives it as JSON.
    private static func show(_ work: DeadlineWork, _ console: Console) -> JSONValue {
        console.line("\(work.name), due \(work.due.utcText), block \(work.height)", .strong)
        console.line("by \(work.program.name) version \(work.program.version)", .faint)
        let sentences = TraceNarrator(program: work.program, source: work.source.bytes).sentences(work.transition)
        for sentence in sentences { console.line("  \(sentence)") }
        return .object([
            .init("height", .integer(work.height)), .init("position", .integer(work.position)),
            .init("deadline", .string(work.name)), .init("due", .string(work.due.utcText)),
            .init("outcome", ReceiptText.json(work.receipt.outcome)),
            .init("clauses", .array(work.findings.clauses.map(JSONValue.string))),
            .init("sentences", .array(sentences.map(JSONValue.string))),
        ])
    }

    /// Tells one explanation, and gives it as JSON.
    static func show(_ explanation: Explanation, _ node: LedgerNode, _ console: Console) throws -> JSONValue {
        let body = explanation.transaction.body
        let who = explanation.actor.map { "\($0)" } ?? "the founder"
        console.line(
            "\(body.call) by \(who) for \(body.organisation), block \(explanation.height), "
                + "\(explanation.time.utcText)", .strong)
        var sentences: [String] = []
        if let (program, transition) = explanation.transition,
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
