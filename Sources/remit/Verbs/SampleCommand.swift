import ArgumentParser
import RemitExchange

/// Makes synthetic claims with the registers that adjudicate them.
struct SampleCommand: Verb {
    static let words = "sample"
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Make synthetic claims in FHIR R4, with registers, for the contract InsuranceClaim.",
        discussion: """
            The same number and seed give the same bytes. About a quarter of the claims have a fault on purpose. \
            They are of the first months of 2026, to be received by the end of that year: with \
            REMIT_CLOCK=2026-06-01T00:00:00Z a ledger takes them in on the first of June.

            Example: remit sample --claims 1000 --seed 7 --folder sample
            """)

    @Option(
        parsing: .unconditional, help: NumberOption.help("How many claims.", usually: 1000),
        transform: NumberOption.from(0))
    var claims = 1000

    @Option(
        parsing: .unconditional, help: NumberOption.help("The seed.", usually: 1),
        transform: NumberOption.from(0))
    var seed: UInt64 = 1

    @Option(help: "The folder that the files are written to.")
    var folder: String

    @OptionGroup var common: PlainOptions

    func perform(_ console: Console) throws -> Outcome {
        let generator = SampleGenerator(claims: claims, seed: seed)
        let registers = try SampleFolder.write(generator, to: folder)
        console.line("\(claims) claims are in \(folder)/\(SampleFolder.claims)")
        for register in registers { console.line("the register \(register.name) is in \(register.path)") }
        return Outcome(
            .object([
                .init("claims", .string("\(folder)/\(SampleFolder.claims)")), .init("count", .integer(claims)),
                .init(
                    "registers",
                    .array(
                        registers.map {
                            .object([.init("name", .string($0.name)), .init("path", .string($0.path))])
                        })),
            ]))
    }
}
