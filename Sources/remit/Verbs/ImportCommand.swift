import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode

/// Makes a ledger from an exported chain.
struct ImportCommand: Verb {
    static let words = "import"
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a ledger from an exported chain, checking and executing every block again.",
        discussion: """
            Nothing is left behind where the file is not sound. The new ledger has no keys: it can be read, verified
            and proved from, and goes on only where the node's key is put into its folder.

            Private values are not in the file of a chain: without --vault the new ledger holds commitments to them, \
            takes what was decided on them as recorded, and makes no blocks where a contract keeps something private.

            Example: remit import claims.chain --ledger copy --key 03a107bff3ce…  (64 digits)
            """)

    @Argument(help: ArgumentHelp("The exported chain.", valueName: "file"))
    var file: String

    @Option(help: "The node's public key, where it is known from elsewhere: 64 digits.")
    var key: String?

    @Option(help: ArgumentHelp("The file of the vault that remit export wrote beside the chain.", valueName: "file"))
    var vault: String?

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        guard !Files.exists(folder.chain) else {
            throw CommandFailure.files(
                "there is a ledger in \(folder.path) already", hint: "choose another folder, or move that one away")
        }
        var expected: PublicKey?
        if let key {
            guard let parsed = PublicKey(hex: key) else {
                throw CommandFailure.usage("\(key) is no public key", hint: "give its 64 hexadecimal digits")
            }
            expected = parsed
        }
        let reader = try FileReader(path: file)
        let isNew = !Files.exists(folder.path)
        try Files.makeFolder(folder.path, mode: 0o755)
        let draft = DraftLedger(path: "\(folder.path)/import.unfinished")
        try draft.remove()
        let work: ChainImport
        do {
            work = try ChainImport(path: draft.path, nodeKey: expected)
            if let vault {
                let reader = try FileReader(path: vault)
                while let bytes = try reader.next() { try work.appendVault(bytes) }
                try work.finishVault()
            }
            while let bytes = try reader.next() {
                try work.append(bytes)
                console.progress("importing", reader.done, of: reader.length)
            }
            try work.finish()
            try draft.become(folder.chain)
        } catch {
            // What went wrong first is what is told.
            try? draft.remove()
            if isNew { Files.removeEmptyFolder(folder.path) }
            throw Self.failure(error)
        }
        console.clearBar()
        console.line(
            "the chain of \(file) is in \(folder.path): \(work.blockCount) blocks, checked and executed", .good)
        if let rest = PrivateReplay.text(work.counts) { console.line(rest, .doubtful) }
        if let head = work.head { console.remark("head \(head.hex)", .faint) }
        return Outcome(
            .object([
                .init("ledger", .string(folder.path)), .init("blocks", .integer(work.blockCount)),
                .init("transactions", .integer(work.transactionCount)),
                .init("replay", PrivateReplay.json(work.counts)),
                .init("head", work.head.map { .string($0.hex) } ?? .null),
                .init("genesis", work.genesis.map { .string($0.hex) } ?? .null),
            ]))
    }

    /// A file that is not sound is no damage to a ledger here.
    private static func failure(_ error: any Error) -> any Error {
        guard case NodeError.broken(let problems) = error, let first = problems.first else { return error }
        return CommandFailure(
            .broken, "chain", first.description, hint: "nothing was imported: get the file again from where it was made"
        )
    }
}
