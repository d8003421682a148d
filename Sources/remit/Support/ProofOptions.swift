import ArgumentParser
import RemitLedger
import RemitNode
import RemitValues

/// Where a verb puts the file that it makes.
struct ProofOutput: ParsableArguments {
    @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
    var out: String?

    var isGiven: Bool { out != nil }
    var name: String { out ?? "" }

    func validate() throws {
        if let out, out.isEmpty { throw ValidationError("--out names no file") }
    }

    /// Writes a file in one step; an older one of the name is replaced.
    func write(_ bytes: [UInt8]) throws(CommandFailure) {
        try Files.replace(name, bytes)
    }
}

/// The checkpoint under which something is proved.
struct UnderOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Prove under this checkpoint, with the signatures that it has; a new one is signed if left out.",
            valueName: "file"))
    var checkpoint: String?

    /// The checkpoint: that of the file, or the present head signed with the node's key.
    func signed(_ node: LedgerNode, _ folder: LedgerFolder, _ console: Console) throws -> SignedCheckpoint {
        if let checkpoint { return try Self.read(checkpoint, node) }
        guard try folder.keys.has(LedgerFolder.nodeKey) else {
            throw CommandFailure.files(
                "the node's key is not in \(folder.path), so no checkpoint can be signed",
                hint: "give --checkpoint FILE, which remit checkpoint makes where the key is")
        }
        return try node.checkpoint(signedBy: try folder.signer(LedgerFolder.nodeKey, console).signer)
    }

    static func read(_ path: String, _ node: LedgerNode) throws -> SignedCheckpoint {
        try node.adopt(checkpoint: try Files.read(path, limit: Limits.noteBytes))
    }
}
