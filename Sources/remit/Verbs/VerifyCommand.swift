import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode

/// Checks the chain from its first block.
struct VerifyCommand: Verb {
    static let words = "verify"
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check links, signatures, roots and state rows; with --replay, execute everything again.",
        discussion: """
            With --replay it is told apart how much was executed again, how much needs private values that were erased \
            (redacted), and how much needs private values that this ledger's vault does not have (commitment-only): \
            for those the recorded receipts are taken, and the roots compared.

            Ends with 3 where something is wrong, and names the block, the transaction or the state row.

            Example: remit verify --replay --ledger claims
            """)

    @Flag(help: "Execute every transaction again and compare the receipts to the byte.")
    var replay = false

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        try folder.checkThere()
        return try Self.verify(folder, replaying: replay, console)
    }

    /// Verifies a ledger with a progress bar and says what came out.
    static func verify(_ folder: LedgerFolder, replaying: Bool, _ console: Console) throws -> Outcome {
        let report = try Verification.run(path: folder.chain, replaying: replaying) { done, all in
            console.progress("verifying", Int(clamping: done), of: Int(clamping: all))
        }
        console.clearBar()
        for problem in report.problems { console.line(problem.description, .bad) }
        if report.problems.isEmpty {
            let again = replaying ? ", \(report.replayed) executed again with the same receipts" : ""
            console.line("the chain is sound: \(report.counts)\(again)", .good)
            if replaying, let rest = PrivateReplay.text(report.replay) { console.line(rest, .doubtful) }
            if report.vaultLacks > 0 { console.line(report.vaultGap, .doubtful) }
            if let head = report.head { console.remark("head \(head.hex)", .faint) }
        } else {
            console.line("the chain is broken: \(report.counts) looked at", .bad)
        }
        let json = JSONValue.object([
            .init("sound", .boolean(report.problems.isEmpty)),
            .init("snapshot", report.snapshot.map { .integer($0) } ?? .null), .init("blocks", .integer(report.blocks)),
            .init("transactions", .integer(report.transactions)), .init("replayed", .integer(report.replayed)),
            .init("replay", replaying ? PrivateReplay.json(report.replay) : .null),
            .init("stateRows", .integer(report.stateRows)), .init("vaultLacks", .integer(report.vaultLacks)),
            .init("head", report.head.map { .string($0.hex) } ?? .null),
            .init(
                "problems",
                .array(
                    report.problems.map { problem in
                        .object([
                            .init("height", problem.height.map { .integer($0) } ?? .null),
                            .init("position", problem.position.map { .integer($0) } ?? .null),
                            .init("text", .string(problem.text)),
                        ])
                    })),
        ])
        return Outcome(json, report.problems.isEmpty ? .fine : .broken)
    }
}
