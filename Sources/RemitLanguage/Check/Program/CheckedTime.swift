/// A block with the number of locals that it needs.
public struct CheckedBody: Sendable {
    public let block: CheckedBlock
    public let localCount: Int
    public init(block: CheckedBlock, localCount: Int) {
        self.block = block
        self.localCount = localCount
    }
}

/// `after <term> in <state>`, `after <term> past <field> in <state>`.
public struct DeadlineDeclaration: Sendable {
    /// The words of its head, for people.
    public let name: String
    /// Of type Term: a block of its own, evaluated when the term starts.
    public let term: Priced
    /// The case field (index), a Date or DateTime or an optional one, that the term counts from; nil: from entry.
    public let past: Int?
    public let states: [Int]
    public let body: CheckedBody
    /// The locals that `term` needs.
    public let termLocals: Int
    /// What the policy cites for the deadline.
    public let source: String?
    public let span: Span
    public init(
        name: String, term: Priced, past: Int?, states: [Int], body: CheckedBody, termLocals: Int, source: String?,
        span: Span
    ) {
        self.name = name
        self.term = term
        self.past = past
        self.states = states
        self.body = body
        self.termLocals = termLocals
        self.source = source
        self.span = span
    }
}

/// What a contract does by itself when time comes.
public enum TimerDeclaration: Hashable, Sendable {
    /// A deadline (index).
    case deadline(Int)
    /// The end of an approval's (index) time.
    case overdue(Int)
}
