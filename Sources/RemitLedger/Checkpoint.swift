public import RemitValues

/// The head of the log of block headers at a size, in the form of C2SP's `tlog-checkpoint`.
///
/// The leaves of the log are the encoded headers, from block 0 on; the tree is that of RFC 6962.
public struct Checkpoint: Hashable, Sendable {
    /// The digest of block 0's header, which is the identity of the log.
    public let genesis: Digest
    /// The number of blocks that it covers.
    public let size: UInt64
    /// The root over their headers.
    public let root: Digest
    /// Lines after the root, which the format allows and nobody here uses; each ends with a newline.
    public let extensions: String

    /// A checkpoint of these parts.
    public init(genesis: Digest, size: UInt64, root: Digest) {
        self.genesis = genesis
        self.size = size
        self.root = root
        extensions = ""
    }

    /// Reads the text of a checkpoint, strictly; nil for any other.
    init?(text: String) {
        let lines = text.parts(at: 0x0A)
        guard lines.count >= 4, lines.last?.isEmpty == true, lines.dropLast().allSatisfy({ !$0.isEmpty }),
            lines[0].utf8.starts(with: Self.originPrefix.utf8),
            let genesis = Digest(
                hex: String(decoding: lines[0].utf8.dropFirst(Self.originPrefix.utf8.count), as: UTF8.self)),
            let size = Self.number(lines[1]), let bytes = Base64.decode(lines[2]), let root = Digest(bytes: bytes)
        else {
            return nil
        }
        self.genesis = genesis
        self.size = size
        self.root = root
        extensions = lines[3..<(lines.count - 1)].map { "\($0)\n" }.joined()
    }

    private static let originPrefix = "remit/"

    /// Whether the bytes look like a checkpoint of a chain, and not like a proof file, which begins with another byte.
    public static func isCheckpoint(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: originPrefix.utf8)
    }

    /// A number in decimal, without leading zeros, below 2^63.
    private static func number(_ text: String) -> UInt64? {
        let digits = text.utf8
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            digits.count == 1 || digits.first != 0x30, let number = Int64(text)
        else {
            return nil
        }
        return UInt64(number)
    }

    /// The name of the log, and of its key: `remit/` and the genesis digest in hexadecimal.
    public var origin: String { Self.origin(genesis) }

    /// The name of the log of a chain.
    public static func origin(_ genesis: Digest) -> String { originPrefix + genesis.hex }

    /// The key under which the checkpoints of a chain are signed.
    public static func key(_ genesis: Digest, _ nodeKey: PublicKey) -> NoteKey {
        guard let key = NoteKey(name: origin(genesis), kind: .note, publicKey: nodeKey) else {
            preconditionFailure("an origin is a name")
        }
        return key
    }

    /// The text that is signed.
    public var text: String {
        "\(origin)\n\(size)\n\(Base64.encode(root.bytes))\n\(extensions)"
    }

    /// The leaf of a block in the log.
    public static func leaf(ofHeader bytes: [UInt8]) -> Digest {
        MerkleTree.leafHash(bytes)
    }
}

/// A checkpoint with its signatures: the ledger's own, and those of witnesses.
public struct SignedCheckpoint: Sendable {
    /// What is signed.
    public let checkpoint: Checkpoint
    /// The note that carries it.
    public let note: SignedNote

    /// Signs a checkpoint with the node's key.
    public init(signing checkpoint: Checkpoint, by signer: some Signer) throws(LedgerFault) {
        self.checkpoint = checkpoint
        guard var note = SignedNote(text: checkpoint.text) else {
            preconditionFailure("a checkpoint is a text of lines")
        }
        try note.sign(as: Checkpoint.key(checkpoint.genesis, signer.publicKey), by: signer)
        self.note = note
    }

    /// Reads a note that is a checkpoint of a chain; nil for any other bytes. The signatures are not checked yet.
    public init?(_ bytes: [UInt8]) {
        guard let note = SignedNote(bytes), let checkpoint = Checkpoint(text: note.text) else {
            return nil
        }
        self.note = note
        self.checkpoint = checkpoint
    }

    private init(_ checkpoint: Checkpoint, _ note: SignedNote) {
        self.checkpoint = checkpoint
        self.note = note
    }

    /// The checkpoint with the signature of a witness as well; nil where it takes no more of them.
    public func cosigned(
        as witness: NoteKey, by signer: some Signer, at time: Instant
    ) throws(LedgerFault) -> SignedCheckpoint? {
        guard note.lines.count < Limits.noteSignatures else { return nil }
        var note = note
        try note.cosign(as: witness, by: signer, at: time)
        return SignedCheckpoint(checkpoint, note)
    }

    /// The bytes of the note.
    public var bytes: [UInt8] { note.bytes }

    /// Checks the ledger's signature and those of the witnesses that are asked for.
    public func check(_ key: LedgerKey, witnesses: [NoteKey] = []) throws(ProofFault) {
        guard let own = key.noteKey(checkpoint.genesis) else {
            throw ProofFault(.checkpointKey, "it is of the log \(checkpoint.origin)")
        }
        switch note.standing(of: own) {
        case .valid: break
        case .missing: throw ProofFault(.checkpointKey, "no signature of \(own)")
        case .invalid: throw ProofFault(.checkpointSignature, "a signature in the name of \(own)")
        }
        for witness in witnesses where note.standing(of: witness) != .valid {
            throw ProofFault(.witness, "\(witness)")
        }
    }
}

/// The public key of a ledger, as somebody has it from elsewhere.
public enum LedgerKey: Sendable, CustomStringConvertible {
    /// The key alone.
    case bare(PublicKey)
    /// The key with the name of its log.
    case named(NoteKey)

    /// Reads 64 hexadecimal digits, or `name+id+base64`; nil for anything else.
    public init?(_ text: String) {
        if let key = PublicKey(hex: text) {
            self = .bare(key)
        } else if let key = NoteKey(text), key.kind == .note {
            self = .named(key)
        } else {
            return nil
        }
    }

    /// The key as the note of a chain names it; nil where it is the key of another log.
    func noteKey(_ genesis: Digest) -> NoteKey? {
        switch self {
        case .bare(let key): Checkpoint.key(genesis, key)
        case .named(let key): key.name.utf8.elementsEqual(Checkpoint.origin(genesis).utf8) ? key : nil
        }
    }

    public var description: String {
        switch self {
        case .bare(let key): key.description
        case .named(let key): key.description
        }
    }
}
