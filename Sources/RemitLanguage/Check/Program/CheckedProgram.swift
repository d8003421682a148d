public import RemitValues

/// A contract that passed the checker: every name resolved to an index, every expression typed, every block priced.
public struct CheckedProgram: Sendable {
    public var name: String
    public var version: Int64
    /// Whether it is a library: types, functions, tables and calendars that contracts use, and no case.
    public var isLibrary = false
    /// The day from which the version opens cases; nil: from its deployment.
    public var begins: CalendarDate?
    /// The libraries that it is made with, each behind those that it uses.
    public var libraries: [LibraryUse] = []
    public var title: String
    public var purpose: String?
    /// Seconds east of UTC; the contract's `today` follows it.
    public var timezone: Int
    public var roles: [String]
    /// The contracts that this one refers to, in order of writing.
    public var others: [OtherContract]
    public var enumerations: [EnumerationType]
    /// Declared records, then one for each register's row, then those of other contracts and of tables.
    public var records: [RecordType]
    public var registers: [RegisterDeclaration]
    public var funds: [FundDeclaration]
    /// What working time is counted by; nil where the contract names no calendar.
    public var calendar: WorkCalendar?
    public var parameters: [ParameterDeclaration]
    public var tables: [TableDeclaration]
    public var caseFields: [FieldDeclaration]
    /// Index into `caseFields` of whom a case is about, under whose key its private values are kept; nil: nobody.
    public var about: Int?
    public var states: [StateDeclaration]
    public var uniqueKeys: [UniqueDeclaration]
    public var checks: [ChecksDeclaration]
    public var functions: [FunctionDeclaration]
    public var actions: [ActionDeclaration]
    public var approvals: [ApprovalDeclaration]
    public var deadlines: [DeadlineDeclaration]
    /// Deadlines and the ends of rounds together, in order of writing.
    public var timers: [TimerDeclaration]
    /// At most one for each state.
    public var entering: [EnteringDeclaration]
    public var invariants: [InvariantDeclaration]
    /// Warnings that the contract answers, in order of writing.
    public var accepted: [AcceptedWarning]
    /// What becomes of running cases of earlier versions, in order of writing.
    public var migrations: [MigrationDeclaration] = []
    public var scenarios: [CheckedScenario]

    /// The version of the language whose meaning this program has.
    public static let languageVersion: Int64 = 1

    /// An empty program of a name; the checker fills it.
    public init(name: String, version: Int64) {
        self.name = name
        self.version = version
        title = name
        timezone = 0
        roles = []
        others = []
        enumerations = []
        records = []
        registers = []
        funds = []
        parameters = []
        tables = []
        caseFields = []
        states = []
        uniqueKeys = []
        checks = []
        functions = []
        actions = []
        approvals = []
        deadlines = []
        timers = []
        entering = []
        invariants = []
        accepted = []
        scenarios = []
    }
}

extension CheckedProgram {
    /// Whether a place stands in a library that the program is made with.
    public func isFromLibrary(_ span: Span) -> Bool {
        libraries.contains { $0.text.start <= span.start && span.start < $0.text.end }
    }

    /// Whether nobody sees what a field holds: it is private, or a set or map whose elements have something private in
    /// them, which is kept as one private value.
    public func isClosed(_ field: FieldDeclaration) -> Bool { field.isPrivate || isKeptWhole(field.type) }

    private func isKeptWhole(_ type: ValueType) -> Bool {
        switch type {
        case .optional(let inner): isKeptWhole(inner)
        case .set(let element, _): holdsPrivate(element)
        case .map(let key, let element, _): holdsPrivate(key) || holdsPrivate(element)
        default: false
        }
    }

    /// Whether values of a type have something private in them.
    public func holdsPrivate(_ type: ValueType) -> Bool {
        switch type {
        case .record(let index):
            records.indices.contains(index) && records[index].fields.contains { $0.isPrivate || holdsPrivate($0.type) }
        case .optional(let inner), .list(let inner, _), .set(let inner, _): holdsPrivate(inner)
        case .map(let key, let element, _): holdsPrivate(key) || holdsPrivate(element)
        default: false
        }
    }

