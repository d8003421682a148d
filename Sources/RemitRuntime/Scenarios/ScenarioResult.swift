public import RemitLanguage

/// What running a scenario came to.
public struct ScenarioResult: Sendable {
    public let title: String
    public let span: Span
    /// What did not come out as the scenario says; empty where it passed.
    public let failures: [ScenarioFailure]

    /// Whether everything came out as the scenario says.
    public var passed: Bool { failures.isEmpty }
}

/// A step that came out otherwise.
public struct ScenarioFailure: Sendable {
    /// The step.
    public let span: Span
    /// What was expected and what came, in a line.
    public let message: String
    /// Of a condition with several parts: the one that does not hold.
    public var part: Span?
    /// Both sides of what does not hold.
    public let expected: String?
    public let actual: String?
    /// The last transition, with its trace, that explains it.
    public let transition: Transition?
}

/// What scenarios have reached of a contract.
public struct Coverage: Sendable {
    /// What can be reached.
    public enum Kind: String, CaseIterable, Sendable {
        case action
        /// An end of a round: granted, declined or overdue.
        case round
        /// A deadline that fires.
        case deadline
        /// An arm of an `if`, as a statement or as a value, or of a `match`; the right side of an `implies`; an
        /// invariant that was held to.
        case branch
        /// A row of a table.
        case row
        case check, state, refusal
    }

    /// A thing that can be reached, and whether it was.
    public struct Item: Sendable {
        public let kind: Kind
        public let name: String
        public let span: Span
        public let isReached: Bool
        /// Of a branch: the place where it is decided which one is taken. The branches of one place follow each other,
        /// though those within their bodies may stand between them.
        public var decision: Span?
        /// Of a branch: whether some scenario came to that place, whichever branch it took there.
        public var isDecided = false
    }

    /// What stands in the contract itself.
    public internal(set) var items: [Item] = []
    /// What stands in the libraries that it uses, as far as the contract comes to it: rows and branches.
    public internal(set) var libraryItems: [Item] = []

    /// How many items of the contract itself were reached, and how many there are.
    public var counts: (reached: Int, all: Int) { (items.count { $0.isReached }, items.count) }
}
