import RemitNode

/// Reads the names of cases.
enum CaseNames {
    /// The case of a name, as it stands or as it stood after the block of a height.
    static func find(_ text: String, in node: LedgerNode, at height: UInt64? = nil) throws -> CaseView {
        try node.caseView(try parse(text), at: height)
    }

    /// The reference that a name writes.
    static func parse(_ text: String) throws(CommandFailure) -> CaseReference {
        guard let reference = CaseReference(text) else {
            throw .usage("\"\(text)\" is no case", hint: "write contract and number, such as InsuranceClaim/17")
        }
        return reference
    }
}
