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

    /// Reads and checks a file with the libraries that it uses, from its own folder or others.
    ///
    /// What is wrong with the text is data, what is wrong with the files is thrown. Contracts that it refers to are
    /// looked for among the files named, then in its own folder.
    init(path: String, libraries: [String] = [], with files: [String] = []) throws(CommandFailure) {
        try self.init(try Self.text(path, libraries: libraries), with: files)
    }

    /// Checks the text of a file.
    init(_ source: SourceText, with files: [String]) throws(CommandFailure) {
        self.source = source
        search = try Neighbours.search(source.name, with: files)
        let compilation = Compiler.compile(source, find: search.find)
        program = compilation.program
        diagnostics = compilation.diagnostics + analyse(compilation)
    }

    /// The text of a file in normal form, with the libraries that it uses behind it; only for these are folders read.
    static func text(_ path: String, libraries: [String]) throws(CommandFailure) -> SourceText {
        // One byte more than a contract may have is enough to see that it is too long.
        let own = SourceText(name: path, bytes: NormalForm.of(try Files.read(path, limit: Limits.sourceBytes)))
        // Without the word nothing is used: then the text need not be read twice.
        guard own.bytes.contains(word: "use"), let contract = parse(own).contract, !contract.uses.isEmpty else {
            return own
        }
        return try LibraryFiles(folders: [Files.folder(of: path)] + libraries).linked(own)
    }

    /// The program of a contract, which decides; a library is refused.
    func contract() throws(CommandFailure) -> CheckedProgram {
        let program = try checked()
        guard !program.isLibrary else {
            throw .refused(
                "\(source.name) holds a library, and a contract is needed", hint: "name a contract that uses it")
        }
        return program
    }

    /// The program; a failure that says how to see the mistakes where there are any.
    func checked() throws(CommandFailure) -> CheckedProgram {
        guard let program, errors == 0 else {
            let first = diagnostics.first { $0.severity == .error }.map { error in
                ", the first on line \(source.position(at: error.primary.span.start).line): \(error.message)"
            }
            throw CommandFailure(
                .finding, "contract", "\(source.name) has \(Counted.text(errors, "error"))\(first ?? "")",
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
}

extension [UInt8] {
    /// Whether a word stands in these bytes, and not as a part of a longer one.
    fileprivate func contains(word: String) -> Bool {
        let wanted = Array(word.utf8)
        guard count >= wanted.count, let initial = wanted.first else { return false }
        return (0...(count - wanted.count)).contains { start in
            self[start] == initial && self[start...].starts(with: wanted)
                && !(start > 0 && WordBytes.isOfWord(self[start - 1]))
                && !(start + wanted.count < count && WordBytes.isOfWord(self[start + wanted.count]))
        }
    }
}
