import RemitLedger
import RemitStore

/// What auditors read with plain SQL, made from the bytes of a block: once when it is committed, again to verify it.
enum AuditColumns {
    /// The rows of a block: what fell due, its transactions with what came of them, and the changes that it made.
    static func rows(
        _ decided: [(Transaction, Receipt, Findings)], deadlines: [(Receipt, Findings)], changes: [StateChange]
    ) -> AuditRows {
        var rows = AuditRows()
        // The last one first, so that the rows come in the order of their positions.
        for (index, (receipt, findings)) in deadlines.enumerated().reversed() {
            add(findings, receipt, at: -1 - Int64(index), to: &rows)
        }
        for (index, (transaction, receipt, findings)) in decided.enumerated() {
            let position = Int64(index)
            let body = transaction.body
            rows.decisions.append(
                AuditRows.Decision(
                    position: position, sender: body.sender.bytes, organisation: body.organisation,
                    contract: body.contract == .zero ? [] : body.contract.bytes, reason: reason(receipt.outcome),
                    clauses: findings.clauses.joined(separator: " "), cost: Int64(clamping: receipt.cost)))
            add(findings, receipt, at: position, to: &rows)
        }
        rows.cases = cases(changes)
        return rows
    }

    /// The rows of a stored block, read from its bytes alone.
    static func rows(_ block: StoredBlock) throws(LedgerFault) -> AuditRows {
        var decided: [(Transaction, Receipt, Findings)] = []
        for stored in block.transactions {
            let receipt = try Receipt(decoding: stored.receipt)
            decided.append((try BlockRows.transaction(stored), receipt, try findings(stored.findings)))
        }
        var deadlines: [(Receipt, Findings)] = []
        for stored in block.deadlines {
            deadlines.append((try Receipt(decoding: stored.receipt), try findings(stored.findings)))
        }
        let changes = BlockRows.merged(deadlines.flatMap(\.0.changes) + decided.flatMap(\.1.changes))
        return rows(decided, deadlines: deadlines, changes: changes)
    }

    private static func findings(_ bytes: [UInt8]?) throws(LedgerFault) -> Findings {
        guard let bytes else { return .none }
        return try Findings(decoding: bytes)
    }

    private static func reason(_ outcome: Receipt.Outcome) -> String? {
        switch outcome {
        case .done: nil
        case .refused(_, let text): text
        case .stalled(let reason): reason
        }
    }

    private static func add(_ findings: Findings, _ receipt: Receipt, at position: Int64, to rows: inout AuditRows) {
        for (number, finding) in findings.findings.enumerated() {
            rows.findings.append(
                AuditRows.Finding(
                    position: position, number: Int64(number), severity: word(finding.severity), code: finding.code,
                    text: finding.text, clause: finding.clause, line: finding.line, source: finding.source))
        }
        for (number, posting) in receipt.postings.enumerated() {
            rows.postings.append(
                AuditRows.Posting(
                    position: position, number: Int64(number), fund: posting.fund, debit: posting.debit,
                    credit: posting.credit, currency: posting.currency, minorUnits: posting.minorUnits))
        }
    }

    private static func word(_ severity: Findings.Severity) -> String {
        switch severity {
        case .note: "note"
        case .pend: "pend"
        case .deny: "deny"
        }
    }

    private static func cases(_ changes: [StateChange]) -> [AuditRows.CaseVersion] {
        changes.compactMap(caseVersion)
    }

    /// What a case became by the change of a row; nil for a row of another kind.
    static func caseVersion(_ change: StateChange) -> AuditRows.CaseVersion? {
        guard let reference = StateLayout.caseReference(of: change.key), let value = change.value,
            let summary = CaseSummary(value)
        else { return nil }
        return AuditRows.CaseVersion(
            reference: reference.description, contract: summary.contract.bytes, state: summary.state,
            revision: summary.revision)
    }

    /// Compares the stored rows of a block with what its bytes say; names the tables that differ.
    static func problems(
        _ store: ChainStore, _ expected: AuditRows, height: UInt64
    ) throws(NodeError) -> [ChainProblem] {
        let found = try storing { () throws(StoreError) in try store.auditRows(at: height) }
        var tables: [String] = []
        if found.decisions != expected.decisions { tables.append("decision") }
        if found.findings != expected.findings { tables.append("finding") }
        if found.postings != expected.postings { tables.append("posting") }
        for version in expected.cases {
            let stored = try storing { () throws(StoreError) in
                try store.caseVersion(version.reference, at: height)
            }
            if stored != version, tables.last != "case_version" { tables.append("case_version") }
        }
        return tables.map {
            ChainProblem(height: height, position: nil, text: "the table `\($0)` does not say what the bytes say")
        }
    }
}
