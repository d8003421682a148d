import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode

/// Signs the head of the chain, for others to keep.
struct CheckpointCommand: Verb {
    static let words = "checkpoint"
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Sign the head of the chain as a checkpoint that others keep and witnesses can cosign.",
        discussion: """
            Who keeps a checkpoint can tell later that nothing before it was changed or cut off.

            Example: remit checkpoint --out today.checkpoint --ledger claims
            """)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The number of blocks to cover; all of them if left out.", valueName: "blocks"),
        transform: NumberOption.from(0))
    var size: UInt64?

    @OptionGroup var output: ProofOutput
    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        let node = try folder.read()
        let key = try folder.signer(LedgerFolder.nodeKey, console)
        let signed = try node.checkpoint(size: size, signedBy: key.signer)
        if output.isGiven {
            try output.write(signed.bytes)
            console.line("the checkpoint of \(signed.checkpoint.size) blocks is in \(output.name)", .good)
        } else {
            console.verbatim(String(decoding: signed.bytes, as: UTF8.self))
        }
        let logKey = Checkpoint.key(signed.checkpoint.genesis, key.signer.publicKey)
        console.note("key \(key.signer.publicKey)")
        return Outcome(
            .object([
                .init("origin", .string(signed.checkpoint.origin)), .init("size", .integer(signed.checkpoint.size)),
                .init("root", .string(signed.checkpoint.root.hex)),
                .init("key", .string("\(key.signer.publicKey)")), .init("verifierKey", .string("\(logKey)")),
                .init("note", .string(String(decoding: signed.bytes, as: UTF8.self))),
            ]))
    }
}
