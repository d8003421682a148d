/// What became of a contract's text.
public struct Compilation: Sendable {
    /// The text.
    public let source: SourceText
    /// The contract as written, mistakes left out; nil where it has no head.
    public let contract: ContractSyntax?
    /// The checked program; nil exactly where there are errors.
    public let program: CheckedProgram?
    /// Where there are errors: a program of nothing but the tables that have none, in themselves and in the types of
    /// their inputs.
    public let soundTables: CheckedProgram?
    /// The type of each local name in words, by the offset at which it is introduced; what is unknown is left out.
    let localTypes: [Int: String]
    /// Everything found, in the order of the text.
    public let diagnostics: [Diagnostic]

    /// The type of the local name that is introduced at an offset; nil where there is none or it is not known.
    public func localType(at offset: Int) -> String? { localTypes[offset] }

    /// Whether anything found is an error rather than a warning.
    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// The way from text to checked program.
public enum Compiler {
    /// Parses and checks a contract; every mistake of both is reported in one run.
    public static func compile(_ source: SourceText) -> Compilation {
        let parsed = parse(source)
        guard let contract = parsed.contract else {
            return Compilation(
                source: source, contract: nil, program: nil, soundTables: nil, localTypes: [:],
                diagnostics: parsed.diagnostics)
        }
        let checked = check(contract)
        let program = parsed.hasErrors ? nil : checked.program
        let errors = (parsed.diagnostics + checked.diagnostics).filter { $0.severity == .error }
        let tables = program == nil ? SoundTables.program(contract, checked.draft, errors) : nil
        var found = checked.diagnostics
        if parsed.hasErrors {
            // What was refused as text is not judged again as a value.
            let refused = Set(parsed.diagnostics.map(\.primary.span.start))
            found = found.filter { standsBesideSyntaxErrors($0) && !refused.contains($0.primary.span.start) }
        } else if checked.program == nil {
            // A name may be unused only because of a mistake where it was meant.
            found = found.filter { $0.code != .unusedName }
        }
        return Compilation(
            source: source, contract: contract, program: program, soundTables: tables,
            localTypes: checked.localTypes,
            diagnostics: sortedByPlace(parsed.diagnostics + found))
    }

    /// Whether a finding is to be believed although parts of the text could not be read.
    ///
    /// What is missing may stand in those parts: so nothing is said of completeness, of use, or of names that nothing
    /// comes near to.
    private static func standsBesideSyntaxErrors(_ diagnostic: Diagnostic) -> Bool {
        guard diagnostic.severity == .error else { return false }
        if diagnostic.code == .laterVersion { return true }
        if diagnostic.code.number.hasPrefix("R4") { return false }
        if diagnostic.code == .unknownName { return diagnostic.help?.hasPrefix("did you mean") ?? false }
        return true
    }
}