    /// The names of everything that is kept private, in order of declaration: fields of the case, keys and fields of
    /// registers, and fields of records.
    public var privateNames: [String] {
        let rows = Set(registers.map(\.row))
        let inRegisters = registers.flatMap { register in
            (register.keys + records[register.row].fields).filter(\.isPrivate).map { "\(register.name).\($0.name)" }
        }
        let inRecords = records.indices.filter { !rows.contains($0) }.flatMap { index in
            records[index].fields.filter(\.isPrivate).map { "\(records[index].name).\($0.name)" }
        }
        return caseFields.filter(\.isPrivate).map(\.name) + inRegisters + inRecords
    }
}

/// The type of an expression or field; indices point into the program.
public indirect enum ValueType: Hashable, Sendable {
    case boolean, integer, decimal
    case money(Currency)
    /// Money times a number, not rounded yet: computed with, never stored. Its values are `.decimal` in major units.
    case unrounded(Currency)
    case date, dateTime, duration, term
    case text(Int)
    case enumeration(Int)
    case record(Int)
    case optional(ValueType)
    case list(ValueType, Int)
    case set(ValueType, Int)
    case map(ValueType, ValueType, Int)
    /// A key of a map with its value: what one goes through in a map. Its values are records of the two.
    case entry(ValueType, ValueType)
    case person, organisation, party, document
    /// A reference to a case of another contract (index).
    case caseOf(Int)
    /// A state of this contract's case.
    case state
    /// A state of a case of another contract (index).
    case otherState(Int)
    /// The worst finding of a group of checks: the enumeration `deny, pend, note, clear`.
    case verdict
    /// Seats that different people fill; its values are those of `Quorum.value`.
    case quorum
    /// How a round stands: the enumeration of `RoundOutcome`.
    case roundOutcome
    /// Stands in after a mistake, so that one mistake is reported once; never in a program without errors.
    case unknown
}

/// An enumeration and its cases in order of writing.
public struct EnumerationType: Sendable {
    public let name: String
    public let cases: [String]
    public init(name: String, cases: [String]) {
        self.name = name
        self.cases = cases
    }
}

/// A record and its fields in order; also the row of a register, without its keys.
public struct RecordType: Sendable {
    public let name: String
    public let fields: [FieldDeclaration]
    public init(name: String, fields: [FieldDeclaration]) {
        self.name = name
        self.fields = fields
    }
}

/// A field of a case, record or register row, or a parameter.
public struct FieldDeclaration: Sendable {
    public let name: String
    public let type: ValueType
    /// The value that it begins with, where the field says so; it reads nothing.
    public let starts: Value?
    /// Whether it holds what is not for everybody: it leaves the field only by `reveal`.
    public let isPrivate: Bool
    public let span: Span
    public init(name: String, type: ValueType, starts: Value? = nil, isPrivate: Bool = false, span: Span) {
        self.name = name
        self.type = type
        self.starts = starts
        self.isPrivate = isPrivate
        self.span = span
    }
}

/// A register of reference data, looked up by key.
public struct RegisterDeclaration: Sendable {
    public let name: String
    public let keys: [FieldDeclaration]
    /// Index into `records` of the row.
    public let row: Int
    /// Indices into `roles` of those who may load and change it.
    public let keepers: [Int]
    /// Every field has a start, so that each key has a row and a look-up is not optional.
    public let hasRowForEveryKey: Bool
    /// Conditions with the keys in locals 0..<keys.count and the row's fields after them.
    public let invariants: [InvariantDeclaration]
    public let span: Span
    public init(
        name: String, keys: [FieldDeclaration], row: Int, keepers: [Int], hasRowForEveryKey: Bool,
        invariants: [InvariantDeclaration], span: Span
    ) {
        self.name = name
        self.keys = keys
        self.row = row
        self.keepers = keepers
        self.hasRowForEveryKey = hasRowForEveryKey
        self.invariants = invariants
        self.span = span
    }
}

