public import RemitValues

/// An item of the deterministic CBOR profile in which everything hashed or signed is written (RFC 8949 §4.2.1).
///
/// The profile has no floats, no undefined, no indefinite lengths; map keys are 64-bit integers.
public enum CBOR: Sendable {
    /// An integer from 0 to 2^64 − 1.
    case unsigned(UInt64)
    /// The integer −1 − n: from −1 down to −2^64.
    case negative(UInt64)
    case bytes([UInt8])
    case text(TextValue)
    case array([CBOR])
    /// Entries in any order; the encoder sorts them. Keys must not repeat.
    case map([MapEntry])
    indirect case tag(UInt64, CBOR)
    case boolean(Bool)
    case null

    /// A key with its value.
    public struct MapEntry: Sendable {
        /// The key.
        public let key: Int64
        /// The value.
        public let value: CBOR

        /// An entry of a map.
        public init(_ key: Int64, _ value: CBOR) {
            self.key = key
            self.value = value
        }
    }

    /// The item for a signed integer.
    public static func integer(_ value: Int64) -> CBOR {
        value >= 0 ? .unsigned(UInt64(value)) : .negative(UInt64(~value))
    }

    /// The item for a string.
    public static func text(_ string: String) -> CBOR {
        .text(TextValue(string))
    }

    /// The item for a digest: a byte string of 32 bytes.
    public static func digest(_ digest: Digest) -> CBOR {
        .bytes(digest.bytes)
    }

    /// The integer that the item stands for, if it is one and fits.
    public var int64: Int64? {
        switch self {
        case .unsigned(let value): Int64(exactly: value)
        case .negative(let value): Int64(exactly: value).map { ~$0 }
        default: nil
        }
    }
}

extension CBOR: Equatable {
    /// Items are equal where their bytes are.
    public static func == (left: CBOR, right: CBOR) -> Bool {
        left.encoded == right.encoded
    }
}
