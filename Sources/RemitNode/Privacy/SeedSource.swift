public import RemitLedger

/// Where the seeds of transactions come from.
public struct SeedSource: Sendable {
    private enum Kind: Sendable {
        case system
        case named([UInt8])
    }

    private let kind: Kind

    /// The random numbers of the system, fit for secrets.
    public static let system = SeedSource(kind: .system)

    /// Seeds that repeat, for tests and demonstrations: whoever knows the name knows them all.
    public static func unsafe(_ name: String) -> SeedSource { SeedSource(kind: .named(Array(name.utf8))) }

    private init(kind: Kind) { self.kind = kind }

    /// The seed of the transaction with a number among those of a key on a chain.
    public func seed(of sequence: UInt64, by key: PublicKey, on genesis: Digest) -> PrivateSecret {
        switch kind {
        case .system:
            var chance = SystemRandomNumberGenerator()
            // The digest of so many random bytes is as hard to guess as they are.
            return PrivateSecret(
                Hashing.sha256((0..<PrivateSecret.length).map { _ in UInt8.random(in: 0...255, using: &chance) }))
        case .named(let name):
            let place = genesis.bytes + key.bytes + CBOR.unsigned(sequence).encoded
            return PrivateSecret(Hashing.code(.privateSecret, key: name, place))
        }
    }
}
