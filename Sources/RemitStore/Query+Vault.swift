extension Query {
    private static let vaultColumns = "commitment, subject, owner, source, height, erased, box"

    /// The SQL of a statement about the vault; nil for any other.
    var vaultText: String? {
        switch self {
        case .insertVault: "INSERT OR IGNORE INTO vault VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
        case .insertVaultKey: "INSERT OR IGNORE INTO vault_key VALUES (?1, ?2)"
        case .eraseVault:
            "UPDATE vault SET subject = ?3, erased = ?2, box = NULL WHERE commitment = ?1 AND erased IS NULL"
        case .nameErased:
            "UPDATE vault SET subject = ?2 WHERE commitment = ?1 AND erased IS NOT NULL AND length(subject) = 0"
        case .eraseVaultKey:
            """
            DELETE FROM vault_key WHERE subject = ?1 \
            AND NOT EXISTS (SELECT 1 FROM vault WHERE vault.subject = ?1 AND vault.box IS NOT NULL)
            """
        case .vaultRecord: "SELECT \(Self.vaultColumns) FROM vault WHERE commitment = ?1"
        case .vaultOfOwner:
            "SELECT \(Self.vaultColumns) FROM vault WHERE owner = ?1 AND owner <> '' ORDER BY commitment"
        case .vaultOfSubject: "SELECT \(Self.vaultColumns) FROM vault WHERE subject = ?1 ORDER BY commitment"
        case .vaultOfSource: "SELECT \(Self.vaultColumns) FROM vault WHERE source = ?1 ORDER BY commitment"
        case .vaultEverywhere: "SELECT \(Self.vaultColumns) FROM vault ORDER BY commitment"
        case .vaultCount: "SELECT count(*) FROM vault WHERE height > ?1 AND height <= ?2"
        case .vaultKey: "SELECT key FROM vault_key WHERE subject = ?1"
        case .vaultKeys: "SELECT subject, key FROM vault_key ORDER BY subject"
        case .insertPurge: "INSERT OR IGNORE INTO vault_purge VALUES (?1)"
        case .purgeDue: "SELECT count(*) FROM vault_purge"
        case .purges: "SELECT height FROM vault_purge ORDER BY height"
        case .endPurge: "DELETE FROM vault_purge"
        default: nil
        }
    }
}
