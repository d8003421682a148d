import RemitLanguage
import RemitValues

extension InputReader {
    mutating func whole(_ what: String) throws(InputProblem) -> Int64 {
        let begin = cursor.place
        if let (number, places) = shortNumber(), places == 0 { return number }
        cursor.rewind(to: begin)
        let isQuoted = cursor.byte == 0x22
        if isQuoted { cursor.advance() }
        if let number = cursor.integer(), isAfterNumber(isQuoted) { return number }
        cursor.rewind(to: begin)
        return try exactWhole(what)
    }

    /// A whole number that is written otherwise, such as 1.0 or 1e0.
    private mutating func exactWhole(_ what: String) throws(InputProblem) -> Int64 {
        let begin = cursor.place
        if let (coefficient, places) = try? number(what),
            let number = try? ExactDecimal(coefficient: coefficient, scale: places), let whole = number.wholeValue
        {
            return whole
        }
        cursor.rewind(to: begin)
        throw unlike("\(what) of 64 bits")
    }

    /// Says what must stand here, and what does.
    private func unlike(_ what: String) -> InputProblem {
        let written = cursor.shown()
        return InputProblem(written.isEmpty ? "must be \(what)" : "must be \(what), not \(written)")
    }

    /// Whether the number ends here; takes the closing quote of one in quotes.
    @inline(__always)
    private mutating func isAfterNumber(_ isQuoted: Bool) -> Bool {
        if isQuoted {
            guard cursor.byte == 0x22 else { return false }
            cursor.advance()
            return true
        }
        switch cursor.byte {
        case 0x2E, 0x45, 0x65: return false
        default: return true
        }
    }

    /// The coefficient and places of a number of at most 18 digits, as it is or in quotes; nil, with nothing taken,
    /// where another number or none stands here.
    @inline(__always)
    private mutating func shortNumber() -> (Int64, Int)? {
        let start = cursor.place
        let isQuoted = cursor.byte == 0x22
        if isQuoted { cursor.advance() }
        if let number = cursor.shortNumber(), !isQuoted || cursor.take(next: 0x22) { return number }
        cursor.rewind(to: start)
        return nil
    }

    /// An amount in major units, as a number or in quotes; it must be whole in minor units.
    mutating func money(_ digits: Int) throws(InputProblem) -> Int64 {
        let start = cursor.place
        if let (coefficient, places) = shortNumber(), places <= digits {
            let (units, overflow) = coefficient.multipliedReportingOverflow(by: DecimalWord.powers[digits - places])
            if !overflow { return units }
        }
        cursor.rewind(to: start)
        return try exactMoney(digits)
    }

    private mutating func exactMoney(_ digits: Int) throws(InputProblem) -> Int64 {
        let (coefficient, places) = try number("an amount")
        guard places <= digits else {
            guard let number = try? ExactDecimal(coefficient: coefficient, scale: places), number.scale <= digits,
                let units = Int64(exactly: number.coefficient * Int128(DecimalWord.powers[digits - number.scale]))
            else { throw InputProblem("has more than \(digits) digits behind the point") }
            return units
        }
        let (units, overflow) = coefficient.multipliedReportingOverflow(by: Int128(DecimalWord.powers[digits - places]))
        guard !overflow, let small = Int64(exactly: units) else { throw InputProblem("is too large an amount") }
        return small
    }

    mutating func decimal() throws(InputProblem) -> Int64 {
        let start = cursor.place
        if let (coefficient, places) = shortNumber(),
            let word = DecimalWord.inline(coefficient, places: Int64(places))
        {
            return word
        }
        cursor.rewind(to: start)
        return try exactDecimal()
    }

    private mutating func exactDecimal() throws(InputProblem) -> Int64 {
        let (coefficient, places) = try number("a number")
        if let small = Int64(exactly: coefficient), let word = DecimalWord.inline(small, places: Int64(places)) {
            return word
        }
        guard let number = try? ExactDecimal(coefficient: coefficient, scale: places) else {
            throw InputProblem("cannot be held exactly")
        }
        return DecimalWord.word(number, machine)
    }

    /// The coefficient and places of a number, as it is or in quotes; at most 18 places.
    private mutating func number(_ what: String) throws(InputProblem) -> (Int128, Int) {
        let isQuoted = cursor.byte == 0x22
        if isQuoted { cursor.advance() }
        let start = cursor.place
        if let whole = cursor.integer() {
            if isAfterNumber(isQuoted) { return (Int128(whole), 0) }
            if let found = fraction(whole, isNegative: cursor.bytes(from: start).first == 0x2D, isQuoted) {
                return found
            }
        }
        cursor.rewind(to: start)
        return try exactNumber(what, start, isQuoted)
    }

