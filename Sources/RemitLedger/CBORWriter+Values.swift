public import RemitValues

extension CBORWriter {
    private typealias Tag = ValueCoding.Tag

    /// Writes what `ValueCoding.encode` gives for a value, at once for the kinds of which rows are made.
    public mutating func value(_ value: Value) {
        switch value {
        case .absent: null()
        case .boolean(let value): boolean(value)
        case .integer(let value): integer(value)
        case .decimal(let value) where Int64(exactly: value.coefficient) != nil:
            tag(Tag.decimal)
            array(2)
            integer(-Int64(value.scale))
            integer(Int64(truncatingIfNeeded: value.coefficient))
        case .party(let value):
            tag(value.kind == .person ? Tag.person : Tag.organisation)
            text(value.identifier.string)
        case .text(let value): text(value.string)
        case .enumeration(let value): enumeration(value.string)
        case .caseReference(let value):
            tag(Tag.caseReference)
            text(value.string)
        case .date(let value):
            tag(Tag.date)
            integer(Int64(value.dayNumber))
        case .instant(let value):
            tag(Tag.instant)
            integer(value.seconds)
        case .money(let value):
            tag(Tag.money)
            array(2)
            text(value.currency.code)
            integer(value.minorUnits)
        case .record(let fields):
            record(fields.count)
            for field in fields { self.value(field) }
        case .list(let items):
            array(items.count)
            for item in items { self.value(item) }
        default: item(ValueCoding.encode(value))
        }
    }

    /// The head of a record, whose members follow.
    public mutating func record(_ count: Int) {
        tag(Tag.record)
        array(count)
    }

    /// The name of an enumeration's case.
    public mutating func enumeration(_ name: String) {
        tag(Tag.enumeration)
        text(name)
    }
}
