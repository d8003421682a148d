import ArgumentParser
import RemitAnalysis
import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues

/// Puts a version of a contract on the chain.
struct DeployCommand: Verb {
    static let words = "deploy"
    static let configuration = CommandConfiguration(
        commandName: "deploy",
        abstract: "Put a version of a contract on the chain.",
        discussion: """
            The contract is checked first, and held against the versions on the chain: what would break registers, \
            funds, keys or cases that migrate is refused with a list, and so are rows of registers that break an \
            invariant which is new. remit versions --next says so without deploying. Libraries that it uses come with \
            it. New cases begin under it at once, or from the day that its head names.

            Receipts find the text of a rule without the grammar; where the layout leaves room for doubt they show \
            none, and deploying such a contract says where.

            Example: remit deploy Contracts/insurance-claim.remit --ledger claims
            """)

    @Argument(help: "The file of the contract.")
    var file: String

    @Option(
        help: ArgumentHelp(
            "The organisation in which its roles are held (the founding one if left out).", valueName: "organisation"))
    var home: String?

    @OptionGroup var signing: SigningOptions
    @OptionGroup var libraries: LibraryOptions
    @OptionGroup var with: WithOptions

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let contract = try ContractFile(path: file, libraries: libraries.folders, with: with.files)
        let program = try contract.contract()
        if contract.warnings > 0 {
            console.warn("\(Counted.text(contract.warnings, "warning")): remit check \(file) shows them")
        }
        let layout = RulesLayout(contract.source)
        layout?.show(console)
        let sender = try signing.sender(common, console)
        let node = sender.node
        // What is there already is for the chain to say.
        let isKnown = try node.contract(ContractCatalogue.digest(of: contract.source.bytes)) != nil
        let changes = isKnown ? [] : try node.changes(deploying: program)
        VersionText.show(changes, in: contract.source, console)
        if let first = changes.first, first.gravity == .breaking {
            throw CommandFailure(
                .finding, "breaking", "\(program.name) version \(program.version) would break what is on the chain",
                hint: "change the contract as the list says; remit versions \(program.name) --next \(file) says so too")
        }
        let place = home.map { TextValue($0) } ?? sender.organisation
        let digest = ContractCatalogue.digest(of: contract.source.bytes)
        let outcome = try sender.perform(
            [
                SystemWork(
                    call: .deployContract(source: try contract.text(), home: place),
                    done: "\(program.name) version \(program.version) is deployed for \(place)"
                        + (program.begins.map { ", and begins on \($0)" } ?? ""))
            ], console)
        if outcome.status == .fine { console.remark("contract digest \(digest.hex)") }
        guard let layout, case .object(let members) = outcome.json else { return outcome }
        return Outcome(.object(members + [.init("irregularLayout", layout.json)]), outcome.status)
    }
}
