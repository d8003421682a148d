public import RemitValues

/// A scenario whose expressions are values or checked against the program.
public struct CheckedScenario: Sendable {
    public let title: String
    /// The contract's own `given` items come first, then the scenario's steps.
    public let steps: [CheckedStep]
    public let span: Span
    public init(title: String, steps: [CheckedStep], span: Span) {
        self.title = title
        self.steps = steps
        self.span = span
    }
}

/// A step of a scenario.
public struct CheckedStep: Sendable {
    public enum Kind: Sendable {
        case organisation(Party)
        /// A person who holds a role (index) in an organisation; nil is the contract's home.
        case person(Party, role: Int, of: Party?)
        case row(register: Int, keys: [Value], row: [Value])
        case at(Instant)
        case after(Duration)
        case perform(CheckedPerform)
        /// A condition over the labelled cases, which stand in locals (see `labels`).
        case expect(CheckedExpectation)
        case expectFinding(label: Int, code: String?, line: Int?, isNot: Bool)
    }

    public let kind: Kind
    public let span: Span
    public init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }
}

/// An action tried in a scenario.
public struct CheckedPerform: Sendable {
    public let actor: Party
    /// The organisation acted for; nil: the only one in which the actor holds a role, else the home.
    public let organisation: Party?
    public let action: Int
    /// In the order of the action's entered fields, then parameters; unnamed optional ones are `absent`.
    public let arguments: [Value]
    /// The label (index) of the case acted on; nil where one is opened.
    public let on: Int?
    /// The label (index) that the case opened here gets.
    public let label: Int?
    /// What refusal is expected: an engine's word, or a code, or a text, or a code and a text.
    public let refusal: ExpectedRefusal?
    public init(
        actor: Party, organisation: Party?, action: Int, arguments: [Value], on: Int?, label: Int?,
        refusal: ExpectedRefusal?
    ) {
        self.actor = actor
        self.organisation = organisation
        self.action = action
        self.arguments = arguments
        self.on = on
        self.label = label
        self.refusal = refusal
    }
}

/// How an expected refusal is named.
public enum ExpectedRefusal: Hashable, Sendable {
    /// An engine's word: see `RefusalReason` of the runtime.
    case word(String)
    /// A code or a text.
    case text(String)
    case codeAndText(String, String)
}

/// `expect c is approved`, `expect c.payable is 5 CNY`, `expect Drawn["M-1", 2026].amount is …`.
///
/// Labels are turned into local slots: a label's case record (its fields as a `.record` in order of declaration, with
/// one more element at the end: the state as `.enumeration`) stands in the local of the label's index.
public struct CheckedExpectation: Sendable {
    public let condition: CheckedExpression
    /// For `is` and the other comparisons, so that a failure can show both sides.
    public let localCount: Int
    public init(condition: CheckedExpression, localCount: Int) {
        self.condition = condition
        self.localCount = localCount
    }
}
