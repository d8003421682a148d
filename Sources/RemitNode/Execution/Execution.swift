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
    /// For a call of a contract: the program and the runtime's own account, with its trace where asked for.
    public let transition: (program: CheckedProgram, transition: Transition)?

    init(receipt: Receipt, findings: Findings, transition: (program: CheckedProgram, transition: Transition)?) {
        self.receipt = receipt
        receiptBytes = receipt.encoded
        self.findings = findings
        self.transition = transition
    }
}
