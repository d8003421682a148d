import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues

/// A long chain.
extension LedgerBench {
    /// The arguments of the action for each line of a file, as `evaluate` takes them.
    func claims(of path: String) throws -> [[Value]] {
        let targets = TargetBridge.arguments(of: action, in: program)
        return try Files.read(path, limit: 1 << 30).split(separator: 0x0A).map { line in
            let members = try JSONValue.parse(Array(line)).members ?? []
            return try targets.map { name, type in
                let given = members.first { TextValue($0.key) == TextValue(name) }?.value ?? .null
                return NormalForm.of(try ArgumentReading.value(given, for: type, name: name))
            }
        }
    }

    /// Commits so many blocks of claims, each signed when its block comes, of those given again and again or of our own
    /// making; gives the last header.
    func chain(
        blocks: Int, size: Int, claims: [[Value]], progress: (Int) -> Void
    ) throws -> BlockHeader {
        let ledger = try found("chain")
        let contract = try ledger.contract(named: program.name).digest
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
                    action: action.name, contract: contract,
                    arguments: claims.isEmpty ? try Self.claim(number) : claims[number % claims.count],
                    organisation: "clinic")
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
