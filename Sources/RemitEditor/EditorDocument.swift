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
    /// Whether the editor has not been told of the mistakes of this version.
    var isUntold = true

    /// A version as the editor wrote it.
    typealias JSONNumber = String

    /// Whether what is found depends on other contracts.
    var refersToOthers: Bool {
        compilation.contract?.header.contains { if case .refers = $0 { true } else { false } } ?? false
    }

    init(
        uri: String, version: JSONNumber, bytes: [UInt8], find: (ContractReference) -> FoundContract = { _ in .missing }
    ) {
        self.uri = uri
        self.version = version
        self.bytes = bytes
        positions = TextPositions(bytes)
        compilation = Compiler.compile(SourceText(name: uri, bytes: bytes), find: find)
        refresh()
    }

    /// Takes changes in order; each replaces a range, or all of the text.
    mutating func change(
        _ changes: [EditorChange], version: JSONNumber, find: (ContractReference) -> FoundContract = { _ in .missing }
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
        compilation = Compiler.compile(SourceText(name: uri, bytes: bytes), find: find)
        refresh()
    }

    /// Checks the text again, after another contract has changed.
    mutating func check(find: (ContractReference) -> FoundContract) {
        compilation = Compiler.compile(SourceText(name: uri, bytes: bytes), find: find)
        refresh()
    }

    private mutating func refresh() {
        diagnostics = compilation.diagnostics + analyse(compilation)
        names = compilation.contract.map { NameIndex($0) }
        isUntold = true
    }

    /// The text of a span.
    func text(_ span: Span) -> String { compilation.source.text(span) }

    /// The text of a span on one line.
    func line(_ span: Span) -> String {
        text(span).split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "\r\n" || $0 == "\t" }).joined(
            separator: " ")
    }
}

/// A piece of new text.
struct EditorChange {
    /// What it takes the place of; nil for all of the text.
    let range: Range<EditorPosition>?
    let text: [UInt8]
}
