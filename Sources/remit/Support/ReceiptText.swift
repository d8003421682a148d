import RemitExchange
import RemitLedger
import RemitNode
import RemitValues

/// Shows what became of transactions.
enum ReceiptText {
    /// The outcome in a few words.
    static func outcome(_ outcome: Receipt.Outcome) -> String {
        switch outcome {
        case .done: "done"
        case .refused(let code, let text): code.isEmpty ? "refused: \(text)" : "refused \(code): \(text)"
        case .stalled(let reason): "stalled: \(reason)"
        }
    }

    /// The outcome in one word, for columns.
    static func word(_ outcome: Receipt.Outcome) -> String {
        switch outcome {
        case .done: "done"
        case .refused(let code, _): code.isEmpty ? "refused" : "refused \(code)"
        case .stalled: "stalled"
        }
    }

    static func isDone(_ outcome: Receipt.Outcome) -> Bool {
        if case .done = outcome { true } else { false }
    }

    static func json(_ outcome: Receipt.Outcome) -> JSONValue {
        switch outcome {
        case .done: .object([.init("kind", .string("done"))])
        case .refused(let code, let text):
            .object([.init("kind", .string("refused")), .init("code", .string(code)), .init("text", .string(text))])
        case .stalled(let reason): .object([.init("kind", .string("stalled")), .init("text", .string(reason))])
        }
    }

    /// The beginning of a digest, long enough to find it again.
    static func short(_ digest: Digest) -> String { String(digest.hex.prefix(12)) }

    /// A finding in one line; lines of a case are counted from 1.
    static func finding(_ finding: Findings.Finding) -> String {
        let line = finding.line.map { " on line \($0)" } ?? ""
        let source = finding.source.map { " (\($0))" } ?? ""
        return "\(severity(finding.severity)) \(finding.code)\(line): \(finding.text)\(source)"
    }

    static func severity(_ severity: Findings.Severity) -> String {
        switch severity {
        case .note: "note"
        case .pend: "pend"
        case .deny: "deny"
        }
    }

    static func json(_ finding: Findings.Finding) -> JSONValue {
        .object([
            .init("code", .string(finding.code)), .init("severity", .string(severity(finding.severity))),
            .init("text", .string(finding.text)), .init("line", finding.line.map { .integer($0) } ?? .null),
            .init("source", finding.source.map(JSONValue.string) ?? .null),
        ])
    }
}
