import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode
import RemitValues

/// Lists what is put to the vote of the administrators.
struct ProposalsCommand: Verb {
    static let words = "proposals"
    static let configuration = CommandConfiguration(
        commandName: "proposals",
        abstract: "List what administrators have proposed and not yet agreed to.",
        discussion: "Example: remit proposals --ledger claims")

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let proposals = try common.folder().read().proposals()
        if proposals.isEmpty { console.line("there are no open proposals") }
        for proposal in proposals {
            console.line("\(proposal.identifier.hex)", .strong)
            console.line("  \(proposal.name)  \(Self.told(proposal))")
            console.line("  agreed: \(proposal.votes.map(\.string).joined(separator: ", "))")
        }
        return Outcome(
            .array(
                proposals.map { proposal in
                    .object([
                        .init("proposal", .string(proposal.identifier.hex)),
                        .init("call", .string(proposal.name.string)),
                        .init("about", .string(Self.told(proposal))),
                        .init("votes", .array(proposal.votes.map { .string($0.string) })),
                        .init("expiry", .integer(proposal.expiry)),
                    ])
                }))
    }

    /// What a proposal is about, on one line.
    private static func told(_ proposal: Proposal) -> String {
        if case .deployContract(let source, let home)? = proposal.call {
            let head = source.string.split(separator: "\n").first { $0.hasPrefix("contract ") } ?? "a contract"
            return "\(head) for \(home), contract digest \(ContractCatalogue.digest(of: source.utf8).hex)"
        }
        return proposal.arguments.map(\.description).joined(separator: ", ")
    }
}

/// Votes for a proposal.
struct EndorseCommand: Verb {
    static let words = "endorse"
    static let configuration = CommandConfiguration(
        commandName: "endorse",
        abstract: "Agree to a proposal; the vote that fills the quorum carries it out.",
        discussion: "Example: remit endorse 4f…  --as bo --ledger claims")

    @Argument(help: "The proposal, or the beginning of its digest.")
    var proposal: String

    @OptionGroup var signing: SigningOptions
    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        let node = try folder.write(console)
        let found = try node.proposals().filter { $0.identifier.hex.hasPrefix(proposal) }
        guard let chosen = found.first, found.count == 1 else {
            throw CommandFailure.refused(
                found.isEmpty ? "no open proposal begins with \(proposal)" : "more than one begins with \(proposal)",
                hint: "remit proposals lists them")
        }
        let sender = try SystemSender(node: node, key: try folder.signer(signing.key, console))
        let outcome = try sender.perform(
            [SystemWork(call: .endorse(chosen.identifier), done: "agreed to \(chosen.name)")], console)
        let isOpen = try node.proposals().contains { $0.identifier == chosen.identifier }
        if outcome.status == .fine { console.line(isOpen ? "more must agree" : "\(chosen.name) is carried out") }
        return outcome
    }
}
