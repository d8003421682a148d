import Foundation
import Glibc
import RemitLedger
import RemitNode
import RemitStore
import RemitValues

/// The commit path alone, without signatures of transactions and without contracts.
extension LedgerBench {
    /// Everything that the blocks of the last run in blocks wrote, read back.
    private func recorded() throws -> [(block: StoredBlock, changes: [StateChange], audit: AuditRows)] {
        let store = try ChainStore(path: path("blocks"), mode: .readOnly)
        var found: [(StoredBlock, [StateChange], AuditRows)] = []
        try store.forEachBlock { block throws(StoreError) in
            var last: [StateKey: StateChange] = [:]
            for record in block.transactions {
                for change in (try? Receipt(decoding: record.receipt))?.changes ?? [] { last[change.key] = change }
            }
            var audit = try store.auditRows(at: block.height)
            let changes = last.values.sorted { $0.key < $1.key }
            for change in changes {
                guard let reference = StateLayout.caseReference(of: change.key)?.description else { continue }
                if let version = try store.caseVersion(reference, at: block.height) { audit.cases.append(version) }
            }
            found.append((block, changes, audit))
            return .next
        }
        try store.close()
        return found
    }

    /// Brings the tries up to date, makes the roots, signs the header and writes the rows of each recorded block.
    func rowsAlone() throws -> Rate {
        let recorded = try recorded()
        for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path("rows") + suffix) }
        let store = try ChainStore(path: path("rows"), mode: .create)
        var commitment = StateCommitment()
        var previous = Digest.zero
        var count = 0
        let start = Moment()
        for (block, changes, audit) in recorded {
            for change in changes { commitment.apply(change) }
            let roots = commitment.roots()
            let header = BlockHeader(
                genesis: .zero, height: block.height, previous: previous, time: block.time,
                transactionRoot: MerkleTree.root(ofDigests: block.transactions.compactMap { Digest(bytes: $0.digest) }),
                transactionCount: UInt64(block.transactions.count),
                receiptRoot: MerkleTree.root(
                    ofDigests: block.transactions.map { Hashing.digest(.receipt, $0.receipt) }),
                stateRoot: roots.state, rulesRoot: roots.rules, keySetRoot: roots.keySet)
            let signed = try SignedHeader(signing: header, by: blockSigner)
            previous = header.digest
            try store.append(
                BlockCommit(
                    height: block.height, digest: previous.bytes, time: block.time, header: header.encoded,
                    signature: signed.signature.bytes, transactions: block.transactions,
                    changes: changes.map { StateWrite(space: $0.key.space, item: $0.key.item, value: $0.value) },
                    audit: audit))
            count += block.transactions.count
        }
        return Rate(count, since: start)
    }

    /// The rate that another program prints for writing the same rows.
    func peer(_ program: String) throws -> Rate {
        for suffix in ["", "-wal", "-shm"] { unlink(path("peer") + suffix) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = [path("blocks"), path("peer")]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard process.terminationStatus == 0, let rate = Double(text), rate > 0 else {
            throw CommandFailure.files("\(program) did not print a rate", hint: "see scripts/bench/rows.c")
        }
        return Rate(1, seconds: 1 / rate)
    }
}
