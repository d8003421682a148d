import RemitLedger
import RemitNode

/// What a block did by itself, in words.
struct EngineWork {
    /// A word for programs: `deadline`, `migration` of a case, `version` that takes over, or `migrating` its cases.
    let word: String
    let text: String

    init(_ execution: Execution) {
        let receipt = execution.receipt
        let clause = execution.findings.clauses.first ?? ""
        let parts = clause.split(separator: ":").map(String.init)
        let contract = parts.count > 1 ? parts[1].split(separator: "/").map(String.init) : []
        if let name = receipt.caseReference {
            let isMigration = parts.first == "migration"
            word = isMigration ? "migration" : "deadline"
            let what = isMigration ? "migration from version \(parts.last ?? "")" : "deadline"
            text = "\(name): \(what) \(ReceiptText.outcome(receipt.outcome))"
        } else if parts.first == "version", contract.count == 2 {
            word = "version"
            text = "\(contract[0]): version \(contract[1]) opens new cases from now on"
        } else if parts.count == 3, contract.count == 2 {
            word = "migrating"
            let cases = parts[2].split(separator: "-").compactMap { Int64($0) }
            // Where the block had done its share, or only cases are left that were behind.
            let isNone = cases.count == 2 && cases[1] < cases[0]
            text =
                isNone
                ? "\(contract[0]): version \(contract[1]) comes to no further case in this block"
                : "\(contract[0]): version \(contract[1]) takes over among cases \(parts[2])"
        } else {
            word = "deadline"
            text = "a case: deadline \(ReceiptText.outcome(receipt.outcome))"
        }
    }
}
