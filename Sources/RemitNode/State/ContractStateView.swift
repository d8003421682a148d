import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

/// The state of the chain as one contract sees it.
struct ContractStateView: StateView {
    let contract: DeployedContract
    let state: WorkingState

    var home: Party { contract.home }

    func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]? {
        let program = contract.program
        guard program.registers.indices.contains(register) else { return nil }
        let declared = program.registers[register]
        let key = StateLayout.row(contract: program.name, register: declared.name, keys: keys)
        guard let value = try reading(key) else { return nil }
        guard case .record(var fields) = value else {
            throw StateFault(message: "a row of \(declared.name) is damaged")
        }
        // A later version may add fields, which begin with their starts in rows written before.
        for field in program.records[declared.row].fields.dropFirst(fields.count) {
            fields.append(field.starts ?? .absent)
        }
        return fields
    }

    func caseHolding(unique: Int, key: [Value]) throws(StateFault) -> TextValue? {
        let key = StateLayout.unique(contract: contract.program.name, index: unique, key: key)
        guard case .text(let reference) = try reading(key) else { return nil }
        return reference
    }

    func holds(role: Int, person: Party, organisation: Party) throws(StateFault) -> Bool {
        guard contract.program.roles.indices.contains(role) else { return false }
        let key = StateLayout.grant(
            role: TextValue(contract.program.roles[role]), person: person.identifier,
            organisation: organisation.identifier)
        return try reading(key) != nil
    }

    private func reading(_ key: StateKey) throws(StateFault) -> Value? {
        do { return try state.value(key) } catch { throw StateFault(message: error.message) }
    }
}
