public import RemitLedger

/// Where the seeds of transactions come from.
public struct SeedSource: Sendable {
    private enum Kind: Sendable {
        case system
        case counted([UInt8])
    }

    private var kind: Kind
    private var count: UInt64 = 0

    /// The random numbers of the system, fit for secrets.
    public static let system = SeedSource(kind: .system)

    /// Seeds that repeat, for tests and demonstrations: whoever knows the name knows them all.
    public static func unsafe(_ name: String) -> SeedSource { SeedSource(kind: .counted(Array(name.utf8))) }

    private init(kind: Kind) { self.kind = kind }

    /// The next seed.
    public mutating func next() -> PrivateSecret {
        count += 1
        let bytes: [UInt8]
        switch kind {
        case .system:
            var chance = SystemRandomNumberGenerator()
            bytes = (0..<PrivateSecret.length).map { _ in UInt8.random(in: 0...255, using: &chance) }
        case .counted(let name):
            let number = CBOR.unsigned(count).encoded
            bytes = Hashing.code(.privateSecret, key: name, number).bytes
        }
        guard let seed = PrivateSecret(bytes: bytes) else { preconditionFailure("a seed has 32 bytes") }
        return seed
    }
}
