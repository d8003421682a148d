import RemitValues

/// A value that does not fit its target: the path and why.
struct ConversionProblem: Error {
    let path: String
    let text: String
}

/// How closely a value must be written as its type wants it.
public enum Writing: Sendable {
    /// As JSON has it: numbers in JSON's form, as they are or in quotes, amounts without a part of a minor unit, `true`
    /// and `false` without quotes; only null is absent, and an empty text is a text.
    case strict
    /// As people and other programs write cells, words and resources: what is empty is absent, `yes` is true, amounts
    /// are rounded, and a time stands for its day.
    case loose
}

/// Turns JSON values into values of a target type, each by the one rule that the type allows.
enum ValueConversion {
    static func convert(
        _ json: JSONValue, to type: TargetType, path: String, as writing: Writing = .loose
    ) throws(ConversionProblem) -> Value {
        switch type {
        case .optional(let wrapped):
            if writing == .strict ? json == .null : isAbsent(json) { return .absent }
            return try convert(json, to: wrapped, path: path, as: writing)
        case .boolean: return .boolean(try boolean(json, path, writing))
        case .integer: return .integer(try whole(json, "a whole number", path, writing))
        case .duration:
            return .duration(Duration(seconds: try whole(json, "a whole number of seconds", path, writing)))
        case .decimal: return .decimal(try number(json, path, writing))
        case .money(let currency): return .money(try money(json, currency, path, writing))
        case .date: return .date(try date(json, path, writing))
        case .dateTime: return .instant(try instant(json, path))
        case .text(let limit):
            if writing == .strict { return .text(try strictText(json, limit, path)) }
            return .text(try text(json, limit, path))
        case .enumeration(let cases):
            let name = try text(json, Limits.textBound, path)
            guard cases.contains(where: { TextValue($0) == name }) else {
                throw ConversionProblem(path: path, text: "\(name) is none of \(cases.joined(separator: ", "))")
            }
            return .enumeration(name)
        case .person: return .party(Party(.person, try text(json, Limits.nameBytes, path)))
        case .organisation: return .party(Party(.organisation, try text(json, Limits.nameBytes, path)))
        case .list(let element, let bound): return try list(json, element, bound, path, writing)
        case .set(let element, let bound):
            guard case .list(let items) = try list(json, element, bound, path, writing) else { return .set([]) }
            return Value.makeSet(items)
        case .record(let fields): return try record(json, fields, path, writing)
        case .party: return try party(json, path)
        case .document: return try document(json, path)
        case .map(let key, let value, let bound): return try map(json, key, value, bound, path, writing)
        case .caseReference(let contract): return .caseReference(try reference(json, contract, path))
        case .withheld(let name):
            throw ConversionProblem(path: path, text: "is of the type \(name), whose values only a contract writes")
        }
    }

    private static func whole(
        _ json: JSONValue, _ what: String, _ path: String, _ writing: Writing
    ) throws(ConversionProblem) -> Int64 {
        guard let whole = try number(json, path, writing).wholeValue else {
            throw ConversionProblem(path: path, text: "must be \(what), not \(shown(json))")
        }
        return whole
    }

    private static func money(
        _ json: JSONValue, _ currency: Currency, _ path: String, _ writing: Writing
    ) throws(ConversionProblem) -> Money {
        let amount = try number(json, path, writing)
        guard writing == .loose || amount.scale <= currency.minorDigits else {
            throw ConversionProblem(
                path: path, text: "has more than \(currency.minorDigits) digits behind the point")
        }
        // Amounts arrive with the noise of binary floats; the contract stores minor units.
        do throws(ArithmeticFault) { return try Money(amount, currency: currency, mode: .halfUp) } catch {
            throw ConversionProblem(path: path, text: "\(shown(json)) is too large for \(currency.code)")
        }
    }

    private static func party(_ json: JSONValue, _ path: String) throws(ConversionProblem) -> Value {
        let name = try text(json, Limits.nameBytes, path).string
        for (prefix, kind) in [("person:", Party.Kind.person), ("organisation:", .organisation)]
        where name.utf8.starts(with: prefix.utf8) && name.utf8.count > prefix.utf8.count {
            return .party(Party(kind, TextValue(name.cut(behind: prefix.utf8.count))))
        }
        throw ConversionProblem(path: path, text: "\(name) is written person:\(name) or organisation:\(name)")
    }

