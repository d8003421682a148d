public import RemitLanguage
import RemitLedger
public import RemitValues

extension LedgerNode {
    /// The fields of a register's row as it stands; nil where the key has none.
    public func row(
        of register: RegisterDeclaration, contract: String, keys: [Value]
    ) throws(NodeError) -> [Value]? {
        let key = StateLayout.row(contract: contract, register: register.name, keys: keys)
        guard case .record(let fields) = try state.value(key) else { return nil }
        return fields
    }
}
