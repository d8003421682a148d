import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode

/// Copies a ledger while it may be in use, and verifies the copy.
struct BackupCommand: Verb {
    static let words = "backup"
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the ledger to a new file, also while it is in use, and verify the copy.",
        discussion: """
            The file holds the chain of one moment and no keys: keep the folder `keys` apart from it, and safe.

            Example: remit backup claims-2026-06-01.sqlite --ledger claims
            """)

    @Argument(help: ArgumentHelp("The new file.", valueName: "file"))
    var file: String

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        try folder.checkThere()
        let report = try Self.copy(folder.chain, to: file, console)
        console.line("the ledger is copied to \(file), and the copy is sound: \(report.counts)", .good)
        if let head = report.head { console.remark("head \(head.hex)", .faint) }
        console.remark("the keys are not in it: keep \(folder.keys.folder) safe as well")
        return Outcome(Self.json(report, file: file))
    }

    /// Copies and verifies with a progress bar.
    static func copy(_ path: String, to target: String, _ console: Console) throws -> VerificationReport {
        defer { console.clearBar() }
        return try LedgerBackup.copy(path, to: target) { stage, done, all in
            let label = stage == .copying ? "copying" : "verifying"
            console.progress(label, Int(clamping: done), of: Int(clamping: all))
        }
    }

    static func json(_ report: VerificationReport, file: String) -> JSONValue {
        .object([
            .init("file", .string(file)), .init("blocks", .integer(report.blocks)),
            .init("transactions", .integer(report.transactions)), .init("stateRows", .integer(report.stateRows)),
            .init("head", report.head.map { .string($0.hex) } ?? .null),
        ])
    }
}
