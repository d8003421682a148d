import RemitLanguage
import RemitValues

/// Puts values into a text as people read them, in bytes.
enum TextWriter {
    /// How a register is written.
    struct Form {
        /// Its bytes as they are, its digits, its name among those of a list, or in another way.
        enum Kind {
            case text, integer, boolean
            case named(Int32)
            case other
        }

        let kind: Kind
        /// Whether its word may stand for an absent value, which is written in another way.
        let isOptional: Bool

        init(_ register: Int, _ code: Code) {
            guard code.registerShapes.indices.contains(register) else {
                (kind, isOptional) = (.other, false)
                return
            }
            let shape = code.shapes[Int(code.registerShapes[register])]
            isOptional = shape.isOptional
            switch shape.kind {
            case .text, .party, .label, .reference: kind = .text
            case .integer: kind = .integer
            case .boolean: kind = .boolean
            case .named(let list): kind = .named(Int32(list))
            default: kind = .other
            }
        }
    }

    /// Makes a text of the registers of a list, one behind another.
    static func compose(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let begin = machine.pointee.bytes.top
        var index = machine.pointee.listStarts[i.c]
        let end = machine.pointee.listStarts[i.c &+ 1]
        while index < end {
            let register = Int(machine.pointee.listFields[index])
            let word = machine.pointee.registers[register]
            guard machine.pointee.bytes.top < 1 << 30 else { return .foreign }
            let form = machine.pointee.listForms[index]
            switch form.kind {
            case _ where form.isOptional && word == absentWord:
                appendValue(word, machine.pointee.shape(register), machine)
            case .text: machine.pointee.bytes.repeatText(word & ~1)
            case .integer: integer(word, &machine.pointee.bytes)
            case .boolean: machine.pointee.bytes.append(word != 0 ? "yes" : "no")
            case .named(let list):
                let name = machine.pointee.nameWord(Int(list), word)
                guard name != absentWord else { fallthrough }
                machine.pointee.bytes.repeatText(name)
            case .other:
                let shape = machine.pointee.shape(register)
                if !number(word, machine.pointee.shapes[shape], machine) { appendValue(word, shape, machine) }
            }
            index &+= 1
        }
        machine.pointee.registers[i.a] = TextWord.word(start: begin, count: machine.pointee.bytes.top &- begin)
        return .proceed
    }

    /// Likewise, and keeps the finding that stands behind.
    static func composeThenFind(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let exit = compose(i, machine)
        guard exit == .proceed else { return exit }
        machine.pointee.next += 1
        return Checking.find(machine.pointee.registers, i + 1, machine) ? .proceed : .built
    }

    /// Amounts, decimals and what time is told in; false for others, and where a word is not one that is told here.
    @inline(never)
    private static func number(_ word: Int64, _ shape: FlatShape, _ machine: MachinePointer) -> Bool {
        switch shape.kind {
        case .money: groupedAmount(word, shape, &machine.pointee.bytes)
        case .decimal: return decimal(word, &machine.pointee.bytes)
        case .date: return day(word, &machine.pointee.bytes)
        case .instant: return time(word, machine)
        default: return false
        }
        return true
    }

    @inline(never)
    private static func appendValue(_ word: Int64, _ shape: Int, _ machine: MachinePointer) {
        let code = machine.pointee.code._withUnsafeGuaranteedRef { $0 }
        let value = ValueCoder(code: code).value(word, shape, machine)
        switch value {
        case .instant(let instant): machine.pointee.bytes.append(instant.text(offset: machine.pointee.timezone))
        // Of all that has parts, only a quorum can stand in a text.
        default: machine.pointee.bytes.append(Quorum(value)?.description ?? value.description)
        }
    }

