import RemitLedger
import RemitValues

/// Organisations, persons, keys and roles.
extension SystemContract {
    func registerOrganisation(_ identifier: TextValue, _ name: TextValue) throws(NodeError) -> SystemRefusal? {
        if let refusal = try administratorNeeded() { return refusal }
        if let refusal = badName(identifier) ?? badName(name) { return refusal }
        guard try !identities.organisationExists(identifier) else {
            return .exists("organisation \(identifier) is registered already")
        }
        state.set(StateLayout.organisation(identifier), .record([.text(name)]))
        return nil
    }

    func registerPerson(
        _ identifier: TextValue, _ name: TextValue, isMachine: Bool = false
    ) throws(NodeError) -> SystemRefusal? {
        if let refusal = try administratorNeeded() { return refusal }
        if let refusal = badName(identifier) ?? badName(name) { return refusal }
        guard try !identities.personExists(identifier) else {
            return .exists("person \(identifier) is registered already")
        }
        state.set(StateLayout.person(identifier), .record([.text(name)] + (isMachine ? [.boolean(true)] : [])))
        return nil
    }

    // MARK: Keys

    /// The first key of a person is an administrator's to add; a further one is the person's own, or a recovery.
    func addKey(_ key: PublicKey, of person: TextValue) throws(NodeError) -> SystemRefusal? {
        let isOwn = actor.identifier == person
        let isFurther = try identities.hasKey(person)
        if !isOwn, isFurther {
            if let refusal = try agreementNeeded(.recovery) { return refusal }
        } else if !isOwn, !isAgreed, let refusal = try administratorNeeded() {
            return refusal
        }
        guard try identities.personExists(person) else { return .unknown("person \(person) is not registered") }
        if let refusal = unusable(key) { return refusal }
        guard try state.bytes(StateLayout.key(key)) == nil else { return .exists("the key is registered already") }
        if try !identities.hasKey(person) { state.set(StateLayout.firstKey(person), .text(TextValue(key.hex))) }
        Self.write(key, of: person, since: height &+ 1, to: state)
        return nil
    }

    func revokeKey(_ key: PublicKey) throws(NodeError) -> SystemRefusal? {
        guard let owner = try identities.owner(of: key, at: height) else {
            return .unknown("the key \(key) is not registered, or has ended already")
        }
        if owner != actor, let refusal = try administratorNeeded() { return refusal }
        if let founder = try identities.chain()?.founder, try isAdministrator(owner.identifier, of: founder) {
            let left = try identities.signingAdministrators(at: height &+ 1, without: key)
            if let refusal = try shortage(left) { return refusal }
        }
        return try end(key)
    }

    /// Refuses a key under which no signature is valid: whoever had it alone could never sign again.
    func unusable(_ key: PublicKey) -> SystemRefusal? {
        key.isUsable ? nil : .invalid("no signature is valid under the key \(key)")
    }

    func rotateKey(to key: PublicKey) throws(NodeError) -> SystemRefusal? {
        if let refusal = unusable(key) { return refusal }
        guard try state.bytes(StateLayout.key(key)) == nil else { return .exists("the key is registered already") }
        if let refusal = try end(sender) { return refusal }
        Self.write(key, of: actor.identifier, since: height &+ 1, to: state)
        return nil
    }

    /// Ends a key from the next block on; what it signed before stays good.
    private func end(_ key: PublicKey) throws(NodeError) -> SystemRefusal? {
        guard case .record(var fields) = try state.value(StateLayout.key(key)), fields.count == 3 else {
            return .unknown("the key \(key) is not registered")
        }
        if case .integer = fields[2] { return .exists("the key \(key) ends already") }
        fields[2] = .integer(Int64(clamping: height &+ 1))
        state.set(StateLayout.key(key), .record(fields))
        return nil
    }

    static func write(_ key: PublicKey, of person: TextValue, since: UInt64, to state: WorkingState) {
        state.set(
            StateLayout.key(key), .record([.text(person), .integer(Int64(clamping: since)), .absent]))
    }

    // MARK: Roles

    func grant(
        _ role: TextValue, to person: TextValue, in organisation: TextValue
    ) throws(NodeError) -> SystemRefusal? {
        if let refusal = try grantorNeeded(role, organisation) ?? badName(role) { return refusal }
        guard try identities.personExists(person) else { return .unknown("person \(person) is not registered") }
        guard try identities.organisationExists(organisation) else {
            return .unknown("organisation \(organisation) is not registered")
        }
        let key = StateLayout.grant(role: role, person: person, organisation: organisation)
        guard try state.bytes(key) == nil else {
            return .exists("\(person) holds \(role) of \(organisation) already")
        }
        state.set(key, .record([.integer(Int64(clamping: height))]))
        try setHolder(person, of: role, in: organisation, isHeld: true)
        if try isSeat(role, organisation) {
            state.set(StateLayout.administrators, .integer(try identities.administrators() + 1))
        }
        return nil
    }

    func revoke(
        _ role: TextValue, of person: TextValue, in organisation: TextValue
    ) throws(NodeError) -> SystemRefusal? {
        if let refusal = try grantorNeeded(role, organisation) { return refusal }
        let key = StateLayout.grant(role: role, person: person, organisation: organisation)
        guard try state.bytes(key) != nil else {
            return .unknown("\(person) does not hold \(role) of \(organisation)")
        }
        if try isSeat(role, organisation) {
            let left = try identities.signingAdministrators(at: height &+ 1).subtracting([person])
            if let refusal = try shortage(left) { return refusal }
            state.set(StateLayout.administrators, .integer(try identities.administrators() - 1))
        }
        state.set(key, nil)
        try setHolder(person, of: role, in: organisation, isHeld: false)
        return nil
    }

    /// Refuses what leaves fewer administrators who can sign than before, and too few to fill every quorum: the chain
    /// could never be administered again.
    private func shortage(_ left: Set<TextValue>) throws(NodeError) -> SystemRefusal? {
        var needed: Int64 = 1
        for subject in SystemCall.QuorumSubject.allCases { needed = max(needed, try identities.quorum(subject)) }
        guard left.count < needed, try identities.signingAdministrators(at: height &+ 1).count > left.count else {
            return nil
        }
        return .quorum("\(left.count) administrators would be left, and a quorum asks for \(needed)")
    }

    /// Keeps the list of those who hold a role in step with the grants.
    private func setHolder(
        _ person: TextValue, of role: TextValue, in organisation: TextValue, isHeld: Bool
    ) throws(NodeError) {
        let key = StateLayout.holders(role: role, organisation: organisation)
        var holders: [Value] = []
        if case .set(let known) = try state.value(key) { holders = known }
        holders.removeAll { $0 == .text(person) }
        if isHeld { holders.append(.text(person)) }
        state.set(key, holders.isEmpty ? nil : Value.makeSet(holders))
    }

    /// Whether a role is that of an administrator of the founding organisation, who has a vote in quorums.
    private func isSeat(_ role: TextValue, _ organisation: TextValue) throws(NodeError) -> Bool {
        guard let founder = try identities.chain()?.founder else { return false }
        return role == SystemCall.administratorRole && organisation == founder
    }

    /// Roles of an organisation are granted by its own administrators or by those of the founding one.
    private func grantorNeeded(_ role: TextValue, _ organisation: TextValue) throws(NodeError) -> SystemRefusal? {
        if isAgreed { return nil }
        if try isSeat(role, organisation) { return try agreementNeeded(.administration) }
        let isOwn = try isAdministrator(actor.identifier, of: organisation)
        if isOwn, self.organisation == organisation { return nil }
        return try administratorNeeded()
    }
}
