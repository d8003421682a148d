import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode

/// Writes the chain as one portable file.
struct ExportCommand: Verb {
    static let words = "export"
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the chain, or its later blocks, as one file that other programs and ledgers can check.",
        discussion: """
            The file holds the blocks, and neither keys nor what was kept off the chain: of private values it has the \
            commitments. --with-vault writes the private values and the keys under which they are kept to a file of \
            their own, which must be kept as safe as the ledger. With --from the file holds the blocks from a height \
            on, for a ledger that has those before it or a snapshot.

            Example: remit export claims.chain --ledger claims
            """)

    @Argument(help: ArgumentHelp("The file to write; it must not be there.", valueName: "file"))
    var file: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The height of the first block; all blocks if left out.", valueName: "height"),
        transform: NumberOption.from(0))
    var from: UInt64?

    @Option(
        name: .customLong("with-vault"),
        help: ArgumentHelp("Write the vault to this file as well.", valueName: "file"))
    var vault: String?

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let node = try common.folder().read()
        // Both files are opened before anything is written, and get their names together.
        let writer = try FileWriter(path: file)
        let vaultWriter = try vault.map { path throws(CommandFailure) in try FileWriter(path: path, mode: 0o600) }
        let blocks = try node.export(from: from) { try writer.append($0) }
        let kept = try vaultWriter.map { writer in try node.exportVault { try writer.append($0) } }
        try vaultWriter?.finish()
        try writer.finish()
        console.line("\(Counted.text(blocks, "block is", "blocks are")) in \(file)", .good)
        if let vault, let kept {
            console.line(
                "the vault is in \(vault), \(Counted.text(kept, "row")): whoever has it has every private value",
                .doubtful)
        } else if try node.keepsPrivate() {
            console.remark("private values are not in it: the file has commitments to them (--with-vault writes them)")
        }
        console.remark("head \(node.head.digest.hex)", .faint)
        return Outcome(
            .object([
                .init("file", .string(file)), .init("from", .integer(from ?? 0)), .init("blocks", .integer(blocks)),
                .init("head", .string(node.head.digest.hex)), .init("genesis", .string(node.genesis.hex)),
                .init("key", .string("\(try node.nodeKey())")), .init("vault", vault.map(JSONValue.string) ?? .null),
                .init("vaultRows", kept.map { .integer($0) } ?? .null),
            ]))
    }
}
