import RemitLedger
import RemitStore
import RemitValues

/// Checks the vault of a ledger: every value opens the commitment that it stands for, and what is said to have been
/// erased was erased by a transaction.
struct VaultCheck {
    let store: ChainStore

    func run(_ report: inout VerificationReport) throws(NodeError) {
        report.holdsTraces = try storing { () throws(StoreError) in try store.isPurgeDue() }
        let heights = try erasureHeights()
        for height in report.replay.erasures.sorted() where !heights.contains(height) {
            report.problems.append(Self.unrecorded(height))
        }
        var problems: [ChainProblem] = []
        var count: UInt64 = 0
        try storing { () throws(StoreError) in
            do throws(StoreError) {
                try store.forEachVaultRecord { record throws(StoreError) in
                    guard problems.count < Verification.problemLimit else { return .stop }
                    count += 1
                    do throws(NodeError) {
                        if let height = record.erased {
                            if !heights.contains(height) { problems.append(Self.unrecorded(height)) }
                        } else {
                            _ = try StoredVault.content(record, in: store)
                        }
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
        report.vaultRows = count
        report.problems += problems.prefix(Verification.problemLimit - report.problems.count)
    }

    private static func unrecorded(_ height: UInt64) -> ChainProblem {
        ChainProblem(
            height: nil, position: nil,
            text: "the vault says that block \(height) erased something, and it did not")
    }

    /// The heights of the blocks that erased something, as the state has them.
    private func erasureHeights() throws(NodeError) -> Set<UInt64> {
        var heights: Set<UInt64> = []
        var last: [UInt8]?
        while true {
            let rows = try storing { () throws(StoreError) in
                try store.stateRows(space: StateLayout.erasureSpace, after: last, limit: Self.page)
            }
            for row in rows {
                guard case .record(let parts)? = try? ValueCoding.decode(bytes: row.value),
                    case .integer(let height)? = parts.last, height >= 0
                else { continue }
                heights.insert(UInt64(height))
            }
            guard rows.count == Self.page, let end = rows.last else { return heights }
            last = end.item
        }
    }

    private static let page = 1000
}
