extension DiagnosticCode {
    /// The codes of the lexer and the parser.
    static let syntaxCodes: [DiagnosticCode] = characterCodes + structureCodes + expressionCodes

    private static let characterCodes: [DiagnosticCode] = [
        unexpectedToken, notUTF8, sourceTooLong, byteOrderMark, controlCharacter, tab, hiddenCharacter, mixedScripts,
        wrongPunctuation, unknownCharacter, malformedNumber, malformedDate, barePercent, unclosedText, malformedText,
        tokenTooLong,
    ]

    private static let structureCodes: [DiagnosticCode] = [
        tooDeep, unclosedBracket, strayClosing, missingContract, unknownDeclaration, unknownStatement, bareExpression,
        missingElse, reservedWord, missingDoubleBar, wrongCellCount, tableHeader, tooManyRows, missingBound,
        clauseTwice, tooManyMistakes,
    ]

    private static let expressionCodes: [DiagnosticCode] = [
        chainedComparison, mixedLogic, equalsSign, roundingMode, needsBrackets, numberTooLarge, unknownUnit,
    ]

    // Characters and literals.
    static let unexpectedToken = DiagnosticCode("R1001", "something else is expected here")
    static let notUTF8 = DiagnosticCode("R1002", "not a UTF-8 text")
    static let sourceTooLong = DiagnosticCode("R1003", "contract too long")
    static let byteOrderMark = DiagnosticCode("R1004", "byte order mark")
    static let controlCharacter = DiagnosticCode("R1005", "control character")
    static let tab = DiagnosticCode("R1006", "tab", severity: .warning)
    static let hiddenCharacter = DiagnosticCode("R1007", "hidden character")
    static let mixedScripts = DiagnosticCode("R1008", "name of mixed scripts")
    static let wrongPunctuation = DiagnosticCode("R1009", "sign of another keyboard")
    static let unknownCharacter = DiagnosticCode("R1010", "sign without a meaning")
    static let malformedNumber = DiagnosticCode("R1011", "malformed number")
    static let malformedDate = DiagnosticCode("R1012", "no such date or time")
    static let barePercent = DiagnosticCode("R1013", "percent sign without a number")
    static let unclosedText = DiagnosticCode("R1014", "text without an end")
    static let malformedText = DiagnosticCode("R1015", "malformed text")
    static let tokenTooLong = DiagnosticCode("R1016", "name or text too long")

    // Structure.
    static let tooDeep = DiagnosticCode("R1017", "nested too deeply")
    static let unclosedBracket = DiagnosticCode("R1018", "bracket never closed")
    static let strayClosing = DiagnosticCode("R1019", "nothing to close")
    static let missingContract = DiagnosticCode("R1020", "no contract head")
    static let unknownDeclaration = DiagnosticCode("R1021", "unknown declaration")
    static let unknownStatement = DiagnosticCode("R1022", "unknown statement")
    static let bareExpression = DiagnosticCode("R1023", "expression as a statement")
    static let missingElse = DiagnosticCode("R1024", "requirement without an else")
    static let reservedWord = DiagnosticCode("R1025", "reserved word as a name")
    static let missingDoubleBar = DiagnosticCode("R1026", "row without a double bar")
    static let wrongCellCount = DiagnosticCode("R1027", "wrong number of cells")
    static let tableHeader = DiagnosticCode("R1028", "table without its header row")
    static let tooManyRows = DiagnosticCode("R1029", "table too large")
    static let missingBound = DiagnosticCode("R1030", "type without its bound")
    static let clauseTwice = DiagnosticCode("R1031", "clause given twice")
    static let tooManyMistakes = DiagnosticCode("R1032", "too many mistakes")

    // Expressions.
    static let chainedComparison = DiagnosticCode("R1033", "chained comparison")
    static let mixedLogic = DiagnosticCode("R1034", "and beside or")
    static let equalsSign = DiagnosticCode("R1035", "sign instead of a word")
    static let roundingMode = DiagnosticCode("R1036", "rounding without its mode")
    static let needsBrackets = DiagnosticCode("R1037", "brackets needed")
    static let numberTooLarge = DiagnosticCode("R1038", "number out of range")
    static let unknownUnit = DiagnosticCode("R1039", "unknown unit")
}
