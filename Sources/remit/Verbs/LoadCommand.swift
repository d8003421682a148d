import ArgumentParser
import RemitExchange
import RemitNode

/// Loads a register from CSV.
struct LoadCommand: Verb {
    static let words = "load"
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Load a register of a contract from CSV.",
        discussion: """
            The columns have the names of the register's keys and fields. Rows that are on the chain already are left \
            out, so a load that was stopped goes on when it is started again.

            Example: remit load InsuranceClaim Member Member.csv --as clerk --ledger claims
            """)

    @Argument(help: "The name of the contract.")
    var contract: String

    @Argument(help: "The name of the register.")
    var register: String

    @Argument(help: "The CSV file, plain or gzip.")
    var file: String

    @OptionGroup var signing: SigningOptions
    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        Interruption.watch()
        let (node, key) = try signing.open(common, console)
        let deployed = try node.keptContract(named: contract)
        let load = RegisterLoad(
            node: node, contract: deployed, register: try RegisterLoad.find(register, of: deployed),
            signer: key.signer, seeds: key.seeds, console: console)
        let report = try load.run(file)
        for name in report.ignored { console.warn("the register has no field \"\(name)\": the column is ignored") }
        for row in report.bad { console.line("not used: line \(row.line): \(row.text)", .doubtful) }
        console.line(
            "\(Counted.text(report.written, "row was", "rows were")) written to \(register), "
                + "\(Counted.text(report.unchanged, "was", "were")) there already")
        if !report.bad.isEmpty { console.line("\(Counted.text(report.bad.count, "row")) could not be used", .doubtful) }
        if report.wasStopped {
            console.line("Stopped as asked: give the same command again, and it goes on from here", .strong)
        }
        let json = JSONValue.object([
            .init("written", .integer(report.written)), .init("unchanged", .integer(report.unchanged)),
            .init("transactions", .integer(report.transactions)), .init("stopped", .boolean(report.wasStopped)),
            .init("ignoredColumns", .array(report.ignored.map(JSONValue.string))),
            .init(
                "unusable",
                .array(
                    report.bad.map {
                        .object([.init("line", .integer($0.line)), .init("text", .string($0.text))])
                    })),
        ])
        return Outcome(json, report.bad.isEmpty && !report.wasStopped ? .fine : .finding)
    }
}
