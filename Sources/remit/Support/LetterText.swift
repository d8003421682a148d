import RemitAnalysis
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
        let subject = try subject(account, program, transition, node)
        let recipient = try recipient(account, transition, subject, node) ?? home
        let occasion = DecisionLetter.Occasion(
            recipient: recipient, sender: home,
            time: account.time, request: account.request, cause: account.cause,
            reference: account.receipt.caseReference,
            record: words.say(
                "block {0}, receipt {1}", "第{0}区块，回执{1}", String(account.height),
                ReceiptText.short(account.receipt.digest)),
            withheld: withheld(account, program, from: recipient, isSubject: recipient == subject))
        let lines = DecisionLetter(program: program, source: source.bytes, words: words).lines(occasion, transition)
        return lines.joined(separator: "\n") + "\n"
    }

    /// Whoever was refused; else whom the case is about; where it is about nobody, who opened it; where that is not
    /// known, who acted.
    private func recipient(
        _ account: DecisionAccount, _ transition: Transition, _ subject: String?, _ node: LedgerNode
    ) throws -> String? {
        if case .refused = transition.outcome, let actor = account.request?.actor { return actor }
        if let subject { return subject }
        if let reference = account.receipt.caseReference.flatMap({ CaseReference($0) }),
            let opener = try node.opener(of: reference)
        {
            return opener.identifier.string
        }
        return account.request?.actor
    }

    /// Whom the case is about, where its field tells: as the decision left it, or as it stands where that left nothing.
    private func subject(
        _ account: DecisionAccount, _ program: CheckedProgram, _ transition: Transition, _ node: LedgerNode
    ) throws -> String? {
        guard let about = program.about else { return nil }
        if case .done(let effects) = transition.outcome {
            return effects.caseState.fields.indices.contains(about) ? name(effects.caseState.fields[about]) : nil
        }
        for entry in transition.trace?.entries ?? [] {
            if case .fieldSet(about, let value) = entry.event { return name(value) }
        }
        guard let reference = account.receipt.caseReference.flatMap({ CaseReference($0) }) else { return nil }
        return try node.caseView(reference).field(program.caseFields[about].name).flatMap { name($0) }
    }

    private func name(_ value: Value) -> String? {
        switch value {
        case .text(let name): name.string
        case .party(let party): party.identifier.string
        default: nil
        }
    }

    /// What the reader may not read. Whom a case is about may read what it keeps of them; whoever filled in the form
    /// knows what they wrote; everybody else reads what everybody may.
    private func withheld(
        _ account: DecisionAccount, _ program: CheckedProgram, from recipient: String, isSubject: Bool
    ) -> DecisionLetter.Withheld {
        let places = PrivatePlaces(program)
        if isSubject { return DecisionLetter.Withheld(places: places.closedToSubject) }
        var refusal: String?
        if case .refused(_, let text) = account.receipt.outcome { refusal = text }
        guard let request = account.request, request.actor == recipient,
            let action = program.actions.first(where: { TextValue($0.name) == TextValue(request.call) })
        else {
            return DecisionLetter.Withheld(
                places: places.closed(toWhoeverGave: []).union(places.parameters), fields: places.fields,
                refusal: refusal)
        }
        let given = action.enters.map { program.caseFields[$0].name } + action.parameters.map(\.name)
        return DecisionLetter.Withheld(places: places.closed(toWhoeverGave: Set(given)), refusal: refusal)
    }
}
