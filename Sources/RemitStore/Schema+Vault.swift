extension Schema {
    /// What stays off the chain: private values, their salts, and the keys under which they are kept.
    static let vault: [SchemaObject] = [vaultRows, vaultOfOwner, vaultOfSubject, vaultOfSource, vaultKeys, vaultPurge]

    private static let vaultRows = SchemaObject(
        name: "vault",
        text: """
            CREATE TABLE vault (
                -- One row for each private value or secret that the chain commits to, and one for each that was erased.
                commitment BLOB NOT NULL PRIMARY KEY,   -- as it stands on the chain
                subject BLOB NOT NULL,                  -- under whose key the box is; empty once erased
                owner TEXT NOT NULL,                    -- the case it belongs to, if any
                source BLOB,                            -- the commitment of the secret that the salt comes from
                height INTEGER NOT NULL,                -- the block that brought it
                erased INTEGER,                         -- the block that erased it
                box BLOB,                               -- path, salt and value, or the secret; encrypted
                CHECK ((box IS NULL) = (erased IS NOT NULL))
            ) STRICT, WITHOUT ROWID
            """)

    private static let vaultOfOwner = SchemaObject(
        name: "vault_of_owner", text: "CREATE INDEX vault_of_owner ON vault (owner) WHERE owner <> ''")

    private static let vaultOfSubject = SchemaObject(
        name: "vault_of_subject", text: "CREATE INDEX vault_of_subject ON vault (subject)")

    private static let vaultOfSource = SchemaObject(
        name: "vault_of_source", text: "CREATE INDEX vault_of_source ON vault (source) WHERE source IS NOT NULL")

    private static let vaultKeys = SchemaObject(
        name: "vault_key",
        text: """
            CREATE TABLE vault_key (
                -- The key of each subject whose values the vault keeps; it goes with the last of them.
                subject BLOB NOT NULL PRIMARY KEY,
                key BLOB NOT NULL
            ) STRICT, WITHOUT ROWID
            """)

    private static let vaultPurge = SchemaObject(
        name: "vault_purge",
        text: """
            CREATE TABLE vault_purge (
                -- A row for each erasure whose traces the file may still hold; opening it for writing takes them out.
                height INTEGER PRIMARY KEY
            ) STRICT
            """)
}
