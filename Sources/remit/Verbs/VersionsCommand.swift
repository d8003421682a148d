import ArgumentParser
import RemitAnalysis
import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitValues

/// Lists the versions of a contract on the chain.
struct VersionsCommand: Verb {
    static let words = "versions"
    static let configuration = CommandConfiguration(
        commandName: "versions",
        abstract: "List the versions of a contract: which one opens cases, which ones wait for their day.",
        discussion: """
            With --next it says what deploying a version would change on this ledger, without deploying it: what \
            remit check --against says of two files, and how many rows of registers break an invariant that is new. \
            It ends with 1 where the version would be refused.

            Example: remit versions InsuranceClaim --ledger claims
                     remit versions InsuranceClaim --next new.remit --ledger claims
            """)

    @Argument(help: "The name of the contract.")
    var contract: String

    @Option(help: ArgumentHelp("A version that is to follow: say what deploying it would change.", valueName: "file"))
    var next: String?

    @OptionGroup var libraries: LibraryOptions
    @OptionGroup var with: WithOptions

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let node = try common.folder().read()
        if let next { return try tell(next, node, console) }
        var listed: [JSONValue] = []
        for version in try node.versions(of: contract) {
            let deployed = version.contract
            let program = deployed.program
            console.line(
                "version \(program.version)  block \(deployed.since)  \(ReceiptText.short(deployed.digest))  "
                    + Self.standing(version), version.isInForce ? .strong : .plain)
            for (library, digest) in version.libraries {
                console.line("  with \(library.name) version \(library.version)  \(ReceiptText.short(digest))")
            }
            listed.append(Self.json(version))
        }
        return Outcome(.object([.init("contract", .string(contract)), .init("versions", .array(listed))]))
    }

    /// Says what deploying a version would change.
    private func tell(_ path: String, _ node: LedgerNode, _ console: Console) throws -> Outcome {
        let file = try ContractFile(path: path, libraries: libraries.folders, with: with.files)
        let program = try file.contract()
        guard TextValue(program.name) == TextValue(contract) else {
            throw CommandFailure.usage(
                "\(path) holds \(program.name), and no version of \(contract)", hint: "name the contract that it holds")
        }
        _ = try node.versions(of: contract)
        let changes = try node.changes(deploying: program)
        VersionText.show(changes, in: file.source, console)
        if changes.isEmpty { console.line("\(path) breaks nothing", .good) }
        return Outcome(
            .object([
                .init("contract", .string(contract)), .init("next", .integer(program.version)),
                .init("changes", VersionText.json(changes, in: file.source)),
            ]), changes.first?.gravity == .breaking ? .finding : .fine)
    }

    private static func standing(_ version: VersionSummary) -> String {
        let program = version.contract.program
        if let begins = version.begins { return "begins at \(begins.zonedText(offset: program.timezone))" }
        guard version.isInForce else { return "only for cases that began under it" }
        if let migrating = version.migrating {
            return "opens new cases; cases \(migrating.lowerBound) to \(migrating.upperBound) are still to be migrated"
        }
        return "opens new cases"
    }

    private static func json(_ version: VersionSummary) -> JSONValue {
        let deployed = version.contract
        return .object([
            .init("version", .integer(deployed.program.version)), .init("digest", .string(deployed.digest.hex)),
            .init("block", .integer(deployed.since)), .init("inForce", .boolean(version.isInForce)),
            .init("begins", version.begins.map { .string($0.utcText) } ?? .null),
            .init("toMigrate", version.migrating.map { .integer(Int64($0.count)) } ?? .integer(0)),
            .init(
                "libraries",
                .array(
                    version.libraries.map { library, digest in
                        .object([
                            .init("name", .string(library.name)), .init("version", .integer(library.version)),
                            .init("digest", .string(digest.hex)),
                        ])
                    })),
        ])
    }
}
