/// Compares the headers of a chain, as they come, with a checkpoint that was kept elsewhere.
struct CheckpointCheck: Sendable {
    private let checkpoint: Checkpoint
    private var log = MerkleLog()
    private var isCompared = false

    init(_ checkpoint: Checkpoint) {
        self.checkpoint = checkpoint
    }

    /// Takes the next header; the fault, where it is the last that the checkpoint covers and the root is another.
    mutating func take(header bytes: [UInt8], height: UInt64) -> ChainFault? {
        guard !isCompared, log.size < checkpoint.size else {
            return nil
        }
        log.append(Checkpoint.leaf(ofHeader: bytes))
        guard log.size == checkpoint.size else {
            return nil
        }
        isCompared = true
        let root = log.root(log.size)
        log = MerkleLog()
        return root == checkpoint.root ? nil : fault(height, found: "the root \(root ?? MerkleTree.emptyRoot)")
    }

    /// What is wrong at the end of the chain, after so many blocks: the checkpoint may cover more than there are.
    func fault(afterBlocks count: UInt64) -> ChainFault? {
        if checkpoint.size == 0 {
            return checkpoint.root == MerkleTree.emptyRoot ? nil : fault(0, found: "the root \(MerkleTree.emptyRoot)")
        }
        return isCompared ? nil : fault(count, found: "\(count) blocks")
    }

    private func fault(_ height: UInt64, found: String) -> ChainFault {
        ChainFault(
            height: height, .checkpoint, expected: "\(checkpoint.size) blocks with the root \(checkpoint.root)",
            found: found)
    }
}
