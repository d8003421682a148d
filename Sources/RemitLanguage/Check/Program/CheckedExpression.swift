public import RemitValues

/// A typed expression with its names resolved.
public struct CheckedExpression: Sendable {
    public let kind: Kind
    public let type: ValueType
    public let span: Span

    public init(_ kind: Kind, _ type: ValueType, _ span: Span) {
        self.kind = kind
        self.type = type
        self.span = span
    }

    public indirect enum Kind: Sendable {
        case constant(Value)
        case local(Int)
        case caseField(Int)
        /// The person who acts.
        case actor
        /// The organisation that the actor acts for (`organisation of actor`).
        case organisationOfActor
        case now, today
        /// The state of this case, as an enumeration value of the state's name.
        case state
        case field(CheckedExpression, Int)
        /// A row of a register: optional unless the register has a row for every key.
        case lookup(register: Int, keys: [CheckedExpression])
        case call(function: Int, [CheckedExpression])
        /// A table read, `on` a date where it is dated.
        case table(Int, [CheckedExpression], on: CheckedExpression?)
        case parameter(Int, on: CheckedExpression?)
        case record(Int, [CheckedExpression])
        case list([CheckedExpression])
        /// Sorted and without repeats when built.
        case set([CheckedExpression])
        /// Sorted by key when built; of entries with one key the last counts.
        case map([(key: CheckedExpression, value: CheckedExpression)])
        /// The value of a key in a map: optional, unless it is known to be there.
        case mapEntry(CheckedExpression, key: CheckedExpression)
        /// A public field (index) of a case of another contract (index).
        case otherField(CheckedExpression, contract: Int, field: Int)
        /// The state of a case of another contract (index), as an enumeration value of the state's name.
        case otherState(CheckedExpression, contract: Int)
        /// Wraps a value as an optional that is present; at run time the value itself.
        case wrapped(CheckedExpression)
        case isPresent(CheckedExpression)
        case isEmpty(CheckedExpression)
        /// A text against a pattern: `A` a letter A-Z or a-z, `9` a digit, `?` any one scalar, `*` any run, others
        /// themselves.
        case matches(CheckedExpression, pattern: TextPattern)
        case otherwise(CheckedExpression, Priced)
        /// Both sides of the operator's own type: Integer, Decimal, Money, unrounded (as Decimal), dates and durations.
        case arithmetic(TypedArithmetic, CheckedExpression, CheckedExpression)
        case negated(CheckedExpression)
        /// Integer to Decimal, or Money to unrounded: both give a `.decimal`.
        case widened(CheckedExpression)
        /// A decimal or unrounded amount to money of a currency (the node's type) or to `places`.
        case rounded(CheckedExpression, RoundingMode, places: Int)
        /// `a / b rounded …`: one step, with operands widened.
        case quotient(CheckedExpression, CheckedExpression, RoundingMode, places: Int)
        case comparison(ComparisonOperator, CheckedExpression, CheckedExpression)
        /// `x in a to b`, both ends included.
        case within(CheckedExpression, CheckedExpression, CheckedExpression)
        /// Membership in a list or set, or among the keys of a map, or among the operands given.
        case isIn(CheckedExpression, CheckedExpression)
        case isOneOf(CheckedExpression, [CheckedExpression])
        case not(CheckedExpression)
        case and(CheckedExpression, Priced)
        case or(CheckedExpression, Priced)
        case implies(CheckedExpression, Priced)
        case choose(CheckedExpression, then: Priced, otherwise: Priced)
        case aggregate(CheckedAggregate)
        /// Whether any two elements of a list of records agree in all these fields.
        case anyTwoShare(CheckedExpression, fields: [Int])
        /// The elements of the case's list for which the group's checks denied nothing.
        case passing(CheckedExpression, checks: Int)
        /// The verdict of a group of checks that has run on this case.
        case verdict(checks: Int)
        /// How the last round of an approval stands, as an enumeration value of `RoundOutcome`.
        case outcome(round: Int)
        /// Those who count as signers in the last round of an approval, and those who signed for them: a set.
        case signers(round: Int)
        /// A quorum some of whose roles are held in organisations that must be worked out.
        case quorum([CheckedSeats])
        /// What a fund holds beyond all reservations.
        case available(fund: Int)
        case builtin(Builtin, [CheckedExpression])
        /// What was private is made public here; at run time the value itself.
        case revealed(CheckedExpression)
    }
}

/// An expression that is a basic block of its own, with the price charged when it is entered.
public struct Priced: Sendable {
    public let expression: CheckedExpression
    public let cost: UInt64
    public init(_ expression: CheckedExpression) {
        self.expression = expression
        cost = expression.cost
    }
}

/// Arithmetic whose operand types the checker settled.
public enum TypedArithmetic: String, Hashable, Sendable {
    case addInteger, subtractInteger, multiplyInteger
    case addDecimal, subtractDecimal, multiplyDecimal
    case addMoney, subtractMoney
    /// Money × Integer, exact.
    case multiplyMoney
    /// Date ± Duration in whole days, and Date − Date, which gives a Duration.
    case addDays, subtractDays, daysBetween
    case addDuration, subtractDuration
    /// Instant ± Duration, and their difference.
    case addToInstant, subtractFromInstant, instantsBetween
    /// Date or Instant, and an Integer of months, below zero to go back. Where the month has no such day, its last day
    /// counts, or the first of the next month.
    case addMonths, addMonthsRoundedUp
}

/// Functions that the language brings along.
public enum Builtin: String, CaseIterable, Sendable {
    /// The larger or smaller of two values of one ordered type.
    case largest, smallest
    /// Parts of a date, as integers.
    case year, month, day
    /// `date(y, m, d)`; a day that does not exist is a fault.
    case date
    /// The date of an instant in the contract's time zone.
    case dateOf
    /// Whole years from the first date to the second (`years(born, admitted)`), as ages are counted.
    case years
    /// Whole days of a duration.
    case days
    /// The number of elements of a list, set or map, or of scalar values of a text.
    case size
    /// `start of year`: the first day of the year of a date.
    case startOfYear
    /// The absolute value of a number or amount.
    case magnitude
    /// `split(amount, n)` and `split(amount, weights)`: a list of amounts that add up to the first, as even, or as near
    /// to the weights, as whole minor units allow; what is left over goes to the largest remainders, the first first.
    case split
}

/// `sum of e for x in list where c`.
public struct CheckedAggregate: Sendable {
    public let operation: AggregateSyntax.Operation
    public let source: CheckedExpression
    public let local: Int
    /// Charged for each element.
    public let condition: Priced?
    /// Charged for each element that passes; nil for `count` and for `any` and `every`, whose test is `condition`.
    public let value: Priced?
    /// What the sum of nothing is, and the kind of addition; for `sum` alone.
    public let addition: TypedArithmetic?
    public let zero: Value?
    public init(
        operation: AggregateSyntax.Operation, source: CheckedExpression, local: Int, condition: Priced?,
        value: Priced?, addition: TypedArithmetic?, zero: Value?
    ) {
        self.operation = operation
        self.source = source
        self.local = local
        self.condition = condition
        self.value = value
        self.addition = addition
        self.zero = zero
    }
}
