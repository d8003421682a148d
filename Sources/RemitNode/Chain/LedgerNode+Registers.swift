public import RemitLanguage
public import RemitLedger
import RemitRuntime
public import RemitValues

extension LedgerNode {
    /// The fields of a register's row as it stands; nil where the key has none.
    public func row(
        of register: RegisterDeclaration, contract: String, keys: [Value]
    ) throws(NodeError) -> [Value]? {
        let state = state
        let layout = try catalogue.current(contract, in: state)?.privacy.flatMap { $0.concerns(register) ? $0 : nil }
        guard let place = try place(of: keys, register, contract, layout) else { return nil }
        guard let row = try state.value(place), case .record(let fields) = try state.vault.opened(row) else {
            return nil
        }
        return fields
    }

    /// Why each of these rows, keys and fields, would not be loaded into a register now; nil where it would be.
    ///
    /// Whoever loads asks before, so that one row does not keep out the others of its transaction.
    public func objections(
        to rows: [Value], of register: RegisterDeclaration, contract: DeployedContract
    ) throws(NodeError) -> [String?] {
        let held = HeldRows(
            state: state, catalogue: catalogue, time: nextTime, register: register, contract: contract)
        var found: [String?] = []
        for row in rows {
            let problem = try held.problem(row)
            found.append(problem.map { $0.isOfShape ? "it \($0.text)" : $0.text })
        }
        return found
    }

    /// The names of the fields of a register that some version of its contract writes.
    public func writtenFields(of register: RegisterDeclaration, contract: String) throws(NodeError) -> Set<TextValue> {
        var names: Set<TextValue> = []
        for version in try versions(of: contract) {
            let program = version.contract.program
            guard let index = program.registers.firstIndex(where: { TextValue($0.name) == TextValue(register.name) })
            else { continue }
            let fields = program.records[program.registers[index].row].fields
            for field in program.writtenFields(ofRegister: index) { names.insert(TextValue(fields[field].name)) }
        }
        return names
    }

    /// The state row of a register's key, be there one or not, as the present version of the contract has it.
    ///
    /// Throws `notFound` where there is no such register, `invalid` for another number of keys, and where private keys
    /// cannot be told without the vault.
    public func rowKey(contract: String, register: String, keys: [Value]) throws(NodeError) -> StateKey {
        let (declared, deployed) = try find(register, of: contract)
        guard keys.count == declared.keys.count else {
            throw .invalid(
                "\(register) has \(declared.keys.count) keys, and \(keys.count) are given",
                hint: "its keys are \(declared.keys.map(\.name).joined(separator: ", "))")
        }
        return StateLayout.row(
            contract: contract, register: declared.name, keys: try item(keys, declared, deployed.privacy))
    }

    /// The space of a register, and the pattern of the items whose first keys are these; no pattern where none is
    /// given.
    ///
    /// Throws as `rowKey` does, for too many keys too.
    public func rows(
        contract: String, register: String, beginning keys: [Value]
    ) throws(NodeError) -> (space: String, pattern: ItemPattern?) {
        let (declared, deployed) = try find(register, of: contract)
        guard keys.count <= declared.keys.count else {
            throw .invalid(
                "\(register) has \(declared.keys.count) keys, and \(keys.count) are given",
                hint: "its keys are \(declared.keys.map(\.name).joined(separator: ", "))")
        }
        let space = StateLayout.registerSpace(contract: contract, register: declared.name)
        guard !keys.isEmpty else { return (space, nil) }
        return (space, .members(try item(keys, declared, deployed.privacy)))
    }

    private func find(
        _ register: String, of contract: String
    ) throws(NodeError) -> (RegisterDeclaration, DeployedContract) {
        let deployed = try self.contract(named: contract)
        let registers = deployed.program.registers
        guard let declared = registers.first(where: { TextValue($0.name) == TextValue(register) }) else {
            throw .notFound(
                "\(contract) has no register \(register)",
                hint: registers.isEmpty
                    ? "it has none" : "its registers are \(registers.map(\.name).joined(separator: ", "))")
        }
        return (declared, deployed)
    }

    private func item(
        _ keys: [Value], _ register: RegisterDeclaration, _ layout: PrivacyLayout?
    ) throws(NodeError) -> [Value] {
        guard let layout, layout.hasPrivateKeys(register) else { return keys }
        guard try hasVault(), let key = try state.digestKey() else {
            throw .invalid("private keys cannot be told without the vault", hint: "ask a ledger that holds it")
        }
        return PrivateWork.item(keys, of: register, layout, key)
    }

    private func place(
        of keys: [Value], _ register: RegisterDeclaration, _ contract: String, _ layout: PrivacyLayout?
    ) throws(NodeError) -> StateKey? {
        var item = keys
        if let layout, layout.hasPrivateKeys(register) {
            guard let key = try state.digestKey() else { return nil }
            item = PrivateWork.item(keys, of: register, layout, key)
        }
        return StateLayout.row(contract: contract, register: register.name, keys: item)
    }
}
