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
}

/// The hash function of the chain: SHA-256.
public enum Hashing {
    /// SHA-256 over label ‖ 0x00 ‖ bytes.
    public static func digest(_ label: HashLabel, _ bytes: [UInt8]) -> Digest {
        sha256(message(label, bytes))
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

    /// SHA-256 without a label: for documents, and for the trees, whose rules bring their own separation.
    public static func sha256(_ bytes: [UInt8]) -> Digest {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        guard let digest = Digest(bytes: hash.finalize()) else {
            preconditionFailure("SHA-256 gives 32 bytes")
        }
        return digest
    }
}
