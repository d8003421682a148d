/// A structure of the chain with one encoding.
public protocol LedgerItem: Equatable, Sendable {
    /// The structure as an item of the CBOR profile.
    var cbor: CBOR { get }

    /// Reads the structure from an item; throws `structure` or `value` where it is another one.
    init(cbor: CBOR) throws(LedgerFault)
}

extension LedgerItem {
    /// The bytes of the structure.
    public var encoded: [UInt8] { cbor.encoded }

    /// Reads the structure from bytes, strictly.
    public init(decoding bytes: [UInt8]) throws(LedgerFault) {
        try self.init(cbor: CBOR(decoding: bytes))
    }

    /// Structures are equal where their bytes are.
    public static func == (left: Self, right: Self) -> Bool {
        left.encoded == right.encoded
    }
}

/// The version of every format in this module; a reader refuses any other.
public enum LedgerFormat {
    /// The version that transactions and headers carry.
    public static let version: UInt64 = 1
}
