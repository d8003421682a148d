import ArgumentParser
import RemitExchange
import RemitLanguage
import RemitNode
import RemitValues

/// Shows or sets how many administrators must agree.
struct QuorumCommand: Verb {
    static let words = "quorum"
    static let configuration = CommandConfiguration(
        commandName: "quorum",
        abstract: "Show or set how many administrators must agree to deploy, recover, erase, or set quorums.",
        discussion: """
            Where more than one must agree, the verb that asks for it makes a proposal, and the others endorse it.

            Example: remit quorum deploy 2 --ledger claims
            """)

    @Argument(help: "What for: deploy, recovery, administration or erasure (all are shown if left out).")
    var subject: String?

    @Argument(help: "How many administrators must agree.")
    var count: Int64?

    @OptionGroup var signing: SigningOptions
    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let wanted = try subject.map { text throws(CommandFailure) in try Self.subject(text) }
        if let count, let wanted {
            guard (1...Limits.quorum).contains(count) else {
                throw CommandFailure.usage(
                    "a quorum has 1 to \(Limits.quorum) administrators, not \(count)",
                    hint: "with 1 an administrator decides alone")
            }
            let sender = try signing.sender(common, console)
            let work = SystemWork(
                call: .setQuorum(wanted, count: count),
                done: "\(wanted.rawValue) needs \(Counted.text(count, "administrator")) from now on")
            return try sender.perform([work], console)
        }
        let node = try common.folder().read()
        var members: [JSONValue.Member] = []
        for known in SystemCall.QuorumSubject.allCases where wanted == nil || wanted == known {
            let count = try node.quorum(known)
            console.line("\(known.rawValue) needs \(Counted.text(count, "administrator"))")
            members.append(.init(known.rawValue, .integer(count)))
        }
        return Outcome(.object(members))
    }

    private static func subject(_ text: String) throws(CommandFailure) -> SystemCall.QuorumSubject {
        if let known = SystemCall.QuorumSubject(rawValue: text) { return known }
        let names = SystemCall.QuorumSubject.allCases.map(\.rawValue)
        throw .usage(
            "there is no quorum for \(text)",
            hint: Suggestion.hint(text, among: names) + "it is one of \(names.joined(separator: ", "))")
    }
}
