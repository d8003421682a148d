public import RemitLanguage
public import RemitValues

extension CheckedProgram {
    /// A value of a type with each quorum in it as a contract writes it, in the form of a name; any other as it is.
    public func writingQuorums(in value: Value, _ type: ValueType) -> Value {
        switch (type, value) {
        case (.quorum, _): Quorum(value).map { .enumeration(TextValue($0.description)) } ?? value
        case (.optional(let wrapped), _): writingQuorums(in: value, wrapped)
        case (.record(let index), .record(let parts)) where records.indices.contains(index):
            .record(zip(records[index].fields, parts).map { writingQuorums(in: $1, $0.type) })
        case (.list(let element, _), .list(let items)): .list(items.map { writingQuorums(in: $0, element) })
        case (.map(_, let element, _), .map(let entries)):
            .map(entries.map { Value.MapEntry(key: $0.key, value: writingQuorums(in: $0.value, element)) })
        default: value
        }
    }
}
