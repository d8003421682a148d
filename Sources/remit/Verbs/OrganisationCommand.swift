import ArgumentParser
import RemitExchange
import RemitNode
import RemitValues

/// Registers and lists organisations.
struct OrganisationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organisation",
        abstract: "Register and list organisations.",
        discussion: "Example: remit organisation add river-clinic --name \"River Clinic\" --ledger claims",
        subcommands: [Add.self, List.self])

    /// Registers an organisation.
    struct Add: Verb {
        static let words = "organisation add"
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Register organisations on the chain.",
            discussion: "Example: remit organisation add river-clinic --name \"River Clinic\" --ledger claims")

        @Argument(help: "The names by which the chain knows them.")
        var identifiers: [String]

        @Option(help: "The full name, where one organisation is registered.")
        var name: String?

        @OptionGroup var signing: SigningOptions
        @OptionGroup var common: CommonOptions

        func validate() throws {
            if name != nil, identifiers.count != 1 { throw ValidationError("--name goes with one organisation") }
        }

        func perform(_ console: Console) throws -> Outcome {
            let sender = try signing.sender(common, console)
            let work = identifiers.map { identifier in
                SystemWork(
                    call: .registerOrganisation(
                        identifier: TextValue(identifier), name: TextValue(name ?? identifier)),
                    done: "the organisation \(identifier) is registered")
            }
            return try sender.perform(work, console)
        }
    }

    /// Lists organisations.
    struct List: Verb {
        static let words = "organisation list"
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the organisations of the chain.",
            discussion: "Example: remit organisation list --ledger claims")

        @OptionGroup var common: CommonOptions

        func perform(_ console: Console) throws -> Outcome {
            let entries = try common.folder().read().organisations()
            return DirectoryText.list(entries, "organisation", console)
        }
    }
}

/// Shows the registered organisations or persons.
enum DirectoryText {
    static func list(_ entries: [DirectoryEntry], _ head: String, _ console: Console) -> Outcome {
        var table = TextTable([(head, .left), ("name", .left)])
        for entry in entries { table.add([entry.identifier.string, entry.name.string]) }
        table.lines.forEach { console.line($0) }
        let json = entries.map { entry in
            JSONValue.object([
                .init("identifier", .string(entry.identifier.string)), .init("name", .string(entry.name.string)),
            ])
        }
        return Outcome(.array(json))
    }
}
