public import RemitLanguage
import RemitLedger
public import RemitValues

extension LedgerNode {
    /// The fields of a register's row as it stands; nil where the key has none.
    public func row(
        of register: RegisterDeclaration, contract: String, keys: [Value]
    ) throws(NodeError) -> [Value]? {
        let state = state
        let layout = try catalogue.current(contract, in: state)?.privacy.flatMap { $0.concerns(register) ? $0 : nil }
        var item = keys
        if let layout, layout.hasPrivateKeys(register) {
            guard let key = try state.digestKey() else { return nil }
            item = PrivateWork.item(keys, of: register, layout, key)
        }
        let place = StateLayout.row(contract: contract, register: register.name, keys: item)
        guard let row = try state.value(place), case .record(let fields) = try state.vault.opened(row) else {
            return nil
        }
        return fields
    }
}
