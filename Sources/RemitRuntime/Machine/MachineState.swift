import RemitLanguage
import RemitValues

/// A copy of an array that nobody counts references to.
func copied<Element>(_ array: [Element]) -> UnsafeMutablePointer<Element> {
    let copy = UnsafeMutablePointer<Element>.allocate(capacity: max(1, array.count))
    copy.initialize(from: array, count: array.count)
    return copy
}

typealias MachinePointer = UnsafeMutablePointer<MachineState>

/// The working memory of the machine: registers without tags, and arenas that are emptied after each transition.
///
/// It is reached through a pointer, so that the loop neither counts references nor asks for exclusive access.
struct MachineState {
    let code: Unmanaged<Code>
    let instructions: UnsafePointer<Instruction>
    let registers: UnsafeMutablePointer<Int64>
    let registerCount: Int
    var words: WordArena
    var bytes: ByteArena
    /// What stands below stays from one transition to the next.
    private var firstWord: Int
    private var firstByte: Int

    /// The instruction that comes next.
    var next: InstructionPointer
    let maps: UnsafeMutablePointer<FlatMap>
    /// Field maps as pairs of field (high half) and register (low half).
    let mapPairs: UnsafeMutablePointer<UInt32>
    /// Lists of fields, and where each starts.
    let listFields: UnsafeMutablePointer<Int32>
    let listStarts: UnsafeMutablePointer<Int>
    /// How each entry of these lists is written, where it is a register.
    let listForms: UnsafeMutablePointer<TextWriter.Form>
    let jumps: UnsafeMutablePointer<Int32>
    let shapes: UnsafeMutablePointer<FlatShape>
    let shapeFields: UnsafeMutablePointer<Int32>
    let registerShapes: UnsafeMutablePointer<UInt16>
    let checks: UnsafeMutablePointer<FlatCheck>
    /// The shapes whose bounds are to be kept.
    let bounds: UnsafeMutablePointer<Int>
    let tables: UnsafeMutablePointer<Unmanaged<TableCode>>
    let flatTables: UnsafeMutablePointer<FlatTable>
    let searches: UnsafeMutablePointer<TableSearch>
    private let tableCount: Int
    let patterns: UnsafeMutablePointer<PatternSearch>
    private let patternCount: Int
    let parameters: UnsafeMutablePointer<FlatParameter>
    private let parameterCount: Int
    /// The names of each list as texts, and where each list begins.
    let nameWords: UnsafeMutablePointer<Int64>
    let nameStarts: UnsafeMutablePointer<Int>
    /// Texts of a few records, as numbers, while they are compared.
    let textKeys: UnsafeMutablePointer<UInt64>
    /// Where the shapes of each register's keys begin, the shapes themselves, and those of the rows.
    let keyStarts: UnsafeMutablePointer<Int>
    let keyShapes: UnsafeMutablePointer<Int32>
    let rowShapes: UnsafeMutablePointer<Int>
    /// Two numbers for each site that writes rows: register and field.
    let rowSites: UnsafeMutablePointer<Int32>
    /// For each register what a key without a row of its own has; absent where it has none.
    let initialRows: UnsafeMutablePointer<Int64>
    var rowIndex = RowIndex()
    /// Whether the actor holds every role, wherever it is asked for, and whether they act for whoever deployed the
    /// contract; so batches ask nobody.
    var holdsEveryRole = false
    var isAtHome = false
    let timezone: Int
    let actor: Int
    let organisation: Int
    let principal: Int
    /// The number of the transition, by which is told what of another one is remembered.
    private(set) var transition = 1
    /// The steps left of the budget.
    var steps: Int64 = 0
    var built = 0
    /// Places to come back to.
    let calls: UnsafeMutablePointer<Int32>
    var depth = 0
    /// Whether the run keeps something of this transition elsewhere: delegates, the engine, other contracts' cases.
    var isTouched = false

