/// `is`, `is not` and the order of values.
public enum ComparisonOperator: String, CaseIterable, Sendable {
    case equal = "is"
    case notEqual = "is not"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
}

/// `+ - * /`.
public enum ArithmeticOperator: String, CaseIterable, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
}

/// How `rounded` rounds: its mode and, for numbers without a currency, `to n places`.
public struct RoundingSyntax: Sendable {
    /// One of the texts of `RoundingMode`: `half up`, `half even`, `up`, `down`.
    public let mode: String
    public let places: Int64?
    public let span: Span
    public init(mode: String, places: Int64?, span: Span) {
        self.mode = mode
        self.places = places
        self.span = span
    }
}

/// An expression as written.
public struct Expression: Sendable {
    public indirect enum Kind: Sendable {
        case boolean(Bool)
        /// Digits as written without `_`, such as `12` or `0.5`; the checker judges size.
        case number(String)
        /// `70%`.
        case percent(String)
        /// `20_000 CNY`.
        case money(String, Name)
        case date(String)
        /// `2026-03-02 09:00`.
        case dateTime(String, String)
        /// `24 hours`, `2 working days`: the count and the unit's words in the singular.
        case term(String, unit: String)
        case text(TextSyntax)
        /// `document "letter.pdf"`.
        case document(TextSyntax)
        case name(Name)
        case actor, now, today
        /// `case`, as in `case is paid`.
        case thisCase
        case member(Expression, Name)
        /// `Member[id]`, `Drawn[id, year]`.
        case lookup(Expression, [Expression])
        /// `eligible(line)`, `date(y, 1, 1)`, `largest(a, b)`.
        case call(Name, [Expression])
        /// `Line(code: "A1", quantity: 2)`.
        case record(Name, [(name: Name, value: Expression)])
        /// `[a, b]`.
        case list([Expression])
        /// `[k: v]`.
        case map([(key: Expression, value: Expression)])
        /// `cap on admitted`.
        case onDate(Expression, Expression)
        /// `organisation of actor`, `year of admitted`, `signers of funding`.
        case of(Name, Expression)
        /// `lines passing screening`.
        case passing(Expression, Name)
        case otherwise(Expression, Expression)
        case arithmetic(ArithmeticOperator, Expression, Expression)
        case negated(Expression)
        case rounded(Expression, RoundingSyntax)
        /// `sum of e for x in list where c`; also `count`, `largest`, `smallest`, `any`, `every`.
        case aggregate(AggregateSyntax)
        /// `any two of lines share code`.
        case anyTwoShare(Expression, [Name])
        case comparison(ComparisonOperator, Expression, Expression)
        /// `x in a to b`; `isNot` for `not in`.
        case within(Expression, Expression, Expression, isNot: Bool)
        /// `x in list`, `x in (a, b)`, `x not in signers`.
        case isIn(Expression, [Expression], isNot: Bool)
        /// `x is present`, `x is absent`, `lines is empty`, `text is like "A##"`.
        case state(Expression, StateTest)
        case not(Expression)
        case and(Expression, Expression)
        case or(Expression, Expression)
        case implies(Expression, Expression)
        case choose(Expression, then: Expression, otherwise: Expression)
        /// `2 of FinanceOfficer`, `1 of (A or B) of receiver`, within a quorum.
        case seats(String, Expression, OrganisationScope)
        case reveal(Expression)
        case bracketed(Expression)
    }

    /// What an `is` may ask besides equality.
    public enum StateTest: Sendable {
        case present, absent, empty, notEmpty
        case like(TextSyntax)
    }

    public let kind: Kind
    public let span: Span
    public init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }
}

/// `sum of eligible(line) for line in lines where line.price > 0 CNY`.
public struct AggregateSyntax: Sendable {
    public enum Operation: String, CaseIterable, Sendable {
        case sum, count, largest, smallest, any, every, list
    }

    public let operation: Operation
    /// Nil for `count of line in lines where …`, `any line in lines where …`.
    public let value: Expression?
    public let variable: Name
    public let source: Expression
    public let condition: Expression?
    public init(
        operation: Operation, value: Expression?, variable: Name, source: Expression, condition: Expression?
    ) {
        self.operation = operation
        self.value = value
        self.variable = variable
        self.source = source
        self.condition = condition
    }
}
