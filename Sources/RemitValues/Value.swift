/// A value of the language: what inputs, state and results are made of, at rest and between modules.
///
/// Records are positional (their names stand in the contract); sets and maps are sorted by the total order.
public enum Value: Hashable, Sendable {
    /// An optional without a value.
    case absent
    case boolean(Bool)
    case integer(Int64)
    /// An exact number; also unrounded money, in major units of the currency that its type names.
    case decimal(ExactDecimal)
    case money(Money)
    case date(CalendarDate)
    case instant(Instant)
    case duration(Duration)
    case term(Term)
    case text(TextValue)
    /// The name of an enumeration's case.
    case enumeration(TextValue)
    case record([Value])
    case list([Value])
    /// Sorted, without repeats: build it by `Value.makeSet`.
    case set([Value])
    /// Sorted by key, without repeats: build it by `Value.makeMap`.
    case map([MapEntry])
    case party(Party)
    case document(Document)
    /// A case of a contract, as `InsuranceClaim/17`.
    case caseReference(TextValue)
    /// A private value that is not known here, or a private key: what stands on the chain in its place.
    case sealed(Sealed)

    /// A key with its value.
    public struct MapEntry: Hashable, Sendable {
        public let key: Value
        public let value: Value

        /// An entry of a map.
        public init(key: Value, value: Value) {
            self.key = key
            self.value = value
        }
    }

    /// A set of the members, sorted and without repeats.
    public static func makeSet(_ members: [Value]) -> Value {
        var sorted: [Value] = []
        for member in members.sorted() where sorted.last != member { sorted.append(member) }
        return .set(sorted)
    }

    /// The cases that the value names, in order; values are nested no deeper than their types allow.
    public var caseReferences: [TextValue] {
        switch self {
        case .caseReference(let reference): [reference]
        case .record(let parts), .list(let parts), .set(let parts): parts.flatMap(\.caseReferences)
        case .map(let entries): entries.flatMap { $0.key.caseReferences + $0.value.caseReferences }
        default: []
        }
    }

    /// A map of the entries, sorted by key; of entries with one key the last counts.
    public static func makeMap(_ entries: [MapEntry]) -> Value {
        var sorted: [MapEntry] = []
        for (_, entry) in entries.enumerated().sorted(by: { ($0.1.key, $0.0) < ($1.1.key, $1.0) }) {
            if sorted.last?.key == entry.key { sorted.removeLast() }
            sorted.append(entry)
        }
        return .map(sorted)
    }
}
