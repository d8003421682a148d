import RemitLanguage
import RemitValues

/// Lowers a checked program to the code of the register machine.
///
/// Calls are not recursive, so every function, table and group of checks has its registers for itself: a call moves
/// its arguments into them and jumps. Case fields, the actor and the time stand in registers as well; of a record in
/// a local or a case field those fields that are used are copied into registers when it gets its value.
final class Lowering {
    typealias Register = UInt16
    typealias Label = Assembler.Label

    /// A local or case field: where it stands, and the field map of a record.
    struct Slot {
        let register: Register
        let shape: Int
        let map: Int?
    }

    /// A function, table or group of checks: where it begins and where it takes and leaves its values.
    struct Routine {
        let entry: Label
        let parameters: [Register]
        let result: Register
        /// How deep calls nest from it on, itself included.
        let depth: Int
    }

    struct ConstantKey: Hashable {
        let word: Int64
        let shape: Int
    }

    let program: CheckedProgram
    var assembler = Assembler()
    var draft = CodeDraft()
    var shapes: ShapeTable
    var constantWords = WordArena(capacity: 256)
    var constantBytes = ByteArena(capacity: 1024)
    var constants: [ConstantKey: Register] = [:]
    var isConstant: [Bool] = []
    /// Registers that may be used anew, by the shapes that follow each other.
    private var spare: [[Int]: [Register]] = [:]
    private var taken: [([Int], Register)] = []
    var locals: [Int: Slot] = [:]
    var fields: [Slot] = []
    /// The fields of lists and sets that values are added to.
    let growing: Set<Int>
    /// By field map the last field that is used.
    var usedFields: [Int: Int] = [:]
    /// Instructions that copy fields, left out where nobody uses any.
    var copies: [(place: (section: Int, line: Int), map: Int, next: (section: Int, line: Int)?)] = []
    var functions: [Int: Routine] = [:]
    var groups: [Int: Routine] = [:]
    var tables: [Int: Routine] = [:]
    /// Where a table stands in the code's tables, and the register of the row found.
    var tablePlaces: [Int: UInt16] = [:]
    var tableRows: [Int: Register] = [:]
    var open: Set<Int> = []
    var actionLabels: [Label] = []
    var enteringLabels: [Label?] = []
    var invariantLabels: [Label] = []
    var rowInvariantLabels: [[(Label, Register)]] = []
    var uniqueLabels: [(Label?, Register)] = []
    var beginLabel = Label(number: 0)
    var deadlineLabels: [(start: Label, body: Label)] = []
    var openingLabels: [Label] = []
    /// Three for each approval.
    var outcomeLabels: [Label] = []
    /// The deepest nesting of calls below the routine that is being lowered.
    var below = 0
    /// Whether calls may nest deeper than is allowed, so that each counts, those for fixed rows of tables too.
    let isDeep: Bool
    /// Whether small functions may stand where they are called, and how much of that there is.
    private(set) var isInlining = true
    var inlinedWeight = 0
    /// How many parts the functions have that were looked at.
    var weights: [Int: Int] = [:]
    /// What is gathered about the trail; nil where the code records nothing.
    var trail: TrailDraft?
    /// Where labels came to stand, once the code is finished.
    var settled: (Label) -> Int32 = { _ in -1 }

    init(program: CheckedProgram, isDeep: Bool = false) {
        self.program = program
        self.isDeep = isDeep
        shapes = ShapeTable(program: program)
        growing = Self.growing(program)
    }

    deinit {
        constantWords.free()
        constantBytes.free()
    }

    /// The code of a program; throws the reason why the reference evaluator must run it.
    static func lower(
        _ program: CheckedProgram, metering: Bool, isDeep: Bool = false
    ) throws(LoweringProblem) -> Code {
        do throws(LoweringProblem) {
            return try lower(program, metering: metering, isDeep: isDeep, isInlining: true)
        } catch {
            // What is too large for its registers may fit with its functions called.
            guard case .tooLarge = error else { throw error }
            return try lower(program, metering: metering, isDeep: isDeep, isInlining: false)
        }
    }

    private static func lower(
        _ program: CheckedProgram, metering: Bool, isDeep: Bool, isInlining: Bool
    ) throws(LoweringProblem) -> Code {
        let lowering = Lowering(program: program, isDeep: isDeep)
        lowering.assembler.isMetering = metering
        lowering.isInlining = isInlining
        try lowering.lowerProgram()
        if lowering.draft.depth > Limits.callDepth, !isDeep {
            return try lower(program, metering: metering, isDeep: true, isInlining: false)
        }
        return try lowering.finish()
    }

    // MARK: Registers

    /// A new register of a shape, never shared.
    func register(_ shape: Int, value: Int64 = 0, isConstant constant: Bool = false) throws(LoweringProblem) -> Register
    {
        guard let number = Register(exactly: draft.registers.count), number < .max - 8 else {
            throw .tooLarge("registers")
        }
        draft.registers.append(value)
        draft.registerShapes.append(UInt16(shape))
        isConstant.append(constant)
        return number
    }

    /// Registers that follow each other.
    func block(_ shapes: [Int]) throws(LoweringProblem) -> [Register] {
        var registers: [Register] = []
        for shape in shapes { registers.append(try register(shape)) }
        return registers
    }

    /// A register for use within one statement.
    func temporary(_ shape: Int) throws(LoweringProblem) -> Register {
        try temporaries([shape])
    }

