import ArgumentParser
import RemitExchange
import RemitLedger
import RemitValues

/// Checks a proof, a receipt or a checkpoint without any ledger.
struct CheckProofCommand: Verb {
    static let words = "check-proof"
    static let configuration = CommandConfiguration(
        commandName: "check-proof",
        abstract: "Check a proof, a receipt or a checkpoint with the ledger's public key, and nothing else.",
        discussion: """
            The key must come from somewhere else than the file, such as the ledger's operator or its website.
            Ends with 1 where the proof does not hold.

            Example: remit check-proof claim-17.receipt --key 03a107bff3ce…  (64 digits)
            """)

    @Argument(help: ArgumentHelp("The proof, receipt or checkpoint.", valueName: "file"))
    var file: String

    @Option(help: "The ledger's public key: 64 digits, or name+id+base64 as remit checkpoint --json gives it.")
    var key: String

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("A witness that must have signed too, as name+id+base64; may be repeated.", valueName: "key")
    )
    var witness: [String] = []

    @OptionGroup var common: PlainOptions

    func perform(_ console: Console) throws -> Outcome {
        guard let ledgerKey = LedgerKey(key) else {
            throw CommandFailure.usage(
                "\(key) is no public key", hint: "give the 64 hexadecimal digits that remit checkpoint shows")
        }
        let witnesses = try witness.map { text in
            guard let key = NoteKey(text) else {
                throw CommandFailure.usage("\(text) is no key of a witness", hint: "write it as name+id+base64")
            }
            return key
        }
        let bytes = try Files.read(file, limit: Limits.proofBytes)
        let facts: ProvenFacts
        do throws(ProofFault) {
            facts = try Self.check(bytes, ledgerKey, witnesses)
        } catch {
            console.line("the proof does not hold: \(error)", .bad)
            return Outcome(
                .object([
                    .init("holds", .boolean(false)), .init("class", .string(error.faultClass.rawValue)),
                    .init("detail", .string(error.detail)),
                ]), .finding)
        }
        console.line("the proof holds", .good)
        let lines = ProofText.lines(facts)
        for (label, value) in lines {
            console.line("  \(label)\(String(repeating: " ", count: max(1, 13 - label.utf8.count)))\(value)")
        }
        if !witnesses.isEmpty { console.line("  signed too by \(witnesses.count) witnesses, as was asked for") }
        return Outcome(.object([.init("holds", .boolean(true))] + ProofText.members(facts)))
    }

    /// Tells the three kinds of file apart by how they begin.
    private static func check(
        _ bytes: [UInt8], _ key: LedgerKey, _ witnesses: [NoteKey]
    ) throws(ProofFault) -> ProvenFacts {
        if ReceiptPage.isReceipt(bytes) { return try ReceiptPage.check(bytes, key, witnesses: witnesses) }
        if Checkpoint.isCheckpoint(bytes) {
            guard let signed = SignedCheckpoint(bytes) else { throw ProofFault(.checkpoint) }
            try signed.check(key, witnesses: witnesses)
            return ProvenFacts(checkpoint: signed.checkpoint)
        }
        guard bytes.count <= Limits.proofBytes else { throw ProofFault(.file, "it is too large") }
        return try ChainProof.check(file: bytes, key, witnesses: witnesses)
    }
}

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
        if let rules = facts.rules { lines.append(("rules", "\(rules.name), version \(rules.version)")) }
        if let findings = facts.findings, !findings.clauses.isEmpty {
            lines.append(("decided by", findings.clauses.joined(separator: ", ")))
        }
        if let claim = facts.claim { lines += words(claim) }
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
            let records = rows.map { record in
                JSONValue.object([
                    .init("item", .string(Hex.encode(record.item))), .init("value", .string(Hex.encode(record.value))),
                ])
            }
            return .object([.init("space", .string(space)), .init("records", .array(records))])
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
