import RemitLedger
import RemitStore
import RemitValues

/// Checks the vault of a ledger: every value opens the commitment that it stands for, and what is said to have been
/// erased is what an erasure on the chain names.
struct VaultCheck {
    let store: ChainStore

    func run(_ report: inout VerificationReport) throws(NodeError) {
        report.holdsTraces = try storing { () throws(StoreError) in try store.isPurgeDue() }
        let erasures = try Erasures(store)
        for height in report.replay.erasures.sorted() where erasures.scopes[height] == nil {
            report.problems.append(Self.unrecorded(height))
        }
        let room = max(0, Verification.problemLimit - report.problems.count)
        let found = try walk(erasures, limit: room)
        report.vaultRows = found.count
        report.problems += found.problems
    }

    /// What is wrong with the values and keys themselves.
    func damage(limit: Int) throws(NodeError) -> [ChainProblem] { try walk(nil, limit: limit).problems }

    /// Looks at every record until so many problems were found; without erasures only at what is there.
    private func walk(
        _ erasures: Erasures?, limit: Int
    ) throws(NodeError) -> (count: UInt64, problems: [ChainProblem]) {
        var problems: [ChainProblem] = []
        var count: UInt64 = 0
        try storing { () throws(StoreError) in
            do throws(StoreError) {
                try store.forEachVaultRecord { record throws(StoreError) in
                    guard problems.count < limit else { return .stop }
                    count += 1
                    do throws(NodeError) {
                        if let problem = try problem(record, erasures) { problems.append(problem) }
                    } catch {
                        switch error {
                        case .store(let error): throw error
                        case .broken(let found): problems += found
                        default: problems.append(ChainProblem(height: nil, position: nil, text: error.message))
                        }
                    }
                    return .next
                }
            } catch {
                guard case .damaged = error else { throw error }
                problems.append(ChainProblem(height: nil, position: nil, text: error.message))
            }
        }
        return (count, Array(problems.prefix(limit)))
    }

    private func problem(_ record: VaultRecord, _ erasures: Erasures?) throws(NodeError) -> ChainProblem? {
        guard let height = record.erased else {
            _ = try StoredVault.content(record, in: store)
            return nil
        }
        guard let erasures, try !erasures.name(record, at: height) else { return nil }
        guard erasures.scopes[height] != nil else { return Self.unrecorded(height) }
        return ChainProblem(
            height: nil, position: nil,
            text: "the vault says that block \(height) erased the value of the commitment "
                + "\(Hex.encode(record.commitment)), and no erasure of that block names it")
    }

    private static func unrecorded(_ height: UInt64) -> ChainProblem {
        ChainProblem(
            height: nil, position: nil,
            text: "the vault says that block \(height) erased something, and it did not")
    }
}

/// Finds what the chain commits to and the vault has never had, or has lost.
struct VaultCoverage {
    private let store: ChainStore
    private var lacking: Set<Digest> = []

    /// The most commitments that are told apart.
    private static let limit = 100_000

    /// Nil where the ledger has no vault at all, as a copy that was made without one.
    init?(_ store: ChainStore) throws(NodeError) {
        guard try storing({ () throws(StoreError) in try store.hasVaultRecords() }) else { return nil }
        self.store = store
    }

    /// How many commitments the vault knows nothing of.
    var count: UInt64 { UInt64(lacking.count) }

    /// Looks up the commitments in a value.
    mutating func look(at value: Value) throws(StoreError) {
        for commitment in value.commitments where lacking.count < Self.limit {
            if try store.vaultRecord(commitment.bytes) == nil { lacking.insert(commitment) }
        }
    }

    /// Looks up the commitments in the arguments of a transaction that was done: those of others need not be kept.
    mutating func look(at stored: TransactionRecord) throws(NodeError) {
        guard let transaction = try? BlockRows.transaction(stored),
            case .done? = (try? Receipt(decoding: stored.receipt))?.outcome
        else { return }
        for argument in transaction.body.arguments {
            do throws(StoreError) { try look(at: argument) } catch { throw .store(error) }
        }
    }

    /// Looks up the commitments in every state row that there is or was.
    mutating func lookAtState() throws(NodeError) {
        var coverage = self
        try storing { () throws(StoreError) in
            try store.forEachStateRow { row throws(StoreError) in
                if let value = try? ValueCoding.decode(bytes: row.value) { try coverage.look(at: value) }
                return .next
            }
        }
        self = coverage
    }
}
