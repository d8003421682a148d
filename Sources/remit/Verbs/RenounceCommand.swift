import ArgumentParser
import RemitNode
import RemitValues

/// Ends a delegation by the one to whom it was made.
struct RenounceCommand: Verb {
    static let words = "renounce"
    static let configuration = CommandConfiguration(
        commandName: "renounce",
        abstract: "No longer stand in for somebody who delegated to you, or let them delegate again.",
        discussion: """
            It counts from this transaction on. Signatures that were given for them stand. They cannot delegate to you \
            again until you end the renunciation.

            Example: remit renounce zhao --as lu --ledger hospital
            Example: remit renounce zhao --end --as lu --ledger hospital
            """)

    @Argument(help: "Who delegated.")
    var person: String

    @Flag(help: "Let them delegate to you again.")
    var end = false

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "The organisation in which it holds (the founding one if left out).", valueName: "organisation"))
    var organisation: String?

    @OptionGroup var signing: SigningOptions
    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let (node, key) = try signing.open(common, console)
        let sender = try SystemSender(node: node, key: key, organisation: organisation.map { TextValue($0) })
        let principal = TextValue(person)
        let work =
            end
            ? SystemWork(call: .endRenunciation(of: principal), done: "\(person) may delegate to \(key.person) again")
            : SystemWork(
                call: .renounce(delegationOf: principal), done: "\(key.person) no longer stands in for \(person)")
        return try sender.perform([work], console)
    }
}
