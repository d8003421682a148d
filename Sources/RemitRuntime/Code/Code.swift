import RemitLanguage
import RemitValues

/// A program as the register machine runs it: verified instructions and the tables that they point into.
final class Code: Sendable {
    let instructions: [Instruction]
    /// The place in the contract of each instruction.
    let spans: [Span]
    let jumps: [Int32]
    let fieldMaps: [FieldMap]
    let fieldLists: [[Int]]
    let patterns: [TextPattern]
    let refusals: [RefusalSite]
    let conformances: [Conformance]
    let rows: [RowSite]
    let transfers: [TransferSite]
    let others: [OtherSite]
    let tables: [TableCode]
    let parameters: [ParameterCode]
    /// Where a fault of a check is kept and the run goes on; sorted, and none within another.
    let handlers: [Handler]
    let checks: [CheckSite]
    let shapes: [Shape]
    /// The lists of names, in the order of `NameLists`.
    let names: [[TextValue]]
    /// For each list the rank of its names in their order.
    private let nameRanks: [[Int64]]
    /// Seconds east of UTC.
    let timezone: Int
    /// The shape of each register.
    let registerShapes: [UInt16]
    /// What the registers begin with; constants are never written.
    let registers: [Int64]
    let isConstant: [Bool]
    /// The names of each list, as texts of the arena.
    let nameWords: [[Int64]]
    /// What the fields of a case begin with.
    let starts: [Int64]
    /// What the arenas begin with.
    let words: [Int64]
    let bytes: [UInt8]
    let entries: Entries
    /// The deepest nesting of calls in the code.
    let depth: Int
    /// By shape, whether its values hold names of roles or cases, which the program must know.
    let isJudged: [Bool]

    /// Registers that fill a record's fields.
    struct FieldMap: Sendable {
        var pairs: [(field: UInt16, register: UInt16)]

        /// The first of the registers where they take the fields from the first on, one after another; else -1.
        var firstOfBlock: Int {
            guard let first = pairs.first?.register else { return -1 }
            let isBlock = pairs.enumerated().allSatisfy { index, pair in
                Int(pair.field) == index && Int(pair.register) == Int(first) + index
            }
            return isBlock ? Int(first) : -1
        }
    }

    struct RefusalSite: Sendable {
        let reason: RefusalReason
        let code: String?
        let span: Span
    }

    /// A declared type whose bounds a written value must keep.
    struct Conformance: Sendable {
        let shape: Int
        let type: ValueType
        let name: String
    }

    struct RowSite: Sendable {
        let register: Int
        let field: Int
    }

    /// A fund that is transferred from, and where to.
    struct TransferSite: Sendable {
        let fund: Int
        let target: TransferTarget
    }

    /// What is read of a case of another contract: a field, or its state.
    struct OtherSite: Sendable, Equatable {
        let contract: Int
        /// -1 for the state.
        let field: Int
        let shape: Int
    }

    /// A check of the program and its group.
    struct CheckSite: Sendable {
        let check: CheckedCheck
        let group: UInt16

        var flat: FlatCheck {
            let severity =
                switch check.severity {
                case .deny: Verdict.deny.word
                case .pend: Verdict.pend.word
                case .note: Verdict.note.word
                }
            return FlatCheck(group: group, severity: UInt8(severity), isDeny: check.severity == .deny)
        }
    }

    struct Handler: Sendable {
        let start: Int32
        let end: Int32
        let target: Int32
        /// The register of the walk through lines; 65535 outside of one.
        let walk: UInt16
    }

    struct ParameterCode: Sendable {
        let name: String
        let periods: [Period]
        let values: [Int64]
    }

    /// Where the parts of the program begin.
    struct Entries: Sendable {
        var actions: [Int32] = []
        /// By state; -1 where nothing happens on entry.
        var entering: [Int32] = []
        /// By action the state that it opens cases in, where it is one; else absent.
        var onlyOpening: [Int64] = []
        var invariants: [Int32] = []
        /// By register, with the first register of the keys and fields.
        var rowInvariants: [[(entry: Int32, base: UInt16)]] = []
        /// By unique key; -1 where it has no refusal of its own. The text is left in the register.
        var uniqueRefusals: [(entry: Int32, register: UInt16)] = []
        /// The registers in which things stand.
        var fields: UInt16 = 0
        var parameters: [UInt16] = []
        var state: UInt16 = 0
        var target: UInt16 = 0
        var actor: UInt16 = 0
        var organisation: UInt16 = 0
        var now: UInt16 = 0
        var today: UInt16 = 0
        var reference: UInt16 = 0
        /// The result of an invariant.
        var answer: UInt16 = 0
        /// The first of the verdicts of the groups of checks.
        var verdicts: UInt16 = 0
        var groups = 0
        var fieldShapes: [Int] = []
        var actionShapes: [[Int]] = []
        var keyShapes: [[Int]] = []
        var rowShapes: [Int] = []
        var uniqueShapes: [[Int]] = []
        /// What stands before a vote and a timer's body: fields of the case's records are copied into registers.
        var begin: Int32 = 0
        /// By deadline: what starts it, and its body.
        var deadlineStarts: [Int32] = []
        var deadlineBodies: [Int32] = []
        /// By approval: what opens its round.
        var openings: [Int32] = []
        /// Three by approval: what follows when it is granted, declined, overdue.
        var outcomes: [Int32] = []
        /// How many funds there are.
        var funds = 0
        /// Whose authority is asked for, and whom the actor stands in for.
        var candidate: UInt16 = 0
        var principal: UInt16 = 0
        /// The first of the marks of the case fields that were written; as many as there are fields, or none.
        var written: UInt16 = 0
        var writtenCount = 0
    }

