import RemitValues

/// The state of one check: what is declared, what has been made so far, and what is wrong.
struct Checker {
    let syntax: ContractSyntax
    var program: CheckedProgram
    var diagnostics: [Diagnostic] = []
    private var hasErrors = false

    // Declarations.
    let units: Units
    var symbols: SymbolTable
    /// The declarations of the libraries, each library behind those that it uses, then the contract's own.
    let declarations: [Declaration]
    /// The names that the contract declares itself, in order of writing, for suggestions.
    var names: [Name] = []
    var states: [TextValue: Int] = [:]
    var used = UsedNames()
    var parameterSignatures: [ParameterSignature] = []
    var tableSignatures: [TableSignature] = []
    var functionSignatures: [FunctionSignature] = []
    var checksSignatures: [ChecksSignature] = []
    var functionReads: [Reads] = []
    var checksReads: [Reads] = []
    var checkCount = 0
    /// Every way from states to states, in order of checking.
    var moves: [Move] = []
    /// Whether a mistake hides to which states the declaration that is checked leads, or from which.
    var isWayUnknown = false
    /// What the blocks of states make of optional fields, in order of writing.
    var entered: [EnteredFields] = []
    /// The declarations that have errors, in order.
    var unsound: [Span] = []
    /// Whether all errors are such that no values outside of their own declarations depend on them.
    var areValuesSound = true
    var heads: [ApprovalHead] = []
    /// The fields that deadlines count from, with their states.
    var pastFields: [(field: Int?, states: [Int], span: Span)] = []
    /// Where warnings stand that were answered.
    var answered: Set<Int> = []
    /// What changes a case that is there, with the paths through it.
    var ways: [Way] = []
    /// Timers that would be started again at the moment at which they fire, in order of writing.
    var circles: [Circle] = []
    /// The states in which timers, by their heads, may not run because of it.
    var spent: [Span: Set<Int>] = [:]
    /// How much is still looked at of how cases stay in their states.
    var standingsLeft = Limits.standingSteps
    /// The case fields that a migration reads before every path has set them.
    var earlyReads: Set<Int> = []
    /// The calendar that the head names.
    var calendarName: Name?
    /// The type of each local name, by where it is introduced.
    var localTypes: [Int: ValueType] = [:]
    /// The code of every check, for scenarios.
    var findingCodes: [String] = []

    // The body being checked.
    var scope = Scope.constant
    var flow = Flow()
    var reads = Reads()
    var becomes: [Int] = []
    var money = MoneyUse()
    /// What the body may `become`; nil where it may not at all.
    var becomeTargets: BecomeTargets?

    // Other contracts.
    /// Whether only the declarations are looked at, for others that refer to this contract.
    let isInterface: Bool
    /// What was found for each line `refers to`, in order.
    let found: [FoundContract]
    var otherNames: [TextValue: Int] = [:]
    /// What is known of each other contract; nil for one that was not found.
    var interfaces: [ContractInterface?] = []
    var usedOthers: Set<Int> = []
    /// The records (indices) that came from other contracts, with their names there.
    var importedRecords: [Int: String] = [:]
    /// The fields of other contracts' cases that the rules read, in order of checking.
    var otherReads: [(contract: Int, field: Int)] = []

    /// What the text itself declares, without what a library may not hold, which has been reported.
    let ownDeclarations: [Declaration]

    init(_ syntax: ContractSyntax, found: [FoundContract] = [], isInterface: Bool = false) {
        self.syntax = syntax
        self.found = found
        self.isInterface = isInterface
        units = Units(syntax)
        symbols = SymbolTable(units)
        declarations = units.list.flatMap(\.declarations)
        program = CheckedProgram(name: syntax.name.text, version: syntax.version)
        program.isLibrary = syntax.isLibrary
        ownDeclarations =
            syntax.isLibrary ? syntax.declarations.filter(Self.mayStandInLibraries) : syntax.declarations
    }

    /// Looks at names as the unit does that holds a declaration.
    mutating func enter(_ declaration: Declaration) {
        symbols.unit = units.unit(at: declaration.span.start)
        used.isCounting = symbols.unit == units.main
    }

    /// Looks at names as the contract does again.
    mutating func leaveLibraries() {
        symbols.unit = units.main
        used.isCounting = true
    }

    /// Whether what is being checked stands in a library.
    var isInLibrary: Bool { units.list[symbols.unit].isLibrary }

    mutating func run() {
        checkHeader()
        collectDeclarations()
        resolveSignatures()
        checkStarts()
        checkParameters()
        checkTables()
        checkFunctions()
        checkGroupsOfChecks()
        checkActions()
        checkApprovals()
        checkDeadlines()
        checkEntering()
        checkMigrations()
        checkQuorums()
        orderTimers()
        checkUniqueKeys()
        checkInvariants()
        noteErrors()
        findWays()
        findCircles()
        checkFinalStates()
        checkStates()
        checkPastFields()
        checkCircles()
        checkMoneyPaths()
        checkRepeatedMoney()
        noteAnswers()
        checkUnused()
        checkUnusedOthers()
        checkPrivacy()
        checkScenarios()
    }

    // Reporting.

    mutating func report(
        _ code: DiagnosticCode, _ message: String, at span: Span, _ label: String = "", labels: [Label] = [],
        notes: [String] = [], help: String? = nil
    ) {
        add(Diagnostic(code, message, at: Label(span, label), labels: labels, notes: notes, help: help))
    }

    /// Keeps a diagnostic; beyond the limit only the first error, without which the contract would pass.
    mutating func add(_ diagnostic: Diagnostic) {
        let isFirstError = diagnostic.severity == .error && !hasErrors
        if isFirstError { hasErrors = true }
        if isFirstError || diagnostics.count < Limits.mistakes { diagnostics.append(diagnostic) }
    }

    /// Stands in for an expression that is wrong and has been reported.
    func wrong(_ span: Span) -> CheckedExpression { CheckedExpression(.constant(.absent), .unknown, span) }

    /// The nearest of some names, as a help; nil where none is near.
    func suggestion(_ name: String, among candidates: [String]) -> String? {
        // A search for each of very many mistakes would take longer than anybody waits, and few of them are shown.
        guard diagnostics.count < 2 * Limits.diagnostics else { return nil }
        return Suggestion.nearest(to: name, among: candidates).map { "did you mean `\($0)`?" }
    }

    /// The plain text of a literal that may hold no values; reports braces.
    mutating func plain(_ text: TextSyntax, in place: String) -> String {
        if let plain = text.plain { return plain }
        report(
            .bracesInText, "\(place) cannot hold a value in braces", at: text.span, "holds a value",
            help: "write the words themselves; a brace that is meant as such is written `\\{`")
        return ""
    }
}

/// What is known of a parameter before its values are checked.
struct ParameterSignature {
    let name: Name
    let type: ValueType
    let isDated: Bool
}

/// What is known of a table before its rows are checked.
struct TableSignature {
    let name: Name
    let inputs: [FieldDeclaration]
    let outputs: [FieldDeclaration]
    let result: ValueType
    let isDated: Bool
}

/// What is known of a function before its body is checked.
struct FunctionSignature {
    let name: Name
    let parameters: [FieldDeclaration]
    let result: ValueType
    let resultSpan: Span
}

/// What is known of a group of checks before its items are checked.
struct ChecksSignature {
    let name: Name
    let parameters: [FieldDeclaration]
    let lineField: Int?
}

/// The states that a body may lead to.
struct BecomeTargets {
    /// Nil: any state.
    let allowed: [Int]?
    let actionName: Name
}
