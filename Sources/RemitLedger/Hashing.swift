import Crypto

/// The labels that keep the hashes and signatures of different kinds apart: no digest of one kind is one of another.
public enum HashLabel: String, Sendable, CaseIterable {
    /// A transaction: body bytes, then the 64 bytes of the signature.
    case transaction = "remit/v1/transaction"
    /// What a sender signs: the body bytes.
    case transactionSignature = "remit/v1/transaction/sign"
    /// A block header: its bytes, without the signature.
    case header = "remit/v1/header"
    /// What a node signs: the header bytes.
    case headerSignature = "remit/v1/header/sign"
    /// A receipt: its bytes.
    case receipt = "remit/v1/receipt"
    /// The findings and deciding clauses of a receipt.
    case findings = "remit/v1/findings"
    /// The space of a state row.
    case stateSpace = "remit/v1/state/space"
    /// The item of a state row.
    case stateItem = "remit/v1/state/item"
    /// The value of a state row.
    case stateValue = "remit/v1/state/value"
    /// The source text of a contract.
    case contract = "remit/v1/contract"
    /// A private value: path, salt, value.
    case privateValue = "remit/v1/private/value"
    /// A secret of 32 bytes.
    case privateSecret = "remit/v1/private/secret"
    /// (As an authentication code under a seed) the path of a private value: its salt.
    case privateSalt = "remit/v1/private/salt"
    /// (As an authentication code under a seed) the reference of a case: its secret.
    case privateCase = "remit/v1/private/case"
    /// (As an authentication code under a case's secret) the case's revision: the seed of a deadline's work.
    case privateTimer = "remit/v1/private/timer"
    /// (As an authentication code under a seed) nothing: the digest key of the chain.
    case privateKey = "remit/v1/private/key"
    /// (As an authentication code under the digest key) path and value of a private key.
    case privateDigest = "remit/v1/private/digest"
    /// (As an authentication code under the digest key) the value that names a subject.
    case privateSubject = "remit/v1/private/subject"
}

/// The hash function of the chain: SHA-256.
public enum Hashing {
    /// SHA-256 over label ‖ 0x00 ‖ bytes.
    public static func digest(_ label: HashLabel, _ bytes: [UInt8]) -> Digest {
        bytes.withUnsafeBytes { digest(label, $0) }
    }

    /// SHA-256 over label ‖ 0x00 ‖ the bytes of a text.
    static func digest(_ label: HashLabel, _ text: String) -> Digest {
        digest(label) { $0.update(text) }
    }

    /// SHA-256 over label ‖ 0x00 ‖ bytes that stand somewhere already.
    static func digest(_ label: HashLabel, _ bytes: UnsafeRawBufferPointer) -> Digest {
        guard bytes.count <= shortBytes else { return digest(label) { $0.update(bytes) } }
        // Most of what is hashed is short: then laying it out once costs less than three calls.
        var name = label.rawValue
        return name.withUTF8 { name in
            withUnsafeTemporaryAllocation(byteCount: name.count + 1 + bytes.count, alignment: 8) { input in
                input.copyMemory(from: UnsafeRawBufferPointer(name))
                input[name.count] = 0
                UnsafeMutableRawBufferPointer(rebasing: input[(name.count + 1)...]).copyMemory(from: bytes)
                return sha256(UnsafeRawBufferPointer(input))
            }
        }
    }

    private static let shortBytes = 512

    private static func digest(_ label: HashLabel, _ rest: (inout Hash) -> Void) -> Digest {
        var hash = Hash()
        hash.update(label.rawValue)
        hash.update([0])
        rest(&hash)
        return hash.digest()
    }

    /// label ‖ 0x00 ‖ bytes: what is hashed, and what is signed.
    public static func message(_ label: HashLabel, _ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        let name = label.rawValue.utf8
        out.reserveCapacity(name.count + 1 + bytes.count)
        out.append(contentsOf: name)
        out.append(0)
        out.append(contentsOf: bytes)
        return out
    }

    /// HMAC-SHA-256 (RFC 2104) under a key over label ‖ 0x00 ‖ bytes.
    public static func code(_ label: HashLabel, key: [UInt8], _ bytes: [UInt8]) -> Digest {
        let code = HMAC<SHA256>.authenticationCode(for: message(label, bytes), using: SymmetricKey(data: key))
        return code.withUnsafeBytes(Digest.init(loading:))
    }

    /// SHA-256 without a label: for documents, and for the trees, whose rules bring their own separation.
    public static func sha256(_ bytes: [UInt8]) -> Digest {
        var hash = Hash()
        hash.update(bytes)
        return hash.digest()
    }

    /// SHA-256 without a label over bytes that stand somewhere already.
    static func sha256(_ bytes: UnsafeRawBufferPointer) -> Digest {
        var hash = Hash()
        hash.update(bytes)
        return hash.digest()
    }
}

/// A hash over bytes that come one after another, without a copy of them.
private struct Hash {
    private var state = SHA256()

    mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { state.update(bufferPointer: $0) }
    }

    mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { state.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        state.update(bufferPointer: bytes)
    }

    func digest() -> Digest {
        state.finalize().withUnsafeBytes { Digest(loading: $0) }
    }
}
