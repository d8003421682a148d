import Crypto

/// Encrypts what the vault keeps, by ChaCha20-Poly1305 (RFC 8439) under the key of a subject.
///
/// A box is nonce (12 bytes) ‖ ciphertext ‖ tag (16 bytes); the identifier of its row is authenticated with it, so that
/// no box can stand in another row.
public enum VaultBox {
    /// The number of bytes of a key.
    public static let keyLength = 32
    /// The number of bytes of a nonce, which must never be used twice under one key.
    public static let nonceLength = 12

    /// Encrypts; nil where key or nonce have another length.
    public static func close(_ bytes: [UInt8], key: [UInt8], nonce: [UInt8], row: [UInt8]) -> [UInt8]? {
        guard key.count == keyLength, let nonce = try? ChaChaPoly.Nonce(data: nonce),
            let box = try? ChaChaPoly.seal(
                bytes, using: SymmetricKey(data: key), nonce: nonce, authenticating: row)
        else { return nil }
        return Array(box.combined)
    }

    /// Decrypts; nil where key, row or box are not those that belong together.
    public static func open(_ box: [UInt8], key: [UInt8], row: [UInt8]) -> [UInt8]? {
        guard key.count == keyLength, let box = try? ChaChaPoly.SealedBox(combined: box),
            let bytes = try? ChaChaPoly.open(box, using: SymmetricKey(data: key), authenticating: row)
        else { return nil }
        return Array(bytes)
    }
}
