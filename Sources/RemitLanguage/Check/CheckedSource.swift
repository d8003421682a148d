/// What the checker made of a contract.
public struct CheckedSource: Sendable {
    /// The program; nil exactly where there are errors.
    public let program: CheckedProgram?
    /// Errors and warnings, in the order in which they were found.
    public let diagnostics: [Diagnostic]
    /// What was made of the contract, mistakes left out.
    let draft: CheckedProgram
    /// The type of each local name in words, by where it is introduced.
    let localTypes: [Int: String]
    /// Where the names of warnings stand that answer one which is reported elsewhere.
    let answered: Set<Int>
}

/// Checks a contract: names, types, completeness, scenarios. Reports every mistake in one run.
///
/// What was found for each contract that the head refers to is given in the order of the head.
public func check(_ contract: ContractSyntax, found: [FoundContract] = []) -> CheckedSource {
    var checker = Checker(contract, found: found)
    checker.run()
    let hasErrors = checker.diagnostics.contains { $0.severity == .error }
    return CheckedSource(
        program: hasErrors ? nil : checker.program, diagnostics: checker.diagnostics, draft: checker.program,
        localTypes: checker.localTypes.filter { $0.value != .unknown }.mapValues { checker.name($0) },
        answered: checker.answered)
}
