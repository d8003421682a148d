public import RemitLanguage
public import RemitLedger
public import RemitRuntime
import RemitValues

/// What became of a transaction.
public struct Execution: Sendable {
    /// The receipt that the block's receipt root covers.
    public let receipt: Receipt
    /// The receipt as it is hashed and stored.
    public let receiptBytes: [UInt8]
    /// Every finding, and the clauses that decided.
    public let findings: Findings
    /// Whether the findings are known: they are not where a record was taken that does not hold them.
    let knowsFindings: Bool
    /// What the outcome rests on.
    let basis: Basis
    /// For a call of a contract: the program and the runtime's own account, with its trace where asked for.
    public let transition: (program: CheckedProgram, transition: Transition)?

    /// What an outcome rests on.
    enum Basis: Sendable {
        /// It was executed.
        case execution
        /// It was recorded, and needs private values that were erased by blocks of these heights.
        case redacted(by: [UInt64])
        /// It was recorded, and needs private values that the vault does not know.
        case commitments

        /// Why there is no account of the decision; nil where there is one.
        var gap: String? {
            switch self {
            case .execution: nil
            case .redacted(let heights):
                "The private values that decided were erased in block \(heights.last ?? 0); its receipt remains."
            case .commitments:
                "The private values that decided are not in this ledger's vault; its receipt remains."
            }
        }
    }

    init(receipt: Receipt, findings: Findings, transition: (program: CheckedProgram, transition: Transition)?) {
        self.receipt = receipt
        receiptBytes = receipt.encoded
        self.findings = findings
        self.transition = transition
        knowsFindings = true
        basis = .execution
    }

    init(recorded receipt: Receipt, bytes: [UInt8], findings: Findings?, basis: Basis) {
        self.receipt = receipt
        receiptBytes = bytes
        self.findings = findings ?? .none
        knowsFindings = findings != nil
        self.basis = basis
        transition = nil
    }
}
