/// The statements that the store keeps prepared.
enum Query: Int, CaseIterable {
    case begin
    case beginReading
    case commit
    case rollback

    case insertBlock
    case insertTransaction
    case head
    case heightAtTime
    case block
    case headers
    case blocksBelow
    case blockTransactions
    case transactionByDigest
    case transactionDigests
    case transactionsOfCase
    case lastOfCase
    case refusedWithoutCase
    case insertDeadline
    case blockDeadlines
    case deadlinesOfCase

    case base
    case insertBase

    case closeState
    case insertState
    case currentState
    case stateAsOf
    case currentInSpace
    case currentInQueue
    case spaceAsOf
    case currentUnderPrefix
    case currentEverywhere
    case everywhereAsOf
    case betweenSpacesAsOf
    case stateHistory
    case countOfSpace
    case stateRowCounts

    case insertDecision
    case insertFinding
    case insertPosting
    case insertCaseVersion
    case insertFired
    case insertErased
    case decisionsOfBlock
    case findingsOfBlock
    case postingsOfBlock
    case firedOfBlock
    case erasedOfBlock
    case lacksFired
    case lacksErased
    case emptyFired
    case emptyErased
    case caseVersion
    case caseVersionCount

    case insertVault
    case insertVaultKey
    case eraseVault
    case eraseVaultKey
    case nameErased
    case vaultRecord
    case vaultOfOwner
    case vaultOfSubject
    case vaultOfSource
    case vaultEverywhere
    case vaultCount
    case vaultKey
    case vaultKeys
    case insertPurge
    case purgeDue
    case purges
    case endPurge

    /// The table that the statement is about.
    var table: String {
        switch self {
        case .begin, .beginReading, .commit, .rollback: "(none)"
        case .insertBlock, .head, .heightAtTime, .block, .headers, .blocksBelow: "block"
        case .insertTransaction, .blockTransactions, .transactionByDigest, .transactionDigests, .transactionsOfCase,
            .lastOfCase, .refusedWithoutCase:
            "tx"
        case .insertDeadline, .blockDeadlines, .deadlinesOfCase: "deadline"
        case .closeState, .insertState, .currentState, .stateAsOf, .currentInSpace, .currentInQueue, .spaceAsOf,
            .currentUnderPrefix,
            .currentEverywhere, .everywhereAsOf, .betweenSpacesAsOf, .stateHistory, .countOfSpace,
            .stateRowCounts:
            "state"
        case .base, .insertBase: "base"
        case .insertDecision, .decisionsOfBlock: "decision"
        case .insertFinding, .findingsOfBlock: "finding"
        case .insertPosting, .postingsOfBlock: "posting"
        case .insertFired, .firedOfBlock, .lacksFired, .emptyFired: "fired"
        case .insertErased, .erasedOfBlock, .lacksErased, .emptyErased: "erased"
        case .insertCaseVersion, .caseVersion, .caseVersionCount: "case_version"
        case .insertVault, .eraseVault, .nameErased, .vaultRecord, .vaultOfOwner, .vaultOfSubject, .vaultOfSource,
            .vaultEverywhere, .vaultCount:
            "vault"
        case .insertVaultKey, .eraseVaultKey, .vaultKey, .vaultKeys: "vault_key"
        case .insertPurge, .purgeDue, .purges, .endPurge: "vault_purge"
        }
    }

    /// What the statement does, for errors.
    var purpose: String {
        switch self {
        case .begin: "starting a block"
        case .beginReading: "starting to read"
        case .commit: "committing a block"
        case .rollback: "taking back a block"
        case .insertBlock, .insertTransaction, .insertDeadline, .insertBase, .closeState, .insertState,
            .insertDecision, .insertFinding, .insertPosting, .insertCaseVersion, .insertFired, .insertErased,
            .emptyFired, .emptyErased, .insertVault,
            .insertVaultKey,
            .eraseVault, .eraseVaultKey, .nameErased, .insertPurge, .endPurge:
            "writing table \(table)"
        default: "reading table \(table)"
        }
    }

