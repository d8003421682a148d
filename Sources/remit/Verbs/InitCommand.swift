import ArgumentParser
import RemitExchange
import RemitLedger
import RemitNode
import RemitValues

/// Makes a new ledger: its folder, the first keys, and block 0.
struct InitCommand: Verb {
    static let words = "init"
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a new ledger.",
        discussion: """
            Makes the folder with the chain and the keys of the node and of the first administrator.

            Example: remit init --ledger claims --organisation insurer --administrator ann
            """)

    @Option(help: ArgumentHelp("The name of the chain.", valueName: "name"))
    var chain = "remit"

    @Option(help: ArgumentHelp("The founding organisation, whose administrators admit others.", valueName: "name"))
    var organisation = "home"

    @Option(help: ArgumentHelp("The first administrator.", valueName: "person"))
    var administrator = "administrator"

    @Flag(help: "Make keys that anybody can know, for demonstrations that repeat to the byte.")
    var unsafeDemoKeys = false

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> Outcome {
        let folder = try common.folder()
        guard !Files.exists(folder.chain) else {
            throw CommandFailure.files(
                "there is a ledger in \(folder.path) already", hint: "choose another folder, or move that one away")
        }
        let facts = try Self.found(
            folder, chain: chain, organisation: organisation, administrator: administrator,
            unsafeKeys: unsafeDemoKeys, clock: try Clocks.chosen())
        console.line("the ledger \(chain) is in \(folder.path)", .good)
        console.remark("genesis \(facts.genesis.hex)")
        console.remark("keys of \(administrator) and of the node are in \(folder.keys.folder): keep them safe")
        console.remark("next: remit deploy FILE --ledger \(folder.path)")
        return Outcome(
            .object([
                .init("ledger", .string(folder.path)), .init("genesis", .string(facts.genesis.hex)),
                .init("organisation", .string(organisation)), .init("administrator", .string(administrator)),
            ]))
    }

    /// Makes the keys and block 0; no key is left behind where the ledger could not be made.
    static func found(
        _ folder: LedgerFolder, chain: String, organisation: String, administrator: String, unsafeKeys: Bool,
        clock: any Clock
    ) throws -> LedgerNode {
        try Files.makeFolder(folder.path, mode: 0o755)
        func key(_ name: String, _ person: String) throws(CommandFailure) -> KeyFile {
            // What an interrupted init left is taken up again: a key that signed nothing is as good as a new one.
            if try folder.keys.has(name) { return try folder.keys.key(name) }
            let key =
                unsafeKeys
                ? try KeyFile.demonstration(name: name, person: person)
                : try KeyFile.random(name: name, person: person)
            try folder.keys.save(key)
            return key
        }
        for name in [chain, organisation, administrator] {
            guard !name.isEmpty, name.utf8.count <= Limits.nameBytes else {
                throw CommandFailure.usage(
                    "\"\(name)\" cannot be a name", hint: "names have 1 to \(Limits.nameBytes) bytes")
            }
        }
        let administratorKey = try key(LedgerFolder.administratorKey, administrator)
        let nodeKey = try key(LedgerFolder.nodeKey, LedgerFolder.nodeKey)
        let founding = SystemCall.Founding(
            chain: TextValue(chain), organisation: TextValue(organisation), organisationName: TextValue(organisation),
            administrator: TextValue(administrator), administratorName: TextValue(administrator),
            administratorKey: administratorKey.signer.publicKey, nodeKey: nodeKey.signer.publicKey)
        return try LedgerNode.create(
            path: folder.chain, founding: founding, administrator: administratorKey.signer, node: nodeKey.signer,
            clock: clock)
    }
}
