import RemitLedger
import Testing

@Suite("Exported chains")
struct ChainFileTests {
    @Test("a chain comes back from its file, in pieces of any size")
    func pieces() throws {
        let chain = try SampleChain.of(blocks: 4)
        let file = chain.file()
        #expect(ChainFileVerifier.firstFault(in: file) == nil)
        #expect(ChainFileVerifier.firstFault(in: file, nodeKey: chain.node.publicKey, genesis: chain.genesis) == nil)
        for size in [1, 7, 100, 5000] {
            var reader = ChainFileReader()
            var verifier = ChainFileVerifier()
            for start in stride(from: 0, to: file.count, by: size) {
                reader.append(file[start..<min(start + size, file.count)])
                while let record = try reader.next() {
                    #expect(verifier.check(record) == [])
                }
            }
            #expect(verifier.finish(hasRest: reader.hasRest) == nil)
            #expect(verifier.blockCount == 4 && verifier.transactionCount == 8)
            #expect(verifier.head == chain.headers.last?.digest && verifier.genesis == chain.genesis)
        }
    }

    @Test("files that are no whole chain")
    func refusals() throws {
        let chain = try SampleChain.of(blocks: 2)
        let file = chain.file()
        func first(_ file: [UInt8]) -> FaultClass? { ChainFileVerifier.firstFault(in: file)?.faultClass }
        func made(_ records: [ChainFile.Record]) -> [UInt8] {
            ChainFile.mark + records.flatMap { ChainFile.encode($0) ?? [] }
        }
        let preamble = ChainFile.Record.preamble(nodeKey: chain.node.publicKey, genesis: chain.genesis)
        let head = chain.headers[1].digest
        let blocks = chain.blocks.map { ChainFile.Record.block($0) }
        #expect(first(made([preamble] + blocks + [.end(count: 2, head: head)])) == nil)
        #expect(first([]) == .file && first(ChainFile.mark) == .file)
        #expect(first(file + [0]) == .file && first(Array(file.dropLast())) == .file)
        #expect(first(made([preamble] + blocks)) == .file)
        #expect(first(made(blocks + [.end(count: 2, head: head)])) == .file)
        #expect(first(made([preamble, preamble] + blocks + [.end(count: 2, head: head)])) == .file)
        let twice: [ChainFile.Record] = [.end(count: 2, head: head), .end(count: 2, head: head)]
        #expect(first(made([preamble] + blocks + twice)) == .file)
        #expect(first(made([preamble, .end(count: 0, head: .zero)])) == .end)
        #expect(first(made([preamble] + blocks + [.end(count: 3, head: head)])) == .end)
        #expect(first(made([preamble] + blocks + [.end(count: 2, head: .zero)])) == .end)
        #expect(first(made([preamble, blocks[1], .end(count: 1, head: head)])) == .genesis)
        let other = ChainFile.Record.preamble(nodeKey: SampleChain.stranger, genesis: chain.genesis)
        #expect(first(made([other] + blocks + [.end(count: 2, head: head)])) == .headerSignature)
        #expect(ChainFileVerifier.firstFault(in: file, nodeKey: SampleChain.stranger)?.faultClass == .nodeKey)
        #expect(ChainFileVerifier.firstFault(in: file, genesis: .zero)?.faultClass == .genesis)
    }

    @Test("a checkpoint that was kept is one of the chain")
    func keptCheckpoint() throws {
        let chain = try SampleChain.of(blocks: 5)
        func first(_ kept: Checkpoint, blocks: Int = 5) -> ChainFault? {
            let preamble = ChainFile.Record.preamble(nodeKey: chain.node.publicKey, genesis: chain.genesis)
            let end = ChainFile.Record.end(count: UInt64(blocks), head: chain.headers[blocks - 1].digest)
            let records = [preamble] + chain.blocks.prefix(blocks).map { .block($0) } + [end]
            return ChainFileVerifier.firstFault(
                in: ChainFile.mark + records.flatMap { ChainFile.encode($0) ?? [] }, checkpoint: kept)
        }
        for size in 1...5 {
            let kept = try chain.signedCheckpoint(size).checkpoint
            #expect(first(kept) == nil)
            let other = Checkpoint(genesis: chain.genesis, size: UInt64(size), root: .zero)
            #expect(first(other)?.faultClass == .checkpoint && first(other)?.height == UInt64(size - 1))
            let stranger = Checkpoint(genesis: .zero, size: UInt64(size), root: kept.root)
            #expect(first(stranger)?.faultClass == .genesis)
        }
        let whole = try chain.signedCheckpoint(5).checkpoint
        #expect(first(whole, blocks: 3)?.faultClass == .checkpoint && first(whole, blocks: 3)?.height == 3)
        #expect(first(Checkpoint(genesis: chain.genesis, size: 0, root: MerkleTree.emptyRoot)) == nil)
        #expect(first(Checkpoint(genesis: chain.genesis, size: 0, root: .zero))?.faultClass == .checkpoint)
        // What the file lacks may come in a tail.
        var verifier = ChainFileVerifier(checkpoint: whole)
        #expect(verifier.check(.preamble(nodeKey: chain.node.publicKey, genesis: chain.genesis)) == [])
        for block in chain.blocks.prefix(3) { #expect(verifier.check(.block(block)) == []) }
        let reached = try #require(verifier.reached)
        #expect(reached.unmetCheckpoint?.faultClass == .checkpoint)
        let after = TailVerifier.firstFault(in: chain.tail(from: 3), .tail, after: reached)
        #expect(after.fault == nil && after.reached.unmetCheckpoint == nil)
    }

    @Test("what is told of a wrong end is what is wrong with it")
    func wrongEnds() throws {
        let chain = try SampleChain.of(blocks: 2)
        let preamble = ChainFile.Record.preamble(nodeKey: chain.node.publicKey, genesis: chain.genesis)
        let end = ChainFile.Record.end(count: 2, head: .zero)
        let file =
            ChainFile.mark
            + ([preamble] + chain.blocks.map { .block($0) } + [end])
            .flatMap { ChainFile.encode($0) ?? [] }
        let fault = try #require(ChainFileVerifier.firstFault(in: file))
        #expect(fault.expected == "head \(Digest.zero)" && fault.found == "\(chain.headers[1].digest)")
        let begun = try #require(SnapshotVerifier.firstFault(in: try chain.snapshot(at: 0)).chain)
        let tail = TailVerifier.firstFault(in: file, .chain, after: begun).fault
        #expect(tail?.faultClass == .end && tail?.expected == fault.expected && tail?.found == fault.found)
    }

    @Test("every byte of a file counts")
    func everyByte() throws {
        let chain = try SampleChain.of(blocks: 1)
        let file = chain.file()
        for index in file.indices {
            var altered = file
            altered[index] ^= 1 << UInt8(index % 8)
            #expect(ChainFileVerifier.firstFault(in: altered) != nil, "byte \(index)")
        }
    }
}
