import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues

/// Writes the letter about a decision.
struct LetterText {
    let language: PageLanguage
    /// The file of a word list.
    let wordList: String?

    /// The letter as plain text.
    func text(_ account: DecisionAccount, _ node: LedgerNode) throws -> String {
        guard let (program, source, transition) = account.basis else {
            throw CommandFailure(
                .finding, "letter", "there is no account of this decision to write of",
                hint: "a letter is about what a contract decided, where its values are at hand")
        }
        let parsed = RemitLanguage.parse(source)
        guard let contract = parsed.contract else {
            throw CommandFailure(.broken, "chain", "the contract's text cannot be read", hint: "remit verify")
        }
        let list = try wordList.map { try WordListFile.read($0, language, for: contract) } ?? WordList()
        let words = ReaderWords(contract, language: language, words: list, offset: program.timezone)
        let home = try node.contract(named: program.name).home.identifier.string
        let occasion = DecisionLetter.Occasion(
            recipient: try recipient(account, program, transition, node) ?? home, sender: home,
            time: account.time, request: account.request, cause: account.cause,
            reference: account.receipt.caseReference,
            record: words.say(
                "block {0}, receipt {1}", "第{0}区块，回执{1}", String(account.height),
                ReceiptText.short(account.receipt.digest)))
        let lines = DecisionLetter(program: program, source: source.bytes, words: words).lines(occasion, transition)
        return lines.joined(separator: "\n") + "\n"
    }

    /// Whoever was refused; else whom the case is about; where it is about nobody, who opened it; where that is not
    /// known, who acted.
    private func recipient(
        _ account: DecisionAccount, _ program: CheckedProgram, _ transition: Transition, _ node: LedgerNode
    ) throws -> String? {
        if case .refused = transition.outcome, let actor = account.request?.actor { return actor }
        if let subject = subject(program, transition) { return subject }
        if let reference = account.receipt.caseReference.flatMap({ CaseReference($0) }),
            let opener = try node.opener(of: reference)
        {
            return opener.identifier.string
        }
        return account.request?.actor
    }

    /// Whom the case is about, where its field tells.
    private func subject(_ program: CheckedProgram, _ transition: Transition) -> String? {
        guard let about = program.about, case .done(let effects) = transition.outcome,
            effects.caseState.fields.indices.contains(about)
        else { return nil }
        switch effects.caseState.fields[about] {
        case .text(let name): return name.string
        case .party(let party): return party.identifier.string
        default: return nil
        }
    }
}
