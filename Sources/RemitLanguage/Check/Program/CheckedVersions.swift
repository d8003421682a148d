import RemitValues

/// A library that a program is made with.
public struct LibraryUse: Sendable {
    public let name: String
    public let version: Int64
    public let title: String?
    public let span: Span
    /// All of it.
    public let text: Span
    public init(name: String, version: Int64, title: String?, span: Span, text: Span) {
        self.text = text
        self.name = name
        self.version = version
        self.title = title
        self.span = span
    }
}

/// `migrate from 1 { … }`: how a running case of an earlier version comes under this one.
///
/// What it says of that version stands in names, since only that version's own text can resolve them.
public struct MigrationDeclaration: Sendable {
    /// The version that cases come from.
    public let from: Int64
    /// The names of the states of that version to which it is limited; empty: all that are not final.
    public let within: [String]
    /// Whether a case migrates, asked of the case as this version sees it; nil: always.
    public let condition: Priced?
    public let conditionLocals: Int
    /// New names of states: the old name, and the index of the state that takes its place.
    public let states: [(old: String, new: Int)]
    public let body: CheckedBody
    /// The case fields that it sets on every path.
    public let sets: Set<Int>
    /// The case fields that it reads before they are surely set: so they must come over with the case.
    public let reads: Set<Int>
    public let span: Span
    public init(
        from: Int64, within: [String], condition: Priced?, conditionLocals: Int, states: [(old: String, new: Int)],
        body: CheckedBody, sets: Set<Int>, reads: Set<Int>, span: Span
    ) {
        self.from = from
        self.within = within
        self.condition = condition
        self.conditionLocals = conditionLocals
        self.states = states
        self.body = body
        self.sets = sets
        self.reads = reads
        self.span = span
    }

    /// The state of this version for a state of that one; nil where there is none.
    public func state(for old: String, in program: CheckedProgram) -> Int? {
        if let renamed = states.first(where: { TextValue($0.old) == TextValue(old) }) { return renamed.new }
        return program.states.firstIndex { TextValue($0.name) == TextValue(old) }
    }
}
