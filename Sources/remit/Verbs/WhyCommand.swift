import ArgumentParser
import RemitExchange
import RemitLanguage
import RemitNode
import RemitValues

/// Explains a decision in sentences, by executing it again.
struct WhyCommand: Verb {
    static let words = "why"
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Explain a decision in sentences: what decided, on which values, by which rule.",
        discussion: """
            The decision is executed again on the state before it and compared with the recorded receipt.

            Where that needs private values, the ledger's vault gives them; --public tells what a stranger may know.

            Example: remit why InsuranceClaim/17 --ledger claims
            --letter writes to the person whom the last decision concerns; --json gives the whole trace as data.

            Example: remit why 3f9a0c12 --ledger claims     (a transaction, by the beginning of its digest)
            Example: remit why InsuranceClaim/17 --letter --language zh --words claim.words.json --ledger claims
            """)

    @Argument(help: ArgumentHelp("A case, or a transaction's digest or its beginning.", valueName: "case|transaction"))
    var subject: String

    @Flag(name: .customLong("public"), help: "Tell only what a stranger may know: outcome and findings.")
    var isPublic = false

    @Flag(help: "Write a plain letter about the last decision, to the person whom it concerns.")
    var letter = false

    @Option(help: "The language of the letter: en or zh.")
    var language: PrintCommand.Tongue = .en

    @Option(
        name: .customLong("words"), help: ArgumentHelp("A word list for the letter, as for print.", valueName: "file"))
    var wordList: String?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if letter, isPublic { throw ValidationError("a letter tells the values that decided: leave out --public") }
        if !letter, wordList != nil || language != .en {
            throw ValidationError("--language and --words are for a letter: add --letter")
        }
    }

    func perform(_ console: Console) throws -> Outcome {
        let node = try common.folder().read()
        let accounts = try accounts(node)
        if letter {
            guard let last = accounts.last(where: { $0.basis != nil }) ?? accounts.last else {
                throw CommandFailure(.finding, "letter", "nothing was decided on \(subject)", hint: "remit show")
            }
            let text = try LetterText(language: language.language, wordList: wordList).text(last, node)
            console.verbatim(text)
            return Outcome(.object([.init("letter", .string(text))]))
        }
        for account in accounts { account.show(console) }
        return Outcome(.array(accounts.map(\.json)))
    }

    /// The decisions in the order of the chain: a block runs what has fallen due before its transactions.
    private func accounts(_ node: LedgerNode) throws -> [DecisionAccount] {
        guard subject.utf8.contains(UInt8(ascii: "/")) else {
            let explanation = try node.explain(transaction: try TransactionNames.find(subject, in: node))
            return [try DecisionAccount(explanation, node, isPublic: isPublic)]
        }
        let reference = try CaseNames.parse(subject)
        let explanations = try node.explain(case: reference)
        var work = try node.deadlineWork(of: reference)[...]
        var told: [DecisionAccount] = []
        for explanation in explanations {
            while let next = work.first, next.height <= explanation.height {
                told.append(DecisionAccount(next, isPublic: isPublic))
                work.removeFirst()
            }
            told.append(try DecisionAccount(explanation, node, isPublic: isPublic))
        }
        return told + work.map { DecisionAccount($0, isPublic: isPublic) }
    }
}
