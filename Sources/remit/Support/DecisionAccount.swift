import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues

/// The account of one decision: a transaction, or what a case did by itself.
struct DecisionAccount {
    let height: UInt64
    let time: Instant
    let heading: String
    /// What decided, where it was a contract and may be told.
    let basis: (program: CheckedProgram, source: SourceText, transition: Transition)?
    /// The program by name and version, for people.
    let rules: String?
    let sentences: [String]
    let receipt: Receipt
    /// What was asked for, and by whom; nil where something fell due.
    let request: (call: String, actor: String)?
    let cause: DecisionLetter.Cause
    /// What the account says of itself in JSON before outcome and sentences.
    private let origin: [JSONValue.Member]
    private let findings: Findings
    private let isByItself: Bool

    /// The account of what a case did by itself; `isPublic` tells only what a stranger may know.
    init(_ work: DeadlineWork, isPublic: Bool) {
        height = work.height
        time = work.due
        heading = "\(work.name), due \(work.due.zonedText(offset: work.program.timezone)), block \(work.height)"
        rules = "by \(work.program.name) version \(work.program.version)"
        var sentences = (isPublic ? nil : work.gap).map { [$0] } ?? []
        if let transition = work.transition, !isPublic {
            basis = (work.program, work.source, transition)
            sentences = TraceNarrator(program: work.program, source: work.source.bytes).sentences(transition)
        } else {
            basis = nil
            sentences += Self.told(work.receipt, work.findings)
        }
        self.sentences = sentences
        receipt = work.receipt
        findings = work.findings
        request = nil
        cause = work.isMigration ? .migration(from: work.migratedFrom) : .timer(work.timer)
        isByItself = true
        origin = [
            .init("height", .integer(work.height)), .init("position", .integer(work.position)),
            .init("deadline", .string(work.name)), .init("due", .string(work.due.utcText)),
        ]
    }

    /// The account of a transaction; `isPublic` tells only what a stranger may know.
    init(_ explanation: Explanation, _ node: LedgerNode, isPublic: Bool) throws {
        let body = explanation.transaction.body
        let who = explanation.actor.map { "\($0)" } ?? "the founder"
        height = explanation.height
        time = explanation.time
        // What the ledger itself decided is told in UTC, and what a contract did in the zone of the contract.
        let contract = try node.contract(body.contract)
        let moment =
            contract.map { explanation.time.zonedText(offset: $0.program.timezone) } ?? explanation.time.utcText
        heading = "\(body.call) by \(who) for \(body.organisation), block \(explanation.height), \(moment)"
        receipt = explanation.receipt
        findings = explanation.findings
        request = (body.call, explanation.actor?.identifier.string ?? who)
        cause = .request
        isByItself = false
        origin = [
            .init("height", .integer(explanation.height)), .init("position", .integer(explanation.position)),
            .init("transaction", .string(explanation.transaction.digest.hex)), .init("call", .string(body.call)),
            .init("actor", explanation.actor.map { .string($0.identifier.string) } ?? .null),
            .init("organisation", .string(body.organisation)),
        ]
        let told = Self.told(explanation.receipt, explanation.findings)
        if isPublic {
            (basis, rules, sentences) = (nil, nil, told)
        } else if let gap = explanation.gap {
            (basis, rules, sentences) = (nil, nil, [gap] + told)
        } else if let (program, transition) = explanation.transition,
            let source = contract?.source
        {
            basis = (program, source, transition)
            rules = "by \(program.name) version \(program.version)"
            sentences = TraceNarrator(program: program, source: source.bytes).sentences(transition)
        } else {
            (basis, rules) = (nil, nil)
            sentences = ["The ledger's own call was \(ReceiptText.outcome(explanation.receipt.outcome))."]
        }
    }

    /// What the receipt and its findings say, which hold nothing private.
    private static func told(_ receipt: Receipt, _ findings: Findings) -> [String] {
        ["The outcome was: \(ReceiptText.outcome(receipt.outcome))."]
            + findings.findings.map { ReceiptText.finding($0) + "." }
    }

    /// Tells it to people.
    func show(_ console: Console) {
        console.line(heading, .strong)
        if let rules { console.line(rules, .faint) }
        for sentence in sentences { console.line("  \(sentence)") }
    }

    /// The outcome, and behind a refusal what the policy cites for the rule that refuses, where that is known.
    private var outcome: JSONValue {
        let outcome = ReceiptText.json(receipt.outcome)
        guard case .refused = receipt.outcome, case .object(let members) = outcome else { return outcome }
        var source: String?
        if let basis, case .refused(let refusal) = basis.transition.outcome {
            source = CitedRules(basis.program).source(at: refusal.span)
        }
        return .object(members + [.init("source", source.map(JSONValue.string) ?? .null)])
    }

    /// The account as the envelope holds it.
    var json: JSONValue {
        var members = origin + [.init("outcome", outcome)]
        if !isByItself { members.append(.init("findings", .array(findings.findings.map(ReceiptText.json)))) }
        members += [
            .init("clauses", .array(findings.clauses.map(JSONValue.string))),
            .init("unfillableRounds", .array(receipt.unfillableRounds.map(JSONValue.string))),
            .init("sentences", .array(sentences.map(JSONValue.string))),
        ]
        if let basis, let trace = basis.transition.trace {
            members.append(.init("trace", TraceJSON(program: basis.program, source: basis.source).json(trace)))
        }
        return .object(members)
    }
}
