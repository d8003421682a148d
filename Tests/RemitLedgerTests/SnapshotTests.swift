import RemitLedger
import Testing

@Suite("Snapshots and tails")
struct SnapshotTests {
    @Test("every snapshot of a chain with its tail leads to the chain's head")
    func everyHeight() throws {
        let chain = try SampleChain.of(blocks: 6)
        let key = chain.node.publicKey
        for height in 0..<6 {
            let (fault, begun) = SnapshotVerifier.firstFault(in: try chain.snapshot(at: height), nodeKey: key)
            #expect(fault == nil)
            let started = try #require(begun)
            #expect(started.nextHeight == UInt64(height + 1) && started.head == chain.headers[height].digest)
            guard height < 5 else { continue }
            for (file, kind) in [(chain.tail(from: height + 1), RecordFile.tail), (chain.file(), .chain)] {
                let (fault, reached) = TailVerifier.firstFault(in: file, kind, after: started)
                #expect(fault == nil && reached.head == chain.headers[5].digest)
                #expect(reached.rowCount == (try chain.rows(at: 5).count))
            }
            // In two pieces, and with blocks that are known already.
            let middle = TailVerifier.firstFault(
                in: chain.tail(from: 0, upTo: height + 2), .tail, after: started)
            #expect(middle.fault == nil && middle.reached.nextHeight == UInt64(height + 2))
        }
    }

    @Test("files come in pieces of any size")
    func pieces() throws {
        let chain = try SampleChain.of(blocks: 4)
        let file = try chain.snapshot(at: 2)
        for size in [1, 7, 100, 5000] {
            var reader = SnapshotReader()
            var verifier = SnapshotVerifier()
            for start in stride(from: 0, to: file.count, by: size) {
                reader.append(file[start..<min(start + size, file.count)])
                while let record = try reader.next() { #expect(verifier.check(record) == nil) }
            }
            #expect(verifier.finish(hasRest: reader.hasRest) == nil && verifier.chain?.nextHeight == 3)
        }
    }

    @Test("every byte of a snapshot and of a tail counts")
    func everyByte() throws {
        let chain = try SampleChain.of(blocks: 3)
        let (snapshot, tail) = (try chain.snapshot(at: 1), chain.tail(from: 2))
        let begun = try #require(SnapshotVerifier.firstFault(in: snapshot).chain)
        for index in snapshot.indices {
            var altered = snapshot
            altered[index] ^= 1 << UInt8(index % 8)
            #expect(SnapshotVerifier.firstFault(in: altered).fault != nil, "byte \(index) of the snapshot")
        }
        for index in tail.indices {
            var altered = tail
            altered[index] ^= 1 << UInt8(index % 8)
            #expect(TailVerifier.firstFault(in: altered, .tail, after: begun).fault != nil, "byte \(index) of the tail")
        }
    }

    @Test("what is known from elsewhere is compared")
    func expectations() throws {
        let chain = try SampleChain.of(blocks: 3)
        let file = try chain.snapshot(at: 1)
        func first(_ key: PublicKey? = nil, _ genesis: Digest? = nil, _ kept: Checkpoint? = nil) -> FaultClass? {
            SnapshotVerifier.firstFault(in: file, nodeKey: key, genesis: genesis, checkpoint: kept).fault?.faultClass
        }
        #expect(first(chain.node.publicKey, chain.genesis, try chain.signedCheckpoint(2).checkpoint) == nil)
        #expect(first(SampleChain.stranger) == .nodeKey && first(nil, .zero) == .genesis)
        #expect(first(nil, nil, try chain.signedCheckpoint(3).checkpoint) == .checkpoint)
        let other = Checkpoint(genesis: chain.genesis, size: 2, root: .zero)
        #expect(first(nil, nil, other) == .checkpoint)
    }

    @Test("a forged state, a gap, a foreign chain, a cut")
    func refusals() throws {
        let chain = try SampleChain.of(blocks: 5)
        let records = try chain.snapshotRecords(at: 2)
        func first(_ records: [Snapshot.Record]) -> FaultClass? {
            SnapshotVerifier.firstFault(in: SampleChain.file(records)).fault?.faultClass
        }
        #expect(first(records) == nil)
        let rows = try chain.rows(at: 2)
        var forged = rows
        forged[0] = StateChange(key: rows[0].key, value: [99])
        let end = Snapshot.Record.end(rows: UInt64(rows.count), header: chain.headers[2].digest)
        #expect(first([records[0], .rows(forged), end]) == .stateRoot)
        #expect(first([records[0], .rows(rows.dropLast()), end]) == .end)
        #expect(first([records[0], .rows(rows)]) == .file && first([.rows(rows), end]) == .file)
        #expect(first([records[0], .rows([rows[1], rows[0]]), end]) == .file)
        #expect(first([records[0], .rows([rows[1]]), .rows([rows[0]]), end]) == .file)
        #expect(first([records[0], .rows([]), end]) == .file)
        #expect(first([]) == .file)

        let begun = try #require(SnapshotVerifier.firstFault(in: SampleChain.file(records)).chain)
        func after(_ file: [UInt8], _ kind: RecordFile = .tail) -> FaultClass? {
            TailVerifier.firstFault(in: file, kind, after: begun).fault?.faultClass
        }
        #expect(after(chain.tail(from: 3)) == nil && after(chain.tail(from: 4)) == .gap)
        #expect(after(Array(chain.tail(from: 3).dropLast())) == .file && after(chain.tail(from: 3) + [0]) == .file)
        #expect(after(chain.file(), .tail) == .file && after(chain.tail(from: 0), .chain) == .file)
        var other = try SampleChain()
        for _ in 0..<5 { try other.append(transactions: 1) }
        #expect(after(other.tail(from: 3)) == .genesis)
        // The same chain up to block 1, and then another block 2: what the snapshot is of is not in it.
        var fork = try SampleChain.of(blocks: 2)
        for _ in 2..<5 { try fork.append(transactions: 1) }
        #expect(after(fork.file(), .chain) == .previous && after(fork.tail(from: 3)) == .previous)
    }

    @Test("a log with its right edge alone makes the roots and proofs of the whole one")
    func partialLogs() throws {
        let leaves = (0..<40).map { MerkleTree.leafHash([UInt8($0)]) }
        let whole = MerkleLog(leaves: leaves)
        for start in 0..<leaves.count {
            let path = try #require(whole.inclusionProof(of: UInt64(start), size: UInt64(start + 1)))
            var partial = try #require(MerkleLog(index: UInt64(start), path: path))
            leaves[start...].forEach { partial.append($0) }
            for size in start + 1...leaves.count {
                let count = UInt64(size)
                #expect(partial.root(count) == MerkleTree.root(ofHashes: Array(leaves[..<size])))
                for index in start..<size {
                    let proof = partial.inclusionProof(of: UInt64(index), size: count)
                    #expect(proof == whole.inclusionProof(of: UInt64(index), size: count))
                }
                for old in max(1, start)...size {
                    let proof = partial.consistencyProof(from: UInt64(old), to: count)
                    #expect(proof == whole.consistencyProof(from: UInt64(old), to: count))
                }
                #expect(start < 2 || partial.inclusionProof(of: 0, size: count) == nil)
            }
        }
        #expect(MerkleLog(start: 5, edge: [.zero]) == nil && MerkleLog(index: 6, path: [.zero]) == nil)
    }
}