    /// What follows the point, where all fits 64 bits.
    private mutating func fraction(_ whole: Int64, isNegative: Bool, _ isQuoted: Bool) -> (Int128, Int)? {
        guard cursor.byte == 0x2E else { return nil }
        cursor.advance()
        let start = cursor.place
        var rest: Int64 = 0
        while cursor.byte &- 0x30 <= 9 {
            guard cursor.place - start < 18 else { return nil }
            rest = rest &* 10 &+ Int64(cursor.byte &- 0x30)
            cursor.advance()
        }
        let places = cursor.place - start
        guard places > 0, isAfterNumber(isQuoted) else { return nil }
        let (scaled, overflow) = whole.multipliedReportingOverflow(by: DecimalWord.powers[places])
        let (sum, carry) = isNegative ? scaled.subtractingReportingOverflow(rest) : scaled.addingReportingOverflow(rest)
        return overflow || carry ? nil : (Int128(sum), places)
    }

    /// The slow way round, for numbers of many digits and those with an exponent.
    private mutating func exactNumber(
        _ what: String, _ start: Int, _ isQuoted: Bool
    ) throws(InputProblem) -> (Int128, Int) {
        cursor.skipNumber()
        let bytes = cursor.bytes(from: start)
        guard Self.isNumber(bytes), !isQuoted || cursor.byte == 0x22 else {
            cursor.rewind(to: isQuoted ? start - 1 : start)
            throw unlike(what)
        }
        let parsed: ExactDecimal?
        do throws(ArithmeticFault) { parsed = try ExactDecimal.parse(bytes) } catch {
            throw InputProblem("cannot be held exactly")
        }
        guard let parsed else { throw InputProblem("must be \(what)") }
        if isQuoted { cursor.advance() }
        return (parsed.coefficient, parsed.scale)
    }

    /// Whether bytes are a number as JSON writes it: no zero before other digits, no plus before it, digits on both
    /// sides of a point.
    private static func isNumber(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var place = 0
        func digits() -> Int {
            let start = place
            while place < bytes.count, bytes[place] &- 0x30 <= 9 { place += 1 }
            return place - start
        }
        func take(_ wanted: ClosedRange<UInt8>) -> Bool {
            guard place < bytes.count, wanted.contains(bytes[place]) else { return false }
            place += 1
            return true
        }
        _ = take(0x2D...0x2D)
        let isZero = place < bytes.count && bytes[place] == 0x30
        let whole = digits()
        guard whole > 0, !isZero || whole == 1 else { return false }
        if take(0x2E...0x2E), digits() == 0 { return false }
        if take(0x65...0x65) || take(0x45...0x45) {
            if !take(0x2B...0x2B) { _ = take(0x2D...0x2D) }
            guard digits() > 0 else { return false }
        }
        return place == bytes.count
    }

    // MARK: Days and times

    mutating func date() throws(InputProblem) -> CalendarDate {
        if let date = cursor.day() { return date }
        let written = try shortText("a day such as 2026-03-02")
        guard let date = CalendarDate.parse(written) else {
            throw InputProblem("must be a day such as 2026-03-02, not \(written)")
        }
        return date
    }

    mutating func instant() throws(InputProblem) -> Int64 {
        let written = try shortText("a time such as 2026-03-02T09:00:00+08:00")
        guard let instant = Instant.parse(written) else {
            throw InputProblem("must be a time such as 2026-03-02T09:00:00+08:00, not \(written)")
        }
        return instant.seconds
    }

    /// The text of a day or time, cut where it is longer than any of these.
    private mutating func shortText(_ what: String) throws(InputProblem) -> String {
        guard cursor.byte == 0x22 else { throw InputProblem("must be \(what)") }
        cursor.advance()
        let start = cursor.place
        guard cursor.skipPlain() else { throw InputProblem("must be \(what)") }
        let text = InputProblem.repeated(cursor.bytes(from: start))
        cursor.advance()
        return text
    }

    // MARK: Texts

    mutating func text(bound: Int) throws(InputProblem) -> Int64 {
        guard cursor.byte == 0x22 else { throw InputProblem("must be a text") }
        cursor.advance()
        let start = cursor.place
        if cursor.skipPlain() {
            let count = cursor.place - start
            guard count <= bound else { throw InputProblem("has \(count) characters and may have \(bound)") }
            let place = machine.pointee.bytes.top
            if let readable = cursor.readable(start..<cursor.place) {
                machine.pointee.bytes.append(readable: readable, count)
            } else {
                machine.pointee.bytes.append(cursor.bytes(from: start))
            }
            cursor.advance()
            return TextWord.word(start: place, count: count)
        }
        let word = try textBeyondASCII(start)
        let count = machine.pointee.bytes.scalarCount(word)
        guard count <= bound else { throw InputProblem("has \(count) characters and may have \(bound)") }
        return word
    }

    /// A text with escapes or characters beyond ASCII that begins at a place.
    private mutating func textBeyondASCII(_ start: Int) throws(InputProblem) -> Int64 {
        guard cursor.skipUnescaped(), UTF8Form.isValid(cursor.bytes(from: start)) else {
            cursor.rewind(to: start)
            return try text(escaped: start)
        }
        let place = machine.pointee.bytes.top
        machine.pointee.bytes.append(cursor.bytes(from: start))
        cursor.advance()
        return TextWord.word(start: place, count: machine.pointee.bytes.top - place)
    }

