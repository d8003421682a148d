import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode

/// Proves something about the chain in a file that is checked without it.
struct ProveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Write a proof that anybody can check with the ledger's public key alone.",
        discussion: "Example: remit prove receipt InsuranceClaim/17 --out claim-17.receipt --ledger claims",
        subcommands: [
            ProveAllCommand.self,
            ProveCaseCommand.self,
            ProveConsistencyCommand.self,
            ProveReceiptCommand.self,
            ProveRegisterCommand.self,
            ProveRowCommand.self,
            ProveTransactionCommand.self,
        ])
}

/// What every verb under `prove` is told besides what to prove.
struct ProveOptions: ParsableArguments {
    @OptionGroup var output: ProofOutput
    @OptionGroup var under: UnderOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard output.isGiven else { throw ValidationError("--out FILE says where the proof goes") }
    }
}

/// After which block a verb proves something of the state, and which private values it shows.
struct StateOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The block after which to look; the last one if left out.", valueName: "height"),
        transform: NumberOption.from(0))
    var at: UInt64?

    @OptionGroup var disclosure: DisclosureOptions
}

/// A proof, what it proves in words, and the file where that is not the proof alone.
typealias Proved = (proof: ChainProof, words: String, file: [UInt8]?)

/// A verb under `prove`.
protocol ProveVerb: Verb {
    var options: ProveOptions { get }
    /// Makes the proof; the checkpoint is read or signed when it is asked for.
    func prove(_ node: LedgerNode, under checkpoint: () throws -> SignedCheckpoint) throws -> Proved
    /// What the proof leaves open that one might take it to say; nil for nothing.
    func caution(_ node: LedgerNode) throws -> String?
}

extension ProveVerb {
    var common: CommonOptions { options.common }

    func caution(_ node: LedgerNode) throws -> String? { nil }

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        let node = try folder.read()
        let (proof, words, file) = try prove(node) { try options.under.signed(node, folder, console) }
        let (output, key, bytes) = (options.output, try node.nodeKey(), file ?? proof.encoded)
        try output.write(bytes)
        console.line("\(words) is proved in \(output.name)", .good)
        for opening in proof.openings {
            console.line("it discloses \(opening.path.words) to whoever has the file", .doubtful)
        }
        if let caution = try caution(node) { console.line(caution, .doubtful) }
        console.remark("check it: remit check-proof \(output.name) --key \(key)", .faint)
        return Outcome(
            .object([
                .init("file", .string(output.name)), .init("bytes", .integer(Int64(bytes.count))),
                .init("key", .string("\(key)")),
                .init("disclosed", .array(proof.openings.map { .string($0.path.words) })),
            ]))
    }
}

extension ChainProof {
    /// Whether what it proves of the state is that nothing was there.
    var isOfAbsence: Bool {
        guard case .state(_, let state) = content else { return false }
        return switch state.claim {
        case .all(_, let rows), .matching(_, _, let rows, _): rows.isEmpty
        case .absent: true
        case .present: false
        }
    }
}

/// Proves that a transaction is on the chain.
struct ProveTransactionCommand: ProveVerb {
    static let words = "prove transaction"
    static let configuration = CommandConfiguration(
        commandName: "transaction",
        abstract: "Prove that a transaction is in a block of the chain.",
        discussion: "Example: remit prove transaction 3f9a0c12 --out transaction.proof --ledger claims")

    @Argument(help: ArgumentHelp("The transaction's digest, or its beginning.", valueName: "transaction"))
    var subject: String

    @OptionGroup var options: ProveOptions

    func prove(_ node: LedgerNode, under checkpoint: () throws -> SignedCheckpoint) throws -> Proved {
        let digest = try TransactionNames.find(subject, in: node)
        let proof = try node.prove(transaction: digest, under: try checkpoint())
        return (proof, "transaction \(ReceiptText.short(digest))", nil)
    }
}

/// Proves how a case stood.
struct ProveCaseCommand: ProveVerb {
    static let words = "prove case"
    static let configuration = CommandConfiguration(
        commandName: "case",
        abstract: "Prove that these are all the records of a case after a block, or that it has none.",
        discussion: """
            Private values are not in it, but for those that --disclose names.

            Example: remit prove case InsuranceClaim/17 --at 12 --out claim-17.proof --ledger claims
                     remit prove case MedicalRecord/1 --disclose diagnosis --out diagnosis.proof
            """)

    @Argument(help: ArgumentHelp("The case, such as InsuranceClaim/17.", valueName: "case"))
    var name: String

    @OptionGroup var moment: StateOptions
    @OptionGroup var options: ProveOptions

    func prove(_ node: LedgerNode, under checkpoint: () throws -> SignedCheckpoint) throws -> Proved {
        let reference = try CaseNames.parse(name)
        let proof = try moment.disclosure.disclosing(
            try node.prove(case: reference, at: moment.at, under: try checkpoint()), node)
        return (proof, proof.isOfAbsence ? "that there was no \(reference)" : "how \(reference) stood", nil)
    }
}

/// Proves what a row of the state held.
struct ProveRowCommand: ProveVerb {
    static let words = "prove row"
    static let configuration = CommandConfiguration(
        commandName: "row",
        abstract: "Prove what a row of the state held after a block, or that it was not there.",
        discussion: """
            Spaces and items are those of the table `state`; an item is text, or bytes as hexadecimal after 0x.

            Example: remit prove row person ann --out ann.proof --ledger claims
            """)

    @Argument(help: "The space of the row.")
    var space: String

    @Argument(help: "The item within the space.")
    var item: String

    @OptionGroup var moment: StateOptions
    @OptionGroup var options: ProveOptions

    func prove(_ node: LedgerNode, under checkpoint: () throws -> SignedCheckpoint) throws -> Proved {
        let key = StateKey(space: space, item: try ItemNames.bytes(item))
        let proof = try moment.disclosure.disclosing(
            try node.prove(row: key, at: moment.at, under: try checkpoint()), node)
        let words = proof.isOfAbsence ? "that there was no \(space) \(item)" : "what \(space) \(item) held"
        return (proof, words, nil)
    }
}

/// Proves that nothing before a checkpoint has changed.
struct ProveConsistencyCommand: ProveVerb {
    static let words = "prove consistency"
    static let configuration = CommandConfiguration(
        commandName: "consistency",
        abstract: "Prove that the chain still begins with what an older checkpoint covers.",
        discussion: "Example: remit prove consistency yesterday.checkpoint --out since.proof --ledger claims")

    @Argument(help: ArgumentHelp("The older checkpoint.", valueName: "file"))
    var older: String

    @OptionGroup var options: ProveOptions

    func prove(_ node: LedgerNode, under checkpoint: () throws -> SignedCheckpoint) throws -> Proved {
        let old = try UnderOptions.read(older, node)
        let new = try checkpoint()
        let proof = try node.prove(consistencyFrom: old, under: new)
        return (proof, "that \(new.checkpoint.size) blocks begin with those \(old.checkpoint.size)", nil)
    }
}

/// Reads the items of rows.
enum ItemNames {
    /// The bytes that a text writes: its own, or those that hexadecimal digits behind 0x stand for.
    static func bytes(_ text: String) throws(CommandFailure) -> [UInt8] {
        guard text.utf8.starts(with: "0x".utf8) else { return Array(text.utf8) }
        guard let decoded = Hex.decode(String(decoding: text.utf8.dropFirst(2), as: UTF8.self)) else {
            throw .usage("\(text) is not hexadecimal", hint: "write an even number of lower-case digits after 0x")
        }
        return decoded
    }
}
