import ArgumentParser
import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues

/// Performs one action of a contract and shows what became of it.
struct SubmitCommand: Verb {
    static let words = "submit"
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Perform one action of a contract, or vote in one of its rounds.",
        discussion: """
            Arguments are given as name=value; lists and records as JSON; lengths of time in seconds; a document as \
            name=@FILE, of which only the digest, media type and size go to the chain. An optional argument that is to \
            be absent is left out or given as name=null, a text too; the text null itself comes from --input. Private \
            arguments stay in the ledger's vault, and the chain gets commitments to them. --input takes all of them \
            from a JSON file, whose values stand as in a line of remit evaluate.

            --sign-only signs without deciding: the transaction goes to a file, with its private arguments in the \
            open, for `remit send` where the ledger is written. Several of one key are numbered with --sequence.

            Each submit is a block of its own, and one command writes at a time. Where many submit, let them put \
            signed files into a folder that remit tick --watch --inbox empties, or write them to a pipe that remit \
            send reads: what arrives while a block is written shares the next one.

            Example: remit submit InsuranceClaim settle --on InsuranceClaim/17 --as chen --ledger claims
            Example: remit submit EmergencyDisbursement "approve funding" --on EmergencyDisbursement/3 --as wang
            Example: remit submit EmergencyDisbursement "decline funding" reason="It can wait" --on … --as lu
            Example: remit submit Gloves order ward=Surgery size=medium pairs=20 --as lin --for clinic --ledger stores
            """)

    @Argument(help: "The name of the contract.")
    var contract: String

    @Argument(help: "The name of the action; or `approve` or `decline` and the name of an approval, in quotes.")
    var action: String

    @Argument(help: "Arguments, as name=value.")
    var arguments: [String] = []

    @Option(help: ArgumentHelp("The case to act on, such as InsuranceClaim/17.", valueName: "case"))
    var on: String?

    @Option(name: .customLong("for"), help: "The organisation that the key's owner acts for.")
    var organisation: String?

    @Option(help: ArgumentHelp("A JSON file with the arguments by name (- for standard input).", valueName: "file"))
    var input: String?

    @Flag(help: "Only sign the transaction, for remit send.")
    var signOnly = false

    @Option(help: ArgumentHelp("With --sign-only: the file to write.", valueName: "file"))
    var out: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "With --sign-only: the key's sequence number; its next one if left out.", valueName: "number"),
        transform: NumberOption.from(0))
    var sequence: UInt64?

    @OptionGroup var signing: SigningOptions
    @OptionGroup var waiting: WaitOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard signOnly == (out != nil) else { throw ValidationError("--sign-only and --out FILE go together") }
        if sequence != nil, !signOnly { throw ValidationError("--sequence is for --sign-only") }
    }

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        let key = try folder.signer(signing.key, console)
        let node = try signOnly ? folder.read() : folder.write(console, wait: waiting.wait)
        let existing = try on.map { try CaseNames.find($0, in: node) }
        // A case goes on under the text that it began with.
        let deployed =
            try existing.flatMap { try node.contract($0.stored.contract) } ?? node.openingContract(named: contract)
        let program = deployed.program
        if let existing, TextValue(existing.reference.contract) != TextValue(contract) {
            throw CommandFailure.usage(
                "\(existing.reference) is no case of \(contract)", hint: "name the contract of the case")
        }
        let values: [Value]
        if let isDecline = vote(program) {
            values = try isDecline ? [NormalForm.of(.text(TextValue(reason())))] : noArguments()
        } else {
            values = try ActionArguments(program: program, action: find(program), node: node).values(
                from: arguments, input: input)
        }
        var writer = try TransactionWriter(node: node, signer: key.signer, seeds: key.seeds)
        if let sequence { try writer.goOn(with: sequence) }
        let transaction = try writer.sign(
            action: action, contract: deployed.digest, arguments: values,
            organisation: try actingFor(node, key, deployed), on: existing)
        if let out { return try write(transaction, to: out, console) }
        let block = try node.commit([transaction])
        guard let execution = block.executions.first else {
            throw CommandFailure(.broken, "chain", "the block has no transaction", hint: "remit verify")
        }
        return ExecutionText(program: program, height: block.header.height).show(execution, console)
    }

    private func write(_ transaction: Transaction, to file: String, _ console: Console) throws -> Outcome {
        let bytes = Array(SignedFile.line(transaction).utf8)
        try Files.replace(file, bytes, isPrivate: transaction.sideCar != nil)
        console.line("transaction \(ReceiptText.short(transaction.digest)) is signed in \(file)", .good)
        if transaction.sideCar != nil {
            console.line("its private arguments are in the file for whoever has it", .doubtful)
        }
        console.remark("send it: remit send \(file)", .faint)
        let body = transaction.body
        return Outcome(
            .object([
                .init("file", .string(file)), .init("transaction", .string(transaction.digest.hex)),
                .init("sequence", .integer(body.sequence)), .init("expiry", .integer(body.expiry)),
            ]))
    }

    /// Whether a vote is given, and then whether it is one against.
    private func vote(_ program: CheckedProgram) -> Bool? {
        for approval in program.approvals {
            if TextValue(action) == TextValue("approve \(approval.name)") { return false }
            if TextValue(action) == TextValue("decline \(approval.name)") { return true }
        }
        return nil
    }

    private func reason() throws(CommandFailure) -> String {
        let beginning = "reason=".utf8
        guard arguments.count == 1, input == nil, arguments[0].utf8.starts(with: beginning) else {
            throw .usage("a vote against gives its reason", hint: "add reason=\"…\"")
        }
        return String(Substring(arguments[0].utf8.dropFirst(beginning.count)))
    }

    private func noArguments() throws(CommandFailure) -> [Value] {
        guard arguments.isEmpty, input == nil else {
            throw .usage("a signature has no arguments", hint: "leave them out")
        }
        return []
    }

    private func find(_ program: CheckedProgram) throws(CommandFailure) -> ActionDeclaration {
        if let found = program.actions.first(where: { TextValue($0.name) == TextValue(action) }) { return found }
        let names =
            program.actions.map(\.name)
            + program.approvals.flatMap { ["approve \($0.name)", "decline \($0.name)"] }
        let near = Suggestion.hint(action, among: names)
        throw .usage(
            "\(program.name) has no action \(action)", hint: near + "its actions are \(names.joined(separator: ", "))")
    }

    /// The organisation given; else the only one in which the key's owner holds a role; else the contract's home.
    private func actingFor(_ node: LedgerNode, _ key: KeyFile, _ contract: DeployedContract) throws -> TextValue {
        if let organisation { return TextValue(organisation) }
        guard let person = try node.owner(of: key.signer.publicKey) else { return contract.home.identifier }
        let places = try node.organisations(of: person.identifier)
        if places.count == 1, let only = places.first { return only }
        if places.isEmpty || places.contains(contract.home.identifier) { return contract.home.identifier }
        let names = places.map(\.string).joined(separator: ", ")
        throw CommandFailure.usage("whom does \(person) act for?", hint: "give --for with one of \(names)")
    }
}
