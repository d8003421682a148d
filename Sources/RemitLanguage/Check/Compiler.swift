import RemitValues

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
    ///
    /// For each contract that the head refers to, `find` is asked what is known of it; without it nothing is.
    public static func compile(
        _ source: SourceText, find: (ContractReference) -> FoundContract = { _ in .missing }
    ) -> Compilation {
        let parsed = parse(source)
        guard let contract = parsed.contract else {
            return Compilation(
                source: source, contract: nil, program: nil, soundTables: nil, localTypes: [:],
                diagnostics: parsed.diagnostics)
        }
        let references = contract.header.compactMap { item in
            if case .refers(let name, let version, _) = item {
                ContractReference(name: name.bytes, version: version)
            } else {
                nil
            }
        }
        let checked = check(contract, found: references.map(find))
        let program = parsed.hasErrors ? nil : checked.program
        let errors = (parsed.diagnostics + checked.diagnostics).filter { $0.severity == .error }
        let tables = program == nil ? SoundTables.program(contract, checked.draft, errors) : nil
        var found = checked.diagnostics
        if found.contains(where: { $0.code == .libraryMissing }) {
            // What is not known may stand in the library.
            found = found.filter { $0.code != .unknownName || isMisspelt($0) }
        }
        if parsed.hasErrors {
            // What was refused as text is not judged again as a value.
            let refused = Set(parsed.diagnostics.map(\.primary.span.start))
            let nowhere = NamesOfNothing(source, found)
            let unused = UnusedNames(source, parsed.diagnostics + found)
            found = found.filter {
                (standsBesideSyntaxErrors($0, nowhere) || unused.holds($0))
                    && !refused.contains($0.primary.span.start)
            }
        } else if checked.program == nil {
            // A name may be unused only because of a mistake where it was meant.
            let unused = UnusedNames(source, found)
            found = found.filter { $0.code != .unusedName || unused.holds($0) }
            // What another contract calls its values and states is not known where that contract is not.
            if found.contains(where: { $0.code == .contractNotFound }) {
                found = found.filter { $0.code != .unknownName || isMisspelt($0) }
            }
        }
        return Compilation(
            source: source, contract: contract, program: program, soundTables: tables,
            localTypes: checked.localTypes,
            diagnostics: answered(parsed.diagnostics + found, Answers(contract), checked.answered))
    }

    /// What is left of a list when warnings were answered, with the answers that answer nothing, by place.
    private static func answered(
        _ diagnostics: [Diagnostic], _ answers: Answers, _ elsewhere: Set<Int>
    ) -> [Diagnostic] {
        let open = answers.open(diagnostics)
        guard !diagnostics.contains(where: { $0.severity == .error }) else { return sortedByPlace(open) }
        return sortedByPlace(open + answers.idle(diagnostics, ofTables: false, besides: elsewhere))
    }

    /// The declarations of a contract without its rules, which other contracts are not needed for; nil where these have
    /// mistakes.
    public static func declarations(of source: SourceText) -> CheckedProgram? {
        let parsed = parse(source)
        guard let contract = parsed.contract, !parsed.hasErrors else { return nil }
        return declarations(of: contract)
    }

    static func declarations(of contract: ContractSyntax) -> CheckedProgram? {
        guard !contract.isLibrary else { return nil }
        var checker = Checker(contract, isInterface: true)
        checker.checkHeader()
        checker.collectDeclarations()
        checker.resolveSignatures()
        return checker.diagnostics.contains { $0.severity == .error } ? nil : checker.program
    }

    /// Whether a finding is to be believed although parts of the text could not be read.
    ///
    /// What is missing may stand in those parts: so nothing is said of completeness, or of names that stand there too.
    private static func standsBesideSyntaxErrors(_ diagnostic: Diagnostic, _ nowhere: NamesOfNothing) -> Bool {
        guard diagnostic.severity == .error else { return false }
        if diagnostic.code == .libraryMissing || diagnostic.code == .privateFlow { return true }
        if diagnostic.code.number.hasPrefix("R4") { return false }
        if diagnostic.code == .unknownName { return isMisspelt(diagnostic) || nowhere.holds(diagnostic) }
        return true
    }

    private static func isMisspelt(_ diagnostic: Diagnostic) -> Bool {
        diagnostic.help?.hasPrefix("did you mean") ?? false
    }
}
