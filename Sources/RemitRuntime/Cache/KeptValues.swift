import RemitLanguage
import RemitValues

/// Writes the number of a kind, then what belongs to it.
private func put(_ kind: UInt8, _ writer: inout ByteWriter, _ body: (inout ByteWriter) -> Void) {
    writer.byte(kind)
    body(&writer)
}

extension Span: Kept {
    func write(_ writer: inout ByteWriter) {
        writer.count(UInt64(clamping: start))
        writer.count(UInt64(clamping: end))
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Span {
        let start = try reader.index()
        let end = try reader.index()
        guard start <= end else { throw MalformedCode("a place ends before it begins") }
        return Span(start, end)
    }
}

extension TextValue: Kept {
    func write(_ writer: inout ByteWriter) { writer.text(string) }
    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> TextValue { TextValue(try reader.text()) }
}

extension Currency: Kept {
    func write(_ writer: inout ByteWriter) { writer.text(code) }
    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Currency {
        guard let currency = Currency(code: try reader.text()) else { throw MalformedCode("there is no such currency") }
        return currency
    }
}

extension CalendarDate: Kept {
    func write(_ writer: inout ByteWriter) { writer.number(Int64(dayNumber)) }
    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> CalendarDate {
        guard let date = CalendarDate(dayNumber: try reader.number()) else {
            throw MalformedCode("a day is out of range")
        }
        return date
    }
}

extension Party: Kept {
    func write(_ writer: inout ByteWriter) {
        writer.flag(kind == .organisation)
        identifier.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Party {
        let kind: Party.Kind = try reader.flag() ? .organisation : .person
        return Party(kind, try TextValue.read(&reader))
    }
}

extension Period: Kept {
    func write(_ writer: inout ByteWriter) {
        from.write(&writer)
        until.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Period {
        let from = try CalendarDate?.read(&reader)
        return Period(from: from, until: try CalendarDate?.read(&reader))
    }
}

extension WorkCalendar: Kept {
    func write(_ writer: inout ByteWriter) {
        name.write(&writer)
        week.write(&writer)
        shifts.map { [$0.from, $0.to] }.write(&writer)
        writer.count(UInt64(periods.count))
        for period in periods {
            period.from.write(&writer)
            period.until.write(&writer)
            period.closed.write(&writer)
            period.open.write(&writer)
        }
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> WorkCalendar {
        let name = try String.read(&reader)
        let week = try [Bool].read(&reader)
        var shifts: [Shift] = []
        for pair in try [[Int]].read(&reader) {
            guard pair.count == 2, let shift = Shift(from: pair[0], to: pair[1]) else {
                throw MalformedCode("a shift is none")
            }
            shifts.append(shift)
        }
        var periods: [Period] = []
        for _ in 0..<(try reader.length()) {
            let from = try CalendarDate.read(&reader)
            let until = try CalendarDate.read(&reader)
            let closed = try [CalendarDate].read(&reader)
            let open = try [CalendarDate].read(&reader)
            let period = Period(from: from, until: until, closed: closed, open: open)
            guard period.closed == closed, period.open == open else { throw MalformedCode("days are out of order") }
            periods.append(period)
        }
        return WorkCalendar(name: name, week: week, shifts: shifts, periods: periods)
    }
}

extension Value: Kept {
    func write(_ writer: inout ByteWriter) {
        switch self {
        case .absent: writer.byte(0)
        case .boolean(let flag): put(1, &writer) { $0.flag(flag) }
        case .integer(let number): put(2, &writer) { $0.number(number) }
        case .decimal(let number):
            put(3, &writer) { writer in
                writer.number(Int64(truncatingIfNeeded: number.coefficient))
                writer.number(Int64(truncatingIfNeeded: number.coefficient >> 64))
                writer.count(UInt64(number.scale))
            }
        case .money(let money):
            put(4, &writer) { writer in
                money.currency.write(&writer)
                writer.number(money.minorUnits)
            }
        case .date(let date): put(5, &writer) { date.write(&$0) }
        case .instant(let instant): put(6, &writer) { $0.number(instant.seconds) }
        case .duration(let duration): put(7, &writer) { $0.number(duration.seconds) }
        case .term(let term):
            put(8, &writer) { writer in
                writer.number(term.count)
                writer.text(term.unit.rawValue)
            }
        case .text(let text): put(9, &writer) { text.write(&$0) }
        case .enumeration(let name): put(10, &writer) { name.write(&$0) }
        case .record(let items): put(11, &writer) { items.write(&$0) }
        case .list(let items): put(12, &writer) { items.write(&$0) }
        case .set(let items): put(13, &writer) { items.write(&$0) }
        case .map(let entries): put(14, &writer) { entries.flatMap { [$0.key, $0.value] }.write(&$0) }
        case .party(let party): put(15, &writer) { party.write(&$0) }
        case .document(let document):
            put(16, &writer) { writer in
                writer.raw(document.digest)
                document.mediaType.write(&writer)
                writer.number(document.size)
            }
        case .caseReference(let name): put(17, &writer) { name.write(&$0) }
        // A program has none; what is written in its place is no value.
        case .sealed: writer.byte(.max)
        }
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Value {
        try read(&reader, depth: 0)
    }

    private static func read(_ reader: inout ByteReader, depth: Int) throws(MalformedCode) -> Value {
        guard depth < Limits.encodedDepth else { throw MalformedCode("a value is nested too deeply") }
        let kind = try reader.byte()
        switch kind {
        case 0: return .absent
        case 1: return .boolean(try reader.flag())
        case 2: return .integer(try reader.number())
        case 4:
            let currency = try Currency.read(&reader)
            return .money(Money(minorUnits: try reader.number(), currency: currency))
        case 5: return .date(try CalendarDate.read(&reader))
        case 7: return .duration(Duration(seconds: try reader.number()))
        case 9: return .text(try TextValue.read(&reader))
        case 10: return .enumeration(try TextValue.read(&reader))
        case 11...14:
            var items: [Value] = []
            for _ in 0..<(try reader.length()) { items.append(try read(&reader, depth: depth + 1)) }
            switch kind {
            case 11: return .record(items)
            case 12: return .list(items)
            case 13:
                guard Value.makeSet(items) == .set(items) else { throw MalformedCode("a set is not in order") }
                return .set(items)
            default: return try map(items)
            }
        case 15: return .party(try Party.read(&reader))
        case 17: return .caseReference(try TextValue.read(&reader))
        default: return try rare(kind, &reader)
        }
    }

    private static func map(_ items: [Value]) throws(MalformedCode) -> Value {
        guard items.count % 2 == 0 else { throw MalformedCode("a map is not in order") }
        let entries = stride(from: 0, to: items.count, by: 2).map { MapEntry(key: items[$0], value: items[$0 + 1]) }
        guard Value.makeMap(entries) == .map(entries) else { throw MalformedCode("a map is not in order") }
        return .map(entries)
    }

    private static func rare(_ kind: UInt8, _ reader: inout ByteReader) throws(MalformedCode) -> Value {
        var found: Value?
        switch kind {
        case 3:
            let low = UInt64(bitPattern: try reader.number())
            let coefficient = Int128(try reader.number()) << 64 | Int128(low)
            let scale = try reader.index(below: ExactDecimal.maximumScale + 1)
            // A number in normal form comes out as it went in.
            if let number = try? ExactDecimal(coefficient: coefficient, scale: scale),
                number.coefficient == coefficient,
                number.scale == scale
            {
                found = .decimal(number)
            }
        case 6: found = Instant(seconds: try reader.number()).map { .instant($0) }
        case 8:
            let count = try reader.number()
            if let unit = Term.Unit(rawValue: try reader.text()), let term = Term(count: count, unit: unit) {
                found = .term(term)
            }
        case 16:
            let digest = try reader.raw()
            let type = try TextValue.read(&reader)
            found = Document(digest: digest, mediaType: type, size: try reader.number()).map { .document($0) }
        default: break
        }
        guard let found else { throw MalformedCode("a value is none") }
        return found
    }
}

extension ValueType: Kept {
    /// Those without parts, by their position.
    private static let plain: [ValueType] = [
        .boolean, .integer, .decimal, .date, .dateTime, .duration, .term, .person, .organisation, .party, .document,
        .state, .verdict, .quorum, .roundOutcome,
    ]

