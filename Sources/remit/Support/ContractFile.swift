import RemitAnalysis
import RemitLanguage
import RemitValues

/// A contract read from a file, with everything that was found in it.
struct ContractFile {
    let source: SourceText
    let program: CheckedProgram?
    let diagnostics: [Diagnostic]

    var errors: Int { diagnostics.count { $0.severity == .error } }
    var warnings: Int { diagnostics.count { $0.severity == .warning } }

    /// Reads and checks a file; what is wrong with its text is data, what is wrong with the file is thrown.
    init(path: String) throws(CommandFailure) {
        // One byte more than a contract may have is enough to see that it is too long.
        self.init(path: path, bytes: try Files.read(path, limit: Limits.sourceBytes))
    }

    /// Checks what a file holds.
    init(path: String, bytes: [UInt8]) {
        source = SourceText(name: path, bytes: bytes)
        let compilation = Compiler.compile(source)
        program = compilation.program
        diagnostics = compilation.diagnostics + analyse(compilation)
    }

    /// The program; a failure that says how to see the mistakes where there are any.
    func checked() throws(CommandFailure) -> CheckedProgram {
        guard let program, errors == 0 else {
            let first = diagnostics.first { $0.severity == .error }.map { error in
                ", the first on line \(source.position(at: error.primary.span.start).line): \(error.message)"
            }
            throw CommandFailure(
                .finding, "contract", "\(source.name) has \(Self.counted(errors, "error"))\(first ?? "")",
                hint: "remit check \(source.name)")
        }
        return program
    }

    /// The text, as it is signed and deployed.
    func text() throws(CommandFailure) -> TextValue {
        guard let text = TextValue(utf8: source.bytes) else {
            throw .refused("\(source.name) is no UTF-8 text", hint: "remit check \(source.name)")
        }
        return text
    }

    static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
