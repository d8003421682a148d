import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

extension SystemContract {
    func deploy(_ source: TextValue, home: TextValue) throws(NodeError) -> SystemRefusal? {
        if let refusal = try agreementNeeded(.deploy) { return refusal }
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
            program = try catalogue.compile(name: "contract", bytes: bytes, digest: digest, in: state).1
        } catch {
            guard case .contract(let diagnostics, _) = error else { throw error }
            let first = diagnostics.first { $0.severity == .error }
            return SystemRefusal(code: first?.code.number ?? "contract", text: first?.message ?? error.message)
        }
        guard !program.isLibrary else {
            return .invalid("\(program.name) is a library, which comes to the chain with the contracts that use it")
        }
        if let refusal = try succession(of: program, home: home) { return refusal }
        if let refusal = try libraryClash(program, bytes) { return refusal }
        if let refusal = try brokenRows(program, home: home) { return refusal }
        if PrivacyLayout(program) != nil, let refusal = try keyNeeded(program.name) { return refusal }
        for fund in program.funds {
            let key = StateLayout.fund(contract: TextValue(program.name), fund: TextValue(fund.name))
            guard let row = try state.value(key) else {
                state.set(key, FundCoding.row(fund.currency, .empty))
                continue
            }
            guard let held = FundCoding.decode(row), held.currency == fund.currency else {
                return .invalid("the fund \(fund.name) is kept in another currency than \(fund.currency.code)")
            }
        }
        state.set(
            StateLayout.contract(digest),
            ContractCatalogue.row(program: program, home: home, height: height, source: source.string))
        try enter(program, digest, bytes)
        if let references = try references(of: program) {
            state.set(StateLayout.references(digest), .list(references))
        }
        return nil
    }

    /// The texts that a contract refers to, as they stand when it is deployed; nil where it refers to none.
    private func references(of program: CheckedProgram) throws(NodeError) -> [Value]? {
        guard !program.others.isEmpty else { return nil }
        var texts: [Value] = []
        for other in program.others {
            guard let hex = try state.value(StateLayout.currentContract(other.name)) else { continue }
            texts.append(hex)
        }
        return texts
    }

    func load(contract: String, register: String, rows: [Value]) throws(NodeError) -> SystemRefusal? {
        guard let deployed = try catalogue.kept(contract, in: state) else {
            return .unknown("contract \(contract) is not deployed")
        }
        let program = deployed.program
        guard let declared = program.registers.first(where: { TextValue($0.name) == TextValue(register) }) else {
            return .unknown("\(contract) has no register \(register)")
        }
        if let layout = deployed.privacy, let refusal = try objection(rows, of: declared, layout) { return refusal }
        guard organisation == deployed.home.identifier, try isKeeper(of: declared, program: program) else {
            let roles = declared.keepers.map { program.roles[$0] }.joined(separator: " or ")
            return .unauthorised(
                "\(register) is kept by \(roles.isEmpty ? "the contract alone" : roles), not by \(actor)")
        }
        if let layout = deployed.privacy, layout.concerns(declared) {
            return try load(rows, of: declared, deployed, layout)
        }
        if let problem = try problem(rows, of: declared, deployed) { return .invalid(problem) }
        for case .record(let values) in rows {
            let keys = Array(values.prefix(declared.keys.count))
            let key = StateLayout.row(contract: program.name, register: declared.name, keys: keys)
            state.set(key, .record(Array(values.dropFirst(keys.count))))
        }
        return nil
    }

    /// What is wrong with rows that are to be loaded; nil where nothing is.
    func problem(
        _ rows: [Value], of register: RegisterDeclaration, _ deployed: DeployedContract
    ) throws(NodeError) -> String? {
        let held = HeldRows(state: state, catalogue: catalogue, time: time, register: register, contract: deployed)
        for (index, row) in rows.enumerated() {
            if let problem = try held.problem(row) {
                return "row \(index + 1)\(problem.isOfShape ? " " : ": ")\(problem.text)"
            }
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
