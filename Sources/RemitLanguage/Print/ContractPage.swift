import RemitValues

/// Renders contracts for the people who sign them.
public enum ContractPage {
    /// The whole page of a contract.
    ///
    /// `errors` is the number of mistakes that the checker found: a contract that has any is told all the same, under a
    /// warning that it cannot come into force. `disclosures` is what the analysis says that outcomes show of private
    /// values.
    public static func text(
        of contract: ContractSyntax, language: PageLanguage, format: PageFormat, words: WordList = WordList(),
        errors: Int = 0, disclosures: [Disclosure] = []
    ) -> String {
        var builder = PageBuilder(contract, language, words, disclosures)
        let page = builder.built(errors: errors)
        switch format {
        case .markdown:
            var writer = MarkdownWriter(page)
            return writer.written()
        case .html:
            var writer = HTMLWriter(page)
            return writer.written()
        }
    }
}
