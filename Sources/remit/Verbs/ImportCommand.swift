import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode
import RemitValues

/// Makes a ledger from an exported chain or a snapshot, or lets one follow its chain.
struct ImportCommand: Verb {
    static let words = "import"
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a ledger from an exported chain or a snapshot, or add the later blocks to one.",
        discussion: """
            Every block is checked and executed again; the rows of a snapshot are checked against the header that the \
            node signed. Of a new ledger nothing is left behind where a file is not sound. It has no keys: it can be \
            read, verified and proved from, and goes on by itself only where the node's key is put into its folder. \
            Where there is a ledger already, the blocks of the file that are new to it are added.

            Private values are not in the file of a chain: without --vault the new ledger holds commitments to them, \
            takes what was decided on them as recorded, and makes no blocks where a contract keeps something private.

            Example: remit import claims.snapshot --tail later.tail --ledger copy --key 03a107bff3ce…  (64 digits)
            """)

    @Argument(help: ArgumentHelp("An exported chain or a snapshot; or later blocks.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("Add the blocks of this file afterwards; may be repeated.", valueName: "file"))
    var tail: [String] = []

    @Option(help: "The node's public key, where it is known from elsewhere: 64 digits.")
    var key: String?

    @Option(
        help: ArgumentHelp(
            "A checkpoint that was kept: a snapshot must be the state after its last block, a chain must begin with "
                + "the blocks that it covers.", valueName: "file"))
    var checkpoint: String?

    @Option(help: ArgumentHelp("The file of the vault that remit export wrote beside the chain.", valueName: "file"))
    var vault: String?

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        let expected = try expectedKey()
        let isNew = !Files.exists(folder.chain)
        let work = try isNew ? make(folder, expected, console) : follow(folder, expected, console)
        if let rest = PrivateReplay.text(work.counts) { console.line(rest, .doubtful) }
        if let head = work.head { console.remark("head \(head.hex)", .faint) }
        if isNew, expected == nil, let key = work.signedBy {
            console.warn("nothing says that \(key) is the key of this chain: give --key where you know it")
        }
        return Outcome(
            .object([
                .init("ledger", .string(folder.path)), .init("snapshot", work.snapshot.map { .integer($0) } ?? .null),
                .init("blocks", .integer(work.blockCount)), .init("transactions", .integer(work.transactionCount)),
                .init("replay", PrivateReplay.json(work.counts)),
                .init("head", work.head.map { .string($0.hex) } ?? .null),
                .init("genesis", work.genesis.map { .string($0.hex) } ?? .null),
            ]))
    }

    /// Makes a new ledger under another name, and gives it its own when all files were sound.
    private func make(_ folder: LedgerFolder, _ expected: PublicKey?, _ console: Console) throws -> ChainImport {
        let kept = try keptCheckpoint(expected)
        let isNew = !Files.exists(folder.path)
        _ = try FileReader(path: file)
        try Files.makeFolder(folder.path, mode: 0o755)
        let draft = DraftLedger(path: "\(folder.path)/import.unfinished")
        try draft.remove()
        let work: ChainImport
        do {
            work = try ChainImport(path: draft.path, nodeKey: expected, checkpoint: kept)
            if let vault {
                let reader = try FileReader(path: vault)
                while let bytes = try reader.next() { try work.appendVault(bytes) }
                try work.finishVault()
            }
            for path in [file] + tail { try Self.add(path, to: work, console) }
            try work.finish()
            try draft.become(folder.chain)
        } catch {
            // What went wrong first is what is told.
            try? draft.remove()
            if isNew { Files.removeEmptyFolder(folder.path) }
            throw Self.failure(error, done: "nothing was imported")
        }
        console.clearBar()
        let blocks = "\(Self.blocks(work)), checked and executed"
        if let height = work.snapshot {
            console.line("\(folder.path) begins with the state after block \(height), then \(blocks)", .good)
        } else {
            console.line("the chain of \(file) is in \(folder.path): \(blocks)", .good)
        }
        return work
    }

    /// Adds the blocks that are new to a ledger.
    private func follow(_ folder: LedgerFolder, _ expected: PublicKey?, _ console: Console) throws -> ChainImport {
        guard checkpoint == nil, vault == nil else {
            throw CommandFailure.usage(
                "--checkpoint and --vault are for a new ledger, and \(folder.path) has one already",
                hint: "leave it out, or choose another folder")
        }
        let first = try FileReader(path: file)
        if try first.next().flatMap({ RecordFile.beginning($0) }) == .snapshot {
            throw CommandFailure.files(
                "there is a ledger in \(folder.path) already", hint: "import a snapshot into another folder")
        }
        let work = try ChainImport(following: folder.chain, nodeKey: expected, clock: try Clocks.chosen())
        do {
            for path in [file] + tail { try Self.add(path, to: work, console) }
        } catch {
            work.abandon()
            throw Self.failure(error, done: "added \(Self.blocks(work)) before it")
        }
        try work.finish()
        console.clearBar()
        console.line(
            "\(folder.path) has come to block \(work.chainLength - 1): added \(Self.blocks(work)), "
                + "checked and executed", .good)
        return work
    }

    private static func blocks(_ work: ChainImport) -> String {
        Counted.text(work.blockCount, "block")
    }

    private static func add(_ path: String, to work: ChainImport, _ console: Console) throws {
        let reader = try FileReader(path: path)
        var bytes = try reader.next()
        guard let kind = bytes.flatMap({ RecordFile.beginning($0) }) else {
            throw CommandFailure(
                .broken, "chain", "\(path) is no exported chain, tail or snapshot",
                hint: "remit export and remit snapshot make such files")
        }
        try work.begin(kind)
        while let piece = bytes {
            try work.append(piece)
            console.progress("importing", reader.done, of: reader.length)
            bytes = try reader.next()
        }
        try work.endFile()
    }

    private func expectedKey() throws -> PublicKey? {
        guard let key else { return nil }
        guard let parsed = PublicKey(hex: key) else {
            throw CommandFailure.usage("\(key) is no public key", hint: "give its 64 hexadecimal digits")
        }
        return parsed
    }

    private func keptCheckpoint(_ key: PublicKey?) throws -> Checkpoint? {
        guard let checkpoint else { return nil }
        guard let signed = SignedCheckpoint(try Files.read(checkpoint, limit: Limits.noteBytes)) else {
            throw CommandFailure.usage("\(checkpoint) is no checkpoint", hint: "remit checkpoint makes them")
        }
        guard let key else { return signed.checkpoint }
        do throws(ProofFault) {
            try signed.check(.bare(key))
        } catch {
            throw CommandFailure(.finding, error.faultClass.rawValue, error.description, hint: "check --key")
        }
        return signed.checkpoint
    }

    /// A file that is not sound is no damage to a ledger here.
    private static func failure(_ error: any Error, done: String) -> any Error {
        guard case NodeError.broken(let problems) = error, let first = problems.first else { return error }
        return CommandFailure(
            .broken, "chain", first.description, hint: "\(done): get the file again from where it was made")
    }
}
