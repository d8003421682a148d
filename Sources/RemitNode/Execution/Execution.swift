public import RemitLanguage
public import RemitLedger
public import RemitRuntime
import RemitValues

/// What became of a transaction.
public struct Execution: Sendable {
    /// The receipt that the block's receipt root covers.
    public let receipt: Receipt
    /// Every finding, and the clauses that decided.
    public let findings: Findings
    /// For a call of a contract: the program and the runtime's own account, with its trace where asked for.
    public let transition: (program: CheckedProgram, transition: Transition)?
}
