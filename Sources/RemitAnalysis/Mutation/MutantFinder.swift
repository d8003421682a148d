public import RemitLanguage
import RemitValues

/// Every change of one rule, row, guard or constant of a contract, in order of place.
///
/// Scenarios and what they start from are left alone, since they are to notice. So are texts, notices, which no
/// scenario can expect, and calendars, which are data that the chain adds to.
public func mutants(of contract: ContractSyntax, in source: SourceText) -> [Mutant] {
    var finder = MutantFinder(contract, source)
    finder.run()
    return finder.found.enumerated().sorted { left, right in
        (left.element.span.start, left.offset) < (right.element.span.start, right.offset)
    }.map(\.element)
}

/// Walks through a contract and notes changes.
struct MutantFinder {
    let contract: ContractSyntax
    let source: SourceText
    private(set) var found: [Mutant] = []
    /// The declaration at hand, in words.
    var owner = ""
    let roles: [Name]
    let states: [Name]
    private let enumerations: [EnumerationSyntax]

    init(_ contract: ContractSyntax, _ source: SourceText) {
        self.contract = contract
        self.source = source
        var roles: [Name] = []
        var states: [Name] = []
        var enumerations: [EnumerationSyntax] = []
        for declaration in contract.declarations {
            switch declaration.kind {
            case .roles(let names): roles += names
            case .states(let names, _): states += names
            case .enumeration(let syntax): enumerations.append(syntax)
            default: break
            }
        }
        self.roles = roles
        self.states = states
        self.enumerations = enumerations
    }

    mutating func run() { for declaration in contract.declarations { visit(declaration) } }

    // MARK: Noting

    /// The text of a place.
    func text(_ span: Span) -> String { String(decoding: source.bytes[span.start..<span.end], as: UTF8.self) }

    /// A text on one line, as it is named.
    func named(_ span: Span) -> String {
        text(span).split { $0 == " " || $0 == "\n" || $0 == "\t" }.joined(separator: " ")
    }

    mutating func note(_ edits: [(Span, String)], _ words: String) {
        let sorted = edits.sorted { $0.0.start < $1.0.start }
        found.append(
            Mutant(edits: sorted.map { Mutant.Edit(span: $0.0, text: $0.1) }, words: "\(owner): \(words)"))
    }

    /// Puts another text in the place of one.
    mutating func replace(_ span: Span, by text: String, within whole: Span? = nil) {
        let place = whole.map { " in `\(named($0))`" } ?? ""
        note([(span, text)], "`\(text)` for `\(named(span))`\(place)")
    }

    mutating func drop(_ span: Span) { note([(span, "")], "without `\(named(span))`") }

    /// Leaves out one of several that are separated by commas or a word, and the clause's word with the only one.
    mutating func dropEach(_ spans: [Span], after word: String) {
        for (index, span) in spans.enumerated() {
            let whole: Span
            if spans.count == 1 {
                guard let start = start(of: word, before: span.start) else { continue }
                whole = Span(start, span.end)
            } else if index == 0 {
                whole = Span(span.start, spans[1].start)
            } else {
                whole = Span(spans[index - 1].end, span.end)
            }
            note([(whole, "")], "without `\(named(span))` behind `\(word)`")
        }
    }

    /// Where a word begins that stands before a place with nothing but blanks between.
    private func start(of word: String, before place: Int) -> Int? {
        var end = place
        while end > 0, [0x20, 0x0A, 0x09].contains(source.bytes[end - 1]) { end -= 1 }
        let start = end - word.utf8.count
        guard start >= 0, source.bytes[start..<end].elementsEqual(word.utf8) else { return nil }
        return start
    }

    /// The other values of the enumerations that have a value of this name: the next one of each.
    func otherValues(than name: Name) -> [String] {
        enumerations.compactMap { enumeration in
            guard let index = enumeration.cases.firstIndex(where: { TextValue($0.text) == TextValue(name.text) }),
                enumeration.cases.count > 1
            else { return nil }
            return enumeration.cases[(index + 1) % enumeration.cases.count].text
        }
    }

    /// The one that follows in a list, round and round; nil where there is no other.
    static func next(_ name: Name, among all: [Name]) -> String? {
        guard all.count > 1, let index = all.firstIndex(where: { TextValue($0.text) == TextValue(name.text) }) else {
            return nil
        }
        return all[(index + 1) % all.count].text
    }
}
