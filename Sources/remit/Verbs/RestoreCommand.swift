import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode

/// Makes a ledger from a backup.
struct RestoreCommand: Verb {
    static let words = "restore"
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a ledger from a backup, and verify it.",
        discussion: """
            Nothing is replaced: where there is a ledger already, move its folder away first. To make blocks, put the \
            key of the node and those of the signers into the folder `keys`.

            Example: remit restore claims-2026-06-01.sqlite --ledger claims
            """)

    @Argument(help: ArgumentHelp("The backup.", valueName: "file"))
    var file: String

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        guard Files.exists(file) else {
            throw CommandFailure.files("there is no file \(file)", hint: "check the path of the backup")
        }
        guard !Files.exists(folder.chain) else {
            throw CommandFailure.files(
                "there is a ledger in \(folder.path) already", hint: "choose another folder, or move that one away")
        }
        let isNew = !Files.exists(folder.path)
        try Files.makeFolder(folder.path, mode: 0o755)
        let report: VerificationReport
        do {
            report = try BackupCommand.copy(file, to: folder.chain, console)
        } catch {
            if isNew { Files.removeEmptyFolder(folder.path) }
            throw error
        }
        console.line(
            "the ledger in \(folder.path) is restored, and it is sound: \(report.counts)", .good)
        if let head = report.head { console.remark("head \(head.hex)", .faint) }
        if try !folder.keys.has(LedgerFolder.nodeKey) {
            console.remark("to make blocks, put the key of the node into \(folder.keys.folder)")
        }
        return Outcome(BackupCommand.json(report, file: folder.chain))
    }
}
