import ArgumentParser
import RemitExchange
import RemitLanguage
import RemitRuntime
import RemitValues

/// Shows the code that the register machine runs for a contract.
struct DisassembleCommand: Verb {
    static let words = "disassemble"
    static let configuration = CommandConfiguration(
        commandName: "disassemble",
        abstract: "Show the machine code of a contract, one instruction a line.",
        discussion: """
            Constants stand as =value, case fields by name, other registers by number; behind each instruction stands \
            the line of the contract that it comes from.

            Example: remit disassemble Contracts/insurance-claim.remit --action submit
            """)

    @Argument(help: "The contract file.")
    var file: String

    @Option(help: ArgumentHelp("Only what a transition by this action can run.", valueName: "name"))
    var action: String?

    @OptionGroup var libraries: LibraryOptions
    @OptionGroup var with: WithOptions

    @OptionGroup var common: PlainOptions

    func perform(_ console: Console) throws -> Outcome {
        let contract = try ContractFile(path: file, libraries: libraries.folders, with: with.files)
        let program = try contract.contract()
        let executable = ExecutableProgram(program)
        guard let disassembler = Disassembler(executable) else {
            throw CommandFailure.refused(
                "\(program.name) has no code: \(executable.reasonForReference ?? "")",
                hint: "the reference evaluator runs it")
        }
        let index = try action.map { try BatchActions.find($0, in: program) }
        let lines = disassembler.lines(action: index) { contract.source.position(at: $0).line }
        for line in lines { console.line(line) }
        console.remark(disassembler.summary(action: index), .faint)
        return Outcome(.object([.init("code", .array(lines.map(JSONValue.string)))]))
    }
}
