import RemitValues

/// The lines on top of a receipt.
struct ReceiptSummary {
    static let title = "REMIT RECEIPT\n"

    private static let ending = """
        Anybody who has the ledger's public key can check this page, without the ledger:
          remit check-proof FILE --key KEY
        It proves that the chain holds this transaction with this outcome, decided under these
        rules. It does not prove that there was no later one: ask for a newer checkpoint.


        """

    private static let endingOfDue = """
        Anybody who has the ledger's public key can check this page, without the ledger:
          remit check-proof FILE --key KEY
        It proves that the contract decided so by itself when its time had come, under these
        rules. It does not prove that there was no later decision: ask for a newer checkpoint.


        """

    private typealias Line = (String, String)

    let text: String

    init?(_ facts: ProvenFacts, layout: UInt64) {
        guard let receipt = facts.receipt, let findings = facts.findings, var lines = Self.heading(facts) else {
            return nil
        }
        lines.append(("Outcome", Self.words(receipt.outcome)))
        lines.append(("Decided by", findings.clauses.joined(separator: ", ")))
        let source = facts.rules.map { RulesText($0.source) }
        if layout > 1 { lines += Self.rules(findings, facts, source) }
        lines += findings.findings.map { ("Finding", Self.words($0, layout)) }
        if layout > 1 { lines += Self.effects(receipt, facts, source) }
        lines += facts.disclosed.map { ("Disclosed", "\($0.path.words): \(ValueWords.text($0.value))") }
        lines += facts.undisclosed.map { ("Private", "\($0.words), not disclosed") }
        lines.append(("Cost", "\(receipt.cost) steps"))
        lines.append(("Checkpoint", "\(facts.checkpoint.size) blocks, root \(facts.checkpoint.root.hex)"))
        let table = lines.filter { !$0.1.isEmpty }.map { label, value in
            label + String(repeating: " ", count: 14 - label.utf8.count) + Self.plain(value) + "\n"
        }
        let ending = facts.transaction == nil ? Self.endingOfDue : Self.ending
        text = Self.title + "\n" + table.joined() + "\n" + ending
    }

    /// What was decided, when, for whom, and under which rules.
    private static func heading(_ facts: ProvenFacts) -> [Line]? {
        guard let header = facts.header, let receipt = facts.receipt else { return nil }
        let time = Instant(seconds: header.time)?.utcText ?? "second \(header.time)"
        let chain = facts.checkpoint.genesis.hex
        var lines: [Line]
        let contract: Digest?
        if let transaction = facts.transaction, let position = facts.position {
            let body = transaction.body
            lines = [
                ("Transaction", transaction.digest.hex), ("Chain", chain),
                ("Block", "\(header.height), transaction \(position + 1) of \(header.transactionCount)"),
                ("Time", time), ("Signed by", body.sender.description), ("Acting for", body.organisation),
                ("Call", body.call), ("Case", receipt.caseReference ?? body.caseReference ?? ""),
            ]
            contract = body.contract
        } else if let position = facts.duePosition {
            let clause = facts.findings?.clauses.first ?? ""
            lines = [
                ("Chain", chain), ("Block", "\(header.height), number \(position + 1) of what fell due"),
                ("Time", time), ("Fell due", due(clause, hasCase: receipt.caseReference != nil)),
                ("Case", receipt.caseReference ?? ""),
            ]
            contract = facts.contract
        } else {
            return nil
        }
        switch contract {
        case Digest.zero?: lines.append(("Rules", "those of the ledger itself"))
        case let contract?:
            lines.append(("Rules", facts.rules.map { "\($0.name), version \($0.version)" } ?? "not on this chain"))
            lines.append(("Rules digest", contract.hex))
        case nil: lines.append(("Rules", "not shown"))
        }
        return lines
    }

    /// What fell due, as the first clause tells it.
    private static func due(_ clause: String, hasCase: Bool) -> String {
        let parts = clause.parts(at: UInt8(ascii: ":"))
        return switch (parts[0], parts.count, hasCase) {
        case ("timer", 2, true): "a deadline"
        case ("migration", 2, true): "a migration from version \(parts[1])"
        case ("version", 2, false): "\(parts[1]) takes over"
        case ("migration", 3, false): "\(parts[1]) takes over among cases \(parts[2])"
        default: "what the clause says"
        }
    }

