import ArgumentParser
import RemitExchange
import RemitLanguage
import RemitNode
import RemitValues

/// Puts money into a fund of a contract.
struct DepositCommand: Verb {
    static let words = "deposit"
    static let configuration = CommandConfiguration(
        commandName: "deposit",
        abstract: "Put money into a fund, by a key of somebody who keeps it.",
        discussion: "Example: remit deposit EmergencyDisbursement EmergencyFund 200000 --as zhao --ledger hospital")

    @Argument(help: "The name of the contract.")
    var contract: String

    @Argument(help: "The name of the fund.")
    var fund: String

    @Argument(help: "The amount, in the fund's currency, such as 200000 or 12.50.")
    var amount: String

    @OptionGroup var signing: SigningOptions
    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let (node, key) = try signing.open(common, console)
        let deployed = try node.keptContract(named: contract)
        let funds = deployed.program.funds
        guard let declared = funds.first(where: { TextValue($0.name) == TextValue(fund) }) else {
            let names = funds.map(\.name)
            let near = Suggestion.hint(fund, among: names)
            throw CommandFailure.usage(
                "\(contract) has no fund \(fund)",
                hint: near + (names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"))
        }
        guard let number = try? ExactDecimal.parse(amount),
            let money = Money(exactly: number, currency: declared.currency)
        else {
            throw CommandFailure.usage(
                "\"\(amount)\" is no amount of \(declared.currency.code)",
                hint: "write a number with at most \(declared.currency.minorDigits) digits behind the point")
        }
        let sender = try SystemSender(node: node, key: key, organisation: deployed.home.identifier)
        let call = SystemCall.deposit(contract: TextValue(contract), fund: TextValue(fund), amount: money)
        return try sender.perform(
            [SystemWork(call: call, done: "\(money.grouped) is put into \(fund) of \(contract)")], console)
    }
}
