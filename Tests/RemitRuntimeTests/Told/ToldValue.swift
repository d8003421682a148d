import RemitLanguage
import RemitValues

/// Reads values as an example of a comparison tells them.
struct ToldValue {
    let program: CheckedProgram
    private let bytes: [UInt8]
    private var place = 0

    /// The value of a type that a whole text is; nil where it is none.
    static func read(_ text: String, _ type: ValueType, _ program: CheckedProgram) -> Value? {
        var reader = ToldValue(program: program, bytes: Array(text.utf8))
        guard let value = reader.value(type), reader.place == reader.bytes.count else { return nil }
        return value
    }

    /// Several values, as keys of a register are told.
    static func read(keys text: String, _ types: [ValueType], _ program: CheckedProgram) -> [Value]? {
        var reader = ToldValue(program: program, bytes: Array(text.utf8))
        var keys: [Value] = []
        for (index, type) in types.enumerated() {
            if index > 0, !reader.take(", ") { return nil }
            guard let value = reader.value(type) else { return nil }
            keys.append(value)
        }
        return reader.place == reader.bytes.count ? keys : nil
    }

    private init(program: CheckedProgram, bytes: [UInt8]) {
        self.program = program
        self.bytes = bytes
    }

    // MARK: Pieces

    private mutating func take(_ word: String) -> Bool {
        guard bytes[place...].starts(with: word.utf8) else { return false }
        place += word.utf8.count
        return true
    }

    private mutating func taken(while holds: (UInt8) -> Bool) -> String {
        let start = place
        while place < bytes.count, holds(bytes[place]) { place += 1 }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
            || byte >= 0x80
    }

    private mutating func word() -> String { taken(while: Self.isOfWord) }

    /// A number without the commas between its thousands.
    private mutating func number() -> String {
        var digits = ""
        while place < bytes.count {
            let byte = bytes[place]
            let isDigit = (0x30...0x39).contains(byte)
            let next = place + 1 < bytes.count ? bytes[place + 1] : 0
            if byte == UInt8(ascii: ","), (0x30...0x39).contains(next) {
                place += 1
                continue
            }
            guard isDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") else { break }
            digits.append(Character(Unicode.Scalar(byte)))
            place += 1
        }
        return digits
    }

    // MARK: Values

    private mutating func value(_ type: ValueType) -> Value? {
        switch type {
        case .optional(let inner): return take("absent") ? .absent : value(inner)
        case .boolean: return take("yes") ? .boolean(true) : take("no") ? .boolean(false) : nil
        case .integer: return Int64(number()).map(Value.integer)
        case .decimal, .unrounded: return (try? ExactDecimal.parse(number())).map(Value.decimal)
        case .money(let currency):
            guard let amount = try? ExactDecimal.parse(number()), take(" \(currency.code)") else { return nil }
            return Money(exactly: amount, currency: currency).map(Value.money)
        case .date: return date().map(Value.date)
        case .dateTime:
            guard let day = date(), take(" ") else { return nil }
            let clock = taken { (0x30...0x39).contains($0) || $0 == 0x3A }.split(separator: ":").compactMap { Int($0) }
            guard clock.count == 3 else { return nil }
            var offset = program.timezone
            let isEast = take(" +")
            if isEast || take(" -") {
                let zone = taken { (0x30...0x39).contains($0) || $0 == 0x3A }.split(separator: ":")
                    .compactMap { Int($0) }
                guard zone.count == 2 else { return nil }
                offset = (zone[0] * 3600 + zone[1] * 60) * (isEast ? 1 : -1)
            }
            return Instant(
                date: day, hour: clock[0], minute: clock[1], second: clock[2], offset: offset
            ).map(Value.instant)
        case .duration: return counted().flatMap { duration($0, $1) }
        case .term:
            guard let (count, unit) = counted(), let unit = Term.Unit(rawValue: unit) else { return nil }
            return Term(count: count, unit: unit).map(Value.term)
        case .text:
            guard take("\"") else { return nil }
            let text = taken { $0 != UInt8(ascii: "\"") }
            return take("\"") ? .text(TextValue(text)) : nil
        case .enumeration, .otherState: return .enumeration(TextValue(word()))
        case .record(let index): return record(program.records[index])
        case .list(let element, _): return items(element).map(Value.list)
        case .set(let element, _): return items(element).map(Value.makeSet)
        case .map(let key, let element, _): return entries(key, element)
        case .person: return .party(Party(.person, TextValue(word())))
        case .organisation: return .party(Party(.organisation, TextValue(word())))
        case .party:
            let name = word()
            let isHouse = ["home", "clinic"].contains(name) || name.hasPrefix("o1") || name.hasPrefix("o2")
            return .party(Party(isHouse ? .organisation : .person, TextValue(name)))
        case .document:
            guard take("document of "), let size = Int64(number()), take(" bytes") else { return nil }
            let digest = [UInt8](repeating: 1, count: 32)
            return Document(digest: digest, mediaType: "text/plain", size: size).map(Value.document)
        case .caseOf: return .caseReference(TextValue(taken { Self.isOfWord($0) || $0 == UInt8(ascii: "/") }))
        case .quorum: return quorum()
        default: return nil
        }
    }

    private mutating func date() -> CalendarDate? {
        CalendarDate.parse(taken { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") })
    }

    /// A count with its unit in the singular: `2 working days`.
    private mutating func counted() -> (Int64, String)? {
        guard let count = Int64(number()), take(" ") else { return nil }
        var unit = word()
        if unit == "working", take(" ") { unit = "working \(word())" }
        return (count, unit.hasSuffix("s") ? String(unit.dropLast()) : unit)
    }

    private func duration(_ count: Int64, _ unit: String) -> Value? {
        let seconds: [String: Int64] = ["second": 1, "minute": 60, "hour": 3600, "day": 86_400]
        return seconds[unit].map { .duration(Duration(seconds: count * $0)) }
    }

    private mutating func record(_ type: RecordType) -> Value? {
        guard take("\(type.name)(") else { return nil }
        var parts: [Value] = []
        for (index, field) in type.fields.enumerated() {
            if index > 0, !take(", ") { return nil }
            guard take("\(field.name): "), let part = value(field.type) else { return nil }
            parts.append(part)
        }
        return take(")") ? .record(parts) : nil
    }

    private mutating func items(_ element: ValueType) -> [Value]? {
        guard take("[") else { return nil }
        var items: [Value] = []
        while !take("]") {
            if !items.isEmpty, !take(", ") { return nil }
            guard let item = value(element) else { return nil }
            items.append(item)
        }
        return items
    }

    private mutating func entries(_ key: ValueType, _ element: ValueType) -> Value? {
        guard take("[") else { return nil }
        var entries: [Value.MapEntry] = []
        while !take("]") {
            if !entries.isEmpty, !take(", ") { return nil }
            guard let name = value(key), take(": "), let content = value(element) else { return nil }
            entries.append(Value.MapEntry(key: name, value: content))
        }
        return Value.makeMap(entries)
    }

    private mutating func quorum() -> Value? {
        var groups: [Quorum.Group] = []
        repeat {
            guard let count = Int(number()), take(" of ") else { return nil }
            var roles: [TextValue] = []
            let isBracketed = take("(")
            repeat {
                var role = word()
                if take(" of any organisation") {
                    role += " of any organisation"
                } else if take(" of ") {
                    role += " of \(word())"
                }
                roles.append(TextValue(role))
            } while isBracketed && take(" or ")
            if isBracketed, !take(")") { return nil }
            groups.append(Quorum.Group(count: count, roles: roles))
        } while take(" and ")
        return Quorum(groups: groups).value
    }
}
