import ArgumentParser
import RemitLanguage
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

    @Option(
        name: .customLong("of"),
        help: ArgumentHelp("The organisation (the founding one if left out).", valueName: "organisation"))
    var organisation: String?

    @OptionGroup var signing: SigningOptions
    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let sender = try signing.sender(common, console)
        try warn(sender.node, console)
        let place = organisation.map { TextValue($0) } ?? sender.organisation
        let call = SystemCall.grantRole(person: TextValue(person), role: TextValue(role), organisation: place)
        return try sender.perform([SystemWork(call: call, done: "\(person) is \(role) of \(place)")], console)
    }

    /// A role may be granted before the contract is there that names it; a slip looks the same.
    private func warn(_ node: LedgerNode, _ console: Console) throws {
        var roles: [String] = [SystemCall.administratorRole.string]
        for name in try node.contractNames() { roles += try node.keptContract(named: name).program.roles }
        guard roles.count > 1, !roles.contains(where: { TextValue($0) == TextValue(role) }) else { return }
        let near = Suggestion.nearest(to: role, among: roles).map { ": did you mean \($0)?" } ?? ""
        console.warn("no contract on the chain has a role \(role)\(near)")
    }
}
