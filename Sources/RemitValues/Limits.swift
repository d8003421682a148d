/// Every limit of Remit in one table: sizes in bytes unless the name says otherwise.
public enum Limits {
    // Source text.
    /// The longest contract.
    public static let sourceBytes = 4 << 20
    /// The most tokens of a contract.
    public static let tokens = 2_000_000
    /// The deepest nesting of brackets, blocks and operators.
    public static let nesting = 200
    /// The longest identifier.
    public static let identifierBytes = 128
    /// The longest text literal.
    public static let textLiteralBytes = 4096
    /// The most diagnostics that one run shows.
    public static let diagnostics = 50
    /// Columns of a line that the formatter does not pass where it has a choice.
    public static let layoutColumns = 120
    /// The most columns of a source line that a diagnostic shows.
    public static let excerptColumns = 100
    /// The most Unicode scalar values of a message, a label, a note or a help.
    public static let messageScalars = 400
    /// The most mistakes that the lexer or the parser gathers before it stops reading.
    public static let mistakes = 1000

    // Declarations.
    /// How deep libraries may use each other.
    public static let libraryDepth = 16
    /// The highest version of a contract or library.
    public static let version: Int64 = 2_000_000_000
    /// The most declarations of one kind.
    public static let declarations = 4096
    /// The most contracts that one contract refers to.
    public static let otherContracts = 64
    /// The most values of one enumeration.
    public static let enumerationValues = 1000
    /// The most rows of one table and period.
    public static let tableRows = 20_000
    /// The most values and ranges of one cell of a table.
    public static let cellValues = 1000
    /// The most columns of one table.
    public static let tableColumns = 64
    /// The most pieces that table analysis may hold at once before it gives up with a message.
    public static let tablePieces = 200_000
    /// The rows that the search for overlaps splits before it compares the rest pair by pair.
    public static let splitRows = 4_000_000
    /// The most pairs of rows that a comparison of versions lays over each other for one table and period.
    public static let comparedPairs = 4_000_000
    /// The most boxes that a row may fall into in a comparison where earlier rows come first.
    public static let comparedBoxes = 10_000
    /// The most values that a region of a comparison sets in order before it leaves their order open.
    public static let comparedOrders = 60
    /// The most regions that a comparison of two conditions looks at.
    public static let comparedRegions = 50_000
    /// The most nodes that the conditions of one version may come to when functions are put in their place.
    public static let comparedNodes = 100_000
    /// The most cases that are tried as the example of one region.
    public static let triedCases = 120
    /// The most steps that all cases may cost that are tried as examples of one comparison.
    public static let triedSteps: UInt64 = 40_000_000
    /// The most values that are tried for one input.
    public static let triedValues = 24
    /// The most texts that are tried for one input after the first.
    public static let triedTexts = 6
    /// How often values are tried for the inputs of a region that has no case.
    public static let triedTerms = 24
    /// The most lines that are told of what a version decides on the case of an example.
    public static let toldLines = 6
    /// The most members of a list or set that are tried.
    public static let triedMembers = 64
    /// The most cases of scenarios that are tried for one action or entry.
    public static let triedSeeds = 160
    /// The most of these, the nearest first, that are tried with what is looked for in its place, and how often each.
    public static let overlaidSeeds = 12
    public static let triedOverlays = 4
    /// What part of the steps that are left one region may cost, and how many it may cost in any case.
    public static let triedShare: UInt64 = 4
    public static let leastTriedSteps: UInt64 = 500_000
    /// The most cases that are tried to work values back from one case, once no attempt is an example.
    public static let triedClimbs = 400
    /// The most values of an example that are made plain again.
    public static let plainedValues = 60
    /// How far numbers are looked at for one at which two roundings differ, in steps of the least size.
    public static let triedTies = 20_000
    /// The most actions or entries from which values are worked back for one region.
    public static let triedPlays = 4
    /// The most comparisons whose sides are brought together at once.
    public static let climbedAims = 8
    /// The most places to which one measure is brought.
    public static let climbedTargets = 4
    /// The largest bound of a list, set or map, in elements.
    public static let collectionBound = 10_000
    /// The largest bound of a text, in Unicode scalar values.
    public static let textBound = 10_000

    /// The longest reason of a decline, in Unicode scalar values.
    public static let reasonLength = 500
    /// The most seats of a quorum.
    public static let quorumSeats = 32
    /// The most expressions that the checker follows to learn what one may come to, such as which quorums.
    public static let quorumSources = 100_000
    /// The most people whom one person stands in for in an organisation.
    public static let delegations = 32
    /// The most days that a period of a calendar covers: a hundred years and more.
    public static let calendarDays = 40_000
    /// The longest way along which the checker follows a value through names, calls and branches.
    public static let followedSteps = 250
    /// The expressions that are looked at in search of conditions that never hold.
    public static let possibleValues = 200_000
    /// The most paths through a block of which the checker tells what they come to.
    public static let followedPaths = 256
    /// The most ways in which deadlines and rounds may stand that the checker tells apart in a state.
    public static let followedStandings = 512
    /// The most steps that it follows from one of these to another in all states together.
    public static let standingSteps = 100_000
    /// The most units of a term.
    public static let termUnits: Int64 = 1_000_000

