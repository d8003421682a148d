import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode
import RemitValues

/// Makes, lists and registers keys.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make, list and register keys.",
        discussion: "Example: remit key new ma --person ma --ledger claims",
        subcommands: [New.self, List.self, Add.self, Rotate.self, Revoke.self])

    /// Makes a key file.
    struct New: Verb {
        static let words = "key new"
        static let configuration = CommandConfiguration(
            commandName: "new", abstract: "Make a key and keep it in the ledger's folder, for its owner only.",
            discussion: "Example: remit key new ma --person ma --ledger claims")

        @Argument(help: "The name of the key's file.")
        var name: String

        @Option(help: "Whose key it is (the key's name if left out).")
        var person: String?

        @Flag(help: "Make a key that anybody can know, for demonstrations.")
        var unsafeDemoKey = false

        @OptionGroup var common: CommonOptions

        func perform(_ console: Console) throws -> Outcome {
            let folder = try common.folder()
            let keys = folder.keys
            let owner = person ?? name
            let key =
                unsafeDemoKey
                ? try KeyFile.demonstration(name: name, person: owner) : try KeyFile.random(name: name, person: owner)
            try keys.save(key)
            console.line("the key \(name) of \(owner) is in \(try keys.path(name))", .good)
            console.remark("public key \(key.signer.publicKey)")
            // Keys are made before there is a ledger, too.
            let isKnown = (try? folder.read().hasPerson(TextValue(owner))) ?? false
            console.remark("next: remit " + (isKnown ? "key add \(name)" : "person add \(owner) --key \(name)"))
            return Outcome(KeyCommand.json(key))
        }
    }

    /// Lists the key files of a ledger.
    struct List: Verb {
        static let words = "key list"
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the keys in the ledger's folder; secrets are never shown.",
            discussion: "Example: remit key list --ledger claims")

        @OptionGroup var common: CommonOptions

        func perform(_ console: Console) throws -> Outcome {
            let keys = try common.folder().keys
            var table = TextTable([("key", .left), ("person", .left), ("public key", .left), ("", .left)])
            var listed: [JSONValue] = []
            for name in keys.names() {
                let key = try keys.key(name)
                table.add([name, key.person, key.signer.publicKey.hex, key.isUnsafe ? "unsafe" : ""])
                listed.append(KeyCommand.json(key))
            }
            if listed.isEmpty {
                console.line("there are no keys in \(keys.folder)")
            } else {
                table.lines.forEach { console.line($0) }
            }
            return Outcome(.array(listed))
        }
    }

    /// Registers a key for a person on the chain.
    struct Add: Verb {
        static let words = "key add"
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Register a key for a person on the chain.",
            discussion: "Example: remit key add ma-laptop --person ma --ledger claims")

        @Argument(help: "The name of the key's file, or a public key of 64 hexadecimal digits.")
        var key: String

        @Option(help: "Whose key it is (as the key's file says, if left out).")
        var person: String?

        @OptionGroup var signing: SigningOptions
        @OptionGroup var common: CommonOptions

        func perform(_ console: Console) throws -> Outcome {
            let folder = try common.folder()
            let publicKey: PublicKey
            let owner: String
            if let known = PublicKey(hex: key) {
                guard let person else {
                    throw CommandFailure.usage("whose key is it?", hint: "give --person NAME with a public key")
                }
                (publicKey, owner) = (known, person)
            } else {
                let file = try folder.keys.key(key)
                (publicKey, owner) = (file.signer.publicKey, person ?? file.person)
            }
            let sender = try signing.sender(common, console)
            let call = SystemCall.addKey(person: TextValue(owner), key: publicKey)
            return try sender.perform(
                [SystemWork(call: call, done: "the key \(publicKey) is \(owner)'s from the next block on")], console)
        }
    }

    /// Replaces the signing key by a new one.
    struct Rotate: Verb {
        static let words = "key rotate"
        static let configuration = CommandConfiguration(
            commandName: "rotate", abstract: "Put a new key in the place of one's own; the old one ends.",
            discussion: "Example: remit key rotate ma ma-2026 --ledger claims")

        @Argument(help: "The name of the key's file.")
        var old: String

        @Argument(help: "The name of the new key's file; it is made where there is none.")
        var new: String

        @Flag(help: "Make a key that anybody can know, for demonstrations.")
        var unsafeDemoKey = false

        @OptionGroup var common: CommonOptions

        func perform(_ console: Console) throws -> Outcome {
            let folder = try common.folder()
            let key = try folder.signer(old, console)
            if try !folder.keys.has(new) {
                try folder.keys.save(
                    unsafeDemoKey
                        ? KeyFile.demonstration(name: new, person: key.person)
                        : KeyFile.random(name: new, person: key.person))
            }
            let publicKey = try folder.keys.key(new).signer.publicKey
            let sender = try SystemSender(node: try folder.write(console), key: key)
            let work = SystemWork(
                call: .rotateKey(publicKey), done: "\(new) is \(key.person)'s key from the next block on, \(old) ends")
            return try sender.perform([work], console)
        }
    }

    /// Ends a key.
    struct Revoke: Verb {
        static let words = "key revoke"
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "End a key from the next block on; what it signed before stays good.",
            discussion: "Example: remit key revoke ma --ledger claims")

        @Argument(help: "The name of the key's file, or a public key of 64 hexadecimal digits.")
        var key: String

        @OptionGroup var signing: SigningOptions
        @OptionGroup var common: CommonOptions

        func perform(_ console: Console) throws -> Outcome {
            let folder = try common.folder()
            let publicKey = try PublicKey(hex: key) ?? folder.keys.key(key).signer.publicKey
            let sender = try signing.sender(common, console)
            return try sender.perform(
                [SystemWork(call: .revokeKey(publicKey), done: "the key \(key) ends with this block")], console)
        }
    }

    private static func json(_ key: KeyFile) -> JSONValue {
        .object([
            .init("name", .string(key.name)), .init("person", .string(key.person)),
            .init("publicKey", .string(key.signer.publicKey.hex)), .init("unsafe", .boolean(key.isUnsafe)),
        ])
    }
}
