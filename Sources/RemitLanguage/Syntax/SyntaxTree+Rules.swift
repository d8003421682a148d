/// `checks screening(cover: Member) { … }`.
public struct ChecksSyntax: Sendable {
    public let name: Name
    public let parameters: [FieldSyntax]
    public let items: [CheckItem]
    public init(name: Name, parameters: [FieldSyntax], items: [CheckItem]) {
        self.name = name
        self.parameters = parameters
        self.items = items
    }
}

/// What stands in a group of checks.
public indirect enum CheckItem: Sendable {
    case check(CheckSyntax)
    /// `let item = Item[line.code]`.
    case binding(Name, Expression, Span)
    /// `for line in lines { … }`: its checks speak of one line.
    case each(Name, in: Expression, [CheckItem], Span)
}

/// `deny "CO-27" "Not covered" when … per "Rule 3.1"`.
public struct CheckSyntax: Sendable {
    public enum Severity: String, CaseIterable, Sendable {
        case deny, pend, note
    }

    public let severity: Severity
    public let code: TextSyntax
    public let text: TextSyntax
    public let condition: Expression
    public let source: TextSyntax?
    public let span: Span
    public init(
        severity: Severity, code: TextSyntax, text: TextSyntax, condition: Expression, source: TextSyntax?, span: Span
    ) {
        self.severity = severity
        self.code = code
        self.text = text
        self.condition = condition
        self.source = source
        self.span = span
    }
}

/// `function eligible(line: Line) gives CNY { let … return … }`.
public struct FunctionSyntax: Sendable {
    public let name: Name
    public let parameters: [FieldSyntax]
    public let result: TypeSyntax
    public let source: TextSyntax?
    public let bindings: [(name: Name, value: Expression)]
    public let value: Expression
    public init(
        name: Name, parameters: [FieldSyntax], result: TypeSyntax, source: TextSyntax?,
        bindings: [(name: Name, value: Expression)], value: Expression
    ) {
        self.name = name
        self.parameters = parameters
        self.result = result
        self.source = source
        self.bindings = bindings
        self.value = value
    }
}

/// Where somebody must hold a role.
public enum OrganisationScope: Sendable {
    /// In the organisation that deployed the contract.
    case home
    /// `of any organisation`.
    case any
    /// `of receiver`, `of organisation of actor`.
    case of(Expression)
}

/// `by Provider of any organisation`, `by referrer or (A or B) of sender`: each alternative of the head.
public struct AuthoritySyntax: Sendable {
    /// A role, or a party named by a case field.
    public let names: [Name]
    public let scope: OrganisationScope
    public let span: Span
    public init(names: [Name], scope: OrganisationScope, span: Span) {
        self.names = names
        self.scope = scope
        self.span = span
    }
}

/// A whole action.
public struct ActionSyntax: Sendable {
    public let name: Name
    public let parameters: [FieldSyntax]
    public let states: [Name]
    public let opens: [Name]
    public let authorities: [AuthoritySyntax]
    public let except: [Expression]
    public let enters: [Name]
    public let accepts: [AcceptSyntax]
    public let source: TextSyntax?
    public let body: Block
    public init(
        name: Name, parameters: [FieldSyntax], states: [Name], opens: [Name], authorities: [AuthoritySyntax],
        except: [Expression], enters: [Name], accepts: [AcceptSyntax], source: TextSyntax?, body: Block
    ) {
        self.name = name
        self.parameters = parameters
        self.states = states
        self.opens = opens
        self.authorities = authorities
        self.except = except
        self.enters = enters
        self.accepts = accepts
        self.source = source
        self.body = body
    }
}

/// `accept unapprovedPayment because "Rule 9.4"`.
public struct AcceptSyntax: Sendable {
    public let warning: Name
    public let reason: TextSyntax
    public init(warning: Name, reason: TextSyntax) {
        self.warning = warning
        self.reason = reason
    }
}

/// `approval funding in … needs … except … within … { granted { } declined { } overdue { } }`.
public struct ApprovalSyntax: Sendable {
    public let name: Name
    public let states: [Name]
    public let needs: Expression
    public let except: [Expression]
    public let declinedBy: Expression?
    public let within: Expression
    public let accepts: [AcceptSyntax]
    public let source: TextSyntax?
    public let granted: Block?
    public let declined: Block?
    public let overdue: Block?
    public init(
        name: Name, states: [Name], needs: Expression, except: [Expression], declinedBy: Expression?,
        within: Expression, accepts: [AcceptSyntax], source: TextSyntax?, granted: Block?, declined: Block?,
        overdue: Block?
    ) {
        self.name = name
        self.states = states
        self.needs = needs
        self.except = except
        self.declinedBy = declinedBy
        self.within = within
        self.accepts = accepts
        self.source = source
        self.granted = granted
        self.declined = declined
        self.overdue = overdue
    }
}

/// `after 30 days in approved { … }`, `after 7 days past slot in booked { … }`.
public struct DeadlineSyntax: Sendable {
    public let term: Expression
    public let past: Name?
    public let states: [Name]
    public let source: TextSyntax?
    public let body: Block
    public init(term: Expression, past: Name?, states: [Name], source: TextSyntax?, body: Block) {
        self.term = term
        self.past = past
        self.states = states
        self.source = source
        self.body = body
    }
}

/// `migrate from 1 in waiting when amount > 0 CNY { state waiting to pending  set note to "" }`.
public struct MigrateSyntax: Sendable {
    /// The version that the cases come from, and where it is written.
    public let from: Int64
    public let fromSpan: Span
    /// States of that version to which it is limited; empty: all that are not final.
    public let within: [Name]
    /// What must hold of a case; nil: nothing.
    public let condition: Expression?
    public let states: [(old: Name, new: Name)]
    public let body: Block
    public init(
        from: Int64, fromSpan: Span, within: [Name], condition: Expression?, states: [(old: Name, new: Name)],
        body: Block
    ) {
        self.from = from
        self.fromSpan = fromSpan
        self.within = within
        self.condition = condition
        self.states = states
        self.body = body
    }
}

/// Statements between braces.
public struct Block: Sendable {
    public let statements: [Statement]
    public let span: Span
    public init(statements: [Statement], span: Span) {
        self.statements = statements
        self.span = span
    }
}

/// A statement; each begins with its word.
public struct Statement: Sendable {
    public indirect enum Kind: Sendable {
        case binding(Name, Expression, orElse: RefusalSyntax?)
        case require(Expression, orElse: RefusalSyntax)
        case refuse(RefusalSyntax)
        case set(Expression, to: Expression)
        case add(Expression, to: Expression)
        case remove(Expression, from: Expression)
        case choose(Expression, then: Block, otherwise: Block?)
        case match(Expression, [MatchArm])
        case each(Name, in: Expression, Block)
        case run(Name, [Expression])
        case become(Name)
        case notify(Expression, TextSyntax)
        case reserve(Expression, from: Name, orElse: RefusalSyntax?)
        case release(Expression?, from: Name)
        case pay(Expression, from: Name, to: Expression)
        case transfer(Expression, from: Name, to: Expression)
    }

    public let kind: Kind
    public let span: Span
    public init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }
}

/// `note, clear { become approved }`.
public struct MatchArm: Sendable {
    public let patterns: [Name]
    public let body: Block
    public let span: Span
    public init(patterns: [Name], body: Block, span: Span) {
        self.patterns = patterns
        self.body = body
        self.span = span
    }
}
