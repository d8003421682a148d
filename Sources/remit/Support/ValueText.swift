import RemitExchange
import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

/// Shows values of a contract's types as text and as JSON.
struct ValueText {
    let program: CheckedProgram

    /// A value of a type on one line: a list of records is counted, since its lines are shown below.
    func text(_ value: Value, _ type: ValueType) -> String { line(program.writingQuorums(in: value, type)) }

    private func line(_ value: Value) -> String {
        switch value {
        case .absent: "–"
        case .text(let text): text.string
        case .instant(let instant): instant.zonedText(offset: program.timezone)
        case .list(let items) where items.contains(where: isRecord):
            Counted.text(items.count, "element")
        default: value.description
        }
    }

    private func isRecord(_ value: Value) -> Bool {
        if case .record = value { true } else { false }
    }

    /// The elements of a list of records as a table; nil for any other value.
    func lines(_ value: Value, _ type: ValueType) -> [String]? {
        guard case .list(.record(let index), _) = type, case .list(let items) = value, !items.isEmpty,
            program.records.indices.contains(index)
        else { return nil }
        let fields = program.records[index].fields
        var table = TextTable([("line", .right)] + fields.map { ($0.name, Self.side($0.type)) })
        for (number, item) in items.enumerated() {
            guard case .record(let values) = item else { continue }
            table.add([String(number + 1)] + zip(fields, values).map { text($1, $0.type) })
        }
        return table.lines
    }

    /// Numbers and amounts line up on the right.
    static func side(_ type: ValueType) -> TextTable.Side {
        switch type {
        case .integer, .decimal, .money: .right
        case .optional(let wrapped): side(wrapped)
        default: .left
        }
    }

    /// A value as JSON: exact numbers, amounts and dates are strings, records are objects by field name.
    func json(_ value: Value, _ type: ValueType) -> JSONValue {
        switch (value, type) {
        case (.absent, _): .null
        case (.sealed(let sealed), _): .object([.init("commitment", .string(Hex.encode(sealed.digest)))])
        case (_, .optional(let wrapped)): json(value, wrapped)
        case (.boolean(let flag), _): .boolean(flag)
        case (.integer(let number), _): .integer(number)
        case (.money(let money), _): Self.money(money)
        case (.text(let text), _), (.enumeration(let text), _), (.caseReference(let text), _): .string(text.string)
        case (.record(let values), .record(let index)) where program.records.indices.contains(index):
            .object(
                zip(program.records[index].fields, values).map { field, value in
                    JSONValue.Member(field.name, json(value, field.type))
                })
        case (.list(let items), .list(let element, _)), (.set(let items), .set(let element, _)):
            .array(items.map { json($0, element) })
        case (.map(let entries), .map(let key, let element, _)):
            .array(entries.map { .array([json($0.key, key), json($0.value, element)]) })
        default: .string(program.writingQuorums(in: value, type).description)
        }
    }

    static func money(_ money: Money) -> JSONValue {
        .object([
            .init("amount", .string(money.amount.text(minimumPlaces: money.currency.minorDigits))),
            .init("currency", .string(money.currency.code)),
        ])
    }
}
