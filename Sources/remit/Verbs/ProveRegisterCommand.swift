import ArgumentParser
import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues

/// Proves what a register holds under a key.
struct ProveRegisterCommand: Verb {
    static let words = "prove register"
    static let configuration = CommandConfiguration(
        commandName: "register",
        abstract: "Prove what a register of a contract held under a key after a block, or that it held nothing.",
        discussion: """
            Private keys are given as they are, and the proof has digests of them; private fields are not in it, but \
            for those that --disclose names.

            Example: remit prove register MedicalRecord Patient P-4711 --disclose born --out born.proof
            """)

    @Argument(help: "The name of the contract.")
    var contract: String

    @Argument(help: "The name of the register.")
    var register: String

    @Argument(help: "The keys, in the order in which the register has them.")
    var keys: [String]

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
        let row = try node.rowKey(contract: contract, register: register, keys: try values(node))
        let proof = try disclosure.disclosing(
            try node.prove(row: row, at: at, under: try under.signed(node, folder, console)), node)
        let name = "\(contract)/\(register) under \(keys.joined(separator: ", "))"
        var words = "what \(name) held"
        if case .state(_, let state) = proof.content, case .absent = state.claim {
            words = "that there was nothing in \(name)"
        }
        return try ProveWork(output: output, console: console).finish(
            proof, words, file: proof.encoded, key: try node.nodeKey())
    }

    /// The keys as values of the types that the register has them in.
    private func values(_ node: LedgerNode) throws -> [Value] {
        let program = try node.contract(named: contract).program
        guard let declared = program.registers.first(where: { TextValue($0.name) == TextValue(register) }),
            declared.keys.count == keys.count
        else { return keys.map { .text(TextValue($0)) } }
        return try zip(declared.keys, keys).map { key, text in
            guard let type = TargetBridge.type(key.type, in: program) else {
                throw CommandFailure.usage(
                    "the key \(key.name) of \(register) is of a type that cannot be given from outside",
                    hint: "prove the row instead: remit prove row")
            }
            return NormalForm.of(try ArgumentReading.value(.string(text), for: type, name: key.name))
        }
    }
}
