public import RemitValues

/// The one encoding of each value of the language.
public enum ValueCoding {
    /// The tag numbers: 1, 2, 3 and 4 of RFC 8949, 100 of RFC 8943, and the ledger's own from 21000 on.
    enum Tag {
        static let instant: UInt64 = 1
        static let positiveBignum: UInt64 = 2
        static let negativeBignum: UInt64 = 3
        static let decimal: UInt64 = 4
        static let date: UInt64 = 100
        static let money: UInt64 = 21000
        static let duration: UInt64 = 21001
        static let term: UInt64 = 21002
        static let enumeration: UInt64 = 21003
        static let record: UInt64 = 21004
        static let set: UInt64 = 21005
        static let map: UInt64 = 21006
        static let person: UInt64 = 21007
        static let organisation: UInt64 = 21008
        static let document: UInt64 = 21009
        static let caseReference: UInt64 = 21010
        static let commitment: UInt64 = 21011
        static let keyedDigest: UInt64 = 21012
    }

    /// The bytes of a value.
    public static func encoded(_ value: Value) -> [UInt8] {
        var out = CBORWriter()
        out.value(value)
        return out.bytes
    }

    /// Reads a value from bytes, strictly; throws `encoding` or `value`.
    public static func decode(bytes: [UInt8]) throws(LedgerFault) -> Value {
        let read = CBORReader.all(bytes) { reader throws(CBORReader.Stop) in try reader.value(depth: 0) }
        if let read { return read }
        return try decode(CBOR(decoding: bytes))
    }

    /// The item that stands for a value.
    public static func encode(_ value: Value) -> CBOR {
        switch value {
        case .absent: .null
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .decimal(let value): encode(value)
        case .money(let value): .tag(Tag.money, .array([.text(value.currency.code), .integer(value.minorUnits)]))
        case .date(let value): .tag(Tag.date, .integer(Int64(value.dayNumber)))
        case .instant(let value): .tag(Tag.instant, .integer(value.seconds))
        case .duration(let value): .tag(Tag.duration, .integer(value.seconds))
        case .term(let value): .tag(Tag.term, .array([.integer(value.count), .unsigned(unitNumber(value.unit))]))
        case .text(let value): .text(value)
        case .enumeration(let value): .tag(Tag.enumeration, .text(value))
        case .record(let fields): .tag(Tag.record, .array(fields.map(encode)))
        case .list(let items): .array(items.map(encode))
        case .set(let members): .tag(Tag.set, .array(inOrder(members.map(encode)) { $0 }))
        case .map(let entries):
            .tag(
                Tag.map,
                .array(
                    inOrder(entries.map { [encode($0.key), encode($0.value)] }) { $0[0] }.map { .array($0) }))
        case .party(let value):
            .tag(value.kind == .person ? Tag.person : Tag.organisation, .text(value.identifier))
        case .document(let value):
            .tag(Tag.document, .array([.bytes(value.digest), .text(value.mediaType), .integer(value.size)]))
        case .caseReference(let value): .tag(Tag.caseReference, .text(value))
        case .sealed(let value):
            .tag(value.kind == .commitment ? Tag.commitment : Tag.keyedDigest, .bytes(value.digest))
        }
    }

    /// The number by which the format knows a unit of terms.
    static func unitNumber(_ unit: Term.Unit) -> UInt64 {
        switch unit {
        case .minute: 0
        case .hour: 1
        case .day: 2
        case .week: 3
        case .month: 4
        case .year: 5
        case .workingDay: 6
        case .workingHour: 7
        }
    }

    /// Items in the bytewise order of the encodings of their keys.
    private static func inOrder<Item>(_ items: [Item], key: (Item) -> CBOR) -> [Item] {
        items.map { (bytes: key($0).encoded, item: $0) }
            .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
            .map(\.item)
    }

    /// The members of a set in the order of their encodings.
    static func inOrder(_ members: [Value]) -> [Value] { inOrder(members) { encode($0) } }

    /// The entries of a map in the order of the encodings of their keys.
    static func inOrder(_ entries: [Value.MapEntry]) -> [Value.MapEntry] { inOrder(entries) { encode($0.key) } }

    private static func encode(_ number: ExactDecimal) -> CBOR {
        .tag(Tag.decimal, .array([.integer(-Int64(number.scale)), encode(number.coefficient)]))
    }

    /// An integer of up to 128 bits: a plain one where it fits, else a bignum.
    private static func encode(_ number: Int128) -> CBOR {
        let isNegative = number < 0
        let magnitude = isNegative ? UInt128(~number) : UInt128(number)
        if let small = UInt64(exactly: magnitude) {
            return isNegative ? .negative(small) : .unsigned(small)
        }
        var bytes: [UInt8] = []
        for shift in stride(from: 120, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: magnitude >> UInt128(shift)))
        }
        let digits = Array(bytes.drop { $0 == 0 })
        return .tag(isNegative ? Tag.negativeBignum : Tag.positiveBignum, .bytes(digits))
    }
}