    /// The first of registers that follow each other, for use within one statement.
    func temporaries(_ shapes: [Int]) throws(LoweringProblem) -> Register {
        let first: Register
        if let spared = spare[shapes]?.popLast() { first = spared } else { first = try block(shapes).first ?? 0 }
        taken.append((shapes, first))
        return first
    }

    /// Lowers something whose temporaries are free again afterwards.
    func freeing(_ body: () throws(LoweringProblem) -> Void) throws(LoweringProblem) {
        let before = taken.count
        try body()
        for (shapes, register) in taken[before...] { spare[shapes, default: []].append(register) }
        taken.removeSubrange(before...)
    }

    /// Lowers a routine, whose temporaries are its own: those of a caller must outlive the call.
    func routine(_ body: () throws(LoweringProblem) -> Void) throws(LoweringProblem) -> Int {
        let outer = (spare, taken, locals, below)
        let outerReads = trail?.reads
        trail?.reads = nil
        spare = [:]
        taken = []
        locals = [:]
        below = 0
        try body()
        let depth = below + 1
        (spare, taken, locals, below) = outer
        trail?.reads = outerReads
        return depth
    }

    func place() throws(LoweringProblem) -> Register { try register(shapes.place()) }

    /// A walk through a list: position, end and first place.
    func walk() throws(LoweringProblem) -> Register {
        let shape = shapes.place()
        return try block([shape, shape, shape])[0]
    }

    func shape(_ type: ValueType) throws(LoweringProblem) -> Int { try shapes.shape(type) }

    func shape(of register: Register) -> Shape { shapes.shapes[Int(draft.registerShapes[Int(register)])] }

    // MARK: Constants

    func constant(word: Int64, _ shape: Int) throws(LoweringProblem) -> Register {
        if let known = constants[ConstantKey(word: word, shape: shape)] { return known }
        let number = try register(shape, value: word, isConstant: true)
        constants[ConstantKey(word: word, shape: shape)] = number
        return number
    }

    func constant(_ value: Value, _ type: ValueType) throws(LoweringProblem) -> Register {
        let shape = try shape(type)
        return try constant(word: word(value, shape), shape)
    }

    /// The word of a fixed value; texts are kept once.
    func word(_ value: Value, _ shape: Int) throws(LoweringProblem) -> Int64 {
        if case .text(let text) = value { return textWord(text) }
        let coder = ValueCoder(shapes: shapes.shapes, names: draft.names)
        guard let word = coder.word(value, shape, &constantWords, &constantBytes) else {
            throw .unsupported("the value \(value) here")
        }
        return word
    }

    private var texts: [TextValue: Int64] = [:]

    func textWord(_ text: TextValue) -> Int64 {
        if let known = texts[text] { return known }
        let start = constantBytes.top
        constantBytes.append(text.string)
        let word = TextWord.word(start: start, count: constantBytes.top - start)
        texts[text] = word
        return word
    }

    func text(_ text: String) throws(LoweringProblem) -> Register {
        try constant(word: textWord(TextValue(text)), try shape(.text(Limits.textBound)))
    }

    // MARK: Records in registers

    /// A field map for a record's shape; nil for other shapes.
    func fieldMap(_ shape: Int) -> Int? {
        guard case .record = shapes.shapes[shape].kind else { return nil }
        draft.fieldMaps.append(Code.FieldMap(pairs: []))
        return draft.fieldMaps.count - 1
    }

    /// Copies the fields of a slot that got its value, as far as they are used.
    func copyFields(_ slot: Slot, _ span: Span) throws(LoweringProblem) {
        guard let map = slot.map else { return }
        guard let number = UInt16(exactly: map) else { throw .tooLarge("records in registers") }
        emit(Instruction(.unpack, slot.register, 0, number), span)
        copies.append((assembler.last, map, nil))
    }

    /// The register of a record's field.
    func field(_ slot: Slot, _ map: Int, _ index: Int) throws(LoweringProblem) -> Register {
        usedFields[map] = max(index, usedFields[map] ?? -1)
        if let pair = draft.fieldMaps[map].pairs.first(where: { Int($0.field) == index }) { return pair.register }
        guard case .record(let shapes, _) = shapes.shapes[slot.shape].kind, shapes.indices.contains(index),
            let field = UInt16(exactly: index)
        else { throw .unsupported("this field") }
        guard shapes.count > Limits.blockFields else {
            // All fields of a small record stand in a row, as in the arena, so that they are copied in one go.
            for (number, register) in try block(shapes).enumerated() {
                draft.fieldMaps[map].pairs.append((UInt16(number), register))
            }
            return draft.fieldMaps[map].pairs[index].register
        }
        let register = try register(shapes[index])
        draft.fieldMaps[map].pairs.append((field, register))
        return register
    }

    /// Gives a local its register.
    @discardableResult
    func declare(_ local: Int, _ shape: Int) throws(LoweringProblem) -> Slot {
        let slot = Slot(register: try register(shape), shape: shape, map: fieldMap(shape))
        locals[local] = slot
        return slot
    }

    // MARK: Instructions

    func emit(_ instruction: Instruction, _ span: Span) { assembler.emit(instruction, span) }

    func jump(_ label: Label, _ span: Span) { assembler.emit(Instruction(.jump, number: 0), span, to: label) }

    func move(_ target: Register, _ source: Register, _ span: Span) {
        if target != source { emit(Instruction(.move, target, source), span) }
    }

    func narrow(_ count: Int, _ what: String) throws(LoweringProblem) -> UInt16 {
        guard let number = UInt16(exactly: count) else { throw .tooLarge(what) }
        return number
    }
}
