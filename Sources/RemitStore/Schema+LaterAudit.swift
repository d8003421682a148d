extension Schema {
    /// What contracts did by themselves, and what was erased, for the auditor as well.
    static let laterAudit: [SchemaObject] = [
        fired, erased, firstDecisions.dropped, firstPostings.dropped, firstFindings.dropped,
        decisions, postings, findings, deadlineView, migrationView, erasureView,
    ]

    private static let fired = SchemaObject(
        name: "fired",
        text: """
            CREATE TABLE fired (
                -- One row for each row of deadline: what its bytes say.
                height INTEGER NOT NULL REFERENCES block (height),
                position INTEGER NOT NULL,       -- as in deadline
                work TEXT NOT NULL,              -- deadline; migration of a case; version that takes over; migrating
                contract TEXT NOT NULL,          -- its name
                text BLOB NOT NULL,              -- digest of the contract text that the case follows from then on;
                                                 -- empty where the case was left as it was
                reason TEXT,                     -- why it stalled
                clauses TEXT NOT NULL,           -- what was done and what decided, separated by spaces
                cost INTEGER NOT NULL,           -- in steps
                PRIMARY KEY (height, position)
            ) STRICT, WITHOUT ROWID
            """)

    private static let erased = SchemaObject(
        name: "erased",
        text: """
            CREATE TABLE erased (
                -- One row for each erasure of private values; repeats state.
                height INTEGER NOT NULL REFERENCES block (height),
                digest BLOB NOT NULL,            -- of the transaction that carried it out
                kind TEXT NOT NULL,              -- case, subject or transaction
                name TEXT NOT NULL,              -- of the case, the subject or the seed
                fields TEXT NOT NULL,            -- of the case, separated by spaces; empty for all
                PRIMARY KEY (height, digest)
            ) STRICT, WITHOUT ROWID
            """)

    private static let decisions = SchemaObject(
        name: "decisions",
        text: """
            CREATE VIEW decisions AS
                -- Every transaction with its outcome, refused ones included, and all that contracts did by themselves.
                SELECT t.height, t.position, datetime(b.time, 'unixepoch') AS time, t.call, t.case_reference,
                    d.organisation, t.outcome, d.reason, d.clauses, d.cost, lower(hex(d.contract)) AS contract,
                    lower(hex(d.sender)) AS sender, lower(hex(t.digest)) AS digest
                FROM tx t JOIN block b ON b.height = t.height
                    JOIN decision d ON d.height = t.height AND d.position = t.position
                UNION ALL
                SELECT f.height, -1 - f.position, datetime(b.time, 'unixepoch'), f.work, d.case_reference,
                    '', d.outcome, f.reason, f.clauses, f.cost, lower(hex(f.text)), '', ''
                FROM fired f JOIN block b ON b.height = f.height
                    JOIN deadline d ON d.height = f.height AND d.position = f.position
            """)

    private static let postings = SchemaObject(
        name: "postings",
        text: """
            CREATE VIEW postings AS
                -- Every movement of money. A receipt names a fund of the case's own contract without the contract;
                -- here each fund has its full name, Contract.Fund.
                SELECT p.height, p.position, p.number, datetime(b.time, 'unixepoch') AS time,
                    coalesce(t.case_reference, d.case_reference) AS case_reference,
                    CASE WHEN instr(p.fund, '.') > 0 THEN p.fund ELSE coalesce(
                        substr(coalesce(t.case_reference, d.case_reference), 1,
                            instr(coalesce(t.case_reference, d.case_reference), '/') - 1) || '.' || p.fund,
                        p.fund) END AS fund,
                    p.debit, p.credit, p.currency, p.minor_units
                FROM posting p JOIN block b ON b.height = p.height
                    LEFT JOIN tx t ON t.height = p.height AND t.position = p.position
                    LEFT JOIN deadline d ON d.height = p.height AND d.position = -1 - p.position
            """)

    private static let findings = SchemaObject(
        name: "findings",
        text: """
            CREATE VIEW findings AS
                -- Everything that a check found.
                SELECT f.height, f.position, f.number, datetime(b.time, 'unixepoch') AS time,
                    coalesce(t.case_reference, d.case_reference) AS case_reference, coalesce(t.call, w.work) AS call,
                    f.severity, f.code, f.text, f.clause, f.line, f.source
                FROM finding f JOIN block b ON b.height = f.height
                    LEFT JOIN tx t ON t.height = f.height AND t.position = f.position
                    LEFT JOIN deadline d ON d.height = f.height AND d.position = -1 - f.position
                    LEFT JOIN fired w ON w.height = f.height AND w.position = -1 - f.position
            """)

    private static let deadlineView = SchemaObject(
        name: "deadlines",
        text: """
            CREATE VIEW deadlines AS
                -- Every deadline that fell due, and what came of it.
                SELECT f.height, f.position + 1 AS number, datetime(b.time, 'unixepoch') AS time, d.case_reference,
                    f.contract, d.outcome, f.reason, f.clauses, f.cost
                FROM fired f JOIN block b ON b.height = f.height
                    JOIN deadline d ON d.height = f.height AND d.position = f.position
                WHERE f.work = 'deadline'
            """)

    private static let migrationView = SchemaObject(
        name: "migrations",
        text: """
            CREATE VIEW migrations AS
                -- Every version that took over at its time, and every case that it brought over or could not.
                SELECT f.height, f.position + 1 AS number, datetime(b.time, 'unixepoch') AS time, f.work, f.contract,
                    d.case_reference, d.outcome, f.reason, f.clauses, lower(hex(f.text)) AS text
                FROM fired f JOIN block b ON b.height = f.height
                    JOIN deadline d ON d.height = f.height AND d.position = f.position
                WHERE f.work <> 'deadline'
            """)

    private static let erasureView = SchemaObject(
        name: "erasures",
        text: """
            CREATE VIEW erasures AS
                -- Every erasure of private values.
                SELECT e.height, datetime(b.time, 'unixepoch') AS time, e.kind, e.name, e.fields,
                    lower(hex(e.digest)) AS digest, lower(hex(d.sender)) AS sender
                FROM erased e JOIN block b ON b.height = e.height
                    LEFT JOIN tx t ON t.digest = e.digest
                    LEFT JOIN decision d ON d.height = t.height AND d.position = t.position
            """)
}
