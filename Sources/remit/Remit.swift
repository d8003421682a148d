import ArgumentParser
import Glibc
import RemitLanguage
import RemitValues

/// The command line, one file a verb.
@main
struct Remit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remit",
        abstract: "Medical business rules as contracts, and the ledger that keeps their decisions.",
        discussion: """
            A first ledger:  make demo
            A contract:      remit check Contracts/insurance-claim.remit

            Exit codes: 0 fine, 1 something was found, or what was asked is refused, 2 usage, 3 the chain is broken, \
            4 files. A line that evaluate refuses is a decision, and no reason to end with 1.
            """,
        version: "0.1.0",
        subcommands: [
            AdjudicateCommand.self,
            BacktestCommand.self,
            BackupCommand.self,
            BenchChainCommand.self,
            BenchLedgerCommand.self,
            CasesCommand.self,
            CheckCommand.self,
            CheckProofCommand.self,
            CheckpointCommand.self,
            CompareCommand.self,
            CosignCommand.self,
            DelegateCommand.self,
            DemoCommand.self,
            DeployCommand.self,
            DepositCommand.self,
            DisassembleCommand.self,
            DoctorCommand.self,
            EndorseCommand.self,
            EraseCommand.self,
            EvaluateCommand.self,
            ExplainCommand.self,
            ExportCommand.self,
            ExtendCalendarCommand.self,
            FormatCommand.self,
            GrantCommand.self,
            ImportCommand.self,
            InitCommand.self,
            KeyCommand.self,
            LoadCommand.self,
            LogCommand.self,
            LspCommand.self,
            MeasureCommand.self,
            MeasureCheckCommand.self,
            MutateCommand.self,
            OrganisationCommand.self,
            PersonCommand.self,
            PrintCommand.self,
            ProposalsCommand.self,
            ProveCommand.self,
            QuorumCommand.self,
            RenounceCommand.self,
            RestoreCommand.self,
            RevokeCommand.self,
            SampleCommand.self,
            SendCommand.self,
            ShowCommand.self,
            SnapshotCommand.self,
            SubmitCommand.self,
            TableCommand.self,
            TestCommand.self,
            TickCommand.self,
            VerifyCommand.self,
            VersionsCommand.self,
            WhyCommand.self,
        ])

    /// Runs the command line; a mistake in it ends with the status that scripts know as usage.
    static func main() {
        // A reader that goes away is seen where the output is written.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot(CommandLine.arguments.dropFirst().map(NormalForm.argument))
            try command.run()
        } catch {
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            let console = Console(json: false, quiet: false)
            if let failure = unknownVerb() {
                console.complain(failure)
            } else {
                let text = fullMessage(for: error)
                console.usage(text.hasPrefix("Error: ") ? "error: \(text.dropFirst(7))" : text)
            }
            Glibc.exit(Status.usage.rawValue)
        }
    }

    /// What is wrong where the first word is no verb; nil where it is one.
    private static func unknownVerb() -> CommandFailure? {
        guard let word = CommandLine.arguments.dropFirst().first, word.utf8.first != UInt8(ascii: "-") else {
            return nil
        }
        let verbs = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard !verbs.contains(where: { TextValue($0) == TextValue(word) }) else { return nil }
        let near = Suggestion.hint(word, among: verbs, verb: "remit ")
        return .usage("there is no verb \(word)", hint: near + "remit --help lists them")
    }
}
