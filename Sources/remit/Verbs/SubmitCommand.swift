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
            Arguments are given as name=value; lists and records as JSON. --input takes all of them from a JSON file.

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

    @OptionGroup var signing: SigningOptions
    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        let key = try folder.signer(signing.key, console)
        let node = try folder.write(console)
        let existing = try on.map { try CaseNames.find($0, in: node) }
        // A case goes on under the text that it began with.
        let deployed = try existing.flatMap { try node.contract($0.stored.contract) } ?? node.contract(named: contract)
        let program = deployed.program
        if let existing, TextValue(existing.reference.contract) != TextValue(contract) {
            throw CommandFailure.usage(
                "\(existing.reference) is no case of \(contract)", hint: "name the contract of the case")
        }
        let values: [Value]
        if let isDecline = vote(program) {
            values = try isDecline ? [NormalForm.of(.text(TextValue(reason())))] : noArguments()
        } else {
            values = try ActionArguments(program: program, action: find(program)).values(from: arguments, input: input)
        }
        var writer = try TransactionWriter(node: node, signer: key.signer)
        let transaction = try writer.sign(
            action: action, contract: deployed.digest, arguments: values,
            organisation: try actingFor(node, key, deployed), on: existing)
        let block = try node.commit([transaction])
        guard let execution = block.executions.first else {
            throw CommandFailure(.broken, "chain", "the block has no transaction", hint: "remit verify")
        }
        return ExecutionText(program: program, height: block.header.height).show(execution, console)
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
        guard arguments.count == 1, input == nil, arguments[0].hasPrefix("reason=") else {
            throw .usage("a vote against gives its reason", hint: "add reason=\"…\"")
        }
        return String(arguments[0].dropFirst("reason=".count))
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
        let near = Suggestion.nearest(to: action, among: names).map { "did you mean \($0)? " } ?? ""
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

/// The arguments of an action, read from the command line or from a JSON file.
struct ActionArguments {
    let program: CheckedProgram
    let action: ActionDeclaration

    /// More than any form holds.
    private static let inputLimit = Limits.transactionBytes

    func values(from words: [String], input: String?) throws -> [Value] {
        let targets = TargetBridge.arguments(of: action, in: program)
        let declared = action.enters.map { program.caseFields[$0].name } + action.parameters.map(\.name)
        guard targets.count == declared.count else {
            throw CommandFailure.usage(
                "an argument of \(action.name) is of a type that cannot be given from outside",
                hint: "see the action in the contract")
        }
        var given: [TextValue: JSONValue] = [:]
        for member in try read(input) { given[TextValue(member.key)] = member.value }
        for word in words {
            guard let equals = word.utf8.firstIndex(of: UInt8(ascii: "=")), equals != word.utf8.startIndex else {
                throw CommandFailure.usage("\"\(word)\" is no argument", hint: "write name=value")
            }
            let name = String(word[..<equals])
            let text = String(word[word.utf8.index(after: equals)...])
            guard given.updateValue(try json(text), forKey: TextValue(name)) == nil else {
                throw CommandFailure.usage("\(name) is given twice", hint: "give it once")
            }
        }
        for name in given.keys.sorted() where !declared.contains(where: { TextValue($0) == name }) {
            let near = Suggestion.nearest(to: name.string, among: declared).map { "did you mean \($0)? " } ?? ""
            throw CommandFailure.usage(
                "\(action.name) has no argument \(name)",
                hint: near + (declared.isEmpty ? "it takes none" : "it takes \(declared.joined(separator: ", "))"))
        }
        return try targets.map { name, type in
            if let value = given[TextValue(name)] {
                return NormalForm.of(try ArgumentReading.value(value, for: type, name: name))
            }
            guard case .optional = type else {
                throw CommandFailure.usage(
                    "\(name) is missing", hint: "\(action.name) takes \(declared.joined(separator: ", "))")
            }
            return .absent
        }
    }

    /// JSON where it begins like a list or record, else the text itself.
    private func json(_ text: String) throws -> JSONValue {
        guard let first = text.utf8.first, first == UInt8(ascii: "[") || first == UInt8(ascii: "{") else {
            return .string(text)
        }
        return try JSONValue.parse(Array(text.utf8))
    }

    private func read(_ input: String?) throws -> [JSONValue.Member] {
        guard let input else { return [] }
        let bytes =
            input == "-"
            ? try Files.read(0, "standard input", limit: Self.inputLimit)
            : try Files.read(input, limit: Self.inputLimit)
        guard bytes.count <= Self.inputLimit else {
            throw CommandFailure.files("\(input) is too long", hint: "it may have \(Self.inputLimit) bytes")
        }
        guard let members = try JSONValue.parse(bytes).members else {
            throw CommandFailure.usage("\(input) holds no JSON object", hint: "write {\"name\": value, …}")
        }
        return members
    }
}
