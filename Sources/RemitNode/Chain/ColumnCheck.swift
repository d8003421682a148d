import RemitLedger
import RemitStore
import RemitValues

/// Compares the columns that are there for reading with the encoded parts that the chain commits to.
struct ColumnCheck {
    let block: StoredBlock
    /// What its bytes say.
    let parts: ReadBlock
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
            guard case .success(let signed) = parts.transactions[position],
                case .success(let receipt) = parts.receipts[block.deadlines.count + position]
            else { continue }
            let transaction = signed.transaction
            let expected = BlockRows.row(
                transaction, receipt, receiptBytes: stored.receipt, findings: stored.findings)
            expect(stored.digest == expected.digest, position, "digest")
            expect(stored.call.utf8.elementsEqual(expected.call.utf8), position, "call")
            expect(stored.outcome.utf8.elementsEqual(expected.outcome.utf8), position, "outcome")
            expect(
                stored.caseReference.map { Array($0.utf8) } == expected.caseReference.map { Array($0.utf8) }, position,
                "case_reference")
            let mayLack = transaction.body.seedCommitment != MerkleTree.emptyRoot
            expect(Self.fits(stored.findings, receipt, mayLack: mayLack), position, "findings")
        }
        for (position, stored) in block.deadlines.enumerated() {
            guard case .success(let receipt) = parts.receipts[position] else { continue }
            let expected = BlockRows.row(receipt, findings: stored.findings)
            expect(stored.outcome.utf8.elementsEqual(expected.outcome.utf8), position, "outcome of a deadline")
            expect(
                stored.caseReference.map { Array($0.utf8) } == expected.caseReference.map { Array($0.utf8) }, position,
                "case_reference of a deadline")
            expect(
                Self.fits(stored.findings, receipt, mayLack: Self.holdsSealed(receipt)), position,
                "findings of a deadline")
        }
        return found
    }

    private static func holdsSealed(_ receipt: Receipt) -> Bool {
        receipt.changes.contains { change in
            change.value.flatMap { try? ValueCoding.decode(bytes: $0) }?.holdsSealed ?? false
        }
    }

    /// Whether findings are those of a receipt. They may be missing where there are some and private values were needed
    /// to make them: a copy without the vault cannot make them again.
    private static func fits(
        _ findings: [UInt8]?, _ receipt: Receipt, mayLack: @autoclosure () -> Bool
    ) -> Bool {
        guard let findings else { return receipt.findings != Findings.none.digest && mayLack() }
        // What decodes strictly encodes to the same bytes.
        return (try? Findings(decoding: findings)) != nil && Findings.digest(ofEncoded: findings) == receipt.findings
    }
}