/// The days on which a dated rule holds: from `from` (nil: always) up to, not including, `until`.
public struct Period: Hashable, Sendable {
    public let from: CalendarDate?
    public let until: CalendarDate?
    public init(from: CalendarDate?, until: CalendarDate?) {
        self.from = from
        self.until = until
    }

    /// Whether the rule holds on a day.
    public func contains(_ date: CalendarDate) -> Bool {
        (from.map { $0 <= date } ?? true) && (until.map { date < $0 } ?? true)
    }
}

/// A parameter with a value for each period; periods are sorted, do not overlap, and `until` is filled in.
public struct ParameterDeclaration: Sendable {
    public let name: String
    public let type: ValueType
    public let source: String?
    public let values: [(period: Period, value: Value)]
    public let span: Span
    /// Whether reading it needs `on` a date.
    public var isDated: Bool { values.contains { $0.period.from != nil } }
    public init(
        name: String, type: ValueType, source: String?, values: [(period: Period, value: Value)], span: Span
    ) {
        self.name = name
        self.type = type
        self.source = source
        self.values = values
        self.span = span
    }
}

/// A decision table.
public struct TableDeclaration: Sendable {
    public let name: String
    public let policy: TableSyntax.HitPolicy
    public let inputs: [FieldDeclaration]
    public let outputs: [FieldDeclaration]
    /// The type of a call: the output's type if there is one output, else a record.
    public let result: ValueType
    public let source: String?
    public let sections: [CheckedTableSection]
    public let span: Span
    public var isDated: Bool { sections.contains { $0.period.from != nil } }
    public init(
        name: String, policy: TableSyntax.HitPolicy, inputs: [FieldDeclaration], outputs: [FieldDeclaration],
        result: ValueType, source: String?, sections: [CheckedTableSection], span: Span
    ) {
        self.name = name
        self.policy = policy
        self.inputs = inputs
        self.outputs = outputs
        self.result = result
        self.source = source
        self.sections = sections
        self.span = span
    }
}

/// The rows that hold in one period.
public struct CheckedTableSection: Sendable {
    public let period: Period
    public let rows: [CheckedRow]
    public let span: Span
    public init(period: Period, rows: [CheckedRow], span: Span) {
        self.period = period
        self.rows = rows
        self.span = span
    }
}

/// A row: one test for each input, one expression for each output.
public struct CheckedRow: Sendable {
    public let cells: [CheckedCell]
    /// Expressions over the inputs, which stand in locals 0..<inputs.count, priced together.
    public let outputs: [Priced]
    /// The locals that the outputs need, those of the inputs included.
    public let localCount: Int
    public let source: String?
    public let span: Span
    public init(cells: [CheckedCell], outputs: [Priced], localCount: Int, source: String?, span: Span) {
        self.cells = cells
        self.outputs = outputs
        self.localCount = localCount
        self.source = source
        self.span = span
    }
}

/// The set of input values that a cell accepts, in a normal form that can be subtracted exactly.
public enum CheckedCell: Hashable, Sendable {
    case any
    /// Values of an enumeration, Boolean, text or party, by equality; `isExcluded` accepts all but these.
    case members([Value], isExcluded: Bool)
    /// Sorted, disjoint ranges over an ordered type (numbers, money, dates, times, durations).
    case ranges([ValueRange])
}

/// A range of an ordered type; a missing end is unbounded.
public struct ValueRange: Hashable, Sendable {
    public let lower: Value?
    public let lowerIncluded: Bool
    public let upper: Value?
    public let upperIncluded: Bool
    public init(lower: Value?, lowerIncluded: Bool, upper: Value?, upperIncluded: Bool) {
        self.lower = lower
        self.lowerIncluded = lowerIncluded
        self.upper = upper
        self.upperIncluded = upperIncluded
    }

    /// Whether the range holds a value.
    public func contains(_ value: Value) -> Bool {
        if let lower, lowerIncluded ? value < lower : value <= lower { return false }
        if let upper, upperIncluded ? value > upper : value >= upper { return false }
        return true
    }
}
