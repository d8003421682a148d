public import RemitLedger
public import RemitValues

/// A call that is put to the vote of the administrators.
public struct Proposal: Sendable {
    /// The transaction that proposed it, by which votes name it.
    public let identifier: Digest
    /// The name and the arguments of the call.
    public let name: TextValue
    public let arguments: [Value]
    /// Who voted for it, the proposer first.
    public internal(set) var votes: [TextValue]
    /// The last height at which it can be voted for.
    public let expiry: Int64

    /// The call; nil where there is none of the name and form.
    public var call: SystemCall? { SystemCall(name: name.string, arguments: arguments) }

    /// Whether it can be voted for in the block of a height.
    public func isOpen(at height: UInt64) -> Bool { Int64(clamping: height) <= expiry }

    /// What a call needs a quorum for; nil for a call that is not voted on.
    public static func subject(_ call: SystemCall, founder: TextValue) -> SystemCall.QuorumSubject? {
        switch call {
        case .deployContract, .extendCalendar: .deploy
        case .addKey: .recovery
        case .setQuorum: .administration
        case .erase: .erasure
        case .grantRole(_, let role, let organisation), .revokeRole(_, let role, let organisation):
            role == SystemCall.administratorRole && organisation == founder ? .administration : nil
        default: nil
        }
    }

    var row: Value {
        .record([.text(name), .list(arguments), .list(votes.map(Value.text)), .integer(expiry)])
    }

    init(identifier: Digest, name: TextValue, arguments: [Value], votes: [TextValue], expiry: Int64) {
        self.identifier = identifier
        self.name = name
        self.arguments = arguments
        self.votes = votes
        self.expiry = expiry
    }

    /// Reads a state row; nil where it is none of a proposal.
    init?(row: Value?, identifier: Digest) {
        guard case .record(let parts)? = row, parts.count == 4, case .text(let name) = parts[0],
            case .list(let arguments) = parts[1], case .list(let cast) = parts[2], case .integer(let expiry) = parts[3]
        else { return nil }
        var votes: [TextValue] = []
        for vote in cast {
            guard case .text(let person) = vote else { return nil }
            votes.append(person)
        }
        self.init(identifier: identifier, name: name, arguments: arguments, votes: votes, expiry: expiry)
    }
}
