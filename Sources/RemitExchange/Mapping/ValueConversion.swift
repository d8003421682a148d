import RemitValues

/// A value that does not fit its target: the path and why.
struct ConversionProblem: Error {
    let path: String
    let text: String
}

/// Turns JSON values into values of a target type, each by the one rule that the type allows.
enum ValueConversion {
    static func convert(
        _ json: JSONValue, to type: TargetType, path: String
    ) throws(ConversionProblem) -> Value {
        switch type {
        case .optional(let wrapped):
            if isAbsent(json) { return .absent }
            return try convert(json, to: wrapped, path: path)
        case .boolean: return .boolean(try boolean(json, path))
        case .integer:
            guard let whole = try number(json, path).wholeValue else {
                throw ConversionProblem(path: path, text: "must be a whole number, not \(shown(json))")
            }
            return .integer(whole)
        case .decimal: return .decimal(try number(json, path))
        case .money(let currency):
            // Amounts arrive with the noise of binary floats; the contract stores minor units.
            do {
                return .money(try Money(number(json, path), currency: currency, mode: .halfUp))
            } catch is ArithmeticFault {
                throw ConversionProblem(path: path, text: "\(shown(json)) is too large for \(currency.code)")
            } catch let problem as ConversionProblem {
                throw problem
            } catch {
                throw ConversionProblem(path: path, text: "is no amount")
            }
        case .date: return .date(try date(json, path))
        case .dateTime: return .instant(try instant(json, path))
        case .text(let limit): return .text(try text(json, limit, path))
        case .enumeration(let cases):
            let name = try text(json, Limits.textBound, path)
            guard cases.contains(where: { TextValue($0) == name }) else {
                throw ConversionProblem(path: path, text: "\(name) is none of \(cases.joined(separator: ", "))")
            }
            return .enumeration(name)
        case .person: return .party(Party(.person, try text(json, Limits.nameBytes, path)))
        case .organisation: return .party(Party(.organisation, try text(json, Limits.nameBytes, path)))
        case .list(let element, let bound): return try list(json, element, bound, path)
        case .set(let element, let bound):
            guard case .list(let items) = try list(json, element, bound, path) else { return .set([]) }
            return Value.makeSet(items)
        case .record(let fields): return try record(json, fields, path)
        case .party: return try party(json, path)
        case .document: return try document(json, path)
        case .map(let key, let value, let bound): return try map(json, key, value, bound, path)
        case .caseReference(let contract): return .caseReference(try reference(json, contract, path))
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
        _ json: JSONValue, _ key: TargetType, _ value: TargetType, _ bound: Int, _ path: String
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
        for pair in pairs {
            let place = "\(path)[\(shown(pair.0))]"
            entries.append(
                Value.MapEntry(
                    key: try convert(pair.0, to: key, path: place), value: try convert(pair.1, to: value, path: place)))
        }
        guard Set(entries.map(\.key)).count == entries.count else {
            throw ConversionProblem(path: path, text: "has a key twice")
        }
        return Value.makeMap(entries)
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
        _ json: JSONValue, _ element: TargetType, _ bound: Int, _ path: String
    ) throws(ConversionProblem) -> Value {
        guard let items = json.array else { throw ConversionProblem(path: path, text: "must be a list") }
        guard items.count <= bound else {
            throw ConversionProblem(path: path, text: "has \(items.count) elements and may have \(bound)")
        }
        var values: [Value] = []
        for (index, item) in items.enumerated() {
            values.append(try convert(item, to: element, path: "\(path)[\(index)]"))
        }
        return .list(values)
    }

    private static func record(
        _ json: JSONValue, _ fields: [(name: String, type: TargetType)], _ path: String
    ) throws(ConversionProblem) -> Value {
        guard let members = json.members else { throw ConversionProblem(path: path, text: "must be a record") }
        for member in members where !fields.contains(where: { TextValue($0.name) == TextValue(member.key) }) {
            throw ConversionProblem(path: path, text: "has no field \(member.key)")
        }
        var values: [Value] = []
        for field in fields {
            let place = "\(path).\(field.name)"
            if let found = json[field.name] {
                values.append(try convert(found, to: field.type, path: place))
            } else if case .optional = field.type {
                values.append(.absent)
            } else {
                throw ConversionProblem(path: place, text: "is missing")
            }
        }
        return .record(values)
    }

    private static func boolean(_ json: JSONValue, _ path: String) throws(ConversionProblem) -> Bool {
        switch json {
        case .boolean(let value): return value
        case .string("true"), .string("yes"): return true
        case .string("false"), .string("no"): return false
        default: throw ConversionProblem(path: path, text: "must be yes or no, not \(shown(json))")
        }
    }

    static func number(_ json: JSONValue, _ path: String) throws(ConversionProblem) -> ExactDecimal {
        let digits: String
        switch json {
        case .number(let text), .string(let text): digits = text
        default: throw ConversionProblem(path: path, text: "must be a number, not \(shown(json))")
        }
        do {
            if let number = try ExactDecimal.parse(digits) { return number }
        } catch {
            throw ConversionProblem(path: path, text: "\(shown(json)) cannot be held exactly")
        }
        throw ConversionProblem(path: path, text: "must be a number, not \(shown(json))")
    }

    /// The local date that a FHIR date or dateTime writes; a year or month alone is not a day.
    private static func date(_ json: JSONValue, _ path: String) throws(ConversionProblem) -> CalendarDate {
        guard let text = json.string else {
            throw ConversionProblem(path: path, text: "must be a date, not \(shown(json))")
        }
        let rest = text.utf8.dropFirst(10)
        let day = Substring(text.utf8.prefix(10))
        guard rest.isEmpty || rest.first == UInt8(ascii: "T"), let date = CalendarDate.parse(day) else {
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
        let value = TextValue(text)
        guard !text.isEmpty else { throw ConversionProblem(path: path, text: "is empty") }
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