    /// `{"A": 1}` or `[["A", 1]]`; no key stands twice.
    private static func map(
        _ json: JSONValue, _ key: TargetType, _ value: TargetType, _ bound: Int, _ path: String,
        _ writing: Writing
    ) throws(ConversionProblem) -> Value {
        var pairs: [(JSONValue, JSONValue)] = []
        if let members = json.members {
            pairs = members.map { (.string($0.key), $0.value) }
        } else if let items = json.array {
            for item in items {
                guard let pair = item.array, pair.count == 2 else {
                    throw ConversionProblem(path: path, text: "must be an object, or a list of pairs")
                }
                pairs.append((pair[0], pair[1]))
            }
        } else {
            throw ConversionProblem(path: path, text: "must be an object, or a list of pairs")
        }
        guard pairs.count <= bound else {
            throw ConversionProblem(path: path, text: "has \(pairs.count) entries and may have \(bound)")
        }
        var entries: [Value.MapEntry] = []
        var keys: Set<Value> = []
        for pair in pairs {
            let place = "\(path)[\(shown(pair.0))]"
            let found = try convert(named(pair.0, key, isName: json.members != nil), to: key, path: place, as: writing)
            guard keys.insert(found).inserted else {
                throw ConversionProblem(path: path, text: "has the key \(shown(pair.0)) twice")
            }
            entries.append(
                Value.MapEntry(key: found, value: try convert(pair.1, to: value, path: place, as: writing)))
        }
        return Value.makeMap(entries)
    }

    /// A key of a map; `true` and `false` stand in quotes only as the names of an object's members.
    private static func named(_ key: JSONValue, _ type: TargetType, isName: Bool) -> JSONValue {
        switch (type, key) {
        case (.boolean, .string("true")) where isName: .boolean(true)
        case (.boolean, .string("false")) where isName: .boolean(false)
        default: key
        }
    }

    private static func reference(
        _ json: JSONValue, _ contract: String, _ path: String
    ) throws(ConversionProblem) -> TextValue {
        let name = try text(json, Limits.nameBytes, path)
        let prefix = TextValue("\(contract)/").utf8
        guard name.utf8.starts(with: prefix), name.utf8.count > prefix.count else {
            throw ConversionProblem(path: path, text: "must be a case such as \(contract)/1, not \(name)")
        }
        return name
    }

    /// `{"digest": "…", "mediaType": "application/pdf", "size": 1234}`.
    private static func document(_ json: JSONValue, _ path: String) throws(ConversionProblem) -> Value {
        guard let hex = json["digest"]?.string, let type = json["mediaType"]?.string, let size = json["size"] else {
            throw ConversionProblem(path: path, text: "must have a digest, a mediaType and a size")
        }
        guard let digest = HexDigits.bytes(hex), let length = try number(size, "\(path).size").wholeValue,
            let document = Document(digest: digest, mediaType: TextValue(type), size: length)
        else {
            throw ConversionProblem(path: path, text: "must have a digest of 64 hexadecimal digits and a size from 0")
        }
        return .document(document)
    }

    static func isAbsent(_ json: JSONValue?) -> Bool {
        switch json {
        case nil, .null: true
        case .string(let text): text.isEmpty
        default: false
        }
    }

    private static func list(
        _ json: JSONValue, _ element: TargetType, _ bound: Int, _ path: String, _ writing: Writing
    ) throws(ConversionProblem) -> Value {
        guard let items = json.array else { throw ConversionProblem(path: path, text: "must be a list") }
        guard items.count <= bound else {
            throw ConversionProblem(path: path, text: "has \(items.count) elements and may have \(bound)")
        }
        var values: [Value] = []
        for (index, item) in items.enumerated() {
            values.append(try convert(item, to: element, path: "\(path)[\(index)]", as: writing))
        }
        return .list(values)
    }

    private static func record(
        _ json: JSONValue, _ fields: [(name: String, type: TargetType)], _ path: String, _ writing: Writing
    ) throws(ConversionProblem) -> Value {
        guard let members = json.members else { throw ConversionProblem(path: path, text: "must be a record") }
        for member in members where !fields.contains(where: { TextValue($0.name) == TextValue(member.key) }) {
            throw ConversionProblem(path: path, text: "has no field \(member.key)")
        }
        var values: [Value] = []
        for field in fields {
            let place = "\(path).\(field.name)"
            if let found = json[field.name] {
                values.append(try convert(found, to: field.type, path: place, as: writing))
            } else if case .optional = field.type {
                values.append(.absent)
            } else {
                throw ConversionProblem(path: place, text: "is missing")
            }
        }
        return .record(values)
    }

