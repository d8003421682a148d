public import RemitValues

/// A role that fills a seat, and where it must be held: `TriageNurse`, `TriageNurse of city`.
///
/// A quorum keeps it as one text, since names of roles have no blanks.
public struct SeatClaim: Hashable, Sendable {
    /// The organisation in which the role is held.
    public enum Place: Hashable, Sendable {
        /// The one that deployed the contract.
        case home
        /// Whichever the signer acts for.
        case any
        /// The one of this identifier.
        case organisation(TextValue)
    }

    /// The name of a role that the contract declares.
    public let role: TextValue
    public let place: Place
    public init(role: TextValue, place: Place) {
        self.role = role
        self.place = place
    }

    /// The claim that a text of a quorum stands for.
    public init(_ text: TextValue) {
        let bytes = text.utf8
        let joint = Array(" of ".utf8)
        let start = bytes.firstIndex(of: 0x20) ?? bytes.endIndex
        role = TextValue(utf8: Array(bytes[..<start])) ?? text
        guard bytes[start...].starts(with: joint) else {
            place = .home
            return
        }
        let rest = Array(bytes[(start + joint.count)...])
        place = rest.elementsEqual("any organisation".utf8) ? .any : .organisation(TextValue(utf8: rest) ?? text)
    }

    /// The claim as a quorum keeps it.
    public var text: TextValue {
        switch place {
        case .home: role
        case .any: TextValue("\(role) of any organisation")
        case .organisation(let identifier): TextValue("\(role) of \(identifier)")
        }
    }
}

/// A number of seats of a quorum whose organisations are worked out when it is read.
public struct CheckedSeats: Sendable {
    public let count: Int
    /// Roles by name, each with where it is held.
    public let roles: [(role: TextValue, scope: CheckedScope)]
    public init(count: Int, roles: [(role: TextValue, scope: CheckedScope)]) {
        self.count = count
        self.roles = roles
    }

    /// The expressions that give organisations, in order of writing.
    public var organisations: [CheckedExpression] {
        roles.compactMap { if case .organisation(let expression) = $0.scope { expression } else { nil } }
    }
}
