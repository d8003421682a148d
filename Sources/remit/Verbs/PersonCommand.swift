import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode
import RemitValues

/// Registers and lists persons.
struct PersonCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "person",
        abstract: "Register and list persons.",
        discussion: "Example: remit person add ma --key ma --ledger claims",
        subcommands: [Add.self, List.self])

    /// Registers a person with a key.
    struct Add: Verb {
        static let words = "person add"
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Register a person (or machine account) on the chain, with a key.",
            discussion: "Example: remit person add ma --name \"Ma Li\" --key ma --ledger claims")

        @Argument(help: "The name by which the chain knows the person.")
        var identifier: String

        @Option(help: "The full name.")
        var name: String?

        @Flag(help: "Register a machine account, which acts like a person and fills no seat of a quorum.")
        var machine = false

        @Option(help: "The file of the person's key, if there is one in the ledger's folder.")
        var key: String?

        @OptionGroup var signing: SigningOptions
        @OptionGroup var common: CommonOptions

        func perform(_ console: Console) throws -> Outcome {
            let folder = try common.folder()
            var work = [
                SystemWork(
                    call: machine
                        ? .registerMachine(identifier: TextValue(identifier), name: TextValue(name ?? identifier))
                        : .registerPerson(identifier: TextValue(identifier), name: TextValue(name ?? identifier)),
                    done: "\(identifier) is registered")
            ]
            if let key {
                let file = try folder.keys.key(key)
                work.append(
                    SystemWork(
                        call: .addKey(person: TextValue(identifier), key: file.signer.publicKey),
                        done: "the key \(key) is \(identifier)'s from the next block on"))
            }
            let sender = try signing.sender(common, console)
            return try sender.perform(work, console)
        }
    }

    /// Lists persons.
    struct List: Verb {
        static let words = "person list"
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the persons of the chain.",
            discussion: "Example: remit person list --ledger claims")

        @OptionGroup var common: CommonOptions

        func perform(_ console: Console) throws -> Outcome {
            DirectoryText.list(try common.folder().read().persons(), "person", console)
        }
    }
}
