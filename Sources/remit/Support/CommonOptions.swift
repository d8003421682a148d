import ArgumentParser
import Foundation
import RemitExchange

/// How a verb is to write.
protocol ConsoleOptions: ParsableArguments {
    var json: Bool { get }
    var quiet: Bool { get }
}

/// The flags that every verb takes.
struct PlainOptions: ConsoleOptions {
    @Flag(help: "Write the result as JSON in a versioned envelope.")
    var json = false

    @Flag(help: "Leave out progress, warnings and remarks.")
    var quiet = false
}

/// The flags of a verb whose output is JSON as it is.
struct StreamOptions: ConsoleOptions {
    /// Known, so that it can be said why it is not taken.
    @Flag(help: .hidden)
    var json = false

    @Flag(help: "Leave out progress, warnings and remarks.")
    var quiet = false
}

/// The flags of a verb that works on a ledger.
struct CommonOptions: ConsoleOptions {
    @Option(help: ArgumentHelp("The folder of the ledger (or set REMIT_LEDGER).", valueName: "folder"))
    var ledger: String?

    @OptionGroup var plain: PlainOptions

    var json: Bool { plain.json }
    var quiet: Bool { plain.quiet }

    /// The folder of the ledger, from the flag or the environment.
    func folder() throws(CommandFailure) -> LedgerFolder {
        let path = ledger ?? ProcessInfo.processInfo.environment["REMIT_LEDGER"] ?? ""
        guard !path.isEmpty else {
            throw .usage("no ledger is named", hint: "give --ledger FOLDER, or set REMIT_LEDGER")
        }
        return LedgerFolder(path: path)
    }
}

/// What a verb came to.
struct Outcome {
    let status: Status
    let json: JSONValue

    init(_ json: JSONValue, _ status: Status = .fine) {
        self.json = json
        self.status = status
    }
}

/// A verb of the command line.
protocol Verb: ParsableCommand {
    associatedtype Options: ConsoleOptions
    /// The words by which it is called, as the JSON envelope names it.
    static var words: String { get }
    var common: Options { get }
    /// Does the work; text goes to the console on the way.
    func perform(_ console: Console) throws -> Outcome
}

extension Verb {
    func run() throws {
        let console = Console(json: common.json, quiet: common.quiet)
        do {
            let outcome = try perform(console)
            console.clearBar()
            console.envelope(Self.words, "result", outcome.json)
            console.flush()
            if outcome.status != .fine { throw ExitCode(outcome.status.rawValue) }
        } catch {
            guard let failure = CommandFailure(error) else { throw error }
            Self.report(failure, console)
            throw ExitCode(failure.status.rawValue)
        }
    }

    private static func report(_ failure: CommandFailure, _ console: Console) {
        console.flush()
        console.envelope(words, "error", failure.json)
        console.flush()
        console.complain(failure)
    }
}

extension CommandFailure {
    /// The error as the envelope holds it.
    var json: JSONValue {
        .object([
            .init("code", .string(code)), .init("message", .string(message)),
            .init("hint", hint.map(JSONValue.string) ?? .null),
        ])
    }
}
