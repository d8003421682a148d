import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode

/// Writes the chain as one portable file.
struct ExportCommand: Verb {
    static let words = "export"
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the whole chain as one file, which other programs and other ledgers can check and read.",
        discussion: """
            The file holds the blocks, and neither keys nor what was kept off the chain.

            Example: remit export claims.chain --ledger claims
            """)

    @Argument(help: ArgumentHelp("The file to write; it must not be there.", valueName: "file"))
    var file: String

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let node = try common.folder().read()
        let writer = try FileWriter(path: file)
        let blocks = try node.export { try writer.append($0) }
        try writer.finish()
        console.line("\(blocks) blocks are in \(file)", .good)
        console.remark("head \(node.head.digest.hex)", .faint)
        return Outcome(
            .object([
                .init("file", .string(file)), .init("blocks", .integer(blocks)),
                .init("head", .string(node.head.digest.hex)), .init("genesis", .string(node.genesis.hex)),
                .init("key", .string("\(try node.nodeKey())")),
            ]))
    }
}
