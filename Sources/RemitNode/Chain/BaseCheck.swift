import RemitLedger
import RemitStore

/// Checks the snapshot that a ledger was made from, as the ledger keeps it: the checkpoint, the header, every row.
struct BaseCheck {
    let store: ChainStore
    let base: LedgerBase

    /// A verifier for the blocks that follow; nil where something is wrong, which the report then says.
    func verifier(
        _ block: StoredBlock, _ nodeKey: PublicKey, _ rows: inout RowCheck, _ report: inout VerificationReport
    ) throws(NodeError) -> ChainVerifier? {
        var problems = ColumnCheck(block: block, parts: BlockRows.parts(of: block), height: base.height).problems()
        let isAlone = try storing { () throws(StoreError) in
            let audit = try store.auditRows(at: base.height)
            return try store.blockCount(below: base.height) == 0 && block.transactions.isEmpty
                && block.deadlines.isEmpty && audit == AuditRows()
        }
        if !isAlone {
            problems.append(problem("there are rows of blocks or transactions before the end of the snapshot"))
        }
        guard let genesis = Digest(bytes: base.genesis), let signature = Signature(bytes: block.signature),
            let header = try? BlockHeader(decoding: block.header)
        else {
            report.problems += problems + [problem("the header of the snapshot cannot be read")]
            return nil
        }
        var verifier = SnapshotVerifier(nodeKey: nodeKey, genesis: genesis)
        var fault = verifier.check(
            .preamble(
                Snapshot.Preamble(
                    nodeKey: nodeKey, genesis: genesis, checkpoint: base.checkpoint,
                    signedHeader: SignedHeader(header: header, signature: signature).encoded, path: base.hashes)))
        if fault == nil, base.path.count % Digest.length != 0 {
            problems.append(problem("the path of the header has bytes left over"))
        }
        if fault == nil { fault = try checkRows(&verifier, &rows, &problems) }
        fault = fault ?? verifier.check(.end(rows: verifier.rowCount, header: header.digest))
        if let fault { problems.insert(ChainProblem(fault), at: 0) }
        report.problems += problems
        return problems.isEmpty ? verifier.chain : nil
    }

    private func checkRows(
        _ verifier: inout SnapshotVerifier, _ rows: inout RowCheck, _ problems: inout [ChainProblem]
    ) throws(NodeError) -> ChainFault? {
        var fault: ChainFault?
        var found: [ChainProblem] = []
        do throws(StoreError) {
            try store.forEachState(asOf: base.height) { row throws(StoreError) in
                let key = StateKey(space: row.space, item: row.item)
                fault = verifier.check(.rows([StateChange(key: key, value: row.value)]))
                rows.written += 1
                if row.since != base.height {
                    let text = "state row \(RowHistory.name(key, since: row.since)) is older than the snapshot"
                    found.append(ChainProblem(height: nil, position: nil, text: text))
                }
                if let version = AuditColumns.caseVersion(StateChange(key: key, value: row.value)) {
                    rows.versions += 1
                    if try store.caseVersion(version.reference, at: base.height) != version {
                        found.append(problem("the table `case_version` does not say what the bytes say"))
                    }
                }
                return fault == nil && found.count < Verification.problemLimit ? .next : .stop
            }
        } catch {
            guard case .damaged(_, let row, let text) = error else { throw .store(error) }
            found.append(problem("state row \(row ?? "of the snapshot"): \(text)"))
        }
        problems += found
        return fault
    }

    private func problem(_ text: String) -> ChainProblem {
        ChainProblem(height: base.height, position: nil, text: text)
    }
}
