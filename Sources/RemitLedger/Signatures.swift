import Crypto

/// An Ed25519 public key: 32 bytes (RFC 8032 §5.1.5).
public struct PublicKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number of bytes of a key.
    public static let length = 32

    /// The 32 bytes, as encoded by RFC 8032.
    public let bytes: [UInt8]

    /// Takes 32 bytes; nil for any other number. Whether they make a usable key is for `SignatureRule` to say.
    public init?(bytes: [UInt8]) {
        guard bytes.count == PublicKey.length else {
            return nil
        }
        self.bytes = bytes
    }

    /// Reads 64 lower-case hexadecimal digits; nil for anything else.
    public init?(hex: String) {
        guard let bytes = Hex.decode(hex) else {
            return nil
        }
        self.init(bytes: bytes)
    }

    /// The key as 64 lower-case hexadecimal digits.
    public var hex: String { Hex.encode(bytes) }

    /// The same as `hex`.
    public var description: String { Hex.encode(bytes) }

    /// Orders keys as their bytes are ordered.
    public static func < (left: PublicKey, right: PublicKey) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension PublicKey {
    /// Whether a signature can be valid under the key at all: it encodes a point of the curve, with y < p, and none of
    /// small order. About half of all texts of 64 hexadecimal digits do not.
    public var isUsable: Bool {
        guard SignatureRule.isUsablePoint(bytes) else { return false }
        // x² is (y² − 1) / (d y² + 1). The divisor is never 0, and a quotient is a square where the product is.
        let square = CurveField(littleEndian: bytes).squared
        return ((square + -.one) * (.curve * square + .one)).isSquare
    }
}

/// An Ed25519 signature: the 32 bytes of R, then the 32 bytes of S (RFC 8032 §5.1.6).
public struct Signature: Hashable, Sendable, CustomStringConvertible {
    /// The number of bytes of a signature.
    public static let length = 64

    /// The 64 bytes.
    public let bytes: [UInt8]

    /// Takes 64 bytes; nil for any other number.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Signature.length else {
            return nil
        }
        self.bytes = bytes
    }

    /// The signature as 128 lower-case hexadecimal digits.
    public var description: String { Hex.encode(bytes) }
}

/// Something that signs: a key in memory, in a file or in a device.
public protocol Signer: Sendable {
    /// The key under which its signatures are checked.
    var publicKey: PublicKey { get }

    /// The Ed25519 signature of the message.
    func sign(_ message: [UInt8]) throws(LedgerFault) -> Signature
}

/// A signer that holds its secret seed in memory.
///
/// Signatures follow RFC 8032 and repeat to the byte on Linux.
public struct SeedSigner: Signer {
    /// The key under which its signatures are checked.
    public let publicKey: PublicKey
    private let secret: Curve25519.Signing.PrivateKey

    /// Takes the 32 bytes of an RFC 8032 private key; throws `unusableSeed` for any other number.
    public init(seed: [UInt8]) throws(LedgerFault) {
        guard let secret = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
            let key = PublicKey(bytes: Array(secret.publicKey.rawRepresentation))
        else {
            throw .unusableSeed
        }
        self.secret = secret
        publicKey = key
    }

    /// The Ed25519 signature of the message.
    public func sign(_ message: [UInt8]) throws(LedgerFault) -> Signature {
        guard let bytes = try? secret.signature(for: message), let signature = Signature(bytes: Array(bytes)) else {
            throw .unusableSeed
        }
        return signature
    }
}

/// The one rule by which a signature of the chain is valid, so that two verifiers never disagree.
///
/// Refused before the library is asked: a key or an R whose y is not below p, a key or an R of small order, an S that
/// is not below the group order L. Then the equation without cofactor decides: [S]B = R + [k]A (RFC 8032 §5.1.7).
public enum SignatureRule {
    /// Whether the signature of the message is valid under the key.
    public static func verify(_ signature: Signature, message: [UInt8], key: PublicKey) -> Bool {
        let commitment = Array(signature.bytes[..<32])
        guard isUsablePoint(key.bytes), isUsablePoint(commitment), isReduced(signature.bytes[32...]) else {
            return false
        }
        guard let library = try? Curve25519.Signing.PublicKey(rawRepresentation: key.bytes) else {
            return false
        }
        return library.isValidSignature(signature.bytes, for: message)
    }

    /// Whether 32 bytes are no encoding with y ≥ p and no point of small order.
    static func isUsablePoint(_ encoding: [UInt8]) -> Bool {
        // The sign of x is no part of y: both signs of a torsion point are of small order.
        var y = encoding
        y[31] &= 0x7F
        return precedes(y[...], prime[...]) && !smallOrder.contains(y)
    }

    /// Whether S is below the group order.
    private static func isReduced(_ scalar: ArraySlice<UInt8>) -> Bool {
        precedes(scalar, order[...])
    }

    /// Compares little-endian numbers of equal length.
    private static func precedes(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        left.reversed().lexicographicallyPrecedes(right.reversed())
    }

    /// p = 2^255 − 19, little-endian.
    private static let prime: [UInt8] = [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]

    /// L = 2^252 + 27742317777372353535851937790883648493, little-endian.
    private static let order: [UInt8] = [
        0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10,
    ]

    /// The y of the eight points whose order divides 8, little-endian: of order 1, 2, 4 and twice of order 8.
    private static let smallOrder: [[UInt8]] = [
        [1] + [UInt8](repeating: 0, count: 31),
        [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
        [UInt8](repeating: 0, count: 32),
        [
            0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0,
            0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
        ],
        [
            0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F,
            0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A,
        ],
    ]
}
