import RemitLanguage
import RemitRuntime
import RemitValues

extension CheckedProgram {
    /// A value as the policy writes it.
    func written(_ value: Value) -> String {
        if case .instant(let instant) = value { return instant.zonedText(offset: timezone) }
        return value.description
    }

    /// A value of a type as the policy writes it: records with the names of their fields.
    func written(_ value: Value, _ type: ValueType) -> String {
        switch (type, value) {
        case (.optional(let inner), _): return value == .absent ? "absent" : written(value, inner)
        case (.record(let index), .record(let parts)) where records.indices.contains(index):
            let record = records[index]
            let fields = zip(record.fields, parts).map { "\($0.name): \(written($1, $0.type))" }
            return "\(record.name)(\(fields.joined(separator: ", ")))"
        case (.list(let element, _), .list(let items)), (.set(let element, _), .set(let items)):
            return "[" + items.map { written($0, element) }.joined(separator: ", ") + "]"
        case (.map(let key, let element, _), .map(let entries)):
            return "["
                + entries.map { "\(written($0.key, key)): \(written($0.value, element))" }
                .joined(separator: ", ") + "]"
        case (.quorum, _): return Quorum(value)?.description ?? written(value)
        default: return written(value)
        }
    }
}
