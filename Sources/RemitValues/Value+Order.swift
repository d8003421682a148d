/// The one total order over values, the same on every machine; sets and maps are kept in it.
extension Value: Comparable {
    public static func < (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.boolean(let first), .boolean(let second)): !first && second
        case (.integer(let first), .integer(let second)): first < second
        case (.decimal(let first), .decimal(let second)): first < second
        case (.money(let first), .money(let second)):
            first.currency == second.currency
                ? first.minorUnits < second.minorUnits
                : TextValue(first.currency.code) < TextValue(second.currency.code)
        case (.date(let first), .date(let second)): first < second
        case (.instant(let first), .instant(let second)): first < second
        case (.duration(let first), .duration(let second)): first < second
        case (.term(let first), .term(let second)):
            first.unit == second.unit
                ? first.count < second.count : TextValue(first.unit.rawValue) < TextValue(second.unit.rawValue)
        case (.text(let first), .text(let second)), (.enumeration(let first), .enumeration(let second)),
            (.caseReference(let first), .caseReference(let second)):
            first < second
        case (.record(let first), .record(let second)), (.list(let first), .list(let second)),
            (.set(let first), .set(let second)):
            first.lexicographicallyPrecedes(second)
        case (.map(let first), .map(let second)):
            first.flatMap { [$0.key, $0.value] }.lexicographicallyPrecedes(second.flatMap { [$0.key, $0.value] })
        case (.party(let first), .party(let second)): first < second
        case (.document(let first), .document(let second)):
            first.digest == second.digest
                ? (first.size, first.mediaType) < (second.size, second.mediaType)
                : first.digest.lexicographicallyPrecedes(second.digest)
        case (.sealed(let first), .sealed(let second)):
            first.kind == second.kind
                ? first.digest.lexicographicallyPrecedes(second.digest) : first.kind.rawValue < second.kind.rawValue
        default: left.rank < right.rank
        }
    }

    /// The place of a kind among the kinds: only values of one type meet in a checked program, but the order is total.
    private var rank: Int {
        switch self {
        case .absent: 0
        case .boolean: 1
        case .integer: 2
        case .decimal: 3
        case .money: 4
        case .date: 5
        case .instant: 6
        case .duration: 7
        case .term: 8
        case .text: 9
        case .enumeration: 10
        case .record: 11
        case .list: 12
        case .set: 13
        case .map: 14
        case .party: 15
        case .document: 16
        case .caseReference: 17
        case .sealed: 18
        }
    }
}

extension Value: CustomStringConvertible {
    /// The value as a person reads it; dates in ISO form, times in UTC.
    public var description: String {
        switch self {
        case .absent: "absent"
        case .boolean(let value): value ? "yes" : "no"
        case .integer(let value): String(value)
        case .decimal(let value): value.description
        case .money(let value): value.grouped
        case .date(let value): value.description
        case .instant(let value): value.utcText
        case .duration(let value): value.description
        case .term(let value): value.description
        case .text(let value): "\"\(value.string)\""
        case .enumeration(let value): value.string
        case .record(let fields): "(" + fields.map(\.description).joined(separator: ", ") + ")"
        case .list(let items), .set(let items): "[" + items.map(\.description).joined(separator: ", ") + "]"
        case .map(let entries):
            "[" + entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "]"
        case .party(let value): value.description
        case .document(let value): "document of \(value.size) bytes"
        case .caseReference(let value): value.string
        case .sealed: "(private)"
        }
    }
}
