public import RemitValues

/// The state could not be read: no decision may be made from that.
public struct StateFault: Error, Sendable {
    /// What went wrong.
    public let message: String

    /// A fault with its message.
    public init(message: String) { self.message = message }
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
}
