import ArgumentParser
import RemitNode
import RemitValues

/// Grants a role to a person in an organisation.
struct GrantCommand: Verb {
    static let words = "grant"
    static let configuration = CommandConfiguration(
        commandName: "grant",
        abstract: "Grant a role to a person in an organisation.",
        discussion: "Example: remit grant ma Provider --of river-clinic --ledger claims")

    @Argument(help: "Who gets the role.")
    var person: String

    @Argument(help: "The role, as the contracts name it.")
    var role: String

    @Option(name: .customLong("of"), help: "The organisation (the founding one if left out).")
    var organisation: String?

    @OptionGroup var signing: SigningOptions
    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let sender = try signing.sender(common, console)
        let place = organisation.map { TextValue($0) } ?? sender.organisation
        let call = SystemCall.grantRole(person: TextValue(person), role: TextValue(role), organisation: place)
        return try sender.perform([SystemWork(call: call, done: "\(person) is \(role) of \(place)")], console)
    }
}
