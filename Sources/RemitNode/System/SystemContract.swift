import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

/// Why the ledger's own rules refuse a call; it stands on the chain like every refusal.
struct SystemRefusal: Error {
    let code: String
    let text: String

    static func unauthorised(_ text: String) -> SystemRefusal { SystemRefusal(code: "role", text: text) }
    static func exists(_ text: String) -> SystemRefusal { SystemRefusal(code: "exists", text: text) }
    static func unknown(_ text: String) -> SystemRefusal { SystemRefusal(code: "unknown", text: text) }
    static func invalid(_ text: String) -> SystemRefusal { SystemRefusal(code: "argument", text: text) }
    static func quorum(_ text: String) -> SystemRefusal { SystemRefusal(code: "quorum", text: text) }
}

/// Carries out the ledger's own calls upon the state of a transaction.
struct SystemContract {
    let state: WorkingState
    let catalogue: ContractCatalogue
    let actor: Party
    let organisation: TextValue
    let height: UInt64
    /// The key that signed.
    let sender: PublicKey
    /// The transaction that is carried out.
    let transaction: Digest
    /// The time of the block.
    let time: Instant
    /// The transaction as it was signed, with its side-car.
    var signed: Transaction?
    /// A quorum of administrators agreed to the call.
    var isAgreed = false
    /// What the call costs.
    let meter = StepMeter()

    var identities: Identities { Identities(state: state) }

    /// Performs a call; the refusal, if its rules say so, else nil.
    func perform(_ call: SystemCall) throws(NodeError) -> SystemRefusal? {
        switch call {
        case .found: return .invalid("a chain is founded once, by its first block")
        case .loadRegister(let contract, let register, let rows):
            return try load(contract: contract.string, register: register.string, rows: rows)
        case .registerOrganisation(let identifier, let name):
            return try registerOrganisation(identifier, name)
        case .registerPerson(let identifier, let name): return try registerPerson(identifier, name)
        case .registerMachine(let identifier, let name):
            return try registerPerson(identifier, name, isMachine: true)
        case .delegate(let person, let until): return try delegate(to: person, until: until)
        case .endDelegation(let person): return try endDelegation(to: person)
        case .renounce(let person): return try renounce(delegationOf: person)
        case .endRenunciation(let person): return try endRenunciation(of: person)
        case .deposit(let contract, let fund, let amount): return try deposit(contract, fund, amount)
        case .extendCalendar(let contract, let calendar, let period):
            return try extend(contract.string, calendar, period)
        case .addKey(let person, let key): return try addKey(key, of: person)
        case .revokeKey(let key): return try revokeKey(key)
        case .rotateKey(let key): return try rotateKey(to: key)
        case .grantRole(let person, let role, let organisation):
            return try grant(role, to: person, in: organisation)
        case .revokeRole(let person, let role, let organisation):
            return try revoke(role, of: person, in: organisation)
        case .setQuorum(let subject, let count): return try setQuorum(subject, count)
        case .propose(let name, let arguments): return try propose(name, arguments)
        case .endorse(let proposal): return try endorse(proposal)
        case .withdraw(let proposal): return try withdraw(proposal)
        case .deployContract(let source, let home): return try deploy(source, home: home)
        case .erase(let scope): return try erase(scope)
        }
    }

    /// Writes the first facts of a chain; the caller checked that this is block 0.
    static func found(_ founding: SystemCall.Founding, in state: WorkingState) {
        state.set(StateLayout.chain, .record([.text(founding.chain), .text(founding.organisation)]))
        state.set(StateLayout.nodeKey, .text(TextValue(founding.nodeKey.hex)))
        state.set(StateLayout.organisation(founding.organisation), .record([.text(founding.organisationName)]))
        state.set(StateLayout.person(founding.administrator), .record([.text(founding.administratorName)]))
        write(founding.administratorKey, of: founding.administrator, since: 0, to: state)
        let grant = StateLayout.grant(
            role: SystemCall.administratorRole, person: founding.administrator, organisation: founding.organisation)
        state.set(grant, .record([.integer(0)]))
        let holders = StateLayout.holders(
            role: SystemCall.administratorRole, organisation: founding.organisation)
        state.set(holders, .set([.text(founding.administrator)]))
        state.set(StateLayout.administrators, .integer(1))
        state.set(StateLayout.firstKey(founding.administrator), .text(TextValue(founding.administratorKey.hex)))
    }

    // MARK: Authority

    /// Refuses whoever is no administrator acting for the founding organisation.
    func administratorNeeded() throws(NodeError) -> SystemRefusal? {
        guard let chain = try identities.chain() else { return .unknown("the chain has no founder") }
        guard try isAdministrator(actor.identifier, of: chain.founder), organisation == chain.founder else {
            return .unauthorised("only an Administrator acting for \(chain.founder) may do this, and \(actor) is not")
        }
        return nil
    }

    /// Refuses what one administrator may not do alone, where a quorum was set.
    func agreementNeeded(_ subject: SystemCall.QuorumSubject) throws(NodeError) -> SystemRefusal? {
        if isAgreed { return nil }
        if let refusal = try voterNeeded() { return refusal }
        let count = try identities.quorum(subject)
        guard count <= 1 else {
            return .quorum("\(count) administrators must agree to this: put it to the vote with `propose`")
        }
        return nil
    }

    func isAdministrator(_ person: TextValue, of organisation: TextValue) throws(NodeError) -> Bool {
        try identities.holds(role: SystemCall.administratorRole, person: person, organisation: organisation)
    }

    func badName(_ name: TextValue) -> SystemRefusal? {
        let bytes = name.utf8
        if bytes.isEmpty { return .invalid("a name must not be empty") }
        if bytes.count > Limits.nameBytes { return .invalid("a name has at most \(Limits.nameBytes) bytes") }
        if name.string.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            return .invalid("a name holds no control characters")
        }
        return nil
    }
}