    private static func boolean(
        _ json: JSONValue, _ path: String, _ writing: Writing
    ) throws(ConversionProblem) -> Bool {
        switch json {
        case .boolean(let value): return value
        case _ where writing == .strict:
            throw ConversionProblem(path: path, text: "must be true or false, not \(shown(json))")
        case .string("true"), .string("yes"): return true
        case .string("false"), .string("no"): return false
        default: throw ConversionProblem(path: path, text: "must be yes or no, not \(shown(json))")
        }
    }

    static func number(
        _ json: JSONValue, _ path: String, _ writing: Writing = .loose
    ) throws(ConversionProblem) -> ExactDecimal {
        let digits: String
        switch json {
        case .number(let text): digits = text
        case .string(let text) where writing == .loose || isNumber(text): digits = text
        default: throw ConversionProblem(path: path, text: "must be a number, not \(shown(json))")
        }
        do {
            if let number = try ExactDecimal.parse(digits) { return number }
        } catch {
            throw ConversionProblem(path: path, text: "\(shown(json)) cannot be held exactly")
        }
        throw ConversionProblem(path: path, text: "must be a number, not \(shown(json))")
    }

    /// Whether a text in quotes is a number as JSON writes it.
    private static func isNumber(_ text: String) -> Bool {
        guard case .number(let digits) = try? JSONValue.parse(Array(text.utf8)) else { return false }
        return digits.utf8.elementsEqual(text.utf8)
    }

    /// The local date that a FHIR date or dateTime writes; a year or month alone is not a day.
    private static func date(
        _ json: JSONValue, _ path: String, _ writing: Writing
    ) throws(ConversionProblem) -> CalendarDate {
        guard let text = json.string else {
            throw ConversionProblem(path: path, text: "must be a date, not \(shown(json))")
        }
        let rest = text.utf8.dropFirst(10)
        let day = Substring(text.utf8.prefix(10))
        let isDay = rest.isEmpty || writing == .loose && rest.first == UInt8(ascii: "T")
        guard isDay, let date = CalendarDate.parse(day) else {
            throw ConversionProblem(path: path, text: "must be a whole date such as 2026-03-02, not \(shown(json))")
        }
        return date
    }

    /// A FHIR instant: date, time and offset.
    private static func instant(_ json: JSONValue, _ path: String) throws(ConversionProblem) -> Instant {
        if let text = json.string, let instant = Instant.parse(text) { return instant }
        throw ConversionProblem(
            path: path, text: "must be a time such as 2026-03-02T09:00:00+08:00, not \(shown(json))")
    }

    private static func text(_ json: JSONValue, _ limit: Int, _ path: String) throws(ConversionProblem) -> TextValue {
        let text: String
        switch json {
        case .string(let string): text = string
        case .number(let digits): text = digits
        case .object:
            // A Reference stands for what it refers to.
            guard let reference = json["reference"]?.string else {
                throw ConversionProblem(path: path, text: "must be a text")
            }
            text = ReferenceKey.tail(reference)
        default: throw ConversionProblem(path: path, text: "must be a text, not \(shown(json))")
        }
        guard !text.isEmpty else { throw ConversionProblem(path: path, text: "is empty") }
        return try bounded(text, limit, path)
    }

    /// A text as JSON has it: in quotes, and possibly empty.
    private static func strictText(
        _ json: JSONValue, _ limit: Int, _ path: String
    ) throws(ConversionProblem) -> TextValue {
        guard let text = json.string else {
            throw ConversionProblem(path: path, text: "must be a text, not \(shown(json))")
        }
        return try bounded(text, limit, path)
    }

    private static func bounded(_ text: String, _ limit: Int, _ path: String) throws(ConversionProblem) -> TextValue {
        let value = TextValue(text)
        guard value.scalarCount <= limit else {
            throw ConversionProblem(path: path, text: "has \(value.scalarCount) characters and may have \(limit)")
        }
        return value
    }

    /// A value in a message, cut short.
    static func shown(_ json: JSONValue) -> String {
        let scalars = json.text.unicodeScalars
        return scalars.count <= 60 ? String(scalars) : String(String.UnicodeScalarView(scalars.prefix(57))) + "..."
    }
}
