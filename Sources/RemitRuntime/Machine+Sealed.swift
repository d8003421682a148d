import RemitLanguage
import RemitValues

/// Private values that were erased, or are not in the vault: a rule that needs one is refused.
extension Machine {
    /// The value of something by name, if it is known itself; what is inside it may not be.
    func knownItself(_ value: Value, _ name: String, _ span: Span) throws(Stop) -> Value {
        guard value.isSealed else { return value }
        throw .refused(Refusal(.erased, "`\(name)` was erased, or is not in the vault of this ledger", at: span))
    }

    /// The value, if it is known to its last element, as comparing it needs.
    func known(_ value: Value, _ span: Span) throws(Stop) -> Value {
        guard value.holdsSealed else { return value }
        throw .refused(Refusal(.erased, "a value was erased, or is not in the vault of this ledger", at: span))
    }

    func fieldName(_ type: ValueType, _ index: Int) -> String {
        guard case .record(let record) = type, program.records.indices.contains(record),
            program.records[record].fields.indices.contains(index)
        else { return "a field" }
        return program.records[record].fields[index].name
    }
}
