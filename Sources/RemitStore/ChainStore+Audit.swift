extension ChainStore {
    /// The rows for auditors that belong to a block, but for those of cases.
    ///
    /// - Throws: `.damaged`, with the number of the block, for what cannot be read.
    public func auditRows(at height: UInt64) throws(StoreError) -> AuditRows {
        try beUsable()
        do {
            return try readAuditRows(at: height)
        } catch {
            throw error.naming("block \(height)")
        }
    }

    private func readAuditRows(at height: UInt64) throws(StoreError) -> AuditRows {
        let values: [Binding] = [.number(height)]
        var rows = AuditRows()
        rows.decisions = try connection.all(.decisionsOfBlock, values) { row throws(StoreError) in
            AuditRows.Decision(
                position: try row.integer(0), sender: try row.blob(1), organisation: try row.text(2),
                contract: try row.blob(3), reason: try row.optionalText(4), clauses: try row.text(5),
                cost: try row.integer(6))
        }
        rows.findings = try connection.all(.findingsOfBlock, values) { row throws(StoreError) in
            AuditRows.Finding(
                position: try row.integer(0), number: try row.integer(1), severity: try row.text(2),
                code: try row.text(3), text: try row.text(4), clause: try row.text(5),
                line: try row.optionalInteger(6), source: try row.optionalText(7))
        }
        rows.postings = try connection.all(.postingsOfBlock, values) { row throws(StoreError) in
            AuditRows.Posting(
                position: try row.integer(0), number: try row.integer(1), fund: try row.text(2),
                debit: try row.text(3), credit: try row.text(4), currency: try row.text(5),
                minorUnits: try row.integer(6))
        }
        rows.fired = try connection.all(.firedOfBlock, values) { row throws(StoreError) in
            AuditRows.Fired(
                position: try row.integer(0), work: try row.text(1), contract: try row.text(2), text: try row.blob(3),
                reason: try row.optionalText(4), clauses: try row.text(5), cost: try row.integer(6))
        }
        rows.erased = try connection.all(.erasedOfBlock, values) { row throws(StoreError) in
            AuditRows.Erased(
                digest: try row.blob(0), kind: try row.text(1), name: try row.text(2), fields: try row.text(3))
        }
        return rows
    }

    /// What a case became in the block `height`, or nil if that block did not change it.
    public func caseVersion(_ reference: String, at height: UInt64) throws(StoreError) -> AuditRows.CaseVersion? {
        try beUsable()
        let values: [Binding] = [.text(reference), .number(height)]
        do {
            return try connection.first(.caseVersion, values) { row throws(StoreError) in
                AuditRows.CaseVersion(
                    reference: try row.text(0), contract: try row.blob(1), state: try row.text(2),
                    revision: try row.integer(3))
            }
        } catch {
            throw error.naming("\(reference) since block \(height)")
        }
    }

    /// How many versions of cases there are rows of.
    public func caseVersionCount() throws(StoreError) -> UInt64 {
        try beUsable()
        return try connection.first(.caseVersionCount) { row throws(StoreError) in try row.number(0) } ?? 0
    }

    /// Whether the ledger was written before there were rows for auditors.
    public func lacksAuditRows() throws(StoreError) -> Bool {
        guard let first = try block(at: 0), !first.transactions.isEmpty else {
            return false
        }
        return try auditRows(at: 0).decisions.isEmpty
    }

    /// Whether the ledger was written before there were rows about what fell due and what was erased.
    public func lacksLaterAuditRows() throws(StoreError) -> Bool {
        try beUsable()
        for query in [Query.lacksFired, .lacksErased] {
            let found = try connection.first(query) { row throws(StoreError) in try row.integer(0) }
            if found != nil { return true }
        }
        return false
    }

    /// Makes the rows for auditors of a ledger that lacks them, in one commit: `rows` reads them from a block. Where it
    /// lacks only those about what fell due and what was erased, `isLater` says so.
    ///
    /// - Throws: What `append` throws, and what `rows` throws; then nothing is written.
    public func addAuditRows<Failure: Error>(
        isLater: Bool, _ rows: (StoredBlock) throws(Failure) -> AuditRows, failure: (StoreError) -> Failure
    ) throws(Failure) {
        do {
            try beWritable()
            try connection.run(.begin, doing: "adding rows for auditors")
        } catch {
            throw failure(error)
        }
        do throws(Failure) {
            try fillAuditRows(isLater: isLater, rows, failure: failure)
        } catch {
            // The first error is the one to tell.
            try? connection.run(.rollback)
            throw error
        }
    }

    private func fillAuditRows<Failure: Error>(
        isLater: Bool, _ rows: (StoredBlock) throws(Failure) -> AuditRows, failure: (StoreError) -> Failure
    ) throws(Failure) {
        func store<Result>(_ body: () throws(StoreError) -> Result) throws(Failure) -> Result {
            do throws(StoreError) { return try body() } catch { throw failure(error) }
        }
        // The block with which a ledger begins that was made from a snapshot has no rows.
        var height = try store { () throws(StoreError) in try base().map { $0.height + 1 } ?? 0 }
        if isLater { try store { () throws(StoreError) in try connection.run(.emptyFired) } }
        if isLater { try store { () throws(StoreError) in try connection.run(.emptyErased) } }
        while let block = try store({ () throws(StoreError) in try self.block(at: height) }) {
            let found = try rows(block)
            try store { () throws(StoreError) in
                if isLater {
                    try insertLater(found, height: height)
                } else {
                    try insert(found, height: height)
                }
            }
            height += 1
        }
        try store { () throws(StoreError) in try connection.run(.commit, doing: "adding rows for auditors") }
    }

    /// Writes the rows of a block, within the transaction that commits it.
    func insert(_ rows: AuditRows, height: UInt64) throws(StoreError) {
        for row in rows.decisions {
            try connection.run(
                .insertDecision,
                [
                    .number(height), .integer(row.position), .blob(row.sender), .text(row.organisation),
                    .blob(row.contract), .optionalText(row.reason), .text(row.clauses), .integer(row.cost),
                ])
        }
        for row in rows.findings {
            try connection.run(
                .insertFinding,
                [
                    .number(height), .integer(row.position), .integer(row.number), .text(row.severity),
                    .text(row.code), .text(row.text), .text(row.clause), row.line.map { .integer($0) } ?? .null,
                    .optionalText(row.source),
                ])
        }
        for row in rows.postings {
            try connection.run(
                .insertPosting,
                [
                    .number(height), .integer(row.position), .integer(row.number), .text(row.fund),
                    .text(row.debit), .text(row.credit), .text(row.currency), .integer(row.minorUnits),
                ])
        }
        try insertLater(rows, height: height)
        for row in rows.cases {
            try connection.run(
                .insertCaseVersion,
                [
                    .text(row.reference), .number(height), .blob(row.contract), .text(row.state),
                    .integer(row.revision),
                ])
        }
    }

    private func insertLater(_ rows: AuditRows, height: UInt64) throws(StoreError) {
        for row in rows.fired {
            try connection.run(
                .insertFired,
                [
                    .number(height), .integer(row.position), .text(row.work), .text(row.contract), .blob(row.text),
                    .optionalText(row.reason), .text(row.clauses), .integer(row.cost),
                ])
        }
        for row in rows.erased {
            try connection.run(
                .insertErased,
                [.number(height), .blob(row.digest), .text(row.kind), .text(row.name), .text(row.fields)])
        }
    }
}