    /// An amount as people read it: `1,234.50 CNY`.
    private static func groupedAmount(_ units: Int64, _ shape: FlatShape, _ bytes: inout ByteArena) {
        if units < 0 { bytes.append(UInt8(ascii: "-")) }
        let places = Int(shape.digits)
        let (whole, fraction) = Digits.split(units.magnitude, places)
        let length = Digits.count(whole)
        let commas = (length &- 1) / 3
        let size = length &+ commas &+ (places > 0 ? places &+ 1 : 0) &+ 4
        // Written from the end.
        let start = bytes.reserve(size)
        var end = bytes.base + start + size - 4
        let (first, second, third) = shape.currency
        end[0] = UInt8(ascii: " ")
        end[1] = first
        end[2] = second
        end[3] = third
        if places > 0 {
            Digits.write(fraction, places, before: end)
            end -= places &+ 1
            end[0] = UInt8(ascii: ".")
        }
        var rest = whole
        while rest >= 1000 {
            let group = rest / 1000
            Digits.write(rest &- group &* 1000, 3, before: end)
            end -= 4
            end[0] = UInt8(ascii: ",")
            rest = group
        }
        Digits.write(rest, length &- 3 &* commas, before: end)
    }

    /// A decimal in plain notation without zeros at its end; false where it is not in line.
    static func decimal(_ word: Int64, _ bytes: inout ByteArena) -> Bool {
        var places = Int(DecimalWord.places(word))
        guard places <= 18 else { return false }
        var coefficient = DecimalWord.coefficient(word).magnitude
        while places > 0, coefficient % 10 == 0 {
            coefficient /= 10
            places -= 1
        }
        if word < 0 { bytes.append(UInt8(ascii: "-")) }
        let (whole, fraction) = Digits.split(UInt64(coefficient), places)
        integer(Int64(truncatingIfNeeded: whole), &bytes)
        guard places > 0 else { return true }
        bytes.append(UInt8(ascii: "."))
        digits(fraction, places, endingAt: bytes.reserve(places) + places, &bytes)
        return true
    }

    /// A day as `2026-03-02`; false where the word is none.
    static func day(_ word: Int64, _ bytes: inout ByteArena) -> Bool {
        guard let date = CalendarDate(dayNumber: word) else { return false }
        let (year, month, day) = date.components
        let start = bytes.reserve(10)
        digits(UInt64(truncatingIfNeeded: year), 4, endingAt: start + 4, &bytes)
        bytes.base[start + 4] = UInt8(ascii: "-")
        digits(UInt64(truncatingIfNeeded: month), 2, endingAt: start + 7, &bytes)
        bytes.base[start + 7] = UInt8(ascii: "-")
        digits(UInt64(truncatingIfNeeded: day), 2, endingAt: start + 10, &bytes)
        return true
    }

    /// A time as `2026-03-02 09:00:00` on the contract's clock; false where the word is none.
    private static func time(_ word: Int64, _ machine: MachinePointer) -> Bool {
        guard let instant = Instant(seconds: word) else { return false }
        let offset = machine.pointee.timezone
        guard day(Int64(instant.date(offset: offset).dayNumber), &machine.pointee.bytes) else { return false }
        let second = instant.secondOfDay(offset: offset)
        let start = machine.pointee.bytes.reserve(9)
        machine.pointee.bytes.base[start] = UInt8(ascii: " ")
        digits(UInt64(second / 3600), 2, endingAt: start + 3, &machine.pointee.bytes)
        machine.pointee.bytes.base[start + 3] = UInt8(ascii: ":")
        digits(UInt64(second / 60 % 60), 2, endingAt: start + 6, &machine.pointee.bytes)
        machine.pointee.bytes.base[start + 6] = UInt8(ascii: ":")
        digits(UInt64(second % 60), 2, endingAt: start + 9, &machine.pointee.bytes)
        return true
    }

    /// So many last digits of a number, before a place.
    @inline(__always)
    private static func digits(_ number: UInt64, _ count: Int, endingAt end: Int, _ bytes: inout ByteArena) {
        Digits.write(number, count, before: bytes.base + end)
    }

    /// A whole number in decimal digits.
    @inline(__always)
    static func integer(_ number: Int64, _ bytes: inout ByteArena) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        digits(number.magnitude, &bytes)
    }

    @inline(__always)
    private static func digits(_ number: UInt64, _ bytes: inout ByteArena) {
        if number < 10 { return bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number)) }
        manyDigits(number, &bytes)
    }

    private static func manyDigits(_ number: UInt64, _ bytes: inout ByteArena) {
        let count = Digits.count(number)
        let place = bytes.reserve(count)
        Digits.write(number, count, before: bytes.base + place + count)
    }
}
