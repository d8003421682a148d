import ArgumentParser
import RemitNode
import RemitValues

/// Lets somebody stand in for the sender, until a day.
struct DelegateCommand: Verb {
    static let words = "delegate"
    static let configuration = CommandConfiguration(
        commandName: "delegate",
        abstract: "Let somebody stand in for you in an organisation until a day, or end that.",
        discussion: """
            A delegate counts as the one who delegated: the two fill one seat of a quorum.

            Example: remit delegate lu --until 2026-08-01 --as zhao --ledger hospital
            Example: remit delegate lu --end --as zhao --ledger hospital
            """)

    @Argument(help: "Who stands in.")
    var person: String

    @Option(help: ArgumentHelp("The day on which it ends, itself not included.", valueName: "date"))
    var until: String?

    @Flag(help: "End the delegation at once.")
    var end = false

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "The organisation in which it holds (the founding one if left out).", valueName: "organisation"))
    var organisation: String?

    @OptionGroup var signing: SigningOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if end == (until != nil) { throw ValidationError("give either --until DATE or --end") }
        if let until, CalendarDate.parse(until) == nil {
            throw ValidationError("--until is a date such as 2026-08-01, not \(until)")
        }
    }

    func perform(_ console: Console) throws -> Outcome {
        let (node, key) = try signing.open(common, console)
        let sender = try SystemSender(node: node, key: key, organisation: organisation.map { TextValue($0) })
        let work: SystemWork
        if let until, let day = CalendarDate.parse(until) {
            work = SystemWork(
                call: .delegate(to: TextValue(person), until: day),
                done: "\(person) stands in for \(key.person) until \(day)")
        } else {
            work = SystemWork(
                call: .endDelegation(to: TextValue(person)), done: "\(person) no longer stands in for \(key.person)")
        }
        return try sender.perform([work], console)
    }
}