    // Execution.
    /// The steps that one transaction may cost.
    public static let steps: UInt64 = 10_000_000
    /// The deepest nesting of calls.
    public static let callDepth = 64
    /// The values that one transaction may build.
    public static let memoryValues = 1_000_000
    /// The most deadlines that fall due within one step of a scenario.
    public static let scenarioDeadlines = 10_000
    /// The most entries of a trace; what follows is only counted.
    public static let traceEntries = 20_000
    /// The most values or keys that one sentence of an explanation tells; the others are only counted.
    public static let narratedValues = 8
    /// The most rules that a letter tells.
    public static let letterRules = 20

    /// The most checks that a refusal names as not evaluated; the others are only counted.
    public static let toldFaults = 24

    // Machine.
    /// The most combinations of classes for which a table keeps its row.
    public static let tableCombinations = 1 << 18
    /// The most entries of the lists of rows that a table keeps otherwise.
    public static let tableCandidates = 1 << 21
    /// The words of the sets of rows that a period of a table keeps, a set for each class of its columns.
    public static let tableSetWords = 1 << 20
    /// The most fields of a record that is read from a line.
    public static let lineFields = 64
    /// The most instructions of kept code that may run from one charge of steps to the next.
    public static let unchargedInstructions = 1 << 24
    /// The words of a trail that are kept before they are told.
    public static let trailWords = 1 << 16
    /// The most fields of a record that the machine copies as a whole.
    public static let blockFields = 16
    /// The most registers that one instruction records or puts into a text.
    public static let registerList = 1024
    /// The most bytes of a number, name or text of a line that a message about it repeats.
    public static let repeatedBytes = 80
    /// The bytes of a batch that are read at a time for each core.
    public static let batchBytes = 1 << 20
    /// The bytes of a piece of a batch that one of several cores takes at a time.
    public static let batchPiece = 1 << 17
    /// The shortest contract whose code is kept: a shorter one is checked and lowered as quickly as it is read.
    public static let keptSourceBytes = 16 << 10
    /// The largest file of kept code.
    public static let keptCodeBytes = 64 << 20
    /// The most files of kept code in a folder.
    public static let keptCodes = 64
    /// The most cores of a batch.
    public static let batchCores = 64

    // Ledger.
    /// The deepest nesting of an encoded item.
    public static let encodedDepth = 64
    /// The largest encoded transaction.
    public static let transactionBytes = 8 << 20
    /// The most rows that are kept from block to block as nearly every transaction reads them.
    public static let knownRows = 1 << 14
    /// The most transactions of one block.
    public static let blockTransactions = 10_000
    /// The longest signed note.
    public static let noteBytes = 64 << 10
    /// The most signatures of a note.
    public static let noteSignatures = 64
    /// The largest proof file, and the largest receipt.
    public static let proofBytes = 256 << 20
    /// How long a command waits for another one that writes the same ledger, in seconds; REMIT_WAIT or --wait say
    /// otherwise.
    public static let lockSeconds = 30
    /// The longest such wait, in seconds.
    public static let longestLockSeconds = 86_400
    /// The longest line of a file of signed transactions: hexadecimal digits of a transaction and its private values.
    public static let signedLineBytes = 4 * transactionBytes + (1 << 10)
    /// The most signed transactions that are sent at once.
    public static let sentTransactions = 100_000
    /// The longest pause of a node that watches for what falls due, in seconds.
    public static let watchSeconds = 3600
    /// The most transactions that wait for a block at once.
    public static let waitingTransactions = 10_000
    /// The most administrators that a quorum may ask for.
    public static let quorum: Int64 = 100
    /// The longest name of a party, role or call.
    public static let nameBytes = 256
    /// The most cases that one block looks at to bring them under a new version of their contract.
    public static let migratedCases = 2000
    /// The most deadlines and ends of rounds that one block runs, and cases that it brings under a new version; it
    /// also ends with them once together they have cost the steps of one transaction.
    public static let blockDeadlines = 10_000
    /// The most deadlines and ends of rounds of one case that one block runs.
    public static let caseDeadlines = 100
    /// The most cases that a version passes over since they are behind; at one more it waits.
    public static let waitingCases = 2000
    /// The most deadlines that a command tells one by one; the others are only counted.
    public static let toldDeadlines = 1000
    /// The blocks of what has fallen due that a node makes before it looks at what else has come.
    public static let blocksAtOnce = 100
    /// How many blocks a proposal stands.
    public static let proposalBlocks: UInt64 = 100_000
    /// The most rows of a register that one transaction loads.
    public static let loadedRows = 2000
    /// The most files of a folder that are looked at for other contracts.
    public static let neighbours = 1000
    /// The longest key file.
    public static let keyBytes = 4096
    /// The most cases that the page of a backtest lists; its CSV has all of them.
    public static let pageCases = 1000
    /// The most sentences that a backtest tells of each of two decisions that differ.
    public static let differingSentences = 3

    // Editors.
    /// The longest message of an editor.
    public static let editorMessageBytes = 32 << 20
    /// The longest header of a message.
    public static let editorHeaderBytes = 4096
    /// The most texts that are open at once.
    public static let editorDocuments = 256

    // Exchange.
    /// The longest line of an NDJSON file, or record of a CSV file.
    public static let lineBytes = 16 << 20
    /// The deepest nesting of JSON.
    public static let jsonDepth = 128
    /// The largest document whose digest is taken from a file.
    public static let documentBytes = 256 << 20
    /// The most names of a folder that are looked at in search of libraries.
    public static let folderNames = 10_000
    /// The largest mapping file.
    public static let mappingBytes = 1 << 20
}
