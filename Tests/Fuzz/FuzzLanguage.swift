import RemitAnalysis
import RemitLanguage
import RemitValues

/// Checks texts and looks at what is said of them.
enum FuzzLanguage {
    static func check(_ source: SourceText) {
        let compilation = Compiler.compile(source, find: FuzzOthers.find)
        precondition(
            (compilation.program == nil) == compilation.hasErrors, "a program exactly where there are no errors")
        let diagnostics = compilation.diagnostics + analyse(compilation)
        if let program = compilation.program { _ = disclosures(program) }
        for diagnostic in diagnostics {
            for label in [diagnostic.primary] + diagnostic.labels {
                let span = label.span
                precondition(span.start >= 0 && span.start <= span.end && span.end <= source.bytes.count, "a place")
            }
            precondition(!diagnostic.message.isEmpty, "a message")
        }
    }

    /// The layout changes blanks and nothing else, and is settled the first time.
    static func format(_ source: SourceText) {
        guard case .formatted(let bytes) = RemitLanguage.format(source) else { return }
        precondition(withoutBlanks(bytes) == withoutBlanks(source.bytes), "something else than blanks was changed")
        guard case .formatted(let again) = RemitLanguage.format(SourceText(name: "again", bytes: bytes)) else {
            preconditionFailure("what was laid out cannot be read")
        }
        precondition(again == bytes, "the layout is not settled")
        let (before, after) = (Compiler.compile(source), Compiler.compile(SourceText(name: "laid out", bytes: bytes)))
        precondition(before.hasErrors == after.hasErrors, "the layout changed the meaning")
    }

    private static func withoutBlanks(_ bytes: [UInt8]) -> [UInt8] {
        bytes.filter { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    }
}
