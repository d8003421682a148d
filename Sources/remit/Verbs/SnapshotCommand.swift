import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode

/// Writes the state after a block as one portable file.
struct SnapshotCommand: Verb {
    static let words = "snapshot"
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Write the state after a block as one file, from which another ledger can begin.",
        discussion: """
            The file holds the state rows, the block's header and a checkpoint that ends with it. A ledger that begins \
            with it has no earlier blocks: it follows the chain, and proves what comes later.

            Example: remit snapshot claims.snapshot --at 12 --ledger claims
            """)

    @Argument(help: ArgumentHelp("The file to write; it must not be there.", valueName: "file"))
    var file: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The height of the block; the last one if left out.", valueName: "height"),
        transform: NumberOption.from(0))
    var at: UInt64?

    @Option(
        help: ArgumentHelp(
            "Use this checkpoint, which must end with the block; a new one is signed if left out.", valueName: "file"))
    var checkpoint: String?

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        let node = try folder.read()
        let signed = try signed(node, folder, console)
        let height = signed.checkpoint.size - 1
        let writer = try FileWriter(path: file)
        let rows = try node.snapshot(under: signed) { try writer.append($0) }
        try writer.finish()
        let key = try node.nodeKey()
        console.line("the state after block \(height) is in \(file): \(Counted.text(rows, "row"))", .good)
        console.remark("begin with it elsewhere: remit import \(file) --key \(key)", .faint)
        return Outcome(
            .object([
                .init("file", .string(file)), .init("height", .integer(height)), .init("rows", .integer(rows)),
                .init("root", .string(signed.checkpoint.root.hex)), .init("genesis", .string(node.genesis.hex)),
                .init("key", .string("\(key)")),
            ]))
    }

    private func signed(_ node: LedgerNode, _ folder: LedgerFolder, _ console: Console) throws -> SignedCheckpoint {
        let height = at ?? node.head.height
        guard let checkpoint else {
            guard height <= node.head.height else {
                throw CommandFailure.usage("there is no block \(height)", hint: "the last block is \(node.head.height)")
            }
            guard try folder.keys.has(LedgerFolder.nodeKey) else {
                throw CommandFailure.files(
                    "the node's key is not in \(folder.path), so no checkpoint can be signed",
                    hint: "give --checkpoint FILE, which remit checkpoint makes where the key is")
            }
            return try node.checkpoint(
                size: height + 1, signedBy: try folder.signer(LedgerFolder.nodeKey, console).signer)
        }
        let signed = try UnderOptions.read(checkpoint, node)
        if let at, signed.checkpoint.size - 1 != at {
            throw CommandFailure.usage(
                "the checkpoint covers \(signed.checkpoint.size) blocks, and the last of them is not \(at)",
                hint: "leave out --at, or give a checkpoint that ends with block \(at)")
        }
        return signed
    }
}