    /// Three words each: check, line or 0, text.
    var findings = WordArena(capacity: 96)
    /// How many words of findings belong to runs that ended.
    var settled = 0
    /// Three words each: group, first and end word of its findings.
    var runs = WordArena(capacity: 24)
    var runStart = 0
    /// Lists and sets of the case that may grow in their place.
    var rooms: Growing.Rooms
    /// Elements of lists that are being read.
    var gathered = WordArena(capacity: 64)
    /// Two words each: the line or 0, and the text.
    var faults = WordArena(capacity: 24)
    var lines = 0
    /// Two words each: recipient and text.
    var notices = WordArena(capacity: 16)
    /// For each group of checks a bit for each line that it denied.
    let denied: UnsafeMutablePointer<UInt64>
    /// For each group how many words of its bits, from the first on, may have some since they were cleared.
    let deniedEnds: UnsafeMutablePointer<Int>
    let groups: Int
    /// What a run with tracing recorded.
    var trail: Trail
    /// What an exit speaks of.
    var subject: Int64 = 0
    var fault = ArithmeticFault.overflow

    /// The most elements of a list that checks go through: a declared list, or what a table collects.
    static let lineLimit = max(Limits.collectionBound, Limits.tableRows)
    static let deniedWords = (lineLimit + 63) / 64
    /// How deep calls nest below the code that was asked for, which is one itself.
    static let callLimit = Limits.callDepth - 1

