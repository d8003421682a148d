import ArgumentParser
import RemitNode
import RemitValues

/// Ends a role of a person in an organisation.
struct RevokeCommand: Verb {
    static let words = "revoke"
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "End a role of a person in an organisation; what was done in it stands.",
        discussion: "Example: remit revoke ma Provider --of river-clinic --ledger claims")

    @Argument(help: "Whose role ends.")
    var person: String

    @Argument(help: "The role, as the contracts name it.")
    var role: String

    @Option(
        name: .customLong("of"),
        help: ArgumentHelp("The organisation (the founding one if left out).", valueName: "organisation"))
    var organisation: String?

    @OptionGroup var signing: SigningOptions
    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let sender = try signing.sender(common, console)
        let place = organisation.map { TextValue($0) } ?? sender.organisation
        let call = SystemCall.revokeRole(person: TextValue(person), role: TextValue(role), organisation: place)
        return try sender.perform([SystemWork(call: call, done: "\(person) is no longer \(role) of \(place)")], console)
    }
}
