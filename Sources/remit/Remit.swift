import ArgumentParser

/// The command line, one file a verb.
@main
struct Remit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remit",
        abstract: "Medical business rules as contracts, and the ledger that keeps their decisions.",
        subcommands: [])
}
