import ArgumentParser
import Foundation
import RemitExchange
import RemitNode

/// Measures what a ledger does in a second on this machine.
struct BenchLedgerCommand: Verb {
    static let words = "bench-ledger"
    static let configuration = CommandConfiguration(
        commandName: "bench-ledger",
        abstract: "Measure how fast this machine commits transactions.",
        discussion: """
            Runs every measurement once a round, one right after another, and prints medians over the rounds.

            Example: remit bench-ledger --folder /var/tmp/bench --rounds 5
            """,
        shouldDisplay: false)

    @Option(help: ArgumentHelp("A folder on the disk to measure; it is made if need be.", valueName: "folder"))
    var folder: String

    @Option(help: ArgumentHelp("The contract that is executed.", valueName: "file"))
    var contract = "Contracts/commercial-claim.remit"

    @Option(
        parsing: .unconditional,
        help: NumberOption.help("The transactions of each measurement.", "count", usually: 10_000),
        transform: NumberOption.from(1000))
    var transactions = 10_000

    @Option(
        parsing: .unconditional, help: NumberOption.help("How often everything is measured.", "count", usually: 5),
        transform: NumberOption.from(1))
    var rounds = 5

    @Option(help: ArgumentHelp("A program that writes the rows of a ledger into a new file.", valueName: "program"))
    var peer: String?

    @Option(
        help: ArgumentHelp("A program that rebuilds the root of a ledger's state.", valueName: "program"))
    var startPeer: String?

    @Flag(help: "Measure updates and starts alone.")
    var growthOnly = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Fail where more memory was used, in mebibytes.", valueName: "count"),
        transform: NumberOption.from(0))
    var memory: Int?

    @Option(
        parsing: .unconditional,
        help: NumberOption.help("Sizes of the state, by powers of ten from 3 to this one.", "exponent", usually: 6),
        transform: NumberOption.reading(3...7))
    var keys = 6

    @Option(help: ArgumentHelp("Measure only what has this name in the table.", valueName: "name"))
    var only: String?

    @OptionGroup var common: PlainOptions

    func perform(_ console: Console) throws -> Outcome {
        let bench = try LedgerBench(
            folder: folder, contract: contract, transactions: growthOnly ? 0 : transactions)
        var table = BenchTable()
        for round in 1...rounds where !growthOnly {
            console.progress("measuring", round - 1, of: rounds)
            table.add("check signatures only, both cores", bench.checking())
            for (name, measure) in measurements(bench) where only.map({ $0 == name }) ?? true {
                table.add(name, try measure())
            }
        }
        console.clearBar()
        if !growthOnly { for line in table.lines { console.line(line) } }
        for exponent in 3...keys {
            var count = 1
            for _ in 0..<exponent { count *= 10 }
            let growth = try bench.growth(keys: count, peer: startPeer)
            console.line(growth.line)
            console.flush()
            if let memory, growth.mebibytes > memory {
                throw CommandFailure.refused("more than \(memory) MiB were used", hint: nil)
            }
        }
        return Outcome(table.json)
    }
}

extension BenchLedgerCommand {
    /// What is measured in a round beside the checking of signatures, in order: rows are those of the blocks before.
    private func measurements(_ bench: LedgerBench) -> [(name: String, measure: () throws -> LedgerBench.Rate)] {
        let count = transactions
        var all: [(String, () throws -> LedgerBench.Rate)] = [
            ("blocks of 1", { try bench.blocks(of: 1, count: count / 20) }),
            ("blocks of 100", { try bench.blocks(of: 100, count: count) }),
            ("rows of blocks of 100 alone", { try bench.rowsAlone() }),
        ]
        if let peer { all.append(("the same rows by a C program", { try bench.peer(peer) })) }
        all.append(("blocks of 1000", { try bench.blocks(of: 1000, count: count) }))
        all.append(("64 submitters, grouped", { try bench.group(count: count) }))
        return all
    }
}

/// Measurements by name, in the order in which they first came.
struct BenchTable {
    private var names: [String] = []
    private var rates: [String: [LedgerBench.Rate]] = [:]

    mutating func add(_ name: String, _ rate: LedgerBench.Rate) {
        if rates[name] == nil { names.append(name) }
        rates[name, default: []].append(rate)
    }

    private func median(_ name: String, _ value: (LedgerBench.Rate) -> Double) -> Double {
        let sorted = (rates[name] ?? []).map(value).sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }

    var lines: [String] {
        let heading = "measurement".padding(toLength: 38, withPad: " ", startingAt: 0)
        return [heading + "       tx/s   p50 ms   p99 ms  cores µs   to checking"]
            + names.map { name in
                let rate = median(name, \.perSecond)
                let base = median(names[0], \.perSecond)
                let label = name.padding(toLength: 38, withPad: " ", startingAt: 0)
                return label
                    + String(
                        format: " %10.0f %8.2f %8.2f %9.1f %13.2f", rate, median(name, \.p50), median(name, \.p99),
                        median(name, \.work), base > 0 ? rate / base : 0)
            }
    }

    var json: JSONValue {
        .array(
            names.map { name in
                .object([
                    .init("name", .string(name)), .init("perSecond", .integer(Int64(median(name, \.perSecond)))),
                    .init("coresNanoseconds", .integer(Int64(median(name, \.work) * 1000))),
                    .init("p50Microseconds", .integer(Int64(median(name, \.p50) * 1000))),
                    .init("p99Microseconds", .integer(Int64(median(name, \.p99) * 1000))),
                ])
            })
    }
}