    func write(_ writer: inout ByteWriter) {
        switch self {
        case .money(let currency): put(32, &writer) { currency.write(&$0) }
        case .unrounded(let currency): put(33, &writer) { currency.write(&$0) }
        case .text(let bound): put(34, &writer) { bound.write(&$0) }
        case .enumeration(let index): put(35, &writer) { index.write(&$0) }
        case .record(let index): put(36, &writer) { index.write(&$0) }
        case .optional(let inner): put(37, &writer) { inner.write(&$0) }
        case .list(let element, let bound):
            put(38, &writer) { writer in
                element.write(&writer)
                bound.write(&writer)
            }
        case .set(let element, let bound):
            put(39, &writer) { writer in
                element.write(&writer)
                bound.write(&writer)
            }
        case .map(let key, let element, let bound):
            put(40, &writer) { writer in
                key.write(&writer)
                element.write(&writer)
                bound.write(&writer)
            }
        case .entry(let key, let element):
            put(41, &writer) { writer in
                key.write(&writer)
                element.write(&writer)
            }
        case .caseOf(let contract): put(42, &writer) { contract.write(&$0) }
        case .otherState(let contract): put(43, &writer) { contract.write(&$0) }
        default: writer.byte(UInt8(Self.plain.firstIndex(of: self) ?? 63))
        }
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> ValueType { try read(&reader, depth: 0) }

    private static func read(_ reader: inout ByteReader, depth: Int) throws(MalformedCode) -> ValueType {
        guard depth < Limits.encodedDepth else { throw MalformedCode("a type is nested too deeply") }
        let kind = try reader.byte()
        switch kind {
        case 32: return .money(try Currency.read(&reader))
        case 33: return .unrounded(try Currency.read(&reader))
        case 34: return .text(try reader.bound())
        case 35: return .enumeration(try reader.bound())
        case 36: return .record(try reader.bound())
        case 37: return .optional(try read(&reader, depth: depth + 1))
        case 38:
            let element = try read(&reader, depth: depth + 1)
            return .list(element, try reader.bound())
        case 39:
            let element = try read(&reader, depth: depth + 1)
            return .set(element, try reader.bound())
        case 40:
            let key = try read(&reader, depth: depth + 1)
            let element = try read(&reader, depth: depth + 1)
            return .map(key, element, try reader.bound())
        case 41:
            let key = try read(&reader, depth: depth + 1)
            return .entry(key, try read(&reader, depth: depth + 1))
        case 42: return .caseOf(try reader.bound())
        case 43: return .otherState(try reader.bound())
        default:
            guard plain.indices.contains(Int(kind)) else { throw MalformedCode("there is no such type") }
            return plain[Int(kind)]
        }
    }
}

extension ByteReader {
    /// A number that is not below zero.
    mutating func bound() throws(MalformedCode) -> Int {
        let number = try Int.read(&self)
        guard number >= 0 else { throw MalformedCode("a number is below zero") }
        return number
    }
}
