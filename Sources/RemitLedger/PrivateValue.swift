public import RemitValues

/// The place of one private value; see section 16 of `Docs/format.md`.
public struct PrivatePath: Hashable, Sendable {
    /// What the path goes through, from the outside in.
    public let parts: [Value]

    /// A path of parts.
    public init(_ parts: [Value]) { self.parts = parts }

    /// An argument of a transaction, by its position from 0.
    public static func argument(_ position: Int) -> PrivatePath {
        PrivatePath([.text("argument"), .integer(Int64(position))])
    }

    /// A field of a case.
    public static func caseField(_ reference: TextValue, _ field: String) -> PrivatePath {
        PrivatePath([.text("case"), .text(reference), .text(TextValue(field))])
    }

    /// A field of a register's row, by the keys as the row's item has them.
    public static func row(contract: String, register: String, item: [Value], field: String) -> PrivatePath {
        PrivatePath([
            .text("register"), .text(TextValue(contract)), .text(TextValue(register)), .list(item),
            .text(TextValue(field)),
        ])
    }

    /// A key of a register, as keyed digests have it.
    public static func key(contract: String, register: String, name: String) -> PrivatePath {
        PrivatePath([
            .text("register"), .text(TextValue(contract)), .text(TextValue(register)), .text(TextValue(name)),
        ])
    }

    /// The keys of a `unique by`, by its place from 0, as keyed digests have it.
    public static func unique(contract: String, index: Int) -> PrivatePath {
        PrivatePath([.text("unique"), .text(TextValue(contract)), .integer(Int64(index))])
    }

    /// The path one step further in.
    public func appending(_ part: Value) -> PrivatePath { PrivatePath(parts + [part]) }

    /// The same for a position.
    public func appending(_ position: Int) -> PrivatePath { appending(.integer(Int64(position))) }

    /// The bytes that are hashed.
    public var encoded: [UInt8] { ValueCoding.encoded(.list(parts)) }

    /// The case whose field it is, and the field's name; nil where it is something else.
    public var caseField: (reference: TextValue, field: TextValue)? {
        guard parts.count >= 3, parts[0] == .text("case"), case .text(let reference) = parts[1],
            case .text(let field) = parts[2]
        else {
            return nil
        }
        return (reference, field)
    }

    /// Whether it is in the arguments of a transaction.
    public var isArgument: Bool { parts.first == .text("argument") }
}

/// What opens a commitment to a private value.
public struct PrivateOpening: LedgerItem {
    /// Where the value stands.
    public let path: PrivatePath
    /// The salt, 32 bytes.
    public let salt: Digest
    /// The value.
    public let value: Value

    /// An opening of these parts.
    public init(path: PrivatePath, salt: Digest, value: Value) {
        self.path = path
        self.salt = salt
        self.value = value
    }

    /// The commitment that it opens.
    public var commitment: Digest {
        Hashing.digest(.privateValue, path.encoded + salt.bytes + ValueCoding.encoded(value))
    }

    /// What stands on the chain in the value's place.
    public var sealed: Value { .commitment(commitment) }

    public var cbor: CBOR {
        .array([ValueCoding.encode(.list(path.parts)), .digest(salt), ValueCoding.encode(value)])
    }

    public init(cbor: CBOR) throws(LedgerFault) {
        guard case .array(let parts) = cbor, parts.count == 3, case .array = parts[0],
            case .list(let path) = try ValueCoding.decode(parts[0]), path.count >= 2,
            case .bytes(let bytes) = parts[1], let salt = Digest(bytes: bytes)
        else {
            throw .structure("opening", field: nil, mistake: "is not a path, a salt of 32 bytes and a value")
        }
        self.init(path: PrivatePath(path), salt: salt, value: try ValueCoding.decode(parts[2]))
        guard !value.holdsSealed else {
            throw .structure("opening", field: nil, mistake: "has a value that is not open itself")
        }
    }
}

extension Value {
    /// A commitment as it stands in the place of a value.
    public static func commitment(_ digest: Digest) -> Value { sealed(.commitment, digest) }

    /// A keyed digest as it stands in the place of a private key.
    public static func keyedDigest(_ digest: Digest) -> Value { sealed(.keyedDigest, digest) }

    private static func sealed(_ kind: Sealed.Kind, _ digest: Digest) -> Value {
        guard let sealed = Sealed(kind, digest: digest.bytes) else {
            preconditionFailure("a digest has 32 bytes")
        }
        return .sealed(sealed)
    }

    /// The commitment that stands here; nil where it is anything else.
    public var commitment: Digest? {
        guard case .sealed(let sealed) = self, sealed.kind == .commitment else { return nil }
        return Digest(bytes: sealed.digest)
    }

    /// The commitments in the value, in order.
    public var commitments: [Digest] {
        switch self {
        case .sealed: [commitment].compactMap(\.self)
        case .record(let items), .list(let items), .set(let items): items.flatMap(\.commitments)
        case .map(let entries): entries.flatMap { $0.key.commitments + $0.value.commitments }
        default: []
        }
    }
}
