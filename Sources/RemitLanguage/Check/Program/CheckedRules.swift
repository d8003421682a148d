public import RemitValues

/// A state of the case.
public struct StateDeclaration: Sendable {
    public let name: String
    public let isFinal: Bool
    public let span: Span
    public init(name: String, isFinal: Bool, span: Span) {
        self.name = name
        self.isFinal = isFinal
        self.span = span
    }
}

/// A refusal that a rule can give; the text's paths are expressions.
public struct CheckedRefusal: Sendable {
    public let code: String?
    public let text: CheckedText
    public init(code: String?, text: CheckedText) {
        self.code = code
        self.text = text
    }
}

/// A text for people with values in it.
public struct CheckedText: Sendable {
    public enum Part: Sendable {
        case plain(String)
        /// A value; its cost is part of the refusal's or notice's own block.
        case value(CheckedExpression)
        /// `{case}`: the reference of this case.
        case caseReference
    }

    public let parts: [Part]
    public init(parts: [Part]) { self.parts = parts }
}

/// `unique by`: no two cases, save those in the excepted states, have these fields equal.
public struct UniqueDeclaration: Sendable {
    public let fields: [Int]
    /// Indices of states that free the key.
    public let except: [Int]
    public let refusal: CheckedRefusal?
    /// What the policy cites for it.
    public let source: String?
    public let span: Span
    public init(fields: [Int], except: [Int], refusal: CheckedRefusal?, source: String?, span: Span) {
        self.fields = fields
        self.except = except
        self.refusal = refusal
        self.source = source
        self.span = span
    }
}

/// A condition that holds after every transition.
public struct InvariantDeclaration: Sendable {
    public let text: String
    public let condition: Priced
    public let localCount: Int
    /// What the policy cites for it.
    public let source: String?
    public let span: Span
    public init(text: String, condition: Priced, localCount: Int, source: String?, span: Span) {
        self.text = text
        self.condition = condition
        self.localCount = localCount
        self.source = source
        self.span = span
    }
}

/// A group of checks; its arguments stand in locals 0..<parameters.count.
public struct ChecksDeclaration: Sendable {
    public let name: String
    public let parameters: [FieldDeclaration]
    public let items: [CheckedItem]
    public let localCount: Int
    /// Case-field index of the list whose lines the group's `for` speaks of (`lines passing screening`), if one.
    public let lineField: Int?
    public let span: Span
    public init(
        name: String, parameters: [FieldDeclaration], items: [CheckedItem], localCount: Int, lineField: Int?, span: Span
    ) {
        self.name = name
        self.parameters = parameters
        self.items = items
        self.localCount = localCount
        self.lineField = lineField
        self.span = span
    }
}

/// An entry of a group of checks; checks that follow each other are one block, every other entry is one of its own.
public indirect enum CheckedItem: Sendable {
    case check(CheckedCheck)
    case binding(local: Int, Priced)
    case each(local: Int, in: Priced, [CheckedItem], span: Span)
}

/// One check.
public struct CheckedCheck: Sendable {
    /// The position of the check among all checks of the program, in order of writing: its clause number.
    public let index: Int
    public let severity: CheckSyntax.Severity
    public let code: String
    public let text: CheckedText
    public let condition: Priced
    public let source: String?
    public let span: Span
    public init(
        index: Int, severity: CheckSyntax.Severity, code: String, text: CheckedText, condition: Priced,
        source: String?, span: Span
    ) {
        self.index = index
        self.severity = severity
        self.code = code
        self.text = text
        self.condition = condition
        self.source = source
        self.span = span
    }
}

/// A function; its arguments stand in locals 0..<parameters.count.
public struct FunctionDeclaration: Sendable {
    public let name: String
    public let parameters: [FieldDeclaration]
    public let result: ValueType
    public let source: String?
    /// Locals set in order, then the value: one block together, priced in `cost`.
    public let bindings: [(local: Int, value: CheckedExpression)]
    public let value: CheckedExpression
    public let cost: UInt64
    public let localCount: Int
    public let span: Span
    public init(
        name: String, parameters: [FieldDeclaration], result: ValueType, source: String?,
        bindings: [(local: Int, value: CheckedExpression)], value: CheckedExpression, cost: UInt64, localCount: Int,
        span: Span
    ) {
        self.name = name
        self.parameters = parameters
        self.result = result
        self.source = source
        self.bindings = bindings
        self.value = value
        self.cost = cost
        self.localCount = localCount
        self.span = span
    }
}

/// Who may perform an action: any one alternative suffices.
public struct CheckedAuthority: Sendable {
    public enum Who: Sendable {
        /// Holds a role (index) in the scope.
        case role(Int, CheckedScope)
        /// Is the party in a case field (index): that person, or anybody acting for that organisation.
        case caseField(Int)
    }

