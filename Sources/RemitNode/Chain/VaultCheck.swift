import RemitLedger
import RemitStore
import RemitValues

/// Checks the vault of a ledger: every value opens the commitment that it stands for, and what is said to have been
/// erased is what an erasure on the chain names.
struct VaultCheck {
    let store: ChainStore

    func run(_ report: inout VerificationReport) throws(NodeError) {
        let due = try storing { () throws(StoreError) in try store.purgesDue() }
        report.holdsTraces = !due.isEmpty
        let erasures = try Erasures(store)
        for height in due where erasures.scopes[height] == nil {
            report.problems.append(
                ChainProblem(
                    height: nil, position: nil,
                    text: "the vault says that traces of block \(height) are to be taken out, which erased nothing"))
        }
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
        let name = Hex.encode(record.commitment)
        guard let height = record.erased else {
            let content = try StoredVault.content(record, in: store)
            guard let erasures, let erased = try erasures.first(naming: record, content) else { return nil }
            return Self.problem("the vault holds the value of the commitment \(name), which block \(erased) erased")
        }
        guard record.box == nil else {
            return Self.problem(
                "the vault says that block \(height) erased the value of the commitment \(name), and has a box for it")
        }
        guard let erasures else { return nil }
        guard erasures.scopes[height] != nil else { return Self.unrecorded(height) }
        guard height >= record.height, try erasures.name(record, at: height), erasures.fitsSubject(record) else {
            return Self.problem(
                "the vault says that block \(height) erased the value of the commitment \(name), and no erasure of "
                    + "that block names it")
        }
        guard let first = try erasures.first(naming: record, nil), first < height else { return nil }
        return Self.problem(
            "the vault says that block \(height) erased the value of the commitment \(name), and block \(first) did")
    }

    private static func problem(_ text: String) -> ChainProblem {
        ChainProblem(height: nil, position: nil, text: text)
    }

    private static func unrecorded(_ height: UInt64) -> ChainProblem {
        ChainProblem(
            height: nil, position: nil,
            text: "the vault says that block \(height) erased something, and it did not")
    }
}
