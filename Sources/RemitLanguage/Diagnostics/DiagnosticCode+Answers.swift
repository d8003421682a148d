extension DiagnosticCode {
    /// The warnings that `accept` may name, with their names.
    static let answerable: [(name: String, code: DiagnosticCode)] = [
        ("tab", tab), ("unusedName", unusedName), ("alwaysPresent", alwaysPresent), ("tableNotProved", tableNotProved),
        ("rowNeverReached", rowNeverReached), ("unreachableState", unreachableState), ("deadEnd", deadEnd),
        ("actionNeverEnabled", actionNeverEnabled), ("neverReached", neverReached), ("singleSigner", singleSigner),
        ("unapprovedPayment", unapprovedPayment), ("selfApproval", selfApproval), ("staysReserved", staysReserved),
        ("idleDeadline", idleDeadline), ("loneScope", loneScope), ("circularDeadline", circularDeadline),
        ("formDecides", formDecides), ("paysAgain", paysAgain), ("givesNothing", givesNothing),
    ]

    /// The warnings that the analysis of tables gives.
    static let ofTables: Set<DiagnosticCode> = [rowNeverReached, tableNotProved]

    /// The name by which `accept` answers it; nil where nothing does.
    public var answerName: String? { Self.answerable.first { $0.code == self }?.name }
}
