import RemitValues

/// Words of people for the names and texts of a contract, in one language of a page.
///
/// It replaces words and nothing else: codes, amounts, dates and the order of things are told from the contract.
public struct WordList: Sendable {
    private var names: [TextValue: String]
    private var texts: [TextValue: String]

    /// A list of words for names, and of translations for texts as they stand in the contract, braces and all.
    public init(names: [(name: String, words: String)] = [], texts: [(text: String, translation: String)] = []) {
        self.names = [:]
        self.texts = [:]
        for (name, words) in names { self.names[TextValue(name)] = words }
        for (text, translation) in texts { self.texts[TextValue(text)] = translation }
    }

    func name(_ name: String) -> String? { names[TextValue(name)] }

    /// The translation of a text in parts, as the text itself would be.
    func text(_ text: String) -> [TextSyntax.Part]? { texts[TextValue(text)].map(BraceText.parts) }

    /// The texts that hold paths, in parts, with their translations.
    var templates: [(own: [TextSyntax.Part], translation: [TextSyntax.Part])] {
        texts.sorted { $0.key < $1.key }.compactMap { text, translation in
            let own = BraceText.parts(text.string)
            return BraceText.paths(own).isEmpty ? nil : (own, BraceText.parts(translation))
        }
    }

    /// Whether it says nothing at all.
    var isEmpty: Bool { names.isEmpty && texts.isEmpty }

    /// What it replaces, by the bytes of the contract's own words; `common` are words for names that it leaves out.
    func entries(with common: [TextValue: String]) -> [(own: String, shown: String)] {
        let names = names.merging(common) { own, _ in own }.sorted { $0.key < $1.key }
            .map { (own: $0.key.string, shown: $0.value) }
        let texts = texts.sorted { $0.key < $1.key }.map { (own: "\"\($0.key.string)\"", shown: $0.value) }
        return names + texts
    }

    /// What a word list for a contract has to say: its names with the words that Remit knows itself, and its texts.
    public static func skeleton(of contract: ContractSyntax) -> (
        names: [(name: String, words: String)], texts: [String]
    ) {
        let known = ContractWords(contract)
        return (
            known.names.sorted().map { ($0.string, Glossary.chinese($0.string) ?? "") },
            known.texts.keys.sorted().map(\.string)
        )
    }

    // MARK: What may be wrong with it

    /// What keeps a word list from being used with a contract; empty where nothing does.
    ///
    /// A list may not make two names read alike, speak of what the contract does not have, or drop or add a value
    /// that a text fills in.
    public func problems(with contract: ContractSyntax) -> [String] {
        var problems: [String] = []
        let known = ContractWords(contract)
        for key in names.keys.sorted() where !known.names.contains(key) {
            problems.append("the contract has no name `\(key.string)`")
        }
        for (key, words) in names.sorted(by: { $0.key < $1.key }) {
            if words.unicodeScalars.allSatisfy({ $0 == " " }) { problems.append("`\(key.string)` has no words") }
            if words.utf8.count > Limits.nameBytes {
                problems.append("the words of `\(key.string)` are longer than \(Limits.nameBytes) bytes")
            }
        }
        for (text, translation) in texts.sorted(by: { $0.key < $1.key }) {
            guard let paths = known.texts[text] else {
                problems.append("the contract has no text \"\(text.string)\"")
                continue
            }
            if BraceText.paths(BraceText.parts(translation)) != paths {
                problems.append("the translation of \"\(text.string)\" does not fill in the same values")
            }
        }
        return problems + alike(known)
    }

    /// Names that stand beside each other and would read the same.
    private func alike(_ known: ContractWords) -> [String] {
        var problems: [String] = []
        for group in known.groups {
            var seen: [TextValue: TextValue] = [:]
            for name in group {
                // Without a word of the list, a name reads as it is taken apart, or by a common word in Chinese.
                let own = [NameWords.apart(name.string, isValue: false), Glossary.chinese(name.string)]
                for words in names[name].map({ [$0] }) ?? own.compactMap({ $0 }) {
                    if let other = seen[TextValue(words)], other != name, names[name] != nil || names[other] != nil {
                        problems.append("`\(other.string)` and `\(name.string)` would both read “\(words)”")
                    }
                    seen[TextValue(words)] = name
                }
            }
        }
        return problems
    }
}
