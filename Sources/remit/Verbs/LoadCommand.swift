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
            out, so a load that was stopped goes on when it is started again. A row that cannot be taken is told with \
            its line, and the others are written.

            A field with `starts` or `optional` may have no column, and one with `starts` an empty cell, unless it is \
            optional: then a row that is there keeps what it has, and a new one begins with what it starts with. \
            Where a column would undo what stands in a field that the contract writes itself, the row is not written; \
            --overwrite writes it, and tells how many there were.

            Example: remit load InsuranceClaim Member Member.csv --as clerk --ledger claims
            """)

    @Argument(help: "The name of the contract.")
    var contract: String

    @Argument(help: "The name of the register.")
    var register: String

    @Argument(help: "The CSV file, plain or gzip.")
    var file: String

    @Flag(help: "Write rows also where they undo what the contract wrote.")
    var overwrite = false

    @OptionGroup var signing: SigningOptions
    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        Interruption.watch()
        let (node, key) = try signing.open(common, console)
        let deployed = try node.keptContract(named: contract)
        let load = RegisterLoad(
            node: node, contract: deployed, register: try RegisterLoad.find(register, of: deployed),
            signer: key.signer, seeds: key.seeds, isOverwriting: overwrite, console: console)
        let report = try load.run(file)
        for name in report.ignored { console.warn("the register has no field \"\(name)\": the column is ignored") }
        for row in report.bad { console.line("not used: line \(row.line): \(row.text)", .doubtful) }
        console.line(
            "\(Counted.text(report.written, "row was", "rows were")) written to \(register), "
                + "\(Counted.text(report.unchanged, "was", "were")) there already")
        if report.overwritten > 0 {
            let rows = Counted.text(report.overwritten, "row")
            console.line("\(rows) of these stood otherwise in fields that \(contract) writes", .doubtful)
        }
        if !report.bad.isEmpty { console.line("\(Counted.text(report.bad.count, "row")) could not be used", .doubtful) }
        if report.wasStopped {
            console.line("Stopped as asked: give the same command again, and it goes on from here", .strong)
        }
        let json = JSONValue.object([
            .init("written", .integer(report.written)), .init("unchanged", .integer(report.unchanged)),
            .init("overwritten", .integer(report.overwritten)),
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
