public import RemitValues

/// The state could not be read: no decision may be made from that.
public struct StateFault: Error, Sendable {
    /// What went wrong.
    public let message: String
    /// Whether what is there is sound, but more than this version of the contract knows: the transition that asks for
    /// it is refused, and nothing else.
    public let isUnreadable: Bool

    /// A fault with its message.
    public init(message: String, isUnreadable: Bool = false) {
        self.message = message
        self.isUnreadable = isUnreadable
    }
}

/// The state as a contract sees it while one transition runs; nothing is written through it.
public protocol StateView {
    /// The organisation that deployed the contract, in which its roles are held.
    var home: Party { get }
    /// The fields of a register's row; nil where the key has none.
    func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]?
    /// The case that holds a unique key, if any.
    func caseHolding(unique: Int, key: [Value]) throws(StateFault) -> TextValue?
    /// Whether a person holds a role in an organisation.
    func holds(role: Int, person: Party, organisation: Party) throws(StateFault) -> Bool
    /// Whether a person holds a role in an organisation, of this contract or of another.
    func isMember(_ person: Party, of organisation: Party) throws(StateFault) -> Bool
    /// The persons who hold a role in an organisation, sorted; machine accounts are not among them.
    func holders(role: Int, organisation: Party) throws(StateFault) -> [Party]
    /// Whether an account is that of a machine, which fills no seat.
    func isMachine(_ person: Party) throws(StateFault) -> Bool
    /// Those whom a person stands in for in an organisation on a day, sorted.
    func delegators(of person: Party, organisation: Party, on day: CalendarDate) throws(StateFault) -> [Party]
    /// Those whom a person stands in for on a day, in whichever organisation, sorted.
    func delegators(of person: Party, on day: CalendarDate) throws(StateFault) -> [Party]
    /// What a fund (index) of this contract holds.
    func fund(_ fund: Int) throws(StateFault) -> FundState
    /// A fund of another contract; nil where there is none.
    func fund(
        _ fund: TextValue, of contract: TextValue
    ) throws(StateFault) -> (currency: Currency, state: FundState)?
    /// A case of another contract (index) by its reference; nil where there is none.
    func otherCase(_ reference: TextValue, contract: Int) throws(StateFault) -> OtherCase?
    /// The periods that were added to the contract's calendar since it was written, sorted.
    func addedPeriods() throws(StateFault) -> [WorkCalendar.Period]
}

/// What a case of another contract shows.
public struct OtherCase: Sendable {
    /// The version of its contract that the case follows.
    public let version: Int64
    public let state: TextValue
    /// The public fields as the reading program numbers them; nil for one that this version does not have, keeps
    /// private, or gives another type.
    public let fields: [Value?]
    public init(version: Int64, state: TextValue, fields: [Value?]) {
        self.version = version
        self.state = state
        self.fields = fields
    }
}

/// A state without persons, money, other contracts and additions to calendars need not say so.
extension StateView {
    public func holders(role: Int, organisation: Party) throws(StateFault) -> [Party] { [] }
    public func isMachine(_ person: Party) throws(StateFault) -> Bool { false }
    public func delegators(
        of person: Party, organisation: Party, on day: CalendarDate
    ) throws(StateFault) -> [Party] { [] }
    public func delegators(of person: Party, on day: CalendarDate) throws(StateFault) -> [Party] { [] }
    public func fund(_ fund: Int) throws(StateFault) -> FundState { .empty }
    public func fund(
        _ fund: TextValue, of contract: TextValue
    ) throws(StateFault) -> (currency: Currency, state: FundState)? { nil }
    public func otherCase(_ reference: TextValue, contract: Int) throws(StateFault) -> OtherCase? { nil }
    public func addedPeriods() throws(StateFault) -> [WorkCalendar.Period] { [] }
}
