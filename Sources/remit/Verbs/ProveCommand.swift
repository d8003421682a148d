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
            ProveCaseCommand.self,
            ProveConsistencyCommand.self,
            ProveReceiptCommand.self,
            ProveRegisterCommand.self,
            ProveRowCommand.self,
            ProveTransactionCommand.self,
        ])
}

/// What the verbs under `prove` have in common.
struct ProveWork {
    let output: ProofOutput
    let console: Console

    /// Writes a proof and says how to check it.
    func finish(_ proof: ChainProof, _ words: String, file bytes: [UInt8], key: PublicKey) throws -> Outcome {
        try output.write(bytes)
        console.line("\(words) is proved in \(output.name)", .good)
        for opening in proof.openings {
            console.line("it discloses \(opening.path.words) to whoever has the file", .doubtful)
        }
        console.remark("check it: remit check-proof \(output.name) --key \(key)", .faint)
        return Outcome(
            .object([
                .init("file", .string(output.name)), .init("bytes", .integer(Int64(bytes.count))),
                .init("key", .string("\(key)")),
                .init("disclosed", .array(proof.openings.map { .string($0.path.words) })),
            ]))
    }

    static func requireFile(_ output: ProofOutput) throws {
        guard output.isGiven else { throw ValidationError("--out FILE says where the proof goes") }
    }
}

/// Proves that a transaction is on the chain.
struct ProveTransactionCommand: Verb {
    static let words = "prove transaction"
    static let configuration = CommandConfiguration(
        commandName: "transaction",
        abstract: "Prove that a transaction is in a block of the chain.",
        discussion: "Example: remit prove transaction 3f9a0c12 --out transaction.proof --ledger claims")

    @Argument(help: ArgumentHelp("The transaction's digest, or its beginning.", valueName: "transaction"))
    var subject: String

    @OptionGroup var output: ProofOutput
    @OptionGroup var under: UnderOptions
    @OptionGroup var common: CommonOptions

    func validate() throws { try ProveWork.requireFile(output) }

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        let node = try folder.read()
        let digest = try TransactionNames.find(subject, in: node)
        let proof = try node.prove(transaction: digest, under: try under.signed(node, folder, console))
        return try ProveWork(output: output, console: console).finish(
            proof, "transaction \(ReceiptText.short(digest))", file: proof.encoded, key: try node.nodeKey())
    }
}

/// Writes a receipt for people.
struct ProveReceiptCommand: Verb {
    static let words = "prove receipt"
    static let configuration = CommandConfiguration(
        commandName: "receipt",
        abstract: "Write a receipt: what was decided, under which rules, in plain lines with the proof below.",
        discussion: """
            For a case it is the receipt of the last transaction about it. Private values are not in it, but for those \
            that --disclose names.

            Example: remit prove receipt InsuranceClaim/17 --out claim-17.receipt --ledger claims
                     remit prove receipt MedicalRecord/1 --disclose diagnosis --out diagnosis.receipt
            """)

    @Argument(help: ArgumentHelp("A case, or a transaction's digest or its beginning.", valueName: "case|transaction"))
    var subject: String

    @OptionGroup var disclosure: DisclosureOptions
    @OptionGroup var output: ProofOutput
    @OptionGroup var under: UnderOptions
    @OptionGroup var common: CommonOptions

    func validate() throws { try ProveWork.requireFile(output) }

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        let node = try folder.read()
        let isCase = subject.utf8.contains(UInt8(ascii: "/"))
        let digest =
            isCase
            ? try node.lastTransaction(of: try CaseNames.parse(subject))
            : try TransactionNames.find(subject, in: node)
        let whole = try node.prove(receipt: digest, under: try under.signed(node, folder, console))
        let proof = try disclosure.disclosing(whole, node)
        let key = try node.nodeKey()
        guard let page = ReceiptPage(proof, try proof.check(.bare(key))) else {
            throw CommandFailure.refused("there is no receipt of this transaction")
        }
        return try ProveWork(output: output, console: console).finish(
            proof, "the receipt of transaction \(ReceiptText.short(digest))", file: Array(page.text.utf8), key: key)
    }
}

/// Proves how a case stood.
struct ProveCaseCommand: Verb {
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

    @Option(help: ArgumentHelp("The block after which to look; the last one if left out.", valueName: "height"))
    var at: UInt64?

    @OptionGroup var disclosure: DisclosureOptions
    @OptionGroup var output: ProofOutput
    @OptionGroup var under: UnderOptions
    @OptionGroup var common: CommonOptions

    func validate() throws { try ProveWork.requireFile(output) }

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        let node = try folder.read()
        let reference = try CaseNames.parse(name)
        let proof = try disclosure.disclosing(
            try node.prove(case: reference, at: at, under: try under.signed(node, folder, console)), node)
        var words = "how \(reference) stood"
        if case .state(_, let state) = proof.content, case .all(_, let rows) = state.claim, rows.isEmpty {
            words = "that there was no \(reference)"
        }
        return try ProveWork(output: output, console: console).finish(
            proof, words, file: proof.encoded, key: try node.nodeKey())
    }
}

/// Proves what a row of the state held.
struct ProveRowCommand: Verb {
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

    @Option(help: ArgumentHelp("The block after which to look; the last one if left out.", valueName: "height"))
    var at: UInt64?

    @OptionGroup var disclosure: DisclosureOptions
    @OptionGroup var output: ProofOutput
    @OptionGroup var under: UnderOptions
    @OptionGroup var common: CommonOptions

    func validate() throws { try ProveWork.requireFile(output) }

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        let node = try folder.read()
        var bytes = Array(item.utf8)
        if item.utf8.starts(with: "0x".utf8) {
            guard let decoded = Hex.decode(String(decoding: item.utf8.dropFirst(2), as: UTF8.self)) else {
                throw CommandFailure.usage(
                    "\(item) is not hexadecimal", hint: "write an even number of lower-case digits after 0x")
            }
            bytes = decoded
        }
        let key = StateKey(space: space, item: bytes)
        let proof = try disclosure.disclosing(
            try node.prove(row: key, at: at, under: try under.signed(node, folder, console)), node)
        var words = "what \(space) \(item) held"
        if case .state(_, let state) = proof.content, case .absent = state.claim {
            words = "that there was no \(space) \(item)"
        }
        return try ProveWork(output: output, console: console).finish(
            proof, words, file: proof.encoded, key: try node.nodeKey())
    }
}

/// Proves that nothing before a checkpoint has changed.
struct ProveConsistencyCommand: Verb {
    static let words = "prove consistency"
    static let configuration = CommandConfiguration(
        commandName: "consistency",
        abstract: "Prove that the chain still begins with what an older checkpoint covers.",
        discussion: "Example: remit prove consistency yesterday.checkpoint --out since.proof --ledger claims")

    @Argument(help: ArgumentHelp("The older checkpoint.", valueName: "file"))
    var older: String

    @OptionGroup var output: ProofOutput
    @OptionGroup var under: UnderOptions
    @OptionGroup var common: CommonOptions

    func validate() throws { try ProveWork.requireFile(output) }

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        let node = try folder.read()
        let old = try UnderOptions.read(older, node)
        let new = try under.signed(node, folder, console)
        let proof = try node.prove(consistencyFrom: old, under: new)
        return try ProveWork(output: output, console: console).finish(
            proof, "that \(new.checkpoint.size) blocks begin with those \(old.checkpoint.size)", file: proof.encoded,
            key: try node.nodeKey())
    }
}
