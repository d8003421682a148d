import ArgumentParser
import RemitExchange
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
        if let count, let subject {
            guard let known = SystemCall.QuorumSubject(rawValue: subject) else {
                let names = SystemCall.QuorumSubject.allCases.map(\.rawValue).joined(separator: ", ")
                throw CommandFailure.usage("there is no quorum for \(subject)", hint: "it is one of \(names)")
            }
            let sender = try signing.sender(common, console)
            let work = SystemWork(
                call: .setQuorum(known, count: count),
                done: "\(subject) needs \(Counted.text(count, "administrator")) from now on")
            return try sender.perform([work], console)
        }
        let node = try common.folder().read()
        var members: [JSONValue.Member] = []
        for known in SystemCall.QuorumSubject.allCases where subject == nil || subject == known.rawValue {
            let count = try node.quorum(known)
            console.line("\(known.rawValue) needs \(Counted.text(count, "administrator"))")
            members.append(.init(known.rawValue, .integer(count)))
        }
        return Outcome(.object(members))
    }
}
