/// A fact from which scenarios start.
public struct GivenItem: Sendable {
    public enum Kind: Sendable {
        /// `clinic is an organisation`.
        case organisation(Name)
        /// `ma is Provider of clinic`.
        case person(Name, role: Name, of: Name?)
        /// `PooledFund holds 1_000_000 CNY`.
        case fund(AccountName, Expression)
        /// `knee is a case of Referral(urgency: urgent) in accepted`.
        case otherCase(Name, contract: Name, fields: [(name: Name, value: Expression)], state: Name)
        /// `Member["M-1"] is Member(plan: employee, …)`.
        case row(Name, keys: [Expression], Expression)
        /// `wang acts for zhao until 2026-05-01`.
        case delegation(Name, for: Name, until: Expression?)
    }

    public let kind: Kind
    public let span: Span
    public init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }
}

/// `scenario "…" { … }`.
public struct ScenarioSyntax: Sendable {
    public let title: TextSyntax
    public let steps: [ScenarioStep]
    public init(title: TextSyntax, steps: [ScenarioStep]) {
        self.title = title
        self.steps = steps
    }
}

/// A step of a scenario.
public struct ScenarioStep: Sendable {
    public enum Kind: Sendable {
        case given([GivenItem])
        /// `at 2026-05-20 10:00`.
        case at(Expression)
        /// `after 25 hours`.
        case after(Expression)
        case perform(PerformSyntax)
        /// `wang renounces acting for zhao`.
        case renounce(Name, principal: Name)
        /// `expect c.payable is 5_524.99 CNY`.
        case expect(Expression)
        /// `expect c finds "CO-18"`; `expect c finds "CO-16" on line 2`; `expect c finds nothing`.
        case expectFinding(Name, code: TextSyntax?, line: Int64?, isNot: Bool)
        /// `expect Pool posts 80 CNY from reserved to supplier`; nil for `posts nothing`.
        case expectPosting(fund: AccountName, PostingSyntax?)
    }

    public let kind: Kind
    public let span: Span
    public init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }
}

/// `ma does submit(member: "M-1", …) as c`, `wang does approve funding on r refused alreadySigned`.
public struct PerformSyntax: Sendable {
    public enum Refusal: Sendable {
        /// An engine's word, such as `role` or `excluded`.
        case word(Name)
        /// A code or a text, or both.
        case text(TextSyntax, TextSyntax?)
    }

    public let actor: Name
    /// The organisation acted for, where it is not the only one of the actor: `ma of clinic does …`.
    public let organisation: Name?
    /// `approve` or `decline`, where a round is meant.
    public let vote: Name?
    public let action: Name
    public let arguments: [(name: Name, value: Expression)]
    public let on: Name?
    public let label: Name?
    public let refusal: Refusal?
    public init(
        actor: Name, organisation: Name?, vote: Name?, action: Name, arguments: [(name: Name, value: Expression)],
        on: Name?, label: Name?, refusal: Refusal?
    ) {
        self.actor = actor
        self.organisation = organisation
        self.vote = vote
        self.action = action
        self.arguments = arguments
        self.on = on
        self.label = label
        self.refusal = refusal
    }
}

/// The name of an account of money: `available`, `reserved`, a party, a fund, or a fund of another contract.
public struct AccountName: Sendable {
    /// The other contract, as in `Reserve.Pool`.
    public let owner: Name?
    public let name: Name
    public init(owner: Name?, name: Name) {
        self.owner = owner
        self.name = name
    }
}

/// `80 CNY from reserved to supplier`: an amount and the two accounts between which it moved.
public struct PostingSyntax: Sendable {
    public let amount: Expression
    public let from: AccountName
    public let to: AccountName
    public init(amount: Expression, from: AccountName, to: AccountName) {
        self.amount = amount
        self.from = from
        self.to = to
    }
}
