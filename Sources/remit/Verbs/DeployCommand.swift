import ArgumentParser
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
            The contract is checked first; new cases begin under the version deployed last.

            Example: remit deploy Contracts/insurance-claim.remit --ledger claims
            """)

    @Argument(help: "The file of the contract.")
    var file: String

    @Option(help: "The organisation in which its roles are held (the founding one if left out).")
    var home: String?

    @OptionGroup var signing: SigningOptions
    @OptionGroup var with: WithOptions

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        let contract = try ContractFile(path: file, with: with.files)
        let program = try contract.checked()
        if contract.warnings > 0 {
            console.warn("\(ContractFile.counted(contract.warnings, "warning")): remit check \(file) shows them")
        }
        let node = try folder.write(console)
        let sender = try SystemSender(node: node, key: try folder.signer(signing.key, console))
        let place = home.map { TextValue($0) } ?? sender.organisation
        let digest = ContractCatalogue.digest(of: contract.source.bytes)
        let outcome = try sender.perform(
            [
                SystemWork(
                    call: .deployContract(source: try contract.text(), home: place),
                    done: "\(program.name) version \(program.version) is deployed for \(place)")
            ], console)
        if outcome.status == .fine { console.remark("contract digest \(digest.hex)") }
        return outcome
    }
}
