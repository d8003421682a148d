/// What stands in the place of a private value or key; nothing can be told from it but whether two are the same.
public struct Sealed: Hashable, Sendable {
    /// What the digest is of.
    public enum Kind: Int, Sendable {
        /// A value at its place, with a salt: two are never the same.
        case commitment
        /// A key, under a secret of the chain: the same keys are the same digests.
        case keyedDigest
    }

    /// The number of bytes of a digest.
    public static let length = 32

    /// Commitment or keyed digest.
    public let kind: Kind
    /// The 32 bytes.
    public let digest: [UInt8]

    /// Takes 32 bytes; nil for any other number of them.
    public init?(_ kind: Kind, digest: [UInt8]) {
        guard digest.count == Self.length else { return nil }
        self.kind = kind
        self.digest = digest
    }
}

extension Value {
    /// Whether the value itself is not known.
    public var isSealed: Bool { if case .sealed = self { true } else { false } }

    /// Whether the value, or anything in it, is not known.
    public var holdsSealed: Bool {
        switch self {
        case .sealed: true
        case .record(let items), .list(let items), .set(let items): items.contains(where: \.holdsSealed)
        case .map(let entries): entries.contains { $0.key.holdsSealed || $0.value.holdsSealed }
        default: false
        }
    }
}
