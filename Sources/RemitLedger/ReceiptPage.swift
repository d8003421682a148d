import RemitValues

/// A receipt for people: what was decided in plain lines, and below them the proof, in one text file.
///
/// The lines follow from the proof alone, so that a reader can be told when somebody has changed them.
public struct ReceiptPage: Sendable {
    /// The text of the file.
    public let text: String
    /// The proof below.
    public let proof: ChainProof

    private static let opening = "-----BEGIN REMIT PROOF-----\n"
    private static let closing = "-----END REMIT PROOF-----\n"
    private static let lineLength = 64

    /// Writes the receipt of a proof that has been checked; nil where it proves no receipt.
    public init?(_ proof: ChainProof, _ facts: ProvenFacts) {
        guard let summary = ReceiptSummary(facts) else {
            return nil
        }
        var armour = Self.opening
        var rest = Base64.encode(proof.encoded)[...]
        while !rest.isEmpty {
            armour += rest.prefix(Self.lineLength) + "\n"
            rest = rest.dropFirst(Self.lineLength)
        }
        text = summary.text + armour + Self.closing
        self.proof = proof
    }

    /// Checks a receipt: the proof below, then that the lines on top are those that follow from it.
    ///
    /// Line ends of carriage return and newline are read as newlines.
    public static func check(
        _ bytes: [UInt8], _ key: LedgerKey, witnesses: [NoteKey] = []
    ) throws(ProofFault) -> ProvenFacts {
        let plain = withoutCarriageReturns(bytes)
        guard let text = String(validating: plain, as: UTF8.self), let proof = armoured(text) else {
            throw ProofFault(.file, "there is no whole proof in it")
        }
        let facts = try proof.check(key, witnesses: witnesses)
        guard let page = ReceiptPage(proof, facts), page.text.utf8.elementsEqual(plain) else {
            throw ProofFault(.text)
        }
        return facts
    }

    /// Whether the bytes look like a receipt, and not like a proof file, which never begins with a letter.
    public static func isReceipt(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: ReceiptSummary.title.utf8)
    }

    private static func withoutCarriageReturns(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            let isEnd = byte == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A
            if !isEnd {
                out.append(byte)
            }
        }
        return out
    }

    /// The proof between the first opening line and the closing line after it.
    private static func armoured(_ text: String) -> ChainProof? {
        let lines = text.parts(at: 0x0A)
        guard let first = lines.firstIndex(where: { "\($0)\n".utf8.elementsEqual(opening.utf8) }),
            let last = lines[first...].firstIndex(where: { "\($0)\n".utf8.elementsEqual(closing.utf8) }),
            let bytes = Base64.decode(lines[(first + 1)..<last].joined())
        else {
            return nil
        }
        return try? ChainProof(decoding: bytes)
    }
}

/// The lines on top of a receipt.
private struct ReceiptSummary {
    static let title = "REMIT RECEIPT\n"

    private static let ending = """
        Anybody who has the ledger's public key can check this page, without the ledger:
          remit check-proof FILE --key KEY
        It proves that the chain holds this transaction with this outcome, decided under these
        rules. It does not prove that there was no later one: ask for a newer checkpoint.


        """

    let text: String

    init?(_ facts: ProvenFacts) {
        guard let header = facts.header, let position = facts.position, let transaction = facts.transaction,
            let receipt = facts.receipt, let findings = facts.findings
        else {
            return nil
        }
        let body = transaction.body
        var lines = [
            ("Transaction", transaction.digest.hex), ("Chain", facts.checkpoint.genesis.hex),
            ("Block", "\(header.height), transaction \(position + 1) of \(header.transactionCount)"),
            ("Time", Instant(seconds: header.time)?.utcText ?? "second \(header.time)"),
            ("Signed by", body.sender.description), ("Acting for", body.organisation), ("Call", body.call),
            ("Case", receipt.caseReference ?? body.caseReference ?? ""),
        ]
        if body.contract == .zero {
            lines.append(("Rules", "those of the ledger itself"))
        } else {
            lines.append(("Rules", facts.rules.map { "\($0.name), version \($0.version)" } ?? "not on this chain"))
            lines.append(("Rules digest", body.contract.hex))
        }
        lines.append(("Outcome", Self.words(receipt.outcome)))
        lines.append(("Decided by", findings.clauses.joined(separator: ", ")))
        lines += findings.findings.map { ("Finding", Self.words($0)) }
        lines += facts.disclosed.map { ("Disclosed", "\($0.path.words): \(ValueWords.text($0.value))") }
        lines += facts.undisclosed.map { ("Private", "\($0.words), not disclosed") }
        lines.append(("Cost", "\(receipt.cost) steps"))
        lines.append(("Checkpoint", "\(facts.checkpoint.size) blocks, root \(facts.checkpoint.root.hex)"))
        let table = lines.filter { !$0.1.isEmpty }.map { label, value in
            label + String(repeating: " ", count: 14 - label.utf8.count) + Self.plain(value) + "\n"
        }
        text = Self.title + "\n" + table.joined() + "\n" + Self.ending
    }

    private static func words(_ outcome: Receipt.Outcome) -> String {
        switch outcome {
        case .done: "done"
        case .refused(let code, let text): code.isEmpty ? "refused: \(text)" : "refused \(code): \(text)"
        case .stalled(let reason): "stalled: \(reason)"
        }
    }

    private static func words(_ finding: Findings.Finding) -> String {
        let severity =
            switch finding.severity {
            case .note: "note"
            case .pend: "pend"
            case .deny: "deny"
            }
        // Lines are counted from 1 for people; the last one that fits must not overflow.
        let line = finding.line.map { ", line \(Int128($0) + 1)" } ?? ""
        let source = finding.source.map { " (\($0))" } ?? ""
        return "\(severity) \(finding.code)\(line): \(finding.text)\(source) [\(finding.clause)]"
    }

    /// The text on one line, with what could steer a terminal or hide text made visible.
    private static func plain(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0..<0x20, 0x7F...0x9F, 0x200B...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
                out += "\\u{\(String(scalar.value, radix: 16))}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
