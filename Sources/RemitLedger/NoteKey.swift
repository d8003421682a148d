/// A named key under which signatures of notes are checked, as C2SP's `signed-note` and `tlog-cosignature` define them.
public struct NoteKey: Hashable, Sendable, CustomStringConvertible {
    /// What a signature of the key says.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// The key signed the text (Ed25519).
        case note = 1
        /// The key saw the log so at a time, and consistent with all that it saw before (Ed25519, `cosignature/v1`).
        case cosignature = 4
    }

    /// The name, which stands before each signature of the key.
    public let name: String
    /// What its signatures say.
    public let kind: Kind
    /// The Ed25519 key.
    public let publicKey: PublicKey

    /// A key with a name; nil where the name is empty or has a space, a plus or a control character.
    public init?(name: String, kind: Kind, publicKey: PublicKey) {
        guard NoteKey.isName(name) else {
            return nil
        }
        self.name = name
        self.kind = kind
        self.publicKey = publicKey
    }

    /// Reads `name+id+base64`; nil for anything else, and where the id is not that of the key.
    public init?(_ text: String) {
        let parts = text.parts(at: UInt8(ascii: "+"), maxSplits: 2)
        guard parts.count == 3, let bytes = Base64.decode(parts[2]), let first = bytes.first,
            let kind = Kind(rawValue: first), let publicKey = PublicKey(bytes: Array(bytes.dropFirst()))
        else {
            return nil
        }
        self.init(name: parts[0], kind: kind, publicKey: publicKey)
        guard parts[1].utf8.elementsEqual(Hex.encode(id).utf8) else {
            return nil
        }
    }

    /// The four bytes by which signatures name the key: the first of SHA-256 over name, newline, kind and key.
    public var id: [UInt8] {
        let input = Array(name.utf8) + [0x0A, kind.rawValue] + publicKey.bytes
        return Array(Hashing.sha256(input).bytes[..<4])
    }

    /// The key as `name+id+base64`.
    public var description: String {
        "\(name)+\(Hex.encode(id))+\(Base64.encode([kind.rawValue] + publicKey.bytes))"
    }

    /// Whether the bytes are a signature of this key on the text.
    func isValid(_ signature: [UInt8], on text: String) -> Bool {
        switch kind {
        case .note: return check(signature[...], Array(text.utf8))
        case .cosignature:
            guard signature.count == 8 + Signature.length else {
                return false
            }
            let time = signature[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return time <= UInt64(Int64.max) && check(signature[8...], NoteKey.cosigned(text, time: time))
        }
    }

    private func check(_ signature: ArraySlice<UInt8>, _ message: [UInt8]) -> Bool {
        Signature(bytes: Array(signature)).map { SignatureRule.verify($0, message: message, key: publicKey) } ?? false
    }

    /// What a witness signs at a time.
    static func cosigned(_ text: String, time: UInt64) -> [UInt8] {
        Array("cosignature/v1\ntime \(time)\n\(text)".utf8)
    }

    /// Whether a name may stand in a signature line: not empty, no plus, no Unicode space, no control character.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { scalar in
                switch scalar.value {
                case 0...0x20, 0x2B, 0x7F...0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: false
                default: true
                }
            }
    }

    /// Keys are equal where their bytes are.
    public static func == (left: NoteKey, right: NoteKey) -> Bool {
        left.name.utf8.elementsEqual(right.name.utf8) && left.kind == right.kind && left.publicKey == right.publicKey
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(publicKey)
    }
}
