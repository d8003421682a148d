/// The form of the database: what marks it as ours, and the numbered steps by which it came about.
enum Schema {
    /// Marks the file as a ledger of Remit (`PRAGMA application_id`): the letters "Remt".
    static let applicationID: Int64 = 0x5265_6d74

    /// The format that this version writes (`PRAGMA user_version`), which is the number of the last migration.
    static let version = Int64(migrations.count)

    /// The steps, from an empty database on: the first makes format 1. A step that was released never changes.
    static let migrations: [[SchemaObject]] = [
        [block, transaction, transactionsOfCase, deadline, deadlinesOfCase, state, currentState],
        audit, vault,
        [base, currentState.dropped, currentQueue],
        laterAudit,
    ]

    /// What a database of the present format has.
    static var present: [SchemaObject] {
        var present: [SchemaObject] = []
        for object in migrations.joined() {
            // What was removed may have come back in another form.
            present.removeAll { $0.name == object.name }
            if !object.isRemoval { present.append(object) }
        }
        return present
    }

    private static let block = SchemaObject(
        name: "block",
        text: """
            CREATE TABLE block (
                -- One row a block. The header and the signature are the block; the columns before them only repeat
                -- what the header says, so that one can search for it.
                height INTEGER PRIMARY KEY,      -- 0 is the genesis block; no gaps
                digest BLOB NOT NULL,            -- the header digest
                time INTEGER NOT NULL,           -- seconds since 1970-01-01 00:00:00 UTC
                transactions INTEGER NOT NULL,   -- how many rows of tx have this height
                header BLOB NOT NULL,            -- deterministic CBOR
                signature BLOB NOT NULL,         -- by the node
                CHECK (height >= 0 AND transactions >= 0)
            ) STRICT
            """)

    // Rows are often larger than a quarter of a page, so that a table without row numbers would waste half of it.
    private static let transaction = SchemaObject(
        name: "tx",
        text: """
            CREATE TABLE tx (
                -- One row a transaction, refused ones included. body and signature are the transaction.
                height INTEGER NOT NULL REFERENCES block (height),
                position INTEGER NOT NULL,       -- from 0, without gaps
                digest BLOB NOT NULL UNIQUE,     -- the transaction digest
                body BLOB NOT NULL,              -- deterministic CBOR, as the sender signed it
                signature BLOB NOT NULL,         -- by the sender
                receipt BLOB NOT NULL,           -- deterministic CBOR: what came of it
                findings BLOB,                   -- deterministic CBOR; the receipt holds its digest
                call TEXT NOT NULL,              -- the action that was called; repeats the body
                case_reference TEXT,             -- the case it is about, if any
                outcome TEXT NOT NULL,           -- repeats the receipt
                PRIMARY KEY (height, position),
                CHECK (position >= 0)
            ) STRICT
            """)

    private static let transactionsOfCase = SchemaObject(
        name: "tx_of_case",
        text: """
            CREATE INDEX tx_of_case ON tx (case_reference, height, position) WHERE case_reference IS NOT NULL
            """)

    private static let deadline = SchemaObject(
        name: "deadline",
        text: """
            CREATE TABLE deadline (
                -- One row for each deadline that fell due: what a contract did by itself, before the transactions.
                height INTEGER NOT NULL REFERENCES block (height),
                position INTEGER NOT NULL,       -- from 0, without gaps
                receipt BLOB NOT NULL,           -- deterministic CBOR: what came of it
                findings BLOB,                   -- deterministic CBOR; the receipt holds its digest
                case_reference TEXT,             -- the case it is about; repeats the receipt
                outcome TEXT NOT NULL,           -- repeats the receipt
                PRIMARY KEY (height, position),
                CHECK (position >= 0)
            ) STRICT
            """)

    private static let deadlinesOfCase = SchemaObject(
        name: "deadline_of_case",
        text: """
            CREATE INDEX deadline_of_case ON deadline (case_reference, height, position) \
            WHERE case_reference IS NOT NULL
            """)

    private static let state = SchemaObject(
        name: "state",
        text: """
            CREATE TABLE state (
                -- One row for each value that an item has had. As of height h the item had the value of the row with
                --   since <= h AND (until IS NULL OR until > h)
                -- and was absent if there is no such row.
                space TEXT NOT NULL,
                item BLOB NOT NULL,
                since INTEGER NOT NULL,          -- the block that wrote the value
                until INTEGER,                   -- the block that replaced or deleted it; NULL while it holds
                value BLOB NOT NULL,             -- deterministic CBOR
                PRIMARY KEY (space, item, since),
                CHECK (since >= 0 AND (until IS NULL OR until > since))
            ) STRICT, WITHOUT ROWID
            """)

    private static let base = SchemaObject(
        name: "base",
        text: """
            CREATE TABLE base (
                -- Empty in a ledger that has its whole chain. In one that was made from a snapshot, one row: the block
                -- with whose state the ledger begins. That block stands in table block, its transactions do not.
                height INTEGER PRIMARY KEY REFERENCES block (height),
                genesis BLOB NOT NULL,           -- the digest of block 0's header
                checkpoint BLOB NOT NULL,        -- a signed note: the log up to and with this block
                path BLOB NOT NULL               -- the header's path in that log: hashes of 32 bytes
            ) STRICT
            """)

    /// Rows of one space come and go: what does not hold any more must not be in the way of what does.
    private static let currentQueue = SchemaObject(
        name: "current_queue",
        text: """
            CREATE INDEX current_queue ON state (space, item) \
            WHERE until IS NULL AND space = '\(ChainStore.queueSpace)'
            """)

    private static let currentState = SchemaObject(
        name: "current_state",
        text: "CREATE UNIQUE INDEX current_state ON state (space, item) WHERE until IS NULL")
}

/// A table, an index or a view of the database.
struct SchemaObject {
    let name: String
    /// The statement that makes it, exactly as SQLite keeps it; or the one that removes it.
    let text: String
    /// Whether the statement removes it.
    var isRemoval = false

    /// What kind of object SQLite says that it is: the second word of the statement, or the third of an index that
    /// says what is unique.
    var type: String {
        let words = words.dropFirst()
        return (words.first == "UNIQUE" ? words.dropFirst() : words).first?.lowercased() ?? ""
    }

    /// The table that it belongs to: that of an index, else itself.
    var table: String {
        guard type == "index", let place = words.firstIndex(of: "ON"), place + 1 < words.count else { return name }
        return words[place + 1]
    }

    private var words: [String] { text.split(separator: " ", maxSplits: 6).map { String($0) } }

    /// The removal of an index or a view.
    var dropped: SchemaObject {
        let kind = text.utf8.starts(with: "CREATE VIEW".utf8) ? "VIEW" : "INDEX"
        return SchemaObject(name: name, text: "DROP \(kind) \(name)", isRemoval: true)
    }
}
