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
            case .other: appendValue(word, machine.pointee.shape(register), machine)
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
        var count = 2
        while count < DecimalWord.powers.count, number >= UInt64(DecimalWord.powers[count]) { count &+= 1 }
        // The greatest number has a digit more than the greatest power here.
        if number >= 10_000_000_000_000_000_000 { count = 20 }
        let place = bytes.reserve(count)
        let target = bytes.base + place
        var rest = number
        while count > 0 {
            count &-= 1
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            target[count] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
            rest = quotient
        }
    }
}