    public let who: Who
    public let span: Span
    public init(who: Who, span: Span) {
        self.who = who
        self.span = span
    }
}

/// The organisation in which a role must be held.
public enum CheckedScope: Sendable {
    /// The organisation that deployed the contract.
    case home
    /// Whichever organisation the actor acts for.
    case any
    /// The organisation that this expression gives (over case fields).
    case organisation(CheckedExpression)
}

/// An action.
public struct ActionDeclaration: Sendable {
    public let name: String
    /// States (indices) in which it may be performed; empty for an action that only opens.
    public let states: [Int]
    /// States (indices) that it may open a case in; empty for an action on a case that is there.
    public let opens: [Int]
    public let authorities: [CheckedAuthority]
    /// Parties who may not: expressions of person, organisation or party type over case fields.
    public let except: [CheckedExpression]
    /// Case fields (indices) that the form enters, in order of writing; arguments begin with these.
    public let enters: [Int]
    /// Other parameters, after the entered fields; they stand in locals 0..<parameters.count.
    public let parameters: [FieldDeclaration]
    public let source: String?
    public let body: CheckedBlock
    public let localCount: Int
    /// The price of working out authority and exceptions, charged before the body.
    public let headCost: UInt64
    public let span: Span
    public init(
        name: String, states: [Int], opens: [Int], authorities: [CheckedAuthority], except: [CheckedExpression],
        enters: [Int], parameters: [FieldDeclaration], source: String?, body: CheckedBlock, localCount: Int,
        headCost: UInt64, span: Span
    ) {
        self.name = name
        self.states = states
        self.opens = opens
        self.authorities = authorities
        self.except = except
        self.enters = enters
        self.parameters = parameters
        self.source = source
        self.body = body
        self.localCount = localCount
        self.headCost = headCost
        self.span = span
    }
}

/// What happens whenever a state is entered.
public struct EnteringDeclaration: Sendable {
    public let state: Int
    public let body: CheckedBlock
    public let localCount: Int
    public let span: Span
    public init(state: Int, body: CheckedBlock, localCount: Int, span: Span) {
        self.state = state
        self.body = body
        self.localCount = localCount
        self.span = span
    }
}

/// A basic block of statements: `cost` is charged on entry and covers all that runs unless it branches or loops.
public struct CheckedBlock: Sendable {
    public let statements: [CheckedStatement]
    public let cost: UInt64
    public init(statements: [CheckedStatement]) {
        self.statements = statements
        cost = statements.reduce(0) { $0 + $1.cost }
    }
}

/// A statement.
public struct CheckedStatement: Sendable {
    public indirect enum Kind: Sendable {
        case binding(local: Int, CheckedExpression)
        /// The local gets the value of an optional, or the action is refused.
        case bindingOrRefuse(local: Int, CheckedExpression, CheckedRefusal)
        case require(CheckedExpression, CheckedRefusal)
        case refuse(CheckedRefusal)
        case setField(Int, CheckedExpression)
        /// `add x to f`: to a number or amount; or as a member of a list or set in the field.
        case addToField(Int, CheckedExpression)
        case removeFromField(Int, CheckedExpression)
        /// `set m[k] to x`: the entry of a key in a map that a case field holds.
        case setEntry(field: Int, key: CheckedExpression, CheckedExpression)
        /// `add x to m[k]`: to a number or amount that is there.
        case addToEntry(field: Int, key: CheckedExpression, CheckedExpression)
        case setRow(register: Int, keys: [CheckedExpression], field: Int, CheckedExpression)
        case addToRow(register: Int, keys: [CheckedExpression], field: Int, CheckedExpression)
        case choose(CheckedExpression, then: CheckedBlock, otherwise: CheckedBlock)
        /// Arms by value of an enumeration, verdict or state; the checker proved that one of them fits.
        case match(CheckedExpression, [(values: [Value], body: CheckedBlock)])
        case each(local: Int, in: CheckedExpression, CheckedBlock)
        case run(checks: Int, [CheckedExpression])
        case become(Int)
        /// Sets an amount of a fund aside for this case; without a refusal of its own a lack is refused by the engine.
        case reserve(fund: Int, CheckedExpression, CheckedRefusal?)
        /// Gives back what the case has reserved: an amount, or all of it.
        case release(fund: Int, CheckedExpression?)
        /// Pays a party, from the case's reservation first.
        case pay(fund: Int, CheckedExpression, to: CheckedExpression)
        case transfer(fund: Int, CheckedExpression, to: TransferTarget)
        /// Notifies those who hold a role at home, or a party.
        case notifyRole(Int, CheckedText)
        case notifyParty(CheckedExpression, CheckedText)
    }

    public let kind: Kind
    public let span: Span
    public init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }
}
