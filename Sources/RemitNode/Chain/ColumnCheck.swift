import RemitLedger
import RemitStore

/// Compares the columns that are there for reading with the encoded parts that the chain commits to.
struct ColumnCheck {
    let block: StoredBlock
    let height: UInt64

    func problems() -> [ChainProblem] {
        var found: [ChainProblem] = []
        func expect(_ holds: Bool, _ position: Int?, _ column: String) {
            guard !holds else { return }
            found.append(
                ChainProblem(
                    height: height, position: position, text: "the column `\(column)` is not what the bytes say"))
        }
        if let header = try? BlockHeader(decoding: block.header) {
            expect(block.height == height && header.height == height, nil, "height")
            expect(block.digest == header.digest.bytes, nil, "digest")
            expect(block.time == header.time, nil, "time")
        }
        for (position, stored) in block.transactions.enumerated() {
            guard let transaction = try? BlockRows.transaction(stored),
                let receipt = try? Receipt(decoding: stored.receipt)
            else { continue }
            let expected = BlockRows.row(
                transaction, receipt, receiptBytes: stored.receipt, findings: stored.findings ?? [])
            expect(stored.digest == expected.digest, position, "digest")
            expect(stored.call.utf8.elementsEqual(expected.call.utf8), position, "call")
            expect(stored.outcome.utf8.elementsEqual(expected.outcome.utf8), position, "outcome")
            expect(
                stored.caseReference.map { Array($0.utf8) } == expected.caseReference.map { Array($0.utf8) }, position,
                "case_reference")
            let findings = try? Findings(decoding: stored.findings ?? [])
            expect(findings?.digest == receipt.findings, position, "findings")
        }
        for (position, stored) in block.deadlines.enumerated() {
            guard let receipt = try? Receipt(decoding: stored.receipt) else { continue }
            let expected = BlockRows.row(receipt, findings: stored.findings ?? [])
            expect(stored.outcome.utf8.elementsEqual(expected.outcome.utf8), position, "outcome of a deadline")
            expect(
                stored.caseReference.map { Array($0.utf8) } == expected.caseReference.map { Array($0.utf8) }, position,
                "case_reference of a deadline")
            let findings = try? Findings(decoding: stored.findings ?? [])
            expect(findings?.digest == receipt.findings, position, "findings of a deadline")
        }
        return found
    }
}
