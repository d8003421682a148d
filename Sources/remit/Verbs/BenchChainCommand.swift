import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode

/// Makes a long chain of claims, to measure and to verify.
struct BenchChainCommand: Verb {
    static let words = "bench-chain"
    static let configuration = CommandConfiguration(
        commandName: "bench-chain",
        abstract: "Make a long chain of claims in a new folder.",
        discussion: "Example: remit bench-chain /var/tmp/long --blocks 100000",
        shouldDisplay: false)

    @Argument(help: "The folder of the new ledger, without keys.")
    var folder: String

    @Option(
        parsing: .unconditional,
        help: NumberOption.help("The blocks after those that found the chain.", "count", usually: 100_000),
        transform: NumberOption.from(0))
    var blocks = 100_000

    @Option(
        parsing: .unconditional, help: NumberOption.help("The transactions of each block.", "count", usually: 1),
        transform: NumberOption.from(1))
    var size = 1

    @Option(help: ArgumentHelp("The contract that is executed.", valueName: "file"))
    var contract = "Contracts/commercial-claim.remit"

    @Option(
        help: ArgumentHelp("NDJSON of the claims, taken again and again (else claims of our own).", valueName: "file"))
    var claims: String?

    @OptionGroup var common: PlainOptions

    func perform(_ console: Console) throws -> Outcome {
        guard (1...10_000_000).contains(blocks), (1...1000).contains(size) else {
            throw CommandFailure.usage("1 to 10,000,000 blocks of 1 to 1000 transactions", hint: "see --help")
        }
        let bench = try LedgerBench(folder: folder, contract: contract, transactions: 0)
        let claims = try claims.map { try bench.claims(of: $0) } ?? []
        let head = try bench.chain(blocks: blocks, size: size, claims: claims) { done in
            console.progress("committing", done, of: blocks)
        }
        console.clearBar()
        console.line("\(head.height + 1) blocks are in \(folder), head \(head.digest.hex)", .good)
        return Outcome(.object([.init("blocks", .integer(head.height + 1)), .init("head", .string(head.digest.hex))]))
    }
}