    /// A text with escapes or characters beyond ASCII; the cursor stands behind the opening quote.
    mutating func text(escaped start: Int) throws(InputProblem) -> Int64 {
        var decoded: [UInt8] = []
        while cursor.byte != 0x22 {
            guard !cursor.isAtEnd else { throw cursor.fault("a text does not end") }
            guard cursor.byte >= 0x20 else {
                throw cursor.fault("the control character \(Self.escape(of: cursor.byte)) must be written so")
            }
            if cursor.byte == 0x5C {
                cursor.advance()
                try escape(&decoded)
            } else {
                decoded.append(cursor.byte)
                cursor.advance()
            }
        }
        cursor.advance()
        guard let text = TextValue(utf8: decoded) else { throw InputProblem("is not valid UTF-8") }
        let place = machine.pointee.bytes.top
        machine.pointee.bytes.append(text.string)
        return TextWord.word(start: place, count: machine.pointee.bytes.top - place)
    }

    private static func escape(of byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }

    private mutating func escape(_ decoded: inout [UInt8]) throws(InputProblem) {
        let byte = cursor.byte
        cursor.advance()
        switch byte {
        case 0x22, 0x5C, 0x2F: decoded.append(byte)
        case 0x62: decoded.append(0x08)
        case 0x66: decoded.append(0x0C)
        case 0x6E: decoded.append(0x0A)
        case 0x72: decoded.append(0x0D)
        case 0x74: decoded.append(0x09)
        case 0x75:
            var unit = try hexadecimal()
            if (0xD800..<0xDC00).contains(unit), cursor.byte == 0x5C {
                cursor.advance()
                guard cursor.byte == 0x75 else { throw cursor.fault("half of a character stands alone") }
                cursor.advance()
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw cursor.fault("half of a character stands alone") }
                unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(unit) else { throw cursor.fault("half of a character stands alone") }
            decoded += Array(String(Character(scalar)).utf8)
        default: throw cursor.fault("there is no such escape")
        }
    }

    private mutating func hexadecimal() throws(InputProblem) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch cursor.byte {
            case 0x30...0x39: digit = cursor.byte - 0x30
            case 0x41...0x46: digit = cursor.byte - 0x41 + 10
            case 0x61...0x66: digit = cursor.byte - 0x61 + 10
            default: throw cursor.fault("an escape needs four hexadecimal digits")
            }
            unit = unit << 4 | UInt32(digit)
            cursor.advance()
        }
        return unit
    }

    /// The value of an enumeration by its name.
    mutating func named(_ kind: Int) throws(InputProblem) -> Int64 {
        guard cursor.byte == 0x22 else { throw InputProblem("must be a name in quotes") }
        let start = cursor.place
        cursor.advance()
        var place = machine.pointee.nameStarts[kind]
        let first = place
        let end = machine.pointee.nameStarts[kind &+ 1]
        while place < end {
            let name = machine.pointee.nameWords[place]
            if cursor.take(name: machine.pointee.bytes.base + TextWord.start(name), TextWord.count(name)) {
                return Int64(place &- first)
            }
            place &+= 1
        }
        return try escapedName(kind, start)
    }

    /// A name with escapes or beyond ASCII, or none.
    private mutating func escapedName(_ kind: Int, _ start: Int) throws(InputProblem) -> Int64 {
        cursor.rewind(to: start)
        let top = machine.pointee.bytes.top
        defer { machine.pointee.bytes.top = top }
        let word = try text(bound: Limits.textBound)
        var index: Int64 = 0
        while true {
            let name = machine.pointee.nameWord(kind, index)
            guard name != absentWord else { break }
            if machine.pointee.bytes.areSame(name, word) { return index }
            index += 1
        }
        throw InputProblem("\(InputProblem.repeated(machine.pointee.bytes.bytes(word))) is none of its values")
    }

    mutating func party(_ shape: Int) throws(InputProblem) -> Int64 {
        let word = try text(bound: Limits.nameBytes)
        guard TextWord.count(word) > 0 else { throw InputProblem("must be the name of a party") }
        let kind = machine.pointee.code._withUnsafeGuaranteedRef { code -> Party.Kind? in
            if case .party(let kind) = code.shapes[shape].kind { kind } else { .person }
        }
        switch kind {
        case nil: return try anyParty(word)
        case .organisation: return word | 1
        case .person: return word
        }
    }

    /// A party by its kind and name, such as `person:li`; a bare name is an organisation's only where that is known.
    private func anyParty(_ word: Int64) throws(InputProblem) -> Int64 {
        let name = machine.pointee.bytes.bytes(word)
        for (prefix, mark) in Self.kinds where name.starts(with: prefix) {
            guard name.count > prefix.count else { throw InputProblem("must have a name behind the colon") }
            let start = TextWord.start(word) + prefix.count
            return TextWord.word(start: start, count: name.count - prefix.count) | mark
        }
        let isOrganisation = (0..<2).contains { organisations[$0].elementsEqual(name) }
        return isOrganisation ? word | 1 : word
    }

    private static let kinds: [(prefix: [UInt8], mark: Int64)] = [
        (Array("person:".utf8), 0), (Array("organisation:".utf8), 1),
    ]
}
