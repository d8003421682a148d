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
        /// What a fund holds at the start.
        case fund(FundPlace, Money)
        /// A case of another contract (index) with its state and public fields; said again, what it has become.
        case otherCase(contract: Int, reference: TextValue, state: TextValue, values: [OtherValue])
        /// The first person stands in for the second, up to, not including, a day.
        case delegation(Party, for: Party, until: CalendarDate?)
        case at(Instant)
        /// Time passes; working time follows the contract's calendar.
        case after(Term)
        case perform(CheckedPerform)
        /// The first person no longer stands in for the second.
        case renunciation(Party, of: Party)
        /// A condition over the labelled cases, which stand in locals (see `labels`).
        case expect(CheckedExpectation)
        case expectFinding(label: Int, code: String?, line: Int?, isNot: Bool)
        /// A movement of money in the last transition; nil: none in this fund.
        case expectPosting(fund: FundPlace, ExpectedPosting?)
    }

    /// A field (index) of a given case of another contract.
    public struct OtherValue: Sendable {
        public let field: Int
        public let value: Value
        public init(field: Int, value: Value) {
            self.field = field
            self.value = value
        }
    }

    public let kind: Kind
    public let span: Span
    public init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }
}

/// What somebody does to a case.
public enum CheckedCall: Hashable, Sendable {
    /// An action (index).
    case action(Int)
    /// A signature in the round of an approval (index).
    case approve(Int)
    /// A vote against, with its reason as the one argument.
    case decline(Int)
}

/// A fund that a scenario names.
public enum FundPlace: Hashable, Sendable {
    /// A fund (index) of this contract.
    case own(Int)
    /// A fund (index) of another contract (index).
    case other(contract: Int, fund: Int)
}

/// An amount and the accounts between which it moves.
public struct ExpectedPosting: Hashable, Sendable {
    public enum Account: Hashable, Sendable {
        case available
        /// What the case has reserved.
        case reserved
        case party(Party)
        /// A fund, as `Contract.Fund`.
        case fund(TextValue)
    }

    public let amount: Money
    public let from: Account
    public let to: Account
    public init(amount: Money, from: Account, to: Account) {
        self.amount = amount
        self.from = from
        self.to = to
    }
}

/// An action or a vote tried in a scenario.
public struct CheckedPerform: Sendable {
    public let actor: Party
    /// The organisation acted for; nil: the only one in which the actor holds a role, else the home.
    public let organisation: Party?
    public let call: CheckedCall
    /// In the order of the form: an action's entered fields, then parameters; unnamed optional ones are `absent`.
    public let arguments: [Value]
    /// The label (index) of the case acted on; nil where one is opened.
    public let on: Int?
    /// The label (index) that the case opened here gets.
    public let label: Int?
    /// What refusal is expected: an engine's word, or a code, or a text, or a code and a text.
    public let refusal: ExpectedRefusal?
    public init(
        actor: Party, organisation: Party?, call: CheckedCall, arguments: [Value], on: Int?, label: Int?,
        refusal: ExpectedRefusal?
    ) {
        self.actor = actor
        self.organisation = organisation
        self.call = call
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
/// Labels are turned into local slots: a label's case record stands in the local of the label's index. It holds the
/// fields as a `.record` in order of declaration, the state as `.enumeration` behind them, and then the outcome of each
/// approval's round.
public struct CheckedExpectation: Sendable {
    public let condition: CheckedExpression
    /// For `is` and the other comparisons, so that a failure can show both sides.
    public let localCount: Int
    public init(condition: CheckedExpression, localCount: Int) {
        self.condition = condition
        self.localCount = localCount
    }
}
