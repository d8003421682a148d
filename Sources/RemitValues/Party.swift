/// An identity on the chain: one human (or machine account), or an organisation.
public struct Party: Hashable, Sendable {
    /// What kind of party it is.
    public enum Kind: String, Hashable, Sendable {
        case person, organisation
    }

    /// Person or organisation.
    public let kind: Kind
    /// The name under which the chain registered it.
    public let identifier: TextValue

    /// The party of a kind and a registered name.
    public init(_ kind: Kind, _ identifier: TextValue) {
        self.kind = kind
        self.identifier = identifier
    }
}

extension Party: Comparable, CustomStringConvertible {
    public static func < (left: Party, right: Party) -> Bool {
        left.kind == right.kind ? left.identifier < right.identifier : left.kind == .person
    }

    public var description: String { identifier.string }
}

/// Evidence that stays off the chain: what is kept is its digest, media type and size.
public struct Document: Hashable, Sendable {
    /// The SHA-256 digest of the file, 32 bytes.
    public let digest: [UInt8]
    /// The media type (RFC 6838), such as `application/pdf`.
    public let mediaType: TextValue
    /// The size in bytes.
    public let size: Int64

    /// A document; nil where the digest has not 32 bytes or the size is negative.
    public init?(digest: [UInt8], mediaType: TextValue, size: Int64) {
        guard digest.count == 32, size >= 0 else { return nil }
        self.digest = digest
        self.mediaType = mediaType
        self.size = size
    }
}
