public import RemitValues

/// A text with signatures under it, as C2SP's `signed-note` defines it.
public struct SignedNote: Sendable {
    /// A signature line.
    public struct Line: Sendable {
        /// The name of the key.
        public let name: String
        /// The four bytes of the key's id.
        public let id: [UInt8]
        /// What follows the id.
        public let signature: [UInt8]
    }

    /// What a look at the signatures of one key shows.
    public enum Standing: Sendable {
        /// The key did not sign.
        case missing
        /// A signature in the key's name is not valid.
        case invalid
        /// The key signed.
        case valid
    }

    /// The text that is signed; ends with a newline.
    public let text: String
    /// The signatures, in order: those of keys that nobody here knows are kept.
    public private(set) var lines: [Line]

    /// A text without signatures yet; nil where it does not end with a newline or holds another control character.
    public init?(text: String) {
        guard text.utf8.last == 0x0A, text.utf8.allSatisfy({ $0 >= 0x20 || $0 == 0x0A }) else {
            return nil
        }
        self.text = text
        lines = []
    }

    /// Reads a note, strictly; nil where the bytes are none.
    ///
    /// They are at most `Limits.noteBytes` of UTF-8 without control characters but newlines; the last empty line
    /// divides text and signatures; there are 1 to `Limits.noteSignatures` of these, each an em dash, a space, a name,
    /// a space, and base64 of at least five bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= Limits.noteBytes, bytes.last == 0x0A,
            bytes.allSatisfy({ $0 >= 0x20 || $0 == 0x0A }),
            let gap = bytes.indices.dropLast().last(where: { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }),
            let text = String(validating: bytes[...gap], as: UTF8.self),
            let signatures = String(validating: bytes[(gap + 2)...], as: UTF8.self)
        else {
            return nil
        }
        let rows = signatures.parts(at: 0x0A).dropLast()
        guard !rows.isEmpty, rows.count <= Limits.noteSignatures else {
            return nil
        }
        self.text = text
        lines = []
        for row in rows {
            guard let line = SignedNote.line(row) else {
                return nil
            }
            lines.append(line)
        }
    }

    private static func line(_ row: String) -> Line? {
        let parts = row.parts(at: UInt8(ascii: " "))
        guard parts.count == 3, parts[0].utf8.elementsEqual("\u{2014}".utf8), NoteKey.isName(parts[1]),
            let bytes = Base64.decode(parts[2]), bytes.count >= 5
        else {
            return nil
        }
        return Line(name: parts[1], id: Array(bytes[..<4]), signature: Array(bytes[4...]))
    }

    /// The bytes of the note.
    public var bytes: [UInt8] {
        var out = Array(text.utf8) + [0x0A]
        for line in lines {
            out += "\u{2014} \(line.name) \(Base64.encode(line.id + line.signature))\n".utf8
        }
        return out
    }

    /// Adds the signature of a key of kind `note`.
    public mutating func sign(as key: NoteKey, by signer: some Signer) throws(LedgerFault) {
        let signature = try signer.sign(Array(text.utf8))
        lines.append(Line(name: key.name, id: key.id, signature: signature.bytes))
    }

    /// Adds the signature of a witness, a key of kind `cosignature`, at a time.
    public mutating func cosign(as witness: NoteKey, by signer: some Signer, at time: Instant) throws(LedgerFault) {
        let seconds = UInt64(max(0, time.seconds))
        let signature = try signer.sign(NoteKey.cosigned(text, time: seconds))
        let stamp = (0..<8).map { UInt8(truncatingIfNeeded: seconds >> (56 - 8 * UInt64($0))) }
        lines.append(Line(name: witness.name, id: witness.id, signature: stamp + signature.bytes))
    }

    /// How a key stands: every line in its name must be valid, and there must be one.
    public func standing(of key: NoteKey) -> Standing {
        let own = lines.filter { $0.name.utf8.elementsEqual(key.name.utf8) && $0.id == key.id }
        if own.isEmpty {
            return .missing
        }
        return own.allSatisfy { key.isValid($0.signature, on: text) } ? .valid : .invalid
    }
}
