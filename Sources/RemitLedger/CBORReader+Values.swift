public import RemitValues

extension CBORReader {
    /// A value, an item at a depth.
    public mutating func value(depth: Int) throws(Stop) -> Value {
        guard depth <= Limits.encodedDepth else { throw Stop() }
        let start = self
        let (major, argument) = try head()
        switch major {
        case 0, 1:
            guard let magnitude = Int64(exactly: argument) else { throw Stop() }
            return .integer(major == 0 ? magnitude : ~magnitude)
        case 3: return .text(TextValue(try text(argument)))
        case 4: return .list(try values(argument, depth: depth + 1))
        case 6:
            if let value = try tagged(argument, depth: depth + 1) { return value }
            // What is rare is read by the tree.
            self = start
            guard let value = try? ValueCoding.decode(try tree(depth: depth)) else { throw Stop() }
            return value
        default:
            switch (major, argument) {
            case (7, 20): return .boolean(false)
            case (7, 21): return .boolean(true)
            case (7, 22): return .absent
            default: throw Stop()
            }
        }
    }

    private mutating func values(_ argument: UInt64, depth: Int) throws(Stop) -> [Value] {
        let count = try count(argument)
        var values: [Value] = []
        // Room for what is there, and no more for what only claims to be.
        values.reserveCapacity(min(count, 64))
        for _ in 0..<count { values.append(try value(depth: depth)) }
        return values
    }

    /// The content of a tag, an item at a depth; nil where the tag is a rare one.
    private mutating func tagged(_ tag: UInt64, depth: Int) throws(Stop) -> Value? {
        typealias Tag = ValueCoding.Tag
        // The members of a pair stand one deeper.
        guard depth < Limits.encodedDepth else { throw Stop() }
        switch tag {
        case Tag.record:
            let count = try head(of: 4)
            return .record(try values(count, depth: depth + 1))
        case Tag.money: return .money(try money())
        case Tag.enumeration: return .enumeration(TextValue(try text()))
        case Tag.date: return .date(try Self.known(CalendarDate(dayNumber: integer())))
        case Tag.instant: return .instant(try Self.known(Instant(seconds: integer())))
        case Tag.person: return .party(Party(.person, TextValue(try text())))
        case Tag.organisation: return .party(Party(.organisation, TextValue(try text())))
        case Tag.caseReference: return .caseReference(TextValue(try text()))
        case Tag.decimal: return try decimal().map { .decimal($0) }
        default: return nil
        }
    }

    private static func known<Part>(_ part: Part?) throws(Stop) -> Part {
        guard let part else { throw Stop() }
        return part
    }

    private mutating func money() throws(Stop) -> Money {
        guard try array() == 2 else { throw Stop() }
        let code = try text()
        if currency?.code.utf8.elementsEqual(code.utf8) != true { currency = Currency(code: code) }
        return Money(minorUnits: try integer(), currency: try Self.known(currency))
    }

    /// A decimal whose coefficient is a plain integer; nil for a larger one.
    private mutating func decimal() throws(Stop) -> ExactDecimal? {
        guard try array() == 2 else { throw Stop() }
        let exponent = try integer()
        guard (-Int64(ExactDecimal.maximumScale)...0).contains(exponent) else { throw Stop() }
        let (major, argument) = try head()
        if major == 6 { return nil }
        guard major < 2 else { throw Stop() }
        let coefficient = major == 0 ? Int128(argument) : ~Int128(argument)
        guard let number = try? ExactDecimal(coefficient: coefficient, scale: Int(-exponent)),
            number.scale == Int(-exponent), number.coefficient == coefficient
        else { throw Stop() }
        return number
    }
}

extension CBORReader {
    /// The head of a record; gives how many members follow.
    public mutating func record() throws(Stop) -> Int {
        try tag(ValueCoding.Tag.record)
        return try array()
    }

    /// The name of an enumeration's case.
    public mutating func enumeration() throws(Stop) -> String {
        try tag(ValueCoding.Tag.enumeration)
        return try text()
    }
}
