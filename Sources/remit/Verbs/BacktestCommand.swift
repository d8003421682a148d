import ArgumentParser
import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues

/// Replays recorded cases under a changed policy and reports who would be decided differently.
struct BacktestCommand: Verb {
    static let words = "backtest"
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Replay recorded cases under a changed policy: who is decided differently, by how much, and why.",
        discussion: """
            The report is what the ledger would have come to if the changed policy had been deployed in the first \
            block of the range. Cases that were opened before go on under the version that they began under, or are \
            brought over where the changed policy has a `migrate` for them; those to which something happened in the \
            range are in the report. To see a policy on every case, begin with the first block, as is done without \
            --from. Registers with keepers and roles are read as they stood; what the contract itself writes follows \
            the changed policy from the first block of the range on. Nothing is written to the ledger.

            A case is decided differently if any of these differ at the end: its state; a field that both versions \
            have by name; what was paid or transferred out of each fund for it; the codes and lines of the findings \
            and refusals of a call upon it. Fields that the changed policy does not have are named and not compared; \
            nor are texts of findings, and rows of registers that its calls wrote. The reasons told are those of the \
            call at which the case parted.

            Reasons and differences may hold private values: on a ledger that keeps any, the files are for their owner \
            alone.

            Example: remit backtest --with new.remit --from 1 --to 400 --html report.html --ledger claims
            """)

    @Option(name: .customLong("with"), help: ArgumentHelp("The changed contract.", valueName: "file"))
    var file: String

    @Option(
        parsing: .unconditional, help: NumberOption.help("The first block.", "height", usually: 1),
        transform: NumberOption.from(0))
    var from: UInt64 = 1

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The last block (the newest if left out).", valueName: "height"),
        transform: NumberOption.from(0))
    var to: UInt64?

    @Option(help: ArgumentHelp("Write every case that is decided differently as CSV.", valueName: "file"))
    var csv: String?

    @Option(help: ArgumentHelp("Write a page with charts.", valueName: "file"))
    var html: String?

    @Option(
        parsing: .unconditional, help: NumberOption.help("The most cases to show as text.", usually: 20),
        transform: NumberOption.from(0))
    var limit = 20

    @OptionGroup var libraries: LibraryOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if let to, to < from { throw ValidationError("--to must not lie before --from") }
    }

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        let contract = try ContractFile(path: file, libraries: libraries.folders)
        let program = try contract.contract()
        let node = try folder.read()
        let backtest = try Backtest(node: node, program: program, source: contract.source)
        if let to, to > node.head.height {
            throw CommandFailure.refused(
                "there are no blocks from \(from) to \(to)", hint: "the chain has blocks 0 to \(node.head.height)")
        }
        // What cannot be written is told before the work, not after it.
        for path in [csv, html].compactMap({ $0 }) { try Files.mayReplace(path) }
        let report = try backtest.run(from: from, to: to ?? node.head.height) { done, all in
            console.progress("replaying", Int(clamping: done), of: Int(clamping: all))
        }
        console.clearBar()
        let keepsPrivate = try node.keepsPrivate()
        let text = BacktestText(report: report)
        text.show(console, limit: limit)
        if let csv {
            try Files.replace(csv, Array(text.csv.utf8), isPrivate: keepsPrivate)
            console.remark("the cases are in \(csv)")
        }
        if let html {
            let page = BacktestPage(
                report: report, title: program.title, file: file, ledger: folder.path, genesis: node.genesis)
            try Files.replace(html, Array(page.text.utf8), isPrivate: keepsPrivate)
            console.remark("the page is \(html)")
        }
        return Outcome(text.json, report.different.isEmpty && report.untried.isEmpty ? .fine : .finding)
    }
}
