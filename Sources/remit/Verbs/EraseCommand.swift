import ArgumentParser
import Foundation
import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues

/// Erases private values for good.
struct EraseCommand: Verb {
    static let words = "erase"
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Erase private values for good: of a case, of single fields, or about one subject.",
        discussion: """
            Value, salt and seed are deleted from the ledger's vault, and every trace of them goes from its file. The \
            chain keeps its commitments and a signed record of the erasure, and every proof goes on to hold. What \
            stands in earlier backups, in exported vaults and in other copies must be erased there.

            Example: remit erase MedicalRecord/17 --ledger records
            Example: remit erase MedicalRecord/17 --field diagnosis --field findings --yes
            Example: remit erase MedicalRecord --about P-4711
            Example: remit erase --transaction 3f9a0c12
            """)

    @Argument(help: ArgumentHelp("The case; or, with --about, the contract.", valueName: "case|contract"))
    var name: String?

    @Option(name: .customLong("field"), help: "Only this field of the case, and the arguments that it may come from.")
    var fields: [String] = []

    @Option(help: ArgumentHelp("All about this subject, as the contract's `about` names it.", valueName: "value"))
    var about: String?

    @Option(help: ArgumentHelp("The private arguments of this transaction.", valueName: "digest"))
    var transaction: String?

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var signing: SigningOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if (transaction != nil) == (name != nil) {
            throw ValidationError("name a case, a contract and --about, or --transaction")
        }
        if about != nil, transaction != nil { throw ValidationError("--about is for a contract") }
        if !fields.isEmpty, about != nil || transaction != nil {
            throw ValidationError("--field is for a case")
        }
    }

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        let node = try folder.write(console)
        let (scope, told) = try scope(in: node)
        let count = try node.vaultCount(in: scope)
        guard count > 0 else {
            throw CommandFailure(
                .finding, "notFound", "nothing private is kept of \(told)",
                hint: "remit show marks what is private and what was erased")
        }
        try confirm("\(told): \(Counted.text(count, "value or secret", "values and secrets"))")
        let sender = try SystemSender(node: node, key: try folder.signer(signing.key, console))
        let outcome = try sender.perform(
            [SystemWork(call: .erase(scope), done: "what was private of \(told) is erased")], console)
        let left: Int
        let holdsTraces: Bool
        do throws(NodeError) {
            left = try node.vaultCount(in: scope)
            holdsTraces = try node.holdsTraces()
        } catch {
            // The block is on disk. Its traces could not be taken out, and the ledger must be opened anew.
            console.warn(
                "the erasure is in block \(node.head.height), but its traces are still in the ledger's files: "
                    + "\(error.firstCause); make room on the disk or mend it, then let any command write, such as "
                    + "remit tick: it takes them out")
            return Outcome(
                .object([
                    .init("erased", .null), .init("tracesLeft", .boolean(true)), .init("ledger", outcome.json),
                ]), outcome.status)
        }
        if outcome.status == .fine, left == 0 {
            if holdsTraces {
                console.warn(
                    "others are reading the ledger, or its disk is full: traces stay in its files until that is over "
                        + "and it is opened for writing again")
            }
            console.remark("earlier backups and exported vaults still hold it: erase it there as well")
        }
        let json = JSONValue.object([
            .init("erased", .integer(count - left)), .init("tracesLeft", .boolean(holdsTraces)),
            .init("ledger", outcome.json),
        ])
        return Outcome(json, outcome.status)
    }

    private func scope(in node: LedgerNode) throws -> (ErasureScope, String) {
        if let transaction {
            let digest = try TransactionNames.find(transaction, in: node)
            guard let seed = try node.seedCommitment(ofTransaction: digest) else {
                throw CommandFailure(.finding, "notFound", "the transaction brought nothing private")
            }
            return (.transaction(seed), "transaction \(ReceiptText.short(digest))")
        }
        let name = name ?? ""
        guard let about else {
            let view = try CaseNames.find(name, in: node)
            for field in fields where !view.isPrivate(field) {
                let known = zip(view.program.caseFields, view.privacy).filter(\.1.isPrivate).map(\.0.name)
                let near = Suggestion.hint(field, among: known)
                throw CommandFailure.usage(
                    "\(view.reference) has no private field \(field)",
                    hint: near + "its private fields are \(known.joined(separator: ", "))")
            }
            let told = fields.isEmpty ? "" : fields.joined(separator: ", ") + " of "
            return (.ofCase(view.reference, fields: fields), told + view.reference.description)
        }
        let program = try node.contract(named: name).program
        guard let index = program.about, let type = TargetBridge.type(program.caseFields[index].type, in: program)
        else {
            throw CommandFailure.usage(
                "\(name) does not say whom a case is about", hint: "erase case by case: remit erase \(name)/1")
        }
        let value = try ArgumentReading.value(
            about, for: type, name: program.caseFields[index].name, form: NormalForm.of)
        guard let subject = try node.subject(value) else {
            throw CommandFailure(.finding, "notFound", "the chain keeps nothing private")
        }
        return (.subject(subject), about)
    }

    /// Asks on a terminal; elsewhere only `--yes` will do.
    private func confirm(_ what: String) throws {
        guard !yes else { return }
        guard isatty(STDIN_FILENO) == 1, !common.json else {
            throw CommandFailure.usage("this erases \(what), for good", hint: "give --yes if that is meant")
        }
        FileHandle.standardError.write(Data("Erase \(Console.clean(what)), for good? Type yes: ".utf8))
        guard let answer = readLine(), TextValue(answer) == TextValue("yes") else {
            throw CommandFailure.refused("nothing was erased")
        }
    }
}
