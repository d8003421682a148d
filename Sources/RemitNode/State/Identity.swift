import RemitLedger
public import RemitValues

/// The chain's own facts: who founded it.
public struct ChainFacts: Sendable {
    /// The name of the chain.
    public let name: TextValue
    /// The organisation whose administrators admit others.
    public let founder: TextValue
}

/// What identities the state holds.
struct Identities {
    let state: WorkingState

    func chain() throws(NodeError) -> ChainFacts? {
        guard case .record(let fields) = try state.value(StateLayout.chain), fields.count == 2,
            case .text(let name) = fields[0], case .text(let founder) = fields[1]
        else { return nil }
        return ChainFacts(name: name, founder: founder)
    }

    /// The person whose key this is, where the key holds at a height.
    func owner(of key: PublicKey, at height: UInt64) throws(NodeError) -> Party? {
        guard case .record(let fields) = try state.value(StateLayout.key(key)), fields.count == 3,
            case .text(let person) = fields[0], case .integer(let since) = fields[1], since >= 0,
            UInt64(since) <= height
        else { return nil }
        if case .integer(let until) = fields[2], until < 0 || UInt64(until) <= height { return nil }
        return Party(.person, person)
    }

    func organisationExists(_ identifier: TextValue) throws(NodeError) -> Bool {
        try state.bytes(StateLayout.organisation(identifier)) != nil
    }

    func personExists(_ identifier: TextValue) throws(NodeError) -> Bool {
        try state.bytes(StateLayout.person(identifier)) != nil
    }

    func holds(role: TextValue, person: TextValue, organisation: TextValue) throws(NodeError) -> Bool {
        try state.bytes(StateLayout.grant(role: role, person: person, organisation: organisation)) != nil
    }

    /// Whether an account is a machine's, which has no part in what people agree to.
    func isMachine(_ account: TextValue) throws(NodeError) -> Bool {
        guard case .record(let fields) = try state.value(StateLayout.person(account)) else { return false }
        return fields.count == 2 && fields[1] == .boolean(true)
    }

    /// How many administrators must agree to something; one, unless a quorum was set.
    func quorum(_ subject: SystemCall.QuorumSubject) throws(NodeError) -> Int64 {
        guard case .integer(let count) = try state.value(StateLayout.quorum(subject)) else { return 1 }
        return max(1, count)
    }

    /// How many administrators the founding organisation has.
    func administrators() throws(NodeError) -> Int64 {
        guard case .integer(let count) = try state.value(StateLayout.administrators) else { return 0 }
        return count
    }

    /// The administrators of the founding organisation who have a key that holds at a height, a key left out; machines,
    /// which count in no quorum, are not among them.
    ///
    /// It reads all keys of the ledger: only what changes who can fill a quorum asks for it.
    func signingAdministrators(at height: UInt64, without left: PublicKey? = nil) throws(NodeError) -> Set<TextValue> {
        guard let founder = try chain()?.founder,
            case .set(let holders) = try state.value(
                StateLayout.holders(role: SystemCall.administratorRole, organisation: founder))
        else { return [] }
        var found: Set<TextValue> = []
        for item in try state.allItems(ofSpace: StateLayout.keySpace) {
            guard let key = PublicKey(bytes: item), key != left, let owner = try owner(of: key, at: height),
                holders.contains(.text(owner.identifier)), try !isMachine(owner.identifier)
            else { continue }
            found.insert(owner.identifier)
        }
        return found
    }

    /// Whether a person has ever had a key.
    func hasKey(_ person: TextValue) throws(NodeError) -> Bool {
        try state.bytes(StateLayout.firstKey(person)) != nil
    }

    func lastSequence(of key: PublicKey) throws(NodeError) -> UInt64 {
        guard case .integer(let last) = try state.value(StateLayout.sequence(key)), last >= 0 else { return 0 }
        return UInt64(last)
    }
}
