import ArgumentParser
import RemitAnalysis
import RemitExchange
import RemitLanguage
import RemitValues

/// Tells a contract to the people who sign it.
struct PrintCommand: Verb {
    static let words = "print"
    static let configuration = CommandConfiguration(
        commandName: "print",
        abstract: "Tell a contract in plain language, for those who sign it.",
        discussion: """
            Tables stand as tables, states as a diagram, and every rule with its source. A word list gives \
            names and texts the words of the reader's language; it can change no meaning. A list beside the \
            contract, claim.words.json beside claim.remit, is taken by itself; --write-words begins one.

            Example: remit print Contracts/insurance-claim.remit --format html --language zh --output policy.html
            Example: remit print claim.remit --language zh --write-words claim.words.json
            """)

    /// The forms of a page by the words of the command line.
    enum Form: String, CaseIterable, ExpressibleByArgument {
        case markdown, html

        var format: PageFormat { self == .html ? .html : .markdown }
    }

    /// The languages of a page by their tags.
    enum Tongue: String, CaseIterable, ExpressibleByArgument {
        case en, zh

        var language: PageLanguage { self == .zh ? .chinese : .english }
    }

    @Argument(help: "The file of the contract.")
    var file: String

    @Option(help: "The form of the page: markdown or html.")
    var format: Form = .markdown

    @Option(help: "The language of the page: en or zh.")
    var language: Tongue = .en

    @Option(
        name: .customLong("words"), help: ArgumentHelp("A word list for names and texts (JSON).", valueName: "file"))
    var wordList: String?

    @Option(
        help: ArgumentHelp(
            "Write a word list with every name and text, to be filled in, and no page.", valueName: "file"))
    var writeWords: String?

    @Option(help: ArgumentHelp("Write the page to this file instead.", valueName: "file"))
    var output: String?

    @OptionGroup var libraries: LibraryOptions
    @OptionGroup var with: WithOptions

    @OptionGroup var common: PlainOptions

    func perform(_ console: Console) throws -> Outcome {
        let read = try ContractFile(path: file, libraries: libraries.folders, with: with.files)
        let parsed = RemitLanguage.parse(read.source)
        guard let contract = parsed.contract, !parsed.hasErrors else {
            _ = try read.checked()
            throw CommandFailure(.finding, "contract", "\(file) holds no contract", hint: "remit check \(file)")
        }
        if let writeWords {
            let skeleton = WordListFile.skeleton(of: contract, language.language)
            try Files.create(writeWords, Array((skeleton.prettyText + "\n").utf8), mode: 0o644)
            console.remark("\(writeWords) waits for its words; what stays empty is told as the contract has it")
            return Outcome(.object([.init("words", .string(writeWords))]))
        }
        var words = WordList()
        if let wordList = wordList ?? WordListFile.beside(file) {
            words = try WordListFile.read(wordList, language.language, for: contract)
        } else if language == .zh, output != nil {
            console.remark(
                "no word list: names without common words stay as they are; --write-words begins one", .faint)
        }
        if read.errors > 0 {
            console.warn(
                "\(Counted.text(read.errors, "error")): the page is marked as a draft; remit check \(file)")
        }
        let page = ContractPage.text(
            of: contract, language: language.language, format: format.format, words: words, errors: read.errors,
            disclosures: read.program.map { disclosures($0) } ?? [])
        if let output {
            if Files.exists(output) {
                try Files.replace(output, Array(page.utf8))
            } else {
                try Files.create(output, Array(page.utf8), mode: 0o644)
            }
            console.remark("the page is in \(output)")
        } else {
            console.verbatim(page)
        }
        return Outcome(
            .object([
                .init("contract", .string(contract.name.text)), .init("version", .integer(contract.version)),
                .init("format", .string(format.rawValue)), .init("language", .string(language.rawValue)),
                output.map { JSONValue.Member("file", .string($0)) } ?? .init("page", .string(page)),
            ]))
    }
}
