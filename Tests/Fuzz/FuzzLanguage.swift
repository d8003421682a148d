import RemitAnalysis
import RemitLanguage
import RemitValues

/// Checks texts and looks at what is said of them.
enum FuzzLanguage {
    static func check(_ source: SourceText) {
        let compilation = Compiler.compile(source)
        precondition(
            (compilation.program == nil) == compilation.hasErrors, "a program exactly where there are no errors")
        var diagnostics = compilation.diagnostics
        if let program = compilation.program { diagnostics += analyse(program) }
        for diagnostic in diagnostics {
            for label in [diagnostic.primary] + diagnostic.labels {
                let span = label.span
                precondition(span.start >= 0 && span.start <= span.end && span.end <= source.bytes.count, "a place")
            }
            precondition(!diagnostic.message.isEmpty, "a message")
        }
    }

    static func format(_ source: SourceText) {}
}
