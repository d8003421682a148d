import RemitAnalysis
import RemitLanguage
import RemitValues

/// A contract read from a file, with everything that was found in it.
struct ContractFile {
    let source: SourceText
    /// Where the contracts are looked for that it refers to.
    let search: ContractSearch
    let program: CheckedProgram?
    let diagnostics: [Diagnostic]

    var errors: Int { diagnostics.count { $0.severity == .error } }
    var warnings: Int { diagnostics.count { $0.severity == .warning } }

    /// Reads and checks a file; what is wrong with its text is data, what is wrong with the file is thrown.
    ///
    /// Contracts that it refers to are looked for among the files named, then in its own folder.
    init(path: String, with files: [String] = []) throws(CommandFailure) {
        // One byte more than a contract may have is enough to see that it is too long.
        try self.init(path: path, bytes: try Files.read(path, limit: Limits.sourceBytes), with: files)
    }

    /// Checks what a file holds.
    init(path: String, bytes: [UInt8], with files: [String]) throws(CommandFailure) {
        source = SourceText(name: path, bytes: bytes)
        search = try Neighbours.search(path, with: files)
        let compilation = Compiler.compile(source, find: search.find)
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
