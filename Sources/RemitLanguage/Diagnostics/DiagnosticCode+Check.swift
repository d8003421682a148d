extension DiagnosticCode {
    /// The codes of the checker and of the analysis.
    static let checkCodes: [DiagnosticCode] = nameCodes + typeCodes + completenessCodes

    private static let nameCodes: [DiagnosticCode] = [
        unknownName, duplicateName, hiddenName, wrongKind, unusedName, reservedName, ambiguousName, recursion,
        selfContaining, contractNotFound, libraryMissing, libraryClash, libraryCycle, notInLibrary,
    ]

    private static let typeCodes: [DiagnosticCode] = [
        typeMismatch, mixedCurrencies, moneyTimesMoney, mixedNumbers, missingRounding, bareDivision, roundingPlaces,
        nothingToRound, bareOptional, wrongOperands, notComparable, literalOutOfRange, monthTerm, notConstant,
        missingDate, needlessDate, arguments, textTooLong, notAList, notChangeable, malformedPattern, bracesInText,
        alwaysPresent, notHere, typeNotAllowed, beyondLimit, keyRepeated, notPublic, nothingToMatch,
    ]

    private static let completenessCodes: [DiagnosticCode] = [
        tableGap, tableOverlap, tableNotProved, rowNeverReached, matchIncomplete, patternRepeated, becomeTwice,
        becomeMissing, becomeElsewhere, fieldNotSet, fieldReadEarly, unreachableState, deadEnd, actionNeverEnabled,
        periods, tableShape, emptyCell, actionHead, missingPart, checksNotRun, neverReached,
        quorumUnfillable, singleSigner, unapprovedPayment, selfApproval, staysReserved, idleDeadline, calendarNeeded,
        calendarShape, privateFlow, acceptsNothing, loneScope, finalLeft, circularDeadline,
        formDecides, openHead, paysAgain, givesNothing, migrationShape,
    ]

    // Names.
    static let unknownName = DiagnosticCode("R2001", "unknown name")
    static let duplicateName = DiagnosticCode("R2002", "name declared twice")
    static let hiddenName = DiagnosticCode("R2003", "name hides another")
    static let wrongKind = DiagnosticCode("R2004", "name of another kind")
    static let unusedName = DiagnosticCode("R2005", "unused name", severity: .warning)
    static let reservedName = DiagnosticCode("R2006", "name belongs to the language")
    static let ambiguousName = DiagnosticCode("R2007", "name with two meanings")
    static let recursion = DiagnosticCode("R2008", "function calls itself")
    static let selfContaining = DiagnosticCode("R2009", "record contains itself")
    static let contractNotFound = DiagnosticCode("R2010", "other contract not known")
    static let libraryMissing = DiagnosticCode("R2020", "library not at hand")
    static let libraryClash = DiagnosticCode("R2021", "libraries that do not go together")
    static let libraryCycle = DiagnosticCode("R2022", "libraries that use each other")
    static let notInLibrary = DiagnosticCode("R2023", "not in a library")

    // Types.
    static let typeMismatch = DiagnosticCode("R3001", "value of another type")
    static let mixedCurrencies = DiagnosticCode("R3002", "mixed currencies")
    static let moneyTimesMoney = DiagnosticCode("R3003", "money times money")
    static let mixedNumbers = DiagnosticCode("R3004", "Integer and Decimal mixed")
    static let missingRounding = DiagnosticCode("R3005", "money that is not rounded")
    static let bareDivision = DiagnosticCode("R3006", "division without rounding")
    static let roundingPlaces = DiagnosticCode("R3007", "places of a rounding")
    static let nothingToRound = DiagnosticCode("R3008", "nothing to round")
    static let bareOptional = DiagnosticCode("R3009", "value that may be absent")
    static let wrongOperands = DiagnosticCode("R3010", "operator does not fit its operands")
    static let notComparable = DiagnosticCode("R3011", "values that cannot be compared")
    static let literalOutOfRange = DiagnosticCode("R3012", "literal out of range")
    static let monthTerm = DiagnosticCode("R3013", "term without a fixed length")
    static let notConstant = DiagnosticCode("R3014", "value not fixed beforehand")
    static let missingDate = DiagnosticCode("R3015", "dated rule without a date")
    static let needlessDate = DiagnosticCode("R3016", "date for a rule that has none")
    static let arguments = DiagnosticCode("R3017", "wrong arguments")
    static let textTooLong = DiagnosticCode("R3018", "text too long")
    static let notAList = DiagnosticCode("R3019", "not a list")
    static let notChangeable = DiagnosticCode("R3020", "cannot be changed")
    static let malformedPattern = DiagnosticCode("R3021", "malformed pattern")
    static let bracesInText = DiagnosticCode("R3022", "braces in a text")
    static let alwaysPresent = DiagnosticCode("R3023", "value is always there", severity: .warning)
    static let notHere = DiagnosticCode("R3024", "not available here")
    static let typeNotAllowed = DiagnosticCode("R3025", "type not allowed here")
    static let beyondLimit = DiagnosticCode("R3026", "beyond a limit")
    static let keyRepeated = DiagnosticCode("R3027", "key twice in a map")
    static let notPublic = DiagnosticCode("R3028", "private field of another contract")
    static let nothingToMatch = DiagnosticCode("R3029", "value without named values to match")

    // Completeness; the first four belong to the analysis of tables.

    /// A table lacks a row for some inputs.
    public static let tableGap = DiagnosticCode("R4001", "table with a gap")
    /// Two rows of a `unique` table hold for the same inputs.
    public static let tableOverlap = DiagnosticCode("R4002", "rows that overlap")
    /// A table is too entangled for its completeness to be proved within the limit.
    public static let tableNotProved = DiagnosticCode("R4003", "table not proved complete")
    /// Earlier rows of a `first` table take every input of a row.
    public static let rowNeverReached = DiagnosticCode("R4004", "row never reached", severity: .warning)
    static let matchIncomplete = DiagnosticCode("R4005", "match with a value missing")
    static let patternRepeated = DiagnosticCode("R4006", "value matched twice")
    static let becomeTwice = DiagnosticCode("R4007", "two becomes on one path")
    static let becomeMissing = DiagnosticCode("R4008", "no become on a path")
    static let becomeElsewhere = DiagnosticCode("R4009", "become not allowed here")
    static let fieldNotSet = DiagnosticCode("R4010", "field left without a value")
    static let fieldReadEarly = DiagnosticCode("R4011", "field read before it is set")
    static let unreachableState = DiagnosticCode("R4012", "state never reached", severity: .warning)
    static let deadEnd = DiagnosticCode("R4013", "state without a way out", severity: .warning)
    static let actionNeverEnabled = DiagnosticCode("R4014", "action never possible", severity: .warning)
    static let periods = DiagnosticCode("R4015", "periods out of order")
    static let tableShape = DiagnosticCode("R4016", "columns of a table do not fit")
    static let emptyCell = DiagnosticCode("R4017", "cell that nothing fits")
    static let actionHead = DiagnosticCode("R4018", "incomplete head of an action")
    static let missingPart = DiagnosticCode("R4019", "part of the contract missing")
    static let checksNotRun = DiagnosticCode("R4020", "checks read before they run")
    static let neverReached = DiagnosticCode("R4021", "statement never reached", severity: .warning)
    static let quorumUnfillable = DiagnosticCode("R4022", "quorum that cannot be filled")
    static let singleSigner = DiagnosticCode("R4023", "one signature is enough", severity: .warning)
    static let unapprovedPayment = DiagnosticCode("R4024", "payment without an approval", severity: .warning)
    static let selfApproval = DiagnosticCode("R4025", "approval by an interested person", severity: .warning)
    static let staysReserved = DiagnosticCode("R4026", "money that may stay reserved", severity: .warning)
    static let idleDeadline = DiagnosticCode("R4027", "deadline that may never fire", severity: .warning)
    static let calendarNeeded = DiagnosticCode("R4028", "working time without its calendar")
    static let calendarShape = DiagnosticCode("R4029", "calendar that does not fit together")
    static let privateFlow = DiagnosticCode("R4030", "private value in the open")
    static let acceptsNothing = DiagnosticCode("R4031", "nothing to accept", severity: .warning)
    static let loneScope = DiagnosticCode("R4040", "`of` on one of several roles", severity: .warning)
    static let finalLeft = DiagnosticCode("R4041", "final state that is left")
    static let circularDeadline = DiagnosticCode("R4042", "deadline that leads back to itself", severity: .warning)
    static let formDecides = DiagnosticCode("R4043", "form that decides who may act", severity: .warning)
    static let openHead = DiagnosticCode("R4044", "head that keeps nobody out")
    static let paysAgain = DiagnosticCode("R4045", "round that may move money again", severity: .warning)
    static let givesNothing = DiagnosticCode("R4046", "form that can only give nothing", severity: .warning)
    static let migrationShape = DiagnosticCode("R4050", "migration that does not fit")
}