    /// The rules that the clauses mean: those that decided, then those of findings.
    private static func rules(_ findings: Findings, _ facts: ProvenFacts, _ source: RulesText?) -> [Line] {
        guard let source, let outcome = facts.receipt?.outcome else { return [] }
        let call = facts.transaction?.body.call
        var seen: Set<[UInt8]> = []
        var lines: [Line] = []
        for clause in findings.clauses + findings.findings.map(\.clause) where seen.insert(Array(clause.utf8)).inserted
        {
            if let rule = source.rule(of: clause, outcome, call: call) { lines.append(("Rule", rule)) }
        }
        return lines
    }

    /// What the decision did, and on what.
    private static func effects(_ receipt: Receipt, _ facts: ProvenFacts, _ source: RulesText?) -> [Line] {
        var lines: [Line] = []
        if let row = receipt.caseRow?.row { lines.append(("State", "\(row.state), revision \(row.revision)")) }
        lines += receipt.postings.map { ("Posting", words($0)) }
        lines += receipt.unfillableRounds.map { ("Round", "\($0), which nobody can fill") }
        lines += receipt.notices.map { ("Notice", "to \($0.to): \($0.text)") }
        if let body = facts.transaction?.body {
            let names = source?.argumentNames(of: body.call, body.arguments.count)
            lines += values(body.arguments, names).map { ("Argument", $0) }
        }
        if let fields = receipt.caseRow?.row.fields {
            lines += values(fields, source?.fieldNames(fields.count)).map { ("Field", $0) }
        }
        return lines
    }

    /// The most Unicode scalar values of an argument or field that a receipt shows.
    private static let valueScalars = 1000

    /// Values under their names, or their positions from 1; without those that are private as a whole.
    private static func values(_ values: [Value], _ names: [String]?) -> [String] {
        var lines: [String] = []
        for (position, value) in values.enumerated() where value.commitment == nil {
            let text = ValueWords.text(value).unicodeScalars
            var shown = String(String.UnicodeScalarView(text.prefix(valueScalars)))
            if text.count > valueScalars { shown += "\u{2026}" }
            lines.append("\(names?[position] ?? String(position + 1)): \(shown)")
        }
        return lines
    }

    private static func words(_ posting: Receipt.Posting) -> String {
        let places = Currency(code: posting.currency)?.minorDigits ?? 2
        let digits = String(posting.minorUnits.magnitude)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
        let whole = padded.dropLast(places) + (places > 0 ? "." + padded.suffix(places) : "")
        return "\(posting.fund): debit \(posting.debit), credit \(posting.credit), "
            + "\(posting.minorUnits < 0 ? "-" : "")\(whole) \(posting.currency)"
    }

    private static func words(_ outcome: Receipt.Outcome) -> String {
        switch outcome {
        case .done: "done"
        case .refused(let code, let text): code.isEmpty ? "refused: \(text)" : "refused \(code): \(text)"
        case .stalled(let reason): "stalled: \(reason)"
        }
    }

    private static func words(_ finding: Findings.Finding, _ layout: UInt64) -> String {
        let severity =
            switch finding.severity {
            case .note: "note"
            case .pend: "pend"
            case .deny: "deny"
            }
        // Lines are counted from 1; the first layout took them for counted from 0. The last one must not overflow.
        let line = finding.line.map { ", line \(Int128($0) + (layout > 1 ? 0 : 1))" } ?? ""
        let source = finding.source.map { " (\($0))" } ?? ""
        return "\(severity) \(finding.code)\(line): \(finding.text)\(source) [\(finding.clause)]"
    }

    /// The text on one line, with what could steer a terminal or hide text made visible.
    private static func plain(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            if isHidden(scalar) {
                out += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// Characters that steer a terminal, cannot be seen, or turn the direction of what is seen.
    ///
    /// Variation selectors are none of them: they choose a form of the character before, as names in Chinese need it.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B...0x200F,
            0x2028...0x202E, 0x2060...0x206F, 0x3164, 0xFEFF, 0xFFA0, 0xFFF9...0xFFFB, 0x1D173...0x1D17A,
            0xE0000...0xE00FF, 0xE01F0...0xE0FFF:
            true
        default: false
        }
    }
}
