import RemitExchange
import RemitLanguage
import RemitValues

/// Reads a word list: for each language of a page, words for names and translations of texts.
///
///     { "zh": { "names": { "lifeThreatening": "危及生命" }, "texts": { "The amount must be positive": "金额必须为正" } } }
enum WordListFile {
    /// The words of a language; checked against the contract whose page they are for.
    static func read(
        _ path: String, _ language: PageLanguage, for contract: ContractSyntax
    ) throws(CommandFailure) -> WordList {
        let bytes = try Files.read(path, limit: Limits.mappingBytes)
        guard bytes.count <= Limits.mappingBytes else {
            throw CommandFailure(
                .finding, "words", "\(path) is longer than \(Limits.mappingBytes) bytes", hint: "is this a word list?")
        }
        let value: JSONValue
        do {
            value = try JSONValue.parse(bytes, form: NormalForm.of)
        } catch {
            throw CommandFailure(.finding, "words", "\(path): \(error.message)", hint: error.hint)
        }
        let list = try words(value, language, path)
        let problems = list.problems(with: contract)
        guard let first = problems.first else { return list }
        let more = problems.count == 1 ? "" : ", and \(problems.count - 1) more"
        throw CommandFailure(
            .finding, "words", "\(path) does not fit the contract: \(first)\(more)",
            hint: "a word list gives words to the contract's own names and texts, and no two names the same")
    }

    /// The list beside a contract's file, `claim.words.json` beside `claim.remit`; nil where there is none.
    static func beside(_ file: String) -> String? {
        guard file.hasSuffix(".remit") else { return nil }
        let path = String(file.dropLast("remit".count)) + "words.json"
        return Files.isPlain(path) ? path : nil
    }

    /// A list for a language to be filled in, with the words that Remit knows itself.
    static func skeleton(of contract: ContractSyntax, _ language: PageLanguage) -> JSONValue {
        let (names, texts) = WordList.skeleton(of: contract)
        return .object([
            .init(
                language.rawValue,
                .object([
                    .init(
                        "names",
                        .object(names.map { .init($0.name, .string(language == .chinese ? $0.words : "")) })),
                    .init("texts", .object(texts.map { .init($0, .string("")) })),
                ]))
        ])
    }

    private static func words(
        _ value: JSONValue, _ language: PageLanguage, _ path: String
    ) throws(CommandFailure) -> WordList {
        guard let members = value.members else { throw shape(path, "it holds no object") }
        for member in members where PageLanguage(rawValue: member.key) == nil {
            throw shape(path, "\"\(member.key)\" is no language of a page")
        }
        guard let own = value[language.rawValue] else { return WordList() }
        guard let parts = own.members else { throw shape(path, "\"\(language.rawValue)\" holds no object") }
        var names: [(name: String, words: String)] = []
        var texts: [(text: String, translation: String)] = []
        for part in parts {
            guard let entries = part.value.members else { throw shape(path, "\"\(part.key)\" holds no object") }
            for entry in entries {
                guard let words = entry.value.string else { throw shape(path, "\"\(entry.key)\" is given no text") }
                // What nobody has filled in yet stays as the contract has it.
                if words.isEmpty { continue }
                switch part.key {
                case "names": names.append((entry.key, words))
                case "texts": texts.append((entry.key, words))
                default: throw shape(path, "\"\(part.key)\" is neither \"names\" nor \"texts\"")
                }
            }
        }
        return WordList(names: names, texts: texts)
    }

    private static func shape(_ path: String, _ problem: String) -> CommandFailure {
        CommandFailure(
            .finding, "words", "\(path) is no word list: \(problem)",
            hint: "write {\"zh\": {\"names\": {\"amount\": \"金额\"}, \"texts\": {\"The text\": \"译文\"}}}")
    }
}
