import RemitValues

/// Two values that differ, as text: of lists, sets and maps only so many parts, from the first on that differs.
enum BriefValue {
    static func texts(_ before: Value, _ after: Value) -> (String, String) {
        (text(before, beside: after), text(after, beside: before))
    }

    private static func text(_ value: Value, beside other: Value) -> String {
        switch (value, other) {
        case (.absent, _): "–"
        case (.list(let items), .list(let others)), (.set(let items), .set(let others)):
            list(items, alike: zip(items, others).prefix { $0 == $1 }.count) { index in
                others.indices.contains(index) ? text(items[index], beside: others[index]) : text(items[index])
            }
        case (.map(let entries), .map(let others)):
            list(entries, alike: zip(entries, others).prefix { $0 == $1 }.count) { text(entries[$0]) }
        case (.record(let fields), .record(let others)) where fields.count == others.count:
            "(" + zip(fields, others).map { text($0, beside: $1) }.joined(separator: ", ") + ")"
        default: text(value)
        }
    }

    private static func text(_ value: Value) -> String {
        switch value {
        case .list(let items), .set(let items): list(items, alike: 0) { text(items[$0]) }
        case .map(let entries): list(entries, alike: 0) { text(entries[$0]) }
        case .record(let fields): "(" + fields.map { text($0) }.joined(separator: ", ") + ")"
        default: value.description
        }
    }

    private static func text(_ entry: Value.MapEntry) -> String { "\(text(entry.key)): \(text(entry.value))" }

    /// A short list as it is; of a long one how many parts are alike, the next ones, and how many follow.
    private static func list<Part>(_ parts: [Part], alike: Int, _ text: (Int) -> String) -> String {
        guard parts.count > Limits.narratedValues else {
            return "[" + parts.indices.map(text).joined(separator: ", ") + "]"
        }
        let shown = alike..<min(parts.count, alike + Limits.narratedValues)
        var pieces = shown.map(text)
        if alike > 0 { pieces.insert("\(alike) alike", at: 0) }
        if shown.upperBound < parts.count { pieces.append("\(parts.count - shown.upperBound) more") }
        return "[" + pieces.joined(separator: ", ") + "]"
    }
}
