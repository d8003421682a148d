import RemitLedger
import RemitValues

/// How a field of a case stands with the vault.
public enum FieldPrivacy: Hashable, Sendable {
    /// It is for everybody.
    case open
    /// It is private, and the vault has it.
    case kept
    /// It, or a part of it, was erased by the block of this height.
    case erased(UInt64)
    /// It is private, and this vault does not know it.
    case unknown

    init(_ value: Value, _ vault: WorkingVault) throws(NodeError) {
        self = .kept
        for commitment in value.commitments {
            switch try vault.find(commitment) {
            case .open: break
            case .erased(let height): self = .erased(height)
            case .unknown: if self == .kept { self = .unknown }
            }
        }
    }

    /// Whether it is private.
    public var isPrivate: Bool { self != .open }
}