    let draft: CodeDraft

    init(_ draft: CodeDraft) {
        self.draft = draft
        instructions = draft.instructions
        spans = draft.spans
        jumps = draft.jumps
        fieldMaps = draft.fieldMaps
        fieldLists = draft.fieldLists
        patterns = draft.patterns
        refusals = draft.refusals
        conformances = draft.conformances
        rows = draft.rows
        transfers = draft.transfers
        others = draft.others
        isJudged = Self.judged(draft.shapes)
        tables = draft.tables
        parameters = draft.parameters
        handlers = draft.handlers
        checks = draft.checks
        shapes = draft.shapes
        names = draft.names
        nameRanks = draft.names.map(Self.ranks)
        timezone = draft.timezone
        registerShapes = draft.registerShapes
        nameWords = draft.nameWords
        starts = draft.starts
        registers = draft.registers
        isConstant = draft.isConstant
        words = draft.words
        bytes = draft.bytes
        entries = draft.entries
        depth = draft.depth
    }

    /// The same code with other instructions, for trying the verifier.
    func with(_ instructions: [Instruction]) -> Code {
        var changed = draft
        changed.instructions = instructions
        changed.spans = instructions.indices.map { spans.indices.contains($0) ? spans[$0] : Span(0, 0) }
        return Code(changed)
    }

    static func ranks(_ names: [TextValue]) -> [Int64] {
        let sorted = names.indices.sorted { names[$0] < names[$1] }
        var ranks = [Int64](repeating: 0, count: names.count)
        for (rank, index) in sorted.enumerated() { ranks[index] = Int64(rank) }
        return ranks
    }

    private static func judged(_ shapes: [Shape]) -> [Bool] {
        var result: [Bool] = []
        // Parts stand before the whole.
        for shape in shapes {
            switch shape.kind {
            case .label, .reference: result.append(true)
            case .list(let part), .set(let part), .map(let part), .quorum(let part):
                result.append(result.indices.contains(part) && result[part])
            case .record(let parts, _): result.append(parts.contains { result.indices.contains($0) && result[$0] })
            default: result.append(false)
            }
        }
        return result
    }

    /// How many groups of checks the program has.
    var groupCount: Int { entries.groups }

    /// The names of a shape's values.
    func names(of list: Int) -> [TextValue] { names.indices.contains(list) ? names[list] : [] }

    /// The rank of each of a shape's values in the order of their names.
    func ranks(of list: Int) -> [Int64] { nameRanks.indices.contains(list) ? nameRanks[list] : [] }

    static let verdictNames = Verdict.allCases.map { TextValue($0.rawValue) }
    static let outcomeNames = RoundOutcome.allCases.map { TextValue($0.rawValue) }
}

/// Code in the making.
struct CodeDraft: Sendable {
    var instructions: [Instruction] = []
    var spans: [Span] = []
    var jumps: [Int32] = []
    var fieldMaps: [Code.FieldMap] = []
    var fieldLists: [[Int]] = []
    var patterns: [TextPattern] = []
    var refusals: [Code.RefusalSite] = []
    var conformances: [Code.Conformance] = []
    var rows: [Code.RowSite] = []
    var transfers: [Code.TransferSite] = []
    var others: [Code.OtherSite] = []
    var tables: [TableCode] = []
    var parameters: [Code.ParameterCode] = []
    var handlers: [Code.Handler] = []
    var checks: [Code.CheckSite] = []
    var shapes: [Shape] = []
    var names: [[TextValue]] = []
    var timezone = 0
    var nameWords: [[Int64]] = []
    var starts: [Int64] = []
    var registerShapes: [UInt16] = []
    var registers: [Int64] = []
    var isConstant: [Bool] = []
    var words: [Int64] = []
    var bytes: [UInt8] = []
    var entries = Code.Entries()
    var depth = 0
}
