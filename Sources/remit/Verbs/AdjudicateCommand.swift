import ArgumentParser
import RemitExchange
import RemitNode
import RemitValues

/// What happens to organisations of the data that the chain does not know.
enum OrganisationPolicy: String, CaseIterable, ExpressibleByArgument {
    /// The administrator's key registers them and grants the sender its role there.
    case register
    /// Their claims are not used.
    case refuse
}

/// Adjudicates a file of claims.
struct AdjudicateCommand: Verb {
    static let words = "adjudicate"
    static let configuration = CommandConfiguration(
        commandName: "adjudicate",
        abstract: "Adjudicate a file of claims, plain or gzip.",
        discussion: """
            Stopped and started again, it goes on where it stopped and adjudicates no claim twice.

            Example: remit adjudicate claims.ndjson.gz --as clearing-house --ledger claims \\
                       --mapping Contracts/mappings/fhir-r4-commercial-claim.json
            """)

    @Argument(help: "The file: FHIR R4 NDJSON or CSV, as the mapping says.")
    var file: String

    @Option(help: ArgumentHelp("The contract (the mapping's if left out).", valueName: "name"))
    var contract: String?

    @Option(help: ArgumentHelp("The mapping file (see Docs/mapping.md).", valueName: "file"))
    var mapping: String

    @Option(
        parsing: .unconditional,
        help: NumberOption.help("How many claims a block holds.", "claims", usually: Adjudicator.usualBlock),
        transform: NumberOption.reading(1...Limits.blockTransactions))
    var block = Adjudicator.usualBlock

    @Option(
        help: ArgumentHelp("What happens to organisations that the chain does not know.", valueName: "policy"))
    var organisations = OrganisationPolicy.register

    @Flag(help: "Send claims once more that were refused before.")
    var retryRefused = false

    @Option(
        help: ArgumentHelp(
            "Add a line of JSON to this file for each decision, once its block is on disk.", valueName: "file"))
    var decisions: String?

    @Flag(help: "Name every remark, such as lines without a price.")
    var notes = false

    @OptionGroup var signing: SigningOptions
    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        Interruption.watch()
        let key = try folder.signer(signing.key, console)
        let node = try folder.write(console)
        let (mapping, contract) = try BatchRun.prepare(node: node, mapping: mapping, contract: self.contract)
        let administrator =
            organisations == .register ? try folder.signer(LedgerFolder.administratorKey, console).signer : nil
        let report = try BatchRun(
            node: node, contract: contract, mapping: mapping, file: file, sender: key.signer,
            administrator: administrator, seeds: key.seeds, blockSize: block, retryingRefused: retryRefused,
            decisions: try decisions.map { try DecisionFile(path: $0) }, console: console
        ).run()
        report.showDetails(console, withNotes: notes)
        report.showSummary(console)
        if let first = report.firstCase { console.remark("Next: remit why \(first)") }
        return Outcome(report.json, report.isClean ? .fine : .finding)
    }
}