    /// The SQL of the statement.
    var text: String {
        switch self {
        case .begin: "BEGIN IMMEDIATE"
        case .beginReading: "BEGIN DEFERRED"
        case .commit: "COMMIT"
        case .rollback: "ROLLBACK"
        case .insertBlock: "INSERT INTO block VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        case .insertTransaction: "INSERT INTO tx VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
        case .head: "SELECT height, digest, time FROM block ORDER BY height DESC LIMIT 1"
        case .heightAtTime: "SELECT height FROM block WHERE time <= ?1 ORDER BY time DESC, height DESC LIMIT 1"
        case .block: "SELECT height, digest, time, transactions, header, signature FROM block WHERE height = ?1"
        case .headers: "SELECT height, header FROM block WHERE height >= ?1 AND height < ?2 ORDER BY height"
        case .blocksBelow: "SELECT count(*) FROM block WHERE height < ?1"
        case .blockTransactions:
            "SELECT \(Self.transactionColumns) FROM tx WHERE height = ?1 ORDER BY position"
        case .transactionByDigest: "SELECT \(Self.transactionColumns) FROM tx WHERE digest = ?1"
        case .transactionDigests: "SELECT digest FROM tx WHERE digest BETWEEN ?1 AND ?2 ORDER BY digest LIMIT ?3"
        case .transactionsOfCase:
            "SELECT \(Self.transactionColumns) FROM tx WHERE case_reference = ?1 ORDER BY height, position"
        case .lastOfCase:
            """
            SELECT height, position FROM tx WHERE case_reference = ?1 AND height <= ?2 \
            ORDER BY height DESC, position DESC LIMIT 1
            """
        case .refusedWithoutCase:
            """
            SELECT body FROM tx \
            WHERE height BETWEEN ?1 AND ?2 AND case_reference IS NULL AND outcome <> 'done' ORDER BY height, position
            """
        case .insertDeadline: "INSERT INTO deadline VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        case .blockDeadlines: "SELECT \(Self.deadlineColumns) FROM deadline WHERE height = ?1 ORDER BY position"
        case .deadlinesOfCase:
            "SELECT \(Self.deadlineColumns) FROM deadline WHERE case_reference = ?1 ORDER BY height, position"
        case .base: "SELECT height, genesis, checkpoint, path FROM base"
        case .insertBase: "INSERT INTO base VALUES (?1, ?2, ?3, ?4)"
        default: vaultText ?? (table.utf8.elementsEqual("state".utf8) ? stateText : auditText)
        }
    }

    private static let transactionColumns =
        "height, position, digest, body, signature, receipt, findings, call, case_reference, outcome"

    private static let deadlineColumns = "height, position, receipt, findings, case_reference, outcome"

    private static let stateColumns = "space, item, since, until, value"

