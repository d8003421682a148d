import RemitLedger
import RemitNode
import RemitValues

/// A long chain.
extension LedgerBench {
    /// Commits so many blocks of claims, each signed when its block comes; gives the last header.
    func chain(blocks: Int, size: Int, progress: (Int) -> Void) throws -> BlockHeader {
        let ledger = try found("chain")
        let contract = try ledger.contract(named: "CommercialClaim").digest
        var writers = try signers.map { try TransactionWriter(node: ledger, signer: $0) }
        let first = ledger.head.height
        let pipeline = try BlockPipeline(node: ledger)
        var number = 0
        for block in 0..<blocks {
            var batch: [CheckedTransaction] = []
            for _ in 0..<size {
                let writer = number % writers.count
                // A transaction holds for some blocks only.
                writers[writer].advance(to: first + UInt64(block))
                let signed = try writers[writer].sign(
                    action: "submit", contract: contract, arguments: try Self.claim(number), organisation: "clinic")
                if let checked = CheckedTransaction(signed) { batch.append(checked) }
                number += 1
            }
            try pipeline.commit(batch, written: { _ in })
            progress(block + 1)
        }
        try pipeline.finish()
        return ledger.head
    }
}
