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
        guard let summary = ReceiptSummary(facts, layout: proof.layout) else {
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
    ///
    /// The first line may end with a carriage return and a newline.
    public static func isReceipt(_ bytes: [UInt8]) -> Bool {
        withoutCarriageReturns(Array(bytes.prefix(ReceiptSummary.title.utf8.count + 1)))
            .starts(with: ReceiptSummary.title.utf8)
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