    private var stateText: String {
        switch self {
        case .closeState:
            // An item may have had many values: the last one is found without going through them.
            """
            UPDATE state SET until = ?3 WHERE space = ?1 AND item = ?2 AND until IS NULL AND since = \
            (SELECT since FROM state WHERE space = ?1 AND item = ?2 ORDER BY since DESC LIMIT 1)
            """
        case .insertState: "INSERT INTO state VALUES (?1, ?2, ?3, NULL, ?4)"
        case .currentState:
            """
            SELECT \(Self.stateColumns) FROM state WHERE space = ?1 AND item = ?2 \
            ORDER BY since DESC LIMIT 1
            """
        case .stateAsOf:
            """
            SELECT \(Self.stateColumns) FROM state WHERE space = ?1 AND item = ?2 AND since <= ?3 \
            ORDER BY since DESC LIMIT 1
            """
        case .currentInSpace:
            """
            SELECT \(Self.stateColumns) FROM state \
            WHERE space = ?1 AND item > ?2 AND until IS NULL ORDER BY item LIMIT ?3
            """
        case .currentInQueue:
            """
            SELECT \(Self.stateColumns) FROM state INDEXED BY current_queue \
            WHERE until IS NULL AND space = '\(ChainStore.queueSpace)' AND item > ?1 ORDER BY item LIMIT ?2
            """
        case .spaceAsOf:
            """
            SELECT \(Self.stateColumns) FROM state WHERE space = ?1 AND item > ?2 AND since <= ?4 \
            AND (until IS NULL OR until > ?4) ORDER BY item LIMIT ?3
            """
        case .currentUnderPrefix:
            """
            SELECT \(Self.stateColumns) FROM state \
            WHERE (space, item) > (?1, ?2) AND space < ?3 AND until IS NULL ORDER BY space, item LIMIT ?4
            """
        case .currentEverywhere:
            """
            SELECT \(Self.stateColumns) FROM state WHERE until IS NULL ORDER BY space, item
            """
        case .everywhereAsOf:
            """
            SELECT \(Self.stateColumns) FROM state WHERE since <= ?1 AND (until IS NULL OR until > ?1) \
            ORDER BY space, item
            """
        case .betweenSpacesAsOf:
            """
            SELECT \(Self.stateColumns) FROM state WHERE space >= ?2 AND space < ?3 AND since <= ?1 \
            AND (until IS NULL OR until > ?1) ORDER BY space, item
            """
        case .countOfSpace:
            "SELECT count(*) FROM state WHERE space = ?1 AND until IS NULL"
        case .stateRowCounts: "SELECT count(*), count(until) FROM state"
        default: "SELECT \(Self.stateColumns) FROM state ORDER BY space, item, since"
        }
    }

    private var auditText: String {
        switch self {
        case .insertDecision: "INSERT INTO decision VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        case .insertFinding: "INSERT INTO finding VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
        case .insertPosting: "INSERT INTO posting VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        case .insertCaseVersion: "INSERT INTO case_version VALUES (?1, ?2, ?3, ?4, ?5)"
        case .insertFired: "INSERT INTO fired VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        case .insertErased: "INSERT INTO erased VALUES (?1, ?2, ?3, ?4, ?5)"
        case .firedOfBlock:
            """
            SELECT position, work, contract, text, reason, clauses, cost FROM fired \
            WHERE height = ?1 ORDER BY position
            """
        case .erasedOfBlock: "SELECT digest, kind, name, fields FROM erased WHERE height = ?1 ORDER BY digest"
        case .emptyFired: "DELETE FROM fired"
        case .emptyErased: "DELETE FROM erased"
        case .lacksFired:
            """
            SELECT 1 FROM (SELECT height, position FROM deadline ORDER BY height DESC, position DESC LIMIT 1) d \
            WHERE NOT EXISTS (SELECT 1 FROM fired f WHERE f.height = d.height AND f.position = d.position)
            """
        case .lacksErased:
            """
            SELECT 1 FROM state s WHERE s.space = 'erasure' AND s.until IS NULL \
            AND s.since > coalesce((SELECT max(height) FROM base), -1) \
            AND NOT EXISTS (SELECT 1 FROM erased e WHERE e.height = s.since AND e.digest = s.item) LIMIT 1
            """
        case .decisionsOfBlock:
            """
            SELECT position, sender, organisation, contract, reason, clauses, cost FROM decision \
            WHERE height = ?1 ORDER BY position
            """
        case .findingsOfBlock:
            """
            SELECT position, number, severity, code, text, clause, line, source FROM finding \
            WHERE height = ?1 ORDER BY position, number
            """
        case .postingsOfBlock:
            """
            SELECT position, number, fund, debit, credit, currency, minor_units FROM posting \
            WHERE height = ?1 ORDER BY position, number
            """
        case .caseVersion:
            "SELECT reference, contract, state, revision FROM case_version WHERE reference = ?1 AND since = ?2"
        default: "SELECT count(*) FROM case_version"
        }
    }
}
