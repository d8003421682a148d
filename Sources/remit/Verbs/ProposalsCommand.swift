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
        discussion: """
            A proposal stands for 100,000 blocks. Nobody can agree to one that has expired; --all lists these as well, \
            and any administrator may withdraw them. Whoever made a proposal may withdraw it at any time.

            Example: remit proposals --ledger claims
            """)

    @Flag(help: "List those as well that have expired.")
    var all = false

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let node = try common.folder().read()
        let next = node.head.height + 1
        let proposals = try node.proposals().filter { all || $0.isOpen(at: next) }
        if proposals.isEmpty { console.line("there are no open proposals") }
        for proposal in proposals {
            console.line("\(proposal.identifier.hex)", .strong)
            console.line("  \(proposal.name)  \(Self.told(proposal))")
            if let told = try Self.named(proposal, node) { console.line("  private: \(told.words)") }
            console.line("  agreed: \(proposal.votes.map(\.string).joined(separator: ", "))")
            console.line("  \(proposal.isOpen(at: next) ? "stands" : "stood") until block \(proposal.expiry)")
        }
        return Outcome(.array(try proposals.map { try Self.json($0, node) }))
    }

    private static func json(_ proposal: Proposal, _ node: LedgerNode) throws -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("proposal", .string(proposal.identifier.hex)),
            .init("call", .string(proposal.name.string)),
            .init("about", .string(told(proposal))),
            .init("votes", .array(proposal.votes.map { .string($0.string) })),
            .init("expiry", .integer(proposal.expiry)),
        ]
        if let named = try named(proposal, node) { members.append(.init("private", .string(named.name))) }
        return .object(members)
    }

    /// What the digest in an erasure stands for, where the vault tells it; it is not on the chain.
    private static func named(_ proposal: Proposal, _ node: LedgerNode) throws -> (name: String, words: String)? {
        guard case .erase(let scope)? = proposal.call else { return nil }
        switch scope {
        case .ofCase: return nil
        case .subject(let subject):
            guard let value = try node.subjectValue(subject) else { return nil }
            guard case .text(let text) = value else { return (value.description, "all about \(value)") }
            return (text.string, "all about \(text)")
        case .transaction(let seed):
            return try node.transaction(ofSeed: seed).map { ($0.hex, "the arguments of transaction \($0.hex)") }
        }
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
        discussion: """
            With --withdraw whoever made the proposal takes it back, as any administrator may once it has expired.

            Example: remit endorse 4f…  --as bo --ledger claims
                     remit endorse 4f…  --withdraw --ledger claims
            """)

    @Argument(help: "The proposal, or the beginning of its digest.")
    var proposal: String

    @Flag(help: "Take the proposal back instead.")
    var withdraw = false

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
        if withdraw {
            return try sender.perform(
                [SystemWork(call: .withdraw(chosen.identifier), done: "\(chosen.name) is withdrawn")], console)
        }
        let outcome = try sender.perform(
            [SystemWork(call: .endorse(chosen.identifier), done: "agreed to \(chosen.name)")], console)
        let isOpen = try node.proposals().contains { $0.identifier == chosen.identifier }
        if outcome.status == .fine { console.line(isOpen ? "more must agree" : "\(chosen.name) is carried out") }
        return outcome
    }
}
