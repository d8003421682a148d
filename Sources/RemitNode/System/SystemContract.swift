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
}

/// Carries out the ledger's own calls upon the state of a transaction.
struct SystemContract {
    let state: WorkingState
    let catalogue: ContractCatalogue
    let actor: Party
    let organisation: TextValue
    let height: UInt64

    private var identities: Identities { Identities(state: state) }

    /// Performs a call; the refusal, if its rules say so, else nil.
    func perform(_ call: SystemCall) throws(NodeError) -> SystemRefusal? {
        switch call {
        case .found: return .invalid("a chain is founded once, by its first block")
        case .loadRegister(let contract, let register, let rows):
            return try load(contract: contract.string, register: register.string, rows: rows)
        case .registerOrganisation(let identifier, let name):
            if let refusal = try administratorNeeded() { return refusal }
            if let refusal = badName(identifier) ?? badName(name) { return refusal }
            guard try !identities.organisationExists(identifier) else {
                return .exists("organisation \(identifier) is registered already")
            }
            state.set(StateLayout.organisation(identifier), .record([.text(name)]))
        case .registerPerson(let identifier, let name):
            if let refusal = try administratorNeeded() { return refusal }
            if let refusal = badName(identifier) ?? badName(name) { return refusal }
            guard try !identities.personExists(identifier) else {
                return .exists("person \(identifier) is registered already")
            }
            state.set(StateLayout.person(identifier), .record([.text(name)]))
        case .addKey(let person, let key):
            if let refusal = try administratorNeeded() { return refusal }
            guard try identities.personExists(person) else { return .unknown("person \(person) is not registered") }
            guard try state.bytes(StateLayout.key(key)) == nil else { return .exists("the key is registered already") }
            Self.write(key, of: person, since: height &+ 1, to: state)
        case .grantRole(let person, let role, let organisation):
            return try grant(role, to: person, in: organisation)
        case .deployContract(let source, let home):
            return try deploy(source, home: home)
        }
        return nil
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
    }

    private static func write(_ key: PublicKey, of person: TextValue, since: UInt64, to state: WorkingState) {
        state.set(
            StateLayout.key(key), .record([.text(person), .integer(Int64(clamping: since)), .absent]))
    }

    private func administratorNeeded() throws(NodeError) -> SystemRefusal? {
        guard let chain = try identities.chain() else { return .unknown("the chain has no founder") }
        let isAdministrator = try identities.holds(
            role: SystemCall.administratorRole, person: actor.identifier, organisation: chain.founder)
        guard isAdministrator, organisation == chain.founder else {
            return .unauthorised("only an Administrator acting for \(chain.founder) may do this, and \(actor) is not")
        }
        return nil
    }

    private func badName(_ name: TextValue) -> SystemRefusal? {
        let bytes = name.utf8
        if bytes.isEmpty { return .invalid("a name must not be empty") }
        if bytes.count > Limits.nameBytes { return .invalid("a name has at most \(Limits.nameBytes) bytes") }
        if name.string.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            return .invalid("a name holds no control characters")
        }
        return nil
    }

    private func grant(
        _ role: TextValue, to person: TextValue, in organisation: TextValue
    ) throws(NodeError) -> SystemRefusal? {
        if let refusal = try administratorNeeded() ?? badName(role) { return refusal }
        guard try identities.personExists(person) else { return .unknown("person \(person) is not registered") }
        guard try identities.organisationExists(organisation) else {
            return .unknown("organisation \(organisation) is not registered")
        }
        let key = StateLayout.grant(role: role, person: person, organisation: organisation)
        guard try state.bytes(key) == nil else {
            return .exists("\(person) holds \(role) of \(organisation) already")
        }
        state.set(key, .record([.integer(Int64(clamping: height))]))
        return nil
    }

    private func deploy(_ source: TextValue, home: TextValue) throws(NodeError) -> SystemRefusal? {
        if let refusal = try administratorNeeded() { return refusal }
        guard try identities.organisationExists(home) else {
            return .unknown("organisation \(home) is not registered")
        }
        let bytes = source.utf8
        let digest = ContractCatalogue.digest(of: bytes)
        guard try state.bytes(StateLayout.contract(digest)) == nil else {
            return .exists("this contract text is deployed already")
        }
        let program: CheckedProgram
        do {
            program = try catalogue.compile(name: "contract", bytes: bytes, digest: digest).1
        } catch {
            guard case .contract(let diagnostics, _) = error else { throw error }
            let first = diagnostics.first { $0.severity == .error }
            return SystemRefusal(code: first?.code.number ?? "contract", text: first?.message ?? error.message)
        }
        if let current = try catalogue.current(program.name, in: state) {
            guard current.home.identifier == home else {
                return .unauthorised("\(program.name) was deployed by \(current.home), not by \(home)")
            }
            guard program.version > current.program.version else {
                return .invalid("version \(program.version) must be above version \(current.program.version)")
            }
        }
        state.set(
            StateLayout.contract(digest),
            ContractCatalogue.row(program: program, home: home, height: height, source: source.string))
        state.set(StateLayout.currentContract(program.name), .text(TextValue(digest.hex)))
        return nil
    }

    private func load(contract: String, register: String, rows: [Value]) throws(NodeError) -> SystemRefusal? {
        guard let deployed = try catalogue.current(contract, in: state) else {
            return .unknown("contract \(contract) is not deployed")
        }
        let program = deployed.program
        guard let declared = program.registers.first(where: { TextValue($0.name) == TextValue(register) }) else {
            return .unknown("\(contract) has no register \(register)")
        }
        guard organisation == deployed.home.identifier, try isKeeper(of: declared, program: program) else {
            let roles = declared.keepers.map { program.roles[$0] }.joined(separator: " or ")
            return .unauthorised(
                "\(register) is kept by \(roles.isEmpty ? "the contract alone" : roles), not by \(actor)")
        }
        let fields = declared.keys + program.records[declared.row].fields
        for (index, row) in rows.enumerated() {
            guard case .record(let values) = row, values.count == fields.count else {
                return .invalid("row \(index + 1) does not have \(fields.count) values")
            }
            for (field, value) in zip(fields, values) {
                if let problem = ValueConformance(program: program).problem(value, field.type, path: field.name) {
                    return .invalid("row \(index + 1): \(problem)")
                }
            }
            let keys = Array(values.prefix(declared.keys.count))
            let key = StateLayout.row(contract: program.name, register: declared.name, keys: keys)
            state.set(key, .record(Array(values.dropFirst(keys.count))))
        }
        return nil
    }

    private func isKeeper(of register: RegisterDeclaration, program: CheckedProgram) throws(NodeError) -> Bool {
        for role in register.keepers {
            let held = try identities.holds(
                role: TextValue(program.roles[role]), person: actor.identifier, organisation: organisation)
            if held { return true }
        }
        return false
    }
}
