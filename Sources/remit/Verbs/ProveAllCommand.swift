import ArgumentParser
import RemitLedger
import RemitNode
import RemitValues

/// Proves that something is all that there is.
struct ProveAllCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "all",
        abstract: "Prove that these are all the decisions, rows or roles of a kind, and that none is left out.",
        discussion: "Example: remit prove all decisions InsuranceClaim/17 --out claim-17.decisions --ledger claims",
        subcommands: [
            ProveDecisionsCommand.self, ProveRolesCommand.self, ProveRowsCommand.self, ProveSpaceCommand.self,
        ])
}

/// Proves which decisions made a case what it was.
struct ProveDecisionsCommand: ProveVerb {
    static let words = "prove all decisions"
    static let configuration = CommandConfiguration(
        commandName: "decisions",
        abstract: "Prove that these are all the decisions that changed a case up to a block.",
        discussion: """
            Each decision that takes effect raises the revision of its case by one, and the state shows the last one: \
            none can be left out. Those that were refused change nothing of a case, and are not in it. Private values \
            stand in it as commitments.

            Example: remit prove all decisions InsuranceClaim/17 --at 40 --out claim-17.decisions --ledger claims
            """)

    @Argument(help: ArgumentHelp("The case, such as InsuranceClaim/17.", valueName: "case"))
    var name: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The block after which to look; the last one if left out.", valueName: "height"),
        transform: NumberOption.from(0))
    var at: UInt64?

    @OptionGroup var options: ProveOptions

    func prove(_ node: LedgerNode, under checkpoint: () throws -> SignedCheckpoint) throws -> Proved {
        let reference = try CaseNames.parse(name)
        let proof = try node.prove(decisionsOf: reference, at: at, under: try checkpoint())
        guard case .decisions(_, _, let decisions) = proof.content, !decisions.isEmpty else {
            return (proof, "that there was no \(reference), and no decision that made one", nil)
        }
        let count = decisions.count
        return (proof, "that \(reference) had \(count == 1 ? "this one decision" : "these \(count) decisions")", nil)
    }
}

/// Proves all rows of a register, or all under the beginning of a key.
struct ProveRowsCommand: ProveVerb {
    static let words = "prove all rows"
    static let configuration = CommandConfiguration(
        commandName: "rows",
        abstract: "Prove that these are all the rows of a register after a block, or all whose first keys are these.",
        discussion: """
            Where keys are given, the other rows are in the file with their keys alone, so that one sees that none was \
            left out. Private keys are given as they are, and the proof has digests of them.

            Example: remit prove all rows InsuranceClaim Price north --out north.prices --ledger claims
            """)

    @Argument(help: "The name of the contract.")
    var contract: String

    @Argument(help: "The name of the register.")
    var register: String

    @Argument(help: "The first keys, in the order in which the register has them; all rows if left out.")
    var keys: [String] = []

    @OptionGroup var moment: StateOptions
    @OptionGroup var options: ProveOptions

    func prove(_ node: LedgerNode, under checkpoint: () throws -> SignedCheckpoint) throws -> Proved {
        let given = try RegisterKeys.values(keys, contract, register, node)
        let (space, pattern) = try node.rows(contract: contract, register: register, beginning: given)
        let proof = try moment.disclosure.disclosing(
            try node.prove(allOf: space, matching: pattern, at: moment.at, under: try checkpoint()), node)
        let under = keys.isEmpty ? "" : " under \(keys.joined(separator: ", "))"
        return (proof, "that \(proof.countOfRows) of \(contract)/\(register)\(under)", nil)
    }
}

/// Proves all roles of a person or an organisation.
struct ProveRolesCommand: ProveVerb {
    static let words = "prove all roles"
    static let configuration = CommandConfiguration(
        commandName: "roles",
        abstract: "Prove that these are all the roles that a person holds after a block, or that an organisation gave.",
        discussion: """
            Without a person or an organisation it is all roles of the chain. Other roles are in the file by name alone.

            Example: remit prove all roles lin --out lin.roles --ledger claims
                     remit prove all roles --in clinic --out clinic.roles --ledger claims
            """)

    @Argument(help: "The person; everybody if left out.")
    var person: String?

    @Option(name: .customLong("in"), help: "The organisation in which the roles are held; all if left out.")
    var organisation: String?

    @OptionGroup var moment: StateOptions
    @OptionGroup var options: ProveOptions

    func prove(_ node: LedgerNode, under checkpoint: () throws -> SignedCheckpoint) throws -> Proved {
        let wanted = [organisation, nil, person].map { $0.map { Value.text(TextValue($0)) } }
        let length = person == nil ? (organisation == nil ? 0 : 1) : 3
        let proof = try node.prove(
            allOf: StateLayout.grantSpace, matching: length == 0 ? nil : .members(Array(wanted.prefix(length))),
            at: moment.at, under: try checkpoint())
        let whose = (person.map { " of \($0)" } ?? "") + (organisation.map { " in \($0)" } ?? "")
        return (proof, "that \(proof.countOfRows) of roles\(whose)", nil)
    }
}

/// Proves all rows of a space of the state.
struct ProveSpaceCommand: ProveVerb {
    static let words = "prove all space"
    static let configuration = CommandConfiguration(
        commandName: "space",
        abstract: "Prove that these are all the rows of a space of the state, or all whose items begin so.",
        discussion: """
            Spaces and items are those of the table `state`; Docs/format.md says what stands in each. --beginning \
            takes text, or bytes as hexadecimal after 0x.

            Example: remit prove all space person --out persons.proof --ledger claims
                     remit prove all space fund/InsuranceClaim --out funds.proof --ledger claims
            """)

    @Argument(help: "The space of the rows.")
    var space: String

    @Option(help: ArgumentHelp("Only the rows whose items begin with this.", valueName: "item"))
    var beginning: String?

    @OptionGroup var moment: StateOptions
    @OptionGroup var options: ProveOptions

    func prove(_ node: LedgerNode, under checkpoint: () throws -> SignedCheckpoint) throws -> Proved {
        let pattern = try beginning.map { ItemPattern.beginning(try ItemNames.bytes($0)) }
        let proof = try moment.disclosure.disclosing(
            try node.prove(allOf: space, matching: pattern, at: moment.at, under: try checkpoint()), node)
        let under = beginning.map { " that begin with \($0)" } ?? ""
        return (proof, "that \(proof.countOfRows) of \(space)\(under)", nil)
    }
}

extension ChainProof {
    /// How many rows it shows, in words.
    fileprivate var countOfRows: String {
        guard case .state(_, let state) = content else { return "these are all rows" }
        let count =
            switch state.claim {
            case .all(_, let rows), .matching(_, _, let rows, _): rows.count
            case .present: 1
            case .absent: 0
            }
        return switch count {
        case 0: "there are no rows"
        case 1: "this is the only row"
        default: "these are all \(count) rows"
        }
    }
}
