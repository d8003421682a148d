public import RemitValues

/// The text of a value on a receipt; it depends on the encoded value alone, so that every verifier writes the same.
public enum ValueWords {
    /// One value on one line, before what could steer a terminal is made visible.
    public static func text(_ value: Value) -> String {
        switch value {
        case .absent: "absent"
        case .boolean(let value): value ? "yes" : "no"
        case .integer(let value): String(value)
        case .decimal(let value): value.description
        case .money(let value): value.amount.text(minimumPlaces: value.currency.minorDigits) + " " + value.currency.code
        case .date(let value): value.description
        case .instant(let value): value.utcText
        case .duration(let value): counted(value.seconds, "second")
        case .term(let value): counted(value.count, value.unit.rawValue)
        case .text(let value): quoted(value)
        case .enumeration(let value), .caseReference(let value): value.string
        case .record(let members): "(" + joined(members) + ")"
        case .list(let members): "[" + joined(members) + "]"
        case .set(let members): "{" + joined(ValueCoding.inOrder(members)) + "}"
        case .map(let entries):
            "{" + ValueCoding.inOrder(entries).map { "\(text($0.key)): \(text($0.value))" }.joined(separator: ", ")
                + "}"
        case .party(let value): value.identifier.string
        case .document(let value): "document \(Hex.encode(value.digest)), \(value.mediaType), \(value.size) bytes"
        case .sealed(let value): "private \(Hex.encode(value.digest))"
        }
    }

    private static func joined(_ values: [Value]) -> String { values.map(text).joined(separator: ", ") }

    private static func counted(_ count: Int64, _ unit: String) -> String { "\(count) \(unit)\(count == 1 ? "" : "s")" }

    /// Between quotation marks, so that nothing else is taken for a text or a text for anything else.
    private static func quoted(_ text: TextValue) -> String {
        var out = "\""
        for scalar in text.string.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { out += "\\" }
            out.unicodeScalars.append(scalar)
        }
        return out + "\""
    }
}
