import RemitExchange
import RemitLedger
import RemitValues

/// Says what a proof has shown.
enum ProofText {
    static func lines(_ facts: ProvenFacts) -> [(String, String)] {
        var lines = [("chain", facts.checkpoint.genesis.hex)]
        if let header = facts.header {
            lines.append(("block", "\(header.height), \(time(header.time))"))
        }
        if let transaction = facts.transaction {
            lines.append(("transaction", transaction.digest.hex))
            lines.append(("signed by", "\(transaction.body.sender)"))
            lines.append(("call", transaction.body.call))
        }
        if let receipt = facts.receipt {
            if let reference = receipt.caseReference { lines.append(("case", reference)) }
            lines.append(("outcome", ReceiptText.outcome(receipt.outcome)))
        }
        if let position = facts.duePosition { lines.append(("fell due", "number \(position + 1) in the block")) }
        if let rules = facts.rules { lines.append(("rules", "\(rules.name), version \(rules.version)")) }
        if let findings = facts.findings, !findings.clauses.isEmpty {
            lines.append(("decided by", findings.clauses.joined(separator: ", ")))
        }
        if let decisions = facts.decisions {
            lines += words(decisions, facts.claim)
        } else if let claim = facts.claim {
            lines += words(claim)
        }
        lines += OpeningText.lines(facts)
        if let older = facts.older { lines.append(("begins with", "the \(older.size) blocks of the older checkpoint")) }
        lines.append(("checkpoint", "\(facts.checkpoint.size) blocks, root \(facts.checkpoint.root.hex)"))
        return lines
    }

    /// The same for programs.
    static func members(_ facts: ProvenFacts) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("chain", .string(facts.checkpoint.genesis.hex)), .init("size", .integer(facts.checkpoint.size)),
            .init("root", .string(facts.checkpoint.root.hex)),
        ]
        if let header = facts.header {
            members += [.init("height", .integer(header.height)), .init("time", .string(time(header.time)))]
        }
        if let transaction = facts.transaction, let position = facts.position {
            members += [
                .init("position", .integer(position)), .init("transaction", .string(transaction.digest.hex)),
                .init("sender", .string("\(transaction.body.sender)")), .init("call", .string(transaction.body.call)),
            ]
        }
        if let position = facts.duePosition { members.append(.init("due", .integer(position))) }
        if let receipt = facts.receipt, let findings = facts.findings {
            members += [
                .init("case", receipt.caseReference.map(JSONValue.string) ?? .null),
                .init("outcome", ReceiptText.json(receipt.outcome)),
                .init("findings", .array(findings.findings.map(ReceiptText.json))),
                .init("clauses", .array(findings.clauses.map(JSONValue.string))),
            ]
        }
        if let rules = facts.rules {
            members.append(
                .init(
                    "rules",
                    .object([.init("name", .string(rules.name)), .init("version", .integer(rules.version))])))
        }
        if let claim = facts.claim { members.append(.init("claim", json(claim))) }
        if let decisions = facts.decisions { members.append(.init("decisions", .array(decisions.map(json)))) }
        members += OpeningText.members(facts)
        if let older = facts.older { members.append(.init("olderSize", .integer(older.size))) }
        return members
    }

    private static func json(_ claim: StateClaim) -> JSONValue {
        func row(_ space: String, _ item: [UInt8], _ rest: JSONValue.Member) -> JSONValue {
            .object([.init("space", .string(space)), .init("item", .string(Hex.encode(item))), rest])
        }
        switch claim {
        case .present(let key, let value): return row(key.space, key.item, .init("value", .string(Hex.encode(value))))
        case .absent(let key): return row(key.space, key.item, .init("value", .null))
        case .all(let space, let rows):
            return .object([.init("space", .string(space)), .init("records", .array(rows.map(json)))])
        case .matching(let space, let pattern, let rows, let others):
            return .object([
                .init("space", .string(space)), .init("pattern", .string(words(pattern))),
                .init("records", .array(rows.map(json))), .init("others", .integer(Int64(others.count))),
            ])
        }
    }

    private static func json(_ record: StateClaim.Row) -> JSONValue {
        .object([
            .init("item", .string(Hex.encode(record.item))), .init("value", .string(Hex.encode(record.value))),
        ])
    }

    private static func json(_ decision: ProvenFacts.Decision) -> JSONValue {
        .object([
            .init("height", .integer(decision.header.height)), .init("time", .string(time(decision.header.time))),
            .init("position", .integer(decision.position)),
            .init("transaction", decision.transaction.map { .string($0.digest.hex) } ?? .null),
            .init("call", decision.transaction.map { .string($0.body.call) } ?? .null),
            .init("state", .string(decision.row.state)), .init("revision", .integer(decision.row.revision)),
            .init("clauses", .array(decision.findings.clauses.map(JSONValue.string))),
        ])
    }

    private static func words(_ decisions: [ProvenFacts.Decision], _ claim: StateClaim?) -> [(String, String)] {
        var lines: [(String, String)] = []
        switch claim {
        case .present(let key, _)?: lines.append(("decisions", "\(key.space), \(decisions.count) and no other"))
        case .absent(let key)?: lines.append(("no case", key.space))
        case .all?, .matching?, nil: break
        }
        return lines
            + decisions.map { decision in
                let what = decision.transaction?.body.call ?? decision.findings.clauses.first ?? "what fell due"
                let who = decision.transaction.map { ", \(ReceiptText.short($0.digest))" } ?? ", by itself"
                return (
                    "revision \(decision.row.revision)",
                    "\(decision.row.state) by \(what) in block \(decision.header.height)\(who)"
                )
            }
    }

    private static func words(_ pattern: ItemPattern) -> String {
        switch pattern {
        case .beginning(let bytes): "items that begin with \(item(bytes))"
        case .members(let wanted): wanted.map { $0.map(ValueWords.text) ?? "any" }.joined(separator: ", ")
        }
    }

    private static func words(_ claim: StateClaim) -> [(String, String)] {
        switch claim {
        case .present(let key, let value):
            [("row", "\(key.space) \(item(key.item))"), ("value", Hex.encode(value))]
        case .absent(let key): [("no row", "\(key.space) \(item(key.item))")]
        case .all(let space, let rows):
            [("space", "\(space), \(count(rows.count))")]
                + rows.map { ("record", "\(item($0.item)) \(Hex.encode($0.value))") }
        case .matching(let space, let pattern, let rows, let others):
            [
                ("space", "\(space), \(count(rows.count)) under \(words(pattern))"),
                ("others", "\(others.count) rows of the space are under something else"),
            ] + rows.map { ("record", "\(item($0.item)) \(Hex.encode($0.value))") }
        }
    }

    private static func count(_ rows: Int) -> String {
        switch rows {
        case 0: "which has no records"
        case 1: "which has this one record"
        default: "which has these \(rows) records and no other"
        }
    }

    private static func item(_ bytes: [UInt8]) -> String {
        let isText = !bytes.isEmpty && bytes.allSatisfy { (0x21..<0x7F).contains($0) }
        return isText ? String(decoding: bytes, as: UTF8.self) : "0x\(Hex.encode(bytes))"
    }

    private static func time(_ seconds: Int64) -> String {
        Instant(seconds: seconds)?.utcText ?? "second \(seconds)"
    }
}
