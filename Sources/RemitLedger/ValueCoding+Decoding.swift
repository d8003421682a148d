public import RemitValues

extension ValueCoding {
    /// The value that an item stands for; throws `value` where it is not the one encoding of any.
    public static func decode(_ item: CBOR) throws(LedgerFault) -> Value {
        switch item {
        case .null: return .absent
        case .boolean(let value): return .boolean(value)
        case .text(let text): return .text(text)
        case .array(let items): return .list(try decodeAll(items))
        case .tag(let number, let content): return try decode(tag: number, content)
        case .unsigned, .negative:
            guard let integer = item.int64 else {
                throw .value("an integer does not fit 64 bits")
            }
            return .integer(integer)
        case .bytes, .map: throw .value("a byte string or a bare map is no value")
        }
    }

    private static func decode(tag: UInt64, _ content: CBOR) throws(LedgerFault) -> Value {
        switch tag {
        case Tag.decimal: return .decimal(try decimal(content))
        case Tag.money: return .money(try money(content))
        case Tag.date:
            guard let day = content.int64, let date = CalendarDate(dayNumber: day) else {
                throw .value("a date is not a day of the years 0001 to 9999")
            }
            return .date(date)
        case Tag.instant:
            guard let seconds = content.int64, let instant = Instant(seconds: seconds) else {
                throw .value("an instant is not a second of the years 0001 to 9999")
            }
            return .instant(instant)
        case Tag.duration:
            guard let seconds = content.int64 else {
                throw .value("a duration is not a 64-bit integer")
            }
            return .duration(Duration(seconds: seconds))
        case Tag.term: return .term(try term(content))
        case Tag.enumeration: return .enumeration(try text(content))
        case Tag.record: return .record(try decodeAll(try members(content)))
        case Tag.set: return try set(content)
        case Tag.map: return try map(content)
        case Tag.person: return .party(Party(.person, try text(content)))
        case Tag.organisation: return .party(Party(.organisation, try text(content)))
        case Tag.document: return .document(try document(content))
        case Tag.caseReference: return .caseReference(try text(content))
        case Tag.commitment: return .sealed(try sealed(.commitment, content))
        case Tag.keyedDigest: return .sealed(try sealed(.keyedDigest, content))
        default: throw .value("tag \(tag) is no value")
        }
    }

    private static func sealed(_ kind: Sealed.Kind, _ content: CBOR) throws(LedgerFault) -> Sealed {
        guard case .bytes(let bytes) = content, let sealed = Sealed(kind, digest: bytes) else {
            throw .value("a commitment or keyed digest has not 32 bytes")
        }
        return sealed
    }

    private static func decodeAll(_ items: [CBOR]) throws(LedgerFault) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(items.count)
        for item in items {
            values.append(try decode(item))
        }
        return values
    }

    private static func members(_ content: CBOR) throws(LedgerFault) -> [CBOR] {
        guard case .array(let items) = content else {
            throw .value("a record, set or map is not an array")
        }
        return items
    }

    private static func text(_ content: CBOR) throws(LedgerFault) -> TextValue {
        guard case .text(let text) = content else {
            throw .value("a name is not text")
        }
        return text
    }

    private static func set(_ content: CBOR) throws(LedgerFault) -> Value {
        let items = try members(content)
        try requireOrder(items)
        return Value.makeSet(try decodeAll(items))
    }

    private static func map(_ content: CBOR) throws(LedgerFault) -> Value {
        var keys: [CBOR] = []
        var entries: [Value.MapEntry] = []
        for item in try members(content) {
            guard case .array(let pair) = item, pair.count == 2 else {
                throw .value("an entry of a map is not a pair")
            }
            keys.append(pair[0])
            entries.append(Value.MapEntry(key: try decode(pair[0]), value: try decode(pair[1])))
        }
        try requireOrder(keys)
        return Value.makeMap(entries)
    }

    private static func requireOrder(_ items: [CBOR]) throws(LedgerFault) {
        var previous: [UInt8]?
        for item in items {
            let bytes = item.encoded
            if let previous, !previous.lexicographicallyPrecedes(bytes) {
                throw .value("the members of a set or map are out of order or repeated")
            }
            previous = bytes
        }
    }

    private static func decimal(_ content: CBOR) throws(LedgerFault) -> ExactDecimal {
        guard case .array(let parts) = content, parts.count == 2, let exponent = parts[0].int64,
            (-Int64(ExactDecimal.maximumScale)...0).contains(exponent)
        else {
            throw .value("a decimal is not a pair of an exponent from -18 to 0 and a coefficient")
        }
        let coefficient = try wideInteger(parts[1])
        let scale = Int(-exponent)
        guard let number = try? ExactDecimal(coefficient: coefficient, scale: scale) else {
            throw .value("a decimal has more than 38 digits")
        }
        guard number.scale == scale, number.coefficient == coefficient else {
            throw .value("a decimal is not in normal form")
        }
        return number
    }

    /// An integer of up to 128 bits, as a plain integer where it fits and else as a bignum without leading zeros.
    private static func wideInteger(_ item: CBOR) throws(LedgerFault) -> Int128 {
        switch item {
        case .unsigned(let value): return Int128(value)
        case .negative(let value): return ~Int128(value)
        case .tag(let tag, .bytes(let bytes)) where tag == Tag.positiveBignum || tag == Tag.negativeBignum:
            guard (9...16).contains(bytes.count), bytes[0] != 0 else {
                throw .value("a bignum is not between 9 and 16 bytes, or begins with zero")
            }
            let magnitude = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
            guard let number = Int128(exactly: magnitude) else {
                throw .value("a bignum does not fit 128 bits")
            }
            return tag == Tag.negativeBignum ? ~number : number
        default: throw .value("a coefficient is not an integer")
        }
    }

    private static func money(_ content: CBOR) throws(LedgerFault) -> Money {
        guard case .array(let parts) = content, parts.count == 2, case .text(let code) = parts[0],
            let minorUnits = parts[1].int64
        else {
            throw .value("money is not a pair of a currency and minor units")
        }
        guard let currency = Currency(code: code.string) else {
            throw .value("money is in an unknown currency")
        }
        return Money(minorUnits: minorUnits, currency: currency)
    }

    private static func term(_ content: CBOR) throws(LedgerFault) -> Term {
        guard case .array(let parts) = content, parts.count == 2, let count = parts[0].int64,
            case .unsigned(let number) = parts[1],
            let unit = Term.Unit.allCases.first(where: { unitNumber($0) == number }),
            let term = Term(count: count, unit: unit)
        else {
            throw .value("a term is not a pair of a count and a unit")
        }
        return term
    }

    private static func document(_ content: CBOR) throws(LedgerFault) -> Document {
        guard case .array(let parts) = content, parts.count == 3, case .bytes(let digest) = parts[0],
            case .text(let mediaType) = parts[1], let size = parts[2].int64,
            let document = Document(digest: digest, mediaType: mediaType, size: size)
        else {
            throw .value("a document is not a digest, a media type and a size")
        }
        return document
    }
}
