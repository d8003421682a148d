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
    /// The same as they are hashed and stored; nil where a record was taken that does not hold them.
    let findingsBytes: [UInt8]?
    /// What the outcome rests on.
    let basis: Basis
    /// For a call of a contract: the program and the runtime's own account, with its trace where asked for.
    public var transition: (program: CheckedProgram, transition: Transition)? {
        guard let contract, let account else { return nil }
        return (contract.program, account)
    }

    private let contract: DeployedContract?
    private let account: Transition?

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

    init(
        receipt: Receipt, findings: Findings, findingsBytes: [UInt8]? = nil,
        transition: (contract: DeployedContract, account: Transition)?
    ) {
        self.receipt = receipt
        receiptBytes = receipt.encoded
        self.findings = findings
        self.findingsBytes = findingsBytes ?? findings.encoded
        contract = transition?.contract
        account = transition?.account
        basis = .execution
    }

    init(recorded receipt: Receipt, bytes: [UInt8], findings: Findings?, basis: Basis) {
        self.receipt = receipt
        receiptBytes = bytes
        self.findings = findings ?? .none
        findingsBytes = findings?.encoded
        self.basis = basis
        contract = nil
        account = nil
    }
}
