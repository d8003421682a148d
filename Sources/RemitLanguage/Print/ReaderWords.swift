public import RemitValues

/// The words in which somebody who does not read contracts is told of a decision, as the page of the contract has them.
public struct ReaderWords: Sendable {
    private let speaker: Speaker
    private let offset: Int
    /// The title of the contract.
    public let title: String

    /// The words of a contract in a language, with those of a word list; times are shown `offset` seconds east of UTC.
    public init(_ contract: ContractSyntax, language: PageLanguage, words: WordList = WordList(), offset: Int) {
        let joined = contract.joined
        speaker = Speaker(joined, language, words)
        self.offset = offset
        var title = speaker.spelled(joined.name.text)
        for case .title(let text) in joined.header { title = speaker.told(text) }
        self.title = title
    }

    public var language: PageLanguage { speaker.language }

    /// A saying of the language with its parts in the places `{0}`, `{1}` ….
    public func say(_ english: String, _ chinese: String, _ parts: String...) -> String {
        say(english, chinese, filling: parts)
    }

    /// The same with any number of parts, of which a saying has places for ten.
    public func say(_ english: String, _ chinese: String, filling parts: [String]) -> String {
        let whole = Phrase.filled(language == .english ? english : chinese, parts.map { Phrase($0) })
        return (language == .chinese ? whole.spaced(namesInBrackets: false) : whole).plain
    }

    /// A sentence: a capital first, a full stop last.
    public func sentence(_ text: String) -> String { speaker.sentence(Phrase(text)).plain }

    /// A name in words.
    public func name(_ name: String) -> String { speaker.spelled(name) }

    /// What a rule reads, as it is written there, in the words of the page: `line.category` is line’s category; as it
    /// stands where it is no expression.
    public func reading(_ written: String) -> String {
        guard let expression = Parser.expression(in: written) else { return written }
        let told = speaker.value(expression)
        return (language == .chinese ? told.spaced(namesInBrackets: false) : told).plain
    }

    /// A type as a contract writes it, in words; nil where it is none.
    public func type(_ written: String) -> String? {
        Parser.type(in: written).map { type in
            let told = speaker.type(type)
            return (language == .chinese ? told.spaced(namesInBrackets: false) : told).plain
        }
    }

    /// A text of the contract with its values in place, in the words of the list where it has a translation.
    public func text(_ filled: String) -> String { translation(of: filled) ?? filled }

    /// The translation that the word list has of a text with its values in place.
    public func translation(of filled: String) -> String? { speaker.words.translation(of: filled) }

    /// `a, b and c`.
    public func listed(_ parts: [String]) -> String { speaker.listed(parts.map { Phrase($0) }).plain }

    /// A value as people read it.
    public func value(_ value: Value) -> String {
        switch value {
        case .absent: say("none", "无")
        case .boolean(let flag): flag ? say("yes", "是") : say("no", "否")
        case .integer(let number): Speaker.grouped(String(number))
        case .enumeration(let name): speaker.spelled(name.string)
        case .text(let text): text.string
        case .date(let date): speaker.day(date.description).plain
        case .instant(let instant): time(instant)
        case .list(let items), .set(let items):
            items.contains(where: isRecord)
                ? say("{0} entries", "{0}项", String(items.count)) : listed(items.map { self.value($0) })
        case .map(let entries): say("{0} entries", "{0}项", String(entries.count))
        case .sealed: say("kept private", "保密")
        default: value.description
        }
    }

    private func isRecord(_ value: Value) -> Bool { if case .record = value { true } else { false } }

    /// A day in the time zone of the contract.
    public func day(_ instant: Instant) -> String { speaker.day(instant.date(offset: offset).description).plain }

    /// A time in the time zone of the contract, with its offset.
    public func time(_ instant: Instant) -> String { instant.zonedText(offset: offset) }
}

extension WordList {
    /// The translation of a text of the contract in which values stand already; nil where the list has none.
    func translation(of filled: String) -> String? {
        if let whole = text(filled), case .plain(let plain)? = whole.first, whole.count == 1 { return plain }
        for (own, translation) in templates {
            guard let values = BraceText.values(in: filled, of: own) else { continue }
            return translation.map { part in
                switch part {
                case .plain(let plain): plain
                case .path(let names): values[TextValue(names.map(\.text).joined(separator: "."))] ?? ""
                }
            }.joined()
        }
        return nil
    }
}

extension BraceText {
    /// The values that fill a text's paths in what it came to; nil where that is no such text.
    static func values(in filled: String, of parts: [TextSyntax.Part]) -> [TextValue: String]? {
        var rest = Array(filled.utf8)[...]
        var values: [TextValue: String] = [:]
        var open: TextValue?
        for part in parts {
            switch part {
            case .plain(let plain):
                let wanted = Array(plain.utf8)
                guard let start = place(of: wanted, in: rest) else { return nil }
                if let name = open { values[name] = String(decoding: rest[..<start], as: UTF8.self) }
                if open == nil, start != rest.startIndex { return nil }
                open = nil
                rest = rest[(start + wanted.count)...]
            case .path(let names):
                guard open == nil else { return nil }
                open = TextValue(names.map(\.text).joined(separator: "."))
            }
        }
        if let name = open {
            values[name] = String(decoding: rest, as: UTF8.self)
            return values
        }
        return rest.isEmpty ? values : nil
    }

    private static func place(of wanted: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard !wanted.isEmpty, bytes.count >= wanted.count else { return nil }
        return (bytes.startIndex...(bytes.endIndex - wanted.count)).first { bytes[$0...].starts(with: wanted) }
    }
}
