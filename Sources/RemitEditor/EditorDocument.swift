import RemitAnalysis
import RemitLanguage
import RemitValues

/// A text that is open in an editor, with all that is known of it.
struct EditorDocument {
    let uri: String
    private(set) var version: JSONNumber
    private(set) var bytes: [UInt8]
    private(set) var positions: TextPositions
    private(set) var compilation: Compilation
    /// The mistakes of the text, and what the analysis found where there are none.
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var names: NameIndex?
    /// The contracts to which the head refers, as far as they are at hand; `names` counts them in this order.
    private(set) var others: [OtherText] = []
    /// Whether the editor has not been told of the mistakes of this version.
    var isUntold = true

    /// Puts the libraries that a text uses behind it.
    let linking: EditorServer.Linking

    /// A version as the editor wrote it.
    typealias JSONNumber = String

    /// Whether what is found depends on other contracts.
    var refersToOthers: Bool {
        compilation.contract?.header.contains { if case .refers = $0 { true } else { false } } ?? false
    }

    init(
        uri: String, version: JSONNumber, bytes: [UInt8], linking: @escaping EditorServer.Linking = { $0 },
        search: ContractSearch = ContractSearch { [] }
    ) {
        self.uri = uri
        self.version = version
        self.bytes = bytes
        self.linking = linking
        positions = TextPositions(bytes)
        compilation = Compiler.compile(linking(SourceText(name: uri, bytes: bytes)), find: search.find)
        refresh(search)
    }

    /// Takes changes in order; each replaces a range, or all of the text.
    mutating func change(
        _ changes: [EditorChange], version: JSONNumber, search: ContractSearch = ContractSearch { [] }
    ) {
        self.version = version
        for change in changes {
            if let range = change.range {
                let start = positions.offset(of: range.lowerBound)
                let end = max(start, positions.offset(of: range.upperBound))
                bytes.replaceSubrange(start..<end, with: change.text)
            } else {
                bytes = change.text
            }
            positions = TextPositions(bytes)
        }
        compilation = Compiler.compile(linking(SourceText(name: uri, bytes: bytes)), find: search.find)
        refresh(search)
    }

    /// Checks the text again, after another contract has changed.
    mutating func check(_ search: ContractSearch) {
        compilation = Compiler.compile(linking(SourceText(name: uri, bytes: bytes)), find: search.find)
        refresh(search)
    }

    private mutating func refresh(_ search: ContractSearch) {
        let found = compilation.diagnostics + analyse(compilation)
        diagnostics = found.compactMap { isOwn($0.primary.span) ? $0 : broughtHome($0) }
        others = compilation.contract?.others(search) ?? []
        names = compilation.contract.map { NameIndex($0, others: others.map(\.contract)) }
        isUntold = true
    }

    /// Whether a span lies in this text, and not in a library behind it.
    func isOwn(_ span: Span) -> Bool { span.start <= bytes.count }

    /// A mistake of a library, at the line that uses it; nil for a warning, which the library's own text shows.
    private func broughtHome(_ diagnostic: Diagnostic) -> Diagnostic? {
        guard diagnostic.severity == .error, let contract = compilation.contract else { return nil }
        let place = diagnostic.primary.span.start
        let library = contract.libraries.first { $0.span.start <= place && place < $0.span.end }
        // Where the contract does not use it itself, another library does.
        let name = library?.name.text ?? "a library"
        let use = contract.uses.first { TextValue($0.name.text) == TextValue(name) } ?? contract.uses.first
        return Diagnostic(
            diagnostic.code, "in the library `\(name)`: \(diagnostic.message)",
            at: Label(use?.span ?? contract.name.span), help: diagnostic.help)
    }

    /// The text of a span.
    func text(_ span: Span) -> String { compilation.source.text(span) }

    /// The text of a span on one line.
    func line(_ span: Span) -> String {
        text(span).split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "\r\n" || $0 == "\t" }).joined(
            separator: " ")
    }
}

/// A contract to which another refers, with its text.
struct OtherText {
    let source: SourceText
    let contract: ContractSyntax
}

extension ContractSyntax {
    /// The contracts to which the head refers, as far as they are at hand.
    func others(_ search: ContractSearch) -> [OtherText] {
        header.compactMap { item in
            guard case .refers(let name, let version, _) = item,
                let source = search.source(ContractReference(name: TextValue(name.text), version: version))
            else { return nil }
            return parse(source).contract.map { OtherText(source: source, contract: $0) }
        }
    }
}

/// A piece of new text.
struct EditorChange {
    /// What it takes the place of; nil for all of the text.
    let range: Range<EditorPosition>?
    let text: [UInt8]
}
