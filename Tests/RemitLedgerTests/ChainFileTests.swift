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