    init(code: Code, groups: Int, instructions: UnsafePointer<Instruction>, isRecording: Bool) {
        self.code = .passUnretained(code)
        self.instructions = instructions
        next = instructions
        registerCount = code.registers.count
        registers = .allocate(capacity: registerCount)
        registers.initialize(from: code.registers, count: registerCount)
        words = WordArena(capacity: code.words.count + 1024)
        bytes = ByteArena(capacity: code.bytes.count + 4096)
        words.base.update(from: code.words, count: code.words.count)
        bytes.base.update(from: code.bytes, count: code.bytes.count)
        firstWord = code.words.count
        firstByte = code.bytes.count
        words.top = firstWord
        bytes.top = firstByte
        calls = .allocate(capacity: Self.callLimit)
        calls.initialize(repeating: 0, count: Self.callLimit)
        mapPairs = copied(code.fieldMaps.flatMap(\.pairs).map { UInt32($0.field) << 16 | UInt32($0.register) })
        maps = copied(FlatMap.list(code.fieldMaps))
        listFields = copied(code.fieldLists.flatMap { $0.map { Int32($0) } })
        listStarts = copied(code.fieldLists.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) })
        listForms = copied(code.fieldLists.flatMap { $0.map { TextWriter.Form($0, code) } })
        jumps = copied(code.jumps)
        var fields: [Int32] = []
        shapes = copied(code.shapes.map { FlatShape($0, &fields) })
        shapeFields = copied(fields)
        registerShapes = copied(code.registerShapes)
        bounds = copied(code.conformances.map(\.shape))
        checks = copied(code.checks.map(\.flat))
        tables = copied(code.tables.map { Unmanaged.passUnretained($0) })
        flatTables = copied(code.tables.map(FlatTable.init))
        let arena = bytes
        searches = copied(code.tables.map { TableSearch($0, arena) })
        tableCount = code.tables.count
        patterns = copied(code.patterns.map { PatternSearch($0) })
        patternCount = code.patterns.count
        parameters = copied(code.parameters.map(FlatParameter.init))
        parameterCount = code.parameters.count
        nameWords = copied(code.nameWords.flatMap(\.self))
        nameStarts = copied(code.nameWords.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) })
        textKeys = copied(Array(repeating: 0, count: 16))
        keyStarts = copied(code.entries.keyShapes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) })
        keyShapes = copied(code.entries.keyShapes.flatMap { $0.map { Int32($0) } })
        rowShapes = copied(code.entries.rowShapes)
        rowSites = copied(code.rows.flatMap { [Int32($0.register), Int32($0.field)] })
        initialRows = copied(code.entries.rowShapes.map { _ in absentWord })
        timezone = code.timezone
        actor = Int(code.entries.actor)
        organisation = Int(code.entries.organisation)
        principal = Int(code.entries.principal)
        self.groups = groups
        rooms = Growing.Rooms(first: Int(code.entries.fields), count: code.entries.fieldShapes.count)
        trail = Trail(isRecording: isRecording)
        deniedEnds = copied(Array(repeating: 0, count: groups))
        denied = .allocate(capacity: max(1, groups * Self.deniedWords))
        denied.initialize(repeating: 0, count: max(1, groups * Self.deniedWords))
    }

    func free() {
        registers.deallocate()
        words.free()
        bytes.free()
        calls.deallocate()
        mapPairs.deallocate()
        maps.deallocate()
        listFields.deallocate()
        listStarts.deallocate()
        listForms.deallocate()
        jumps.deallocate()
        checks.deallocate()
        bounds.deallocate()
        tables.deallocate()
        for index in 0..<tableCount { flatTables[index].free() }
        flatTables.deallocate()
        for index in 0..<tableCount { searches[index].free() }
        searches.deallocate()
        for index in 0..<patternCount { patterns[index].free() }
        patterns.deallocate()
        for index in 0..<parameterCount { parameters[index].free() }
        parameters.deallocate()
        nameWords.deallocate()
        nameStarts.deallocate()
        textKeys.deallocate()
        keyStarts.deallocate()
        keyShapes.deallocate()
        rowShapes.deallocate()
        rowSites.deallocate()
        initialRows.deallocate()
        rowIndex.free()
        shapes.deallocate()
        shapeFields.deallocate()
        registerShapes.deallocate()
        findings.free()
        runs.free()
        gathered.free()
        rooms.free()
        faults.free()
        notices.free()
        denied.deallocate()
        trail.base.deallocate()
        deniedEnds.deallocate()
    }

    /// The place of the next instruction.
    var place: Int {
        get { next - instructions }
        set { next = instructions + newValue }
    }

    /// Empties the memory for the next transition; what the registers held before is never read.
    mutating func reset(stepLimit: UInt64) {
        rowIndex.forget(words)
        transition &+= 1
        words.top = firstWord
        bytes.top = firstByte
        steps = Int64(clamping: stepLimit)
        built = 0
        depth = 0
        findings.top = 0
        settled = 0
        runs.top = 0
        faults.top = 0
        notices.top = 0
        trail.top = 0
        rooms.reset()
    }

    /// The shape of a register.
    @inline(__always)
    func shape(_ register: Int) -> Int { Int(registerShapes[register]) }

    /// The name of a list that a word stands for, as a text; absent where there is none.
    @inline(__always)
    func nameWord(_ list: Int, _ word: Int64) -> Int64 {
        let place = nameStarts[list] &+ Int(word)
        return word >= 0 && place < nameStarts[list + 1] ? nameWords[place] : absentWord
    }

    /// The shape of the elements of a register's list.
    @inline(__always)
    func elementShape(_ register: Int) -> Int { Int(shapes[Int(registerShapes[register])].element) }

    @inline(__always)
    func fieldShape(_ record: FlatShape, _ index: Int) -> Int { Int(shapeFields[Int(record.fieldStart) &+ index]) }

    /// Keeps what stands in the arenas now for all transitions to come.
    mutating func keepArenas() {
        firstWord = words.top
        firstByte = bytes.top
    }

    @inline(__always)
    func denied(_ group: Int) -> UnsafeMutablePointer<UInt64> { denied + group * Self.deniedWords }

    /// Charges steps; false where the budget is passed.
    @inline(__always)
    mutating func charge(_ count: Int) -> Bool {
        steps &-= Int64(count)
        return steps >= 0
    }

    /// Counts values that are built; false where there are too many.
    mutating func build(_ count: Int) -> Bool {
        built &+= count
        return built <= Limits.memoryValues
    }
}

/// The least number stands for a value that is absent.
let absentWord = Int64.min

/// Why the loop stopped.
enum Exit: Equatable {
    case proceed
    case halted
    /// The budget of steps, of values built, or of calls within calls, is passed.
    case steps, built, deep
    /// A whole number is too large; or the fault that stands in the state.
    case overflow
    case fault
    /// What the instruction asks is done outside of the loop, which then goes on behind it.
    case outside
    /// The trail has no room for the record at the state's place.
    case full
    /// The transition is refused for what the instruction names; the subject is a word of it.
    case refused
    case noRow, noEntry, noRule, notRun, bound, misfit
    /// The reference evaluator has to decide.
    case foreign
}
