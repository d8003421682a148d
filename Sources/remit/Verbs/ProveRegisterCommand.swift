import ArgumentParser
import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues

/// Proves what a register holds under a key.
struct ProveRegisterCommand: ProveVerb {
    static let words = "prove register"
    static let configuration = CommandConfiguration(
        commandName: "register",
        abstract: "Prove what a register of a contract held under a key after a block, or that it held nothing.",
        discussion: """
            Private keys are given as they are, and the proof has digests of them, which nobody can open: it proves \
            what the row under this digest held, and not whose row it is. Private fields are not in it, but for those \
            that --disclose names.

            Example: remit prove register MedicalRecord Patient P-4711 --disclose born --out born.proof
            """)

    @Argument(help: "The name of the contract.")
    var contract: String

    @Argument(help: "The name of the register.")
    var register: String

    @Argument(help: "The keys, in the order in which the register has them.")
    var keys: [String]

    @OptionGroup var moment: StateOptions
    @OptionGroup var options: ProveOptions

    func prove(_ node: LedgerNode, under checkpoint: () throws -> SignedCheckpoint) throws -> Proved {
        let values = try RegisterKeys.values(keys, contract, register, node)
        let row = try node.rowKey(contract: contract, register: register, keys: values)
        let proof = try moment.disclosure.disclosing(
            try node.prove(row: row, at: moment.at, under: try checkpoint()), node)
        let name = "\(contract)/\(register) under \(keys.joined(separator: ", "))"
        return (
            proof, proof.isOfAbsence ? "that there was nothing in \(name)" : "what \(name) held", nil
        )
    }

    func caution(_ node: LedgerNode) throws -> String? {
        let declared = try node.contract(named: contract).program.registers
            .first { TextValue($0.name) == TextValue(register) }
        guard let key = declared?.keys.first(where: \.isPrivate) else { return nil }
        return "it has a digest in the place of \(key.name), and does not show whose row this is"
    }
}

/// Reads the keys of a register.
enum RegisterKeys {
    /// The first keys of a register as values of the types that it has them in.
    static func values(
        _ keys: [String], _ contract: String, _ register: String, _ node: LedgerNode
    ) throws -> [Value] {
        let program = try node.contract(named: contract).program
        guard let declared = program.registers.first(where: { TextValue($0.name) == TextValue(register) }),
            declared.keys.count >= keys.count
        else { return keys.map { .text(TextValue($0)) } }
        return try zip(declared.keys, keys).map { key, text in
            guard let type = TargetBridge.type(key.type, in: program), type.isGivable else {
                throw CommandFailure.usage(
                    "the key \(key.name) of \(register) is of a type that cannot be given from outside",
                    hint: "prove the row instead: remit prove row")
            }
            return NormalForm.of(try ArgumentReading.value(.string(text), for: type, name: key.name))
        }
    }
}
