public import RemitValues

/// A secret of 32 bytes: the seed of a transaction, the secret of a case, or the digest key of a chain.
///
/// It tells nothing about itself where it is printed.
public struct PrivateSecret: Hashable, Sendable, CustomStringConvertible {
    /// The number of bytes of a secret.
    public static let length = 32

    /// The bytes.
    public let bytes: [UInt8]

    /// Takes 32 bytes; nil for any other number of them.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.length else {
            return nil
        }
        self.bytes = bytes
    }

    /// Takes the bytes of a digest.
    public init(_ digest: Digest) { bytes = digest.bytes }

    public var description: String { "(a secret)" }

    /// The commitment to the secret that stands on the chain.
    public var commitment: Digest { Hashing.digest(.privateSecret, bytes) }

    // MARK: As a seed

    /// The salt at a path.
    public func salt(_ path: PrivatePath) -> Digest { Hashing.code(.privateSalt, key: bytes, path.encoded) }

    /// The opening of a value at a path.
    public func opening(_ value: Value, at path: PrivatePath) -> PrivateOpening {
        PrivateOpening(path: path, salt: salt(path), value: value)
    }

    /// The secret of a case that begins with this seed.
    public func caseSecret(_ reference: TextValue) -> PrivateSecret {
        PrivateSecret(Hashing.code(.privateCase, key: bytes, reference.utf8))
    }

    /// The digest key of a chain whose first contract that keeps something private was deployed with this seed.
    public var digestKey: PrivateSecret { PrivateSecret(Hashing.code(.privateKey, key: bytes, [])) }

    // MARK: As the secret of a case

    /// The seed of a deadline's work on the case at a revision.
    public func timerSeed(revision: UInt64) -> PrivateSecret {
        PrivateSecret(Hashing.code(.privateTimer, key: bytes, CBOR.unsigned(revision).encoded))
    }

    // MARK: As a digest key

    /// The keyed digest of a private key at a path.
    public func digest(of key: Value, at path: PrivatePath) -> Digest {
        Hashing.code(.privateDigest, key: bytes, path.encoded + ValueCoding.encoded(key))
    }

    /// The subject that a value names.
    public func subject(_ value: Value) -> Digest {
        Hashing.code(.privateSubject, key: bytes, ValueCoding.encoded(value))
    }
}

/// What travels beside a transaction, unsigned: its seed, and the private values of its arguments.
public struct SideCar: LedgerItem {
    /// The seed of every salt of the transaction.
    public let seed: PrivateSecret
    /// The private values of the arguments, in the order in which their commitments stand there.
    public let values: [Value]

    /// A side-car of a seed and values.
    public init(seed: PrivateSecret, values: [Value]) {
        self.seed = seed
        self.values = values
    }

    public var cbor: CBOR {
        .map([
            .init(1, .unsigned(LedgerFormat.version)), .init(2, .bytes(seed.bytes)),
            .init(3, .array(values.map(ValueCoding.encode))),
        ])
    }

    public init(cbor: CBOR) throws(LedgerFault) {
        var fields = try FieldReader(cbor, "side-car")
        try fields.version()
        guard let seed = PrivateSecret(bytes: try fields.bytes(2)) else {
            throw fields.fault(2, "is not a seed of 32 bytes")
        }
        self.seed = seed
        var values: [Value] = []
        for item in try fields.array(3) { values.append(try ValueCoding.decode(item)) }
        self.values = values
        try fields.finish()
    }
}
