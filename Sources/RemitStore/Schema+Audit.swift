extension Schema {
    /// Tables and views for an auditor with the `sqlite3` shell; `Docs/ledger.md` explains them.
    static let audit: [SchemaObject] = [
        decision, finding, posting, caseVersion, blockByTime, cases, firstDecisions, firstPostings,
        firstFindings,
    ]

    private static let decision = SchemaObject(
        name: "decision",
        text: """
            CREATE TABLE decision (
                -- One row a transaction: what its bytes say. Verification compares every column with the bytes.
                height INTEGER NOT NULL REFERENCES block (height),
                position INTEGER NOT NULL,       -- as in tx
                sender BLOB NOT NULL,            -- the public key that signed
                organisation TEXT NOT NULL,      -- acted for
                contract BLOB NOT NULL,          -- digest of the contract text; empty for the ledger's own calls
                reason TEXT,                     -- why it was refused or stalled
                clauses TEXT NOT NULL,           -- what decided, separated by spaces
                cost INTEGER NOT NULL,           -- in steps
                PRIMARY KEY (height, position)
            ) STRICT, WITHOUT ROWID
            """)

    private static let finding = SchemaObject(
        name: "finding",
        text: """
            CREATE TABLE finding (
                -- One row for each finding of a check; repeats tx.findings.
                height INTEGER NOT NULL REFERENCES block (height),
                position INTEGER NOT NULL,       -- as in tx; -1, -2 and so on for what fell due before them
                number INTEGER NOT NULL,         -- from 0
                severity TEXT NOT NULL,          -- note, pend or deny
                code TEXT NOT NULL,
                text TEXT NOT NULL,
                clause TEXT NOT NULL,
                line INTEGER,                    -- of the case, from 0
                source TEXT,                     -- that the clause cites
                PRIMARY KEY (height, position, number)
            ) STRICT, WITHOUT ROWID
            """)

    private static let posting = SchemaObject(
        name: "posting",
        text: """
            CREATE TABLE posting (
                -- One row for each movement of money; repeats tx.receipt.
                height INTEGER NOT NULL REFERENCES block (height),
                position INTEGER NOT NULL,       -- as in tx; -1, -2 and so on for what fell due before them
                number INTEGER NOT NULL,         -- from 0
                fund TEXT NOT NULL,
                debit TEXT NOT NULL,             -- the account
                credit TEXT NOT NULL,            -- the account
                currency TEXT NOT NULL,          -- ISO 4217
                minor_units INTEGER NOT NULL,
                PRIMARY KEY (height, position, number)
            ) STRICT, WITHOUT ROWID
            """)

    private static let caseVersion = SchemaObject(
        name: "case_version",
        text: """
            CREATE TABLE case_version (
                -- One row for each block that changed a case: what it was from then on; repeats state.
                reference TEXT NOT NULL,
                since INTEGER NOT NULL REFERENCES block (height),
                contract BLOB NOT NULL,          -- digest of the contract text that the case follows
                state TEXT NOT NULL,
                revision INTEGER NOT NULL,
                PRIMARY KEY (reference, since)
            ) STRICT, WITHOUT ROWID
            """)

    private static let blockByTime = SchemaObject(
        name: "block_by_time", text: "CREATE INDEX block_by_time ON block (time)")

    private static let cases = SchemaObject(
        name: "cases",
        text: """
            CREATE VIEW cases AS
                -- Every case as it is now.
                SELECT v.reference, v.state, v.revision, v.since AS height, datetime(b.time, 'unixepoch') AS time,
                    lower(hex(v.contract)) AS contract
                FROM case_version v JOIN block b ON b.height = v.since
                WHERE v.since = (SELECT max(since) FROM case_version WHERE reference = v.reference)
            """)

    static let firstDecisions = SchemaObject(
        name: "decisions",
        text: """
            CREATE VIEW decisions AS
                -- Every transaction with its outcome, refused ones included.
                SELECT t.height, t.position, datetime(b.time, 'unixepoch') AS time, t.call, t.case_reference,
                    d.organisation, t.outcome, d.reason, d.clauses, d.cost, lower(hex(d.contract)) AS contract,
                    lower(hex(d.sender)) AS sender, lower(hex(t.digest)) AS digest
                FROM tx t JOIN block b ON b.height = t.height
                    JOIN decision d ON d.height = t.height AND d.position = t.position
            """)

    static let firstPostings = SchemaObject(
        name: "postings",
        text: """
            CREATE VIEW postings AS
                -- Every movement of money.
                SELECT p.height, p.position, p.number, datetime(b.time, 'unixepoch') AS time, t.case_reference,
                    p.fund, p.debit, p.credit, p.currency, p.minor_units
                FROM posting p JOIN block b ON b.height = p.height
                    LEFT JOIN tx t ON t.height = p.height AND t.position = p.position
            """)

    static let firstFindings = SchemaObject(
        name: "findings",
        text: """
            CREATE VIEW findings AS
                -- Everything that a check found.
                SELECT f.height, f.position, f.number, datetime(b.time, 'unixepoch') AS time, t.case_reference,
                    t.call, f.severity, f.code, f.text, f.clause, f.line, f.source
                FROM finding f JOIN block b ON b.height = f.height
                    LEFT JOIN tx t ON t.height = f.height AND t.position = f.position
            """)
}
