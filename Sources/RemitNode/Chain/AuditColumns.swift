import RemitLedger
import RemitStore
import RemitValues

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
            add(transaction.body, receipt, findings, at: Int64(index), to: &rows)
        }
        rows.fired = deadlines.enumerated().map { fired($1.0, $1.1, at: Int64($0)) }
        rows.erased = changes.compactMap(erasure)
        rows.cases = cases(changes)
        return rows
    }

    /// The same of a block that was just executed.
    static func rows(
        _ transactions: [Transaction], _ executions: [Execution], deadlines: [Execution], changes: [StateChange]
    ) -> AuditRows {
        var rows = rows([], deadlines: deadlines.map { ($0.receipt, $0.findings) }, changes: changes)
        rows.decisions.reserveCapacity(transactions.count)
        for place in transactions.indices {
            add(
                transactions[place].body, executions[place].receipt, executions[place].findings, at: Int64(place),
                to: &rows)
        }
        return rows
    }

    private static func add(
        _ body: TransactionBody, _ receipt: Receipt, _ findings: Findings, at position: Int64,
        to rows: inout AuditRows
    ) {
        rows.decisions.append(
            AuditRows.Decision(
                position: position, sender: body.sender.bytes, organisation: body.organisation,
                contract: body.contract == .zero ? [] : body.contract.bytes, reason: reason(receipt.outcome),
                clauses: findings.clauses.joined(separator: " "), cost: Int64(clamping: receipt.cost)))
        add(findings, receipt, at: position, to: &rows)
    }

    /// What a contract did by itself, as the first clause tells it.
    private static func fired(_ receipt: Receipt, _ findings: Findings, at position: Int64) -> AuditRows.Fired {
        let parts = (findings.clauses.first ?? "").utf8.split(
            separator: UInt8(ascii: ":"), omittingEmptySubsequences: false
        ).map { String(decoding: $0, as: UTF8.self) }
        let first = parts.first ?? ""
        let work: String
        let name: String
        if let reference = receipt.caseReference {
            work = first.utf8.elementsEqual("migration".utf8) ? first : "deadline"
            name = reference
        } else {
            work = first.utf8.elementsEqual("version".utf8) ? first : "migrating"
            name = parts.count > 1 ? parts[1] : ""
        }
        let row = receipt.changes.compactMap(caseVersion).first
        return AuditRows.Fired(
            position: position, work: work, contract: name.utf8.firstPart, text: row?.contract ?? [],
            reason: reason(receipt.outcome), clauses: findings.clauses.joined(separator: " "),
            cost: Int64(clamping: receipt.cost))
    }

    /// What was erased, by the change of a row; nil for a row of another kind.
    private static func erasure(_ change: StateChange) -> AuditRows.Erased? {
        guard change.key.space.utf8.elementsEqual(StateLayout.erasureSpace.utf8), let value = change.value,
            case .record(let parts)? = try? ValueCoding.decode(bytes: value), parts.count == 4,
            case .text(let kind) = parts[0], case .text(let name) = parts[1], case .list(let items) = parts[2]
        else { return nil }
        let fields = items.map { if case .text(let field) = $0 { field.string } else { "" } }
        return AuditRows.Erased(
            digest: change.key.item, kind: kind.string, name: name.string, fields: fields.joined(separator: " "))
    }

    /// The rows of a stored block by what was read from its bytes, the receipts of deadlines first.
    static func rows(
        _ block: StoredBlock, _ transactions: [Transaction], _ receipts: [Receipt]
    ) throws(LedgerFault) -> AuditRows {
        var deadlines: [(Receipt, Findings)] = []
        for (stored, receipt) in zip(block.deadlines, receipts) {
            deadlines.append((receipt, try findings(stored.findings)))
        }
        var decided: [(Transaction, Receipt, Findings)] = []
        for (stored, (transaction, receipt)) in zip(
            block.transactions, zip(transactions, receipts.dropFirst(block.deadlines.count)))
        {
            decided.append((transaction, receipt, try findings(stored.findings)))
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
        if found.fired != expected.fired { tables.append("fired") }
        if found.erased != expected.erased { tables.append("erased") }
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

extension String.UTF8View {
    /// What stands before the first slash.
    fileprivate var firstPart: String { String(decoding: prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self) }
}
